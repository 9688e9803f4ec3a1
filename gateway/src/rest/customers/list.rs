//! `GET /api/customers/` and `GET /api/customers/stats/`.

use events::customer::LoyaltyTier;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use poem_openapi::registry::MetaSchema;
use query_api::customers::{self, CustomerFilter, FilterParams, OrderField, as_of};

use super::objects::{CustomerObject, CustomerPage, StatsObject, TierCounts};
use crate::auth::op;
use crate::problem::{Kind, Problem};
use crate::rest::answer::Read;
use crate::rest::as_of::AsOfParam;
use crate::rest::call::Call;
use crate::rest::fields::sentence;
use crate::rest::paging::{ListUrl, page_request};
use crate::rest::params::{Flag, Form, Free, PageNumber, PageSize, Text, one_of};
use crate::rest::{Tag, unreadable};

/// Lists and statistics.
pub struct ListApi;

/// A tier.
pub struct Level;

impl Form for Level {
    fn schema() -> MetaSchema {
        one_of(LoyaltyTier::ALL.iter().map(|tier| tier.name().to_lowercase()))
    }
}

/// A field to order by, with `-` before it for descending.
pub struct Order;

impl Form for Order {
    fn schema() -> MetaSchema {
        one_of(OrderField::ALL.iter().flat_map(|field| [field.name().to_owned(), format!("-{}", field.name())]))
    }
}

#[OpenApi(prefix_path = "/api/customers", tag = "Tag::Customers")]
impl ListApi {
    /// List customers
    ///
    /// Exactly counted, filtered and ordered. Every filter that is given must hold; an empty one is as good as none. With `as_of`
    /// the list as it was then, in which only those who were forgotten since are missing; its other pages are as of the same position.
    #[oai(path = "/", method = "get", operation_id = "listCustomers")]
    #[expect(clippy::too_many_arguments, reason = "one argument per parameter of the URL")]
    async fn list(
        &self,
        call: Call<op::CustomersList>,
        url: ListUrl,
        /// Words to look for in name, email and phone, without regard to case.
        search: Query<Text<Free>>,
        /// Only active customers, or only those who are not.
        is_active: Query<Text<Flag>>,
        /// Only customers of this tier.
        loyalty_level: Query<Text<Level>>,
        /// Only customers in this city.
        city: Query<Text<Free>>,
        /// Only customers in this province.
        province: Query<Text<Free>>,
        /// What to order by, with `-` before it for descending; newest first when not given.
        ordering: Query<Text<Order>>,
        /// The number of the page.
        page: Query<PageNumber>,
        /// How many customers a page has.
        page_size: Query<PageSize>,
        /// The moment that is asked about: a time, or a position as `Kith-Position` gave it; now when not given.
        as_of: Query<AsOfParam>,
    ) -> Result<Read<CustomerPage>, Problem> {
        let filter = filter(&FilterParams {
            search: search.as_deref(),
            is_active: is_active.as_deref(),
            loyalty_level: loyalty_level.as_deref(),
            city: city.as_deref(),
            province: province.as_deref(),
            ordering: ordering.as_deref(),
        })?;
        let request = page_request(page.0, page_size.0)?;
        let (models, scope) = (&call.app.models, call.scope());
        let (moment, position) = call.then_or_now(&as_of).await?;
        let page = match moment {
            Some(moment) => as_of::list(models, &scope, moment, &filter, request).await,
            None => customers::list(models, &scope, &filter, request).await,
        };
        let page = page.map_err(unreadable)?;
        let (next, previous) = url.as_of(moment).neighbours(&page, request)?;
        let results = page.rows.into_iter().map(|row| CustomerObject::of_row(row, &call.tenant)).collect();
        Ok(Read::new(CustomerPage { count: page.count, next, previous, results }, position))
    }

    /// Customer statistics
    ///
    /// Kept current with every change, so they cost the same for any number of customers. With `as_of` as they were then.
    #[oai(path = "/stats/", method = "get", operation_id = "getCustomerStats")]
    async fn stats(
        &self,
        call: Call<op::CustomersStats>,
        /// The moment that is asked about: a time, or a position as `Kith-Position` gave it; now when not given.
        as_of: Query<AsOfParam>,
    ) -> Result<Read<StatsObject>, Problem> {
        let (models, scope) = (&call.app.models, call.scope());
        let (moment, position) = call.then_or_now(&as_of).await?;
        let stats = match moment {
            Some(moment) => as_of::stats(models, &scope, moment).await,
            None => customers::stats(models, &scope).await,
        };
        let stats = stats.map_err(unreadable)?;
        let answer = StatsObject {
            total_customers: stats.total,
            active_customers: stats.active,
            total_loyalty_points: stats.points,
            customers_by_tier: TierCounts {
                platinum: stats.in_tier(LoyaltyTier::Platinum),
                gold: stats.in_tier(LoyaltyTier::Gold),
                silver: stats.in_tier(LoyaltyTier::Silver),
                bronze: stats.in_tier(LoyaltyTier::Bronze),
            },
        };
        Ok(Read::new(answer, position))
    }
}

/// The filter that parameters mean.
///
/// # Errors
/// The 400 problem that names the parameter.
pub fn filter(params: &FilterParams<'_>) -> Result<CustomerFilter, Problem> {
    params.parse().map_err(|error| Problem::field(Kind::InvalidParameter, error.parameter(), sentence(&error.to_string())))
}
