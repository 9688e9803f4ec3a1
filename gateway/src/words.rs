//! Numbers and words as answers and terminals show them.

/// So many of something, in the singular where it is one: `1 row`, `2 rows`. For words whose plural only adds an `s`.
#[must_use]
pub fn counted(count: u64, word: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {word}{ending}")
}

/// The verb that goes with so many.
#[must_use]
pub const fn be(count: u64) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

/// The most characters of a name from a request that an answer repeats.
pub const MOST_SHOWN: usize = 64;

/// As much of a name from a request as an answer repeats.
#[must_use]
pub fn shown(name: &str) -> String {
    name.chars().take(MOST_SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::{be, counted};

    #[test]
    fn one_is_singular_and_none_is_not() {
        let said = [0, 1, 2].map(|count| format!("{} {}", counted(count, "row"), be(count)));
        assert_eq!(said, ["0 rows are", "1 row is", "2 rows are"]);
    }
}
