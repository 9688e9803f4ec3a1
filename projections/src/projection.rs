//! What a projection is.

use events::subject::Partition;
use events::{CustomerEvent, CustomerId, Event, Position, Recorded, StreamKind, TenantId};
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

use crate::db::{Backend, DbError, Texts, Tx};
use crate::rebuild::{self, Cells};

/// Whether a projection may be given the log from the start again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replay {
    /// It only writes its own tables: a replay into empty ones gives the same rows.
    Safe,
    /// It has effects outside of its tables: they must not happen again.
    Unsafe,
}

/// How soon a projection shows what happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pace {
    /// A write is answered when it shows it.
    Prompt,
    /// It follows in larger batches, a little later; whoever reads it waits for it.
    Trailing,
}

impl Pace {
    /// Every pace there is.
    pub const ALL: [Self; 2] = [Self::Prompt, Self::Trailing];

    /// The name that health tells.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Prompt => "prompt",
            Self::Trailing => "trailing",
        }
    }
}

/// The statements that make a projection's tables in an empty store.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// On SQLite.
    pub sqlite: &'static str,
    /// On PostgreSQL.
    pub postgres: &'static str,
}

impl Shape {
    /// The statements for a database.
    #[must_use]
    pub const fn of(self, backend: Backend) -> &'static str {
        match backend {
            Backend::Sqlite => self.sqlite,
            Backend::Postgres => self.postgres,
        }
    }
}

/// The [`Shape`] in the two files of this name below `migrations`.
macro_rules! shape {
    ($name:literal) => {
        $crate::projection::Shape {
            sqlite: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/postgres/", $name, ".sql")),
        }
    };
}
pub(crate) use shape;

/// A table of a projection, as it is compared with the same table elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// The columns that are compared.
    pub columns: &'static [&'static str],
    /// The columns that order its rows.
    pub key: &'static [&'static str],
}

/// Events of one partition in log order, all of which the projection wants.
#[derive(Debug, Clone)]
pub struct Batch<'a> {
    /// Where they come from.
    pub partition: Partition,
    /// The events.
    pub events: Vec<&'a Recorded>,
}

impl<'a> Batch<'a> {
    /// What a projection wants of these events.
    pub fn of(projection: &dyn Projection, partition: Partition, events: &'a [Recorded]) -> Self {
        let kinds = projection.kinds();
        let wanted = |recorded: &&Recorded| kinds.contains(&recorded.event.kind()) && projection.wants(&recorded.event);
        Self { partition, events: events.iter().filter(wanted).collect() }
    }
}

/// Why a projection could not apply a batch.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// An event cannot be folded in.
    #[error("event {index} at position {position} does not fit: {reason}")]
    Event {
        /// The position of its commit.
        position: Position,
        /// Its place in the commit.
        index: u32,
        /// What does not fit, without personal data.
        reason: String,
    },
    /// The tables could not be read or written.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl ApplyError {
    /// An event that cannot be folded in.
    #[must_use]
    pub fn event(recorded: &Recorded, reason: impl Into<String>) -> Self {
        Self::Event { position: recorded.position, index: recorded.index, reason: reason.into() }
    }
}

/// A fold of the log into tables.
pub trait Projection: Send + Sync + 'static {
    /// Its name: also that of its folder.
    fn name(&self) -> &'static str;

    /// Grows when the tables must be filled anew: their shape changed, or what is put into them.
    fn version(&self) -> u32;

    /// The least version whose tables this version can read and fill, because their shape is the same: while a new generation is
    /// filled, one from here on goes on serving. One of an earlier version cannot, and questions are refused meanwhile.
    fn readable_from(&self) -> u32 {
        self.version()
    }

    /// How soon it shows what happened.
    fn pace(&self) -> Pace;

    /// Whether a replay is safe.
    fn replay(&self) -> Replay;

    /// How its tables are made.
    fn shape(&self) -> Shape;

    /// Its tables, for comparison.
    fn tables(&self) -> &'static [Table];

    /// The rows of one of these tables in the order of its key, as they are compared.
    fn rows<'a>(&self, tx: &'a mut Tx, table: &Table) -> BoxStream<'a, Result<Cells, DbError>> {
        rebuild::rows(tx, table)
    }

    /// Its text indexes on a database, for comparison.
    fn texts(&self, _backend: Backend) -> &'static [Texts] {
        &[]
    }

    /// The kinds of streams whose events it folds.
    fn kinds(&self) -> &'static [StreamKind];

    /// Whether it folds an event of these kinds. Where it does not, the event costs it nothing, not even a transaction.
    fn wants(&self, _event: &Event) -> bool {
        true
    }

    /// Folds the events into the tables. The transaction and the checkpoint are the runner's.
    fn apply<'a>(&'a self, tx: &'a mut Tx, batch: Batch<'a>) -> BoxFuture<'a, Result<(), ApplyError>>;
}

/// A customer event of a batch: whose, where it stands, and what happened.
pub(crate) type OfCustomer<'a> = ((TenantId, CustomerId), &'a Recorded, &'a CustomerEvent);

/// The customer events of a batch.
///
/// # Errors
/// When a stream's id is no customer's.
pub(crate) fn customer_events<'a>(batch: &Batch<'a>) -> Result<Vec<OfCustomer<'a>>, ApplyError> {
    let of = |recorded: &'a Recorded| {
        let Event::Customer(event) = &recorded.event else { return None };
        let stream = &recorded.envelope.stream;
        let id = stream.id().parse().map_err(|_| ApplyError::event(recorded, "its stream names no customer"));
        Some(id.map(|id| ((stream.tenant.clone(), id), recorded, event)))
    };
    batch.events.iter().filter_map(|recorded| of(recorded)).collect()
}
