//! All rows of all tables in a form that is equal for equal tables, whatever database they are in. For small ones.

use std::collections::BTreeMap;

use futures_util::TryStreamExt as _;

use crate::db::{Db, DbError};
use crate::projection::{Projection, Table};
use crate::stores::ReadModels;

/// The rows of every table, by its name.
pub type Dump = BTreeMap<&'static str, Vec<String>>;

/// What separates the columns of a dumped row.
const SEPARATOR: &str = " | ";

/// Reads the tables of all projections.
///
/// # Errors
/// When the database does not answer.
pub async fn dump(models: &ReadModels) -> Result<Dump, DbError> {
    let mut dump = Dump::new();
    for projection in models.projections() {
        let store = models.of(projection.name())?;
        for table in projection.tables() {
            dump.insert(table.name, dump_table(&store, &**projection, table).await?);
        }
    }
    Ok(dump)
}

async fn dump_table(store: &Db, projection: &dyn Projection, table: &Table) -> Result<Vec<String>, DbError> {
    let mut tx = store.snapshot().await?;
    projection
        .rows(&mut tx, table)
        .map_ok(|row| row.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(SEPARATOR))
        .try_collect()
        .await
}
