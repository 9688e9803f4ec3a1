//! What customers, agents and the bot write, and what becomes of it.

use chrono::TimeDelta;
use commands::conversation::{BotReply, Delivered, Failed, MarkRead, Rate, Receive, Retitle, SetPriority, Start, limits};
use commands::testing::{given, noon};
use commands::{Conversation, ConversationCommand, ConversationRejection};
use events::ConversationEvent;
use events::conversation::{MessageDelivered, MessageFailed, MessageReceived, Priority, PrioritySet, Rated, Retitled, Status};

use super::talk::{
    CLEARED, begun, bot, bot_said, by, handled, invalid, message, read, receive, received, send, sent, stands, start, started,
    waiting,
};

fn take_in(command: Receive) -> ConversationCommand {
    ConversationCommand::Receive(command)
}

fn reply(command: BotReply) -> ConversationCommand {
    ConversationCommand::BotReply(command)
}

fn mark_read(up_to: Option<&str>) -> ConversationCommand {
    ConversationCommand::MarkRead(MarkRead { up_to: up_to.map(message) })
}

#[test]
fn the_first_message_starts_the_conversation() {
    let state = given::<Conversation>([]).when(take_in(receive("m1"))).then(begun());
    assert_eq!((state.unread, state.received, state.last_message_at), (1, 1, Some(noon())));
    assert_eq!((state.customer, state.status), (Some(start().customer), Status::Active));
    let _ = given::<Conversation>(begun()).when(take_in(receive("m2"))).then([received("m2")]);
}

#[test]
fn a_conversation_is_between_one_customer_and_one_page() {
    let command = |start| ConversationCommand::Start(start);
    let _ = given::<Conversation>([]).when(command(start())).then([started()]);
    given::<Conversation>(begun()).when(command(Start { title: "Else".into(), ..start() })).then_nothing();
    let other = Start { customer: "customer-2".parse().unwrap(), ..start() };
    given::<Conversation>(begun()).when(command(other)).then_rejected(ConversationRejection::AlreadyExists);
    let untitled = Start { title: " ".into(), ..start() };
    given::<Conversation>([]).when(command(untitled)).then_rejected(invalid("title", "Title is required"));
}

#[test]
fn a_delivery_that_is_repeated_does_nothing() {
    let again = Receive { message_id: message("m9"), text: "Hello".into(), ..receive("m1") };
    given::<Conversation>(begun()).when(take_in(again)).then_nothing();
    let unnamed = Receive { external_id: String::new(), ..receive("m1") };
    given::<Conversation>(begun()).when(take_in(unnamed)).then_nothing();
}

#[test]
fn a_message_that_we_sent_is_known_when_the_channel_echoes_it() {
    let delivered = MessageDelivered { message_id: message("b1"), external_id: "mid.echo".into() };
    let history = begun().into_iter().chain([bot_said("b1"), ConversationEvent::MessageDelivered(delivered)]);
    let echo = Receive { external_id: "mid.echo".into(), ..receive("m2") };
    given::<Conversation>(history).when(take_in(echo)).then_nothing();
}

#[test]
fn who_writes_again_opens_a_closed_conversation() {
    let history = begun().into_iter().chain([stands(Status::Closed)]);
    let _ = given::<Conversation>(history).when(take_in(receive("m2"))).then([stands(Status::Active), received("m2")]);
}

#[test]
fn what_a_customer_writes_is_taken_as_far_as_it_can_be_shown() {
    let written = Receive { text: " Hi\0\n there ".into(), at: noon() + TimeDelta::hours(1), ..receive("m2") };
    let ConversationEvent::MessageReceived(shown) = received("m2") else { unreachable!("a sample") };
    let shown = MessageReceived { text: "Hi\n there".into(), at: noon(), ..shown };
    let _ = given::<Conversation>(begun()).when(take_in(written)).then([ConversationEvent::MessageReceived(shown)]);
    let empty = Receive { text: " \0 ".into(), ..receive("m2") };
    given::<Conversation>(begun()).when(take_in(empty)).then_rejected(invalid("text", "Text is required"));
    let long = Receive { text: "x".repeat(limits::RECEIVED_TEXT + 1), ..receive("m2") };
    let expected = invalid("text", "Ensure this field has no more than 20000 characters");
    given::<Conversation>(begun()).when(take_in(long)).then_rejected(expected);
}

#[test]
fn the_bot_answers_while_no_person_does() {
    let state = given::<Conversation>(begun()).when(reply(bot("b1"))).then([bot_said("b1")]);
    assert_eq!((state.bot_replies, state.unread, state.pending), (1, 1, vec![message("b1")]));
    for history in [waiting(), handled()] {
        given::<Conversation>(history).when(reply(bot("b1"))).then_rejected(ConversationRejection::HandledByPerson);
    }
}

#[test]
fn the_bot_does_not_answer_what_a_person_has_dealt_with() {
    let after = |history: &[ConversationEvent], answers: &str| {
        let command = BotReply { answers: Some(message(answers)), ..bot("b1") };
        given::<Conversation>(history.to_vec()).when(reply(command))
    };
    let helped: Vec<_> = waiting().into_iter().chain([CLEARED, stands(Status::Active)]).collect();
    after(&helped, "m1").then_rejected(ConversationRejection::ReplyOutdated);
    let later: Vec<_> = helped.into_iter().chain([received("m2")]).collect();
    after(&later, "m1").then_rejected(ConversationRejection::ReplyOutdated);
    let _ = after(&later, "m2").then([bot_said("b1")]);
    after(&later, "m3").then_rejected(ConversationRejection::MessageNotFound);
    let _ = after(&begun(), "m1").then([bot_said("b1")]);
}

