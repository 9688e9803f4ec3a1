//! The rules of pages.

use commands::page::{Connect, Rename, limits};
use commands::testing::{context, given, noon, state_of};
use commands::{Aggregate, ClaimChange, ClaimMove, FieldErrors, Page, PageCommand, PageRejection};
use events::page::{Connected, Disconnected, Renamed};
use events::{ClaimKey, PageEvent, Source};

const DISCONNECTED: PageEvent = PageEvent::Disconnected(Disconnected {});

fn connected_as(name: &str) -> PageEvent {
    PageEvent::Connected(Connected { source: Source::Messenger, external_id: "1234".into(), name: name.into() })
}

fn connected() -> PageEvent {
    connected_as("Business Page")
}

fn connect(external_id: &str, name: &str) -> PageCommand {
    PageCommand::Connect(Connect { source: Source::Messenger, external_id: external_id.into(), name: name.into() })
}

#[test]
fn a_page_is_connected_once() {
    let state = given::<Page>([]).when(connect(" 1234 ", " Business Page ")).then([connected()]);
    assert_eq!((state.is_connected, state.created_at), (true, Some(noon())));
    given::<Page>([connected()]).when(connect("1234", "Business Page")).then_nothing();
    for other in [connect("1234", "Another"), connect("99", "Business Page")] {
        given::<Page>([connected()]).when(other).then_rejected(PageRejection::AlreadyExists);
    }
}

#[test]
fn a_page_is_disconnected_and_connected_again() {
    let state = given::<Page>([connected()]).when(PageCommand::Disconnect).then([DISCONNECTED]);
    assert!(state.exists() && !state.is_connected);
    let history = [connected(), DISCONNECTED];
    given::<Page>(history.clone()).when(PageCommand::Disconnect).then_nothing();
    let _ = given::<Page>(history.clone()).when(connect("1234", "Our Page")).then([connected_as("Our Page")]);
    given::<Page>(history).when(connect("99", "Our Page")).then_rejected(PageRejection::AlreadyExists);
}

#[test]
fn a_page_is_named() {
    let rename = |name: &str| PageCommand::Rename(Rename { name: name.into() });
    let renamed = PageEvent::Renamed(Renamed { name: "Our Page".into() });
    let _ = given::<Page>([connected()]).when(rename("Our Page")).then([renamed]);
    given::<Page>([connected()]).when(rename("Business Page")).then_nothing();
    let invalid = |field, sentence: &str| PageRejection::Invalid(FieldErrors::of(field, sentence));
    given::<Page>([connected()]).when(rename("")).then_rejected(invalid("name", "Name is required"));
    given::<Page>([]).when(connect("", "Page")).then_rejected(invalid("external_id", "External id is required"));
    let long = "1".repeat(limits::EXTERNAL_ID + 1);
    let expected = invalid("external_id", "Ensure this field has no more than 128 characters");
    given::<Page>([]).when(connect(&long, "Page")).then_rejected(expected);
}

#[test]
fn a_page_that_is_not_the_tenants_is_denied() {
    let rename = PageCommand::Rename(Rename { name: "Mine".into() });
    for command in [rename, PageCommand::Disconnect] {
        given::<Page>([]).when(command).then_rejected(PageRejection::AccessDenied);
    }
    assert_eq!(PageRejection::AccessDenied.to_string(), "Page access denied");
}

#[test]
fn an_account_is_one_pages_for_ever() {
    let stream = context::<Page>().stream;
    let claims = |history: &[PageEvent], event| Page::claims(&stream, &state_of::<Page>(history), &[event]);
    let key = ClaimKey::page(&stream.tenant, Source::Messenger, "1234");
    assert_eq!(claims(&[], connected()), [ClaimChange { key, change: ClaimMove::Acquire }]);
    assert!(claims(&[connected()], DISCONNECTED).is_empty());
    assert!(claims(&[connected(), DISCONNECTED], connected()).is_empty());
}
