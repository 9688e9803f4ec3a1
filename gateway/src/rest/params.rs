//! Parameters of a URL: what they may be, said once for the parser and for the document.

use std::borrow::Cow;
use std::fmt::Display;
use std::marker::PhantomData;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::{ParseError, ParseFromParameter, ParseResult, Type};
use query_api::customers::parse_flag;
use serde_json::Value;

use super::fields::sentence;
use crate::problem::{Kind, Problem};

/// A whole number within bounds, and what it is when it is not given.
#[derive(Debug, Clone, Copy)]
pub struct Whole<const LEAST: u64, const MOST: u64, const DEFAULT: u64>(pub u64);

/// The number of a page.
pub type PageNumber = Whole<1, { u32::MAX as u64 }, 1>;
/// How many items a page has (spec 002: 10, at most 100).
pub type PageSize = Whole<1, 100, 10>;

/// What a text parameter may be.
pub trait Form: Send + Sync {
    /// Its schema.
    fn schema() -> MetaSchema;
    /// The most characters.
    const MOST_CHARS: usize = 200;
}

/// A text parameter; an empty one is as good as none. What it means is judged by who asks the question.
pub struct Text<F> {
    /// The text.
    pub value: Option<String>,
    form: PhantomData<F>,
}

impl<F> Text<F> {
    /// The text, if there is one.
    #[must_use]
    pub fn as_deref(&self) -> Option<&str> {
        self.value.as_deref()
    }
}

macro_rules! parameter_type {
    ([$($generics:tt)*] $name:ty, $schema:expr, $label:literal) => {
        impl<$($generics)*> Type for $name {
            const IS_REQUIRED: bool = false;
            type RawValueType = Self;
            type RawElementValueType = Self;

            fn name() -> Cow<'static, str> {
                $label.into()
            }

            fn schema_ref() -> MetaSchemaRef {
                MetaSchemaRef::Inline(Box::new($schema))
            }

            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }

            fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
                Box::new(std::iter::once(self))
            }
        }
    };
}

parameter_type!(
    [const LEAST: u64, const MOST: u64, const DEFAULT: u64] Whole<LEAST, MOST, DEFAULT>,
    bounded(LEAST, MOST, DEFAULT),
    "whole number"
);
parameter_type!([F: Form] Text<F>, MetaSchema { max_length: Some(F::MOST_CHARS), ..F::schema() }, "text");

#[expect(clippy::cast_precision_loss, reason = "bounds of parameters are small, and a schema knows no other numbers")]
fn bounded(least: u64, most: u64, default: u64) -> MetaSchema {
    MetaSchema {
        minimum: Some(least as f64),
        maximum: Some(most as f64),
        default: Some(Value::from(default)),
        ..MetaSchema::new("integer")
    }
}

impl<const LEAST: u64, const MOST: u64, const DEFAULT: u64> ParseFromParameter for Whole<LEAST, MOST, DEFAULT> {
    fn parse_from_parameter(text: &str) -> ParseResult<Self> {
        match text.parse() {
            Ok(number) if (LEAST..=MOST).contains(&number) => Ok(Self(number)),
            Ok(_) | Err(_) => Err(ParseError::custom(format!("Must be a whole number from {LEAST} to {MOST}."))),
        }
    }

    fn parse_from_parameters<I: IntoIterator<Item = A>, A: AsRef<str>>(values: I) -> ParseResult<Self> {
        match values.into_iter().next() {
            Some(text) if !text.as_ref().is_empty() => Self::parse_from_parameter(text.as_ref()),
            Some(_) | None => Ok(Self(DEFAULT)),
        }
    }
}

impl<F: Form> ParseFromParameter for Text<F> {
    fn parse_from_parameter(text: &str) -> ParseResult<Self> {
        if text.contains('\0') {
            return Err(ParseError::custom("Null characters are not allowed."));
        }
        if text.chars().count() > F::MOST_CHARS {
            return Err(ParseError::custom(format!("Must have no more than {} characters.", F::MOST_CHARS)));
        }
        Ok(Self { value: (!text.is_empty()).then(|| text.to_owned()), form: PhantomData })
    }

