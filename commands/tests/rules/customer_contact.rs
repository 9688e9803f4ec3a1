//! How a customer arrives over a channel, what it tells about them, and their tags.

use commands::customer::{Arrive, Change, ChangeContact, ComeBack, PutTag, TakeTag, limits};
use commands::testing::{context, given, noon, state_of};
use commands::{Aggregate, ClaimChange, ClaimMove, Customer, CustomerCommand, CustomerRejection};
use events::customer::{Arrived, ContactChanged, Deleted, Forgotten, Profile, ProfileChanged, Restored, Tagged, Untagged};
use events::{ClaimKey, ClaimName, Contact, CustomerEvent, Source};

use super::sample::{invalid, registered};

fn contact() -> Contact {
    Contact {
        source: Source::Telegram,
        source_id: "123".into(),
        username: "johndoe".into(),
        first_name: "John".into(),
        last_name: "Doe".into(),
        profile_picture: "https://example.com/john.jpg".into(),
    }
}

fn renamed() -> Contact {
    Contact { first_name: "Johnny".into(), ..contact() }
}

fn arrived() -> CustomerEvent {
    let profile = Profile { name: "John Doe".into(), ..Profile::default() };
    CustomerEvent::Arrived(Box::new(Arrived { profile, contact: contact() }))
}

fn arrive(contact: Contact) -> CustomerCommand {
    CustomerCommand::Arrive(Arrive::new(contact))
}

fn changed(contact: Contact) -> CustomerEvent {
    CustomerEvent::ContactChanged(ContactChanged { contact })
}

fn claims(history: &[CustomerEvent], events: &[CustomerEvent]) -> Vec<ClaimChange> {
    Customer::claims(&context::<Customer>().stream, &state_of::<Customer>(history), events)
}

/// Kinds of names and what happens to them.
fn moves(history: &[CustomerEvent], events: &[CustomerEvent]) -> Vec<(ClaimName, ClaimMove)> {
    claims(history, events).into_iter().map(|claim| (claim.key.name, claim.change)).collect()
}

#[test]
fn who_writes_for_the_first_time_is_a_customer_without_an_address() {
    let blanks = Contact { first_name: " John\0 ".into(), ..contact() };
    let state = given::<Customer>([]).when(arrive(blanks)).then([arrived()]);
    assert!(state.is_present() && state.is_active);
    assert_eq!((state.contact, state.created_at), (contact(), Some(noon())));
    given::<Customer>([arrived()]).when(arrive(contact())).then_nothing();
}

#[test]
fn who_writes_again_is_told_about_anew() {
    let _ = given::<Customer>([arrived()]).when(arrive(renamed())).then([changed(renamed())]);
    let deleted = CustomerEvent::Deleted(Deleted {});
    let _ = given::<Customer>([arrived(), deleted]).when(arrive(renamed())).then([changed(renamed())]);
    let other = Contact { source_id: "124".into(), ..contact() };
    given::<Customer>([arrived()]).when(arrive(other)).then_rejected(CustomerRejection::AlreadyExists);
    let forgotten = CustomerEvent::Forgotten(Forgotten {});
    given::<Customer>([forgotten]).when(arrive(contact())).then_rejected(CustomerRejection::Forgotten);
}

#[test]
fn who_was_deleted_and_writes_again_is_back_and_takes_nobodys_address() {
    let come_back = |without_email| CustomerCommand::ComeBack(ComeBack { channel: Source::Telegram, without_email });
    let back = CustomerEvent::Restored(Restored { channel: Some(Source::Telegram) });
    let deleted = CustomerEvent::Deleted(Deleted {});
    let gone = [registered(), changed(contact()), deleted.clone()];
    let state = given::<Customer>(gone.clone()).when(come_back(false)).then([back.clone()]);
    assert!(state.is_present() && !state.profile.email.is_empty());
    assert_eq!(moves(&gone, std::slice::from_ref(&back)), [(ClaimName::CustomerEmail, ClaimMove::Acquire)]);
    let given_up = CustomerEvent::ProfileChanged(ProfileChanged { email: Some(String::new()), ..ProfileChanged::default() });
    let state = given::<Customer>(gone.clone()).when(come_back(true)).then([given_up.clone(), back.clone()]);
    assert!(state.is_present() && state.profile.email.is_empty());
    assert!(moves(&gone, &[given_up, back.clone()]).is_empty(), "the address stays whose it is");
    let _ = given::<Customer>([arrived(), deleted]).when(come_back(true)).then([back]);
    given::<Customer>([arrived()]).when(come_back(false)).then_nothing();
    given::<Customer>([]).when(come_back(false)).then_rejected(CustomerRejection::NotFound);
    let forgotten = CustomerEvent::Forgotten(Forgotten {});
    given::<Customer>([forgotten]).when(come_back(false)).then_rejected(CustomerRejection::Forgotten);
}

