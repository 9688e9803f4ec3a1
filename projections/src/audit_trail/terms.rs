//! The words by which rows are found: those of the object's name, of the actor's name and of the description, and the fields that
//! changed.
//!
//! A row is found by the beginnings of its words. Whole words and not parts of them: a row has about ten words and a hundred
//! trigrams, and every event of the platform is written here. Every term carries a mark of its tenant, so that the posting lists
//! of one tenant are apart from every other's.

use events::{StreamKind, TenantId};

use super::row::AuditRow;
use crate::customer::search::{fold, mark};

/// Stands before the name of a field. It is in no word.
const FIELD: char = '\u{E0FE}';
/// Stands in the name of a field for the underscore, which would end a term.
const JOINT: char = '\u{E0FD}';

/// The words of a text, folded.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut words: Vec<String> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// The term that a word is found by.
#[must_use]
pub fn of_word(tenant: &TenantId, word: &str) -> String {
    format!("{}{word}", mark(tenant))
}

/// The term that rows that changed a field are found by.
#[must_use]
pub fn of_field(tenant: &TenantId, kind: StreamKind, field: &str) -> String {
    format!("{}{FIELD}{}{FIELD}{}{FIELD}", mark(tenant), kind.name(), field.replace('_', &JOINT.to_string()))
}

/// All terms of a row, with blanks between.
#[must_use]
pub fn of_row(row: &AuditRow) -> String {
    let text = [row.object_repr.as_str(), &row.actor.name, &row.description].join(" ");
    let words = words(&text).into_iter().map(|word| of_word(&row.tenant, &word));
    let fields = row.changes.iter().map(|change| of_field(&row.tenant, row.kind, &change.field));
    let terms: Vec<String> = words.chain(fields).collect();
    terms.join(" ")
}
