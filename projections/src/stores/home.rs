//! Where the stores are: files in a directory, or schemas on a server.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::hold::{Hold, Holds, Mode, lock_name};
use crate::checkpoint;
use crate::db::{DatabaseUrl, Db, DbError, DbOptions, Sql, Tx};
use crate::projection::Projection;

/// Where the stores are.
#[derive(Debug)]
pub struct Home {
    place: Place,
    holds: Holds,
    options: DbOptions,
}

/// Where the stores are.
#[derive(Debug)]
enum Place {
    /// `<projection>.<generation>.db` in this directory.
    Directory(PathBuf),
    /// Schemas `<base>_<projection>_<generation>` on the server with this URL.
    Server { url: String, base: String },
}

impl Home {
    /// Looks where a URL leads to, and opens the catalogue there.
    pub async fn open(url: &DatabaseUrl, options: DbOptions) -> Result<(Self, Db), DbError> {
        match url {
            DatabaseUrl::Sqlite(dir) => {
                std::fs::create_dir_all(dir).map_err(DbError::Directory)?;
                let catalogue = Db::file(&dir.join("catalogue.db"), DbOptions::tiny()).await?;
                Ok((Self { place: Place::Directory(dir.clone()), holds: Holds::Files(dir.clone()), options }, catalogue))
            }
            DatabaseUrl::Postgres(url) => {
                let catalogue = Db::schema(url, None, DbOptions::tiny())?;
                let schema: Option<(Option<String>,)> =
                    catalogue.fetch_optional(Sql::fixed("SELECT CAST(current_schema() AS TEXT)", [])).await?;
                let base = schema.and_then(|(schema,)| schema).ok_or(DbError::NoSchema)?;
                let holds = Holds::session(url, &base);
                Ok((Self { place: Place::Server { url: url.clone(), base }, holds, options }, catalogue))
            }
        }
    }

    /// Makes the store of a new generation, with its tables. `tx` is the change of the catalogue that enters it.
    pub async fn make(&self, tx: &mut Tx, projection: &dyn Projection, generation: i64) -> Result<(), DbError> {
        let name = store_name(projection.name(), generation);
        match &self.place {
            Place::Directory(dir) => {
                // What the catalogue does not know of is nothing.
                remove_files(dir, &name)?;
                let store = Db::file(&file(dir, &name), DbOptions::tiny()).await?;
                let mut made = store.begin().await?;
                made.script(projection.shape().sqlite).await?;
                made.script(checkpoint::SHAPE).await?;
                made.commit().await?;
                store.close().await;
            }
            Place::Server { base, .. } => {
                let path: Vec<(String,)> = tx.fetch_all(Sql::fixed("SELECT current_setting('search_path')", [])).await?;
                let schema = schema(base, &name);
                tx.execute(Sql::composed(format!("DROP SCHEMA IF EXISTS {schema} CASCADE"), [])).await?;
                tx.execute(Sql::composed(format!("CREATE SCHEMA {schema}"), [])).await?;
                tx.execute(Sql::composed(format!("SET LOCAL search_path TO {schema}"), [])).await?;
                tx.script(projection.shape().postgres).await?;
                tx.script(checkpoint::SHAPE).await?;
                let back = path.into_iter().map(|(path,)| path.into());
                tx.execute(Sql::fixed("SELECT set_config('search_path', $1, true)", back)).await?;
            }
        }
        Ok(())
    }

    /// Whether the store of a generation is there: somebody may have thrown it away.
    pub async fn has(&self, tx: &mut Tx, projection: &str, generation: i64) -> Result<bool, DbError> {
        let name = store_name(projection, generation);
        match &self.place {
            Place::Directory(dir) => Ok(file(dir, &name).is_file()),
            Place::Server { base, .. } => {
                let select = Sql::fixed("SELECT nspname::text FROM pg_namespace WHERE nspname = $1", [plain(base, &name).into()]);
                let found: Vec<(String,)> = tx.fetch_all(select).await?;
                Ok(!found.is_empty())
            }
        }
    }

    /// Opens the store of a generation. It is not dropped for as long as anybody has the handle.
    pub async fn store(&self, projection: &str, generation: i64) -> Result<Db, DbError> {
        let name = store_name(projection, generation);
        let hold = self.holds.take(&name, Mode::Shared).await?.ok_or_else(|| DbError::Gone(name.clone()))?;
        let store = match &self.place {
            Place::Directory(dir) if file(dir, &name).is_file() => Db::file(&file(dir, &name), self.options).await?,
            Place::Directory(_) => return Err(DbError::Gone(name)),
            Place::Server { url, base } => Db::schema(url, Some(&schema(base, &name)), self.options)?,
        };
        Ok(store.held_by(Arc::new(hold)))
    }

    /// Drops the store of a generation, unless somebody has it open. `tx` is the change of the catalogue that strikes it out.
    pub async fn drop_store(&self, tx: &mut Tx, projection: &str, generation: i64) -> Result<bool, DbError> {
        let name = store_name(projection, generation);
        match &self.place {
            Place::Directory(dir) => {
                let Some(_alone) = self.holds.take(&name, Mode::Alone).await? else { return Ok(false) };
                remove_files(dir, &name)?;
                remove(&dir.join(format!("{name}.lock")))?;
            }
            Place::Server { base, .. } => {
                // Not the session that holds: it would not be in its own way.
                let lock = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))";
                let taken: Vec<(bool,)> = tx.fetch_all(Sql::fixed(lock, [lock_name(base, &name).into()])).await?;
                if taken != [(true,)] {
                    return Ok(false);
                }
                tx.execute(Sql::composed(format!("DROP SCHEMA IF EXISTS {} CASCADE", schema(base, &name)), [])).await?;
            }
        }
        Ok(true)
    }

    /// The right to do something that only one process does at a time; `None` when another does it.
    pub async fn alone(&self, what: &str) -> Result<Option<Hold>, DbError> {
        self.holds.take(what, Mode::Alone).await
    }
}

fn store_name(projection: &str, generation: i64) -> String {
    format!("{projection}.{generation}")
}

fn file(dir: &Path, name: &str) -> PathBuf {
    dir.join(format!("{name}.db"))
}

/// The name of a schema; names of projections are words of the program, the base is what the server said.
fn plain(base: &str, name: &str) -> String {
    format!("{base}_{}", name.replace('.', "_"))
}

fn schema(base: &str, name: &str) -> String {
    format!("\"{}\"", plain(base, name).replace('"', "\"\""))
}

fn remove_files(dir: &Path, name: &str) -> Result<(), DbError> {
    ["db", "db-wal", "db-shm"].into_iter().try_for_each(|ending| remove(&dir.join(format!("{name}.{ending}"))))
}

fn remove(path: &Path) -> Result<(), DbError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(DbError::Directory(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}
