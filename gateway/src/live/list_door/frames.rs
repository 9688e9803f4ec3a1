//! What sockets with lists say in the same words.

use chrono::{SecondsFormat, Utc};
use query_api::contacts::InvalidFilter;
use serde::Serialize;
use serde_json::Value;

use crate::problem::{Kind, Problem};

/// What happened to a customer of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    /// The customer came in.
    Entered,
    /// The customer is out.
    Left,
    /// The customer changed, and stands where they stood.
    Updated,
    /// The customer changed, and stands elsewhere.
    Moved,
}

impl Happened {
    /// The type of the frame that says so.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Entered => "customer_entered",
            Self::Left => "customer_left",
            Self::Updated => "customer_updated",
            Self::Moved => "customer_moved",
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

/// The time now, as spec 000 writes it.
pub fn now() -> String {
    Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true)
}
