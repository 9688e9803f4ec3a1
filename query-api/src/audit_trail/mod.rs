//! Questions about the audit trail: who did what to which record, and when.
//!
//! - `filter`: what is asked for, and what it says in SQL
//! - `count`: how many rows that is, and of which kinds
//! - `kept`: which counts that are kept tell it
//! - `plan`, `stretch`: by which index a page is found, and on which days

mod count;
mod filter;
mod kept;
mod plan;
mod stats;
mod stretch;

use std::collections::{BTreeMap, BTreeSet};

use events::{ActorKind, EventId, StreamKind};
use projections::audit_trail::NAME;
use projections::audit_trail::table::{SELECTED, StoredRow};
use projections::db::Sql;
use projections::{Db, ReadModels, directory};

pub use filter::{AuditFilter, Bounds, Order, activities};
pub use projections::audit_trail::words::{Action, Activity, Field, Words, of as words};
pub use projections::audit_trail::{AuditRow, FieldChange};
pub use stats::{ActorCount, AuditStats, DayCount, stats};

pub(crate) use count::count;
pub(crate) use filter::Values;
pub(crate) use kept::Kept;
use plan::page_of;
pub(crate) use plan::{Plan, Unit, Way, from_where};
pub(crate) use stretch::Stretch;

use crate::directory::UserRow;
use crate::{Page, PageRequest, QueryError, Scope};

/// A page of the audit trail, with the exact count of all rows that the filter lets through.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    models: &ReadModels,
    scope: &Scope,
    filter: &AuditFilter,
    request: PageRequest,
) -> Result<Page<AuditRow>, QueryError> {
    let db = &models.of(NAME)?;
    let counts = count(db, scope, filter).await?;
    if request.offset() >= counts.matching {
        return Ok(Page { count: counts.matching, rows: Vec::new() });
    }
    let rows = page_of(db, scope, filter, &counts, request.page_size(), request.offset()).await?;
    Ok(Page { count: counts.matching, rows })
}

/// The row of an event, where it is within the bounds.
///
/// # Errors
/// When the database does not answer.
pub async fn get(models: &ReadModels, scope: &Scope, bounds: Bounds, id: EventId) -> Result<Option<AuditRow>, QueryError> {
    let mut values = Values::default();
    let (tenant, event) = (values.bind(scope.id().as_str()), values.bind(id.to_string()));
    let within = bounds.conditions("e.", &mut values);
    let text = format!("SELECT {SELECTED} FROM audit_events e WHERE e.tenant_id = ${tenant} AND e.event_id = ${event}{within}");
    let stored: Option<StoredRow> = models.of(NAME)?.fetch_optional(Sql::composed(text, values.0)).await?;
    Ok(stored.map(AuditRow::try_from).transpose()?)
}

/// The id of the actor that a client names by id or email: what [`AuditFilter::actor_id`] takes. An address that nobody has is no
/// actor's id.
///
/// # Errors
/// When the database does not answer.
pub async fn actor_id(models: &ReadModels, scope: &Scope, id_or_email: &str) -> Result<String, QueryError> {
    if !id_or_email.contains('@') {
        return Ok(id_or_email.to_owned());
    }
    let users = directory::users_by_email(&models.of(directory::NAME)?, id_or_email).await?;
    let user = users.into_iter().find(|user| user.tenant == *scope.id());
    Ok(user.map_or_else(|| id_or_email.to_owned(), |user| user.id.to_string()))
}

/// The tenant's users who caused these rows, by id. Operators of the platform are not among them.
///
/// # Errors
/// When the database does not answer.
pub async fn users_of<'a>(
    models: &ReadModels,
    scope: &Scope,
    rows: impl IntoIterator<Item = &'a AuditRow>,
) -> Result<BTreeMap<String, UserRow>, QueryError> {
    let actors = rows.into_iter().map(|row| &row.actor).filter(|actor| actor.kind == ActorKind::User);
    users(models, scope, actors.map(|actor| actor.id.as_str()).collect()).await
}

pub(crate) async fn users(
    models: &ReadModels,
    scope: &Scope,
    ids: BTreeSet<&str>,
) -> Result<BTreeMap<String, UserRow>, QueryError> {
    let users = directory::users_by_id(&models.of(directory::NAME)?, scope.id(), &ids).await?;
    Ok(users.into_iter().map(|user| (user.id.to_string(), user)).collect())
}

/// The kinds of record that rows are about.
pub fn models() -> impl Iterator<Item = StreamKind> {
    StreamKind::ALL.into_iter().filter(|kind| !words(*kind).fields.is_empty())
}

/// The names of the fields that records of a kind have; of all kinds where none is given.
#[must_use]
pub fn fields(kind: Option<StreamKind>) -> BTreeSet<&'static str> {
    let kinds = StreamKind::ALL.into_iter().filter(|known| kind.is_none_or(|kind| kind == *known));
    kinds.flat_map(|kind| words(kind).fields).map(|field| field.name).collect()
}

/// The names of all activities, some of them more than once.
pub fn activity_names() -> impl Iterator<Item = &'static str> {
    projections::audit_trail::words::activities().map(|activity| activity.name)
}

/// Whether anything ever happened to a record, also where it is not shown any more.
///
/// # Errors
/// When the database does not answer.
pub async fn is_known(models: &ReadModels, scope: &Scope, kind: StreamKind, id: &str) -> Result<bool, QueryError> {
    // A text with a zero is no id, and PostgreSQL would not even take the question.
    if id.contains('\0') {
        return Ok(false);
    }
    let text = "SELECT version FROM audit_objects WHERE tenant_id = $1 AND kind = $2 AND id = $3";
    let key = [scope.id().as_str().into(), kind.name().into(), id.into()];
    let row: Option<(i64,)> = models.of(NAME)?.fetch_optional(Sql::fixed(text, key)).await?;
    Ok(row.is_some())
}

/// The rows that a statement yields.
pub(crate) async fn rows(db: &Db, sql: Sql) -> Result<Vec<AuditRow>, QueryError> {
    let stored: Vec<StoredRow> = db.fetch_all(sql).await?;
    Ok(stored.into_iter().map(AuditRow::try_from).collect::<Result<_, _>>()?)
}
