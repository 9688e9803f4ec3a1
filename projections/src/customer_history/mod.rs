//! The customers as they were at any moment: every version of every customer with contact and tags, the lists in which they stood,
//! what could be searched, and counts.
//!
//! A question as of a moment finds a page by walking one list in order, passing over stays that had not begun or had ended. Lists
//! are begun anew in chapters, so that there are never many of these.

mod card_store;
mod cards;
mod chapter_store;
mod chapters;
mod counts;
mod erase;
mod finds;
mod fold;
mod heights;
mod marks;
mod moment;
mod orders;
mod peaks;
mod store;
mod table;
mod tag_names;
mod totals;
mod traces;
mod whole;

use std::collections::BTreeSet;

use events::StreamKind;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

pub use card_store::{CARD, StoredCard, WITH_CARD};
pub use cards::Card;
pub use moment::Moment;
pub use orders::Order;
pub use store::SELECTED;
pub use totals::{COLUMNS as TOTALS, column_of as total_of};

use crate::customer::Key;
use crate::db::{Backend, DbError, TextIndex, Texts, Tx};
use crate::projection::{ApplyError, Batch, Pace, Projection, Replay, Shape, Table, customer_events, shape};
use crate::rebuild::{self, Cells};

/// The name of the projection.
pub const NAME: &str = "customer_history";

/// The projection.
#[derive(Debug, Clone, Copy)]
pub struct CustomerHistory {
    /// How many stays a chapter of a list may have beyond the usual.
    slack: i64,
}

impl Default for CustomerHistory {
    fn default() -> Self {
        Self { slack: chapters::SLACK }
    }
}

impl CustomerHistory {
    /// The same with chapters so short that small histories have several.
    #[must_use]
    pub const fn in_short_chapters() -> Self {
        Self { slack: 2 }
    }
}

impl Projection for CustomerHistory {
    fn name(&self) -> &'static str {
        NAME
    }

    fn version(&self) -> u32 {
        7
    }

    fn pace(&self) -> Pace {
        Pace::Trailing
    }

    fn replay(&self) -> Replay {
        Replay::Safe
    }

    fn shape(&self) -> Shape {
        shape!("customer_history")
    }

    fn tables(&self) -> &'static [Table] {
        table::TABLES
    }

    fn rows<'a>(&self, tx: &'a mut Tx, table: &Table) -> BoxStream<'a, Result<Cells, DbError>> {
        if table.name == table::WHOLE_STAYS.name { whole::stays(tx) } else { rebuild::rows(tx, table) }
    }

    fn texts(&self, backend: Backend) -> &'static [Texts] {
        if backend.matching_is_exact() {
            const { &[TextIndex::Search.texts(), TextIndex::Ended.texts()] }
        } else {
            const { &[TextIndex::Search.texts()] }
        }
    }

    fn kinds(&self) -> &'static [StreamKind] {
        &[StreamKind::Customer, StreamKind::Tag]
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, batch: Batch<'a>) -> BoxFuture<'a, Result<(), ApplyError>> {
        Box::pin(async move {
            let events = customer_events(&batch)?;
            let keys: BTreeSet<&Key> = events.iter().map(|(key, _, _)| key).collect();
            let mut histories = store::load(tx, &keys).await?;
            let mut cards = card_store::load(tx, &events).await?;
            for (key, recorded, event) in &events {
                histories.apply(batch.partition, key, recorded, event)?;
                cards.apply(Moment::of(batch.partition, recorded.position), key, event);
            }
            card_store::save(tx, cards, &histories.forgotten()).await?;
            tag_names::save(tx, &batch).await?;
            Ok(store::save(tx, histories, self.slack).await?)
        })
    }
}
