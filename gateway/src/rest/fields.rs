//! The fields of JSON objects, read one by one, so that one answer names everything that is wrong.

use chrono::{DateTime, SubsecRound, Utc};
use poem_openapi::types::Type;
use serde_json::{Map, Value};

use crate::problem::{FieldErrors, Problem};

pub use super::body::{Body, MAX_BODY_BYTES};

/// What can be read from the fields of a JSON object.
pub trait Input: Type + Send + Sized {
    /// Reads the fields; what is wrong with them is kept in `fields`, and then what is returned does not matter.
    fn read(fields: &mut Fields) -> Self;
}

/// Reads an object of a known form.
///
/// # Errors
/// The 400 problem that names everything that is wrong with it.
pub fn read<T: Input>(map: Map<String, Value>) -> Result<T, Problem> {
    read_with(map, T::read)
}

/// Reads an object with a function that knows its form, and keeps what is wrong in the fields.
///
/// # Errors
/// The 400 problem that names everything that is wrong with it.
pub fn read_with<T>(map: Map<String, Value>, read: impl FnOnce(&mut Fields) -> T) -> Result<T, Problem> {
    let mut fields = Fields::new(map);
    let input = read(&mut fields);
    fields.finish()?;
    Ok(input)
}

/// Checks that nothing is in an object where nothing is read.
///
/// # Errors
/// The 400 problem that names what is there.
pub fn no_more(map: Map<String, Value>) -> Result<(), Problem> {
    Fields::new(map).finish()
}

/// The fields of a JSON object that are not read yet, and what was wrong with those that are.
pub struct Fields {
    map: Map<String, Value>,
    errors: FieldErrors,
    refusal: Option<Problem>,
}

impl Fields {
    fn new(map: Map<String, Value>) -> Self {
        Self { map, errors: FieldErrors::new(), refusal: None }
    }

    /// Says what is wrong with a field.
    pub fn wrong(&mut self, name: &str, sentence: impl Into<String>) {
        self.errors.entry(name.to_owned()).or_default().push(sentence.into());
    }

    /// Whether something is wrong with a field already.
    #[must_use]
    pub fn is_wrong(&self, name: &str) -> bool {
        self.errors.contains_key(name)
    }

    /// Refuses the whole body with a problem of its own, unless there is one already.
    pub fn refuse(&mut self, problem: Problem) {
        self.refusal.get_or_insert(problem);
    }

    /// Passes over fields that clients send back although they cannot be changed.
    pub fn ignore(&mut self, names: &[&str]) {
        for name in names {
            self.map.remove(*name);
        }
    }

    /// The raw value of a field.
    pub fn raw(&mut self, name: &str) -> Option<Value> {
        self.map.remove(name)
    }

    /// A text.
    pub fn text(&mut self, name: &str) -> Option<String> {
        match self.raw(name)? {
            Value::String(text) if text.contains('\0') => self.none(name, "Null characters are not allowed."),
            Value::String(text) => Some(text),
            Value::Null => self.none(name, NO_NULL),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => self.none(name, "Must be a text."),
        }
    }

    /// A text that must be there.
    pub fn required_text(&mut self, name: &str) -> String {
        self.require(name);
        self.text(name).unwrap_or_default()
    }

    /// A whole number.
    pub fn integer(&mut self, name: &str) -> Option<i64> {
        let value = self.raw(name)?;
        if value.is_null() {
            return self.none(name, NO_NULL);
        }
        match value.as_i64() {
            Some(number) => Some(number),
            None => self.none(name, "Must be a whole number."),
        }
    }

    /// True or false.
    pub fn flag(&mut self, name: &str) -> Option<bool> {
        match self.raw(name)? {
            Value::Bool(flag) => Some(flag),
            Value::Null => self.none(name, NO_NULL),
            Value::String(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => self.none(name, "Must be true or false."),
        }
    }

    /// A time; `Some(None)` when it is `null`.
    pub fn time(&mut self, name: &str) -> Option<Option<DateTime<Utc>>> {
        match self.raw(name)? {
            Value::Null => Some(None),
            Value::String(text) => match DateTime::parse_from_rfc3339(&text) {
                Ok(time) => Some(Some(time.to_utc().trunc_subsecs(6))),
                Err(_) => self.none(name, "Must be a time such as 2024-01-20T15:45:00Z."),
            },
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                self.none(name, "Must be a time such as 2024-01-20T15:45:00Z.")
            }
        }
    }

    /// A list of up to `most` items.
    pub fn list(&mut self, name: &str, most: usize) -> Option<Vec<Value>> {
        match self.raw(name)? {
            Value::Array(items) if items.len() <= most => Some(items),
            Value::Array(_) => self.none(name, &format!("At most {most} items.")),
            Value::Null => self.none(name, NO_NULL),
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => self.none(name, "Must be a list."),
        }
    }

    /// A value in its textual form, such as a role or an amount; numbers are taken as they are written.
    pub fn parsed<V: std::str::FromStr<Err: std::fmt::Display>>(&mut self, name: &str) -> Option<V> {
        let text = match self.raw(name)? {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            Value::Null => return self.none(name, NO_NULL),
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => return self.none(name, "Must be a text or a number."),
        };
        match text.trim().parse() {
            Ok(value) => Some(value),
            Err(error) => self.none(name, &sentence(&error.to_string())),
        }
    }

    /// Notes that a field must be there.
    pub fn require(&mut self, name: &str) {
        if !self.map.contains_key(name) && !self.errors.contains_key(name) {
            self.wrong(name, "This field is required.");
        }
    }

    /// An object inside this one, read by `read`; `Some(None)` when it is `null`.
    pub fn object<V>(&mut self, name: &str, read: impl FnOnce(&mut Fields) -> V) -> Option<Option<V>> {
        match self.raw(name)? {
            Value::Null => Some(None),
            Value::Object(map) => {
                let mut inner = Fields::new(map);
                let value = read(&mut inner);
                inner.note_unknown();
                let wrong = !inner.errors.is_empty();
                for (field, sentences) in inner.errors {
                    self.errors.entry(format!("{name}.{field}")).or_default().extend(sentences);
                }
                (!wrong).then_some(Some(value))
            }
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => self.none(name, "Must be an object."),
        }
    }

    fn none<V>(&mut self, name: &str, sentence: &str) -> Option<V> {
        self.wrong(name, sentence);
        None
    }

    fn note_unknown(&mut self) {
        for name in std::mem::take(&mut self.map).into_iter().map(|(name, _)| name).take(20) {
            let shown: String = name.chars().take(60).collect();
            self.wrong(&shown, "There is no such field.");
        }
    }

    fn finish(mut self) -> Result<(), Problem> {
        self.note_unknown();
        match self.refusal {
            Some(problem) => Err(problem),
            None if self.errors.is_empty() => Ok(()),
            None => Err(Problem::invalid(self.errors)),
        }
    }
}

const NO_NULL: &str = "This field may not be null.";

/// A lowercase fragment as a sentence.
#[must_use]
pub fn sentence(fragment: &str) -> String {
    let mut letters = fragment.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    let end = if fragment.ends_with('.') { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}
