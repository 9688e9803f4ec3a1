//! What can go wrong with the database.

/// Why the read models could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The URL names neither SQLite nor PostgreSQL.
    #[error("a database URL starts with sqlite:, postgres:// or postgresql://")]
    Url,
    /// The bundled SQLite is one that can corrupt its write-ahead log.
    #[error("SQLite {found} is too old, at least {least} is needed")]
    SqliteTooOld {
        /// The version that is linked.
        found: String,
        /// The least that is safe.
        least: String,
    },
    /// The directory of the database files could not be made.
    #[error("directory of the read models cannot be made")]
    Directory(#[source] std::io::Error),
    /// The URL of the server leads to no schema.
    #[error("the database has no schema to keep the read models in: its search_path names none that exists")]
    NoSchema,
    /// Nobody fills such tables.
    #[error("there is no projection {0}")]
    NoProjection(String),
    /// The only store of a projection is still being filled.
    #[error("read model {0} is still being filled from the log")]
    Filling(String),
    /// A store is not where it is said to be, or is being dropped.
    #[error("store {0} is gone")]
    Gone(String),
    /// A statement failed.
    #[error("database statement failed")]
    Sql(#[from] sqlx::Error),
    /// A value in a table is none that this program writes.
    #[error("table {table} holds a value that cannot be: {column}")]
    Value {
        /// Where it stands.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
}
