//! What is wrong with which field, and the checks that fields of every aggregate share.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// Field → sentences that say what is wrong with it. All fields are judged before a command is refused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FieldErrors(BTreeMap<&'static str, Vec<String>>);

impl FieldErrors {
    /// Errors of one field with one sentence.
    #[must_use]
    pub fn of(field: &'static str, sentence: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.add(field, sentence);
        errors
    }

    /// Adds a sentence about a field.
    pub fn add(&mut self, field: &'static str, sentence: impl Into<String>) {
        self.0.entry(field).or_default().push(sentence.into());
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fields in alphabetical order, each with its sentences.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &[String])> {
        self.0.iter().map(|(field, sentences)| (*field, sentences.as_slice()))
    }

    /// The sentences about a field.
    #[must_use]
    pub fn get(&self, field: &str) -> &[String] {
        self.0.get(field).map_or(&[], Vec::as_slice)
    }

    /// Nothing when no field is wrong, else these errors.
    ///
    /// # Errors
    /// Itself, when a field is wrong.
    pub fn into_result(self) -> Result<(), Self> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl fmt::Display for FieldErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (field, sentences)) in self.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{field}: {}", sentences.join(", "))?;
        }
        Ok(())
    }
}

/// Which characters a text may hold beside the visible ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// One line: no control characters at all.
    One,
    /// Several lines: line breaks and tabs are fine.
    Many,
}

/// Checks a text that is already trimmed: at most `max` characters, and no control characters but those that `lines` lets in.
pub fn check_text(errors: &mut FieldErrors, field: &'static str, text: &str, max: usize, lines: Lines) {
    if text.chars().count() > max {
        errors.add(field, format!("Ensure this field has no more than {max} characters"));
    }
    if !text.chars().all(|c| is_shown(c, lines)) {
        errors.add(field, "Control characters are not allowed");
    }
}

/// A text that another system hands over as somebody wrote it: without blanks around it, and without the control characters that
/// [`check_text`] would refuse, since whoever wrote it cannot be asked again.
#[must_use]
pub fn readable(text: &str, lines: Lines) -> String {
    let shown: String = text.chars().filter(|c| is_shown(*c, lines)).collect();
    shown.trim().to_owned()
}

fn is_shown(c: char, lines: Lines) -> bool {
    !c.is_control() || (lines == Lines::Many && matches!(c, '\n' | '\r' | '\t'))
}

/// Checks a name: there, and at most `max` characters.
pub fn check_name(errors: &mut FieldErrors, field: &'static str, text: &str, max: usize) {
    if text.is_empty() {
        errors.add(field, "Name is required");
    }
    check_text(errors, field, text, max, Lines::One);
}

/// The most characters of an email address.
pub const MAX_EMAIL_CHARS: usize = 254;

/// Checks an email address: there, written as one, and at most [`MAX_EMAIL_CHARS`] characters.
pub fn check_email(errors: &mut FieldErrors, field: &'static str, text: &str) {
    if text.is_empty() {
        errors.add(field, "Email is required");
        return;
    }
    let before = errors.get(field).len();
    check_text(errors, field, text, MAX_EMAIL_CHARS, Lines::One);
    let form = email_address::Options::default().with_required_tld().without_display_text().without_domain_literal();
    let valid = email_address::EmailAddress::parse_with_options(text, form).is_ok() && !text.contains(char::is_whitespace);
    if errors.get(field).len() == before && !valid {
        errors.add(field, "Enter a valid email address");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn email(text: &str) -> FieldErrors {
        let mut errors = FieldErrors::default();
        check_email(&mut errors, "email", text);
        errors
    }

    #[test]
    fn an_email_is_written_as_one() {
        for text in ["jane@example.com", "a.b+c@mail.example.co.id", "JANE@EXAMPLE.COM", "o'neil@example.com"] {
            assert!(email(text).is_empty(), "{text:?}");
        }
        for text in [
            "",
            "jane",
            "jane@",
            "@example.com",
            "jane@host",
            "Jane <jane@example.com>",
            "a b@example.com",
            "a@[::1]",
            "a@b@c.de",
        ] {
            assert_eq!(email(text).get("email").len(), 1, "{text:?}");
        }
        assert_eq!(email(&format!("{}@example.com", "x".repeat(250))).get("email").len(), 1);
    }

    #[test]
    fn lengths_are_in_characters() {
        let mut errors = FieldErrors::default();
        check_text(&mut errors, "city", &"é".repeat(100), 100, Lines::One);
        assert!(errors.is_empty());
        check_text(&mut errors, "city", &"é".repeat(101), 100, Lines::One);
        assert_eq!(errors.get("city"), ["Ensure this field has no more than 100 characters"]);
    }

    #[test]
    fn control_characters_are_refused_and_line_breaks_only_where_lines_are() {
        let mut errors = FieldErrors::default();
        check_text(&mut errors, "notes", "a\nb\tc", 10, Lines::Many);
        assert!(errors.is_empty());
        check_text(&mut errors, "notes", "a\0", 10, Lines::Many);
        check_text(&mut errors, "city", "a\nb", 10, Lines::One);
        assert_eq!(errors.to_string(), "city: Control characters are not allowed; notes: Control characters are not allowed");
    }

    #[test]
    fn what_is_readable_passes() {
        assert_eq!(readable(" \0Hello\u{7f}\n\tyou\0 ", Lines::Many), "Hello\n\tyou");
        assert_eq!(readable("a\nb\0 ", Lines::One), "ab");
    }
}
