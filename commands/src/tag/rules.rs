//! What must hold for a tag, one function per sentence.

use super::error::TagRejection;
use super::state::TagState;
use crate::fields::{FieldErrors, check_name};

/// The most characters of a tag's name.
pub const MAX_NAME_CHARS: usize = 50;

/// The tag must be there. Gives its name.
pub(super) fn the_tag_exists(state: &TagState) -> Result<&str, TagRejection> {
    state.name.as_deref().ok_or(TagRejection::NotFound)
}

/// A name is there, on one line, and not too long. Gives the name without blanks around it.
pub(super) fn the_name_is_fit(name: &str) -> Result<String, TagRejection> {
    let name = name.trim();
    let mut errors = FieldErrors::default();
    check_name(&mut errors, "name", name, MAX_NAME_CHARS);
    errors.into_result().map_err(TagRejection::Invalid)?;
    Ok(name.to_owned())
}
