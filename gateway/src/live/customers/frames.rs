//! What the service says on the socket.

use events::Position;
use query_api::contacts::{InvalidFilter, Listed};
use serde::Serialize;
use serde_json::{Map, Value};

use super::live_query::{Happened, Told};
use super::request::Asked;
use super::shape::{Customer, Pagination, now};
use crate::problem::{Kind, Problem};

/// What a page is sent for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// It was asked for.
    Answer,
    /// A subscription begins.
    Subscribed,
    /// A subscription goes on; what was missed comes next.
    Resumed,
    /// What was missed is not known any more: the list has to be taken from here.
    Resync,
    /// A subscription's page cannot be kept by single changes.
    Page,
}

impl Occasion {
    const fn name(self) -> &'static str {
        match self {
            Self::Answer => "customers_list",
            Self::Subscribed => "subscribed",
            Self::Resumed => "resumed",
            Self::Resync => "resync",
            Self::Page => "customers_page",
        }
    }

    const fn message(self) -> Option<&'static str> {
        match self {
            Self::Resync => Some("What happened since that position is not kept any more. Start over from this page."),
            Self::Answer | Self::Subscribed | Self::Resumed | Self::Page => None,
        }
    }
}

/// A page of a list (spec 000, "Customer List Response").
#[derive(Debug, Serialize)]
pub struct PageFrame<'a> {
    #[serde(rename = "type")]
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subscription: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'static str>,
    customers: Vec<Customer<'a>>,
    pagination: Pagination,
    filters: &'a Map<String, Value>,
    count: u64,
    timestamp: String,
    position: Position,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a Value>,
}

impl<'a> PageFrame<'a> {
    /// A page that was asked for, or is sent on its own.
    pub fn new(occasion: Occasion, asked: &'a Asked, listed: &'a Listed) -> Self {
        Self {
            name: occasion.name(),
            subscription: None,
            message: occasion.message(),
            customers: listed.rows.iter().map(|row| Customer::of(row, &listed.names)).collect(),
            pagination: Pagination::of(asked.question.page, listed.count, listed.rows.len()),
            filters: &asked.filters,
            count: listed.count,
            timestamp: now(),
            position: listed.position,
            request_id: None,
        }
    }

    /// The page of a subscription.
    pub const fn of_subscription(mut self, id: &'a str) -> Self {
        self.subscription = Some(id);
        self
    }

    /// The answer to a request that gave itself an id.
    pub const fn answering(mut self, request_id: Option<&'a Value>) -> Self {
        self.request_id = request_id;
        self
    }
}

/// A change of a list that is followed.
#[derive(Debug, Serialize)]
pub struct ChangeFrame<'a> {
    #[serde(rename = "type")]
    name: &'static str,
    subscription: &'a str,
    customer_id: &'a str,
    /// The customer from now on; nothing when something of them was erased.
    customer: Option<Customer<'a>>,
    /// Where the customer stands on the page from now on, from 0; nothing when they do not.
    index: Option<usize>,
    count: u64,
    timestamp: String,
    position: Position,
}

impl<'a> ChangeFrame<'a> {
    /// What happened.
    pub fn new(subscription: &'a str, told: &'a Told<'a>) -> Self {
        let name = match told.happened {
            Happened::Entered => "customer_entered",
            Happened::Left => "customer_left",
            Happened::Updated => "customer_updated",
            Happened::Moved => "customer_moved",
        };
        Self {
            name,
            subscription,
            customer_id: told.customer.as_str(),
            customer: told.row.map(|row| Customer::of(row, told.names)),
            index: told.index,
            count: told.count,
            timestamp: now(),
            position: told.position,
        }
    }
}

/// The end of a subscription that was asked for.
#[derive(Debug, Serialize)]
pub struct UnsubscribedFrame<'a> {
    #[serde(rename = "type")]
    name: &'static str,
    subscription: &'a str,
    timestamp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a Value>,
}

impl<'a> UnsubscribedFrame<'a> {
    /// The subscription that ended.
    pub fn new(subscription: &'a str, request_id: Option<&'a Value>) -> Self {
        Self { name: "unsubscribed", subscription, timestamp: now(), request_id }
    }
}

/// Why a request is not answered (spec 000, "Error Handling").
#[derive(Debug, Serialize)]
pub struct ErrorFrame<'a> {
    #[serde(rename = "type")]
    name: &'static str,
    message: &'a str,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    allowed: &'a [&'static str],
    timestamp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a Value>,
}

impl<'a> ErrorFrame<'a> {
    /// The problem with a request.
    pub fn of_problem(problem: &'a Problem, request_id: Option<&'a Value>) -> Self {
        let field = problem.errors().keys().next().map(String::as_str);
        let (message, code) = (problem.sentence(), problem.kind().code());
        Self { name: "error", message, code, field, allowed: &[], timestamp: now(), request_id }
    }

    /// What is wrong with a member of a request, and what it may be.
    pub fn of_member(invalid: &'a InvalidFilter, request_id: Option<&'a Value>) -> Self {
        Self {
            name: "error",
            message: &invalid.sentence,
            code: Kind::InvalidParameter.code(),
            field: Some(&invalid.field),
            allowed: &invalid.allowed,
            timestamp: now(),
            request_id,
        }
    }
}
