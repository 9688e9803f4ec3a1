//! A database: a SQLite file, or a schema on a PostgreSQL server, behind one handle.

mod bulk;
mod dialect;
mod error;
mod open;
mod sql;
mod texts;
mod tx;
mod url;
mod words;
mod writer;

pub use bulk::{Existing, Target};
pub use dialect::{Backend, TextIndex};
pub use error::DbError;
pub use open::DbOptions;
pub use sql::{FromRows, Sql};
pub use texts::Texts;
pub use tx::Tx;
pub use url::DatabaseUrl;
pub use words::{Term, WORDS};

use std::sync::Arc;

use sqlx::{PgPool, SqlitePool};

use crate::stores::Hold;
use writer::Writer;

/// A handle on a database. Clones share the connections.
#[derive(Debug, Clone)]
pub struct Db {
    pools: Pools,
    /// Keeps the database from being dropped.
    #[expect(dead_code, reason = "it does so by being there")]
    held: Option<Arc<Hold>>,
}

/// The connections behind a handle.
#[derive(Debug, Clone)]
enum Pools {
    /// One connection that writes, and some that read beside it.
    Sqlite { writer: Writer, readers: SqlitePool },
    /// The server sorts readers and writers out.
    Postgres(PgPool),
}

impl Db {
    /// The same database, kept from being dropped for as long as anybody has this handle.
    pub(crate) fn held_by(self, hold: Arc<Hold>) -> Self {
        Self { held: Some(hold), ..self }
    }

    /// Which database this is.
    #[must_use]
    pub const fn backend(&self) -> Backend {
        match self.pools {
            Pools::Sqlite { .. } => Backend::Sqlite,
            Pools::Postgres(_) => Backend::Postgres,
        }
    }

    /// Starts a transaction that may write. On SQLite it waits its turn: there is one writer.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn begin(&self) -> Result<Tx, DbError> {
        Ok(match &self.pools {
            Pools::Sqlite { writer, .. } => Tx::Sqlite(writer.begin().await?),
            Pools::Postgres(pool) => Tx::begun_on(pool, "BEGIN").await?,
        })
    }

    /// Starts a transaction that sees the database as it is when it first looks, whatever is written meanwhile.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn snapshot(&self) -> Result<Tx, DbError> {
        Ok(match &self.pools {
            Pools::Sqlite { readers, .. } => Tx::Reading(readers.begin().await?),
            Pools::Postgres(pool) => Tx::begun_on(pool, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?,
        })
    }

    /// Every row that a query yields.
    ///
    /// # Errors
    /// When the query fails or a row does not fit.
    pub async fn fetch_all<T: FromRows>(&self, sql: Sql) -> Result<Vec<T>, DbError> {
        Ok(match &self.pools {
            Pools::Sqlite { readers, .. } => sql.rows_sqlite().fetch_all(readers).await?,
            Pools::Postgres(pool) => sql.rows_postgres().fetch_all(pool).await?,
        })
    }

    /// The first row that a query yields, if any.
    ///
    /// # Errors
    /// When the query fails or a row does not fit.
    pub async fn fetch_optional<T: FromRows>(&self, sql: Sql) -> Result<Option<T>, DbError> {
        Ok(match &self.pools {
            Pools::Sqlite { readers, .. } => sql.rows_sqlite().fetch_optional(readers).await?,
            Pools::Postgres(pool) => sql.rows_postgres().fetch_optional(pool).await?,
        })
    }

    /// Closes all connections and waits until they are closed.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    /// The PostgreSQL connections, for what only a server can do.
    pub(crate) const fn postgres(&self) -> Option<&PgPool> {
        match &self.pools {
            Pools::Sqlite { .. } => None,
            Pools::Postgres(pool) => Some(pool),
        }
    }
}
