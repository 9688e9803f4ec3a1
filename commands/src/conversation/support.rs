//! How a person's help begins, changes hands and ends: the events that belong together.

use events::ConversationEvent;
use events::conversation::{
    Agent, AgentAssigned, AgentRequested, AgentUnassigned, AssignmentCause, RequestCause, Status, StatusChanged, StopCleared,
    UnassignmentCause,
};

use super::state::ConversationState;

/// A person is wanted from now on. Nothing when one is wanted already.
pub(super) fn begin(state: &ConversationState, cause: RequestCause, detector: Option<String>) -> Vec<ConversationEvent> {
    if state.is_stopped() {
        return Vec::new();
    }
    let requested = ConversationEvent::AgentRequested(AgentRequested { cause, detector });
    [requested].into_iter().chain(stands(state, Status::SupportActive)).collect()
}

/// An agent handles it from now on, whom nobody asked for before where nobody did.
pub(super) fn assign(state: &ConversationState, agent: &Agent, cause: AssignmentCause) -> Vec<ConversationEvent> {
    let assigned = ConversationEvent::AgentAssigned(AgentAssigned { agent: agent.clone(), cause });
    begin(state, RequestCause::Agent, None).into_iter().chain([assigned]).collect()
}

/// Nobody handles it from now on. Nothing when nobody does.
pub(super) fn unassign(state: &ConversationState, cause: UnassignmentCause) -> Option<ConversationEvent> {
    let agent = state.agent()?.clone();
    Some(ConversationEvent::AgentUnassigned(AgentUnassigned { agent, cause }))
}

/// No person is wanted any more, and the conversation stands as `status` says. Nothing that is so already.
pub(super) fn end(state: &ConversationState, cause: UnassignmentCause, status: Status) -> Vec<ConversationEvent> {
    let cleared = state.is_stopped().then_some(ConversationEvent::StopCleared(StopCleared {}));
    unassign(state, cause).into_iter().chain(cleared).chain(stands(state, status)).collect()
}

/// The status from now on. Nothing when it is that already.
pub(super) fn stands(state: &ConversationState, status: Status) -> Option<ConversationEvent> {
    (state.status != status).then_some(ConversationEvent::StatusChanged(StatusChanged { status }))
}
