//! `GET /api/bookings/provider_dashboard/customers/`.

use poem_openapi::param::Query;
use poem_openapi::{Object, OpenApi};
use query_api::providers;

use super::forms::{Direction, ListParams, SortBy, StatusOfCustomer};
use super::objects::RelationObject;
use crate::auth::op;
use crate::problem::Problem;
use crate::rest::answer::Read;
use crate::rest::as_of::AsOfParam;
use crate::rest::call::Call;
use crate::rest::paging::{ListUrl, page_request};
use crate::rest::params::{Free, PageNumber, PageSize, Text};
use crate::rest::{Tag, unreadable};

/// Customers of providers.
pub struct CustomersApi;

/// A page of customers of providers.
#[derive(Debug, Clone, Object)]
pub struct CustomerRelationPage {
    /// How many customers the filter lets through, exactly.
    pub count: u64,
    /// The next page; `null` on the last one.
    #[oai(nullable)]
    pub next: Option<String>,
    /// The page before; `null` on the first one.
    #[oai(nullable)]
    pub previous: Option<String>,
    /// The customers of this page.
    pub results: Vec<RelationObject>,
}

#[OpenApi(prefix_path = "/api/bookings/provider_dashboard", tag = "Tag::Bookings")]
impl CustomersApi {
    /// List a provider's customers
    ///
    /// Who booked, or of whom the provider has something to say, with exact counts. With `as_of` the list as it was then, in which
    /// only those who were forgotten since are missing; its other pages are as of the same position.
    #[oai(path = "/customers/", method = "get", operation_id = "listProviderCustomers")]
    #[expect(clippy::too_many_arguments, reason = "one argument per parameter of the URL")]
    async fn list(
        &self,
        call: Call<op::ProvidersRead>,
        url: ListUrl,
        /// The provider; all of the tenant when not given. Providers see their own customers only.
        provider: Query<Text<Free>>,
        /// Words to look for in name, email and phone, without regard to case.
        search: Query<Text<Free>>,
        /// Only customers with this status; `all` is as good as none.
        status: Query<Text<StatusOfCustomer>>,
        /// What to order by; the last booking when not given.
        sort_by: Query<Text<SortBy>>,
        /// Which way; when not given names go from A to Z, and everything else from the greatest down.
        order: Query<Text<Direction>>,
        /// The number of the page.
        page: Query<PageNumber>,
        /// How many customers a page has.
        page_size: Query<PageSize>,
        /// The moment that is asked about: a time, or a position as `Kith-Position` gave it; now when not given.
        as_of: Query<AsOfParam>,
    ) -> Result<Read<CustomerRelationPage>, Problem> {
        let params = ListParams {
            search: search.as_deref(),
            status: status.as_deref(),
            sort_by: sort_by.as_deref(),
            order: order.as_deref(),
        };
        let filter = params.filter(call.whose(provider.as_deref())?)?;
        let request = page_request(page.0, page_size.0)?;
        let (moment, position) = call.then_or_now_trailing(&as_of).await?;
        let page = providers::customers(&call.app.models, &call.scope(), &filter, moment, request).await.map_err(unreadable)?;
        let (next, previous) = url.as_of(moment).neighbours(&page, request)?;
        let results = page.rows.into_iter().map(RelationObject::from).collect();
        Ok(Read::new(CustomerRelationPage { count: page.count, next, previous, results }, position))
    }
}
