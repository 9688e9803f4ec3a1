//! Bring a customer and a page into touch.

use events::conversation::Started;
use events::{ConversationEvent, CustomerId, PageId, Source};
use serde::Serialize;

use super::error::ConversationRejection;
use super::rules;
use super::state::{ConversationState, Standing};

/// Bring a customer and a page into touch. Already in touch: no events, whatever the title is by now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Start {
    /// Who the customer is.
    pub customer: CustomerId,
    /// The page that the messages go through.
    pub page: PageId,
    /// The channel.
    pub source: Source,
    /// The title to begin with.
    pub title: String,
}

pub(super) fn decide(state: &ConversationState, command: &Start) -> Result<Vec<ConversationEvent>, ConversationRejection> {
    match state.standing {
        Standing::Missing => {
            let title = rules::the_title_is_fit(&command.title)?;
            let Start { customer, page, source, .. } = command.clone();
            Ok(vec![ConversationEvent::Started(Started { customer, page, source, title })])
        }
        Standing::Present if is_between(state, command) => Ok(Vec::new()),
        Standing::Present => Err(ConversationRejection::AlreadyExists),
        Standing::Forgotten => Err(ConversationRejection::Forgotten),
    }
}

fn is_between(state: &ConversationState, command: &Start) -> bool {
    state.customer.as_ref() == Some(&command.customer) && state.page.as_ref() == Some(&command.page)
}
