//! In whose hands a conversation is: the bot's, nobody's yet, or one agent's.

use commands::conversation::{
    Acknowledgement, Assign, Authority, ClearStop, Reassign, RequestAgent, SetStatus, Standing, ToggleStop, Unassign,
};
use commands::testing::{given, noon, state_of};
use commands::{Aggregate, Conversation, ConversationCommand, ConversationRejection};
use events::ConversationEvent;
use events::conversation::{AgentRequested, AssignmentCause, RequestCause, Status, UnassignmentCause};

use super::talk::{
    CLEARED, agent, already_assigned, assigned, begun, bot, bot_said, by, handled, invalid, message, read, requested, send, sent,
    stands, unassigned, waiting,
};

fn request(cause: RequestCause) -> ConversationCommand {
    ConversationCommand::RequestAgent(RequestAgent::by(cause))
}

fn assign(name: &str) -> ConversationCommand {
    ConversationCommand::Assign(Assign { agent: agent(name), cause: AssignmentCause::Taken })
}

fn unassign(by: Authority, is_helped: bool) -> ConversationCommand {
    ConversationCommand::Unassign(Unassign { by, is_helped })
}

fn clear(by: Authority) -> ConversationCommand {
    ConversationCommand::ClearStop(ClearStop { by })
}

fn status(status: Status, by: Authority) -> ConversationCommand {
    ConversationCommand::SetStatus(SetStatus { status, by })
}

#[test]
fn who_asks_for_a_person_waits_for_one_and_the_bot_keeps_still() {
    let expected = [requested(RequestCause::Customer), stands(Status::SupportActive)];
    let state = given::<Conversation>(begun()).when(request(RequestCause::Customer)).then(expected);
    assert_eq!((state.stopped_at, state.status, state.agent()), (Some(noon()), Status::SupportActive, None));
    given::<Conversation>(waiting()).when(request(RequestCause::Agent)).then_nothing();
    let spoke = given::<Conversation>(waiting()).when(ConversationCommand::BotReply(bot("b1")));
    spoke.then_rejected(ConversationRejection::HandledByPerson);
}

#[test]
fn the_bot_has_one_last_word_before_the_flag_is_on() {
    let acknowledgement = Some(Acknowledgement { message_id: message("b1"), text: "How can I help?".into() });
    let detector = Some("local".to_owned());
    let found = RequestAgent { cause: RequestCause::Detector, detector: detector.clone(), acknowledgement };
    let flag = ConversationEvent::AgentRequested(AgentRequested { cause: RequestCause::Detector, detector });
    let command = ConversationCommand::RequestAgent(found);
    let state = given::<Conversation>(begun()).when(command.clone()).then([bot_said("b1"), flag, stands(Status::SupportActive)]);
    assert_eq!((state.pending, state.bot_replies), (vec![message("b1")], 1));
    given::<Conversation>(waiting()).when(command).then_nothing();
}

#[test]
fn a_conversation_has_one_agent() {
    let state = given::<Conversation>(waiting()).when(assign("A")).then([assigned("A", AssignmentCause::Taken)]);
    assert_eq!(state.assignment.map(|assignment| (assignment.agent, assignment.assigned_at)), Some((agent("A"), noon())));
    given::<Conversation>(handled()).when(assign("A")).then_nothing();
    given::<Conversation>(handled()).when(assign("B")).then_rejected(already_assigned("A"));
    given::<Conversation>(handled()).when(send("B", "a1")).then_rejected(already_assigned("A"));
    assert_eq!(already_assigned("A").to_string(), "Already assigned to Agent A");
}

#[test]
fn an_agent_who_takes_a_conversation_from_the_bot_turns_the_flag_on() {
    let expected = [requested(RequestCause::Agent), stands(Status::SupportActive), assigned("A", AssignmentCause::Taken)];
    let state = given::<Conversation>(begun()).when(assign("A")).then(expected);
    assert!(state.is_stopped());
}

#[test]
fn the_first_to_write_handles_it() {
    let expected = [assigned("A", AssignmentCause::FirstMessage), read("m1", 0), sent("a1")];
    let state = given::<Conversation>(waiting()).when(send("A", "a1")).then(expected);
    assert_eq!((state.agent(), state.unread, state.agent_replies), (Some(&agent("A")), 0, 1));
    let _ = given::<Conversation>(handled()).when(send("A", "a1")).then([read("m1", 0), sent("a1")]);
}

#[test]
fn an_agent_does_not_write_to_who_has_not_asked_for_a_person() {
    given::<Conversation>(begun()).when(send("A", "a1")).then_rejected(ConversationRejection::NotRequested);
    assert_eq!(ConversationRejection::NotRequested.to_string(), "Customer has not requested help");
}

