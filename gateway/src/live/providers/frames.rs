//! What is said about a list of a provider's customers.

use events::{Position, RelationId};
use poem_openapi::types::ToJSON;
use query_api::Page;
use query_api::providers::RelationRow;
use serde::Serialize;
use serde_json::Value;

use crate::live::list_door::frames::Happened;
use crate::rest::bookings::RelationObject;

/// A page of a list.
#[derive(Serialize)]
pub struct PageFrame<'a> {
    #[serde(rename = "type")]
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subscription: Option<&'a str>,
    position: Position,
    count: u64,
    customers: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a Value>,
}

impl<'a> PageFrame<'a> {
    /// A page as of a position; `name` says what for.
    pub fn new(name: &'static str, page: Page<RelationRow>, position: Position, request_id: Option<&'a Value>) -> Self {
        let customers = page.rows.into_iter().map(shown).collect();
        Self { name, subscription: None, position, count: page.count, customers, request_id }
    }

    /// The page is the first one of a list that is followed.
    pub fn of_subscription(self, name: &'a str) -> Self {
        Self { subscription: Some(name), ..self }
    }
}

/// A change of the list.
#[derive(Serialize)]
pub struct ChangeFrame<'a> {
    #[serde(rename = "type")]
    name: &'static str,
    subscription: &'a str,
    position: Position,
    count: u64,
    relation: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<Value>,
}

impl<'a> ChangeFrame<'a> {
    /// What happened to a customer; `count` and `position` are those of all that is told together.
    pub fn new(subscription: &'a str, happened: Happened, row: RelationRow, count: u64, position: Position) -> Self {
        Self { name: happened.name(), subscription, position, count, relation: row.id.to_string(), customer: Some(shown(row)) }
    }

    /// A customer was forgotten.
    pub fn forgotten(subscription: &'a str, id: &RelationId, count: u64, position: Position) -> Self {
        Self { name: Happened::Left.name(), subscription, position, count, relation: id.to_string(), customer: None }
    }
}

/// The same as REST shows.
fn shown(row: RelationRow) -> Value {
    RelationObject::from(row).to_json().unwrap_or_default()
}
