//! `GET /api/bookings/provider_dashboard/customer_stats/`.

use chrono::{DateTime, Datelike, TimeDelta, TimeZone, Utc};
use poem_openapi::param::Query;
use poem_openapi::{Object, OpenApi};
use query_api::customers::as_of::AsOf;
use query_api::providers::{self, ProviderStats, Whose};

use super::objects::part;
use crate::auth::op;
use crate::problem::Problem;
use crate::rest::answer::Read;
use crate::rest::as_of::AsOfParam;
use crate::rest::call::Call;
use crate::rest::params::{Free, Text};
use crate::rest::{Tag, unreadable, unreadable_log};

/// Statistics of providers' customers.
pub struct StatsApi;

/// The statistics of a provider's customers.
#[derive(Debug, Clone, Object)]
pub struct ProviderStatsObject {
    /// All customers.
    total_customers: u64,
    /// With five bookings or more.
    regular_customers: u64,
    /// With more than one booking.
    returning_customers: u64,
    /// Whose first booking was made in this month (UTC).
    new_customers_this_month: u64,
    /// The average of the customers' average ratings; 0 where nobody rated.
    average_rating: f64,
    /// How many of a hundred customers booked more than once.
    retention_rate: f64,
    /// By how much each differs from the end of the month before.
    trends: Trends,
}

/// By how much statistics differ from those at the end of the month before, in percent; `null` where there was nothing then. What is
/// new is compared with what was new in the whole month before; a customer counts from the month of their first booking on.
#[derive(Debug, Clone, Object)]
pub struct Trends {
    /// Of all customers.
    #[oai(nullable)]
    total_customers: Option<f64>,
    /// Of regular customers.
    #[oai(nullable)]
    regular_customers: Option<f64>,
    /// Of new customers.
    #[oai(nullable)]
    new_customers_this_month: Option<f64>,
    /// Of the average rating.
    #[oai(nullable)]
    average_rating: Option<f64>,
    /// Of the retention rate.
    #[oai(nullable)]
    retention_rate: Option<f64>,
}

#[OpenApi(prefix_path = "/api/bookings/provider_dashboard", tag = "Tag::Bookings")]
impl StatsApi {
    /// Statistics of a provider's customers
    ///
    /// Kept current with every change, so they cost the same for any number of customers. Months are in UTC. With `as_of` as they
    /// were then.
    #[oai(path = "/customer_stats/", method = "get", operation_id = "getProviderCustomerStats")]
    async fn stats(
        &self,
        call: Call<op::ProvidersRead>,
        /// The provider; all of the tenant when not given. Providers see their own customers only.
        provider: Query<Text<Free>>,
        /// The moment that is asked about: a time, or a position as `Kith-Position` gave it; now when not given.
        as_of: Query<AsOfParam>,
    ) -> Result<Read<ProviderStatsObject>, Problem> {
        let whose = call.whose(provider.as_deref())?;
        let (moment, position) = call.then_or_now_trailing(&as_of).await?;
        let month = month_start(call.time_of(moment, &as_of).await?);
        let (models, scope) = (&call.app.models, call.scope());
        let now = providers::stats(models, &scope, &whose, moment, month).await.map_err(unreadable)?;
        let last_month = month - TimeDelta::microseconds(1);
        let known_now = providers::stats(models, &scope, &whose, moment, last_month).await.map_err(unreadable)?;
        // Customers belong to the month of their first booking, also where it was recorded later: taken over, or told afterwards.
        let then = ProviderStats {
            total: now.total.saturating_sub(now.new_in_month),
            new_in_month: known_now.new_in_month,
            ..at_the_end_of(&call, &whose, last_month).await?
        };
        Ok(Read::new(ProviderStatsObject::of(&now, &then), position))
    }
}

/// The statistics as they were at a time.
async fn at_the_end_of<O>(call: &Call<O>, whose: &Whose, end: DateTime<Utc>) -> Result<ProviderStats, Problem> {
    let partition = call.app.log.partition_of(&call.tenant.id);
    let position = call.app.times.position_at(partition, end).await.map_err(|error| unreadable_log(&error))?;
    let moment = Some(AsOf::new(partition, position));
    providers::stats(&call.app.models, &call.scope(), whose, moment, end).await.map_err(unreadable)
}

fn month_start(time: DateTime<Utc>) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(time.year(), time.month(), 1, 0, 0, 0).single().unwrap_or(time)
}

impl ProviderStatsObject {
    fn of(now: &ProviderStats, then: &ProviderStats) -> Self {
        Self {
            total_customers: now.total,
            regular_customers: now.regular,
            returning_customers: now.returning,
            new_customers_this_month: now.new_in_month,
            average_rating: part(now.average_rating(), 1_000),
            retention_rate: part(now.retention(), 100),
            trends: Trends {
                total_customers: trend(now.total, then.total),
                regular_customers: trend(now.regular, then.regular),
                new_customers_this_month: trend(now.new_in_month, then.new_in_month),
                average_rating: trend(now.average_rating(), then.average_rating()),
                retention_rate: trend(now.retention(), then.retention()),
            },
        }
    }
}

/// By how much one number is more than another, in percent with one decimal; `None`: there was nothing.
fn trend(now: u64, then: u64) -> Option<f64> {
    if then == 0 {
        return None;
    }
    let change = 100.0 * (part(now, then) - 1.0);
    Some((10.0 * change).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trends_are_in_percent_of_what_was() {
        assert_eq!(trend(150, 100), Some(50.0));
        assert_eq!(trend(2, 3), Some(-33.3));
        assert_eq!(trend(7, 7), Some(0.0));
        assert_eq!(trend(7, 0), None);
    }

    #[test]
    fn a_month_begins_at_its_first_midnight() {
        let time = "2024-03-31T23:59:59.9Z".parse().expect("a time");
        assert_eq!(month_start(time).to_rfc3339(), "2024-03-01T00:00:00+00:00");
    }
}
