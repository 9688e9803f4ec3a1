//! Where every projection is in every partition of the log.

use std::collections::BTreeMap;

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

/// Moves checkpoints from where they were to where the rows of this transaction are. Answers whether all still were there: if
/// not, somebody else applied these events, and the transaction must not be committed.
///
/// # Errors
/// When the database does not answer.
pub async fn advance(tx: &mut Tx, places: &[(Place, Position)], to: Position) -> Result<bool, DbError> {
    let mut by_position: BTreeMap<Position, Vec<Place>> = BTreeMap::new();
    for (place, from) in places {
        by_position.entry(*from).or_default().push(*place);
    }
    for (from, places) in by_position {
        let moved = if from == Position::START { begin(tx, &places, to).await? } else { move_on(tx, &places, from, to).await? };
        if moved != places.len() as u64 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The rows may not be there yet. Two that make one at once wait for each other, and the second changes nothing.
async fn begin(tx: &mut Tx, places: &[Place], to: Position) -> Result<u64, DbError> {
    let mut moved = 0;
    for place in places {
        let [name, version, partition] = place.key();
        let values = [name, version, partition, number(to.0).into(), number(Position::START.0).into()];
        let insert = Sql::fixed(
            "INSERT INTO checkpoints (projection, version, partition, position) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (projection, version, partition) DO UPDATE SET position = excluded.position \
             WHERE checkpoints.position = $5",
            values,
        );
        moved += tx.execute(insert).await?;
    }
    Ok(moved)
}

async fn move_on(tx: &mut Tx, places: &[Place], from: Position, to: Position) -> Result<u64, DbError> {
    let one = |at: usize| {
        let first = 3 + at * 3;
        format!("(projection = ${first} AND version = ${} AND partition = ${})", first + 1, first + 2)
    };
    let any: Vec<String> = (0..places.len()).map(one).collect();
    let text = format!("UPDATE checkpoints SET position = $1 WHERE position = $2 AND ({})", any.join(" OR "));
    let values = [number(to.0).into(), number(from.0).into()].into_iter().chain(places.iter().flat_map(|place| place.key()));
    tx.execute(Sql::composed(text, values)).await
}
