//! The versions of a customer as JSON.

use event_log::Stored;
use events::{Actor, EventId};
use poem_openapi::types::{Any, ToJSON};
use poem_openapi::{Object, Union};
use query_api::customers::as_of::CustomerVersion;
use serde_json::{Map, Value};

use super::contact::ContactObject;
use super::objects::CustomerObject;
use crate::app::TenantFacts;
use crate::rest::events::objects::ActorDescription;
use crate::rest::moment::Moment;
use crate::rest::tags::objects::{NamedTag, by_name};

/// Versions, or what is another between two of them.
#[derive(Debug, Clone, Union)]
#[oai(rename = "CustomerHistory")]
pub enum HistoryAnswer {
    /// A page of versions.
    Page(HistoryPage),
    /// The answer to `diff`.
    Diff(HistoryDiff),
}

/// A page of versions, newest first.
#[derive(Debug, Clone, Object)]
#[oai(rename = "CustomerVersionPage")]
pub struct HistoryPage {
    /// How many versions the customer has.
    pub count: u64,
    /// The next page; `null` on the last one.
    #[oai(nullable)]
    pub next: Option<String>,
    /// The page before; `null` on the first one.
    #[oai(nullable)]
    pub previous: Option<String>,
    /// The versions of this page.
    pub results: Vec<VersionObject>,
}

/// What one commit left of a customer.
#[derive(Debug, Clone, Object)]
#[oai(rename = "CustomerVersion")]
pub struct VersionObject {
    /// The version, as `ETag` shows it.
    version: u64,
    /// Where the commit stands in the log.
    position: u64,
    /// When it was recorded.
    recorded_at: Moment,
    /// The events that it is made of, in order.
    events: Vec<EventName>,
    /// Who caused it.
    actor: ActorDescription,
    /// The outside request that it comes from.
    correlation_id: String,
    /// The event that led to it; `null` where none did.
    #[oai(nullable)]
    causation_id: Option<String>,
    /// Whether the customer was deleted then.
    is_deleted: bool,
    /// The customer as the detail showed them.
    customer: CustomerObject,
    /// What their channel had told.
    contact: ContactObject,
    /// Their tags as they were called then, by name; without those that the tenant had deleted by then.
    tags: Vec<NamedTag>,
}

/// An event of a version.
#[derive(Debug, Clone, Object)]
#[oai(rename = "CustomerVersionEvent")]
pub struct EventName {
    /// Its identity.
    event_id: String,
    /// What happened, such as `customer.profile_changed`.
    #[oai(rename = "type")]
    name: String,
}

impl VersionObject {
    /// A version with the commit that it is from.
    pub(super) fn of(version: CustomerVersion, stored: &Stored, tenant: &TenantFacts) -> Self {
        let CustomerVersion { row, contact, tags } = version;
        let envelope = &stored.commit.envelope;
        let events = stored.commit.events.iter().map(|new| {
            let (event_id, name) = (new.event_id.to_string(), new.event.event_type().name.to_owned());
            EventName { event_id, name }
        });
        Self {
            version: row.version,
            position: stored.position.0,
            recorded_at: envelope.recorded_at.into(),
            events: events.collect(),
            actor: actor(&envelope.actor),
            correlation_id: envelope.correlation_id.to_string(),
            causation_id: envelope.causation_id.as_ref().map(EventId::to_string),
            is_deleted: !row.is_live(),
            customer: CustomerObject::detail(row, tenant),
            contact: contact.into(),
            tags: by_name(tags),
        }
    }
}

fn actor(actor: &Actor) -> ActorDescription {
    ActorDescription { id: actor.id.clone(), kind: actor.kind.name().to_owned(), name: actor.name.clone() }
}

/// All that a version shows, by name: the members of the customer, of the contact, the tags, and whether it was deleted.
pub(super) fn members(version: CustomerVersion, tenant: &TenantFacts) -> Map<String, Value> {
    let CustomerVersion { row, contact, tags } = version;
    let is_deleted = !row.is_live();
    let shown = [CustomerObject::detail(row, tenant).to_json(), ContactObject::from(contact).to_json()];
    let rest = [("tags", by_name(tags).to_json()), ("is_deleted", is_deleted.to_json())];
    let rest = rest.into_iter().map(|(name, value)| (name.to_owned(), value.unwrap_or_default()));
    let objects =
        shown.into_iter().flatten().filter_map(|shown| if let Value::Object(members) = shown { Some(members) } else { None });
    objects.flatten().chain(rest).collect()
}

/// What is another between two versions.
#[derive(Debug, Clone, Object)]
#[oai(rename = "CustomerDiff")]
pub struct HistoryDiff {
    /// The first version.
    pub from: u64,
    /// The second version.
    pub to: u64,
    /// The fields that are another.
    pub changes: Vec<FieldChange>,
}

/// A field that is another.
#[derive(Debug, Clone, Object)]
#[oai(rename = "CustomerFieldChange")]
pub struct FieldChange {
    /// The field, as the detail names it.
    pub field: String,
    /// What it was in the first version.
    #[oai(nullable)]
    pub old: Any<Value>,
    /// What it is in the second version.
    #[oai(nullable)]
    pub new: Any<Value>,
}
