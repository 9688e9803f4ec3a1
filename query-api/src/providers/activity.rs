//! What lately happened between providers and customers (spec 003, "Recent Activity Timeline").

use projections::ReadModels;
use projections::bookings::{ACTIVITY_SELECTED, ActivityRow, NAME, StoredActivity};
use projections::db::Sql;

use super::filter::Whose;
use crate::customers::Values;
use crate::{QueryError, Scope};

/// The last so many things that happened, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn activity(models: &ReadModels, scope: &Scope, whose: &Whose, limit: u32) -> Result<Vec<ActivityRow>, QueryError> {
    let db = models.of(NAME)?;
    let mut values = Values::default();
    let condition = whose.condition("c", scope, &mut values);
    let limit = values.bind(i64::from(limit));
    let order = "c.happened_at DESC, c.at DESC, c.event_index DESC";
    let text = format!(
        "SELECT {ACTIVITY_SELECTED} FROM (SELECT c.* FROM activity c WHERE {condition} ORDER BY {order} LIMIT ${limit}) c \
         LEFT JOIN booking_customers p ON p.tenant_id = c.tenant_id AND p.id = c.customer_id ORDER BY {order}"
    );
    let stored: Vec<StoredActivity> = db.fetch_all(Sql::composed(text, values.0)).await?;
    Ok(stored.into_iter().map(StoredActivity::row).collect::<Result<_, _>>()?)
}
