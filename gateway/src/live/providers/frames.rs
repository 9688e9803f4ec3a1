//! What is said about a list of a provider's customers.

use events::{Position, RelationId};
use poem_openapi::types::ToJSON;
use query_api::Page;
use query_api::providers::RelationRow;
use serde::Serialize;
use serde_json::Value;

use crate::rest::bookings::RelationObject;

/// The first page.
#[derive(Serialize)]
pub struct PageFrame {
    #[serde(rename = "type")]
    name: &'static str,
    position: Position,
    count: u64,
    customers: Vec<Value>,
}

impl PageFrame {
    /// A page as of a position.
    pub fn new(page: Page<RelationRow>, position: Position) -> Self {
        let customers = page.rows.into_iter().map(shown).collect();
        Self { name: "subscribed", position, count: page.count, customers }
    }
}

/// The client goes on.
#[derive(Serialize)]
pub struct ResumedFrame {
    #[serde(rename = "type")]
    name: &'static str,
    position: Position,
}

impl ResumedFrame {
    /// Behind a position.
    pub const fn new(position: Position) -> Self {
        Self { name: "resumed", position }
    }
}

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
    const fn name(self) -> &'static str {
        match self {
            Self::Entered => "customer_entered",
            Self::Left => "customer_left",
            Self::Updated => "customer_updated",
            Self::Moved => "customer_moved",
        }
    }
}

/// A change of the list.
#[derive(Serialize)]
pub struct ChangeFrame {
    #[serde(rename = "type")]
    name: &'static str,
    position: Position,
    count: u64,
    relation: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<Value>,
}

impl ChangeFrame {
    /// What happened to a customer; `count` and `position` are those of all that is told together.
    pub fn new(happened: Happened, row: RelationRow, count: u64, position: Position) -> Self {
        Self { name: happened.name(), position, count, relation: row.id.to_string(), customer: Some(shown(row)) }
    }

    /// A customer was forgotten.
    pub fn forgotten(id: &RelationId, count: u64, position: Position) -> Self {
        Self { name: Happened::Left.name(), position, count, relation: id.to_string(), customer: None }
    }
}

/// The same as REST shows.
fn shown(row: RelationRow) -> Value {
    RelationObject::from(row).to_json().unwrap_or_default()
}
