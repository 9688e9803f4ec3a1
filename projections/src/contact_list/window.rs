//! The latest changes of every tenant: written with the rows, and read by live queries and by who comes back to one.

use std::collections::BTreeMap;

use events::subject::Partition;
use events::{Position, TenantId};

use super::change::{ContactChange, StoredChange, ToKeep};
use super::store::customer_keys;
use super::table::{self, CHANGES, KEPT};
use crate::checkpoint;
use crate::customer::Key;
use crate::db::{Db, DbError, Existing, Sql, Tx};
use crate::value::{number, position, text};

/// How many changes of a tenant are kept at least.
pub const MOST_KEPT: u64 = 50_000;
/// How many more there may be before the oldest are taken out.
const SLACK: u64 = 1_000;

/// Changes of a tenant behind a position.
#[derive(Debug, Clone, PartialEq)]
pub struct Stretch {
    /// The changes, in order; at most as many as were asked for.
    pub changes: Vec<ContactChange>,
    /// Whether there are more behind these.
    pub more: bool,
    /// The position up to which these are all changes.
    pub position: Position,
}

/// The changes of a tenant behind a position, at most so many. `None`: not all of them are kept any more.
///
/// # Errors
/// When the database does not answer.
pub async fn changes(
    db: &Db,
    tenant: &TenantId,
    partition: Partition,
    after: Position,
    most: usize,
) -> Result<Option<Stretch>, DbError> {
    let mut tx = db.snapshot().await?;
    let at = checkpoint::read_in(&mut tx, partition).await?.position;
    let kept = Sql::fixed("SELECT after FROM contact_changes_kept WHERE tenant_id = $1", [text(tenant.as_str())]);
    let kept: Vec<(i64,)> = tx.fetch_all(kept).await?;
    if kept.first().is_some_and(|(from,)| position(*from) > after) {
        return Ok(None);
    }
    let select = "SELECT position, what, about, row_before, row_after FROM contact_changes \
                  WHERE tenant_id = $1 AND position > $2 ORDER BY position LIMIT $3";
    let limit = i64::try_from(most.saturating_add(1)).unwrap_or(i64::MAX);
    let values = [text(tenant.as_str()), number(after.0).into(), limit.into()];
    let mut stored: Vec<StoredChange> = tx.fetch_all(Sql::fixed(select, values)).await?;
    let more = stored.len() > most;
    stored.truncate(most);
    let changes = stored.into_iter().map(ContactChange::try_from).collect::<Result<Vec<_>, _>>()?;
    let position = changes.last().filter(|_| more).map_or(at.max(after), |last| last.position);
    Ok(Some(Stretch { changes, more, position }))
}

/// Takes out all that was kept of these customers.
pub(super) async fn scrub(tx: &mut Tx, customers: &[Key]) -> Result<(), DbError> {
    tx.delete(CHANGES.table, &["tenant_id", "about"], "0 = 0", customer_keys(customers)).await
}

/// Keeps these changes, and lets go of the oldest.
pub(super) async fn keep(tx: &mut Tx, changes: &[ToKeep]) -> Result<(), DbError> {
    let rows = changes.iter().map(table::change).collect::<Result<_, _>>()?;
    tx.insert(CHANGES, Existing::Replace, rows).await?;
    let mut more: BTreeMap<&TenantId, u64> = BTreeMap::new();
    for kept in changes {
        *more.entry(&kept.tenant).or_default() += 1;
    }
    let keys = more.keys().map(|tenant| vec![text(tenant.as_str())]).collect();
    let select =
        "SELECT k.tenant_id, k.most, k.after FROM {keys} CROSS JOIN contact_changes_kept k WHERE k.tenant_id = v.column1";
    let stored: Vec<(String, i64, i64)> = tx.lookup(select, keys).await?;
    let stored: BTreeMap<String, (i64, i64)> = stored.into_iter().map(|(tenant, most, after)| (tenant, (most, after))).collect();
    let mut kept = Vec::with_capacity(more.len());
    for (tenant, more) in more {
        let (most, after) = stored.get(tenant.as_str()).copied().unwrap_or_default();
        let most = most.unsigned_abs() + more;
        let (most, after) = if most > MOST_KEPT + SLACK { (MOST_KEPT, let_go(tx, tenant, after).await?) } else { (most, after) };
        kept.push(vec![text(tenant.as_str()), number(most).into(), after.into()]);
    }
    tx.insert(KEPT, Existing::Replace, kept).await
}

/// Takes out all but the latest changes of a tenant. Answers the position behind which all are kept.
async fn let_go(tx: &mut Tx, tenant: &TenantId, after: i64) -> Result<i64, DbError> {
    let select = "SELECT position FROM contact_changes WHERE tenant_id = $1 ORDER BY position DESC LIMIT 1 OFFSET $2";
    let last: Vec<(i64,)> = tx.fetch_all(Sql::fixed(select, [text(tenant.as_str()), number(MOST_KEPT).into()])).await?;
    let Some((last,)) = last.first().copied() else { return Ok(after) };
    let delete = "DELETE FROM contact_changes WHERE tenant_id = $1 AND position <= $2";
    tx.execute(Sql::fixed(delete, [text(tenant.as_str()), last.into()])).await?;
    Ok(last)
}
