//! Questions about the field history: every change of every field. It is the audit trail, told by field.

use events::{EventId, StreamKind};
use projections::audit_trail::counts::DAY_MICROS;
use projections::audit_trail::table::{SELECTED, change_mark};
use projections::audit_trail::{NAME, terms, words};
use projections::db::{Sql, Term};
use projections::{Db, ReadModels};

use crate::audit_trail::{
    AuditFilter, AuditRow, Bounds, FieldChange, Kept, Order, Plan, Stretch, Unit, Values, Way, count, from_where, get, rows,
};
use crate::{Page, PageRequest, QueryError, Scope};

/// What is asked of the field history. What is not set lets everything through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldFilter {
    /// Fields of records of this kind.
    pub kind: Option<StreamKind>,
    /// Fields of this record.
    pub object_id: Option<String>,
    /// Fields with this name.
    pub field: Option<String>,
    /// The part of the past.
    pub bounds: Bounds,
}

/// A change of a field.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldRow {
    /// The event that changed it. Its other changes are not there.
    pub row: AuditRow,
    /// The change.
    pub change: FieldChange,
}

impl FieldRow {
    /// The change of a field by an event.
    fn of(row: &AuditRow, change: FieldChange) -> Self {
        Self { row: AuditRow { changes: Vec::new(), ..row.clone() }, change }
    }
}

impl FieldFilter {
    fn rows(&self) -> AuditFilter {
        AuditFilter { kind: self.kind, object_id: self.object_id.clone(), bounds: self.bounds, ..AuditFilter::default() }
    }
}

/// A page of the field history, newest first, with the exact count of all changes that the filter lets through.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    models: &ReadModels,
    scope: &Scope,
    filter: &FieldFilter,
    request: PageRequest,
) -> Result<Page<FieldRow>, QueryError> {
    let db = &models.of(NAME)?;
    match &filter.field {
        Some(field) if field.contains(['\0', ',']) => Ok(Page { count: 0, rows: Vec::new() }),
        Some(field) => one_field(db, scope, filter, field, request).await,
        None => all_fields(db, scope, filter, request).await,
    }
}

/// A change of a field, by the event and the name of the field, where it is within the bounds.
///
/// # Errors
/// When the database does not answer.
pub async fn one(
    models: &ReadModels,
    scope: &Scope,
    bounds: Bounds,
    event: EventId,
    field: &str,
) -> Result<Option<FieldRow>, QueryError> {
    let Some(row) = get(models, scope, bounds, event).await? else { return Ok(None) };
    Ok(row.changes.iter().find(|change| change.field == field).map(|change| FieldRow::of(&row, change.clone())))
}

/// All changes, however many an event made: events are walked in order, and the page begins and ends within one.
async fn all_fields(db: &Db, scope: &Scope, filter: &FieldFilter, request: PageRequest) -> Result<Page<FieldRow>, QueryError> {
    let filter = filter.rows();
    let counts = count(db, scope, &filter).await?;
    if request.offset() >= counts.fields {
        return Ok(Page { count: counts.fields, rows: Vec::new() });
    }
    let page = (Unit::Field, request.offset(), request.page_size());
    let Plan { filter, way, offset: first } = Plan::of(db, scope, &filter, &counts, page).await?;
    let behind = first.saturating_add(request.page_size());
    let mut values = Values::default();
    let from = from_where(db.backend(), scope, &filter, way, &mut values);
    let [first_place, behind_place] = [first, behind].map(|number| values.bind(i64::try_from(number).unwrap_or(i64::MAX)));
    let order = "ORDER BY recorded_at DESC, no DESC";
    let text = format!(
        "SELECT no, before FROM (SELECT no, recorded_at, fields, CAST(SUM(fields) OVER ({order}) - fields AS BIGINT) AS before \
         FROM (SELECT e.no AS no, e.recorded_at AS recorded_at, e.fields AS fields {from} AND e.fields > 0 \
         {order} LIMIT ${behind_place}) w) s WHERE before < ${behind_place} AND before + fields > ${first_place} {order}"
    );
    let places: Vec<(i64, i64)> = db.fetch_all(Sql::composed(text, values.0)).await?;
    let mut page = Vec::new();
    for (row, before) in with_numbers(db, &places).await? {
        let numbered = (before.unsigned_abs()..).zip(&row.changes).filter(|(number, _)| (first..behind).contains(number));
        page.extend(numbered.map(|(_, change)| FieldRow::of(&row, change.clone())));
    }
    Ok(Page { count: counts.fields, rows: page })
}

/// The rows with these numbers, in their order.
async fn with_numbers(db: &Db, places: &[(i64, i64)]) -> Result<Vec<(AuditRow, i64)>, QueryError> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = Values::default();
    let numbers: Vec<String> = places.iter().map(|(no, _)| format!("${}", values.bind(*no))).collect();
    let text = format!(
        "SELECT {SELECTED} FROM audit_events e WHERE e.no IN ({}) ORDER BY e.recorded_at DESC, e.no DESC",
        numbers.join(", ")
    );
    let rows = rows(db, Sql::composed(text, values.0)).await?;
    Ok(rows.into_iter().zip(places.iter().map(|(_, before)| *before)).collect())
}

