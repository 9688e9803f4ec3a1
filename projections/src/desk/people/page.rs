//! Pages as they are now.

use chrono::{DateTime, Utc};
use events::{Event, PageEvent, PageId, Recorded, Source, StreamKind, StreamVersion, TenantId};
use sea_query::Value;

use super::{id_of, stranger};
use crate::db::{DbError, Target};
use crate::desk::entity::Entity;
use crate::desk::table::PAGES;
use crate::projection::ApplyError;
use crate::value::{micros, named, number, parsed, storable, text, time, version};

/// A page: a tenant's account in a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRow {
    /// Whose it is.
    pub tenant: TenantId,
    /// The page.
    pub id: PageId,
    /// The version of the stream's last event that is folded in.
    pub version: StreamVersion,
    /// The channel.
    pub source: Source,
    /// The account in the channel.
    pub external_id: String,
    /// The name to show.
    pub name: String,
    /// Whether messages to the account are taken in.
    pub connected: bool,
    /// When it was first connected.
    pub created_at: DateTime<Utc>,
    /// When anything about it changed last.
    pub updated_at: DateTime<Utc>,
}

/// A row as it is read.
type StoredPage = (String, String, i64, String, String, String, i64, i64, i64);

impl Entity for PageRow {
    const KIND: StreamKind = StreamKind::Page;
    const TARGET: Target = PAGES;
    type Stored = StoredPage;

    fn read((tenant, id, number, source, external_id, name, connected, created, updated): StoredPage) -> Result<Self, DbError> {
        let table = PAGES.table;
        Ok(Self {
            tenant: parsed(tenant, table, "tenant_id")?,
            id: parsed(id, table, "id")?,
            version: version(number),
            source: named(&source, table, "source")?,
            external_id,
            name,
            connected: connected != 0,
            created_at: time(created, table, "created_at")?,
            updated_at: time(updated, table, "updated_at")?,
        })
    }

    fn values(&self) -> Vec<Value> {
        vec![
            text(self.tenant.as_str()),
            text(self.id.as_str()),
            number(self.version).into(),
            text(self.source.name()),
            text(&self.external_id),
            text(&self.name),
            i64::from(self.connected).into(),
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
        let Event::Page(event) = &recorded.event else { return Err(stranger(recorded)) };
        let (version, now) = (recorded.version, recorded.envelope.recorded_at);
        match (old, event) {
            (old, PageEvent::Connected(data)) => Ok(Self {
                tenant: recorded.envelope.stream.tenant.clone(),
                id: id_of(recorded)?,
                version,
                source: data.source,
                external_id: storable(&data.external_id),
                name: storable(&data.name),
                connected: true,
                created_at: old.map_or(now, |old| old.created_at),
                updated_at: now,
            }),
            (Some(old), PageEvent::Renamed(data)) => Ok(Self { name: storable(&data.name), version, updated_at: now, ..old }),
            (Some(old), PageEvent::Disconnected(_)) => Ok(Self { connected: false, version, updated_at: now, ..old }),
            (None, PageEvent::Renamed(_) | PageEvent::Disconnected(_)) => {
                Err(ApplyError::event(recorded, "there is no such page"))
            }
        }
    }
}
