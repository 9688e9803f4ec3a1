//! `GET /api/customers/{id}/history/`: what every commit left of a customer, and what is another between two of them.
//!
//! The states come from the history's tables and what led to them from the log, by position: so a page costs the same for a customer
//! with a hundred thousand events as for a new one. Folding the log would cost as much as there is of it.

use event_log::Stored;
use events::{StreamKind, StreamVersion};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::registry::MetaSchema;
use poem_openapi::types::Any;
use query_api::customers::as_of::{self, CustomerVersion};

use super::versions::{FieldChange, HistoryAnswer, HistoryDiff, HistoryPage, VersionObject, members};
use crate::app::TenantFacts;
use crate::auth::op;
use crate::problem::{Kind, Problem};
use crate::rest::answer::Read;
use crate::rest::as_of::{forgotten, known};
use crate::rest::call::Call;
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
    /// What every commit left, newest first, with the events that it was made of: the customer, what their channel had told, and
    /// their tags as they were called then. With `diff=A..B`: the fields that are another in version B than in version A. Of a
    /// customer who was forgotten nothing is left.
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
        let position = call.trailing_position().await?;
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
async fn with_commits<O>(call: &Call<O>, rows: Vec<CustomerVersion>) -> Result<Vec<VersionObject>, Problem> {
    let log = &call.app.log;
    let positions: Vec<_> = rows.iter().map(|version| version.row.position).collect();
    let commits = log.commits(log.partition_of(&call.tenant.id), &positions).await.map_err(|error| unreadable_log(&error))?;
    let of = |(version, stored): (CustomerVersion, Option<Stored>)| {
        // It stood there when the row was written, so it has been erased since.
        let stored = stored.filter(|stored| stored.commit.envelope.stream.tenant == call.tenant.id).ok_or_else(forgotten)?;
        Ok(VersionObject::of(version, &stored, &call.tenant))
    };
    rows.into_iter().zip(commits).map(of).collect()
}

fn two_versions(text: &str) -> Result<[StreamVersion; 2], Problem> {
    let versions = text.split_once("..").and_then(|(first, second)| Some([first.parse().ok()?, second.parse().ok()?]));
    versions.ok_or_else(|| Problem::field(Kind::InvalidParameter, "diff", "Must be two versions such as 3..7."))
}

/// What is another in the second version than in the first, by what the two show.
fn difference(tenant: &TenantFacts, versions: [StreamVersion; 2], all: &[CustomerVersion]) -> Result<HistoryDiff, Problem> {
    let shown = |number: StreamVersion| {
        let version = all.iter().find(|version| version.row.version == number);
        version.map(|version| members(version.clone(), tenant)).ok_or_else(|| {
            let sentence = format!("The customer has no version {number}; take one from the history.");
            Problem::field(Kind::InvalidParameter, "diff", sentence)
        })
    };
    let [from, to] = versions;
    let (old, mut new) = (shown(from)?, shown(to)?);
    let changes = old.into_iter().filter_map(|(field, old)| {
        let new = new.remove(&field).unwrap_or_default();
        (old != new).then_some(FieldChange { field, old: Any(old), new: Any(new) })
    });
    Ok(HistoryDiff { from, to, changes: changes.collect() })
}
