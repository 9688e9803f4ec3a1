//! Where a store is in every partition of the log.

use events::subject::Partition;
use events::{EventId, Position, Recorded};

use crate::db::{Db, DbError, FromRows, Sql, Tx};
use crate::value::{number, position, text};

/// The table of checkpoints, in every store.
pub(crate) const SHAPE: &str = include_str!("../migrations/checkpoint.sql");

const SELECT: &str = "SELECT position, mark_position, mark_event FROM checkpoints WHERE partition = $1";

/// How far a store is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checkpoint {
    /// Everything up to here that the projection wants is in the store.
    pub position: Position,
    /// By what the log is known again.
    pub mark: Option<Mark>,
}

/// An event that stood in the log when a store was filled. A log that says something else at its position is another one, or was
/// cut and has grown again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The position of its commit.
    pub position: Position,
    /// The identity of the last event of the commit.
    pub event: String,
}

impl Mark {
    /// The mark of the last of these events, which are in log order.
    #[must_use]
    pub fn last_of(events: &[Recorded]) -> Option<Self> {
        events.last().map(|recorded| Self { position: recorded.position, event: recorded.event_id.to_string() })
    }

    /// Whether an event is the one that stood there.
    #[must_use]
    pub fn is(&self, event: EventId) -> bool {
        self.event == event.to_string()
    }
}

/// How far a store is in a partition; at the start when nothing is in it.
///
/// # Errors
/// When the database does not answer.
pub async fn read(store: &Db, partition: Partition) -> Result<Checkpoint, DbError> {
    let select = Sql::fixed(SELECT, [i64::from(partition.0).into()]);
    Ok(store.fetch_optional(select).await?.map_or_else(Checkpoint::default, checkpoint))
}

/// The same, as a transaction sees it.
///
/// # Errors
/// When the database does not answer.
pub async fn read_in(tx: &mut Tx, partition: Partition) -> Result<Checkpoint, DbError> {
    let select = Sql::fixed(SELECT, [i64::from(partition.0).into()]);
    Ok(first(tx.fetch_all(select).await?).map_or_else(Checkpoint::default, checkpoint))
}

/// Moves the checkpoint from where it was to where the rows of this transaction are. Answers whether it still was there: if not,
/// somebody else applied these events, and the transaction must not be committed.
///
/// # Errors
/// When the database does not answer.
pub async fn advance(tx: &mut Tx, partition: Partition, from: Position, to: &Checkpoint) -> Result<bool, DbError> {
    let (mark_position, mark_event) = to.mark.as_ref().map_or((0, ""), |mark| (number(mark.position.0), &*mark.event));
    // By lists of one row, as the rows of the batch are written, so that it goes to SQLite together with them.
    let (partition, from, to) = (i64::from(partition.0), number(from.0), number(to.position.0));
    let row = vec![partition.into(), from.into(), to.into(), mark_position.into(), text(mark_event)];
    let select = if from == number(Position::START.0) {
        // It may not be there yet. Two that make it at once wait for each other, and the second changes nothing.
        "INSERT INTO checkpoints (partition, position, mark_position, mark_event) \
         SELECT v.column1, v.column3, v.column4, v.column5 FROM {keys} WHERE v.column1 IS NOT NULL \
         ON CONFLICT (partition) DO UPDATE SET position = excluded.position, mark_position = excluded.mark_position, \
         mark_event = excluded.mark_event WHERE checkpoints.position = 0 RETURNING position"
    } else {
        "UPDATE checkpoints SET position = v.column3, mark_position = v.column4, mark_event = v.column5 FROM {keys} \
         WHERE checkpoints.partition = v.column1 AND checkpoints.position = v.column2 RETURNING checkpoints.position"
    };
    let moved: Vec<(i64,)> = tx.lookup(select, vec![row]).await?;
    Ok(moved.len() == 1)
}

fn checkpoint((at, mark_position, event): (i64, i64, String)) -> Checkpoint {
    let mark = (mark_position > 0).then(|| Mark { position: position(mark_position), event });
    Checkpoint { position: position(at), mark }
}

fn first<T: FromRows>(rows: Vec<T>) -> Option<T> {
    rows.into_iter().next()
}
