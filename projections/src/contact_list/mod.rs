//! The live customer list (spec 000): a row per customer with contact, tags and conversations, and the latest changes of the rows.
//!
//! - [`row`]: what is shown; [`kind`]: what most filters ask, in one number
//! - `fold`, `talk`: what events do to a row; `rows`: what the commits of a batch do to all of them
//! - [`change`]: what is told of a change; [`window`]: the latest changes, for live queries and for who comes back
//! - [`names`]: what tags are called; [`facets`]: how many customers there are of every kind
//! - `table`, `store`: how it is kept

pub mod change;
pub mod facets;
mod fold;
pub mod kind;
pub mod names;
pub mod row;
mod rows;
mod store;
mod table;
mod talk;
pub mod window;

use events::{Event, StreamKind};
use futures_util::future::BoxFuture;

pub use change::{Change, ContactChange};
pub use names::TagNames;
pub use row::{ContactRow, ConversationSummary, LastMessage, Writer};
pub use store::unpacked;
pub use window::Stretch;

use crate::db::{Backend, TextIndex, Texts, Tx};
use crate::projection::{ApplyError, Batch, Pace, Projection, Replay, Shape, Table, shape};
use facets::FACETS;
use table::{CONTACTS, CONVERSATIONS, TAGGED, TAGS};

/// The name of the projection.
pub const NAME: &str = "contact_list";

/// The projection.
#[derive(Debug, Clone, Copy)]
pub struct ContactList;

impl Projection for ContactList {
    fn name(&self) -> &'static str {
        NAME
    }

    fn version(&self) -> u32 {
        1
    }

    fn pace(&self) -> Pace {
        Pace::Trailing
    }

    fn replay(&self) -> Replay {
        Replay::Safe
    }

    fn shape(&self) -> Shape {
        shape!("contact_list")
    }

    /// All but the changes: how far back they go depends on when somebody was forgotten.
    fn tables(&self) -> &'static [Table] {
        &[
            Table { name: CONTACTS.table, columns: CONTACTS.columns, key: CONTACTS.key },
            Table { name: TAGGED.table, columns: TAGGED.columns, key: TAGGED.key },
            Table { name: TAGS.table, columns: TAGS.columns, key: TAGS.key },
            Table { name: CONVERSATIONS.table, columns: CONVERSATIONS.columns, key: CONVERSATIONS.key },
            Table { name: FACETS.table, columns: FACETS.columns, key: FACETS.key },
        ]
    }

    fn texts(&self, _backend: Backend) -> &'static [Texts] {
        const { &[TextIndex::Search.texts()] }
    }

    fn kinds(&self) -> &'static [StreamKind] {
        &[StreamKind::Customer, StreamKind::Conversation, StreamKind::Tag]
    }

    fn wants(&self, event: &Event) -> bool {
        if let Event::Customer(event) = event { fold::shows(event) } else { true }
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, batch: Batch<'a>) -> BoxFuture<'a, Result<(), ApplyError>> {
        Box::pin(async move {
            let mut rows = store::load(tx, &batch.events).await?;
            for commit in batch.events.chunk_by(|a, b| a.position == b.position) {
                rows.apply(batch.partition, commit)?;
            }
            Ok(store::save(tx, rows).await?)
        })
    }
}
