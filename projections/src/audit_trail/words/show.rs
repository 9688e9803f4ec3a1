//! How values are shown to people: money with its currency, times, yes and no.

use std::fmt;

use chrono::{DateTime, Utc};
use events::Currency;
use serde_json::Value as Json;

/// What the values of a field are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// A text; empty when not known.
    Text,
    /// A whole number.
    Number,
    /// An amount in the tenant's currency, as text with two decimals.
    Money,
    /// Yes or no.
    YesNo,
    /// A moment as RFC 3339; null: never.
    Moment,
    /// A word out of a few, in small letters.
    Word,
    /// A whole number of days; null: without end.
    Days,
    /// A sentence that is shown as it is; null: nothing.
    Sentence,
}

impl Shown {
    /// The value of an object that is nothing but blank.
    #[must_use]
    pub fn blank(self) -> Json {
        match self {
            Self::Text | Self::Word => Json::from(""),
            Self::Number => Json::from(0),
            Self::Money => Json::from("0.00"),
            Self::YesNo => Json::from(false),
            Self::Moment | Self::Days | Self::Sentence => Json::Null,
        }
    }

    /// A value for people; the empty text where there is none.
    #[must_use]
    pub fn display(self, value: &Json, currency: &Currency) -> String {
        let text = match value {
            Json::Null => return String::new(),
            Json::String(text) => text.clone(),
            other => other.to_string(),
        };
        match self {
            Self::Text | Self::Sentence => text,
            Self::Number => grouped(&text),
            Self::Money => money(&text, currency),
            Self::YesNo => if value == &Json::from(true) { "Yes" } else { "No" }.to_owned(),
            Self::Moment => text.parse().map_or(text, |time| moment(time).to_string()),
            Self::Word => capitalised(&text.replace('_', " ")),
            Self::Days => days(&text),
        }
    }
}

/// A whole number of days.
pub fn days(number: &str) -> String {
    if number == "1" { "1 day".to_owned() } else { format!("{} days", grouped(number)) }
}

/// A moment for people: to the minute, in UTC.
pub fn moment(time: DateTime<Utc>) -> impl fmt::Display {
    time.format("%-d %b %Y, %H:%M UTC")
}

/// An amount for people: the currency's sign or code, groups of three, and decimals only where there are any.
#[must_use]
pub fn money(amount: &str, currency: &Currency) -> String {
    let (whole, decimals) = amount.split_once('.').unwrap_or((amount, "00"));
    let whole = grouped(whole);
    let decimals = if decimals == "00" { String::new() } else { format!(".{decimals}") };
    match sign(currency) {
        Some(sign) => format!("{sign}{whole}{decimals}"),
        None => format!("{} {whole}{decimals}", currency.as_str()),
    }
}

/// The signs that are read everywhere; other currencies are named by their code.
fn sign(currency: &Currency) -> Option<&'static str> {
    match currency.as_str() {
        "USD" => Some("$"),
        "EUR" => Some("€"),
        "GBP" => Some("£"),
        "JPY" => Some("¥"),
        "INR" => Some("₹"),
        "IDR" => Some("Rp"),
        _ => None,
    }
}

/// Digits in groups of three.
#[must_use]
pub fn grouped(number: &str) -> String {
    let (minus, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let mut text = String::from(minus);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// So many points.
#[must_use]
pub fn points(number: u64) -> String {
    if number == 1 { "1 point".to_owned() } else { format!("{} points", grouped(&number.to_string())) }
}

/// A word with a capital.
#[must_use]
pub fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Words in a row: `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_as_people_read_them() {
        let usd = Currency::default();
        let idr: Currency = "IDR".parse().expect("a currency");
        let chf: Currency = "CHF".parse().expect("a currency");
        let show = |shown: Shown, value: Json| shown.display(&value, &usd);
        assert_eq!(show(Shown::Money, "50000.00".into()), "$50,000");
        assert_eq!(Shown::Money.display(&"1234567.50".into(), &idr), "Rp1,234,567.50");
        assert_eq!(Shown::Money.display(&"7.05".into(), &chf), "CHF 7.05");
        assert_eq!(show(Shown::Number, (-12_345).into()), "-12,345");
        assert_eq!(show(Shown::YesNo, true.into()), "Yes");
        assert_eq!(show(Shown::Moment, "2024-01-15T14:20:33Z".into()), "15 Jan 2024, 14:20 UTC");
        assert_eq!(show(Shown::Moment, Json::Null), "");
        assert_eq!(show(Shown::Days, 1000.into()), "1,000 days");
        assert_eq!(show(Shown::Days, 1.into()), "1 day");
        assert_eq!(show(Shown::Word, "admin".into()), "Admin");
        assert_eq!(show(Shown::Text, "as it is".into()), "as it is");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
    }
}
