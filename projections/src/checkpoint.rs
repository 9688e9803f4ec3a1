//! Where a store is in every partition of the log.

use events::Position;
use events::subject::Partition;

use crate::db::{Db, DbError, Sql, Tx};
use crate::value::{number, position};

/// The table of checkpoints, in every store.
pub(crate) const SHAPE: &str = include_str!("../migrations/checkpoint.sql");

/// The position up to which everything that its projection wants is in a store; the start when nothing is.
///
/// # Errors
/// When the database does not answer.
pub async fn read(store: &Db, partition: Partition) -> Result<Position, DbError> {
    let select = Sql::fixed("SELECT position FROM checkpoints WHERE partition = $1", [i64::from(partition.0).into()]);
    let found: Option<(i64,)> = store.fetch_optional(select).await?;
    Ok(found.map_or(Position::START, |(at,)| position(at)))
}

/// Moves the checkpoint from where it was to where the rows of this transaction are. Answers whether it still was there: if not,
/// somebody else applied these events, and the transaction must not be committed.
///
/// # Errors
/// When the database does not answer.
pub async fn advance(tx: &mut Tx, partition: Partition, from: Position, to: Position) -> Result<bool, DbError> {
    let values = [i64::from(partition.0).into(), number(from.0).into(), number(to.0).into()];
    let sql = if from == Position::START {
        // It may not be there yet. Two that make it at once wait for each other, and the second changes nothing.
        "INSERT INTO checkpoints (partition, position) VALUES ($1, $3) \
         ON CONFLICT (partition) DO UPDATE SET position = excluded.position WHERE checkpoints.position = $2"
    } else {
        "UPDATE checkpoints SET position = $3 WHERE partition = $1 AND position = $2"
    };
    Ok(tx.execute(Sql::fixed(sql, values)).await? == 1)
}
