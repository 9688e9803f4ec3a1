//! Forgetting what a customer had with providers.

use commands::{Booking, BookingCommand, BulkMode, Relation, RelationCommand};
use events::{CustomerId, StreamRef};
use futures_util::FutureExt;
use query_api::providers;

use crate::problem::Problem;
use crate::rest::call::Call;
use crate::rest::unreadable;

/// Forgets a customer's bookings and relations, before the customer: a repeat finishes what was interrupted. What is booked for them
/// at this very moment is found by a repeat, too.
///
/// # Errors
/// Why they could not be looked up or forgotten; some may be forgotten already.
pub async fn forget_trade<O>(call: &Call<O>, customer: &CustomerId) -> Result<(), Problem> {
    call.app.reach_trailing(&call.tenant.id).await?;
    let theirs = providers::of_customer(&call.app.models, &call.scope(), customer).await.map_err(unreadable)?;
    let (tenant, executor, meta) = (&call.tenant.id, &call.app.executor, call.meta());
    let bookings = theirs.1.iter().map(|id| (StreamRef::booking(tenant, id), BookingCommand::Forget)).collect();
    executor.execute_bulk::<Booking>(bookings, &meta, None, BulkMode::Chunked).boxed().await?;
    let relations = theirs.0.iter().map(|id| (StreamRef::relation(tenant, id), RelationCommand::Forget)).collect();
    executor.execute_bulk::<Relation>(relations, &meta, None, BulkMode::Chunked).boxed().await?;
    Ok(())
}
