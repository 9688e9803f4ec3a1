//! Filters as a client sends them (spec 000, "Available Filters"): a JSON object whose values are the document's texts, or plain
//! JSON.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use events::Source;
use events::conversation::Status;
use serde_json::{Map, Value};

use super::filter::{ContactFilter, ContactOrder};
use super::period;
use crate::PageRequest;

/// Every member that filters may have.
pub const FIELDS: [&str; 15] = [
    "search",
    "has_email",
    "has_phone",
    "tags",
    "tag_ids",
    "source",
    "conversation_status",
    "has_unread",
    "date_from",
    "date_to",
    "last_activity_from",
    "last_activity_to",
    "order_by",
    "page",
    "page_size",
];
/// The most customers of a page.
pub const MOST_PER_PAGE: u64 = 100;
/// How many a page has that names no size.
const PER_PAGE: u64 = 10;
/// The longest search text, in characters.
const MAX_SEARCH_CHARS: usize = 200;
/// The most words of a search text.
const MAX_SEARCH_TERMS: usize = 16;
/// The most tags that can be asked for at once.
const MAX_TAGS: usize = 50;
/// Asks for nothing in particular.
const ALL: &str = "all";

/// A filter and the page of it that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactQuestion {
    /// Which customers, in which order.
    pub filter: ContactFilter,
    /// Which page.
    pub page: PageRequest,
}

/// Why a filter cannot be: which member, in a sentence, and what it may be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct InvalidFilter {
    /// The member.
    pub field: String,
    /// What is wrong, and what would be right.
    pub sentence: String,
    /// The values that there are, where they can be listed.
    pub allowed: Vec<&'static str>,
}

impl ContactQuestion {
    /// What a client asks for. `null`, an empty text and an empty list are as good as nothing.
    ///
    /// # Errors
    /// When there is no such member, or a value is none that the member takes.
    pub fn parse(filters: &Map<String, Value>) -> Result<Self, InvalidFilter> {
        if let Some(unknown) = filters.keys().find(|name| !FIELDS.contains(&name.as_str())) {
            let sentence = format!("There is no filter of this name; there are {}.", FIELDS.join(", "));
            return Err(InvalidFilter { field: unknown.chars().take(100).collect(), sentence, allowed: FIELDS.to_vec() });
        }
        let members = Members(filters);
        let filter = ContactFilter {
            search: members.search()?,
            has_email: members.flag("has_email")?,
            has_phone: members.flag("has_phone")?,
            has_unread: members.flag("has_unread")?,
            tags: members.list("tags")?,
            tag_ids: members.list("tag_ids")?,
            source: members.named::<Source>("source", Source::NAMES)?,
            status: members.named::<Status>("conversation_status", Status::NAMES)?,
            created: members.period("date_from", "date_to")?,
            active: members.period("last_activity_from", "last_activity_to")?,
            order: members.order()?,
        };
        let number = (members.number("page", u64::MAX)?.unwrap_or(1), members.number("page_size", MOST_PER_PAGE)?);
        let page = PageRequest::new(number.0, number.1.unwrap_or(PER_PAGE));
        Ok(Self { filter, page: page.map_err(|error| InvalidFilter::of("page", format!("There is no such page: {error}.")))? })
    }
}

impl InvalidFilter {
    fn of(field: &str, sentence: impl Into<String>) -> Self {
        Self { field: field.to_owned(), sentence: sentence.into(), allowed: Vec::new() }
    }

    fn one_of(field: &str, allowed: Vec<&'static str>) -> Self {
        let sentence = format!("{field} is one of {}.", allowed.join(", "));
        Self { allowed, ..Self::of(field, sentence) }
    }
}

/// The members of a filter.
struct Members<'a>(&'a Map<String, Value>);

