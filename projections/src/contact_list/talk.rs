//! What an event of a conversation does to the row of its customer. Pure.

use events::conversation::{ConversationEvent, Started, Status};
use events::{ConversationId, MessageId, Recorded};

use super::fold::touched;
use super::row::{ContactRow, ConversationSummary, LastMessage, Writer};
use crate::value::storable;

/// The row after an event of one of the customer's conversations.
pub fn conversation(mut row: ContactRow, id: &ConversationId, recorded: &Recorded, event: &ConversationEvent) -> ContactRow {
    let Some(at) = row.conversations.iter().position(|conversation| conversation.id == *id) else {
        let ConversationEvent::Started(data) = event else { return row };
        row.conversations.push(started(id, recorded, data));
        return touched(row, recorded);
    };
    if let ConversationEvent::Forgotten(_) = event {
        row.conversations.remove(at);
        return touched(row, recorded);
    }
    changed(row, at, recorded, event)
}

fn changed(mut row: ContactRow, at: usize, recorded: &Recorded, event: &ConversationEvent) -> ContactRow {
    let Some(old) = row.conversations.get(at).filter(|old| recorded.version > old.version) else { return row };
    let mut new = old.clone();
    change(&mut new, recorded, event);
    if new == *old {
        return row;
    }
    new.version = recorded.version;
    // Whoever reads changes nothing that others would look at again for.
    let quiet = matches!(event, ConversationEvent::Read(_));
    if !quiet {
        new.updated_at = new.updated_at.max(recorded.envelope.recorded_at);
    }
    row.conversations[at] = new;
    if quiet { ContactRow { position: recorded.position, ..row } } else { touched(row, recorded) }
}

fn started(id: &ConversationId, recorded: &Recorded, data: &Started) -> ConversationSummary {
    let now = recorded.envelope.recorded_at;
    ConversationSummary {
        id: id.clone(),
        version: recorded.version,
        title: storable(&data.title),
        status: Status::default(),
        source: data.source,
        last_message: None,
        unread: 0,
        created_at: now,
        updated_at: now,
        active_at: None,
    }
}

fn change(summary: &mut ConversationSummary, recorded: &Recorded, event: &ConversationEvent) {
    match event {
        ConversationEvent::MessageReceived(data) => {
            message(summary, recorded, Writer::Customer, (&data.message_id, &data.text));
            summary.unread = summary.unread.saturating_add(1);
            if let Some(last) = &mut summary.last_message {
                last.at = data.at;
            }
        }
        ConversationEvent::AgentReplied(data) => message(summary, recorded, Writer::Agent, (&data.message_id, &data.text)),
        ConversationEvent::BotReplied(data) => message(summary, recorded, Writer::Bot, (&data.message_id, &data.text)),
        ConversationEvent::Read(data) => summary.unread = data.unread,
        ConversationEvent::StatusChanged(data) => summary.status = data.status,
        ConversationEvent::Retitled(data) => summary.title = storable(&data.title),
        ConversationEvent::Started(_)
        | ConversationEvent::AgentRequested(_)
        | ConversationEvent::StopCleared(_)
        | ConversationEvent::AgentAssigned(_)
        | ConversationEvent::AgentUnassigned(_)
        | ConversationEvent::MessageDelivered(_)
        | ConversationEvent::MessageFailed(_)
        | ConversationEvent::PrioritySet(_)
        | ConversationEvent::Rated(_)
        | ConversationEvent::Forgotten(_) => {}
    }
}

fn message(summary: &mut ConversationSummary, recorded: &Recorded, by: Writer, (id, text): (&MessageId, &str)) {
    let now = recorded.envelope.recorded_at;
    summary.last_message = Some(LastMessage { id: id.clone(), text: storable(text), by, at: now });
    summary.active_at = summary.active_at.max(Some(now));
}
