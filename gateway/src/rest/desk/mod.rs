//! `/api/desk/`: the agent desk beyond spec 001's own endpoints, and what all its doors share.
//!
//! - [`talk`]: which conversation is meant, what is asked of it, how it looks then
//! - [`sent`]: answers to customers; [`lists`]: parts of lists; [`objects`]: customers and messages as JSON
//! - `bot`: the bot's door; `notes`: what is noted about a conversation; `messages`: what was written; `queue`: who waits;
//!   `metrics`: how it is doing
//! - `availability`: to whom customers may be given; `rule`: by whom

mod availability;
mod bot;
pub mod lists;
mod messages;
mod metrics;
mod names;
mod notes;
pub mod objects;
mod queue;
mod rule;
pub mod sent;
pub mod talk;

pub use availability::AgentObject;
pub use messages::MessageList;

/// Every group of operations of the desk.
pub type DeskApi = (
    bot::BotApi,
    messages::MessagesApi,
    metrics::DeskMetricsApi,
    notes::NotesApi,
    queue::QueueApi,
    availability::AvailabilityApi,
    rule::RuleApi,
);

/// Every group of operations of the desk.
#[must_use]
pub fn api() -> DeskApi {
    (
        bot::BotApi,
        messages::MessagesApi,
        metrics::DeskMetricsApi,
        notes::NotesApi,
        queue::QueueApi,
        availability::AvailabilityApi,
        rule::RuleApi,
    )
}
