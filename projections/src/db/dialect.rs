//! What truly differs between SQLite and PostgreSQL: how statements are written out, text search, and table names of SQLite.

use super::{DbError, Texts, Tx};
use crate::customer::search::Needle;

/// Which database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Backend {
    /// One file, one writer.
    Sqlite,
    /// A server.
    Postgres,
}

/// The grams of a row, joined by blanks.
pub type Grams = (i64, String);

/// A text index. Each is a table of the store of the projection that has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextIndex {
    /// What can be found.
    Search,
    /// What could be found once (SQLite).
    Ended,
}

impl TextIndex {
    const fn table(self) -> &'static str {
        match self {
            Self::Search => "customer_search",
            Self::Ended => "customer_search_ended",
        }
    }

    /// The same, for comparison. A row's number is a moment.
    #[must_use]
    pub const fn texts(self) -> Texts {
        Texts { name: self.table(), terms: "grams", place_bits: 0 }
    }
}

impl Tx {
    /// Puts rows into a text index.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn add_grams(&mut self, index: TextIndex, rows: Vec<Grams>) -> Result<(), DbError> {
        let values = rows.into_iter().map(|(no, grams)| vec![no.into(), grams.into()]).collect();
        let table = index.table();
        let insert = match self.backend() {
            Backend::Sqlite => format!(
                "INSERT INTO {table} (rowid, grams) SELECT v.column1, v.column2 FROM ({{values}}) AS v WHERE v.column1 IS NOT NULL"
            ),
            Backend::Postgres => format!(
                "INSERT INTO {table} (no, grams) \
                 SELECT v.column1, array_to_tsvector(string_to_array(v.column2, ' ')) FROM ({{values}}) AS v WHERE v.column1 IS NOT NULL"
            ),
        };
        self.run_for(&insert, values).await
    }

    /// Takes rows out of a text index. The grams must be those that were put in.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn remove_grams(&mut self, index: TextIndex, rows: Vec<Grams>) -> Result<(), DbError> {
        let table = index.table();
        match self.backend() {
            Backend::Sqlite => {
                // The index keeps no texts: it is told what to take out.
                let delete = format!(
                    "INSERT INTO {table} ({table}, rowid, grams) \
                     SELECT v.column1, v.column2, v.column3 FROM ({{values}}) AS v WHERE v.column1 IS NOT NULL"
                );
                let values = rows.into_iter().map(|(no, grams)| vec!["delete".into(), no.into(), grams.into()]).collect();
                self.run_for(&delete, values).await
            }
            Backend::Postgres => {
                let keys = rows.into_iter().map(|(no, _)| vec![no.into()]).collect();
                self.delete(table, &["no"], "0 = 0", keys).await
            }
        }
    }
}

impl Backend {
    /// A query for the numbers of the rows that are in a text index under all needles. `place` is where their value goes.
    ///
    /// SQLite answers it exactly. PostgreSQL knows that a row has all grams of a word, not that they are next to each other:
    /// [`Backend::contains`] settles that.
    #[must_use]
    pub fn matching(self, index: TextIndex, place: usize) -> String {
        let table = index.table();
        match self {
            Self::Sqlite => format!("SELECT rowid AS no FROM {table} WHERE {table} MATCH ${place}"),
            Self::Postgres => format!("SELECT no FROM {table} WHERE grams @@ CAST(CAST(${place} AS TEXT) AS TSQUERY)"),
        }
    }

    /// As [`Backend::matching`], for numbers up to the one that goes to `most`.
    #[must_use]
    pub fn matching_up_to(self, index: TextIndex, place: usize, most: usize) -> String {
        let number = match self {
            Self::Sqlite => "rowid",
            Self::Postgres => "no",
        };
        format!("{} AND {number} <= ${most}", self.matching(index, place))
    }

    /// Whether [`Backend::matching`] is exact.
    #[must_use]
    pub const fn matching_is_exact(self) -> bool {
        match self {
            Self::Sqlite => true,
            Self::Postgres => false,
        }
    }