impl Members<'_> {
    /// A member that says something.
    fn given(&self, field: &str) -> Option<&Value> {
        self.0.get(field).filter(|value| match value {
            Value::Null => false,
            Value::String(text) => !text.trim().is_empty(),
            Value::Array(list) => !list.is_empty(),
            Value::Bool(_) | Value::Number(_) | Value::Object(_) => true,
        })
    }

    fn text(&self, field: &str) -> Result<Option<&str>, InvalidFilter> {
        let Some(value) = self.given(field) else { return Ok(None) };
        value.as_str().map(|text| Some(text.trim())).ok_or_else(|| InvalidFilter::of(field, format!("{field} is a text.")))
    }

    fn search(&self) -> Result<Option<String>, InvalidFilter> {
        let Some(text) = self.text("search")? else { return Ok(None) };
        if text.chars().count() > MAX_SEARCH_CHARS || text.split_whitespace().count() > MAX_SEARCH_TERMS {
            let sentence = format!("search has at most {MAX_SEARCH_CHARS} characters and {MAX_SEARCH_TERMS} words.");
            return Err(InvalidFilter::of("search", sentence));
        }
        Ok(Some(text.to_owned()))
    }

    fn flag(&self, field: &str) -> Result<Option<bool>, InvalidFilter> {
        match self.given(field) {
            None => Ok(None),
            Some(Value::Bool(on)) => Ok(Some(*on)),
            Some(Value::String(text)) if text == "true" => Ok(Some(true)),
            Some(Value::String(text)) if text == "false" => Ok(Some(false)),
            Some(Value::String(text)) if text == ALL => Ok(None),
            Some(_) => Err(InvalidFilter::one_of(field, vec!["true", "false", ALL])),
        }
    }

    fn named<T: FromStr>(&self, field: &str, names: &[&'static str]) -> Result<Option<T>, InvalidFilter> {
        let wrong = || InvalidFilter::one_of(field, names.iter().copied().chain([ALL]).collect());
        match self.given(field).map(|value| value.as_str().ok_or_else(wrong)).transpose()? {
            None | Some(ALL) => Ok(None),
            Some(name) => name.parse().map(Some).map_err(|_| wrong()),
        }
    }

    /// Texts or numbers; a single one need not be a list.
    fn list(&self, field: &str) -> Result<Option<Vec<String>>, InvalidFilter> {
        let wrong = || InvalidFilter::of(field, format!("{field} is a list of at most {MAX_TAGS} texts."));
        let one = |value: &Value| match value {
            Value::String(text) => Ok(text.trim().to_owned()),
            Value::Number(number) => Ok(number.to_string()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err(wrong()),
        };
        match self.given(field) {
            None => Ok(None),
            Some(Value::Array(list)) if list.len() <= MAX_TAGS => list.iter().map(one).collect::<Result<_, _>>().map(Some),
            Some(Value::Array(_)) => Err(wrong()),
            Some(value) => Ok(Some(vec![one(value)?])),
        }
    }

    fn period(&self, first: &str, last: &str) -> Result<period::Period, InvalidFilter> {
        Ok(period::Period { from: self.time(first, period::from)?, before: self.time(last, period::before)? })
    }

    fn time(&self, field: &str, read: fn(&str) -> Option<DateTime<Utc>>) -> Result<Option<DateTime<Utc>>, InvalidFilter> {
        let Some(value) = self.given(field) else { return Ok(None) };
        let time = value.as_str().and_then(|text| read(text.trim()));
        let wrong =
            || InvalidFilter::of(field, format!("{field} is a day like 2023-01-31, or a time like 2023-01-31T12:00:00Z."));
        time.map(Some).ok_or_else(wrong)
    }

    fn order(&self) -> Result<ContactOrder, InvalidFilter> {
        let named = ContactOrder::NAMED;
        let wrong = || InvalidFilter::one_of("order_by", named.iter().map(|(name, _)| *name).collect());
        let Some(value) = self.given("order_by") else { return Ok(ContactOrder::default()) };
        let name = value.as_str().ok_or_else(wrong)?;
        named.iter().find(|(known, _)| *known == name).map(|(_, order)| *order).ok_or_else(wrong)
    }

    fn number(&self, field: &str, most: u64) -> Result<Option<u64>, InvalidFilter> {
        let Some(value) = self.given(field) else { return Ok(None) };
        let number = value.as_u64().or_else(|| value.as_str()?.trim().parse().ok());
        let wrong = || {
            let bound = if most == u64::MAX { "1 on".to_owned() } else { format!("1 to {most}") };
            InvalidFilter::of(field, format!("{field} is a whole number from {bound}."))
        };
        number.filter(|number| (1..=most).contains(number)).map(Some).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests;
