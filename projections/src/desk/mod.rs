//! The agent desk, now and at any moment: conversations in versions, their messages, the stretches that figures are made of, and
//! what customers, pages and users were called. Beside them pages, tags and agents as they are now.
//!
//! What is valid now is the version that has not ended; a question about the past asks for the one that was valid then. So both
//! are one statement, and what is answered as of a moment is what was answered at it.

mod conversation;
mod entity;
mod facets;
mod fold;
mod message;
mod name;
mod name_store;
mod people;
mod spell;
mod spells;
mod store;
mod stored;
mod table;

use std::collections::BTreeSet;

use events::{Event, StreamKind};
use futures_util::future::BoxFuture;

pub use conversation::{Identity, Rating, Version};
pub use entity::Entity;
pub use message::{Author, State as MessageState};
pub use name::Kind as NameKind;
pub use people::{AgentRow, PageRow, TagRow};
pub use spell::{Kind as SpellKind, OPEN_TIME, Outcome};
pub use stored::{SELECTED, StoredConversation};

use crate::customer::says_who;
use crate::customer_history::Moment;
use crate::db::{Backend, TextIndex, Texts, Tx};
use crate::projection::{ApplyError, Batch, Pace, Projection, Replay, Shape, Table, shape};

/// The name of the projection.
pub const NAME: &str = "desk";

/// The projection.
#[derive(Debug, Clone, Copy)]
pub struct Desk;

impl Projection for Desk {
    fn name(&self) -> &'static str {
        NAME
    }

    fn version(&self) -> u32 {
        1
    }

    fn pace(&self) -> Pace {
        Pace::Prompt
    }

    fn replay(&self) -> Replay {
        Replay::Safe
    }

    fn shape(&self) -> Shape {
        shape!("desk")
    }

    fn tables(&self) -> &'static [Table] {
        table::TABLES
    }

    fn texts(&self, _backend: Backend) -> &'static [Texts] {
        const { &[TextIndex::Search.texts()] }
    }

    fn kinds(&self) -> &'static [StreamKind] {
        &[StreamKind::Conversation, StreamKind::Customer, StreamKind::Page, StreamKind::Tag, StreamKind::User]
    }

    fn wants(&self, event: &Event) -> bool {
        if let Event::Customer(event) = event { says_who(event) } else { true }
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, batch: Batch<'a>) -> BoxFuture<'a, Result<(), ApplyError>> {
        Box::pin(async move {
            let mut threads = store::threads(tx, &fold::conversations(&batch)).await?;
            let mut names = name_store::load(tx, &name::keys(&batch)).await?;
            for recorded in &batch.events {
                let at = Moment::of(batch.partition, recorded.position);
                if let Event::Conversation(event) = &recorded.event {
                    threads.apply(at, recorded, event)?;
                }
                names.apply(at, recorded);
            }
            store::save(tx, threads).await?;
            name_store::save(tx, names).await?;
            entity::apply::<PageRow>(tx, &batch).await?;
            entity::apply::<TagRow>(tx, &batch).await?;
            entity::apply::<AgentRow>(tx, &batch).await
        })
    }
}

/// The streams of one kind that a batch touches.
fn streams<'a>(batch: &Batch<'a>, kind: StreamKind) -> BTreeSet<(&'a str, &'a str)> {
    let of_kind = batch.events.iter().filter(|recorded| recorded.event.kind() == kind);
    of_kind.map(|recorded| (recorded.envelope.stream.tenant.as_str(), recorded.envelope.stream.id())).collect()
}
