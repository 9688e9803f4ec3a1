//! What waits, conversation by conversation, in order. No I/O.

use std::collections::{HashMap, VecDeque};

use events::{Commit, ConversationEvent, Event, MessageId, Position, StreamRef};

/// An answer that waits: where it stands in the log is all that is kept of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The message.
    pub message: MessageId,
    /// The place of its commit.
    pub position: Position,
}

/// The answers that wait. Its size has a bound per conversation: a conversation takes no more answers than so many.
#[derive(Debug, Default)]
pub struct Book {
    waiting: HashMap<StreamRef, VecDeque<Waiting>>,
}

impl Book {
    /// An answer waits, behind those of its conversation that do. It is known already: nothing.
    pub fn add(&mut self, conversation: &StreamRef, waiting: Waiting) {
        let queue = self.waiting.entry(conversation.clone()).or_default();
        if !queue.iter().any(|known| known.message == waiting.message) {
            queue.push_back(waiting);
        }
    }

    /// An answer does not wait any more.
    pub fn settle(&mut self, conversation: &StreamRef, message: &MessageId) {
        let Some(queue) = self.waiting.get_mut(conversation) else { return };
        queue.retain(|waiting| waiting.message != *message);
        if queue.is_empty() {
            self.waiting.remove(conversation);
        }
    }

    /// What a commit says of answers. Tells whether one waits since.
    pub fn note(&mut self, commit: &Commit, position: Position) -> bool {
        let conversation = &commit.envelope.stream;
        let mut came = false;
        for new in &commit.events {
            let Event::Conversation(event) = &new.event else { continue };
            match event {
                ConversationEvent::AgentReplied(reply) => {
                    self.add(conversation, Waiting { message: reply.message_id.clone(), position });
                    came = true;
                }
                ConversationEvent::BotReplied(reply) => {
                    self.add(conversation, Waiting { message: reply.message_id.clone(), position });
                    came = true;
                }
                ConversationEvent::MessageDelivered(delivered) => self.settle(conversation, &delivered.message_id),
                ConversationEvent::MessageFailed(failed) => self.settle(conversation, &failed.message_id),
                ConversationEvent::Forgotten(_) => {
                    self.waiting.remove(conversation);
                }
                ConversationEvent::Started(_)
                | ConversationEvent::MessageReceived(_)
                | ConversationEvent::AgentRequested(_)
                | ConversationEvent::StopCleared(_)
                | ConversationEvent::AgentAssigned(_)
                | ConversationEvent::AgentUnassigned(_)
                | ConversationEvent::Read(_)
                | ConversationEvent::StatusChanged(_)
                | ConversationEvent::Retitled(_)
                | ConversationEvent::PrioritySet(_)
                | ConversationEvent::Rated(_) => {}
            }
        }
        came
    }

    /// The answer of a conversation that is to go next.
    #[must_use]
    pub fn next(&self, conversation: &StreamRef) -> Option<&Waiting> {
        self.waiting.get(conversation)?.front()
    }

    /// The conversations with answers that wait.
    pub fn conversations(&self) -> impl Iterator<Item = &StreamRef> {
        self.waiting.keys()
    }

    /// How many answers wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.waiting.values().map(VecDeque::len).sum()
    }

    /// Whether none waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use chrono::Utc;
    use events::conversation::{AgentReplied, BotReplied, Forgotten, MessageDelivered, MessageFailed};
    use events::{Actor, ConversationId, CorrelationId, CustomerId, Envelope, EventId, NewEvent, PageId, TenantId};

    use super::*;

    fn conversation() -> StreamRef {
        StreamRef::conversation(&TenantId::generate(), &ConversationId::of(&CustomerId::generate(), &PageId::generate()))
    }

    fn id(text: &str) -> MessageId {
        text.parse().expect("an id")
    }

    fn commit(stream: &StreamRef, event: ConversationEvent) -> Commit {
        let (actor, correlation_id) = (Actor::system("test"), CorrelationId::generate());
        let envelope = Envelope { stream: stream.clone(), recorded_at: Utc::now(), actor, correlation_id, causation_id: None };
        let events = vec![NewEvent { event_id: EventId::generate(), event: event.into() }];
        Commit { envelope, first_version: 1, events }
    }

    fn replied(message: &str) -> ConversationEvent {
        ConversationEvent::AgentReplied(AgentReplied { message_id: id(message), text: "Hello".into() })
    }

    #[test]
    fn answers_of_a_conversation_go_in_their_order() {
        let (mut book, stream) = (Book::default(), conversation());
        assert!(book.note(&commit(&stream, replied("a")), Position(1)));
        let bots = ConversationEvent::BotReplied(BotReplied { message_id: id("b"), text: "Hello".into() });
        assert!(book.note(&commit(&stream, bots), Position(2)));
        // Told twice: by the read models and by the tail.
        book.add(&stream, Waiting { message: id("a"), position: Position(1) });
        assert_eq!((book.len(), book.next(&stream).map(|next| next.message.as_str())), (2, Some("a")));
        let delivered = MessageDelivered { message_id: id("a"), external_id: String::new() };
        assert!(!book.note(&commit(&stream, ConversationEvent::MessageDelivered(delivered)), Position(3)));
        assert_eq!(book.next(&stream).map(|next| next.message.as_str()), Some("b"));
        let failed = MessageFailed { message_id: id("b"), reason: "No.".into() };
        book.note(&commit(&stream, ConversationEvent::MessageFailed(failed)), Position(4));
        assert!(book.is_empty() && book.next(&stream).is_none() && book.conversations().next().is_none());
    }

    #[test]
    fn what_was_forgotten_does_not_wait() {
        let (mut book, stream, other) = (Book::default(), conversation(), conversation());
        book.note(&commit(&stream, replied("a")), Position(1));
        book.note(&commit(&other, replied("b")), Position(2));
        book.note(&commit(&stream, ConversationEvent::Forgotten(Forgotten {})), Position(3));
        assert_eq!(book.conversations().collect::<Vec<_>>(), [&other]);
    }
}
