//! What truly differs between SQLite and PostgreSQL: how statements are written out, text search, and table names of SQLite.

use sea_query::{PostgresQueryBuilder, SqliteQueryBuilder};
use sea_query_sqlx::SqlxBinder;

use super::{DbError, Sql, Tx};
use crate::customer::search::Needle;

/// Which database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Backend {
    /// One file, one writer.
    Sqlite,
    /// A server.
    Postgres,
}

impl Backend {
    /// Writes a statement out for this database.
    #[must_use]
    pub fn build(self, statement: &impl SqlxBinder) -> Sql {
        Sql::built(match self {
            Self::Sqlite => statement.build_sqlx(SqliteQueryBuilder),
            Self::Postgres => statement.build_sqlx(PostgresQueryBuilder),
        })
    }
}

/// The grams of a row, joined by blanks.
pub type Grams = (i64, String);

impl Tx {
    /// Puts rows into the text index.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn add_grams(&mut self, rows: Vec<Grams>) -> Result<(), DbError> {
        let values = rows.into_iter().map(|(no, grams)| vec![no.into(), grams.into()]).collect();
        match self.backend() {
            Backend::Sqlite => self.run_for("INSERT INTO customer_search (rowid, grams) {values}", values).await,
            Backend::Postgres => {
                let insert = "INSERT INTO customer_search (no, grams) \
                              SELECT v.column1, array_to_tsvector(string_to_array(v.column2, ' ')) FROM ({values}) AS v";
                self.run_for(insert, values).await
            }
        }
    }

    /// Takes rows out of the text index. The grams must be those that were put in.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn remove_grams(&mut self, rows: Vec<Grams>) -> Result<(), DbError> {
        match self.backend() {
            Backend::Sqlite => {
                // The index keeps no texts: it is told what to take out.
                let delete = "INSERT INTO customer_search (customer_search, rowid, grams) {values}";
                let values = rows.into_iter().map(|(no, grams)| vec!["delete".into(), no.into(), grams.into()]).collect();
                self.run_for(delete, values).await
            }
            Backend::Postgres => {
                let keys = rows.into_iter().map(|(no, _)| vec![no.into()]).collect();
                self.delete("customer_search", &["no"], "0 = 0", keys).await
            }
        }
    }
}

impl Backend {
    /// A query for the numbers of the rows that are in the text index under all needles. `place` is where their value goes.
    ///
    /// SQLite answers it exactly. PostgreSQL knows that a row has all grams of a word, not that they are next to each other:
    /// [`Backend::contains`] settles that.
    #[must_use]
    pub fn matching(self, place: usize) -> String {
        match self {
            Self::Sqlite => format!("SELECT rowid AS no FROM customer_search WHERE customer_search MATCH ${place}"),
            Self::Postgres => {
                format!("SELECT no FROM customer_search WHERE grams @@ CAST(CAST(${place} AS TEXT) AS TSQUERY)")
            }
        }
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
