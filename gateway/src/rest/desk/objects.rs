//! Customers as the desk shows them, and what was written, as JSON (spec 001, "Customer Collection Fields").

use chrono::{DateTime, TimeDelta, Utc};
use events::UserId;
use indicatif::HumanDuration;
use poem_openapi::Object;
use query_api::desk::{Author, ConversationRow, Delivery, MessageRow};

use super::names::{PriorityName, StatusName};
use crate::app::TenantFacts;
use crate::rest::moment::Moment;

/// A customer and their conversation with a page.
#[derive(Debug, Clone, Object)]
pub struct DeskCustomer {
    /// Names the conversation of the customer and the page; an opaque text.
    #[oai(rename = "_id")]
    pub id: String,
    /// Names the customer.
    pub customer_id: String,
    /// The customer's name; empty when not known.
    pub customer_name: String,
    /// The first word of it, or what the channel gives.
    pub first_name: String,
    /// The rest of it, or what the channel gives.
    pub last_name: String,
    /// Names the page that the messages go through.
    pub page_id: String,
    /// The page's name.
    pub page_name: String,
    /// Names the tenant.
    pub company_id: String,
    /// How many messages there were, whoever wrote them.
    pub message_count: u64,
    /// What was written last; `null`: nothing yet.
    #[oai(nullable)]
    pub last_message: Option<String>,
    /// When the customer last wrote.
    pub last_seen: Moment,
    /// When the conversation started.
    pub first_seen: Moment,
    /// Whether a person is wanted or helps, and the bot keeps still.
    pub stop: bool,
    /// Since when; `null`: the bot may answer.
    #[oai(nullable)]
    pub stopped_at: Option<Moment>,
    /// The name of the agent who handles it; `null`: nobody does.
    #[oai(nullable)]
    pub agent_name: Option<String>,
    /// Names the agent.
    #[oai(nullable)]
    pub agent_id: Option<String>,
    /// The agent's address.
    #[oai(nullable)]
    pub agent_email: Option<String>,
    /// Since when the agent handles it.
    #[oai(nullable)]
    pub assigned_at: Option<Moment>,
    /// When the conversation started.
    pub created_at: Moment,
    /// When anything last changed.
    pub updated_at: Moment,
    /// The channel.
    pub source: String,
    /// The customer's id in the channel; empty when not known.
    pub source_id: String,
    /// The title of the conversation.
    pub title: String,
    /// How the conversation stands.
    pub status: StatusName,
    /// How soon it wants a person.
    pub priority: PriorityName,
    /// How many of the customer's messages nobody has read.
    pub unread_count: u64,
    /// How good the help was, from 1 to 5; `null`: the customer has not said.
    #[oai(nullable, validator(minimum(value = "1"), maximum(value = "5")))]
    pub rating: Option<u8>,
    /// Whether an agent handles it.
    pub is_assigned: bool,
    /// Whether that is who asks.
    pub is_assigned_to_me: bool,
    /// How long the customer has waited for an agent, or waited until one came, in words; `null`: no person is wanted.
    #[oai(nullable)]
    pub waiting_time: Option<String>,
    /// The same in whole minutes.
    #[oai(nullable)]
    pub waiting_minutes: Option<u64>,
    /// How long ago the last message is, in words.
    pub time_since_last_conversation: String,
    /// The same in whole minutes.
    pub minutes_since_last_conversation: u64,
}

