//! Lists of conversations, and single ones.

use events::{ConversationId, CustomerId};
use projections::customer_history::Moment;
use projections::db::{Backend, Sql};
use projections::desk::NAME;
use projections::{Db, ReadModels};
use sea_query::Value;

use super::filter::{ConversationFilter, Window};
use super::find::{Values, conditions, from_where, order_by};
use super::moment;
use super::row::ConversationRow;
use super::stored::{StoredRow, columns, joins};
use crate::customers::as_of::AsOf;
use crate::{Page, QueryError, Scope};

/// A part of the tenant's conversations, with the exact count of all that the filter lets through.
///
/// # Errors
/// When the database does not answer.
pub async fn conversations(
    models: &ReadModels,
    scope: &Scope,
    as_of: Option<AsOf>,
    filter: &ConversationFilter,
    window: Window,
) -> Result<Page<ConversationRow>, QueryError> {
    let (db, moment) = (&models.of(NAME)?, moment(as_of));
    let count = count(db, scope, moment, filter).await?;
    if window.skip >= count || window.limit == 0 {
        return Ok(Page { count, rows: Vec::new() });
    }
    let rows = rows(db, moment, page_sql(db.backend(), scope, moment, filter, window)).await?;
    Ok(Page { count, rows })
}

/// A conversation of the tenant.
///
/// # Errors
/// When the database does not answer.
pub async fn conversation(
    models: &ReadModels,
    scope: &Scope,
    as_of: Option<AsOf>,
    id: &ConversationId,
) -> Result<Option<ConversationRow>, QueryError> {
    let (db, moment) = (&models.of(NAME)?, moment(as_of));
    let sql = single_sql(db.backend(), scope, moment, "c.id", id.as_str());
    Ok(rows(db, moment, sql).await?.pop())
}

/// The conversations of a customer, one for each page, newest activity first.
///
/// # Errors
/// When the database does not answer.
pub async fn conversations_of(
    models: &ReadModels,
    scope: &Scope,
    as_of: Option<AsOf>,
    customer: &CustomerId,
) -> Result<Vec<ConversationRow>, QueryError> {
    let (db, moment) = (&models.of(NAME)?, moment(as_of));
    rows(db, moment, single_sql(db.backend(), scope, moment, "c.customer_id", customer.as_str())).await
}

async fn rows(db: &Db, moment: Moment, sql: Sql) -> Result<Vec<ConversationRow>, QueryError> {
    let stored: Vec<StoredRow> = db.fetch_all(sql).await?;
    Ok(stored.into_iter().map(|row| row.at(moment)).collect::<Result<_, _>>()?)
}

/// How many conversations a filter lets through.
async fn count(db: &Db, scope: &Scope, moment: Moment, filter: &ConversationFilter) -> Result<u64, QueryError> {
    let (count,): (i64,) = db.fetch_optional(count_sql(db.backend(), scope, moment, filter)).await?.unwrap_or_default();
    Ok(count.unsigned_abs())
}

/// The statement for that number. Now it is a sum over the kinds that there are. Then it is a count: of those that had started, where
/// nothing else is asked, and else of the versions of then.
pub(super) fn count_sql(backend: Backend, scope: &Scope, moment: Moment, filter: &ConversationFilter) -> Sql {
    let mut values = Values::default();
    let text = if moment == Moment::OPEN && filter.terms().is_empty() {
        let conditions = conditions(scope, filter, "f", &mut values).join(" AND ");
        format!("SELECT CAST(COALESCE(SUM(f.n), 0) AS BIGINT) FROM desk_facets f WHERE {conditions}")
    } else if filter.is_plain() {
        let conditions = conditions(scope, filter, "c", &mut values).join(" AND ");
        let index = backend.indexed_by("desk_conversations_by_start");
        format!("SELECT COUNT(*) FROM desk_conversations c{index} WHERE {conditions} AND c.no <= ${}", values.bind(moment.0))
    } else {
        format!("SELECT COUNT(*) {}", from_where(backend, scope, moment, filter, &mut values))
    };
    Sql::composed(text, values.0)
}

/// The page is found in an index first; only its own rows are looked up.
pub(super) fn page_sql(backend: Backend, scope: &Scope, moment: Moment, filter: &ConversationFilter, window: Window) -> Sql {
    let mut values = Values::default();
    let from = from_where(backend, scope, moment, filter, &mut values);
    let number = |of: u64| Value::from(i64::try_from(of).unwrap_or(i64::MAX));
    let (limit, skip) = (values.bind(number(window.limit)), values.bind(number(window.skip)));
    let (columns, joins) = (columns(), joins(values.bind(moment.0)));
    let order = order_by(filter.order);
    let text = format!(
        "SELECT {columns} FROM (SELECT r.no AS no, r.valid_from AS valid_from {from} ORDER BY {order} LIMIT ${limit} OFFSET ${skip}) p \
         CROSS JOIN desk_conversations c CROSS JOIN desk_versions r{joins} \
         WHERE c.no = p.no AND r.no = p.no AND r.valid_from = p.valid_from ORDER BY {order}"
    );
    Sql::composed(text, values.0)
}

/// The conversations with this in a column that an index begins with.
pub(super) fn single_sql(backend: Backend, scope: &Scope, moment: Moment, column: &str, is: &str) -> Sql {
    let (version, condition) = backend.last_of("desk_versions", "r", ("no", "c.no"), ("valid_from", 3));
    let (columns, joins) = (columns(), joins(3));
    let text = format!(
        "SELECT {columns} FROM desk_conversations c{version}{joins} \
         WHERE c.tenant_id = $1 AND {column} = $2 AND {condition} ORDER BY r.active DESC, r.no DESC"
    );
    Sql::composed(text, [scope.id().as_str().into(), is.into(), moment.0.into()])
}

#[cfg(test)]
mod ways;
