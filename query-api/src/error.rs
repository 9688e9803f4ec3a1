//! What can go wrong with a question that is well put.

use projections::DbError;

/// Why a question got no answer.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The database did not answer, or holds what cannot be.
    #[error("read model cannot be read")]
    Db(#[from] DbError),
}
