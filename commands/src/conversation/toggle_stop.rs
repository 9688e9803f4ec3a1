//! Turn the stop flag over (spec 001, `toggle-stop`).

use events::ConversationEvent;
use events::conversation::RequestCause;
use serde::Serialize;

use super::clear_stop::{self, ClearStop};
use super::error::ConversationRejection;
use super::request_agent::{self, RequestAgent};
use super::rules::Authority;
use super::state::ConversationState;

/// Turn the stop flag over: ask for a person where none is wanted, else let the bot answer again. This command is the exception:
/// repeating it turns the flag back (an idempotency key makes a repeated request safe).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ToggleStop {
    /// On whose word.
    pub by: Authority,
}

pub(super) fn decide(state: &ConversationState, command: &ToggleStop) -> Result<Vec<ConversationEvent>, ConversationRejection> {
    if state.is_stopped() {
        clear_stop::decide(state, &ClearStop { by: command.by.clone() })
    } else {
        request_agent::decide(state, &RequestAgent::by(RequestCause::Agent))
    }
}
