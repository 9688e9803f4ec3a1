//! A transaction on either database.

use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, TryStreamExt as _};
use sqlx::{Connection as _, PgPool, Postgres, Sqlite, Transaction};

use super::writer::Writing;
use super::{Backend, DbError, FromRows, Sql};

/// A transaction that may write. Dropped without [`Tx::commit`], it leaves no trace.
#[derive(Debug)]
pub enum Tx {
    /// On SQLite, on the connection that writes.
    Sqlite(Writing),
    /// On SQLite, on a connection that reads.
    Reading(Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// Starts a transaction on PostgreSQL, with one of its `BEGIN` statements.
    ///
    /// In a task of its own, because whoever asks for it may go away meanwhile (a client that hangs up): sqlx 0.9.0 gives the
    /// connection back with the transaction open then (its issue 4393), and who is next reads and writes in it.
    pub(super) async fn begun_on(pool: &PgPool, statement: &'static str) -> Result<Self, DbError> {
        let pool = pool.clone();
        let begun = tokio::spawn(async move { pool.begin_with(statement).await });
        Ok(Self::Postgres(begun.await.map_err(|_| sqlx::Error::WorkerCrashed)??))
    }

    /// Which database this is.
    #[must_use]
    pub const fn backend(&self) -> Backend {
        match self {
            Self::Sqlite(_) | Self::Reading(_) => Backend::Sqlite,
            Self::Postgres(_) => Backend::Postgres,
        }
    }

    /// Runs a statement whose outcome nobody waits for: at the latest together with the end of the transaction, which fails if it
    /// does.
    ///
    /// # Errors
    /// When the statement fails, or one before it.
    pub async fn later(&mut self, sql: Sql) -> Result<(), DbError> {
        match self {
            Self::Sqlite(tx) => tx.later(sql).await,
            Self::Reading(_) | Self::Postgres(_) => self.execute(sql).await.map(drop),
        }
    }

    /// Runs a statement and says how many rows it touched.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn execute(&mut self, sql: Sql) -> Result<u64, DbError> {
        Ok(match self {
            Self::Sqlite(tx) => tx.execute(sql).await?,
            Self::Reading(tx) => sql.run_sqlite().execute(&mut **tx).await?.rows_affected(),
            Self::Postgres(tx) => sql.run_postgres().execute(&mut **tx).await?.rows_affected(),
        })
    }

    /// Runs statements that stand in the program, one after another.
    ///
    /// # Errors
    /// When one fails.
    pub(crate) async fn script(&mut self, statements: &'static str) -> Result<(), DbError> {
        match self {
            Self::Sqlite(tx) => tx.script(statements).await?,
            Self::Reading(tx) => {
                sqlx::raw_sql(statements).execute(&mut **tx).await?;
            }
            Self::Postgres(tx) => {
                sqlx::raw_sql(statements).execute(&mut **tx).await?;
            }
        }
        Ok(())
    }

    /// Every row that a query yields.
    ///
    /// # Errors
    /// When the query fails or a row does not fit.
    pub async fn fetch_all<T: FromRows>(&mut self, sql: Sql) -> Result<Vec<T>, DbError> {
        Ok(match self {
            Self::Sqlite(tx) => tx.fetch_all(sql).await?,
            Self::Reading(tx) => sql.rows_sqlite().fetch_all(&mut **tx).await?,
            Self::Postgres(tx) => sql.rows_postgres().fetch_all(&mut **tx).await?,
        })
    }

    /// The rows that a query yields, one after another.
    pub(crate) fn stream<T: FromRows + 'static>(&mut self, sql: Sql) -> BoxStream<'_, Result<T, DbError>> {
        match self {
            Self::Sqlite(tx) => tx.stream(sql),
            Self::Reading(tx) => sql.rows_sqlite().fetch(&mut **tx).map_err(DbError::from).boxed(),
            Self::Postgres(tx) => sql.rows_postgres().fetch(&mut **tx).map_err(DbError::from).boxed(),
        }
    }

    /// Makes everything that was done lasting.
    ///
    /// # Errors
    /// When it could not be made so; then nothing was done.
    pub async fn commit(self) -> Result<(), DbError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Reading(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Undoes everything that was done.
    ///
    /// # Errors
    /// When the connection is gone; then nothing was done either.
    pub async fn rollback(self) -> Result<(), DbError> {
        match self {
            Self::Sqlite(tx) => tx.rollback().await?,
            Self::Reading(tx) => tx.rollback().await?,
            Self::Postgres(tx) => tx.rollback().await?,
        }
        Ok(())
    }

    /// Whether the connection still answers.
    pub async fn is_alive(&mut self) -> bool {
        match self {
            Self::Sqlite(tx) => tx.is_alive().await,
            Self::Reading(tx) => tx.ping().await.is_ok(),
            Self::Postgres(tx) => tx.ping().await.is_ok(),
        }
    }
}
