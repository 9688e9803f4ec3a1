//! Filling tables from the log, and comparing what is in them.

use std::collections::BTreeMap;
use std::sync::Arc;

use event_log::{Log, LogError};
use events::Position;

use crate::db::{Db, DbError, Sql};
use crate::projection::{ApplyError, Projection};
use crate::runner::{Applied, Member, Reader, apply};

/// How many messages one transaction of a rebuild applies.
const BATCH: usize = 8_000;

/// Why tables could not be filled.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    /// The log cannot be read.
    #[error("log cannot be read")]
    Log(#[from] LogError),
    /// The database does not answer.
    #[error("read models cannot be written")]
    Db(#[from] DbError),
    /// An event does not fit.
    #[error("projection {name} cannot apply an event")]
    Apply {
        /// The projection.
        name: &'static str,
        /// What it says.
        source: ApplyError,
    },
    /// Somebody else fills the same tables.
    #[error("somebody else fills the same tables")]
    Contended,
    /// The log ended before it was read.
    #[error("log ended before its last position")]
    Ended,
}

/// Fills tables with everything that is in the log by now, from where their checkpoints are: an empty database from the start.
/// Answers how many events the projections folded in.
///
/// # Errors
/// When log or database do not answer, an event does not fit, or a runner works on the same tables.
pub async fn fill(log: &Log, db: &Db, projections: &[Arc<dyn Projection>]) -> Result<u64, RebuildError> {
    let mut folded = 0;
    for partition in log.all_partitions() {
        let mut members = Vec::new();
        for projection in projections {
            members.push(Member::load(db, Arc::clone(projection), partition).await?);
        }
        let head = log.head(partition).await?;
        let from = members.iter().map(|member| member.position).min().unwrap_or(head);
        let mut at = from;
        let mut reader = Reader::start(log, partition, from);
        while at < head {
            let messages = reader.next(BATCH).await?.ok_or(RebuildError::Ended)?;
            at = messages.last;
            match apply(db, partition, &mut members, &messages).await? {
                Applied::Done { failed, folded: more } => {
                    folded += more;
                    if let Some((at, source)) = failed.into_iter().next() {
                        return Err(RebuildError::Apply { name: members[at].projection.name(), source });
                    }
                }
                Applied::Conflict => return Err(RebuildError::Contended),
            }
        }
    }
    Ok(folded)
}

/// Everything in the tables of projections, in a fixed order and form: equal for equal tables, whatever database they are in.
pub type Dump = BTreeMap<&'static str, Vec<String>>;

/// What separates the columns of a dumped row.
const SEPARATOR: char = '\u{1F}';

/// Reads the tables of projections, with their checkpoints left out.
///
/// # Errors
/// When the database does not answer.
pub async fn dump(db: &Db, projections: &[Arc<dyn Projection>]) -> Result<Dump, DbError> {
    let mut dump = Dump::new();
    for table in projections.iter().flat_map(|projection| projection.tables()) {
        let columns: Vec<String> = table.columns.iter().map(|column| format!("CAST({column} AS TEXT)")).collect();
        let text = format!(
            "SELECT {} FROM {} ORDER BY {}",
            columns.join(&format!(" || '{SEPARATOR}' || ")),
            table.name,
            table.key.join(", ")
        );
        let rows: Vec<(String,)> = db.fetch_all(Sql::composed(text, [])).await?;
        dump.insert(table.name, rows.into_iter().map(|(row,)| row).collect());
    }
    Ok(dump)
}

/// The position up to which all of these projections have applied everything in their partition of one.
///
/// # Errors
/// When the database does not answer.
pub async fn position(
    db: &Db,
    projections: &[Arc<dyn Projection>],
    partition: events::subject::Partition,
) -> Result<Position, DbError> {
    let mut lowest: Option<Position> = None;
    for projection in projections {
        let at = crate::checkpoint::read(db, crate::checkpoint::Place::of(&**projection, partition)).await?;
        lowest = Some(lowest.map_or(at, |lowest| lowest.min(at)));
    }
    Ok(lowest.unwrap_or_default())
}
