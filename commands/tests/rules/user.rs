//! The rules of users.

use commands::testing::{given, state_of};
use commands::user::{Add, ChangeRole, Rename, SetAvailability};
use commands::{FieldErrors, User, UserCommand, UserRejection};
use events::user::{Activated, Added, AvailabilitySet, Deactivated, PasswordChanged, Renamed, Role, RoleChanged};
use events::{Actor, ActorKind, StreamRef, TenantId, UserEvent};

fn added(role: Role) -> UserEvent {
    UserEvent::Added(Added { email: "ana@example.com".into(), name: "Ana".into(), role })
}

fn add(role: Role) -> UserCommand {
    UserCommand::Add(Add { email: " ana@example.com ".into(), name: "Ana".into(), role })
}

fn change_role(role: Role) -> UserCommand {
    UserCommand::ChangeRole(ChangeRole { role })
}

/// The user whom the tests are about.
fn oneself() -> Actor {
    Actor { id: "subject".into(), kind: ActorKind::User, name: "Ana".into() }
}

#[test]
fn a_user_is_added_once() {
    let state = given::<User>([]).when(add(Role::Admin)).then([added(Role::Admin)]);
    assert!(state.exists() && state.is_active);
    given::<User>([added(Role::Admin)]).when(add(Role::Admin)).then_nothing();
    given::<User>([added(Role::Admin)]).when(add(Role::Viewer)).then_rejected(UserRejection::AlreadyExists);
}

#[test]
fn a_user_has_a_name_and_an_email() {
    let mut errors = FieldErrors::default();
    errors.add("email", "Email is required");
    errors.add("name", "Name is required");
    let command = UserCommand::Add(Add { email: String::new(), name: " ".into(), role: Role::Agent });
    given::<User>([]).when(command).then_rejected(UserRejection::Invalid(errors));
}

#[test]
fn only_a_user_who_was_added_can_be_commanded() {
    let rename = UserCommand::Rename(Rename { name: "B".into() });
    let rest = [UserCommand::ChangePassword, UserCommand::Deactivate, UserCommand::Activate];
    for command in [rename, change_role(Role::Agent)].into_iter().chain(rest) {
        given::<User>([]).when(command).then_rejected(UserRejection::NotFound);
    }
}

#[test]
fn a_user_is_renamed() {
    let rename = |name: &str| UserCommand::Rename(Rename { name: name.into() });
    let renamed = UserEvent::Renamed(Renamed { name: "Ana B".into() });
    let _ = given::<User>([added(Role::Admin)]).when(rename("Ana B")).then([renamed]);
    given::<User>([added(Role::Admin)]).when(rename("Ana")).then_nothing();
}

#[test]
fn operators_belong_to_the_platform() {
    given::<User>([]).when(add(Role::Operator)).then_rejected(UserRejection::OperatorOutsidePlatform);
    let promoted = given::<User>([added(Role::Admin)]).when(change_role(Role::Operator));
    promoted.then_rejected(UserRejection::OperatorOutsidePlatform);
    let platform = StreamRef::user(&TenantId::platform(), &"subject".parse().unwrap());
    let _ = given::<User>([]).on(platform).when(add(Role::Operator)).then([added(Role::Operator)]);
}

#[test]
fn nobody_changes_their_own_role() {
    let changed = UserEvent::RoleChanged(RoleChanged { role: Role::Viewer });
    let by_oneself = given::<User>([added(Role::Admin)]).by(oneself()).when(change_role(Role::Viewer));
    by_oneself.then_rejected(UserRejection::OwnRole);
    let _ = given::<User>([added(Role::Admin)]).when(change_role(Role::Viewer)).then([changed]);
    given::<User>([added(Role::Admin)]).by(oneself()).when(change_role(Role::Admin)).then_nothing();
}

#[test]
fn nobody_deactivates_themself() {
    let by_oneself = given::<User>([added(Role::Admin)]).by(oneself()).when(UserCommand::Deactivate);
    by_oneself.then_rejected(UserRejection::OwnDeactivation);
    let deactivated = UserEvent::Deactivated(Deactivated {});
    let _ = given::<User>([added(Role::Admin)]).when(UserCommand::Deactivate).then([deactivated.clone()]);
    given::<User>([added(Role::Admin), deactivated.clone()]).when(UserCommand::Deactivate).then_nothing();
    let activated = UserEvent::Activated(Activated {});
    let _ = given::<User>([added(Role::Admin), deactivated]).when(UserCommand::Activate).then([activated]);
    given::<User>([added(Role::Admin)]).when(UserCommand::Activate).then_nothing();
}

#[test]
fn every_change_of_a_password_is_a_fact() {
    let changed = UserEvent::PasswordChanged(PasswordChanged {});
    let _ = given::<User>([added(Role::Admin), changed.clone()]).when(UserCommand::ChangePassword).then([changed]);
}

#[test]
fn customers_are_given_to_who_is_available_and_may_sign_in() {
    let set = |available| UserCommand::SetAvailability(SetAvailability { available });
    let event = |available| UserEvent::AvailabilitySet(AvailabilitySet { available });
    let state = given::<User>([added(Role::Agent)]).when(set(true)).then([event(true)]);
    assert!(state.is_available());
    given::<User>([added(Role::Agent), event(true)]).when(set(true)).then_nothing();
    given::<User>([added(Role::Agent)]).when(set(false)).then_nothing();
    given::<User>([]).when(set(true)).then_rejected(UserRejection::NotFound);
    let deactivated = UserEvent::Deactivated(Deactivated {});
    assert!(!state_of::<User>(&[added(Role::Agent), event(true), deactivated]).is_available());
}
