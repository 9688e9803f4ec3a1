//! Many rows with few statements. Statements come in a few sizes only, so that the prepared ones are found again.

use sea_query::{Alias, Expr, OnConflict, Query, Value};

use super::{Backend, DbError, FromRows, Sql, Tx};

/// How many rows one statement may have, greatest first: near enough to each other that few statements make up any number,
/// since each is a trip to the database.
const SIZES: [usize; 18] = [1024, 512, 256, 128, 96, 64, 48, 32, 24, 16, 12, 8, 6, 5, 4, 3, 2, 1];
/// The most values that one statement takes (SQLite: 32,766).
const MAX_VALUES: usize = 32_000;

/// What happens when a row is there already.
#[derive(Debug, Clone, Copy)]
pub enum Existing {
    /// All columns that are not the key are replaced.
    Replace,
    /// The columns are added up.
    Add,
    /// It may not be there.
    Refuse,
}

/// Where rows go.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// The table.
    pub table: &'static str,
    /// The columns, in the order of the values.
    pub columns: &'static [&'static str],
    /// The columns that tell rows apart.
    pub key: &'static [&'static str],
}

impl Tx {
    /// Inserts rows.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn insert(&mut self, target: Target, existing: Existing, rows: Vec<Vec<Value>>) -> Result<(), DbError> {
        let mut rows = rows.into_iter();
        for size in chunks(rows.len(), target.columns.len()) {
            let sql = self.backend().build(&insert_of(target, existing, rows.by_ref().take(size)));
            self.execute(sql).await?;
        }
        Ok(())
    }

    /// Sets columns of rows that are there. Each row gives the key's value first and then the columns'.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn update(
        &mut self,
        table: &'static str,
        key: &'static str,
        columns: &'static [&'static str],
        rows: Vec<Vec<Value>>,
    ) -> Result<(), DbError> {
        let mut rows = padded(rows, columns.len() + 1).into_iter();
        let sets: Vec<String> = columns.iter().enumerate().map(|(at, column)| format!("{column} = v.column{}", at + 2)).collect();
        for size in chunks(rows.len(), columns.len() + 1) {
            let values: Vec<Value> = rows.by_ref().take(size).flatten().collect();
            let list = values_list(self.backend(), size, columns.len() + 1);
            let text = format!("UPDATE {table} SET {} FROM ({list}) AS v WHERE {table}.{key} = v.column1", sets.join(", "));
            self.execute(Sql::composed(text, values)).await?;
        }
        Ok(())
    }

    /// Deletes the rows with these keys, where `also` holds as well (a condition that stands in the program).
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn delete(
        &mut self,
        table: &'static str,
        key: &'static [&'static str],
        also: &'static str,
        keys: Vec<Vec<Value>>,
    ) -> Result<(), DbError> {
        let mut keys = padded(keys, key.len()).into_iter();
        for size in chunks(keys.len(), key.len()) {
            let values: Vec<Value> = keys.by_ref().take(size).flatten().collect();
            let list = values_list(self.backend(), size, key.len());
            let text = format!("DELETE FROM {table} WHERE ({}) IN ({list}) AND {also}", key.join(", "));
            self.execute(Sql::composed(text, values)).await?;
        }
        Ok(())
    }

    /// Runs a statement that stands in the program for every row, with `{values}` where the rows go.
    ///
    /// # Errors
    /// When the statement fails.
    pub(crate) async fn run_for(&mut self, statement: &str, rows: Vec<Vec<Value>>) -> Result<(), DbError> {
        let Some(width) = rows.first().map(Vec::len) else { return Ok(()) };
        let mut rows = rows.into_iter();
        for size in chunks(rows.len(), width) {
            let values: Vec<Value> = rows.by_ref().take(size).flatten().collect();
            self.execute(Sql::composed(statement.replace("{values}", &values_list(self.backend(), size, width)), values)).await?;
        }
        Ok(())
    }

    /// The rows with these keys: for each key a lookup, whatever else is in the table. `select` stands in the program and has
    /// `{keys}` where the keys go, as a table `v` with the columns `column1`, `column2`, ….
    ///
    /// # Errors
    /// When a statement fails or a row does not fit.
    pub async fn lookup<T: FromRows>(&mut self, select: &str, keys: Vec<Vec<Value>>) -> Result<Vec<T>, DbError> {
        let Some(width) = keys.first().map(Vec::len) else { return Ok(Vec::new()) };
        let mut found = Vec::with_capacity(keys.len());
        let mut keys = padded(keys, width).into_iter();
        for size in chunks(keys.len(), width) {
            let values: Vec<Value> = keys.by_ref().take(size).flatten().collect();
            let text = select.replace("{keys}", &format!("({}) AS v", values_list(self.backend(), size, width)));
            found.extend(self.fetch_all::<T>(Sql::composed(text, values)).await?);
        }
        Ok(found)
    }
}

