//! The words of users. Passwords and tokens are no events, so nothing of them can be here.

use events::subject::Partition;
use events::{Event, Recorded, StreamKind, UserEvent};
use serde_json::Value as Json;

use super::show::capitalised;
use super::{Action, Activity, Field, Shown, Wording, activity, field};
use crate::directory::{UserRow, fold_user};
use crate::projection::ApplyError;

/// Users.
pub struct Users;

impl Wording for Users {
    const KIND: StreamKind = StreamKind::User;
    const ACTIVITIES: &'static [Activity] = &[
        activity("user.added", "created", Action::Create),
        activity("user.renamed", "renamed", Action::Update),
        activity("user.role_changed", "role_changed", Action::Update),
        activity("user.password_changed", "password_changed", Action::Update),
        activity("user.deactivated", "deactivated", Action::Update),
        activity("user.activated", "activated", Action::Update),
        activity("user.availability_set", "availability_set", Action::Update),
    ];
    const FIELDS: &'static [Field] = &[
        field("email", "Email", Shown::Text),
        field("name", "Name", Shown::Text),
        field("role", "Role", Shown::Word),
        field("is_active", "Active", Shown::YesNo),
    ];
    type Event = UserEvent;
    type Row = UserRow;

    fn event(event: &Event) -> Option<&UserEvent> {
        if let Event::User(event) = event { Some(event) } else { None }
    }

    fn fold(_: Partition, row: Option<UserRow>, recorded: &Recorded, event: &UserEvent) -> Result<Option<UserRow>, ApplyError> {
        fold_user(row, recorded, event).map(Some)
    }

    fn values(row: &UserRow) -> Vec<Json> {
        vec![row.email.as_str().into(), row.name.as_str().into(), row.role.name().into(), row.is_active.into()]
    }

    fn name(row: &UserRow) -> String {
        row.name.clone()
    }

    fn sentence(event: &UserEvent, _row: &UserRow, _changes: &[&'static str]) -> String {
        match event {
            UserEvent::Added(data) => format!("Added the user as {}", data.role.name()),
            UserEvent::Renamed(data) => format!("Renamed the user to {}", data.name),
            UserEvent::RoleChanged(data) => format!("Changed the role to {}", capitalised(data.role.name())),
            UserEvent::PasswordChanged(_) => "Changed the password".to_owned(),
            UserEvent::Deactivated(_) => "Deactivated the user".to_owned(),
            UserEvent::Activated(_) => "Activated the user".to_owned(),
            UserEvent::AvailabilitySet(data) if data.available => "Is available for customers".to_owned(),
            UserEvent::AvailabilitySet(_) => "Is not available for customers any more".to_owned(),
        }
    }
}
