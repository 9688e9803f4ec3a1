//! The text index of whole words, on either database.

use super::{Backend, DbError, Texts, Tx};

/// The index, for comparison. A row's number is a moment and the place of an event in the commit.
pub const WORDS: Texts = Texts { name: "audit_search", terms: "terms", place_bits: 12 };

/// The terms of a row, with blanks between. A term has letters, digits and what is not ASCII.
pub type Terms = (i64, String);

impl Tx {
    /// Puts rows into the index.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn add_words(&mut self, rows: Vec<Terms>) -> Result<(), DbError> {
        let values = rows.into_iter().map(|(no, terms)| vec![no.into(), terms.into()]).collect();
        match self.backend() {
            Backend::Sqlite => {
                self.run_for(
                    "INSERT INTO audit_search (rowid, terms) \
                              SELECT v.column1, v.column2 FROM ({values}) AS v WHERE v.column1 IS NOT NULL",
                    values,
                )
                .await
            }
            Backend::Postgres => {
                let insert = "INSERT INTO audit_search (no, terms) \
                              SELECT v.column1, array_to_tsvector(string_to_array(v.column2, ' ')) FROM ({values}) AS v WHERE v.column1 IS NOT NULL";
                self.run_for(insert, values).await
            }
        }
    }

    /// Takes rows out of the index. The terms must be those that were put in.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn remove_words(&mut self, rows: Vec<Terms>) -> Result<(), DbError> {
        match self.backend() {
            Backend::Sqlite => {
                // The index keeps no texts: it is told what to take out.
                let delete = "INSERT INTO audit_search (audit_search, rowid, terms) \
                              SELECT v.column1, v.column2, v.column3 FROM ({values}) AS v WHERE v.column1 IS NOT NULL";
                let values = rows.into_iter().map(|(no, terms)| vec!["delete".into(), no.into(), terms.into()]).collect();
                self.run_for(delete, values).await
            }
            Backend::Postgres => {
                let keys = rows.into_iter().map(|(no, _)| vec![no.into()]).collect();
                self.delete("audit_search", &["no"], "0 = 0", keys).await
            }
        }
    }
}

/// What is looked for among the terms of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// The term itself.
    Whole(String),
    /// A term that begins so.
    Beginning(String),
}

impl Backend {
    /// A query for the numbers of the rows that have all terms. `place` is where the value of [`Backend::all_terms`] goes.
    #[must_use]
    pub fn having_terms(self, place: usize) -> String {
        match self {
            Self::Sqlite => format!("SELECT rowid AS no FROM audit_search WHERE audit_search MATCH ${place}"),
            Self::Postgres => format!("SELECT no FROM audit_search WHERE terms @@ CAST(CAST(${place} AS TEXT) AS TSQUERY)"),
        }
    }

    /// The condition that the row with a number has all terms: one look-up. `place` is as in [`Backend::having_terms`].
    #[must_use]
    pub fn has_terms(self, no: &'static str, place: usize) -> String {
        match self {
            Self::Sqlite => {
                format!("EXISTS (SELECT 1 FROM audit_search WHERE audit_search MATCH ${place} AND rowid = {no})")
            }
            Self::Postgres => format!(
                "EXISTS (SELECT 1 FROM audit_search s WHERE s.no = {no} AND s.terms @@ CAST(CAST(${place} AS TEXT) AS TSQUERY))"
            ),
        }
    }

    /// The value that [`Backend::having_terms`] takes, for rows that have all of these.
    #[must_use]
    pub fn all_terms(self, terms: &[Term]) -> String {
        self.terms(terms).join(match self {
            Self::Sqlite => " AND ",
            Self::Postgres => " & ",
        })
    }

    /// The value that [`Backend::having_terms`] takes, for rows that have one of these at least.
    #[must_use]
    pub fn any_term(self, terms: &[Term]) -> String {
        self.terms(terms).join(match self {
            Self::Sqlite => " OR ",
            Self::Postgres => " | ",
        })
    }

    /// Terms as the query language has them. They hold nothing that it would read as its own.
    fn terms(self, terms: &[Term]) -> Vec<String> {
        let written = |term: &Term| match (self, term) {
            (Self::Sqlite, Term::Whole(text)) => format!("\"{text}\""),
            (Self::Sqlite, Term::Beginning(text)) => format!("\"{text}\" *"),
            (Self::Postgres, Term::Whole(text)) => format!("'{text}'"),
            (Self::Postgres, Term::Beginning(text)) => format!("'{text}':*"),
        };
        terms.iter().map(written).collect()
    }
}
