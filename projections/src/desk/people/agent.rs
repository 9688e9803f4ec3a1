//! Users as they are now, as far as the desk needs to know them.

use events::{Event, Recorded, Role, StreamKind, StreamVersion, TenantId, UserEvent, UserId};
use sea_query::Value;

use super::{id_of, stranger};
use crate::db::{DbError, Target};
use crate::desk::entity::Entity;
use crate::desk::table::AGENTS;
use crate::projection::ApplyError;
use crate::value::{named, number, parsed, storable, text, version};

/// A user, as far as the desk needs to know them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentRow {
    /// Whose it is.
    pub tenant: TenantId,
    /// The user.
    pub id: UserId,
    /// The version of the stream's last event that is folded in.
    pub version: StreamVersion,
    /// The name to show.
    pub name: String,
    /// The address that they sign in with.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Whether they may sign in.
    pub is_active: bool,
    /// Whether they said that customers may be given to them.
    pub said_available: bool,
}

/// A row as it is read.
type StoredAgent = (String, String, i64, String, String, String, i64, i64);

impl Entity for AgentRow {
    const KIND: StreamKind = StreamKind::User;
    const TARGET: Target = AGENTS;
    type Stored = StoredAgent;

    fn read((tenant, id, number, name, email, role, is_active, said_available): StoredAgent) -> Result<Self, DbError> {
        let table = AGENTS.table;
        Ok(Self {
            tenant: parsed(tenant, table, "tenant_id")?,
            id: parsed(id, table, "id")?,
            version: version(number),
            name,
            email,
            role: named(&role, table, "role")?,
            is_active: is_active != 0,
            said_available: said_available != 0,
        })
    }

    fn values(&self) -> Vec<Value> {
        vec![
            text(self.tenant.as_str()),
            text(self.id.as_str()),
            number(self.version).into(),
            text(&self.name),
            text(&self.email),
            text(self.role.name()),
            i64::from(self.is_active).into(),
            i64::from(self.said_available).into(),
        ]
    }

    fn key(&self) -> (&str, &str) {
        (self.tenant.as_str(), self.id.as_str())
    }

    fn version(&self) -> StreamVersion {
        self.version
    }

    fn fold(old: Option<Self>, recorded: &Recorded) -> Result<Self, ApplyError> {
        let Event::User(event) = &recorded.event else { return Err(stranger(recorded)) };
        let version = recorded.version;
        let Some(old) = old else {
            let UserEvent::Added(data) = event else { return Err(ApplyError::event(recorded, "there is no such user")) };
            return Ok(Self {
                tenant: recorded.envelope.stream.tenant.clone(),
                id: id_of(recorded)?,
                version,
                name: storable(&data.name),
                email: storable(&data.email),
                role: data.role,
                is_active: true,
                said_available: false,
            });
        };
        let row = Self { version, ..old };
        match event {
            UserEvent::Added(_) => Err(ApplyError::event(recorded, "the user is there already")),
            UserEvent::Renamed(data) => Ok(Self { name: storable(&data.name), ..row }),
            UserEvent::RoleChanged(data) => Ok(Self { role: data.role, ..row }),
            UserEvent::PasswordChanged(_) => Ok(row),
            UserEvent::Deactivated(_) => Ok(Self { is_active: false, ..row }),
            UserEvent::Activated(_) => Ok(Self { is_active: true, ..row }),
            UserEvent::AvailabilitySet(data) => Ok(Self { said_available: data.available, ..row }),
        }
    }
}
