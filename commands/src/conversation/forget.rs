//! Forget a conversation, with the customer.

use events::ConversationEvent;
use events::conversation::Forgotten;

use super::error::ConversationRejection;
use super::state::{ConversationState, Standing};

/// All earlier events of the stream are erased once this is recorded. Already forgotten: no events.
pub(super) fn decide(state: &ConversationState) -> Result<Vec<ConversationEvent>, ConversationRejection> {
    match state.standing {
        Standing::Present => Ok(vec![ConversationEvent::Forgotten(Forgotten {})]),
        Standing::Missing => Err(ConversationRejection::NotFound),
        Standing::Forgotten => Ok(Vec::new()),
    }
}
