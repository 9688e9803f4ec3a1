//! Questions about the live customer list (spec 000): pages of it, what can be filtered, and what changed.
//!
//! - `filter`: which customers, in which order, as a predicate and a comparison of rows; `parse`: as it comes from a client
//! - `plan`: the same filter as SQL; `count`: how many there are; `list`: pages
//! - `options`: what there is to filter by

mod count;
mod filter;
mod list;
mod options;
mod parse;
mod period;
mod plan;
#[cfg(test)]
mod ways;

use events::Position;
use events::subject::Partition;
use projections::ReadModels;
use projections::contact_list::window;

pub use filter::{ContactFilter, ContactOrder, ContactOrderField};
pub use list::{Listed, list, tag_names};
pub use options::{Counted, FilterOptions, MOST_TAGS, options};
pub use parse::{ContactQuestion, FIELDS, InvalidFilter, MOST_PER_PAGE};
pub use period::Period;
pub use projections::contact_list::{
    Change, ContactChange, ContactRow, ConversationSummary, LastMessage, Stretch, TagNames, Writer,
};

use crate::{QueryError, Scope};

/// What changed in the tenant's list behind a position, at most so many changes. `None`: not all of that is kept any more, and the
/// list has to be asked for again.
///
/// # Errors
/// When the database does not answer.
pub async fn changes(
    models: &ReadModels,
    scope: &Scope,
    partition: Partition,
    after: Position,
    most: usize,
) -> Result<Option<Stretch>, QueryError> {
    let db = models.of(projections::contact_list::NAME)?;
    Ok(window::changes(&db, scope.id(), partition, after, most).await?)
}