/// The changes of one field: one per event that changed it.
async fn one_field(
    db: &Db,
    scope: &Scope,
    filter: &FieldFilter,
    field: &str,
    request: PageRequest,
) -> Result<Page<FieldRow>, QueryError> {
    let none = Page { count: 0, rows: Vec::new() };
    let wanted = |kind: &StreamKind| filter.kind.is_none_or(|wanted| wanted == *kind) && words::of(*kind).field(field).is_some();
    let kinds: Vec<StreamKind> = StreamKind::ALL.into_iter().filter(wanted).collect();
    if kinds.is_empty() || filter.object_id.as_ref().is_some_and(|id| id.contains('\0')) {
        return Ok(none);
    }
    let (size, mut offset) = (request.page_size(), request.offset());
    let mut values = Values::default();
    let (matching, from) = if filter.object_id.is_some() {
        let matching = count_of_object(db, scope, filter, field).await?;
        (matching, changed(db, scope, filter, field, &mut values))
    } else {
        let days = days_of(db, scope, filter, field).await?;
        let matching = days.iter().map(|(_, n)| n).sum();
        let Some(stretch) = Stretch::of(&days, Order::NewestFirst, offset, size) else {
            return Ok(Page { count: matching, ..none });
        };
        let within = FieldFilter { bounds: stretch.within(filter.bounds), ..filter.clone() };
        let among = count(db, scope, &within.rows()).await?.matching;
        if matching < among {
            (matching, having_changed(db, scope, filter.bounds, &kinds, field, &mut values))
        } else {
            offset = stretch.offset;
            (matching, changed(db, scope, &within, field, &mut values))
        }
    };
    let order = format!("ORDER BY e.recorded_at {0}, e.no {0}", Order::NewestFirst.keyword());
    let [limit, offset] = [size, offset].map(|number| values.bind(i64::try_from(number).unwrap_or(i64::MAX)));
    let text = format!(
        "SELECT {SELECTED} FROM (SELECT e.no AS no {from} {order} LIMIT ${limit} OFFSET ${offset}) p \
         CROSS JOIN audit_events e WHERE e.no = p.no {order}"
    );
    let of_field = |row: AuditRow| {
        let change = row.changes.iter().find(|change| change.field == field).cloned()?;
        Some(FieldRow::of(&row, change))
    };
    let rows = rows(db, Sql::composed(text, values.0)).await?.into_iter().filter_map(of_field).collect();
    Ok(Page { count: matching, rows })
}

/// `FROM … WHERE …` for the rows that changed a field, by going through all rows.
fn changed(db: &Db, scope: &Scope, filter: &FieldFilter, field: &str, values: &mut Values) -> String {
    let way = if filter.object_id.is_some() { Way::Object } else { Way::Time };
    let from = from_where(db.backend(), scope, &filter.rows(), way, values);
    let mark = values.bind(change_mark(field));
    format!("{from} AND e.fields > 0 AND {}", db.backend().contains("e.changes", mark))
}

/// `FROM … WHERE …` for the rows that changed a field, by the text index.
fn having_changed(db: &Db, scope: &Scope, bounds: Bounds, kinds: &[StreamKind], field: &str, values: &mut Values) -> String {
    let backend = db.backend();
    let any: Vec<Term> = kinds.iter().map(|kind| Term::Whole(terms::of_field(scope.id(), *kind, field))).collect();
    let (place, tenant) = (values.bind(backend.any_term(&any)), values.bind(scope.id().as_str()));
    let within = bounds.conditions("e.", values);
    let found = backend.having_terms(place);
    format!("FROM ({found}) s CROSS JOIN audit_events e WHERE e.no = s.no AND e.tenant_id = ${tenant}{within}")
}

/// How often a field of a record changed.
async fn count_of_object(db: &Db, scope: &Scope, filter: &FieldFilter, field: &str) -> Result<u64, QueryError> {
    let mut values = Values::default();
    let text = format!("SELECT COUNT(*) {}", changed(db, scope, filter, field, &mut values));
    let (n,): (i64,) = db.fetch_optional(Sql::composed(text, values.0)).await?.unwrap_or_default();
    Ok(n.unsigned_abs())
}

/// How often a field changed, by day, oldest first.
async fn days_of(db: &Db, scope: &Scope, filter: &FieldFilter, field: &str) -> Result<Vec<(i64, u64)>, QueryError> {
    let kept = Kept::within(db, scope, filter.bounds).await?;
    let mut values = Values::default();
    let (tenant, name) = (values.bind(scope.id().as_str()), values.bind(field));
    let days = kept.whole_days(true, &mut values);
    let kind = filter.kind.map(|kind| values.bind(kind.name()));
    let of_kind = |prefix: &str| kind.map(|place| format!(" AND {prefix}model = ${place}")).unwrap_or_default();
    let mut also = String::new();
    if !kept.is_whole() {
        let mark = values.bind(change_mark(field));
        also = format!("{} AND e.fields > 0 AND {}", of_kind("e."), db.backend().contains("e.changes", mark));
    }
    let rows = format!("SELECT e.recorded_at / {DAY_MICROS} AS day, COUNT(*) AS n");
    let parts = kept.parts(db, scope, &mut values, (&rows, &also, " GROUP BY 1"));
    let text = format!(
        "SELECT day, CAST(SUM(n) AS BIGINT) FROM (SELECT c.day, c.n FROM audit_fields c WHERE c.tenant_id = ${tenant} \
         AND c.field = ${name}{} AND {days}{parts}) d GROUP BY day ORDER BY day",
        of_kind("c.")
    );
    let rows: Vec<(i64, i64)> = db.fetch_all(Sql::composed(text, values.0)).await?;
    Ok(rows.into_iter().map(|(day, n)| (day, n.unsigned_abs())).collect())
}
