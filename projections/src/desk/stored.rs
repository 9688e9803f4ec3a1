//! How conversations and stretches are read from their tables.

use events::UserId;
use events::conversation::{Agent, Priority};

use super::conversation::{Held, Identity, Rating, Stopped, Version};
use super::spell::{Kind, Point, Spell};
use super::table::{CONVERSATIONS, SPELLS, VERSIONS};
use crate::customer_history::Moment;
use crate::db::DbError;
use crate::value::{named, parsed, time, version};

/// The columns of a conversation `c` and its version `r` that make a [`StoredConversation`].
pub const SELECTED: &str = "c.no, c.tenant_id, c.id, c.customer_id, c.page_id, c.source, c.created_at, r.valid_from, r.valid_to, \
     r.version, r.title, r.status, r.priority, r.stopped, r.stopped_at, r.agent_id, r.agent_name, r.agent_email, r.assigned_at, \
     r.helper_id, r.unread, r.messages, r.active, r.seen_at, r.rating, r.rating_comment, r.rated_at, r.updated_at";

/// A conversation and a version of it as they are read.
#[derive(sqlx::FromRow)]
pub struct StoredConversation {
    no: i64,
    tenant_id: String,
    id: String,
    customer_id: String,
    page_id: String,
    source: String,
    created_at: i64,
    valid_from: i64,
    valid_to: i64,
    version: i64,
    title: String,
    status: String,
    priority: i64,
    stopped: i64,
    stopped_at: i64,
    agent_id: String,
    agent_name: String,
    agent_email: String,
    assigned_at: i64,
    helper_id: String,
    unread: i64,
    messages: i64,
    active: i64,
    seen_at: i64,
    rating: i64,
    rating_comment: String,
    rated_at: i64,
    updated_at: i64,
}

impl TryFrom<StoredConversation> for (Identity, Version) {
    type Error = DbError;

    fn try_from(stored: StoredConversation) -> Result<Self, DbError> {
        let table = CONVERSATIONS.table;
        let identity = Identity {
            no: stored.no,
            tenant: parsed(stored.tenant_id.clone(), table, "tenant_id")?,
            id: parsed(stored.id.clone(), table, "id")?,
            customer: parsed(stored.customer_id.clone(), table, "customer_id")?,
            page: parsed(stored.page_id.clone(), table, "page_id")?,
            source: named(&stored.source, table, "source")?,
            created_at: time(stored.created_at, table, "created_at")?,
        };
        Ok((identity, stored.into_version()?))
    }
}

impl StoredConversation {
    fn into_version(self) -> Result<Version, DbError> {
        let table = VERSIONS.table;
        let place = usize::try_from(self.priority).ok();
        let priority = place.and_then(|place| Priority::ALL.get(place)).copied();
        Ok(Version {
            from: Moment(self.valid_from),
            to: Moment(self.valid_to),
            version: version(self.version),
            status: named(&self.status, table, "status")?,
            priority: priority.ok_or(DbError::Value { table, column: "priority" })?,
            stopped: self.stopped()?,
            helper: Some(self.helper_id.clone()).filter(|id| !id.is_empty()).map(helper).transpose()?,
            unread: version(self.unread),
            messages: version(self.messages),
            active: Moment(self.active),
            seen_at: time(self.seen_at, table, "seen_at")?,
            rating: self.rating()?,
            updated_at: time(self.updated_at, table, "updated_at")?,
            title: self.title,
            held: held(self.agent_id, self.agent_name, self.agent_email, self.assigned_at)?,
        })
    }

    fn stopped(&self) -> Result<Option<Stopped>, DbError> {
        if self.stopped == 0 {
            return Ok(None);
        }
        let at = time(self.stopped_at, VERSIONS.table, "stopped_at")?;
        Ok(Some(Stopped { moment: Moment(self.stopped), at }))
    }

    fn rating(&self) -> Result<Option<Rating>, DbError> {
        let score = u8::try_from(self.rating).unwrap_or(u8::MAX);
        if score == 0 {
            return Ok(None);
        }
        let at = time(self.rated_at, VERSIONS.table, "rated_at")?;
        Ok(Some(Rating { score, comment: self.rating_comment.clone(), at }))
    }
}

fn helper(id: String) -> Result<UserId, DbError> {
    parsed(id, VERSIONS.table, "helper_id")
}

fn held(id: String, name: String, email: String, at: i64) -> Result<Option<Held>, DbError> {
    if id.is_empty() {
        return Ok(None);
    }
    let agent = Agent { id: parsed(id, VERSIONS.table, "agent_id")?, name, email };
    Ok(Some(Held { agent, at: time(at, VERSIONS.table, "assigned_at")? }))
}

/// A stretch that lasts, as it is read.
#[derive(sqlx::FromRow)]
pub struct StoredSpell {
    /// The conversation.
    pub no: i64,
    kind: i64,
    started: i64,
    started_at: i64,
    answered: i64,
    answered_at: i64,
    agent_id: String,
    closer_id: String,
    cause: String,
}

impl TryFrom<StoredSpell> for Spell {
    type Error = DbError;

    fn try_from(stored: StoredSpell) -> Result<Self, DbError> {
        let table = SPELLS.table;
        let kind = usize::try_from(stored.kind).ok().and_then(|place| Kind::ALL.get(place)).copied();
        let kind = kind.ok_or(DbError::Value { table, column: "kind" })?;
        let started = Point { moment: Moment(stored.started), at: time(stored.started_at, table, "started_at")? };
        let answered = if Moment(stored.answered) == Moment::OPEN {
            None
        } else {
            Some(Point { moment: Moment(stored.answered), at: time(stored.answered_at, table, "answered_at")? })
        };
        Ok(Self { answered, agent: stored.agent_id, closer: stored.closer_id, ..Self::new(kind, started, &stored.cause) })
    }
}
