//! Throw-away databases and made-up histories for the tests of this crate and of others.

pub mod history;

use std::sync::atomic::{AtomicU32, Ordering};

use crate::db::{DatabaseUrl, Db, DbError, DbOptions, Sql};

/// Names the PostgreSQL server that tests may use.
const SERVER: &str = "KITH_TEST_DATABASE_URL";

/// A database of its own; gone when it is dropped (SQLite) or with its server (PostgreSQL).
#[derive(Debug)]
pub struct TestDb {
    db: Db,
    url: DatabaseUrl,
    _dir: Option<tempfile::TempDir>,
}

/// Why there is no database to test with.
#[derive(Debug, thiserror::Error)]
pub enum TestDbError {
    /// Nobody said where PostgreSQL is.
    #[error("set KITH_TEST_DATABASE_URL to the URL of a PostgreSQL on which tests may make schemas (`make test` starts one)")]
    NoServer,
    /// There is no place for a file.
    #[error("no temporary directory")]
    Dir(#[from] std::io::Error),
    /// The database cannot be opened.
    #[error("test database cannot be opened")]
    Db(#[from] DbError),
}

impl TestDb {
    /// A SQLite file in a temporary directory.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn sqlite() -> Result<Self, TestDbError> {
        let dir = tempfile::tempdir()?;
        let url = DatabaseUrl::in_dir(dir.path());
        Ok(Self { db: Db::open(&url, small()).await?, url, _dir: Some(dir) })
    }

    /// A schema of its own on the PostgreSQL server that `KITH_TEST_DATABASE_URL` names.
    ///
    /// # Errors
    /// When no server is named, or it does not answer.
    pub async fn postgres() -> Result<Self, TestDbError> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let server = std::env::var(SERVER).map_err(|_| TestDbError::NoServer)?;
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let schema = format!("kith_{}_{number}", uuid::Uuid::now_v7().simple());
        let pool = sqlx::PgPool::connect(&server).await.map_err(DbError::from)?;
        let create = sqlx::AssertSqlSafe(format!("CREATE SCHEMA {schema}"));
        sqlx::query(create).execute(&pool).await.map_err(DbError::from)?;
        pool.close().await;
        let mark = if server.contains('?') { '&' } else { '?' };
        let url = DatabaseUrl::Postgres(format!("{server}{mark}options=-csearch_path%3D{schema}"));
        Ok(Self { db: Db::open(&url, small()).await?, url, _dir: None })
    }

    /// The database.
    #[must_use]
    pub const fn db(&self) -> &Db {
        &self.db
    }

    /// Where it is, to open it once more.
    #[must_use]
    pub const fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// How the database means to answer a query: one line per step.
    ///
    /// # Errors
    /// When the query cannot be explained.
    pub async fn explain(&self, sql: Sql) -> Result<Vec<String>, DbError> {
        match self.db.backend() {
            crate::db::Backend::Sqlite => {
                let steps: Vec<(i64, i64, i64, String)> = self.db.fetch_all(sql.prefixed("EXPLAIN QUERY PLAN")).await?;
                Ok(steps.into_iter().map(|(_, _, _, step)| step).collect())
            }
            crate::db::Backend::Postgres => {
                let steps: Vec<(String,)> = self.db.fetch_all(sql.prefixed("EXPLAIN")).await?;
                Ok(steps.into_iter().map(|(step,)| step).collect())
            }
        }
    }
}

/// Tests run many at once.
fn small() -> DbOptions {
    DbOptions { connections: 2, writer_cache_kib: 8 * 1024, reader_cache_kib: 2 * 1024 }
}
