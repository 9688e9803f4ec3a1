//! What there is to filter by, as the socket says it (spec 000, "Filter Options Response").

use events::TagId;
use query_api::contacts::{Counted, FilterOptions};
use serde::Serialize;
use serde_json::Value;

use crate::live::list_door::frames::now;

/// What there is to filter by (spec 000, "Filter Options Response"), and how many customers each gives.
#[derive(Debug, Serialize)]
pub struct OptionsFrame<'a> {
    #[serde(rename = "type")]
    name: &'static str,
    options: Options<'a>,
    counts: Counts<'a>,
    timestamp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a Value>,
}

#[derive(Debug, Serialize)]
struct Options<'a> {
    sources: Vec<&'static str>,
    tags: Vec<&'a str>,
    conversation_statuses: Vec<&'static str>,
    has_email_options: [Choice; 3],
    has_phone_options: [Choice; 3],
    has_unread_options: [Choice; 3],
    order_options: [Choice; 6],
}

#[derive(Debug, Serialize)]
struct Choice {
    value: &'static str,
    label: &'static str,
}

#[derive(Debug, Serialize)]
struct Counts<'a> {
    sources: Vec<NamedCount<'a>>,
    tags: Vec<NamedCount<'a>>,
    conversation_statuses: Vec<NamedCount<'a>>,
    has_email: Both,
    has_phone: Both,
    has_unread: Both,
}

#[derive(Debug, Serialize)]
struct NamedCount<'a> {
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    count: u64,
}

#[derive(Debug, Serialize)]
struct Both {
    #[serde(rename = "true")]
    with: u64,
    #[serde(rename = "false")]
    without: u64,
    all: u64,
}

impl<'a> OptionsFrame<'a> {
    /// What the tenant's data has.
    pub fn new(options: &'a FilterOptions, request_id: Option<&'a Value>) -> Self {
        Self { name: "filter_options", options: Options::of(options), counts: Counts::of(options), timestamp: now(), request_id }
    }
}

impl<'a> Options<'a> {
    fn of(options: &'a FilterOptions) -> Self {
        let three =
            |with, without| [("true", with), ("false", without), ("all", "All")].map(|(value, label)| Choice { value, label });
        let orders = [
            ("-updated_at", "Recently Updated"),
            ("-created_at", "Recently Created"),
            ("created_at", "Oldest First"),
            ("first_name", "Name A-Z"),
            ("-first_name", "Name Z-A"),
            ("updated_at", "Least Recently Updated"),
        ];
        Self {
            sources: options.sources.iter().map(|source| source.value.name()).collect(),
            tags: options.tags.iter().map(|tag| tag.value.1.as_str()).collect(),
            conversation_statuses: options.statuses.iter().map(|status| status.value.name()).collect(),
            has_email_options: three("Has Email", "No Email"),
            has_phone_options: three("Has Phone", "No Phone"),
            has_unread_options: three("Has Unread Messages", "No Unread Messages"),
            order_options: orders.map(|(value, label)| Choice { value, label }),
        }
    }
}

impl<'a> Counts<'a> {
    fn of(options: &'a FilterOptions) -> Self {
        let named = |value, count| NamedCount { value, id: None, count };
        let tag = |tag: &'a Counted<_>| {
            let (id, name): &(TagId, String) = &tag.value;
            NamedCount { value: name, id: Some(id.as_str()), count: tag.count }
        };
        let both = |[with, without]: [u64; 2]| Both { with, without, all: with + without };
        Self {
            sources: options.sources.iter().map(|source| named(source.value.name(), source.count)).collect(),
            tags: options.tags.iter().map(tag).collect(),
            conversation_statuses: options.statuses.iter().map(|status| named(status.value.name(), status.count)).collect(),
            has_email: both(options.email),
            has_phone: both(options.phone),
            has_unread: both(options.unread),
        }
    }
}
