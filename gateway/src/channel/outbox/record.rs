//! An answer as the log has it, and noting what became of it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use commands::conversation::{Delivered, Failed};
use commands::{CommandError, Conversation, ConversationCommand, Meta};
use event_log::{Log, LogError};
use events::subject::Partition;
use events::{Actor, ConversationEvent, CorrelationId, Event, EventId, MessageId, NewEvent, StreamRef};

use super::book::Waiting;
use super::courier::Courier;

/// How long to wait before what became of an answer is noted again.
const AGAIN: Duration = Duration::from_millis(500);

/// An answer as the log has it.
#[derive(Debug)]
pub struct Answer {
    /// What it says.
    pub text: String,
    /// Whether the bot wrote it.
    pub is_bots: bool,
    /// Since when it waits.
    pub recorded_at: DateTime<Utc>,
    correlation_id: CorrelationId,
    event: EventId,
}

/// What became of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The channel took it, and calls it so.
    Delivered(String),
    /// The channel does not take it, for this reason.
    Failed(String),
}

impl Verdict {
    /// The name that metrics show.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Delivered(_) => "delivered",
            Self::Failed(_) => "failed",
        }
    }
}

impl Answer {
    /// The answer that waits; `None` where it was erased.
    pub async fn read(log: &Log, partition: Partition, waiting: &Waiting) -> Result<Option<Self>, LogError> {
        let stored = log.commits(partition, &[waiting.position]).await?.pop().flatten();
        Ok(stored.and_then(|stored| {
            let envelope = stored.commit.envelope;
            let (text, is_bots, event) = stored.commit.events.into_iter().find_map(|new| text_of(new, &waiting.message))?;
            let (recorded_at, correlation_id) = (envelope.recorded_at, envelope.correlation_id);
            Some(Self { text, is_bots, recorded_at, correlation_id, event })
        }))
    }

    /// Notes what became of it, however often it takes: what was sent must not be sent again because the log was away. Whether that
    /// was done before this process is to stop.
    pub async fn record(&self, courier: &Courier, conversation: &StreamRef, message: &MessageId, verdict: Verdict) -> bool {
        let message_id = message.clone();
        let command = match verdict {
            Verdict::Delivered(external_id) => ConversationCommand::Delivered(Delivered { message_id, external_id }),
            Verdict::Failed(reason) => ConversationCommand::Failed(Failed { message_id, reason }),
        };
        let meta = Meta { causation_id: Some(self.event), ..Meta::new(Actor::system("outbox"), self.correlation_id.clone()) };
        loop {
            match courier.app().executor.execute::<Conversation>(conversation, command.clone(), &meta, None).await {
                // Where the conversation was forgotten meanwhile there is nothing to note.
                Ok(_) | Err(CommandError::Rejected(_)) => return true,
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "what became of an answer is not noted yet");
                    if courier.stop().run_until_cancelled(tokio::time::sleep(AGAIN)).await.is_none() {
                        return false;
                    }
                }
            }
        }
    }
}

/// What an event says, and whether the bot did, if it is this message.
fn text_of(new: NewEvent, message: &MessageId) -> Option<(String, bool, EventId)> {
    let Event::Conversation(event) = new.event else { return None };
    if let ConversationEvent::AgentReplied(reply) = &event
        && reply.message_id == *message
    {
        return Some((reply.text.clone(), false, new.event_id));
    }
    if let ConversationEvent::BotReplied(reply) = event
        && reply.message_id == *message
    {
        return Some((reply.text, true, new.event_id));
    }
    None
}
