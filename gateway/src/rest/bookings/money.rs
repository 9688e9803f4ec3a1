//! What customers give for a booking, and say about it.

use commands::BookingCommand;
use commands::booking::{RecordPayment, Review};
use events::StreamKind;
use events::booking::PaymentMethod;
use poem_openapi::param::Path;
use poem_openapi::{Object, OpenApi};
use query_api::providers;

use super::input::{PaymentInput, ReviewInput};
use super::objects::{BookingObject, PaymentObject};
use super::services::amount;
use super::steps::step;
use crate::auth::op;
use crate::problem::Problem;
use crate::rest::answer::{Read, Written};
use crate::rest::call::Call;
use crate::rest::fields::Body;
use crate::rest::{Tag, unreadable};

/// Payments and reviews.
pub struct MoneyApi;

/// What was paid for a booking.
#[derive(Debug, Clone, Object)]
pub struct PaymentList {
    /// How many payments there are.
    count: u64,
    /// The payments, in the order in which they were recorded.
    results: Vec<PaymentObject>,
}

#[OpenApi(prefix_path = "/api/bookings", tag = "Tag::Bookings")]
impl MoneyApi {
    /// List the payments for a booking
    #[oai(path = "/:id/payments/", method = "get", operation_id = "listBookingPayments")]
    async fn payments(
        &self,
        call: Call<op::ProvidersRead>,
        /// The booking.
        id: Path<String>,
    ) -> Result<Read<PaymentList>, Problem> {
        let (stream, _) = call.booking(&id).await?;
        let id = stream.id().parse().map_err(|error: events::IdError| Problem::internal(&error))?;
        let position = call.trailing_position().await?;
        let (models, scope) = (&call.app.models, call.scope());
        let results: Vec<PaymentObject> = match providers::booking(models, &scope, &id).await.map_err(unreadable)? {
            Some(row) => {
                let rows = providers::payments(models, &row).await.map_err(unreadable)?;
                rows.into_iter().map(PaymentObject::from).collect()
            }
            None => Vec::new(),
        };
        call.viewed(StreamKind::Booking, stream.id());
        Ok(Read::new(PaymentList { count: results.len() as u64, results }, position))
    }

    /// Record a payment
    ///
    /// All of what the booking costs, or a part; more is refused. Each request is a payment of its own: one that may be repeated carries
    /// an `Idempotency-Key`.
    #[oai(path = "/:id/payments/", method = "post", operation_id = "recordBookingPayment")]
    async fn pay(
        &self,
        call: Call<op::ProvidersWork>,
        /// The booking.
        id: Path<String>,
        body: Body<PaymentInput>,
    ) -> Result<Written<BookingObject, 200>, Problem> {
        let PaymentInput { amount: sum, method, reference, paid_at } = body.input;
        let (amount, method) = (amount(&sum)?, method.parse().unwrap_or(PaymentMethod::Other));
        let payment = RecordPayment { amount, method, reference: reference.unwrap_or_default(), paid_at };
        step(&call, &id, BookingCommand::RecordPayment(payment), &body.digest).await
    }

    /// Review a booking
    ///
    /// Once, and only when it was completed.
    #[oai(path = "/:id/review/", method = "post", operation_id = "reviewBooking")]
    async fn review(
        &self,
        call: Call<op::ProvidersWork>,
        /// The booking.
        id: Path<String>,
        body: Body<ReviewInput>,
    ) -> Result<Written<BookingObject, 200>, Problem> {
        let ReviewInput { rating, text } = body.input;
        let review = Review { rating, text: text.unwrap_or_default() };
        step(&call, &id, BookingCommand::Review(review), &body.digest).await
    }
}
