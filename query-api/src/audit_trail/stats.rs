//! How many rows there are by action, by kind, by actor and by day.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate};
use projections::audit_trail::counts::DAY_MICROS;
use projections::audit_trail::{NAME, words};
use projections::db::Sql;
use projections::{Db, ReadModels};

use super::filter::{AuditFilter, Values};
use super::kept::Kept;
use super::plan::{Way, from_where};
use super::{Action, users};
use crate::{QueryError, Scope};

/// How many rows a filter lets through, and of which kinds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditStats {
    /// All of them.
    pub count: u64,
    /// By what was done.
    pub by_action: BTreeMap<&'static str, u64>,
    /// By the kind of the record.
    pub by_model: BTreeMap<String, u64>,
    /// By who did it, most first.
    pub by_actor: Vec<ActorCount>,
    /// By day in UTC, oldest first; days without any are not there.
    pub by_day: Vec<DayCount>,
}

/// How many rows an actor caused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorCount {
    /// The actor.
    pub id: String,
    /// The email address, where it is a user of the tenant.
    pub email: Option<String>,
    /// The name: that of the user as it is now, or the one that it was last seen under.
    pub name: String,
    /// How many.
    pub count: u64,
}

/// How many rows were recorded on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayCount {
    /// The day, in UTC.
    pub day: NaiveDate,
    /// How many.
    pub count: u64,
}

/// The statistics of a filter.
///
/// # Errors
/// When the database does not answer.
pub async fn stats(models: &ReadModels, scope: &Scope, filter: &AuditFilter) -> Result<AuditStats, QueryError> {
    let mut stats = AuditStats { by_action: Action::ALL.map(|action| (action.name(), 0)).into(), ..AuditStats::default() };
    if filter.cannot_match() {
        return Ok(stats);
    }
    let db = &models.of(NAME)?;
    let mut by_actor: BTreeMap<String, u64> = BTreeMap::new();
    for (model, activity, actor, n) in kinds(db, scope, filter).await? {
        let n = n.unsigned_abs();
        stats.count += n;
        *stats.by_model.entry(model).or_default() += n;
        *by_actor.entry(actor).or_default() += n;
        if let Some(activity) = words::activities().find(|known| known.name == activity) {
            *stats.by_action.entry(activity.action.name()).or_default() += n;
        }
    }
    stats.by_day = days(db, scope, filter).await?;
    stats.by_actor = named(models, db, scope, by_actor).await?;
    Ok(stats)
}

/// Sums by kind, activity and actor.
async fn kinds(db: &Db, scope: &Scope, filter: &AuditFilter) -> Result<Vec<(String, String, String, i64)>, QueryError> {
    let mut values = Values::default();
    let source = source(db, scope, filter, false, &mut values).await?;
    let text = format!(
        "SELECT c.model, c.activity, c.actor_id, CAST(SUM(c.n) AS BIGINT) FROM ({source}) c WHERE 0 = 0{} GROUP BY 1, 2, 3",
        filter.kinds("c.", &mut values)
    );
    Ok(db.fetch_all(Sql::composed(text, values.0)).await?)
}

/// Sums by day.
async fn days(db: &Db, scope: &Scope, filter: &AuditFilter) -> Result<Vec<DayCount>, QueryError> {
    let mut values = Values::default();
    let source = source(db, scope, filter, true, &mut values).await?;
    let text = format!(
        "SELECT c.day, CAST(SUM(c.n) AS BIGINT) FROM ({source}) c WHERE 0 = 0{} GROUP BY 1 ORDER BY 1",
        filter.kinds("c.", &mut values)
    );
    let rows: Vec<(i64, i64)> = db.fetch_all(Sql::composed(text, values.0)).await?;
    let day = |(day, n): (i64, i64)| {
        let start = DateTime::from_timestamp_micros(day.saturating_mul(DAY_MICROS))?;
        Some(DayCount { day: start.date_naive(), count: n.unsigned_abs() })
    };
    Ok(rows.into_iter().filter_map(day).collect())
}

/// A query for what is to be added up: kept counts, or where those do not tell, the rows.
async fn source(db: &Db, scope: &Scope, filter: &AuditFilter, by_day: bool, values: &mut Values) -> Result<String, QueryError> {
    if filter.is_kept() {
        return Ok(Kept::within(db, scope, filter.bounds).await?.cells(db, scope, by_day, values));
    }
    let way = if filter.object_id.is_some() { Way::Object } else { Way::Words };
    let from = from_where(db.backend(), scope, filter, way, values);
    let day = format!("e.recorded_at / {DAY_MICROS}");
    Ok(format!("SELECT {day} AS day, e.model, e.activity, e.actor_id, COUNT(*) AS n {from} GROUP BY 1, 2, 3, 4"))
}

/// Actors with their names, most rows first.
async fn named(
    models: &ReadModels,
    db: &Db,
    scope: &Scope,
    by_actor: BTreeMap<String, u64>,
) -> Result<Vec<ActorCount>, QueryError> {
    let users = users(models, scope, by_actor.keys().map(String::as_str).collect::<BTreeSet<_>>()).await?;
    let mut named = Vec::with_capacity(by_actor.len());
    for (id, count) in by_actor {
        let (email, name) = match users.get(&id) {
            Some(user) => (Some(user.email.clone()), user.name.clone()),
            None => (None, last_name(db, scope, &id).await?),
        };
        named.push(ActorCount { id, email, name, count });
    }
    named.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.id.cmp(&b.id)));
    Ok(named)
}

/// The name under which an actor was last seen.
async fn last_name(db: &Db, scope: &Scope, actor: &str) -> Result<String, QueryError> {
    let text =
        "SELECT actor_name FROM audit_events WHERE tenant_id = $1 AND actor_id = $2 ORDER BY recorded_at DESC, no DESC LIMIT 1";
    let row: Option<(String,)> = db.fetch_optional(Sql::fixed(text, [scope.id().as_str().into(), actor.into()])).await?;
    Ok(row.map(|(name,)| name).unwrap_or_default())
}