#[test]
fn who_is_helped_is_the_bots_again() {
    let expected = [unassigned("A", UnassignmentCause::Released), CLEARED, stands(Status::Active)];
    let state = given::<Conversation>(handled()).when(unassign(by("A"), true)).then(expected.clone());
    assert!(!state.is_stopped() && state.agent().is_none());
    let _ = given::<Conversation>(handled()).when(clear(by("A"))).then(expected);
    let _ = given::<Conversation>(waiting()).when(clear(by("B"))).then([CLEARED, stands(Status::Active)]);
    given::<Conversation>(begun()).when(clear(by("A"))).then_nothing();
}

#[test]
fn who_is_given_up_waits_for_the_next_agent() {
    let expected = [unassigned("A", UnassignmentCause::GivenUp)];
    let state = given::<Conversation>(handled()).when(unassign(by("A"), false)).then(expected);
    assert!(state.is_stopped() && state.agent().is_none());
    given::<Conversation>(waiting()).when(unassign(by("A"), false)).then_nothing();
}

#[test]
fn nobody_ends_the_help_of_another_but_a_manager() {
    let of_another = [
        unassign(by("B"), true),
        unassign(by("B"), false),
        clear(by("B")),
        status(Status::Closed, by("B")),
        ConversationCommand::ToggleStop(ToggleStop { by: by("B") }),
    ];
    for command in of_another {
        given::<Conversation>(handled()).when(command).then_rejected(ConversationRejection::NotAssignedToYou);
    }
    let expected = [unassigned("A", UnassignmentCause::Released), CLEARED, stands(Status::Active)];
    let _ = given::<Conversation>(handled()).when(clear(Authority::Manager)).then(expected);
}

#[test]
fn a_manager_gives_a_conversation_to_another() {
    let give = |name| ConversationCommand::Reassign(Reassign { agent: agent(name) });
    let expected = [unassigned("A", UnassignmentCause::Reassigned), assigned("B", AssignmentCause::Given)];
    let _ = given::<Conversation>(handled()).when(give("B")).then(expected);
    given::<Conversation>(handled()).when(give("A")).then_nothing();
    let _ = given::<Conversation>(waiting()).when(give("B")).then([assigned("B", AssignmentCause::Given)]);
}

#[test]
fn the_flag_is_turned_over() {
    let toggle = ConversationCommand::ToggleStop(ToggleStop { by: by("A") });
    let on = [requested(RequestCause::Agent), stands(Status::SupportActive)];
    let _ = given::<Conversation>(begun()).when(toggle.clone()).then(on);
    let _ = given::<Conversation>(waiting()).when(toggle).then([CLEARED, stands(Status::Active)]);
}

#[test]
fn the_status_and_the_hands_go_together() {
    let closed = [unassigned("A", UnassignmentCause::Closed), CLEARED, stands(Status::Closed)];
    let _ = given::<Conversation>(handled()).when(status(Status::Closed, by("A"))).then(closed);
    let marketing = given::<Conversation>(begun()).when(status(Status::MarketingActive, by("A")));
    let _ = marketing.then([stands(Status::MarketingActive)]);
    let support = [requested(RequestCause::Agent), stands(Status::SupportActive)];
    let _ = given::<Conversation>(begun()).when(status(Status::SupportActive, by("A"))).then(support);
    given::<Conversation>(handled()).when(status(Status::SupportActive, by("B"))).then_nothing();
    given::<Conversation>(begun()).when(status(Status::Active, by("A"))).then_nothing();
}

#[test]
fn a_detector_has_a_short_name() {
    let command = RequestAgent { detector: Some("x".repeat(101)), ..RequestAgent::by(RequestCause::Detector) };
    let expected = invalid("detector", "Ensure this field has no more than 100 characters");
    given::<Conversation>(begun()).when(ConversationCommand::RequestAgent(command)).then_rejected(expected);
}

#[test]
fn a_forgotten_conversation_is_gone_for_good() {
    let forgotten = ConversationEvent::Forgotten(events::conversation::Forgotten {});
    let forget = ConversationCommand::Forget;
    let state = given::<Conversation>(handled()).when(forget.clone()).then([forgotten.clone()]);
    assert_eq!((state.standing, state.customer, state.assignment), (Standing::Forgotten, None, None));
    assert!(Conversation::is_erased(&state_of::<Conversation>(std::slice::from_ref(&forgotten))));
    given::<Conversation>([forgotten.clone()]).when(forget.clone()).then_nothing();
    given::<Conversation>([]).when(forget).then_rejected(ConversationRejection::NotFound);
    for command in [assign("A"), send("A", "a1"), clear(by("A")), ConversationCommand::Receive(super::talk::receive("m2"))] {
        given::<Conversation>([forgotten.clone()]).when(command).then_rejected(ConversationRejection::Forgotten);
    }
}
