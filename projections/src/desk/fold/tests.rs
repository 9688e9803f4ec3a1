//! Given these events, then these rows.

use events::conversation::{
    Agent, AgentAssigned, AgentReplied, AgentRequested, AgentUnassigned, AssignmentCause, Forgotten, MessageDelivered,
    MessageReceived, Rated, RequestCause, Started, Status, StatusChanged, StopCleared, UnassignmentCause,
};
use events::{ConversationEvent as E, Event, Source, StreamRef, TenantId};

use super::*;
use crate::desk::message::State;
use crate::desk::spell::Kind;
use crate::testing::given::recorded;

/// Events, each with the number of the commit that it is in; its version follows from its place.
fn given(events: &[(u32, E)]) -> Result<Changes, ApplyError> {
    given_behind(Threads::default(), events, 0)
}

fn given_behind(mut threads: Threads, events: &[(u32, E)], version: u64) -> Result<Changes, ApplyError> {
    let stream = StreamRef::conversation(&TenantId::platform(), &"talk-1".parse().expect("an id"));
    for ((commit, event), version) in events.iter().zip(version + 1..) {
        let mut recorded = recorded(&stream, *commit, Event::Conversation(event.clone()));
        recorded.version = version;
        threads.apply(Moment(i64::from(*commit) * 10), &recorded, event)?;
    }
    Ok(threads.into_changes())
}

fn started() -> E {
    let (customer, page) = ("customer-1".parse().expect("an id"), "page-1".parse().expect("an id"));
    E::Started(Started { customer, page, source: Source::Telegram, title: "Ann".into() })
}

fn received(id: &str) -> E {
    let (message_id, at) = (id.parse().expect("an id"), chrono::DateTime::UNIX_EPOCH);
    E::MessageReceived(MessageReceived { message_id, external_id: String::new(), text: "Hi".into(), at })
}

fn agent(name: &str) -> Agent {
    Agent { id: name.parse().expect("an id"), name: name.to_uppercase(), email: format!("{name}@example.com") }
}

fn requested(cause: RequestCause) -> E {
    E::AgentRequested(AgentRequested { cause, detector: None })
}

fn assigned(name: &str) -> E {
    E::AgentAssigned(AgentAssigned { agent: agent(name), cause: AssignmentCause::Taken })
}

fn unassigned(name: &str, cause: UnassignmentCause) -> E {
    E::AgentUnassigned(AgentUnassigned { agent: agent(name), cause })
}

fn status(status: Status) -> E {
    E::StatusChanged(StatusChanged { status })
}

fn cleared() -> E {
    E::StopCleared(StopCleared {})
}

/// Kind, beginning, end, who, who was last, and how it ended.
type Told<'a> = (Kind, i64, Option<i64>, &'a str, &'a str, &'a str);

fn told(changes: &Changes) -> Vec<Told<'_>> {
    let told = |(_, spell): &'_ (Identity, Spell)| (spell.kind, spell.started.moment.0, spell.ended.map(|end| end.moment.0));
    let who = changes.spells.iter().map(|(_, spell)| (spell.agent.as_str(), spell.closer.as_str(), spell.outcome.as_str()));
    let when = changes.spells.iter().map(told);
    when.zip(who).map(|((kind, from, to), (agent, closer, outcome))| (kind, from, to, agent, closer, outcome)).collect()
}

#[test]
fn a_conversation_has_a_version_for_each_commit() {
    let events = [
        (1, started()),
        (1, received("m-1")),
        (2, requested(RequestCause::Detector)),
        (2, status(Status::SupportActive)),
        (3, assigned("ann")),
    ];
    let changes = given(&events).expect("the events fit");
    let versions: Vec<_> = changes.versions.iter().map(|(_, row)| (row.from.0, row.to.0, row.version, row.status)).collect();
    let open = Moment::OPEN.0;
    let (active, support) = (Status::Active, Status::SupportActive);
    assert_eq!(versions, [(10, 20, 2, active), (20, 30, 4, support), (30, open, 5, support)]);
    let (identity, last) = changes.versions.last().expect("a version");
    assert_eq!((identity.no, changes.started.len(), last.unread, last.messages), (10, 1, 1, 1));
    assert_eq!((last.stopped.map(|stopped| stopped.moment.0), last.agent_id()), (Some(20), "ann"));
}

#[test]
fn a_request_is_answered_by_who_comes_first_and_closed_by_who_is_last() {
    let events = [
        (1, started()),
        (2, requested(RequestCause::Customer)),
        (3, assigned("ann")),
        (4, unassigned("ann", UnassignmentCause::GivenUp)),
        (5, assigned("bob")),
        (6, unassigned("bob", UnassignmentCause::Released)),
        (6, cleared()),
        (7, E::Rated(Rated { score: 5, comment: String::new() })),
    ];
    let changes = given(&events).expect("the events fit");
    let spells = [
        (Kind::Request, 20, Some(60), "ann", "bob", "helped"),
        (Kind::Wait, 20, Some(30), "", "", ""),
        (Kind::Wait, 40, Some(50), "", "", ""),
        (Kind::Help, 30, Some(40), "ann", "", "given_up"),
        (Kind::Help, 50, Some(60), "bob", "", "released"),
        (Kind::Rating, 70, Some(70), "bob", "", ""),
    ];
    assert_eq!(told(&changes), spells);
    assert_eq!(changes.spells[0].1.answered.map(|point| point.moment.0), Some(30));
}