    /// The value that [`Backend::matching`] takes.
    #[must_use]
    pub fn needles(self, needles: &[Needle]) -> String {
        let parts: Vec<String> = needles.iter().map(|needle| self.needle(needle)).collect();
        parts.join(match self {
            Self::Sqlite => " AND ",
            Self::Postgres => " & ",
        })
    }

    /// The condition that a text contains another, character by character: nothing in it means anything else than itself.
    #[must_use]
    pub fn contains(self, column: &'static str, place: usize) -> String {
        match self {
            Self::Sqlite => format!("instr({column}, ${place}) > 0"),
            Self::Postgres => format!("strpos({column}, ${place}) > 0"),
        }
    }

    /// Names the index that SQLite is to use; PostgreSQL knows from its statistics.
    #[must_use]
    pub fn indexed_by(self, index: &'static str) -> String {
        match self {
            Self::Sqlite => format!(" INDEXED BY {index}"),
            Self::Postgres => String::new(),
        }
    }

    /// The last row of a table in which `key` is what `of` says and `order` is not above the value at `most`, joined as `name`
    /// behind the tables that `of` is from; and the condition of that.
    ///
    /// PostgreSQL finds it for each row by itself, and would read the whole table for the condition that SQLite needs.
    #[must_use]
    pub fn last_of(self, table: &str, name: &str, (key, of): (&str, &str), (order, most): (&str, usize)) -> (String, String) {
        let rows = format!("FROM {table} w WHERE w.{key} = {of} AND w.{order} <= ${most}");
        match self {
            Self::Sqlite => {
                let condition = format!("{name}.{key} = {of} AND {name}.{order} = (SELECT MAX(w.{order}) {rows})");
                (format!(" CROSS JOIN {table} {name}"), condition)
            }
            Self::Postgres => {
                let last = format!("SELECT w.* {rows} ORDER BY w.{order} DESC LIMIT 1");
                (format!(" CROSS JOIN LATERAL ({last}) {name}"), "0 = 0".to_owned())
            }
        }
    }

    /// An expression that looks something up for each row of the tables before: what is joined as `name` behind them, and what
    /// stands for its value. PostgreSQL works it out once for each row where it is joined.
    #[must_use]
    pub fn looked_up(self, name: &str, expression: &str) -> (String, String) {
        match self {
            Self::Sqlite => (String::new(), expression.to_owned()),
            Self::Postgres => (format!(" CROSS JOIN LATERAL (SELECT {expression} AS value) {name}"), format!("{name}.value")),
        }
    }

    /// `order` for a statement that does no more than pass on, one by one, some rows of a query in brackets that has the same
    /// order and a limit. PostgreSQL sees that nothing is left to sort; SQLite keeps the order, too, but would sort again.
    #[must_use]
    pub fn already_sorted(self, order: String) -> String {
        match self {
            Self::Sqlite => String::new(),
            Self::Postgres => order,
        }
    }

    /// Whether [`Backend::indexed_by`] is heeded. Then a narrow index can be read in place of the row; otherwise the row is.
    #[must_use]
    pub const fn heeds_indexes(self) -> bool {
        match self {
            Self::Sqlite => true,
            Self::Postgres => false,
        }
    }

    fn needle(self, needle: &Needle) -> String {
        // Grams hold letters, digits and what is not ASCII: nothing that either query language would read as its own.
        match (self, needle) {
            (Self::Sqlite, Needle::Phrase(grams)) => format!("\"{}\"", grams.join(" ")),
            (Self::Sqlite, Needle::Beginning(start)) => format!("\"{start}\" *"),
            (Self::Postgres, Needle::Phrase(grams)) => {
                let quoted: Vec<String> = grams.iter().map(|gram| format!("'{gram}'")).collect();
                quoted.join(" & ")
            }
            (Self::Postgres, Needle::Beginning(start)) => format!("'{start}':*"),
        }
    }
}
