//! `/api/bookings/`: who booked what, and booking.

use commands::booking::Request;
use commands::{Booking, BookingCommand, Customer, Relation};
use events::booking::{Slot, Subject};
use events::{BookingId, CustomerId, RelationId, StreamKind, StreamRef, UserId};
use poem_openapi::param::{Path, Query};
use poem_openapi::{Object, OpenApi};
use query_api::providers::{self, BookingFilter};

use super::forms::{StatusOfBooking, booking_status};
use super::input::BookingInput;
use super::objects::BookingObject;
use crate::auth::op;
use crate::problem::{Kind, Problem};
use crate::rest::answer::{Read, Written};
use crate::rest::call::Call;
use crate::rest::fields::Body;
use crate::rest::paging::{ListUrl, page_request};
use crate::rest::params::{Free, PageNumber, PageSize, Text, Time, in_order};
use crate::rest::{Tag, unreadable};

/// Bookings.
pub struct BookingsApi;

/// A page of bookings.
#[derive(Debug, Clone, Object)]
pub struct BookingPage {
    /// How many bookings the filter lets through, exactly.
    pub count: u64,
    /// The next page; `null` on the last one.
    #[oai(nullable)]
    pub next: Option<String>,
    /// The page before; `null` on the first one.
    #[oai(nullable)]
    pub previous: Option<String>,
    /// The bookings of this page.
    pub results: Vec<BookingObject>,
}

#[OpenApi(prefix_path = "/api/bookings", tag = "Tag::Bookings")]
impl BookingsApi {
    /// List bookings
    ///
    /// The latest start first.
    #[oai(path = "/", method = "get", operation_id = "listBookings")]
    #[expect(clippy::too_many_arguments, reason = "one argument per parameter of the URL")]
    async fn list(
        &self,
        call: Call<op::ProvidersRead>,
        url: ListUrl,
        /// The provider; all of the tenant when not given. Providers see their own bookings only.
        provider: Query<Text<Free>>,
        /// Only bookings of this customer.
        customer: Query<Text<Free>>,
        /// Only bookings with this status.
        status: Query<Text<StatusOfBooking>>,
        /// Only bookings that start at this time or later.
        from: Query<Text<Time>>,
        /// Only bookings that start before this time.
        to: Query<Text<Time>>,
        /// The number of the page.
        page: Query<PageNumber>,
        /// How many bookings a page has.
        page_size: Query<PageSize>,
    ) -> Result<Read<BookingPage>, Problem> {
        let wrong = |_| Problem::field(Kind::InvalidParameter, "customer", "Must be the id of a customer.");
        let (from, to) = (from.time("from")?, to.time("to")?);
        in_order(("from", from), ("to", to))?;
        let filter = BookingFilter {
            whose: call.whose(provider.as_deref())?,
            customer: customer.as_deref().map(|text| text.parse().map_err(wrong)).transpose()?,
            status: booking_status(&status)?,
            from,
            to,
        };
        let request = page_request(page.0, page_size.0)?;
        let position = call.trailing_position().await?;
        let page = providers::bookings(&call.app.models, &call.scope(), &filter, request).await.map_err(unreadable)?;
        let (next, previous) = url.neighbours(&page, request)?;
        let results = page.rows.into_iter().map(BookingObject::from).collect();
        Ok(Read::new(BookingPage { count: page.count, next, previous, results }, position))
    }

    /// Book a service
    ///
    /// Takes the provider's time: nobody else can book any of it from now on. Refused when any of it is taken, and when the provider
    /// takes no bookings of the customer.
    #[oai(path = "/", method = "post", operation_id = "requestBooking")]
    async fn request(
        &self,
        call: Call<op::ProvidersWork>,
        body: Body<BookingInput>,
    ) -> Result<Written<BookingObject, 201>, Problem> {
        let BookingInput { service, customer, starts_at, ends_at } = body.input;
        let wrong = |name, sentence: &str| Problem::field(Kind::Invalid, name, sentence);
        let (stream, offered) = call.service(&service).await?;
        let (Some(provider), true) = (offered.provider, offered.is_active) else {
            return Err(wrong("service", "This service cannot be booked."));
        };
        let customer = customer_present(&call, &customer).await?;
        let starts_at = starts_at.ok_or_else(|| wrong("starts_at", "This field is required."))?;
        let slot = match ends_at {
            Some(ends_at) => Some(Slot { starts_at, ends_at }),
            None => Slot::lasting(starts_at, offered.offer.duration_minutes),
        };
        let slot = slot.ok_or_else(|| wrong("starts_at", "This is beyond all time."))?;
        let is_blocked = is_blocked(&call, &provider, &customer).await?;
        let service = stream.id().parse().map_err(|error: events::IdError| Problem::internal(&error))?;
        let subject = Subject { provider, customer, service, title: offered.offer.title, amount: offered.offer.price };
        let command = BookingCommand::Request(Request { subject, slot, is_blocked });
        let stream = StreamRef::booking(&call.tenant.id, &BookingId::generate());
        let done = call.execute::<Booking>(&stream, command, &body.digest).await?;
        let id = done.stream.id().to_owned();
        let written = Written::settle(&call, BookingObject::of_state(&id, &done.state), done.position).await;
        Ok(written.version(done.version).location(format!("/api/bookings/{id}/")))
    }

    /// Get a booking
    #[oai(path = "/:id/", method = "get", operation_id = "getBooking")]
    async fn get(
        &self,
        call: Call<op::ProvidersRead>,
        /// The booking.
        id: Path<String>,
    ) -> Result<Read<BookingObject>, Problem> {
        let position = call.read_position();
        let (stream, state) = call.booking(&id).await?;
        let booking = BookingObject::of_state(stream.id(), &state).ok_or_else(Problem::not_found)?;
        call.viewed(StreamKind::Booking, stream.id());
        Ok(Read::new(booking, position))
    }
}

/// A customer who is there.
async fn customer_present<O>(call: &Call<O>, id: &str) -> Result<CustomerId, Problem> {
    let missing = || Problem::field(Kind::Invalid, "customer", "There is no such customer.");
    let id: CustomerId = id.parse().map_err(|_| missing())?;
    let state = call.present::<Customer>(&StreamRef::customer(&call.tenant.id, &id)).await?.state;
    if state.is_present() { Ok(id) } else { Err(missing()) }
}

/// Whether the provider takes no bookings of the customer, as the log says now. A block that is recorded between here and the append
/// of the booking does not stop it: the booking was asked for before, and stays as other earlier ones do.
async fn is_blocked<O>(call: &Call<O>, provider: &UserId, customer: &CustomerId) -> Result<bool, Problem> {
    let stream = StreamRef::relation(&call.tenant.id, &RelationId::of(provider, customer));
    Ok(call.present::<Relation>(&stream).await?.state.is_blocked())
}