#[test]
fn who_arrives_is_somebody_in_the_channel() {
    let nobody = Contact { source_id: " ".into(), ..contact() };
    given::<Customer>([]).when(arrive(nobody)).then_rejected(invalid(&[("source_id", "Source id is required")]));
    let long = Contact { username: "x".repeat(limits::USERNAME + 1), ..contact() };
    let expected = invalid(&[("username", "Ensure this field has no more than 100 characters")]);
    given::<Customer>([]).when(arrive(long)).then_rejected(expected);
    let longest = "x".repeat(limits::NAME_PART);
    let longest = Contact { first_name: longest.clone(), last_name: longest, ..contact() };
    assert!(state_of::<Customer>(&[arrived()]).is_present() && longest.full_name().len() <= limits::NAME);
    let badly = Arrive { email: "nobody".into(), ..Arrive::new(contact()) };
    let expected = invalid(&[("email", "Enter a valid email address")]);
    given::<Customer>([]).when(CustomerCommand::Arrive(badly)).then_rejected(expected);
}

#[test]
fn an_address_can_be_missing_and_come_but_not_go() {
    let change = |email: &str| CustomerCommand::Change(Change { email: Some(email.into()), ..Change::default() });
    given::<Customer>([arrived()]).when(change("")).then_nothing();
    let email = |email: &str| ProfileChanged { email: Some(email.into()), ..ProfileChanged::default() };
    let came = CustomerEvent::ProfileChanged(email("john@example.com"));
    let _ = given::<Customer>([arrived()]).when(change("john@example.com")).then([came.clone()]);
    given::<Customer>([arrived(), came]).when(change("")).then_rejected(invalid(&[("email", "Email is required")]));
}

#[test]
fn a_customer_is_found_by_who_they_are_in_the_channel() {
    let stream = context::<Customer>().stream;
    let key = ClaimKey::contact(&stream.tenant, Source::Telegram, "123");
    let taken = Customer::claims(&stream, &state_of::<Customer>(&[]), &[arrived()]);
    assert_eq!(taken, [ClaimChange { key: key.clone(), change: ClaimMove::Acquire }], "and no address");
    assert_eq!(Customer::taken(&key), CustomerRejection::ContactTaken);

    let (contact, email) = (ClaimName::CustomerContact, ClaimName::CustomerEmail);
    assert!(moves(&[arrived()], &[changed(renamed())]).is_empty(), "the same person");
    let moved = changed(Contact { source_id: "124".into(), ..self::contact() });
    assert_eq!(moves(&[arrived()], &[moved]), [(contact, ClaimMove::Acquire), (contact, ClaimMove::Release)]);
    assert_eq!(moves(&[registered()], &[changed(self::contact())]), [(contact, ClaimMove::Acquire)]);
    let deleted = CustomerEvent::Deleted(Deleted {});
    let linked = [registered(), changed(self::contact())];
    assert_eq!(moves(&linked, std::slice::from_ref(&deleted)), [(email, ClaimMove::Release)], "found again when they write");
    let gone = [linked[0].clone(), linked[1].clone(), deleted];
    assert_eq!(moves(&gone, &[CustomerEvent::Restored(Restored::default())]), [(email, ClaimMove::Acquire)]);
    let forgotten = [CustomerEvent::Forgotten(Forgotten {})];
    assert_eq!(moves(&linked, &forgotten), [(email, ClaimMove::Release), (contact, ClaimMove::Release)]);
    assert_eq!(moves(&gone, &forgotten), [(contact, ClaimMove::Release)]);
}

#[test]
fn what_a_channel_tells_can_be_put_right() {
    let change = |contact| CustomerCommand::ChangeContact(ChangeContact { contact });
    let state = given::<Customer>([registered()]).when(change(contact())).then([changed(contact())]);
    assert_eq!(state.contact, contact());
    given::<Customer>([registered()]).when(change(Contact::default())).then_nothing();
    given::<Customer>([]).when(change(contact())).then_rejected(CustomerRejection::NotFound);
}

#[test]
fn a_customer_has_tags_but_not_too_many() {
    let tag = |n: usize| format!("tag-{n}").parse().unwrap();
    let put = |n| CustomerCommand::PutTag(PutTag { tag: tag(n), name: "VIP".into() });
    let take = |n| CustomerCommand::TakeTag(TakeTag { tag: tag(n) });
    let tagged = |n| CustomerEvent::Tagged(Tagged { tag: tag(n), name: "VIP".into() });
    let untagged = CustomerEvent::Untagged(Untagged { tag: tag(1), name: "VIP".into() });
    let _ = given::<Customer>([registered()]).when(put(1)).then([tagged(1)]);
    given::<Customer>([registered(), tagged(1)]).when(put(1)).then_nothing();
    let state = given::<Customer>([registered(), tagged(1)]).when(take(1)).then([untagged]);
    assert!(state.tags.is_empty());
    given::<Customer>([registered()]).when(take(1)).then_nothing();
    let full: Vec<_> = std::iter::once(registered()).chain((0..limits::TAGS).map(tagged)).collect();
    given::<Customer>(full.clone()).when(put(limits::TAGS)).then_rejected(CustomerRejection::TooManyTags);
    given::<Customer>(full).when(put(0)).then_nothing();
    for command in [put(1), take(1)] {
        given::<Customer>([]).when(command).then_rejected(CustomerRejection::NotFound);
    }
}
