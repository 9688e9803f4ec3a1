//! Where every projection is in every partition of the log.

use events::Position;
use events::subject::Partition;
use sea_query::Value;

use crate::db::{Db, DbError, Sql, Tx};
use crate::projection::Projection;
use crate::value::{number, position, text};

/// Names a checkpoint: projection, version and partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    name: &'static str,
    version: u32,
    partition: Partition,
}

impl Place {
    /// The checkpoint of a projection in a partition.
    #[must_use]
    pub fn of(projection: &dyn Projection, partition: Partition) -> Self {
        Self { name: projection.name(), version: projection.version(), partition }
    }

    fn key(self) -> [Value; 3] {
        [text(self.name), i64::from(self.version).into(), i64::from(self.partition.0).into()]
    }
}

/// The position up to which everything is applied; the start when nothing is.
///
/// # Errors
/// When the database does not answer.
pub async fn read(db: &Db, place: Place) -> Result<Position, DbError> {
    let select =
        Sql::fixed("SELECT position FROM checkpoints WHERE projection = $1 AND version = $2 AND partition = $3", place.key());
    let found: Option<(i64,)> = db.fetch_optional(select).await?;
    Ok(found.map_or(Position::START, |(at,)| position(at)))
}

/// Moves a checkpoint from where it was to where the rows of this transaction are. Answers whether it still was there: if not,
/// somebody else applied these events, and the transaction must not be committed.
///
/// # Errors
/// When the database does not answer.
pub async fn advance(tx: &mut Tx, place: Place, from: Position, to: Position) -> Result<bool, DbError> {
    let [name, version, partition] = place.key();
    let values = [name, version, partition, number(to.0).into(), number(from.0).into()];
    let sql = if from == Position::START {
        // The row may not be there yet. Two that make it at once wait for each other, and the second changes nothing.
        Sql::fixed(
            "INSERT INTO checkpoints (projection, version, partition, position) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (projection, version, partition) DO UPDATE SET position = excluded.position \
             WHERE checkpoints.position = $5",
            values,
        )
    } else {
        Sql::fixed(
            "UPDATE checkpoints SET position = $4 WHERE projection = $1 AND version = $2 AND partition = $3 AND position = $5",
            values,
        )
    };
    Ok(tx.execute(sql).await? == 1)
}
