//! Lists of customers as the desk shows them: `limit` and `skip`, exactly counted (spec 001, "Performance Optimizations").

use chrono::{DateTime, Utc};
use events::conversation::{Priority, Status};
use poem_openapi::Object;
use poem_openapi::registry::MetaSchema;
use query_api::customers::as_of::AsOf;
use query_api::desk::{self, Assigned, ConversationFilter, Window};

use super::objects::DeskCustomer;
use crate::problem::{Kind, Problem};
use crate::rest::call::Call;
use crate::rest::params::{Form, Whole, named, one_of};
use crate::rest::unreadable;

/// How many customers a list has: 50, at most 200.
pub type Limit = Whole<1, MOST, DEFAULT>;
/// How many customers before them are left out.
pub type Skip = Whole<0, { u32::MAX as u64 }, 0>;

/// The most customers of one list.
pub const MOST: u64 = 200;
/// How many customers a list has where no number is given.
pub const DEFAULT: u64 = 50;

/// How a conversation stands.
pub struct StatusForm;

impl Form for StatusForm {
    fn schema() -> MetaSchema {
        one_of(Status::NAMES.iter().copied())
    }
}

/// How soon a conversation wants a person.
pub struct PriorityForm;

impl Form for PriorityForm {
    fn schema() -> MetaSchema {
        one_of(Priority::NAMES.iter().copied())
    }
}

/// Which part of a list it is.
#[derive(Debug, Clone, Object)]
pub struct Pagination {
    /// How many the whole list has, exactly.
    pub count: u64,
    /// How many were asked for.
    pub limit: u64,
    /// How many before them were left out.
    pub skip: u64,
    /// Whether the list goes on behind them.
    pub has_more: bool,
}

/// Customers, and which part of the list they are.
#[derive(Debug, Clone, Object)]
pub struct DeskCustomers {
    /// The customers.
    pub customers: Vec<DeskCustomer>,
    /// Which part of the list they are.
    pub pagination: Pagination,
}

/// Whose conversations are asked for.
///
/// # Errors
/// The 400 problem when the two contradict each other, or there can be no such agent.
pub fn assigned(agent: Option<&str>, is_assigned: Option<bool>) -> Result<Assigned, Problem> {
    match (named("agent_id", agent)?, is_assigned) {
        (None, None) => Ok(Assigned::Anyone),
        (None, Some(true)) => Ok(Assigned::Somebody),
        (None, Some(false)) => Ok(Assigned::Nobody),
        (Some(agent), None | Some(true)) => Ok(Assigned::To(agent)),
        (Some(_), Some(false)) => {
            let sentence = "Who is assigned to an agent is assigned.";
            Err(Problem::field(Kind::InvalidParameter, "is_assigned", sentence))
        }
    }
}

impl<O> Call<O> {
    /// A part of the list that a filter gives, at a moment and the time that it was then.
    ///
    /// # Errors
    /// When the read models do not answer.
    pub async fn desk_customers(
        &self,
        (as_of, time): (Option<AsOf>, DateTime<Utc>),
        filter: &ConversationFilter,
        window: Window,
    ) -> Result<DeskCustomers, Problem> {
        let Window { skip, limit } = window;
        let page = desk::conversations(&self.app.models, &self.scope(), as_of, filter, window).await.map_err(unreadable)?;
        let has_more = skip.saturating_add(page.rows.len() as u64) < page.count;
        let customer = |row| DeskCustomer::of(row, &self.tenant, &self.session.user, time);
        let customers = page.rows.into_iter().map(customer).collect();
        Ok(DeskCustomers { customers, pagination: Pagination { count: page.count, limit, skip, has_more } })
    }
}
