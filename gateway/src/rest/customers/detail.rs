//! One customer, and how the balance came about.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use query_api::customers::{self, LedgerRow};

use super::objects::{CustomerObject, LedgerEntry, LedgerPage};
use crate::auth::op;
use crate::problem::Problem;
use crate::rest::answer::Read;
use crate::rest::call::Call;
use crate::rest::paging::{ListUrl, page_request};
use crate::rest::params::{PageNumber, PageSize};
use crate::rest::{Tag, unreadable};

/// Details.
pub struct DetailApi;

#[OpenApi(prefix_path = "/api/customers", tag = "Tag::Customers")]
impl DetailApi {
    /// Get a customer
    #[oai(path = "/:id/", method = "get", operation_id = "getCustomer")]
    async fn get(
        &self,
        call: Call<op::CustomersRead>,
        /// The customer.
        id: Path<String>,
    ) -> Result<Read<CustomerObject>, Problem> {
        let (id, _) = call.customer(&id)?;
        let position = call.read_position();
        let row = customers::get(&call.app.models, &call.scope(), &id).await.map_err(unreadable)?;
        let row = row.ok_or_else(Problem::not_found)?;
        let version = row.version;
        Ok(Read::versioned(&call, CustomerObject::detail(row, &call.tenant), position, version))
    }

    /// A customer's points ledger
    ///
    /// Every change of the balance with its reason, newest first.
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
    ) -> Result<Read<LedgerPage>, Problem> {
        let (id, _) = call.customer(&id)?;
        let request = page_request(page.0, page_size.0)?;
        let position = call.read_position();
        let (models, scope) = (&call.app.models, call.scope());
        if customers::get(models, &scope, &id).await.map_err(unreadable)?.is_none() {
            return Err(Problem::not_found());
        }
        let page = customers::ledger(models, &scope, &id, request).await.map_err(unreadable)?;
        let (next, previous) = url.neighbours(&page, request)?;
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
