//! Answer a customer, as the bot.

use events::conversation::BotReplied;
use events::{ConversationEvent, MessageId};
use serde::Serialize;

use super::error::ConversationRejection;
use super::rules;
use super::state::ConversationState;

/// Answer a customer, as the bot, which keeps still while a person is wanted or answers. Since the append expects the state that
/// this was decided on, an answer that was prepared before a takeover is refused. A message that was sent already: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BotReply {
    /// The message.
    pub message_id: MessageId,
    /// What it says.
    pub text: String,
    /// The customer's message that it answers, where the bot tells: it is then also refused when a person came and went since.
    pub answers: Option<MessageId>,
}

pub(super) fn decide(state: &ConversationState, command: &BotReply) -> Result<Vec<ConversationEvent>, ConversationRejection> {
    rules::the_conversation_is_present(state)?;
    if state.after(&command.message_id).is_some() {
        return Ok(Vec::new());
    }
    rules::the_bot_may_speak(state)?;
    if let Some(message) = &command.answers {
        rules::the_message_is_the_bots_to_answer(state, message)?;
    }
    rules::the_outbox_has_room(state)?;
    let text = rules::the_answer_is_fit(&command.text)?;
    Ok(vec![ConversationEvent::BotReplied(BotReplied { message_id: command.message_id.clone(), text })])
}
