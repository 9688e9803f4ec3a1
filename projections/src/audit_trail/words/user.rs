//! The words of users. Passwords and tokens are no events, so nothing of them can be here.

use events::subject::Partition;
use events::{Event, Recorded, StreamKind, UserEvent};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::show::capitalised;
use super::{Action, Activity, Field, Shown, Wording, activity, field};
use crate::directory::{UserRow, fold_user};
use crate::projection::ApplyError;

/// Users.
pub struct Users;

/// A user: the row of the directory, and what the directory does not show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct User {
    row: UserRow,
    is_available: bool,
}

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
        field("is_available", "Available for customers", Shown::YesNo),
    ];
    type Event = UserEvent;
    type Row = User;

    fn event(event: &Event) -> Option<&UserEvent> {
        if let Event::User(event) = event { Some(event) } else { None }
    }

    fn fold(_: Partition, before: Option<User>, recorded: &Recorded, event: &UserEvent) -> Result<Option<User>, ApplyError> {
        let (row, available) = before.map_or((None, false), |user| (Some(user.row), user.is_available));
        let row = fold_user(row, recorded, event)?;
        let is_available = if let UserEvent::AvailabilitySet(data) = event { data.available } else { available };
        Ok(Some(User { row, is_available }))
    }

    fn values(User { row, is_available }: &User) -> Vec<Json> {
        let texts = [row.email.as_str(), &row.name, row.role.name()];
        texts.into_iter().map(Json::from).chain([row.is_active.into(), (*is_available).into()]).collect()
    }

    fn name(user: &User) -> String {
        user.row.name.clone()
    }

    fn sentence(event: &UserEvent, _user: &User, _changes: &[&'static str]) -> String {
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