    fn parse_from_parameters<I: IntoIterator<Item = A>, A: AsRef<str>>(values: I) -> ParseResult<Self> {
        Self::parse_from_parameter(values.into_iter().next().as_ref().map_or("", AsRef::as_ref))
    }
}

/// Any text.
pub struct Free;

impl Form for Free {
    fn schema() -> MetaSchema {
        MetaSchema::new("string")
    }
}

/// `true` or `false`.
pub struct Flag;

impl Form for Flag {
    fn schema() -> MetaSchema {
        one_of(["true", "false"])
    }
}

/// A time.
pub struct Time;

impl Form for Time {
    fn schema() -> MetaSchema {
        MetaSchema::new_with_format("string", "date-time")
    }

    const MOST_CHARS: usize = 64;
}

/// The schema of a text that is one of these.
pub fn one_of(names: impl IntoIterator<Item = impl Into<Value>>) -> MetaSchema {
    MetaSchema { enum_items: names.into_iter().map(Into::into).collect(), ..MetaSchema::new("string") }
}

/// The 400 problem of a parameter that names none of these.
#[must_use]
pub fn not_one_of(parameter: &str, names: impl IntoIterator<Item = &'static str>) -> Problem {
    let names: Vec<_> = names.into_iter().collect();
    Problem::field(Kind::InvalidParameter, parameter, format!("Must be one of {}.", names.join(", ")))
}

/// The value that a parameter names, if it is given.
///
/// # Errors
/// The 400 problem that names the parameter and what it may be.
pub fn named<V>(name: &str, text: Option<&str>) -> Result<Option<V>, Problem>
where
    V: FromStr<Err: Display>,
{
    let wrong = |error: V::Err| Problem::field(Kind::InvalidParameter, name, sentence(&error.to_string()));
    text.map(|text| text.parse().map_err(wrong)).transpose()
}

/// That nothing ends before it begins: what two parameters name, each with its name.
///
/// # Errors
/// The 400 problem that names the beginning.
pub fn in_order<T: PartialOrd>(from: (&str, Option<T>), to: (&str, Option<T>)) -> Result<(), Problem> {
    if from.1.zip(to.1).is_some_and(|(from, to)| from > to) {
        return Err(Problem::field(Kind::InvalidParameter, from.0, format!("Must not be after {}.", to.0)));
    }
    Ok(())
}

impl Text<Flag> {
    /// What a flag says, if it is given.
    ///
    /// # Errors
    /// The 400 problem that names the parameter.
    pub fn is(&self, name: &str) -> Result<Option<bool>, Problem> {
        let wrong = || Problem::field(Kind::InvalidParameter, name, "Must be true or false.");
        self.as_deref().map(|text| parse_flag(text).ok_or_else(wrong)).transpose()
    }
}

impl Text<Time> {
    /// The time, if one is given.
    ///
    /// # Errors
    /// The 400 problem that names the parameter.
    pub fn time(&self, name: &str) -> Result<Option<DateTime<Utc>>, Problem> {
        let wrong = || Problem::field(Kind::InvalidParameter, name, "Must be a time such as 2024-01-20T15:45:00Z.");
        self.as_deref().map(|text| time(text).ok_or_else(wrong)).transpose()
    }
}

/// A time (RFC 3339). In a URL a `+` that is not written as `%2B` is a blank: one before an offset was a plus.
#[must_use]
pub fn time(text: &str) -> Option<DateTime<Utc>> {
    let read = |text: &str| DateTime::parse_from_rfc3339(text).map(|time| time.to_utc()).ok();
    read(text).or_else(|| text.rsplit_once(' ').and_then(|(time, offset)| read(&format!("{time}+{offset}"))))
}
