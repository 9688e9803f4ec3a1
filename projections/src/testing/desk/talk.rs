//! A made-up conversation: what can happen next, as the commands would have it.

use chrono::{DateTime, TimeDelta, Utc};
use events::MessageId;
use events::conversation::{
    Agent, AgentAssigned, AgentReplied, AgentRequested, AgentUnassigned, AssignmentCause, BotReplied, ConversationEvent as Event,
    MessageDelivered, MessageFailed, MessageReceived, Priority, PrioritySet, Rated, Read, RequestCause, Retitled, Status,
    StatusChanged, StopCleared, UnassignmentCause,
};

use super::{agent, pick};

/// Where a conversation is, as far as it decides what can happen next.
#[derive(Debug, Default)]
pub(super) struct Talk {
    messages: u32,
    unread: u32,
    pending: Vec<MessageId>,
    is_stopped: bool,
    agent: Option<Agent>,
    is_closed: bool,
}

impl Talk {
    /// What happens next, as the commands would have it.
    pub(super) fn next(&mut self, what: u8, number: u16, now: DateTime<Utc>, all: &mut Vec<Event>) {
        match what {
            3..=7 => self.receive(now, all),
            8 | 9 => self.request(pick(&[RequestCause::Detector, RequestCause::Customer, RequestCause::Agent], number), all),
            10..=12 => self.assign(number, AssignmentCause::Taken, all),
            13 | 14 => self.reply(number, all),
            15 if self.agent.is_some() => self.unassign(UnassignmentCause::GivenUp, all),
            16 | 17 if self.is_stopped => self.end(UnassignmentCause::Released, Status::Active, all),
            18 => self.settle(number, all),
            19 => all.push(Event::PrioritySet(PrioritySet { priority: pick(Priority::ALL, number) })),
            20 => all.push(Event::Rated(Rated { score: 1 + (number % 5) as u8, comment: "a\0b".to_owned() })),
            21 => self.end(UnassignmentCause::Closed, Status::Closed, all),
            22 if self.agent.is_some() => {
                self.unassign(UnassignmentCause::Reassigned, all);
                self.assign(number, AssignmentCause::Given, all);
            }
            23 => all.push(Event::Retitled(Retitled { title: format!("Title {number}") })),
            _ => {}
        }
    }

    fn message(&mut self) -> Option<MessageId> {
        self.messages += 1;
        format!("message-{}", self.messages).parse().ok()
    }

    fn receive(&mut self, now: DateTime<Utc>, all: &mut Vec<Event>) {
        let Some(message_id) = self.message() else { return };
        if std::mem::take(&mut self.is_closed) {
            all.push(Event::StatusChanged(StatusChanged { status: Status::Active }));
        }
        self.unread += 1;
        let at = now - TimeDelta::seconds(7);
        all.push(Event::MessageReceived(MessageReceived { message_id, external_id: String::new(), text: "Hi\0".to_owned(), at }));
    }

    fn request(&mut self, cause: RequestCause, all: &mut Vec<Event>) {
        if !self.is_stopped {
            (self.is_stopped, self.is_closed) = (true, false);
            all.push(Event::AgentRequested(AgentRequested { cause, detector: None }));
            all.push(Event::StatusChanged(StatusChanged { status: Status::SupportActive }));
        }
    }

    fn assign(&mut self, number: u16, cause: AssignmentCause, all: &mut Vec<Event>) {
        let (None, Some(id)) = (&self.agent, agent(number as u8)) else { return };
        self.request(RequestCause::Agent, all);
        let agent = Agent { id, name: format!("Agent {}", number % 4), email: "agent@example.com".to_owned() };
        self.agent = Some(agent.clone());
        all.push(Event::AgentAssigned(AgentAssigned { agent, cause }));
    }

    fn reply(&mut self, number: u16, all: &mut Vec<Event>) {
        if self.is_stopped {
            self.assign(number, AssignmentCause::FirstMessage, all);
        }
        let Some(message_id) = self.message() else { return };
        self.pending.push(message_id.clone());
        let text = format!("Answer {number}");
        if self.is_stopped {
            self.unread = 0;
            all.push(Event::Read(Read { up_to: message_id.clone(), unread: 0 }));
            all.push(Event::AgentReplied(AgentReplied { message_id, text }));
        } else {
            all.push(Event::BotReplied(BotReplied { message_id, text }));
        }
    }

    fn settle(&mut self, number: u16, all: &mut Vec<Event>) {
        let Some(message_id) = self.pending.pop() else { return };
        all.push(match number.is_multiple_of(3) {
            true => Event::MessageFailed(MessageFailed { message_id, reason: "no such user".to_owned() }),
            false => Event::MessageDelivered(MessageDelivered { message_id, external_id: String::new() }),
        });
    }

    fn unassign(&mut self, cause: UnassignmentCause, all: &mut Vec<Event>) {
        if let Some(agent) = self.agent.take() {
            all.push(Event::AgentUnassigned(AgentUnassigned { agent, cause }));
        }
    }

    fn end(&mut self, cause: UnassignmentCause, status: Status, all: &mut Vec<Event>) {
        self.unassign(cause, all);
        if std::mem::take(&mut self.is_stopped) {
            all.push(Event::StopCleared(StopCleared {}));
        }
        self.is_closed = status == Status::Closed;
        all.push(Event::StatusChanged(StatusChanged { status }));
    }
}
