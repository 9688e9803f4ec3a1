//! Throw-away databases and made-up histories for the tests of this crate and of others.

pub mod contacts;
pub mod desk;
pub mod given;
pub mod history;
pub mod providers;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use events::Recorded;

use crate::customer_history::{self, CustomerHistory};
use crate::db::{Backend, DatabaseUrl, Db, DbError, DbOptions, Sql};
use crate::projection::{ApplyError, Batch, Projection};
use crate::registry;
use crate::stores::ReadModels;

/// Names the PostgreSQL server that tests may use.
const SERVER: &str = "KITH_TEST_DATABASE_URL";

/// Every projection there is, with chapters so short that small histories have several.
#[must_use]
pub fn projections() -> Vec<Arc<dyn Projection>> {
    let short = |projection: Arc<dyn Projection>| -> Arc<dyn Projection> {
        if projection.name() == customer_history::NAME { Arc::new(CustomerHistory::in_short_chapters()) } else { projection }
    };
    registry::all().into_iter().map(short).collect()
}

/// A database of its own; gone when it is dropped (SQLite) or with its server (PostgreSQL).
#[derive(Debug)]
pub struct TestDb {
    models: ReadModels,
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
    /// SQLite files in a temporary directory, for every projection there is.
    ///
    /// # Errors
    /// When they cannot be made.
    pub async fn sqlite() -> Result<Self, TestDbError> {
        Self::sqlite_with(&projections()).await
    }

    /// SQLite files in a temporary directory, for these projections.
    ///
    /// # Errors
    /// When they cannot be made.
    pub async fn sqlite_with(projections: &[Arc<dyn Projection>]) -> Result<Self, TestDbError> {
        let dir = tempfile::tempdir()?;
        let url = DatabaseUrl::in_dir(dir.path());
        Ok(Self { models: open(&url, projections).await?, url, _dir: Some(dir) })
    }

    /// Schemas of its own on the PostgreSQL server that `KITH_TEST_DATABASE_URL` names, for every projection there is.
    ///
    /// # Errors
    /// When no server is named, or it does not answer.
    pub async fn postgres() -> Result<Self, TestDbError> {
        Self::postgres_with(&projections()).await
    }

    /// Schemas of its own on the PostgreSQL server that `KITH_TEST_DATABASE_URL` names, for these projections.
    ///
    /// # Errors
    /// When no server is named, or it does not answer.
    pub async fn postgres_with(projections: &[Arc<dyn Projection>]) -> Result<Self, TestDbError> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let server = std::env::var(SERVER).map_err(|_| TestDbError::NoServer)?;
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let schema = format!("t{}_{number}", &uuid::Uuid::now_v7().simple().to_string()[16..]);
        let pool = sqlx::PgPool::connect(&server).await.map_err(DbError::from)?;
        let create = sqlx::AssertSqlSafe(format!("CREATE SCHEMA {schema}"));
        sqlx::query(create).execute(&pool).await.map_err(DbError::from)?;
        pool.close().await;
        let mark = if server.contains('?') { '&' } else { '?' };
        let url = DatabaseUrl::Postgres(format!("{server}{mark}options=-csearch_path%3D{schema}"));
        Ok(Self { models: open(&url, projections).await?, url, _dir: None })
    }

    /// The read models.
    #[must_use]
    pub const fn models(&self) -> &ReadModels {
        &self.models
    }

    /// Where they are, to open them once more.
    #[must_use]
    pub const fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Applies events to every projection, each in a transaction of its own, and leaves the checkpoints where they are.
    ///
    /// # Errors
    /// When one of them does not take the events.
    pub async fn apply(&self, events: &[Recorded]) -> Result<(), ApplyError> {
        for projection in self.models.projections() {
            let mut tx = self.models.of(projection.name())?.begin().await?;
            projection.apply(&mut tx, Batch::of(&**projection, history::PARTITION, events)).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// How a projection's store means to answer a query: one line per step.
    ///
    /// # Errors
    /// When the query cannot be explained.
    pub async fn explain(&self, projection: &str, sql: Sql) -> Result<Vec<String>, DbError> {
        let store: Db = self.models.of(projection)?;
        match store.backend() {
            Backend::Sqlite => {
                let steps: Vec<(i64, i64, i64, String)> = store.fetch_all(sql.prefixed("EXPLAIN QUERY PLAN")).await?;
                Ok(steps.into_iter().map(|(_, _, _, step)| step).collect())
            }
            Backend::Postgres => {
                let steps: Vec<(String,)> = store.fetch_all(sql.prefixed("EXPLAIN")).await?;
                Ok(steps.into_iter().map(|(step,)| step).collect())
            }
        }
    }
}

/// Opens read models that may be read as they are.
async fn open(url: &DatabaseUrl, projections: &[Arc<dyn Projection>]) -> Result<ReadModels, DbError> {
    let models = ReadModels::open(url, small(), projections).await?;
    models.serve_all().await?;
    Ok(models)
}

/// Tests run many at once.
fn small() -> DbOptions {
    DbOptions { connections: 2, writer_cache_kib: 8 * 1024, reader_cache_kib: 2 * 1024 }
}