impl DeskCustomer {
    /// A conversation as a user of the tenant sees it at a time.
    #[must_use]
    pub fn of(row: ConversationRow, tenant: &TenantFacts, me: &UserId, now: DateTime<Utc>) -> Self {
        let (agent, assigned_at) = row.assignment.map(|it| (it.agent, it.assigned_at)).unzip();
        let waited = row.stopped_at.map(|since| assigned_at.unwrap_or(now) - since);
        let silent = now - row.last_message_at.unwrap_or(row.first_seen);
        Self {
            id: row.id.into(),
            customer_id: row.customer.into(),
            customer_name: row.customer_name,
            first_name: row.first_name,
            last_name: row.last_name,
            page_id: row.page.into(),
            page_name: row.page_name,
            company_id: tenant.id.to_string(),
            message_count: row.message_count,
            last_message: row.last_message.map(|message| message.text),
            last_seen: row.last_seen.into(),
            first_seen: row.first_seen.into(),
            stop: row.stopped_at.is_some(),
            stopped_at: row.stopped_at.map(Moment),
            is_assigned: agent.is_some(),
            is_assigned_to_me: agent.as_ref().is_some_and(|agent| agent.id == *me),
            agent_name: agent.as_ref().map(|agent| agent.name.clone()),
            agent_id: agent.as_ref().map(|agent| agent.id.to_string()),
            agent_email: agent.map(|agent| agent.email),
            assigned_at: assigned_at.map(Moment),
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
            source: row.source.name().to_owned(),
            source_id: row.source_id,
            title: row.title,
            status: row.status.into(),
            priority: row.priority.into(),
            unread_count: row.unread,
            rating: row.rating.map(|rating| rating.score),
            waiting_time: waited.map(words),
            waiting_minutes: waited.map(minutes),
            time_since_last_conversation: words(silent),
            minutes_since_last_conversation: minutes(silent),
        }
    }
}

/// A time in words, such as `5 minutes`. Clocks differ: what is not over yet took no time.
fn words(time: TimeDelta) -> String {
    HumanDuration(time.to_std().unwrap_or_default()).to_string()
}

fn minutes(time: TimeDelta) -> u64 {
    time.num_minutes().try_into().unwrap_or_default()
}

/// Something that was written.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Message")]
pub struct MessageObject {
    /// Names the message.
    pub id: String,
    /// Its number in the conversation, from 1.
    pub number: u64,
    /// What was written.
    pub text: String,
    /// Who wrote: `customer`, `agent` or `bot`.
    pub sender: String,
    /// Whether the bot wrote.
    pub is_ai_response: bool,
    /// Names the agent who wrote; `null`: no agent did.
    #[oai(nullable)]
    pub agent_id: Option<String>,
    /// The agent's name.
    #[oai(nullable)]
    pub agent_name: Option<String>,
    /// When it was sent: of what a customer wrote, by the channel's clock.
    pub sent_at: Moment,
    /// When it was recorded.
    pub created_at: Moment,
    /// What became of it: `received`, or of an answer `pending`, `delivered` or `failed`.
    pub delivery: String,
    /// Why the channel did not take it; `null`: it did, or still may.
    #[oai(nullable)]
    pub failure: Option<String>,
    /// Its place in the log.
    pub position: u64,
}

impl From<MessageRow> for MessageObject {
    fn from(row: MessageRow) -> Self {
        let is_ai_response = row.is_ai_response();
        let (delivery, failure) = match row.delivery {
            Delivery::Received => ("received", None),
            Delivery::Pending => ("pending", None),
            Delivery::Delivered { at: _ } => ("delivered", None),
            Delivery::Failed { at: _, reason } => ("failed", Some(reason)),
        };
        let (agent_id, agent_name) = row.agent.map(|agent| (agent.id, agent.name)).unzip();
        Self {
            id: row.id.into(),
            number: row.number,
            text: row.text,
            sender: Author::name(row.author).to_owned(),
            is_ai_response,
            agent_id,
            agent_name,
            sent_at: row.sent_at.into(),
            created_at: row.at.into(),
            delivery: delivery.to_owned(),
            failure,
            position: row.position.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_words_and_in_minutes() {
        let told = |seconds| (words(TimeDelta::seconds(seconds)), minutes(TimeDelta::seconds(seconds)));
        assert_eq!(told(-3), ("0 seconds".to_owned(), 0));
        assert_eq!(told(20), ("20 seconds".to_owned(), 0));
        assert_eq!(told(5 * 60), ("5 minutes".to_owned(), 5));
        assert_eq!(told(3 * 3600 + 5), ("3 hours".to_owned(), 180));
    }
}
