//! The rules of what is between a provider and a customer.

use commands::relation::{Block, Note, Standing};
use commands::testing::{given, state_of};
use commands::{FieldErrors, Relation, RelationCommand, RelationRejection};
use events::RelationEvent;
use events::relation::{Blocked, Favourited, Forgotten, Noted, Started, Unblocked, Unfavourited};

use super::trade::provider;

const FAVOURITED: RelationEvent = RelationEvent::Favourited(Favourited {});
const UNFAVOURITED: RelationEvent = RelationEvent::Unfavourited(Unfavourited {});
const UNBLOCKED: RelationEvent = RelationEvent::Unblocked(Unblocked {});

fn of() -> Started {
    Started { provider: provider(), customer: "customer-1".parse().unwrap() }
}

fn started() -> RelationEvent {
    RelationEvent::Started(of())
}

fn block(reason: &str) -> RelationCommand {
    RelationCommand::Block(Block { of: of(), reason: reason.into() })
}

fn blocked(reason: &str) -> RelationEvent {
    RelationEvent::Blocked(Blocked { reason: reason.into() })
}

fn note(notes: &str) -> RelationCommand {
    RelationCommand::Note(Note { of: of(), notes: notes.into() })
}

fn noted(notes: &str) -> RelationEvent {
    RelationEvent::Noted(Noted { notes: notes.into() })
}

fn forgotten() -> RelationEvent {
    let Started { provider, customer } = of();
    RelationEvent::Forgotten(Forgotten { provider, customer })
}

#[test]
fn the_first_word_starts_a_relation() {
    let _ = given::<Relation>([]).when(RelationCommand::Favourite(of())).then([started(), FAVOURITED]);
    let _ = given::<Relation>([]).when(block("")).then([started(), blocked("")]);
    let state = given::<Relation>([]).when(note(" Tea ")).then([started(), noted("Tea")]);
    assert_eq!((state.between, state.notes.as_str()), (Some(of()), "Tea"));
    for command in [RelationCommand::Unfavourite(of()), RelationCommand::Unblock(of()), note("")] {
        given::<Relation>([]).when(command).then_nothing();
    }
}

#[test]
fn what_is_so_already_is_no_change() {
    given::<Relation>([started(), FAVOURITED]).when(RelationCommand::Favourite(of())).then_nothing();
    given::<Relation>([started(), noted("Tea")]).when(note("Tea")).then_nothing();
    for same in ["", "late"] {
        given::<Relation>([started(), blocked("late")]).when(block(same)).then_nothing();
    }
    let _ = given::<Relation>([started(), blocked("late")]).when(block("rude")).then([blocked("rude")]);
}

#[test]
fn a_customer_is_a_favourite_or_blocked_or_both_and_no_more() {
    let both = [started(), FAVOURITED, blocked("")];
    assert!(state_of::<Relation>(&both).is_favourite && state_of::<Relation>(&both).is_blocked());
    let state = given::<Relation>(both.clone()).when(RelationCommand::Unblock(of())).then([UNBLOCKED]);
    assert!(!state.is_blocked());
    let state = given::<Relation>(both).when(RelationCommand::Unfavourite(of())).then([UNFAVOURITED]);
    assert!(!state.is_favourite);
}

#[test]
fn texts_are_not_too_long() {
    let unfit = |field, max: usize| {
        let sentence = format!("Ensure this field has no more than {max} characters");
        RelationRejection::Invalid(FieldErrors::of(field, sentence))
    };
    given::<Relation>([]).when(note(&"x".repeat(10_001))).then_rejected(unfit("notes", 10_000));
    given::<Relation>([]).when(block(&"x".repeat(501))).then_rejected(unfit("reason", 500));
}

#[test]
fn a_relation_is_between_two_and_stays_theirs() {
    let others = RelationCommand::Favourite(Started { customer: "customer-2".parse().unwrap(), ..of() });
    given::<Relation>([started()]).when(others).then_rejected(RelationRejection::AlreadyExists);
}

#[test]
fn a_forgotten_relation_is_nothing_but_forgotten() {
    let state = given::<Relation>([started(), blocked("late")]).when(RelationCommand::Forget).then([forgotten()]);
    assert_eq!(state, state_of::<Relation>(&[forgotten()]));
    assert_eq!(state.standing, Standing::Forgotten);
    given::<Relation>([forgotten()]).when(RelationCommand::Forget).then_nothing();
    given::<Relation>([]).when(RelationCommand::Forget).then_rejected(RelationRejection::NotFound);
    for command in [block(""), note("x"), RelationCommand::Favourite(of()), RelationCommand::Unblock(of())] {
        given::<Relation>([forgotten()]).when(command).then_rejected(RelationRejection::Forgotten);
    }
}
