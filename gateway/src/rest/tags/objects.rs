//! Tags as JSON: what clients send and what they get.

use commands::TagState;
use poem_openapi::Object;
use poem_openapi::types::Example;
use query_api::customers::as_of::{self, TagThen};
use query_api::desk::TagRow;
use serde_json::Value;

use crate::rest::fields::{Fields, Input};
use crate::rest::moment::Moment;

/// The most tags that a request names.
const MOST_TAGS: usize = 50;

/// A tag to be made, or another name for one.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct TagInput {
    /// The name to show; unique in the tenant, without regard to case.
    #[oai(validator(min_length = 1, max_length = 50))]
    pub name: String,
}

impl Input for TagInput {
    fn read(fields: &mut Fields) -> Self {
        fields.ignore(&["id", "created_at", "updated_at"]);
        Self { name: fields.required_text("name") }
    }
}

impl Example for TagInput {
    fn example() -> Self {
        Self { name: "VIP".to_owned() }
    }
}

/// A tag.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Tag")]
pub struct TagObject {
    /// Names the tag.
    id: String,
    /// The name to show.
    name: String,
    /// When it was made.
    created_at: Moment,
    /// When it last changed.
    updated_at: Moment,
}

impl From<TagRow> for TagObject {
    fn from(row: TagRow) -> Self {
        Self { id: row.id.into(), name: row.name, created_at: row.created_at.into(), updated_at: row.updated_at.into() }
    }
}

impl From<TagThen> for TagObject {
    fn from(TagThen { tag, created_at, updated_at }: TagThen) -> Self {
        Self { id: tag.id.into(), name: tag.name, created_at: created_at.into(), updated_at: updated_at.into() }
    }
}

impl TagObject {
    /// A tag as a command left it.
    #[must_use]
    pub fn of_state(id: &str, state: &TagState) -> Self {
        Self {
            id: id.to_owned(),
            name: state.name.clone().unwrap_or_default(),
            created_at: state.created_at.unwrap_or_default().into(),
            updated_at: state.updated_at.unwrap_or_default().into(),
        }
    }
}

/// The tags of a tenant.
#[derive(Debug, Clone, Object)]
pub struct TagList {
    /// How many there are.
    pub count: u64,
    /// The tags, by name.
    pub results: Vec<TagObject>,
}

impl TagList {
    /// These tags, in this order.
    #[must_use]
    pub fn of(tags: Vec<impl Into<TagObject>>) -> Self {
        let results: Vec<_> = tags.into_iter().map(Into::into).collect();
        Self { count: results.len() as u64, results }
    }
}

/// Tags of a customer, each by its id or its name.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct TagsInput {
    /// The tags.
    #[oai(validator(max_items = 50))]
    pub tags: Vec<String>,
}

impl Input for TagsInput {
    fn read(fields: &mut Fields) -> Self {
        fields.require("tags");
        let items = fields.list("tags", MOST_TAGS).unwrap_or_default();
        let texts: Option<Vec<String>> = items
            .into_iter()
            .map(|item| match item {
                Value::String(text) if !text.trim().is_empty() => Some(text),
                Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
            })
            .collect();
        if texts.is_none() {
            fields.wrong("tags", "Each tag is the id or the name of one.");
        }
        Self { tags: texts.unwrap_or_default() }
    }
}

impl Example for TagsInput {
    fn example() -> Self {
        Self { tags: vec!["VIP".to_owned()] }
    }
}

/// A tag of a customer.
#[derive(Debug, Clone, Object)]
pub struct NamedTag {
    /// Names the tag.
    id: String,
    /// The name to show.
    name: String,
}

/// The tags of a customer.
#[derive(Debug, Clone, Object)]
pub struct CustomerTags {
    /// The tags, by name.
    tags: Vec<NamedTag>,
}

impl CustomerTags {
    /// These tags.
    #[must_use]
    pub fn of(tags: impl IntoIterator<Item = as_of::NamedTag>) -> Self {
        Self { tags: by_name(tags) }
    }
}

/// Tags in the order in which they are shown.
#[must_use]
pub fn by_name(tags: impl IntoIterator<Item = as_of::NamedTag>) -> Vec<NamedTag> {
    let mut tags: Vec<_> = tags.into_iter().map(|tag| NamedTag { id: tag.id.into(), name: tag.name }).collect();
    tags.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
    tags
}
