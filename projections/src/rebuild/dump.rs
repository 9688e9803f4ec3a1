//! All rows of all tables in a form that is equal for equal tables, whatever database they are in. For small ones.

use std::collections::BTreeMap;

use crate::db::{Db, DbError, Sql};
use crate::projection::Table;
use crate::stores::ReadModels;

/// The rows of every table, by its name.
pub type Dump = BTreeMap<&'static str, Vec<String>>;

/// What separates the columns of a dumped row.
const SEPARATOR: char = '\u{1F}';

/// Reads the tables of all projections.
///
/// # Errors
/// When the database does not answer.
pub async fn dump(models: &ReadModels) -> Result<Dump, DbError> {
    let mut dump = Dump::new();
    for projection in models.projections() {
        let store = models.of(projection.name())?;
        for table in projection.tables() {
            dump.insert(table.name, dump_table(&store, table).await?);
        }
    }
    Ok(dump)
}

async fn dump_table(store: &Db, table: &Table) -> Result<Vec<String>, DbError> {
    let columns: Vec<String> = table.columns.iter().map(|column| format!("CAST({column} AS TEXT)")).collect();
    let columns = columns.join(&format!(" || '{SEPARATOR}' || "));
    let text = format!("SELECT {columns} FROM {} ORDER BY {}", table.name, table.key.join(", "));
    let rows: Vec<(String,)> = store.fetch_all(Sql::composed(text, [])).await?;
    Ok(rows.into_iter().map(|(row,)| row).collect())
}
