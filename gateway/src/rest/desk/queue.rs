//! Who waits for a person.

use poem_openapi::param::Query;
use poem_openapi::{Object, OpenApi};
use query_api::desk::{self, Assigned, ConversationFilter, ConversationOrder, Window};

use super::lists::{Limit, Pagination, Skip};
use super::objects::DeskCustomer;
use crate::auth::op;
use crate::problem::Problem;
use crate::rest::answer::Read;
use crate::rest::as_of::AsOfParam;
use crate::rest::call::Call;
use crate::rest::params::{Free, Text};
use crate::rest::{Tag, unreadable};

/// The queue.
pub struct QueueApi;

#[OpenApi(prefix_path = "/api/desk/queue", tag = "Tag::Desk")]
impl QueueApi {
    /// See who waits for a person
    ///
    /// The customers whom nobody handles yet: urgent ones first, and then who has waited longest. With `as_of` as it was then.
    #[oai(path = "/", method = "get", operation_id = "getDeskQueue")]
    async fn queue(
        &self,
        call: Call<op::DeskRead>,
        /// Only customers of this page.
        page_id: Query<Text<Free>>,
        /// How many customers the answer has.
        limit: Query<Limit>,
        /// How many customers before them are left out.
        skip: Query<Skip>,
        /// The moment that is asked about: a time, or a position as `Kith-Position` gave it; now when not given.
        as_of: Query<AsOfParam>,
    ) -> Result<Read<QueueObject>, Problem> {
        let page = call.page_if_named(&page_id).await?;
        let (moment, position) = call.then_or_now(&as_of).await?;
        let queue = desk::queue(&call.app.models, &call.scope(), moment, page.as_ref()).await.map_err(unreadable)?;
        let filter = ConversationFilter {
            page,
            stopped: Some(true),
            assigned: Assigned::Nobody,
            order: ConversationOrder::LongestWaiting,
            ..ConversationFilter::default()
        };
        let then = (moment, call.time_of(moment, &as_of).await?);
        let list = call.desk_customers(then, &filter, Window { skip: skip.0.0, limit: limit.0.0 }).await?;
        let (customers, pagination) = (list.customers, list.pagination);
        Ok(Read::new(QueueObject { waiting: queue.waiting, handled: queue.handled, customers, pagination }, position))
    }
}

/// Who waits for a person.
#[derive(Debug, Clone, Object)]
#[oai(rename = "DeskQueue")]
pub struct QueueObject {
    /// How many wait.
    waiting: u64,
    /// How many an agent handles.
    handled: u64,
    /// Those who wait.
    customers: Vec<DeskCustomer>,
    /// Which part of them they are.
    pagination: Pagination,
}
