//! Where the stores are: files in a directory, or schemas on a server.

use std::path::PathBuf;

use crate::checkpoint;
use crate::db::{Backend, DatabaseUrl, Db, DbError, DbOptions, Sql};
use crate::projection::Projection;

/// Where the stores are.
#[derive(Debug)]
pub enum Home {
    /// `<projection>.<generation>.db` in this directory.
    Directory(PathBuf),
    /// Schemas `<base>_<projection>_<generation>` on the server with this URL.
    Server {
        /// The URL.
        url: String,
        /// The schema that it leads to, where the catalogue is.
        base: String,
    },
}

impl Home {
    /// Looks where a URL leads to, and opens the catalogue there.
    pub async fn open(url: &DatabaseUrl) -> Result<(Self, Db), DbError> {
        match url {
            DatabaseUrl::Sqlite(dir) => {
                std::fs::create_dir_all(dir).map_err(DbError::Directory)?;
                let catalogue = Db::file(&dir.join("catalogue.db"), DbOptions::tiny()).await?;
                Ok((Self::Directory(dir.clone()), catalogue))
            }
            DatabaseUrl::Postgres(url) => {
                let catalogue = Db::schema(url, None, DbOptions::tiny())?;
                let schema: Option<(Option<String>,)> =
                    catalogue.fetch_optional(Sql::fixed("SELECT CAST(current_schema() AS TEXT)", [])).await?;
                let base = schema.and_then(|(schema,)| schema).ok_or(DbError::NoSchema)?;
                Ok((Self::Server { url: url.clone(), base }, catalogue))
            }
        }
    }

    /// Opens the store of a generation, and makes it with its tables where it is missing.
    pub async fn store(&self, projection: &dyn Projection, generation: i64, options: DbOptions) -> Result<Db, DbError> {
        let name = projection.name();
        let store = match self {
            Self::Directory(dir) => Db::file(&dir.join(format!("{name}.{generation}.db")), options).await?,
            Self::Server { url, base } => {
                let schema = format!("{base}_{name}_{generation}");
                let server = Db::schema(url, None, DbOptions::tiny())?;
                let mut tx = server.begin().await?;
                tx.execute(Sql::composed(format!("CREATE SCHEMA IF NOT EXISTS \"{schema}\""), [])).await?;
                tx.commit().await?;
                server.close().await;
                Db::schema(url, Some(&schema), options)?
            }
        };
        let mut tx = store.begin().await?;
        let found: Vec<(i64,)> = tx.fetch_all(Sql::fixed(has_checkpoints(store.backend()), [])).await?;
        if found.is_empty() {
            tx.script(projection.shape().of(store.backend())).await?;
            tx.script(checkpoint::SHAPE).await?;
        }
        tx.commit().await?;
        Ok(store)
    }
}

/// A query that yields a row when the tables of a store are made.
const fn has_checkpoints(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'checkpoints'",
        Backend::Postgres => {
            "SELECT CAST(1 AS BIGINT) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'checkpoints'"
        }
    }
}
