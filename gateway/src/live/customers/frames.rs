//! What the service says on the socket.

use events::Position;
use poem::web::websocket::Message;
use serde::Serialize;
use serde_json::{Map, Value};

use super::live_query::Told;
use super::look::Look;
use super::request::Asked;
use super::shape::{Customer, Pagination};
use crate::live::list_door::frames::now;
use crate::live::written::{Object, Written};
use crate::live::{Ending, Format};

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
    pub fn new(occasion: Occasion, asked: &'a Asked, look: &'a Look) -> Self {
        Self {
            name: occasion.name(),
            subscription: None,
            message: occasion.message(),
            customers: look.rows.iter().map(|row| Customer::of(row, &look.names)).collect(),
            pagination: Pagination::of(asked.question.page, look.count, look.rows.len()),
            filters: &asked.filters,
            count: look.count,
            timestamp: now(),
            position: look.position,
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

/// A change of a list that is followed; `written` is the customer as whoever is told of the change gets them.
///
/// # Errors
/// When it cannot be written.
pub fn change(subscription: &str, told: &Told<'_>, written: &Written, format: Format) -> Result<Message, Ending> {
    let mut frame = Object::begin(format, 8)?;
    frame.put("type", told.happened.name())?;
    frame.put("subscription", subscription)?;
    frame.put("customer_id", told.customer)?;
    match told.row {
        // The customer from now on.
        Some(row) => frame.put_written("customer", written.get(format, || Customer::of(row, told.names))?)?,
        // Something of them was erased.
        None => frame.put("customer", &())?,
    }
    // Where the customer stands on the page from now on, from 0; nothing when they do not.
    frame.put("index", &told.index)?;
    frame.put("count", &told.count)?;
    frame.put("timestamp", &now())?;
    frame.put("position", &told.position)?;
    frame.end()
}

#[cfg(test)]
mod tests {
    use query_api::contacts::{ContactRow, TagNames};

    use super::*;
    use crate::live::customers::live_query::tests::row;
    use crate::live::list_door::frames::Happened;

    #[test]
    fn the_customer_of_a_change_is_written_once_for_all_who_are_told() {
        let (written, names) = (Written::default(), TagNames::default());
        let rows: [ContactRow; 2] = [row(1), row(2)];
        let told = |row, count| {
            let (happened, customer, names) = (Happened::Moved, &rows[0].id, &names);
            Told { happened, customer, row, names, index: None, count, position: Position(7) }
        };
        let frame = |subscription, told| {
            let frame = change(subscription, &told, &written, Format::Json).expect("a frame");
            serde_json::from_slice::<Value>(frame.as_bytes()).expect("JSON")
        };
        let first = frame("a", told(Some(&rows[0]), 3));
        // Another row in its place is not looked at any more.
        let second = frame("b", told(Some(&rows[1]), 4));
        assert_eq!((&first["customer"]["id"], &first["customer"]), (&first["customer_id"], &second["customer"]));
        assert_eq!((&second["subscription"], &second["count"]), (&"b".into(), &4.into()), "what is a subscriber's own is theirs");
        assert_eq!(frame("c", told(None, 3))["customer"], Value::Null, "something was erased");
    }
}
