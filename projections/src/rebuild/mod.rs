//! Filling stores from the log, comparing them row by row, and putting new ones in the place of old ones.

mod compare;
mod difference;
mod dump;
mod fill;
mod job;
mod merge;
mod rows;
mod texts;
mod told;

use event_log::LogError;

pub use difference::{Difference, Since, What};
pub use dump::{Dump, dump};
pub use fill::{fill, fill_until};
pub use job::{rebuild, verify};
pub(crate) use rows::rows;
pub use rows::{Cell, Cells};
pub use told::{Outcome, Stage, Told, Witness};

use crate::db::DbError;
use crate::projection::ApplyError;

/// Why stores could not be filled or compared.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    /// The log cannot be read.
    #[error("log cannot be read")]
    Log(#[from] LogError),
    /// The database does not answer.
    #[error("read models cannot be read or written")]
    Db(#[from] DbError),
    /// An event does not fit.
    #[error("projection {name} cannot apply an event")]
    Apply {
        /// The projection.
        name: &'static str,
        /// What it says.
        source: ApplyError,
    },
    /// Somebody else fills the same store.
    #[error("somebody else fills the same store")]
    Contended,
    /// There is no projection of this name.
    #[error("there is no projection {0:?}: there are {1}")]
    Unknown(String, String),
    /// A replay would do again what is done outside of the tables.
    #[error("projection {0} has effects outside of its tables: it cannot be given the log again")]
    Unsafe(&'static str),
    /// Another process rebuilds or verifies it.
    #[error("projection {0} is being rebuilt or verified by another process: wait until it is done")]
    Busy(&'static str),
    /// It is being filled as it is.
    #[error("projection {0} is being filled from the log already: /health/ready tells when it is read")]
    Filling(&'static str),
}
