//! Opening the database: connections, settings, the version check and the migrations.

use std::time::Duration;

use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::{DatabaseUrl, Db, DbError, Pools};

/// The least SQLite that does not corrupt its write-ahead log (wal-reset, fixed in 3.51.3).
const LEAST_SQLITE: (u32, u32, u32) = (3, 51, 3);
/// A statement that the writer makes has one of a few sizes, and there are some hundreds of them.
const CACHED_STATEMENTS: usize = 512;

/// How many connections and how much memory to use.
#[derive(Debug, Clone, Copy)]
pub struct DbOptions {
    /// Connections that read (SQLite), or all connections (PostgreSQL).
    pub connections: u32,
    /// Page cache of the connection that writes, in KiB (SQLite).
    pub writer_cache_kib: u32,
    /// Page cache of each connection that reads, in KiB (SQLite).
    pub reader_cache_kib: u32,
}

impl Default for DbOptions {
    fn default() -> Self {
        Self { connections: 4, writer_cache_kib: 64 * 1024, reader_cache_kib: 12 * 1024 }
    }
}

impl Db {
    /// Opens the database and brings its tables to the shape of this program.
    ///
    /// # Errors
    /// When it cannot be reached or made, when SQLite is too old, or when a migration fails.
    pub async fn open(url: &DatabaseUrl, options: DbOptions) -> Result<Self, DbError> {
        match url {
            DatabaseUrl::Sqlite(path) => {
                if let Some(dir) = path.parent().filter(|dir| !dir.as_os_str().is_empty()) {
                    std::fs::create_dir_all(dir).map_err(DbError::Directory)?;
                }
                let file = SqliteConnectOptions::new()
                    .filename(path)
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    // Rows and checkpoint share a transaction: what a power failure takes back is applied again.
                    .synchronous(SqliteSynchronous::Normal)
                    .busy_timeout(Duration::from_secs(30))
                    .statement_cache_capacity(CACHED_STATEMENTS)
                    .pragma("temp_store", "memory");
                Self::open_sqlite(file, options).await
            }
            DatabaseUrl::Postgres(url) => {
                let pool = PgPoolOptions::new().max_connections(options.connections.max(4)).connect(url).await?;
                sqlx::migrate!("migrations/postgres").run(&pool).await?;
                Ok(Self { pools: Pools::Postgres(pool) })
            }
        }
    }

    async fn open_sqlite(file: SqliteConnectOptions, options: DbOptions) -> Result<Self, DbError> {
        let writes = file
            .clone()
            .pragma("cache_size", format!("-{}", options.writer_cache_kib))
            // What a forgotten customer leaves in a page is overwritten, not only unlinked.
            .pragma("secure_delete", "on")
            // 64 MiB: a page that many transactions change is copied to the database once.
            .pragma("wal_autocheckpoint", "16000");
        // The single connection is kept for ever: its statements and its page cache are what make it fast.
        let writer = pool_of(1).connect_with(writes).await?;
        check_sqlite(&writer).await?;
        sqlx::migrate!("migrations/sqlite").run(&writer).await?;
        let reads = file.pragma("cache_size", format!("-{}", options.reader_cache_kib)).pragma("query_only", "on");
        let readers = pool_of(options.connections.max(1)).connect_with(reads).await?;
        Ok(Self { pools: Pools::Sqlite { writer, readers } })
    }
}

fn pool_of(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .min_connections(connections)
        .max_connections(connections)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}

/// Refuses a SQLite that may corrupt a database which several connections write and check-point.
async fn check_sqlite(pool: &sqlx::SqlitePool) -> Result<(), DbError> {
    let (found,): (String,) = sqlx::query_as("SELECT sqlite_version()").fetch_one(pool).await?;
    let mut numbers = found.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    if (next(), next(), next()) >= LEAST_SQLITE {
        return Ok(());
    }
    let (major, minor, patch) = LEAST_SQLITE;
    Err(DbError::SqliteTooOld { found, least: format!("{major}.{minor}.{patch}") })
}
