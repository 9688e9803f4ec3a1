//! Filling tables from the log, and comparing what is in them.

use std::collections::BTreeMap;
use std::sync::Arc;

use event_log::{Log, LogError};

use crate::db::{Db, DbError, Sql};
use crate::projection::{ApplyError, Table};
use crate::runner::{Applied, Member, Reader, Rhythm, apply};
use crate::stores::ReadModels;

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

/// Fills stores with everything that is in the log by now, from where their checkpoints are: empty ones from the start. Answers
/// how many events the projections folded in.
///
/// # Errors
/// When log or database do not answer, an event does not fit, or a runner works on the same stores.
pub async fn fill(log: &Log, models: &ReadModels) -> Result<u64, RebuildError> {
    let mut folded = 0;
    for partition in log.all_partitions() {
        let mut members = Vec::new();
        for (projection, slot) in models.each() {
            members.push(Member::load(projection, slot.serving, partition).await?);
        }
        let head = log.head(partition).await?;
        let from = members.iter().map(|member| member.position).min().unwrap_or(head);
        let mut at = from;
        let mut reader = Reader::start(log, partition, from);
        while at < head {
            let messages = reader.next(Rhythm::at_once(BATCH)).await?.ok_or(RebuildError::Ended)?;
            at = messages.last;
            let outcomes = apply(partition, &mut members, &messages).await;
            for (member, applied) in members.iter().zip(outcomes) {
                match applied {
                    Applied::Done(more) => folded += more,
                    Applied::Failed(source) => return Err(RebuildError::Apply { name: member.projection.name(), source }),
                    Applied::Conflict => return Err(RebuildError::Contended),
                }
            }
        }
        for member in &mut members {
            if !member.settle(partition).await? {
                return Err(RebuildError::Contended);
            }
        }
    }
    Ok(folded)
}

/// Everything in the tables of projections, in a fixed order and form: equal for equal tables, whatever database they are in.
pub type Dump = BTreeMap<&'static str, Vec<String>>;

/// What separates the columns of a dumped row.
const SEPARATOR: char = '\u{1F}';

/// Reads the tables of all projections.
///
/// # Errors
/// When the database does not answer.
pub async fn dump(models: &ReadModels) -> Result<Dump, DbError> {
    let mut dump = Dump::new();
    for projection in models.projections() {
        let store = models.of(projection.name())?;
        for table in projection.tables() {
            dump.insert(table.name, dump_table(&store, table).await?);
        }
    }
    Ok(dump)
}

async fn dump_table(store: &Db, table: &Table) -> Result<Vec<String>, DbError> {
    let columns: Vec<String> = table.columns.iter().map(|column| format!("CAST({column} AS TEXT)")).collect();
    let columns = columns.join(&format!(" || '{SEPARATOR}' || "));
    let text = format!("SELECT {columns} FROM {} ORDER BY {}", table.name, table.key.join(", "));
    let rows: Vec<(String,)> = store.fetch_all(Sql::composed(text, [])).await?;
    Ok(rows.into_iter().map(|(row,)| row).collect())
}
