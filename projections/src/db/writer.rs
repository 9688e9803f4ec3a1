//! The one connection that writes to a SQLite file, and the transactions on it.
//!
//! A connection works on a thread of its own, and every statement is a trip there and back. So a statement that nobody waits for
//! goes along with the next one: a transaction of a batch makes three trips, whatever it writes.

use std::sync::Arc;

use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, TryStreamExt as _};
use sqlx::Connection as _;
use sqlx::sqlite::SqliteConnection;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::{DbError, FromRows, Sql};

/// The most values of the statements that wait: what has more is work enough for a trip of its own.
const MOST_WAITING: usize = 1_024;

/// Starts a transaction that may write.
const BEGIN: &str = "BEGIN IMMEDIATE";

/// The connection that writes. Clones share it, and take turns.
#[derive(Debug, Clone)]
pub(super) struct Writer(Arc<Mutex<Option<Held>>>);

#[derive(Debug)]
struct Held {
    connection: SqliteConnection,
    /// Whether whoever had it last went away in the middle of a transaction.
    left_open: bool,
}

/// A transaction. Dropped without [`Writing::commit`], it leaves no trace: who comes next undoes it.
#[derive(Debug)]
pub struct Writing {
    held: OwnedMutexGuard<Option<Held>>,
    waiting: Option<Sql>,
}

impl Writer {
    /// Takes a connection over.
    pub(super) fn new(connection: SqliteConnection) -> Self {
        Self(Arc::new(Mutex::new(Some(Held { connection, left_open: false }))))
    }

    /// Starts a transaction, once all others have ended.
    pub(super) async fn begin(&self) -> Result<Writing, DbError> {
        let mut writing = Writing { held: Arc::clone(&self.0).lock_owned().await, waiting: None };
        if writing.open()?.left_open {
            // There may be nothing to undo: it is not known how far it had come.
            let _ = Sql::fixed("ROLLBACK", []).run_sqlite().execute(writing.connection()?).await;
        }
        writing.open()?.left_open = true;
        writing.waiting = Some(Sql::fixed(BEGIN, []));
        Ok(writing)
    }

    /// Closes the connection when the last transaction has ended.
    pub(super) async fn close(&self) {
        if let Some(held) = self.0.lock().await.take() {
            // What was committed is in the file, whether or not closing it goes well.
            let _ = held.connection.close().await;
        }
    }
}

impl Writing {
    /// Runs a statement together with the next one. What is wrong with it is told then.
    pub(super) async fn later(&mut self, sql: Sql) -> Result<(), DbError> {
        let sql = self.joined(sql).await?;
        if sql.len() <= MOST_WAITING {
            self.waiting = Some(sql);
            return Ok(());
        }
        sql.run_sqlite().execute(self.connection()?).await?;
        Ok(())
    }

    /// Runs a statement and says how many rows it touched.
    pub(super) async fn execute(&mut self, sql: Sql) -> Result<u64, DbError> {
        self.settle().await?;
        Ok(sql.run_sqlite().execute(self.connection()?).await?.rows_affected())
    }

    /// Runs statements that stand in the program.
    pub(super) async fn script(&mut self, statements: &'static str) -> Result<(), DbError> {
        self.settle().await?;
        sqlx::raw_sql(statements).execute(self.connection()?).await?;
        Ok(())
    }

    /// Every row that a query yields.
    pub(super) async fn fetch_all<T: FromRows>(&mut self, sql: Sql) -> Result<Vec<T>, DbError> {
        let sql = self.joined(sql).await?;
        Ok(sql.rows_sqlite().fetch_all(self.connection()?).await?)
    }

    /// The rows that a query yields, one after another.
    pub(super) fn stream<T: FromRows + 'static>(&mut self, sql: Sql) -> BoxStream<'_, Result<T, DbError>> {
        futures_util::stream::once(async move {
            self.settle().await?;
            Ok::<_, DbError>(sql.rows_sqlite().fetch(self.connection()?).map_err(DbError::from))
        })
        .try_flatten()
        .boxed()
    }

    /// Makes everything that was done lasting.
    pub(super) async fn commit(mut self) -> Result<(), DbError> {
        let sql = self.joined(Sql::fixed("COMMIT", [])).await?;
        sql.run_sqlite().execute(self.connection()?).await?;
        self.open()?.left_open = false;
        Ok(())
    }

    /// Undoes everything that was done.
    pub(super) async fn rollback(mut self) -> Result<(), DbError> {
        // What waits was not done; where that is the beginning, there is nothing to undo.
        if !self.waiting.as_ref().is_some_and(|waiting| waiting.text().starts_with(BEGIN)) {
            // When undoing fails, who comes next does it again.
            Sql::fixed("ROLLBACK", []).run_sqlite().execute(self.connection()?).await?;
        }
        self.open()?.left_open = false;
        Ok(())
    }

    /// Whether the connection still answers.
    pub(super) async fn is_alive(&mut self) -> bool {
        match self.connection() {
            Ok(connection) => connection.ping().await.is_ok(),
            Err(_) => false,
        }
    }

    /// What waits and a statement behind it, in one text. Places with numbers count from the beginning of a text, so a statement
    /// that has them goes by itself.
    async fn joined(&mut self, sql: Sql) -> Result<Sql, DbError> {
        if sql.is_numbered() {
            self.settle().await?;
        }
        Ok(match self.waiting.take() {
            Some(waiting) => waiting.then(sql),
            None => sql,
        })
    }

    async fn settle(&mut self) -> Result<(), DbError> {
        if let Some(waiting) = self.waiting.take() {
            waiting.run_sqlite().execute(self.connection()?).await?;
        }
        Ok(())
    }

    fn open(&mut self) -> Result<&mut Held, DbError> {
        self.held.as_mut().ok_or_else(|| sqlx::Error::PoolClosed.into())
    }

    fn connection(&mut self) -> Result<&mut SqliteConnection, DbError> {
        Ok(&mut self.open()?.connection)
    }
}
