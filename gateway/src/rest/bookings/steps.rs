//! What comes of a booking.

use commands::booking::{Cancel, Reschedule};
use commands::{Booking, BookingCommand};
use events::booking::{CancelledBy, Slot};
use poem_openapi::OpenApi;
use poem_openapi::param::Path;

use super::input::{CancelInput, SlotInput};
use super::objects::BookingObject;
use crate::auth::op;
use crate::problem::{Kind, Problem};
use crate::rest::Tag;
use crate::rest::answer::Written;
use crate::rest::call::Call;
use crate::rest::fields::Body;

/// What comes of bookings.
pub struct StepsApi;

type Answer = Result<Written<BookingObject, 200>, Problem>;

#[OpenApi(prefix_path = "/api/bookings", tag = "Tag::Bookings")]
impl StepsApi {
    /// Confirm a booking
    #[oai(path = "/:id/confirm/", method = "post", operation_id = "confirmBooking")]
    async fn confirm(
        &self,
        call: Call<op::ProvidersWork>,
        /// The booking.
        id: Path<String>,
    ) -> Answer {
        step(&call, &id, BookingCommand::Confirm, &[]).await
    }

    /// Complete a booking
    ///
    /// Once its time has come. Only a confirmed booking is completed.
    #[oai(path = "/:id/complete/", method = "post", operation_id = "completeBooking")]
    async fn complete(
        &self,
        call: Call<op::ProvidersWork>,
        /// The booking.
        id: Path<String>,
    ) -> Answer {
        step(&call, &id, BookingCommand::Complete, &[]).await
    }

    /// Note that the customer did not come
    ///
    /// Once its time has come. What is left of the time is free again.
    #[oai(path = "/:id/no_show/", method = "post", operation_id = "noteNoShow")]
    async fn no_show(
        &self,
        call: Call<op::ProvidersWork>,
        /// The booking.
        id: Path<String>,
    ) -> Answer {
        step(&call, &id, BookingCommand::NoShow, &[]).await
    }

    /// Cancel a booking
    ///
    /// Its time is free again.
    #[oai(path = "/:id/cancel/", method = "post", operation_id = "cancelBooking")]
    async fn cancel(
        &self,
        call: Call<op::ProvidersWork>,
        /// The booking.
        id: Path<String>,
        body: Body<CancelInput>,
    ) -> Answer {
        let CancelInput { by, reason } = body.input;
        let by = by.and_then(|by| by.parse().ok()).unwrap_or(CancelledBy::Provider);
        let command = BookingCommand::Cancel(Cancel { by, reason: reason.unwrap_or_default() });
        step(&call, &id, command, &body.digest).await
    }

    /// Move a booking
    ///
    /// What it does not need any more is free again; it may move by less than its length.
    #[oai(path = "/:id/reschedule/", method = "post", operation_id = "rescheduleBooking")]
    async fn reschedule(
        &self,
        call: Call<op::ProvidersWork>,
        /// The booking.
        id: Path<String>,
        body: Body<SlotInput>,
    ) -> Answer {
        let SlotInput { starts_at, ends_at } = body.input;
        let wrong = |sentence: &str| Problem::field(Kind::Invalid, "starts_at", sentence);
        let starts_at = starts_at.ok_or_else(|| wrong("This field is required."))?;
        let (stream, state) = call.booking(&id).await?;
        let length = state.slot.map(|slot| slot.duration()).unwrap_or_default();
        let ends_at = ends_at.or_else(|| starts_at.checked_add_signed(length));
        let ends_at = ends_at.ok_or_else(|| wrong("This is beyond all time."))?;
        let command = BookingCommand::Reschedule(Reschedule { slot: Slot { starts_at, ends_at } });
        let done = call.execute::<Booking>(&stream, command, &body.digest).await?;
        let booking = BookingObject::of_state(stream.id(), &done.state);
        Ok(Written::settle(&call, booking, done.position).await.version(done.version))
    }
}

/// Carries a command on a booking out, and answers the booking as it is then.
pub(super) async fn step<O>(call: &Call<O>, id: &str, command: BookingCommand, digest: &[u8]) -> Answer {
    let (stream, _) = call.booking(id).await?;
    let done = call.execute::<Booking>(&stream, command, digest).await?;
    let booking = BookingObject::of_state(stream.id(), &done.state);
    Ok(Written::settle(call, booking, done.position).await.version(done.version))
}
