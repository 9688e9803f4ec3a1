//! What holds for every history of a conversation and every command.

use commands::conversation::{
    Acknowledgement, AgentSend, Assign, Authority, BotReply, ClearStop, Delivered, Failed, MarkRead, RECENT, Rate, Reassign,
    Receive, RequestAgent, SetStatus, ToggleStop, Unassign, limits,
};
use commands::testing::{context, noon, state_of};
use commands::{Aggregate, Conversation, ConversationCommand, ConversationState, EventMeta};
use events::conversation::{AssignmentCause, RequestCause, Status};
use events::{ConversationEvent, MessageId, UserId};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::talk::{agent, message, receive, received, started};

fn agents() -> impl Strategy<Value = events::conversation::Agent> {
    "[ABC]".prop_map(|name| agent(&name))
}

fn authorities() -> impl Strategy<Value = Authority> {
    prop_oneof![3 => agents().prop_map(|agent| Authority::Agent(agent.id)), 1 => Just(Authority::Manager)]
}

/// Few ids, so that messages meet again.
fn messages() -> impl Strategy<Value = MessageId> {
    (0..30_u8).prop_map(|n| message(&format!("m{n}")))
}

fn statuses() -> impl Strategy<Value = Status> {
    prop::sample::select(Status::ALL)
}

fn customers() -> impl Strategy<Value = ConversationCommand> {
    prop_oneof![
        4 => (messages(), 0..20_u8).prop_map(|(message_id, n)| {
            let external_id = if n == 0 { String::new() } else { format!("mid.{n}") };
            ConversationCommand::Receive(Receive { message_id, external_id, ..receive("m0") })
        }),
        1 => (0..7_u8).prop_map(|score| ConversationCommand::Rate(Rate { score, comment: String::new() })),
    ]
}

fn hands() -> impl Strategy<Value = ConversationCommand> {
    prop_oneof![
        option::of(messages()).prop_map(|word| {
            let acknowledgement = word.map(|message_id| Acknowledgement { message_id, text: "Hold on".into() });
            let by = RequestAgent::by(RequestCause::Detector);
            ConversationCommand::RequestAgent(RequestAgent { acknowledgement, ..by })
        }),
        authorities().prop_map(|by| ConversationCommand::ClearStop(ClearStop { by })),
        authorities().prop_map(|by| ConversationCommand::ToggleStop(ToggleStop { by })),
        agents().prop_map(|agent| ConversationCommand::Assign(Assign { agent, cause: AssignmentCause::Taken })),
        agents().prop_map(|agent| ConversationCommand::Reassign(Reassign { agent })),
        (authorities(), any::<bool>()).prop_map(|(by, is_helped)| ConversationCommand::Unassign(Unassign { by, is_helped })),
        (statuses(), authorities()).prop_map(|(status, by)| ConversationCommand::SetStatus(SetStatus { status, by })),
    ]
}

fn answers() -> impl Strategy<Value = ConversationCommand> {
    prop_oneof![
        (agents(), messages()).prop_map(|(agent, message_id)| {
            ConversationCommand::AgentSend(AgentSend { agent, message_id, text: "Hello".into() })
        }),
        (messages(), option::of(messages())).prop_map(|(message_id, answers)| {
            ConversationCommand::BotReply(BotReply { message_id, text: "Hello".into(), answers })
        }),
        messages().prop_map(|message_id| {
            let external_id = format!("mid.of.{message_id}");
            ConversationCommand::Delivered(Delivered { message_id, external_id })
        }),
        messages().prop_map(|message_id| ConversationCommand::Failed(Failed { message_id, reason: "no".into() })),
        option::of(messages()).prop_map(|up_to| ConversationCommand::MarkRead(MarkRead { up_to })),
    ]
}

fn commands() -> impl Strategy<Value = ConversationCommand> {
    prop_oneof![30 => customers(), 40 => hands(), 40 => answers(), 1 => Just(ConversationCommand::Forget)]
}

/// In whose hands a conversation is, told from its events alone.
#[derive(Default)]
struct Hands {
    is_stopped: bool,
    agent: Option<UserId>,
    is_support: bool,
    unread: u32,
}

