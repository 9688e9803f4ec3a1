//! What the database gives without anything around it: its own insert rate for the rows of the customer list. For benchmarks.

use std::time::Instant;

use events::TenantId;

use crate::db::{Db, DbError, Sql};

/// Rows of a transaction.
const ROWS: i64 = 1_000;
/// The copies stand behind every row of any partition.
const BEHIND: i64 = 1 << 62;
/// Whose the copies are: nobody's.
const NOBODY: &str = "probe";

/// Copies a tenant's rows of the customer list, with all their indexes, a thousand in each transaction, and gives the rows per
/// second. The copies stay: only for a database that is thrown away afterwards, on SQLite.
///
/// # Errors
/// When the database does not do it.
pub async fn insert_rate(db: &Db, tenant: &TenantId) -> Result<f64, DbError> {
    let columns: Vec<(String,)> = db.fetch_all(Sql::fixed("SELECT name FROM pragma_table_info('customers')", [])).await?;
    let rest = columns.into_iter().map(|(name,)| name).filter(|name| name != "no" && name != "tenant_id");
    let rest = rest.collect::<Vec<_>>().join(", ");
    // In the order of the rows: the plus keeps the statement from sorting what an index on the tenant finds.
    let copy = format!(
        "INSERT INTO customers (no, tenant_id, {rest}) SELECT no + $1, $2, {rest} FROM customers \
         WHERE +tenant_id = $3 AND no < $1 AND no > (SELECT coalesce(max(no) - $1, 0) FROM customers WHERE no > $1) ORDER BY no LIMIT $4"
    );
    let (begin, mut copied) = (Instant::now(), 0_u64);
    loop {
        let mut tx = db.begin().await?;
        let values = [BEHIND.into(), NOBODY.into(), tenant.as_str().into(), ROWS.into()];
        let rows = tx.execute(Sql::composed(copy.clone(), values)).await?;
        tx.commit().await?;
        copied += rows;
        if rows == 0 {
            #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
            return Ok(copied as f64 / begin.elapsed().as_secs_f64());
        }
    }
}
