//! Opening a database: connections, settings and the version check.

use std::path::Path;
use std::str::FromStr as _;
use std::time::Duration;

use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::writer::Writer;
use super::{Db, DbError, Pools};

/// The least SQLite that does not corrupt its write-ahead log (wal-reset, fixed in 3.51.3).
const LEAST_SQLITE: (u32, u32, u32) = (3, 51, 3);
/// A statement that the writer makes has one of a few sizes, and there are some hundreds of them.
const CACHED_STATEMENTS: usize = 512;
/// Questions are of fewer kinds, and there are many connections that ask them.
const CACHED_QUESTIONS: usize = 64;
/// After how long a connection to PostgreSQL that nobody uses is given back: there are as many pools as stores.
const IDLE: Duration = Duration::from_secs(60);

/// How many connections and how much memory each store may use.
#[derive(Debug, Clone, Copy)]
pub struct DbOptions {
    /// Connections that read (SQLite), or all connections (PostgreSQL). They are made when they are needed.
    pub connections: u32,
    /// Page cache of the connection that writes, in KiB (SQLite).
    pub writer_cache_kib: u32,
    /// Page cache of each connection that reads, in KiB (SQLite).
    pub reader_cache_kib: u32,
}

impl Default for DbOptions {
    fn default() -> Self {
        Self { connections: 4, writer_cache_kib: 12 * 1024, reader_cache_kib: 1024 }
    }
}

impl DbOptions {
    /// For a database of a few rows.
    pub(crate) const fn tiny() -> Self {
        Self { connections: 1, writer_cache_kib: 512, reader_cache_kib: 512 }
    }
}

impl Db {
    /// Opens a SQLite file, and makes it where it is missing.
    ///
    /// # Errors
    /// When it cannot be opened, or SQLite is too old.
    pub(crate) async fn file(path: &Path, options: DbOptions) -> Result<Self, DbError> {
        let file = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // Rows and checkpoint share a transaction: what a power failure takes back is applied again.
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(Duration::from_secs(30))
            .statement_cache_capacity(CACHED_STATEMENTS)
            .pragma("temp_store", "memory");
        let writes = file
            .clone()
            .pragma("cache_size", format!("-{}", options.writer_cache_kib))
            // What a forgotten customer leaves in a page is overwritten, not only unlinked.
            .pragma("secure_delete", "on")
            // 64 MiB: a page that many transactions change is copied to the database once.
            .pragma("wal_autocheckpoint", "16000");
        // The connection is kept for ever: its statements and its page cache are what make it fast.
        let mut writer = writes.connect().await?;
        check_sqlite(&mut writer).await?;
        let reads = file
            .statement_cache_capacity(CACHED_QUESTIONS)
            .pragma("cache_size", format!("-{}", options.reader_cache_kib))
            .pragma("query_only", "on");
        let readers = pool_of(options.connections.max(1)).connect_with(reads).await?;
        Ok(Self { pools: Pools::Sqlite { writer: Writer::new(writer), readers }, held: None })
    }

    /// A PostgreSQL server, with the tables of one schema in sight; of the schema that the URL leads to without one. Nothing is
    /// connected before it is needed.
    ///
    /// # Errors
    /// When the URL is none.
    pub(crate) fn schema(url: &str, schema: Option<&str>, options: DbOptions) -> Result<Self, DbError> {
        let mut server = PgConnectOptions::from_str(url)?;
        if let Some(schema) = schema {
            server = server.options([("search_path", schema)]);
        }
        let pool = PgPoolOptions::new().max_connections(options.connections.max(2)).idle_timeout(IDLE);
        Ok(Self { pools: Pools::Postgres(pool.connect_lazy_with(server)), held: None })
    }
}

/// Connections that are kept once they are made.
fn pool_of(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new().max_connections(connections).idle_timeout(None).max_lifetime(None).test_before_acquire(false)
}

/// Refuses a SQLite that may corrupt a database which several connections write and check-point.
async fn check_sqlite(connection: &mut SqliteConnection) -> Result<(), DbError> {
    let (found,): (String,) = sqlx::query_as("SELECT sqlite_version()").fetch_one(connection).await?;
    let mut numbers = found.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    if (next(), next(), next()) >= LEAST_SQLITE {
        return Ok(());
    }
    let (major, minor, patch) = LEAST_SQLITE;
    Err(DbError::SqliteTooOld { found, least: format!("{major}.{minor}.{patch}") })
}
