//! `/api/tags/` and `/api/customers/{id}/tags/`: the tenant's tags, and who has them (spec 000, "Tag Filters").

mod all;
mod customers;
pub mod objects;

pub use objects::{CustomerTags, TagInput, TagList, TagObject, TagsInput};

/// Every group of operations on tags.
pub type TagsApi = (all::TagsApi, customers::CustomerTagsApi);

/// Every group of operations on tags.
#[must_use]
pub fn api() -> TagsApi {
    (all::TagsApi, customers::CustomerTagsApi)
}
