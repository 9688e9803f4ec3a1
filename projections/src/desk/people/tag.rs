//! Tags as they are now.

use chrono::{DateTime, Utc};
use events::{Event, Recorded, StreamKind, StreamVersion, TagEvent, TagId, TenantId};
use sea_query::Value;

use super::{id_of, stranger};
use crate::customer::search;
use crate::db::{DbError, Target};
use crate::desk::entity::Entity;
use crate::desk::table::TAGS;
use crate::projection::ApplyError;
use crate::value::{micros, number, parsed, storable, text, time, version};

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagRow {
    /// Whose it is.
    pub tenant: TenantId,
    /// The tag.
    pub id: TagId,
    /// The version of the stream's last event that is folded in.
    pub version: StreamVersion,
    /// The name to show.
    pub name: String,
    /// Whether it is gone.
    pub is_deleted: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When anything about it changed last.
    pub updated_at: DateTime<Utc>,
}

/// A row as it is read.
type StoredTag = (String, String, i64, String, String, i64, i64, i64);

impl Entity for TagRow {
    const KIND: StreamKind = StreamKind::Tag;
    const TARGET: Target = TAGS;
    type Stored = StoredTag;

    fn read((tenant, id, number, name, _, is_deleted, created, updated): StoredTag) -> Result<Self, DbError> {
        let table = TAGS.table;
        Ok(Self {
            tenant: parsed(tenant, table, "tenant_id")?,
            id: parsed(id, table, "id")?,
            version: version(number),
            name,
            is_deleted: is_deleted != 0,
            created_at: time(created, table, "created_at")?,
            updated_at: time(updated, table, "updated_at")?,
        })
    }

    fn values(&self) -> Vec<Value> {
        vec![
            text(self.tenant.as_str()),
            text(self.id.as_str()),
            number(self.version).into(),
            text(&self.name),
            text(search::fold(&self.name)),
            i64::from(self.is_deleted).into(),
            micros(self.created_at).into(),
            micros(self.updated_at).into(),
        ]
    }

    fn key(&self) -> (&str, &str) {
        (self.tenant.as_str(), self.id.as_str())
    }

    fn version(&self) -> StreamVersion {
        self.version
    }

    fn fold(old: Option<Self>, recorded: &Recorded) -> Result<Self, ApplyError> {
        let Event::Tag(event) = &recorded.event else { return Err(stranger(recorded)) };
        let (version, updated_at) = (recorded.version, recorded.envelope.recorded_at);
        match (old, event) {
            (None, TagEvent::Created(data)) => Ok(Self {
                tenant: recorded.envelope.stream.tenant.clone(),
                id: id_of(recorded)?,
                version,
                name: storable(&data.name),
                is_deleted: false,
                created_at: updated_at,
                updated_at,
            }),
            (Some(old), TagEvent::Renamed(data)) => Ok(Self { name: storable(&data.name), version, updated_at, ..old }),
            (Some(old), TagEvent::Deleted(_)) => Ok(Self { is_deleted: true, version, updated_at, ..old }),
            (Some(_), TagEvent::Created(_)) => Err(ApplyError::event(recorded, "the tag is there already")),
            (None, TagEvent::Renamed(_) | TagEvent::Deleted(_)) => Err(ApplyError::event(recorded, "there is no such tag")),
        }
    }
}