#[test]
fn a_request_that_ends_with_nobody_there_is_abandoned() {
    let events = [
        (1, started()),
        (2, requested(RequestCause::Detector)),
        (3, assigned("ann")),
        (4, unassigned("ann", UnassignmentCause::GivenUp)),
        (5, cleared()),
    ];
    let changes = given(&events).expect("the events fit");
    assert_eq!(told(&changes)[0], (Kind::Request, 20, Some(50), "ann", "ann", "abandoned"));
}

#[test]
fn who_steps_in_or_takes_over_keeps_nobody_waiting() {
    let events = [
        (1, started()),
        (2, requested(RequestCause::Agent)),
        (2, assigned("ann")),
        (3, unassigned("ann", UnassignmentCause::Reassigned)),
        (3, assigned("bob")),
    ];
    let changes = given(&events).expect("the events fit");
    let spells = [
        (Kind::Request, 20, None, "ann", "bob", ""),
        (Kind::Help, 20, Some(30), "ann", "", "reassigned"),
        (Kind::Help, 30, None, "bob", "", ""),
    ];
    assert_eq!(told(&changes), spells);
    assert_eq!(changes.spells[0].1.cause, "agent");
}

#[test]
fn an_answer_is_settled_where_it_is_and_where_it_stands_in_the_table() {
    let reply = |id: &str| E::AgentReplied(AgentReplied { message_id: id.parse().expect("an id"), text: "Yes".into() });
    let delivered =
        |id: &str| E::MessageDelivered(MessageDelivered { message_id: id.parse().expect("an id"), external_id: String::new() });
    let events = [(1, started()), (1, received("m-1")), (2, assigned("ann")), (2, reply("m-2")), (3, delivered("m-2"))];
    let changes = given(&events).expect("the events fit");
    let [(_, first), (_, second)] = changes.messages.as_slice() else { panic!("two messages") };
    assert_eq!((first.seq, first.state(), first.sent_at.timestamp()), (1, State::Received, 0));
    assert_eq!((second.seq, second.state(), second.speaker_name.as_str()), (2, State::Delivered, "ANN"));
    let [.., (identity, version)] = changes.versions.as_slice() else { panic!("versions") };
    let stored = Stored { identity: identity.clone(), version: version.clone(), spells: Vec::new() };
    let later = given_behind(Threads::new(vec![stored], HashMap::new()), &[(4, delivered("m-2"))], 5).expect("it fits");
    let settled: Vec<_> = later.settled.iter().map(|(no, id, settled)| (*no, id.as_str(), settled.moment.0)).collect();
    assert_eq!((settled, later.ended), (vec![(10, "m-2", 40)], vec![(10, Moment(30), Moment(40))]));
}

#[test]
fn nothing_is_left_of_a_forgotten_conversation_but_that_there_was_one() {
    let events = [(1, started()), (2, received("m-1")), (3, E::Forgotten(Forgotten {})), (4, received("m-2"))];
    let changes = given(&events).expect("the events fit");
    assert!(
        changes.versions.is_empty() && changes.messages.is_empty() && changes.started.is_empty() && changes.erased.is_empty()
    );
    let key = (TenantId::platform().to_string(), "talk-1".to_owned());
    assert_eq!(changes.forgotten, [(key, Moment(30))]);
    let (identity, version) = given(&events[..2]).expect("the events fit").versions.pop().expect("a version");
    let stored = Stored { identity, version, spells: Vec::new() };
    let changes = given_behind(Threads::new(vec![stored], HashMap::new()), &events[2..], 2).expect("the events fit");
    assert_eq!((changes.erased, changes.versions.len()), (vec![10], 0));
}

#[test]
fn what_comes_again_changes_nothing_and_what_does_not_fit_is_refused() {
    let twice = [(1, started()), (2, received("m-1"))];
    let (identity, version) = given(&twice).expect("the events fit").versions.pop().expect("a version");
    let stored = Stored { identity, version, spells: Vec::new() };
    let changes = given_behind(Threads::new(vec![stored], HashMap::new()), &twice, 0).expect("the events fit");
    assert!(changes.versions.is_empty() && changes.messages.is_empty() && changes.ended.is_empty());
    assert!(given_behind(Threads::default(), &[(1, received("m-1"))], 3).expect("erased").versions.is_empty());
    assert!(given(&[(1, started()), (2, started())]).is_err(), "twice");
    let mut threads = Threads::default();
    let stream = StreamRef::conversation(&TenantId::platform(), &"talk-1".parse().expect("an id"));
    threads.apply(Moment(10), &recorded(&stream, 1, Event::Conversation(started())), &started()).expect("it fits");
    let gap = threads.apply(Moment(30), &recorded(&stream, 3, Event::Conversation(received("m"))), &received("m"));
    assert!(gap.is_err(), "a gap");
}
