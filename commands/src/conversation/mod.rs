//! The conversation between a customer and a page: messages, and who answers: the bot, nobody yet, or one agent (spec 001).
//!
//! - [`state`]: what the events add up to, and `evolve`; [`window`]: what it remembers of the last messages
//! - [`rules`]: what must hold, one function per sentence
//! - [`error`]: the rejections with their codes
//! - [`support`]: how a person's help begins, changes hands and ends
//! - `start`, `receive`: what the customer does
//! - `request_agent`, `clear_stop`, `toggle_stop`, `assign`, `reassign`, `unassign`, `set_status`: in whose hands it is
//! - `agent_send`, `bot_reply`, `deliver`: answers, and what becomes of them
//! - `mark_read`, `retitle`, `set_priority`, `rate`: what is noted about it
//! - `forget`: how it goes

mod agent_send;
mod assign;
mod bot_reply;
mod clear_stop;
mod deliver;
mod error;
mod forget;
mod mark_read;
mod rate;
mod reassign;
mod receive;
mod request_agent;
mod retitle;
mod rules;
mod set_priority;
mod set_status;
mod start;
mod state;
mod support;
mod toggle_stop;
mod unassign;
mod window;

use events::{ClaimKey, ConversationEvent, StreamKind, StreamRef};
use serde::Serialize;

use crate::aggregate::{Aggregate, ClaimChange, Context, EventMeta, Traits};

pub use agent_send::AgentSend;
pub use assign::Assign;
pub use bot_reply::BotReply;
pub use clear_stop::ClearStop;
pub use deliver::{Delivered, Failed};
pub use error::ConversationRejection;
pub use mark_read::MarkRead;
pub use rate::Rate;
pub use reassign::Reassign;
pub use receive::Receive;
pub use request_agent::{Acknowledgement, RequestAgent};
pub use retitle::Retitle;
pub use rules::{Authority, limits};
pub use set_priority::SetPriority;
pub use set_status::SetStatus;
pub use start::Start;
pub use state::{Assignment, ConversationState, HEARD, RECENT, Standing};
pub use toggle_stop::ToggleStop;
pub use unassign::Unassign;

/// What can be asked of a conversation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversationCommand {
    /// Bring the customer and the page into touch.
    Start(Start),
    /// Take in what the customer wrote.
    Receive(Receive),
    /// Ask for a person.
    RequestAgent(RequestAgent),
    /// Let the bot answer again.
    ClearStop(ClearStop),
    /// Turn the stop flag over.
    ToggleStop(ToggleStop),
    /// Let an agent handle it.
    Assign(Assign),
    /// Give it to another agent, over the head of who handles it.
    Reassign(Reassign),
    /// Let go of it.
    Unassign(Unassign),
    /// Answer the customer, as a person.
    AgentSend(AgentSend),
    /// Answer the customer, as the bot.
    BotReply(BotReply),
    /// Note that the channel took an answer.
    Delivered(Delivered),
    /// Note that the channel does not take an answer.
    Failed(Failed),
    /// Note that what the customer wrote was read.
    MarkRead(MarkRead),
    /// Say how it stands.
    SetStatus(SetStatus),
    /// Give it another title.
    Retitle(Retitle),
    /// Say how soon it wants a person.
    SetPriority(SetPriority),
    /// Say how good the help was.
    Rate(Rate),
    /// Forget it, with the customer: all earlier events are erased.
    Forget,
}

/// The conversation aggregate.
#[derive(Debug, Clone, Copy)]
pub struct Conversation;

impl Aggregate for Conversation {
    type State = ConversationState;
    type Command = ConversationCommand;
    type Event = ConversationEvent;
    type Rejection = ConversationRejection;

    const KIND: StreamKind = StreamKind::Conversation;
    const SNAPSHOT_SCHEMA: u32 = 1;

    fn decide(
        state: &ConversationState,
        command: &ConversationCommand,
        context: &Context,
    ) -> Result<Vec<ConversationEvent>, ConversationRejection> {
        match command {
            ConversationCommand::Start(command) => start::decide(state, command),
            ConversationCommand::Receive(command) => receive::decide(state, command, context),
            ConversationCommand::RequestAgent(command) => request_agent::decide(state, command),
            ConversationCommand::ClearStop(command) => clear_stop::decide(state, command),
            ConversationCommand::ToggleStop(command) => toggle_stop::decide(state, command),
            ConversationCommand::Assign(command) => assign::decide(state, command),
            ConversationCommand::Reassign(command) => reassign::decide(state, command),
            ConversationCommand::Unassign(command) => unassign::decide(state, command),
            ConversationCommand::AgentSend(command) => agent_send::decide(state, command),
            ConversationCommand::BotReply(command) => bot_reply::decide(state, command),
            ConversationCommand::Delivered(command) => deliver::delivered(state, command),
            ConversationCommand::Failed(command) => deliver::failed(state, command),
            ConversationCommand::MarkRead(command) => mark_read::decide(state, command),
            ConversationCommand::SetStatus(command) => set_status::decide(state, command),
            ConversationCommand::Retitle(command) => retitle::decide(state, command),
            ConversationCommand::SetPriority(command) => set_priority::decide(state, command),
            ConversationCommand::Rate(command) => rate::decide(state, command),
            ConversationCommand::Forget => forget::decide(state),
        }
    }

    fn evolve(state: ConversationState, event: &ConversationEvent, meta: &EventMeta) -> ConversationState {
        state::evolve(state, event, meta)
    }

    /// A conversation holds no unique names: its id follows from its customer and its page.
    fn claims(_stream: &StreamRef, _before: &ConversationState, _events: &[ConversationEvent]) -> Vec<ClaimChange> {
        Vec::new()
    }

    fn taken(_key: &ClaimKey) -> ConversationRejection {
        ConversationRejection::AlreadyExists
    }

    fn traits(command: &ConversationCommand) -> Traits {
        match command {
            // Most messages are not the first, so only the command that is nothing else creates.
            ConversationCommand::Start(_) => Traits::of("conversation.start").creating(),
            ConversationCommand::Receive(_) => Traits::of("conversation.receive"),
            ConversationCommand::RequestAgent(_) => Traits::of("conversation.request_agent"),
            ConversationCommand::ClearStop(_) => Traits::of("conversation.clear_stop"),
            ConversationCommand::ToggleStop(_) => Traits::of("conversation.toggle_stop"),
            ConversationCommand::Assign(_) => Traits::of("conversation.assign"),
            ConversationCommand::Reassign(_) => Traits::of("conversation.reassign"),
            ConversationCommand::Unassign(_) => Traits::of("conversation.unassign"),
            ConversationCommand::AgentSend(_) => Traits::of("conversation.agent_send"),
            ConversationCommand::BotReply(_) => Traits::of("conversation.bot_reply"),
            ConversationCommand::Delivered(_) => Traits::of("conversation.delivered"),
            ConversationCommand::Failed(_) => Traits::of("conversation.failed"),
            ConversationCommand::MarkRead(_) => Traits::of("conversation.mark_read"),
            ConversationCommand::SetStatus(_) => Traits::of("conversation.set_status"),
            ConversationCommand::Retitle(_) => Traits::of("conversation.retitle"),
            ConversationCommand::SetPriority(_) => Traits::of("conversation.set_priority"),
            ConversationCommand::Rate(_) => Traits::of("conversation.rate"),
            ConversationCommand::Forget => Traits::of("conversation.forget"),
        }
    }

    fn is_erased(state: &ConversationState) -> bool {
        state.standing == Standing::Forgotten
    }

    fn weight(state: &ConversationState) -> usize {
        state.weight()
    }
}
