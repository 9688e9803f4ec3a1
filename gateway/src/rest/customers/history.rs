//! `GET /api/customers/{id}/history/`: what every commit left of a customer, and what is another between two of them.
//!
//! The states come from the history's tables and what led to them from the log, by position: so a page costs the same for a customer
//! with a hundred thousand events as for a new one. Folding the log would cost as much as there is of it.

use event_log::Stored;
use events::{Actor, EventId, StreamKind, StreamVersion};
use poem_openapi::param::{Path, Query};
use poem_openapi::registry::MetaSchema;
use poem_openapi::types::{Any, ToJSON};
use poem_openapi::{Object, OpenApi, Union};
use query_api::customers::CustomerRow;
use query_api::customers::as_of;
use serde_json::{Map, Value};

use super::objects::CustomerObject;
use crate::app::TenantFacts;
use crate::auth::op;
use crate::problem::{Kind, Problem};
use crate::rest::answer::Read;
use crate::rest::as_of::{forgotten, known};
use crate::rest::call::Call;
use crate::rest::events::objects::ActorDescription;
use crate::rest::moment::Moment;
use crate::rest::paging::{ListUrl, page_request};
use crate::rest::params::{Form, PageNumber, PageSize, Text};
use crate::rest::{Tag, unreadable, unreadable_log};

/// The versions of a customer.
pub struct HistoryApi;

/// Two versions, such as `3..7`.
pub struct Versions;

impl Form for Versions {
    fn schema() -> MetaSchema {
        MetaSchema { pattern: Some(r"^[0-9]+\.\.[0-9]+$".to_owned()), ..MetaSchema::new("string") }
    }

    const MOST_CHARS: usize = 40;
}

#[OpenApi(prefix_path = "/api/customers", tag = "Tag::Customers")]
impl HistoryApi {
    /// A customer's versions
    ///
    /// What every commit left, newest first, with the events that it was made of. With `diff=A..B`: the fields that are another
    /// in version B than in version A. Of a customer who was forgotten nothing is left.
    #[oai(path = "/:id/history/", method = "get", operation_id = "listCustomerVersions")]
    async fn history(
        &self,
        call: Call<op::CustomersHistory>,
        url: ListUrl,
        /// The customer.
        id: Path<String>,
        /// Two versions to compare, such as `3..7`.
        diff: Query<Text<Versions>>,
        /// The number of the page.
        page: Query<PageNumber>,
        /// How many versions a page has.
        page_size: Query<PageSize>,
    ) -> Result<Read<HistoryAnswer>, Problem> {
        let (id, _) = call.customer(&id)?;
        let position = call.read_position();
        call.app.reach_trailing(&call.tenant.id).await?;
        let (models, scope) = (&call.app.models, call.scope());
        let answer = if let Some(text) = diff.as_deref() {
            let versions = two_versions(text)?;
            let rows = known(as_of::versions_numbered(models, &scope, &id, versions).await.map_err(unreadable)?)?;
            HistoryAnswer::Diff(difference(&call.tenant, versions, &rows)?)
        } else {
            let request = page_request(page.0, page_size.0)?;
            let page = known(as_of::versions(models, &scope, &id, request).await.map_err(unreadable)?)?;
            let (next, previous) = url.neighbours(&page, request)?;
            let results = with_commits(&call, page.rows).await?;
            HistoryAnswer::Page(HistoryPage { count: page.count, next, previous, results })
        };
        call.viewed(StreamKind::Customer, id.as_str());
        Ok(Read::new(answer, position))
    }
}

/// The versions with the commits that they are from.
async fn with_commits<O>(call: &Call<O>, rows: Vec<CustomerRow>) -> Result<Vec<VersionObject>, Problem> {
    let log = &call.app.log;
    let positions: Vec<_> = rows.iter().map(|row| row.position).collect();
    let commits = log.commits(log.partition_of(&call.tenant.id), &positions).await.map_err(|error| unreadable_log(&error))?;
    let of = |(row, stored): (CustomerRow, Option<Stored>)| {
        // It stood there when the row was written, so it has been erased since.
        let stored = stored.filter(|stored| stored.commit.envelope.stream.tenant == call.tenant.id).ok_or_else(forgotten)?;
        Ok(VersionObject::of(row, &stored, &call.tenant))
    };
    rows.into_iter().zip(commits).map(of).collect()
}

fn two_versions(text: &str) -> Result<[StreamVersion; 2], Problem> {
    let versions = text.split_once("..").and_then(|(first, second)| Some([first.parse().ok()?, second.parse().ok()?]));
    versions.ok_or_else(|| Problem::field(Kind::InvalidParameter, "diff", "Must be two versions such as 3..7."))
}

/// What is another in the second version than in the first, by what the two show.
fn difference(tenant: &TenantFacts, versions: [StreamVersion; 2], rows: &[CustomerRow]) -> Result<HistoryDiff, Problem> {
    let shown = |version: StreamVersion| -> Result<Map<String, Value>, Problem> {
        let row = rows.iter().find(|row| row.version == version).ok_or_else(|| {
            let sentence = format!("The customer has no version {version}; take one from the history.");
            Problem::field(Kind::InvalidParameter, "diff", sentence)
        })?;
        let (is_deleted, shown) = (!row.is_live(), CustomerObject::detail(row.clone(), tenant).to_json());
        let Some(Value::Object(mut members)) = shown else { return Ok(Map::new()) };
        members.insert("is_deleted".to_owned(), Value::Bool(is_deleted));
        Ok(members)
    };
    let [from, to] = versions;
    let (old, mut new) = (shown(from)?, shown(to)?);
    let changes = old.into_iter().filter_map(|(field, old)| {
        let new = new.remove(&field).unwrap_or_default();
        (old != new).then_some(FieldChange { field, old: Any(old), new: Any(new) })
    });
    Ok(HistoryDiff { from, to, changes: changes.collect() })
}

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
    fn of(row: CustomerRow, stored: &Stored, tenant: &TenantFacts) -> Self {
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
        }
    }
}

fn actor(actor: &Actor) -> ActorDescription {
    ActorDescription { id: actor.id.clone(), kind: actor.kind.name().to_owned(), name: actor.name.clone() }
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
