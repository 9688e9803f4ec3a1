//! The table of the ledger.

use std::collections::{BTreeSet, HashMap};

use events::{Actor, ActorKind, CustomerId, Position, TenantId};
use sea_query::Value;

use super::fold::{Key, Ledgers, Tip};
use super::row::{LedgerCause, LedgerRow};
use crate::db::{Db, DbError, Existing, Sql, Target, Tx};
use crate::value::{micros, number, parsed, position, text, time};

/// The table.
pub const LEDGER: Target = Target {
    table: "points_ledger",
    columns: &[
        "tenant_id",
        "customer_id",
        "seq",
        "position",
        "event_index",
        "recorded_at",
        "cause",
        "requested",
        "applied",
        "balance",
        "reason",
        "actor_id",
        "actor_kind",
        "actor_name",
    ],
    key: &["tenant_id", "customer_id", "seq"],
};

/// How the ledgers of these customers end.
pub async fn load(tx: &mut Tx, keys: &BTreeSet<&Key>) -> Result<Ledgers, DbError> {
    let select = "SELECT l.tenant_id, l.customer_id, l.seq, l.position, l.event_index FROM {keys} \
                  CROSS JOIN points_ledger l WHERE l.tenant_id = v.column1 AND l.customer_id = v.column2 \
                  AND l.seq = (SELECT max(e.seq) FROM points_ledger e WHERE e.tenant_id = v.column1 AND e.customer_id = v.column2)";
    let keys = keys.iter().map(|(tenant, id)| vec![text(tenant.as_str()), text(id.as_str())]).collect();
    let stored: Vec<(String, String, i64, i64, i64)> = tx.lookup(select, keys).await?;
    let mut tips = HashMap::with_capacity(stored.len());
    for (tenant, id, seq, at, index) in stored {
        let key = (parsed(tenant, LEDGER.table, "tenant_id")?, parsed(id, LEDGER.table, "customer_id")?);
        tips.insert(key, Tip { seq, position: position(at), index: u32::try_from(index).unwrap_or(u32::MAX) });
    }
    Ok(Ledgers::new(tips))
}

/// Writes what a batch adds.
pub async fn save(tx: &mut Tx, ledgers: Ledgers) -> Result<(), DbError> {
    let (added, forgotten) = ledgers.into_changes();
    let keys = forgotten.into_iter().map(|(tenant, id)| vec![text(tenant), text(id)]).collect();
    tx.delete(LEDGER.table, &["tenant_id", "customer_id"], "0 = 0", keys).await?;
    tx.insert(LEDGER, Existing::Refuse, added.into_iter().map(values).collect()).await
}

fn values(((tenant, customer), row): (Key, LedgerRow)) -> Vec<Value> {
    vec![
        text(tenant),
        text(customer),
        row.seq.into(),
        number(row.position.0).into(),
        i64::from(row.index).into(),
        micros(row.recorded_at).into(),
        text(row.cause.name()),
        row.requested.into(),
        row.applied.into(),
        row.balance.into(),
        text(row.reason),
        text(row.actor.id),
        text(kind_name(row.actor.kind)),
        text(row.actor.name),
    ]
}

/// A row of the table as it is read.
#[derive(sqlx::FromRow)]
struct Stored {
    seq: i64,
    position: i64,
    event_index: i64,
    recorded_at: i64,
    cause: String,
    requested: i64,
    applied: i64,
    balance: i64,
    reason: String,
    actor_id: String,
    actor_kind: String,
    actor_name: String,
}

/// How long a ledger is.
const LENGTH: &str = "SELECT COALESCE(MAX(seq), 0) FROM points_ledger WHERE tenant_id = $1 AND customer_id = $2";
/// How long a ledger was at a position: positions grow with the numbers of the entries, so the last entry up to it is found by
/// halving what is between.
const LENGTH_UP_TO: &str = "WITH RECURSIVE halves (low, high) AS (\
     SELECT CAST(0 AS BIGINT), COALESCE(MAX(seq), 0) FROM points_ledger WHERE tenant_id = $1 AND customer_id = $2 UNION ALL \
     SELECT CASE WHEN l.position <= $3 THEN l.seq ELSE h.low END, CASE WHEN l.position <= $3 THEN h.high ELSE l.seq - 1 END \
     FROM halves h CROSS JOIN points_ledger l WHERE l.tenant_id = $1 AND l.customer_id = $2 AND l.seq = (h.low + h.high + 1) / 2 \
     AND h.low < h.high) SELECT low FROM halves WHERE low = high";

/// Entries of a customer's ledger, newest first, behind `offset` newer ones; and how many there are in all. `up_to` leaves out
/// what came after that position.
///
/// Entries are numbered: a deep page is found as fast as the first.
///
/// # Errors
/// When the database does not answer.
pub async fn page(
    db: &Db,
    tenant: &TenantId,
    customer: &CustomerId,
    up_to: Option<Position>,
    size: u64,
    offset: u64,
) -> Result<(u64, Vec<LedgerRow>), DbError> {
    let (tenant, customer) = (text(tenant.as_str()), text(customer.as_str()));
    let count = match up_to {
        None => Sql::fixed(LENGTH, [tenant.clone(), customer.clone()]),
        Some(up_to) => Sql::fixed(LENGTH_UP_TO, [tenant.clone(), customer.clone(), number(up_to.0).into()]),
    };
    let (count,): (i64,) = db.fetch_optional(count).await?.unwrap_or_default();
    let newest = count.saturating_sub(number(offset));
    if newest <= 0 {
        return Ok((count.unsigned_abs(), Vec::new()));
    }
    let rows = Sql::fixed(
        "SELECT seq, position, event_index, recorded_at, cause, requested, applied, balance, reason, actor_id, actor_kind, \
         actor_name FROM points_ledger WHERE tenant_id = $1 AND customer_id = $2 AND seq <= $3 AND seq > $4 ORDER BY seq DESC",
        [tenant, customer, newest.into(), newest.saturating_sub(number(size)).into()],
    );
    let stored: Vec<Stored> = db.fetch_all(rows).await?;
    Ok((count.unsigned_abs(), stored.into_iter().map(LedgerRow::try_from).collect::<Result<_, _>>()?))
}

impl TryFrom<Stored> for LedgerRow {
    type Error = DbError;

    fn try_from(stored: Stored) -> Result<Self, DbError> {
        let table = LEDGER.table;
        let value = |column| DbError::Value { table, column };
        Ok(Self {
            seq: stored.seq,
            position: position(stored.position),
            index: u32::try_from(stored.event_index).map_err(|_| value("event_index"))?,
            recorded_at: time(stored.recorded_at, table, "recorded_at")?,
            cause: LedgerCause::ALL.into_iter().find(|cause| cause.name() == stored.cause).ok_or_else(|| value("cause"))?,
            requested: stored.requested,
            applied: stored.applied,
            balance: stored.balance,
            reason: stored.reason,
            actor: Actor {
                id: stored.actor_id,
                kind: KINDS.into_iter().find(|kind| kind_name(*kind) == stored.actor_kind).ok_or_else(|| value("actor_kind"))?,
                name: stored.actor_name,
            },
        })
    }
}

const KINDS: [ActorKind; 4] = [ActorKind::User, ActorKind::Customer, ActorKind::Integration, ActorKind::System];

const fn kind_name(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::User => "user",
        ActorKind::Customer => "customer",
        ActorKind::Integration => "integration",
        ActorKind::System => "system",
    }
}