impl Hands {
    /// Follows an event, and fails where it cannot follow those before it.
    fn follow(&mut self, event: &ConversationEvent) -> Result<(), TestCaseError> {
        match event {
            ConversationEvent::AgentRequested(_) => {
                prop_assert!(!self.is_stopped, "the flag is on once");
                self.is_stopped = true;
            }
            ConversationEvent::StopCleared(_) => {
                prop_assert!(self.is_stopped, "the flag is off once");
                self.is_stopped = false;
            }
            ConversationEvent::AgentAssigned(data) => {
                prop_assert_eq!(&self.agent, &None, "two agents");
                self.agent = Some(data.agent.id.clone());
            }
            ConversationEvent::AgentUnassigned(data) => {
                prop_assert_eq!(self.agent.take(), Some(data.agent.id.clone()), "who goes was there");
            }
            ConversationEvent::BotReplied(_) => prop_assert!(!self.is_stopped, "the bot speaks while a person handles"),
            ConversationEvent::AgentReplied(_) => prop_assert!(self.agent.is_some(), "somebody answers who is not there"),
            ConversationEvent::MessageReceived(_) => self.unread += 1,
            ConversationEvent::Read(data) => {
                prop_assert!(data.unread < self.unread, "reading leaves less to read");
                self.unread = data.unread;
            }
            ConversationEvent::StatusChanged(data) => self.is_support = data.status == Status::SupportActive,
            ConversationEvent::Forgotten(_) => *self = Self::default(),
            ConversationEvent::Started(_)
            | ConversationEvent::MessageDelivered(_)
            | ConversationEvent::MessageFailed(_)
            | ConversationEvent::Retitled(_)
            | ConversationEvent::PrioritySet(_)
            | ConversationEvent::Rated(_) => {}
        }
        Ok(())
    }
}

/// The state says what the events told, and the three hands are the only ones.
fn agree(state: &ConversationState, hands: &Hands) -> Result<(), TestCaseError> {
    prop_assert_eq!(state.is_stopped(), hands.is_stopped);
    prop_assert_eq!(state.agent().map(|agent| &agent.id), hands.agent.as_ref());
    prop_assert_eq!(state.unread, hands.unread);
    prop_assert_eq!(state.status == Status::SupportActive, hands.is_stopped, "support is on while a person is wanted");
    prop_assert_eq!(hands.is_support, hands.is_stopped);
    prop_assert!(hands.agent.is_none() || hands.is_stopped, "an agent is there while a person is wanted");
    prop_assert!(u64::from(state.unread) <= state.received);
    prop_assert!(state.pending.len() <= limits::PENDING);
    Ok(())
}

proptest! {
    #[test]
    fn histories_hold_together(commands in vec(commands(), 1..80)) {
        let context = context::<Conversation>();
        let meta = EventMeta { recorded_at: context.now };
        let (mut state, mut hands, mut history) = (ConversationState::default(), Hands::default(), Vec::new());
        for command in commands {
            let Ok(events) = Conversation::decide(&state, &command, &context) else { continue };
            for event in &events {
                hands.follow(event)?;
                state = Conversation::evolve(state, event, &meta);
            }
            agree(&state, &hands)?;
            if let (ConversationCommand::AgentSend(sent), false) = (&command, events.is_empty()) {
                prop_assert_eq!(Some(&sent.agent.id), hands.agent.as_ref(), "somebody else answers");
            }
            history.extend(events);
            // A command that was accepted has nothing left to do; a flag that is turned over can be turned back.
            if !matches!(command, ConversationCommand::ToggleStop(_)) {
                prop_assert_eq!(Conversation::decide(&state, &command, &context), Ok(Vec::new()));
            }
        }
        prop_assert_eq!(&state_of::<Conversation>(&history), &state);
        let bytes = rmp_serde::to_vec_named(&state).unwrap();
        prop_assert_eq!(rmp_serde::from_slice::<ConversationState>(&bytes).unwrap(), state);
    }

    #[test]
    fn a_message_of_the_channel_is_taken_in_once(numbers in vec(0..40_u8, 1..200)) {
        let context = context::<Conversation>();
        let mut state = ConversationState::default();
        for (count, number) in numbers.iter().enumerate() {
            let command = Receive { external_id: format!("mid.{number}"), ..receive(&format!("m{count}")) };
            for event in Conversation::decide(&state, &ConversationCommand::Receive(command), &context).unwrap() {
                state = Conversation::evolve(state, &event, &EventMeta { recorded_at: noon() });
            }
        }
        let different: std::collections::BTreeSet<_> = numbers.iter().collect();
        prop_assert_eq!(state.received, different.len() as u64);
    }
}

#[test]
fn a_state_has_a_bound_however_long_the_conversation_is() {
    let meta = EventMeta { recorded_at: noon() };
    let talk = |messages: usize| {
        let all = (0..messages).map(|n| received(&format!("{n:0>64}")));
        std::iter::once(started()).chain(all).fold(ConversationState::default(), |s, e| Conversation::evolve(s, &e, &meta))
    };
    let (long, longer) = (talk(1_000), talk(20_000));
    let size = |state: &ConversationState| rmp_serde::to_vec_named(state).unwrap().len();
    assert!(size(&longer) <= size(&long) + 8, "{} and {}", size(&long), size(&longer));
    assert!(size(&longer) < 32 * 1024, "{}", size(&longer));
    assert_eq!(Conversation::weight(&longer), Conversation::weight(&long));
    // What came before what is remembered cannot be told apart any more.
    let up_to = |n: usize| {
        let command = ConversationCommand::MarkRead(MarkRead { up_to: Some(message(&format!("{n:0>64}"))) });
        Conversation::decide(&longer, &command, &context::<Conversation>())
    };
    assert!(up_to(20_000 - RECENT).is_ok() && up_to(20_000 - RECENT - 1).is_err());
}