#[test]
fn an_answer_that_is_sent_again_is_sent_once() {
    let history: Vec<_> = handled().into_iter().chain([sent("a1")]).collect();
    given::<Conversation>(history).when(send("A", "a1")).then_nothing();
    let history: Vec<_> = begun().into_iter().chain([bot_said("b1")]).collect();
    given::<Conversation>(history).when(reply(bot("b1"))).then_nothing();
}

#[test]
fn an_answer_says_something_and_not_too_much() {
    let say = |text: &str| reply(BotReply { text: text.into(), ..bot("b1") });
    given::<Conversation>(begun()).when(say(" \n ")).then_rejected(invalid("message", "Message is required"));
    let expected = invalid("message", "Ensure this field has no more than 4096 characters");
    given::<Conversation>(begun()).when(say(&"é".repeat(4_097))).then_rejected(expected);
}

#[test]
fn answers_wait_until_the_channel_took_them_or_never_will() {
    let delivered = Delivered { message_id: message("b1"), external_id: "mid.b1".into() };
    let history: Vec<_> = begun().into_iter().chain([bot_said("b1")]).collect();
    let event = MessageDelivered { message_id: message("b1"), external_id: "mid.b1".into() };
    let event = ConversationEvent::MessageDelivered(event);
    let command = ConversationCommand::Delivered(delivered);
    let state = given::<Conversation>(history.clone()).when(command.clone()).then([event.clone()]);
    assert!(state.pending.is_empty());
    given::<Conversation>(history.iter().cloned().chain([event.clone()])).when(command).then_nothing();

    let failed = |id| ConversationCommand::Failed(Failed { message_id: message(id), reason: "no\0 ".repeat(200) });
    given::<Conversation>(history.iter().cloned().chain([event])).when(failed("b1")).then_nothing();
    let reason: String = "no ".repeat(200).chars().take(limits::FAILURE).collect();
    let event = ConversationEvent::MessageFailed(MessageFailed { message_id: message("b1"), reason });
    let _ = given::<Conversation>(history).when(failed("b1")).then([event]);
}

#[test]
fn what_waits_has_a_bound() {
    let said = (0..limits::PENDING).map(|n| bot_said(&format!("b{n}")));
    let history: Vec<_> = begun().into_iter().chain(said).collect();
    given::<Conversation>(history.clone()).when(reply(bot("more"))).then_rejected(ConversationRejection::OutboxFull);
    let delivered = MessageDelivered { message_id: message("b0"), external_id: String::new() };
    let history = history.into_iter().chain([ConversationEvent::MessageDelivered(delivered)]);
    let _ = given::<Conversation>(history).when(reply(bot("more"))).then([bot_said("more")]);
}

#[test]
fn reading_up_to_a_message_leaves_what_came_after_it() {
    let history: Vec<_> = begun().into_iter().chain([received("m2"), bot_said("b1"), received("m3")]).collect();
    let after = |up_to| given::<Conversation>(history.clone()).when(mark_read(up_to));
    assert_eq!(after(None).then([read("m3", 0)]).unread, 0);
    let _ = after(Some("m1")).then([read("m1", 2)]);
    let _ = after(Some("b1")).then([read("b1", 1)]);
    after(Some("m9")).then_rejected(ConversationRejection::MessageNotFound);
    let further: Vec<_> = history.iter().cloned().chain([read("m2", 1)]).collect();
    given::<Conversation>(further.clone()).when(mark_read(Some("m1"))).then_nothing();
    given::<Conversation>(further).when(mark_read(Some("m2"))).then_nothing();
    given::<Conversation>([started()]).when(mark_read(None)).then_nothing();
}

#[test]
fn a_conversation_has_a_title_a_priority_and_a_rating() {
    let retitle = |title: &str| ConversationCommand::Retitle(Retitle { title: title.into() });
    let retitled = ConversationEvent::Retitled(Retitled { title: "A late order".into() });
    let _ = given::<Conversation>(begun()).when(retitle(" A late order ")).then([retitled]);
    given::<Conversation>(begun()).when(retitle("John Doe")).then_nothing();
    given::<Conversation>(begun()).when(retitle("")).then_rejected(invalid("title", "Title is required"));

    let set = |priority| ConversationCommand::SetPriority(SetPriority { priority });
    let urgent = ConversationEvent::PrioritySet(PrioritySet { priority: Priority::Urgent });
    let _ = given::<Conversation>(begun()).when(set(Priority::Urgent)).then([urgent]);
    given::<Conversation>(begun()).when(set(Priority::Normal)).then_nothing();

    let rate = |score| ConversationCommand::Rate(Rate { score, comment: " Kind ".into() });
    let rated = ConversationEvent::Rated(Rated { score: 5, comment: "Kind".into() });
    let _ = given::<Conversation>(begun()).when(rate(5)).then([rated.clone()]);
    given::<Conversation>(begun().into_iter().chain([rated])).when(rate(5)).then_nothing();
    for score in [0, 6] {
        given::<Conversation>(begun()).when(rate(score)).then_rejected(invalid("score", "Ensure this value is from 1 to 5"));
    }
}

#[test]
fn a_conversation_that_never_started_cannot_be_commanded() {
    let commands = [
        send("A", "a1"),
        reply(bot("b1")),
        mark_read(None),
        ConversationCommand::Delivered(Delivered { message_id: message("b1"), external_id: String::new() }),
        ConversationCommand::Failed(Failed { message_id: message("b1"), reason: String::new() }),
        ConversationCommand::Unassign(commands::conversation::Unassign { by: by("A"), is_helped: true }),
    ];
    for command in commands {
        given::<Conversation>([]).when(command).then_rejected(ConversationRejection::NotFound);
    }
    assert_eq!(ConversationRejection::NotFound.to_string(), "Customer not found");
}
