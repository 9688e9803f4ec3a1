//! Text search: how texts are folded, cut into words, and cut into the trigrams by which both databases find them.
//!
//! Every trigram carries a mark of its tenant, so that the posting lists of one tenant are apart from every other's and a search
//! never walks rows of another. Ends of lines are padded, so that a word of one or two characters is the beginning of some
//! trigram. The trigrams of a word stand next to each other in a text exactly where the text contains the word.

use events::TenantId;
use events::customer::Profile;
use sha2::{Digest, Sha256};

/// How many characters a gram has.
const GRAM: usize = 3;
/// Stands behind the end of a line. It is in no folded text.
const PAD: char = '\u{E0FF}';
/// Where characters go that would end a token: ASCII that is neither letter nor digit.
const SHIFT: u32 = 0xE000;
/// Characters that grams use for themselves.
const RESERVED: std::ops::RangeInclusive<char> = '\u{E000}'..='\u{E0FF}';

/// A text without regard to case, and without characters that no database or gram can hold.
#[must_use]
pub fn fold(text: &str) -> String {
    let safe = |c: char| if c == '\0' || RESERVED.contains(&c) { char::REPLACEMENT_CHARACTER } else { c };
    text.chars().flat_map(char::to_lowercase).map(safe).collect()
}

/// The words of a search, folded.
#[must_use]
pub fn terms(search: &str) -> Vec<String> {
    let mut terms: Vec<String> = search.split_whitespace().map(fold).collect();
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// What searches look in: name, email and phone, one per line.
#[must_use]
pub fn text(profile: &Profile) -> String {
    let line = |text: &str| fold(text).replace('\n', " ");
    [line(&profile.name), line(&profile.email), line(&profile.phone)].join("\n")
}

/// The grams of a search text, in order.
#[must_use]
pub fn grams(tenant: &TenantId, text: &str) -> Vec<String> {
    let mark = mark(tenant);
    let mut grams = Vec::with_capacity(text.len());
    for line in text.split('\n').filter(|line| !line.is_empty()) {
        let chars: Vec<char> = line.chars().map(shift).chain([PAD; GRAM - 1]).collect();
        grams.extend(chars.windows(GRAM).map(|gram| token(&mark, gram)));
    }
    grams
}

/// A word as grams, to be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Needle {
    /// These grams, next to each other.
    Phrase(Vec<String>),
    /// Any gram that begins so: the word is shorter than a gram.
    Beginning(String),
}

/// A folded word as grams.
#[must_use]
pub fn needle(tenant: &TenantId, term: &str) -> Needle {
    let mark = mark(tenant);
    let chars: Vec<char> = term.chars().map(shift).collect();
    if chars.len() < GRAM {
        return Needle::Beginning(token(&mark, &chars));
    }
    Needle::Phrase(chars.windows(GRAM).map(|gram| token(&mark, gram)).collect())
}

/// 80 bits that tell tenants apart, in letters and digits.
pub(crate) fn mark(tenant: &TenantId) -> String {
    hex::encode(&Sha256::digest(tenant.as_str().as_bytes())[..10])
}

fn token(mark: &str, gram: &[char]) -> String {
    let mut token = String::with_capacity(mark.len() + 4 * GRAM);
    token.push_str(mark);
    token.extend(gram);
    token
}

/// A character that ends no token: letters and digits stay, other ASCII moves to where no text is.
fn shift(c: char) -> char {
    if c.is_ascii() && !c.is_ascii_alphanumeric() { char::from_u32(SHIFT + u32::from(c)).unwrap_or(PAD) } else { c }
}
