//! Given these events, then this tenant or this user.

use events::tenant::{Created, Renamed as TenantRenamed};
use events::user::{Activated, Added, Deactivated, PasswordChanged, Renamed, RoleChanged};
use events::{Currency, Event, Role, StreamRef};

use super::*;
use crate::testing::given::recorded;

fn given_tenant(events: &[(u32, TenantEvent)]) -> Result<Option<TenantRow>, ApplyError> {
    let stream = StreamRef::tenant(&TenantId::platform());
    let next = |row, (number, event): &(u32, TenantEvent)| {
        tenant(row, &recorded(&stream, *number, Event::Tenant(event.clone())), event).map(Some)
    };
    events.iter().try_fold(None, next)
}

fn given_user(events: &[(u32, UserEvent)]) -> Result<Option<UserRow>, ApplyError> {
    let stream = StreamRef::user(&TenantId::platform(), &"u-1".parse().expect("an id"));
    let next = |row, (number, event): &(u32, UserEvent)| {
        user(row, &recorded(&stream, *number, Event::User(event.clone())), event).map(Some)
    };
    events.iter().try_fold(None, next)
}

fn created() -> TenantEvent {
    TenantEvent::Created(Created { name: "First".into(), currency: Currency::default() })
}

fn renamed() -> TenantEvent {
    TenantEvent::Renamed(TenantRenamed { name: "Second".into() })
}

fn added() -> UserEvent {
    UserEvent::Added(Added { email: " Ann@Example.com ".into(), name: "Ann".into(), role: Role::Viewer })
}

#[test]
fn a_tenant_is_what_its_events_add_up_to() {
    let row = given_tenant(&[(1, created()), (2, renamed())]).expect("the events fit").expect("a row");
    assert_eq!((row.name.as_str(), row.version, row.position.0), ("Second", 2, 20));
    assert_eq!((row.created_at.timestamp(), row.updated_at.timestamp()), (1, 2));
}

#[test]
fn a_user_is_what_their_events_add_up_to() {
    let events = [
        (1, added()),
        (2, UserEvent::Renamed(Renamed { name: "Ann Lee".into() })),
        (3, UserEvent::RoleChanged(RoleChanged { role: Role::Admin })),
        (4, UserEvent::Deactivated(Deactivated {})),
    ];
    let row = given_user(&events).expect("the events fit").expect("a row");
    assert_eq!((row.name.as_str(), row.role, row.is_active, row.version), ("Ann Lee", Role::Admin, false, 4));
    assert_eq!(row.email_key(), "ann@example.com");
    let back = [(1, added()), (2, UserEvent::Deactivated(Deactivated {})), (3, UserEvent::Activated(Activated {}))];
    assert!(given_user(&back).expect("the events fit").expect("a row").is_active);
}

#[test]
fn a_new_password_changes_nothing_but_the_version() {
    let before = given_user(&[(1, added())]).expect("the event fits").expect("a row");
    let after = given_user(&[(1, added()), (2, UserEvent::PasswordChanged(PasswordChanged {}))]).expect("the events fit");
    let (version, position, updated_at) = (2, events::Position(20), before.updated_at + chrono::TimeDelta::seconds(1));
    assert_eq!(after, Some(UserRow { version, position, updated_at, ..before }));
}

#[test]
fn what_comes_again_changes_nothing_and_what_does_not_fit_is_refused() {
    let again = given_tenant(&[(1, created()), (2, renamed()), (1, created()), (2, renamed())]).expect("the events fit");
    assert_eq!(again.map(|row| row.version), Some(2));
    assert!(given_tenant(&[(1, renamed())]).is_err(), "nobody to rename");
    assert!(given_tenant(&[(1, created()), (3, renamed())]).is_err(), "a gap");
    assert!(given_tenant(&[(1, created()), (2, created())]).is_err(), "twice");
    assert!(given_user(&[(1, added()), (2, added())]).is_err(), "twice");
}
