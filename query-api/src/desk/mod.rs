//! Questions about the agent desk: conversations and their messages, pages, tags, agents, and figures.
//!
//! What is asked with a moment is answered as it was answered at it; but for customers who were forgotten since: they are in no
//! answer, at no time.

mod agents;
mod filter;
mod find;
mod list;
mod messages;
pub mod metrics;
mod pages;
mod queue;
mod row;
mod stored;
mod tags;

pub use agents::{AgentRow, agent, agents, least_busy};
pub use filter::{Assigned, ConversationFilter, ConversationOrder, Window};
pub use list::{conversation, conversations, conversations_of};
pub use messages::{MessagePart, PendingMessage, messages, pending};
pub use pages::{PageRow, page, page_of_account, pages, pages_of_account};
pub use projections::desk::Author;
pub use queue::{Queue, queue, queues};
pub use row::{Assignment, ConversationRow, Delivery, MessageRow, Rating, Speaker};
pub use tags::{TagRow, tag, tags};

use projections::customer_history::Moment;

use crate::customers::as_of::AsOf;

/// The moment that a question is about. What is valid now has no end, so now is the greatest moment there is.
fn moment(as_of: Option<AsOf>) -> Moment {
    as_of.map_or(Moment::OPEN, AsOf::moment)
}
