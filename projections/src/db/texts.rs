//! Text indexes read back, to be compared with others.
//!
//! SQLite's keeps no texts, and its own tables tell how it grew and not what is in it: it is read term by term, by the table-valued
//! view that FTS5 has for that. PostgreSQL's is a column like others.

use super::{Backend, DbError, Sql, Tx};

/// How many low bits of a moment are the position.
const POSITION_BITS: u32 = 48;

/// A text index, as it is compared with the same index elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Texts {
    /// Its name.
    pub name: &'static str,
    /// The column of terms.
    pub terms: &'static str,
    /// How many low bits of a row's number tell places within a commit apart. The others are the commit's moment.
    pub place_bits: u32,
}

impl Texts {
    /// The position that the number of a row names.
    #[must_use]
    pub const fn position(self, no: i64) -> u64 {
        (no.cast_unsigned() & ((1 << POSITION_BITS) - 1)) >> self.place_bits
    }

    /// The rows with their numbers and what stands for their terms: on PostgreSQL.
    pub(crate) fn by_row(self) -> Sql {
        let Self { name, terms, .. } = self;
        Sql::composed(format!("SELECT no, md5(CAST({terms} AS TEXT)) AS {terms} FROM {name} ORDER BY no"), [])
    }

    /// The terms, in order, with how many places each is at and two sums that stand for these: on SQLite, once the terms can be
    /// read. The sums are of numbers that places are mixed to, so that two indexes with the same ones have the same places (but
    /// for one case in 2^60 by chance).
    pub(crate) fn by_term(self) -> Sql {
        // No product reaches 2^63.
        let place = "((doc % 2147483647) * 1103515245 + (doc >> 31) * 40503 + COALESCE(\"offset\", 0) * 69069) % 2147483629";
        let sums = format!("SUM({place}), SUM(({place}) * ({place}) % 2147483647)");
        Sql::composed(format!("SELECT term, COUNT(*), {sums} FROM {} GROUP BY term ORDER BY term", self.view()), [])
    }

    /// The places of a term, in order: rows, and where in them.
    pub(crate) fn places(self, term: String) -> Sql {
        let places = format!("SELECT doc, \"offset\" FROM {} WHERE term = $1 ORDER BY doc, \"offset\"", self.view());
        Sql::composed(places, [term.into()])
    }

    fn view(self) -> String {
        format!("temp.{}_terms", self.name)
    }
}

impl Tx {
    /// What is wrong with a text index in itself, by the word of the database. PostgreSQL has none on this.
    pub(crate) async fn fault_of(&mut self, texts: Texts) -> Result<Option<String>, DbError> {
        match self.backend() {
            Backend::Sqlite => {
                let check = Sql::composed(format!("PRAGMA integrity_check({})", texts.name), []);
                let said: Vec<(String,)> = self.fetch_all(check).await?;
                Ok(said.into_iter().map(|(said,)| said).find(|said| said != "ok"))
            }
            Backend::Postgres => Ok(None),
        }
    }

    /// Makes the terms of a text index readable until the end of this transaction: on SQLite.
    pub(crate) async fn view_terms(&mut self, texts: Texts) -> Result<(), DbError> {
        let view = format!("CREATE VIRTUAL TABLE {} USING fts5vocab(main, {}, instance)", texts.view(), texts.name);
        // The view is this connection's alone; but to SQLite making one is writing.
        self.execute(Sql::fixed("PRAGMA query_only = off", [])).await?;
        let made = self.execute(Sql::composed(view, [])).await;
        self.execute(Sql::fixed("PRAGMA query_only = on", [])).await?;
        made.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_a_text_index_names_its_position() {
        let texts = |place_bits| Texts { name: "", terms: "", place_bits };
        assert_eq!(texts(0).position(3 << 48 | 4711), 4711);
        assert_eq!(texts(12).position(3 << 48 | 4711 << 12 | 5), 4711);
    }
}
