//! Give a conversation another title.

use events::ConversationEvent;
use events::conversation::Retitled;
use serde::Serialize;

use super::error::ConversationRejection;
use super::rules;
use super::state::ConversationState;

/// Give a conversation another title. The title that it has: no events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Retitle {
    /// The title from now on.
    pub title: String,
}

pub(super) fn decide(state: &ConversationState, command: &Retitle) -> Result<Vec<ConversationEvent>, ConversationRejection> {
    rules::the_conversation_is_present(state)?;
    let title = rules::the_title_is_fit(&command.title)?;
    if state.title == title {
        return Ok(Vec::new());
    }
    Ok(vec![ConversationEvent::Retitled(Retitled { title })])
}
