//! The rules of tags.

use commands::tag::{Create, MAX_NAME_CHARS, Rename};
use commands::testing::{context, given, state_of};
use commands::{Aggregate, ClaimChange, ClaimMove, FieldErrors, Tag, TagCommand, TagRejection};
use events::tag::{Created, Deleted, Renamed};
use events::{ClaimKey, TagEvent};

const DELETED: TagEvent = TagEvent::Deleted(Deleted {});

fn created() -> TagEvent {
    TagEvent::Created(Created { name: "VIP".into() })
}

fn renamed(name: &str) -> TagEvent {
    TagEvent::Renamed(Renamed { name: name.into() })
}

fn create(name: &str) -> TagCommand {
    TagCommand::Create(Create { name: name.into() })
}

fn rename(name: &str) -> TagCommand {
    TagCommand::Rename(Rename { name: name.into() })
}

#[test]
fn a_tag_is_made_once() {
    let state = given::<Tag>([]).when(create(" VIP ")).then([created()]);
    assert_eq!(state.name.as_deref(), Some("VIP"));
    given::<Tag>([created()]).when(create("VIP")).then_nothing();
    given::<Tag>([created()]).when(create("Premium")).then_rejected(TagRejection::AlreadyExists);
    given::<Tag>([created(), DELETED]).when(create("VIP")).then_rejected(TagRejection::AlreadyExists);
}

#[test]
fn a_tag_has_a_short_name() {
    let invalid = |sentence: &str| TagRejection::Invalid(FieldErrors::of("name", sentence));
    given::<Tag>([]).when(create(" ")).then_rejected(invalid("Name is required"));
    let long = "x".repeat(MAX_NAME_CHARS + 1);
    let too_long = invalid("Ensure this field has no more than 50 characters");
    given::<Tag>([created()]).when(rename(&long)).then_rejected(too_long);
    given::<Tag>([]).when(create("a\nb")).then_rejected(invalid("Control characters are not allowed"));
}

#[test]
fn a_tag_is_renamed_and_deleted() {
    let _ = given::<Tag>([created()]).when(rename("Premium")).then([renamed("Premium")]);
    given::<Tag>([created()]).when(rename("VIP")).then_nothing();
    let state = given::<Tag>([created()]).when(TagCommand::Delete).then([DELETED]);
    assert_eq!((state.name, state.is_deleted), (None, true));
    given::<Tag>([created(), DELETED]).when(TagCommand::Delete).then_nothing();
    given::<Tag>([]).when(TagCommand::Delete).then_rejected(TagRejection::NotFound);
    for history in [vec![], vec![created(), DELETED]] {
        given::<Tag>(history).when(rename("Premium")).then_rejected(TagRejection::NotFound);
    }
}

#[test]
fn a_name_is_one_tags_however_it_is_written() {
    let stream = context::<Tag>().stream;
    let claims = |history: &[TagEvent], event| Tag::claims(&stream, &state_of::<Tag>(history), &[event]);
    let acquire = |name| ClaimChange { key: ClaimKey::tag(&stream.tenant, name), change: ClaimMove::Acquire };
    let release = |name| ClaimChange { key: ClaimKey::tag(&stream.tenant, name), change: ClaimMove::Release };
    assert_eq!(claims(&[], created()), [acquire("vip")]);
    assert!(claims(&[created()], renamed("vip")).is_empty());
    assert_eq!(claims(&[created()], renamed("Premium")), [acquire("premium"), release("vip")]);
    assert_eq!(claims(&[created()], DELETED), [release("VIP")]);
}
