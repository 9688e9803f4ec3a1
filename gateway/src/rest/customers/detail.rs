//! One customer, and how the balance came about.

use events::StreamKind;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use query_api::customers::{self, LedgerRow, as_of};

use super::objects::{CustomerObject, LedgerEntry, LedgerPage};
use crate::auth::op;
use crate::problem::Problem;
use crate::rest::answer::Read;
use crate::rest::as_of::{AsOfParam, known};
use crate::rest::call::Call;
use crate::rest::paging::{ListUrl, page_request};
use crate::rest::params::{PageNumber, PageSize};
use crate::rest::{Tag, unreadable};

/// Details.
pub struct DetailApi;

#[OpenApi(prefix_path = "/api/customers", tag = "Tag::Customers")]
impl DetailApi {
    /// Get a customer
    ///
    /// With `as_of` as it was then, without an entity tag; of a customer who was forgotten nothing is left at any time.
    #[oai(path = "/:id/", method = "get", operation_id = "getCustomer")]
    async fn get(
        &self,
        call: Call<op::CustomersRead>,
        /// The customer.
        id: Path<String>,
        /// The moment that is asked about: a time, or a position as `Kith-Position` gave it; now when not given.
        as_of: Query<AsOfParam>,
    ) -> Result<Read<CustomerObject>, Problem> {
        let (id, stream) = call.customer(&id)?;
        if let Some(moment) = call.moment(&as_of).await? {
            let row = as_of::get(&call.app.models, &call.scope(), moment, &id).await.map_err(unreadable)?;
            let row = known(row)?;
            call.viewed(StreamKind::Customer, id.as_str());
            // Without an entity tag: what was is nothing to change.
            return Ok(Read::new(CustomerObject::detail(row, &call.tenant), moment.position()));
        }
        let position = call.read_position();
        let row = customers::get(&call.app.models, &call.scope(), &id).await.map_err(unreadable)?;
        let Some(row) = row else { return Err(call.why_absent(&stream).await?) };
        call.viewed(StreamKind::Customer, id.as_str());
        let version = row.version;
        Ok(Read::versioned(&call, CustomerObject::detail(row, &call.tenant), position, version))
    }

    /// A customer's points ledger
    ///
    /// Every change of the balance with its reason, newest first. With `as_of` as it was then.
    #[oai(path = "/:id/points/", method = "get", operation_id = "listCustomerPoints")]
    async fn ledger(
        &self,
        call: Call<op::CustomersLedger>,
        url: ListUrl,
        /// The customer.
        id: Path<String>,
        /// The number of the page.
        page: Query<PageNumber>,
        /// How many entries a page has.
        page_size: Query<PageSize>,
        /// The moment that is asked about: a time, or a position as `Kith-Position` gave it; now when not given.
        as_of: Query<AsOfParam>,
    ) -> Result<Read<LedgerPage>, Problem> {
        let (id, stream) = call.customer(&id)?;
        let request = page_request(page.0, page_size.0)?;
        let (models, scope) = (&call.app.models, call.scope());
        let (moment, position) = call.then_or_now(&as_of).await?;
        let page = match moment {
            Some(moment) => {
                known(as_of::get(models, &scope, moment, &id).await.map_err(unreadable)?)?;
                as_of::ledger(models, &scope, moment, &id, request).await
            }
            None => {
                if customers::get(models, &scope, &id).await.map_err(unreadable)?.is_none() {
                    return Err(call.why_absent(&stream).await?);
                }
                customers::ledger(models, &scope, &id, request).await
            }
        };
        let page = page.map_err(unreadable)?;
        let (next, previous) = url.as_of(moment).neighbours(&page, request)?;
        call.viewed(StreamKind::Customer, id.as_str());
        let results = page.rows.into_iter().map(entry).collect();
        Ok(Read::new(LedgerPage { count: page.count, next, previous, results }, position))
    }
}

fn entry(row: LedgerRow) -> LedgerEntry {
    LedgerEntry {
        seq: row.seq,
        recorded_at: row.recorded_at.into(),
        cause: row.cause.name().to_owned(),
        requested: row.requested,
        applied: row.applied,
        balance: row.balance,
        reason: row.reason,
        actor: row.actor.name,
        position: row.position.0,
    }
}
