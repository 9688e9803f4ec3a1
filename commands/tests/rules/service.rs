//! The rules of services.

use commands::service::{Change, Create};
use commands::testing::given;
use commands::{FieldErrors, Service, ServiceCommand, ServiceRejection};
use events::ServiceEvent;
use events::service::{Activated, Changed, Created, Deactivated, Offer};

use super::sample::amount;
use super::trade::provider;

const OFF: ServiceEvent = ServiceEvent::Deactivated(Deactivated {});
const ON: ServiceEvent = ServiceEvent::Activated(Activated {});

fn offer() -> Offer {
    Offer { title: "Massage".into(), price: amount("350000"), duration_minutes: 60, description: "Warm oil".into() }
}

fn created() -> ServiceEvent {
    ServiceEvent::Created(Created { provider: provider(), offer: offer() })
}

fn create(offer: Offer) -> ServiceCommand {
    ServiceCommand::Create(Create { provider: provider(), offer })
}

fn unfit(field: &'static str, sentence: &str) -> ServiceRejection {
    ServiceRejection::Invalid(FieldErrors::of(field, sentence))
}

#[test]
fn a_service_is_offered_once() {
    let state = given::<Service>([]).when(create(Offer { title: " Massage ".into(), ..offer() })).then([created()]);
    assert_eq!((state.offer, state.is_active), (offer(), true));
    given::<Service>([created()]).when(create(offer())).then_nothing();
    let other = create(Offer { price: amount("1"), ..offer() });
    given::<Service>([created()]).when(other).then_rejected(ServiceRejection::AlreadyExists);
}

#[test]
fn what_is_offered_has_a_title_and_a_length() {
    let refused = |offer, rejection| given::<Service>([]).when(create(offer)).then_rejected(rejection);
    refused(Offer { title: " ".into(), ..offer() }, unfit("title", "Title is required"));
    let long = "x".repeat(2_001);
    refused(Offer { description: long, ..offer() }, unfit("description", "Ensure this field has no more than 2000 characters"));
    for duration_minutes in [0, 7, 1_445] {
        let sentence = "Duration is a multiple of 5 from 5 to 1440 minutes";
        refused(Offer { duration_minutes, ..offer() }, unfit("duration_minutes", sentence));
        let change = Change { duration_minutes: Some(duration_minutes), ..Change::default() };
        given::<Service>([created()]).when(ServiceCommand::Change(change)).then_rejected(unfit("duration_minutes", sentence));
    }
}

#[test]
fn only_what_differs_is_changed() {
    let change = Change { title: Some("Massage".into()), price: Some(amount("1")), ..Change::default() };
    let changed = ServiceEvent::Changed(Changed { price: Some(amount("1")), ..Changed::default() });
    let state = given::<Service>([created()]).when(ServiceCommand::Change(change.clone())).then([changed.clone()]);
    assert_eq!(state.offer, Offer { price: amount("1"), ..offer() });
    given::<Service>([created(), changed]).when(ServiceCommand::Change(change)).then_nothing();
}

#[test]
fn a_service_is_offered_no_more_and_again() {
    let _ = given::<Service>([created()]).when(ServiceCommand::Deactivate).then([OFF]);
    let _ = given::<Service>([created(), OFF]).when(ServiceCommand::Activate).then([ON]);
    given::<Service>([created()]).when(ServiceCommand::Activate).then_nothing();
    given::<Service>([created(), OFF]).when(ServiceCommand::Deactivate).then_nothing();
    for command in [ServiceCommand::Activate, ServiceCommand::Deactivate, ServiceCommand::Change(Change::default())] {
        given::<Service>([]).when(command).then_rejected(ServiceRejection::NotFound);
    }
}
