//! Many rows with few statements. Statements come in a few sizes only, so that the prepared ones are found again.

use sea_query::Value;

use super::{Backend, DbError, FromRows, Sql, Tx};

/// How many rows a statement may have, least first. Any number is filled up to the next with rows of nulls, which do nothing.
const SIZES: [usize; 9] = [4, 8, 16, 32, 64, 128, 256, 512, 1024];
/// The most values that one statement takes. SQLite takes 32,766, and inserts with 1,024 rows of 25 columns in one statement take
/// about a fifth less CPU than with 32; but a prepared statement is kept with some 130 bytes for each of its values, and there are
/// hundreds of them.
const MAX_VALUES: usize = 1_000;

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
    /// Inserts rows. The first column of the key is null in none of them.
    ///
    /// # Errors
    /// When a statement fails; perhaps only at the end of the transaction.
    pub async fn insert(&mut self, target: Target, existing: Existing, rows: Vec<Vec<Value>>) -> Result<(), DbError> {
        let width = target.columns.len();
        for (size, values) in chunks(rows, width) {
            let text = insert_of(target, existing, &values_list(self.backend(), size, width));
            self.later(Sql::composed(text, values)).await?;
        }
        Ok(())
    }

    /// Sets columns of rows that are there. Each row gives the key's value first and then the columns'.
    ///
    /// # Errors
    /// When a statement fails; perhaps only at the end of the transaction.
    pub async fn update(
        &mut self,
        table: &'static str,
        key: &'static str,
        columns: &'static [&'static str],
        rows: Vec<Vec<Value>>,
    ) -> Result<(), DbError> {
        let sets: Vec<String> = columns.iter().enumerate().map(|(at, column)| format!("{column} = v.column{}", at + 2)).collect();
        let statement = format!("UPDATE {table} SET {} FROM ({{values}}) AS v WHERE {table}.{key} = v.column1", sets.join(", "));
        self.run_for(&statement, rows).await
    }

    /// Deletes the rows with these keys, where `also` holds as well (a condition that stands in the program).
    ///
    /// # Errors
    /// When a statement fails; perhaps only at the end of the transaction.
    pub async fn delete(
        &mut self,
        table: &'static str,
        key: &'static [&'static str],
        also: &'static str,
        keys: Vec<Vec<Value>>,
    ) -> Result<(), DbError> {
        self.run_for(&format!("DELETE FROM {table} WHERE ({}) IN ({{values}}) AND {also}", key.join(", ")), keys).await
    }

    /// Runs a statement that stands in the program for every row, with `{values}` where the rows go. Rows of nulls may be among
    /// them; the statement does nothing for these.
    ///
    /// # Errors
    /// When the statement fails; perhaps only at the end of the transaction.
    pub(crate) async fn run_for(&mut self, statement: &str, rows: Vec<Vec<Value>>) -> Result<(), DbError> {
        let Some(width) = rows.first().map(Vec::len) else { return Ok(()) };
        for (size, values) in chunks(rows, width) {
            let text = statement.replace("{values}", &values_list(self.backend(), size, width));
            self.later(Sql::composed(text, values)).await?;
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
        for (size, values) in chunks(keys, width) {
            let text = select.replace("{keys}", &format!("({}) AS v", values_list(self.backend(), size, width)));
            found.extend(self.fetch_all::<T>(Sql::composed(text, values)).await?);
        }
        Ok(found)
    }
}

/// Cuts rows into statements: how many rows each has, and all their values. The last one is filled up.
fn chunks(rows: Vec<Vec<Value>>, width: usize) -> Vec<(usize, Vec<Value>)> {
    let Some(first) = rows.first() else { return Vec::new() };
    let nobody: Vec<Value> = first.iter().map(Value::as_null).collect();
    let fits = |size: &usize| size * width <= MAX_VALUES;
    let most = SIZES.into_iter().rev().find(fits).unwrap_or(1);
    let (mut rest, mut rows) = (rows.len(), rows.into_iter());
    let mut chunks = Vec::with_capacity(rest.div_ceil(most));
    while rest > 0 {
        let size = SIZES.into_iter().find(|size| *size >= rest).map_or(most, |size| size.min(most));
        let filling = std::iter::repeat_n(&nobody, size.saturating_sub(rest)).flatten().cloned();
        chunks.push((size, rows.by_ref().take(size).flatten().chain(filling).collect()));
        rest = rest.saturating_sub(size);
    }
    chunks
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

/// The statement that inserts rows; those of nulls are left out.
fn insert_of(target: Target, existing: Existing, values: &str) -> String {
    let Target { table, columns, key } = target;
    let rest = || columns.iter().filter(|column| !key.contains(column));
    let sets: Vec<String> = match existing {
        Existing::Replace => rest().map(|column| format!("{column} = excluded.{column}")).collect(),
        Existing::Add => rest().map(|column| format!("{column} = {table}.{column} + excluded.{column}")).collect(),
        Existing::Refuse => Vec::new(),
    };
    let conflict = match existing {
        Existing::Refuse => String::new(),
        Existing::Replace | Existing::Add if sets.is_empty() => format!(" ON CONFLICT ({}) DO NOTHING", key.join(", ")),
        Existing::Replace | Existing::Add => format!(" ON CONFLICT ({}) DO UPDATE SET {}", key.join(", "), sets.join(", ")),
    };
    let given: Vec<String> = (1..=columns.len()).map(|at| format!("v.column{at}")).collect();
    let first = columns.iter().position(|column| key.first() == Some(column)).unwrap_or(0) + 1;
    format!(
        "INSERT INTO {table} ({}) SELECT {} FROM ({values}) AS v WHERE v.column{first} IS NOT NULL{conflict}",
        columns.join(", "),
        given.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_cut_into_few_sizes_and_none_is_lost() {
        for rows in [0_i64, 1, 4, 5, 63, 64, 1000, 4321] {
            for width in [1, 7, 25, 40] {
                let cut = chunks((0..rows).map(|n| vec![n.into(); width]).collect(), width);
                let mut kept: Vec<Value> = Vec::new();
                for (size, values) in cut {
                    assert!(SIZES.contains(&size) && size * width <= MAX_VALUES);
                    assert_eq!(values.len(), size * width);
                    kept.extend(values.into_iter().filter(|value| *value != Value::BigInt(None)));
                }
                assert_eq!(kept, (0..rows).flat_map(|n| vec![Value::from(n); width]).collect::<Vec<_>>());
            }
        }
        assert_eq!(values_list(Backend::Postgres, 2, 2), "VALUES ($1,$2),($3,$4)");
        assert_eq!(values_list(Backend::Sqlite, 2, 2), "VALUES (?,?),(?,?)");
    }
}