/// Cuts so many rows into statements of the fixed sizes.
fn chunks(mut rows: usize, width: usize) -> Vec<usize> {
    let mut sizes = Vec::new();
    for size in SIZES.into_iter().filter(|size| size * width <= MAX_VALUES || *size == 1) {
        while rows >= size {
            sizes.push(size);
            rows -= size;
        }
    }
    sizes
}

/// Fills rows that are looked for up to the next size with rows whose keys are null, which nothing has: one statement less or two.
fn padded(mut rows: Vec<Vec<Value>>, width: usize) -> Vec<Vec<Value>> {
    let size = SIZES.into_iter().rev().find(|size| *size >= rows.len() && size * width <= MAX_VALUES);
    if let (Some(size), Some(first)) = (size, rows.first()) {
        let nobody: Vec<Value> = first.iter().map(Value::as_null).collect();
        rows.resize(size, nobody);
    }
    rows
}

/// `VALUES ($1,$2),($3,$4)`, or with `?` for SQLite, which looks every numbered place up in a list of all of them.
fn values_list(backend: Backend, rows: usize, width: usize) -> String {
    let mut text = String::with_capacity(8 + rows * width * 7);
    text.push_str("VALUES ");
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { "),(" });
        for column in 0..width {
            if column > 0 {
                text.push(',');
            }
            match backend {
                Backend::Sqlite => text.push('?'),
                Backend::Postgres => {
                    text.push('$');
                    text.push_str(&(row * width + column + 1).to_string());
                }
            }
        }
    }
    text.push(')');
    text
}

fn insert_of(target: Target, existing: Existing, rows: impl Iterator<Item = Vec<Value>>) -> sea_query::InsertStatement {
    let rest = || target.columns.iter().filter(|column| !target.key.contains(column)).copied();
    let mut conflict = OnConflict::columns(target.key.iter().copied().map(Alias::new));
    let mut insert = Query::insert();
    insert.into_table(Alias::new(target.table)).columns(target.columns.iter().copied().map(Alias::new));
    for row in rows {
        insert.values_panic(row.into_iter().map(Expr::val));
    }
    match existing {
        Existing::Replace => {
            conflict.update_columns(rest().map(Alias::new));
            insert.on_conflict(conflict);
        }
        Existing::Add => {
            for column in rest() {
                conflict.value(Alias::new(column), Expr::cust(format!("{}.{column} + excluded.{column}", target.table)));
            }
            insert.on_conflict(conflict);
        }
        Existing::Refuse => {}
    }
    insert
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_cut_into_few_sizes_and_none_is_lost() {
        for rows in [0, 1, 5, 63, 64, 1000, 4321] {
            for width in [1, 7, 25, 40] {
                let cut = chunks(rows, width);
                assert_eq!(cut.iter().sum::<usize>(), rows);
                assert!(cut.iter().all(|size| SIZES.contains(size) && size * width <= MAX_VALUES));
            }
        }
        assert_eq!(values_list(Backend::Postgres, 2, 2), "VALUES ($1,$2),($3,$4)");
        assert_eq!(values_list(Backend::Sqlite, 2, 2), "VALUES (?,?),(?,?)");
    }
}
