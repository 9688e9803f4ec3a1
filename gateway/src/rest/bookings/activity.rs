//! `GET /api/bookings/provider_dashboard/recent_customer_activity/`.

use poem_openapi::param::Query;
use poem_openapi::{Object, OpenApi};
use query_api::providers::{self, Activity, ActivityRow};

use super::objects::float;
use crate::auth::op;
use crate::problem::Problem;
use crate::rest::answer::Read;
use crate::rest::call::Call;
use crate::rest::moment::Moment;
use crate::rest::params::{Free, Text, Whole};
use crate::rest::{Tag, unreadable};

/// What lately happened.
pub struct ActivityApi;

/// How many things are told.
type ActivityLimit = Whole<1, 100, 20>;

/// What lately happened between a provider and customers.
#[derive(Debug, Clone, Object)]
pub struct ActivityList {
    /// What happened, newest first.
    activities: Vec<ActivityObject>,
}

/// Something that happened.
#[derive(Debug, Clone, Object)]
#[oai(rename = "ProviderActivity")]
pub struct ActivityObject {
    /// Names it; an opaque text.
    id: String,
    /// What happened: `booking`, `review`, `payment`, `completed` and others.
    #[oai(rename = "type")]
    kind: String,
    /// Names the customer.
    customer: String,
    /// What the customer is called now.
    customer_name: String,
    /// What happened, as a title.
    title: String,
    /// What happened, in a sentence.
    description: String,
    /// When it happened.
    timestamp: Moment,
    /// What was booked or paid; `null` where it is about no booking.
    #[oai(nullable)]
    amount: Option<f64>,
    /// The rating; `null` where it is no review.
    #[oai(nullable)]
    rating: Option<u8>,
}

#[OpenApi(prefix_path = "/api/bookings/provider_dashboard", tag = "Tag::Bookings")]
impl ActivityApi {
    /// Recent activity of a provider's customers
    ///
    /// Bookings, reviews, payments, and what else happened with customers, newest first.
    #[oai(path = "/recent_customer_activity/", method = "get", operation_id = "getRecentCustomerActivity")]
    async fn recent(
        &self,
        call: Call<op::ProvidersRead>,
        /// The provider; all of the tenant when not given. Providers see their own customers only.
        provider: Query<Text<Free>>,
        /// How many things at most.
        limit: Query<ActivityLimit>,
    ) -> Result<Read<ActivityList>, Problem> {
        let whose = call.whose(provider.as_deref())?;
        let position = call.trailing_position().await?;
        let limit = u32::try_from(limit.0.0).unwrap_or(u32::MAX);
        let rows = providers::activity(&call.app.models, &call.scope(), &whose, limit).await.map_err(unreadable)?;
        Ok(Read::new(ActivityList { activities: rows.into_iter().map(ActivityObject::from).collect() }, position))
    }
}

impl From<ActivityRow> for ActivityObject {
    fn from(row: ActivityRow) -> Self {
        let (title, description) = words(&row);
        let kind = row.activity.name();
        Self {
            id: format!("{kind}_{}_{}", row.at.0, row.index),
            kind: kind.to_owned(),
            customer: row.customer.into(),
            customer_name: row.customer_name,
            title: title.to_owned(),
            description,
            timestamp: row.happened_at.into(),
            amount: (!row.booking.is_empty()).then(|| float(row.amount)),
            rating: (row.rating > 0).then_some(row.rating),
        }
    }
}

fn words(row: &ActivityRow) -> (&'static str, String) {
    let title = &row.title;
    match row.activity {
        Activity::Booking => ("New Booking", format!("Booked {title}")),
        Activity::Confirmed => ("Booking Confirmed", format!("{title} is confirmed")),
        Activity::Rescheduled => ("Booking Moved", format!("{title} is at another time")),
        Activity::Completed => ("Booking Completed", format!("{title} was completed")),
        Activity::Cancelled => ("Booking Cancelled", format!("{title} was cancelled")),
        Activity::NoShow => ("No-Show", format!("Did not come for {title}")),
        Activity::Payment => ("Payment", format!("Paid {} for {title}", row.amount)),
        Activity::Review => ("New Review", format!("Rated {title} with {} of 5", row.rating)),
        Activity::Favourited => ("New Favourite", "Is a favourite now".to_owned()),
        Activity::Unfavourited => ("Favourite Ended", "Is no favourite any more".to_owned()),
        Activity::Blocked => ("Customer Blocked", "Cannot book any more".to_owned()),
        Activity::Unblocked => ("Customer Unblocked", "Can book again".to_owned()),
        Activity::Noted => ("Notes Changed", "Has other notes".to_owned()),
    }
}
