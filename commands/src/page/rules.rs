//! What must hold for a page, one function per sentence.

use super::error::PageRejection;
use super::state::PageState;
use crate::fields::{FieldErrors, Lines, check_name, check_text};

/// The limits, in characters.
pub mod limits {
    /// The name.
    pub const NAME: usize = 200;
    /// The account in the channel.
    pub const EXTERNAL_ID: usize = 128;
}

/// The page must be the tenant's, connected or not.
pub(super) fn the_page_is_the_tenants(state: &PageState) -> Result<(), PageRejection> {
    if state.exists() { Ok(()) } else { Err(PageRejection::AccessDenied) }
}

/// A name is there, on one line, and not too long. Gives the name without blanks around it.
pub(super) fn the_name_is_fit(name: &str) -> Result<String, PageRejection> {
    let name = name.trim();
    let mut errors = FieldErrors::default();
    check_name(&mut errors, "name", name, limits::NAME);
    errors.into_result().map_err(PageRejection::Invalid)?;
    Ok(name.to_owned())
}

/// An account is named, on one line, and not too long. Gives it without blanks around it.
pub(super) fn the_account_is_fit(external_id: &str) -> Result<String, PageRejection> {
    let external_id = external_id.trim();
    let mut errors = FieldErrors::default();
    if external_id.is_empty() {
        errors.add("external_id", "External id is required");
    }
    check_text(&mut errors, "external_id", external_id, limits::EXTERNAL_ID, Lines::One);
    errors.into_result().map_err(PageRejection::Invalid)?;
    Ok(external_id.to_owned())
}
