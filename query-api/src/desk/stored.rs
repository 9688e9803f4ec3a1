//! How conversations and messages are read: the columns, and what they mean at a moment.

use chrono::{DateTime, Utc};
use events::{Contact, MessageId, Position};
use projections::DbError;
use projections::customer_history::Moment;
use projections::desk::{Author, Identity, MessageState, SELECTED, StoredConversation, Version};

use super::find::name_of;
use super::row::{Assignment, ConversationRow, Delivery, MessageRow, Rating, Speaker};

/// The columns of a message `m` that make a [`StoredMessage`], also where there is none.
pub const MESSAGE: &str = "COALESCE(m.seq, 0) AS m_seq, COALESCE(m.id, '') AS m_id, COALESCE(m.author, 0) AS m_author, \
     COALESCE(m.speaker_id, '') AS m_speaker_id, COALESCE(m.speaker_name, '') AS m_speaker_name, COALESCE(m.text, '') AS m_text, \
     COALESCE(m.moment, 0) AS m_moment, COALESCE(m.at, 0) AS m_at, COALESCE(m.sent_at, 0) AS m_sent_at, \
     COALESCE(m.state, 0) AS m_state, COALESCE(m.settled, 0) AS m_settled, COALESCE(m.settled_at, 0) AS m_settled_at, \
     COALESCE(m.reason, '') AS m_reason";

/// A message as it is read.
#[derive(sqlx::FromRow)]
pub struct StoredMessage {
    m_seq: i64,
    m_id: String,
    m_author: i64,
    m_speaker_id: String,
    m_speaker_name: String,
    m_text: String,
    m_moment: i64,
    m_at: i64,
    m_sent_at: i64,
    m_state: i64,
    m_settled: i64,
    m_settled_at: i64,
    m_reason: String,
}

/// The bits of a moment that are the position.
const POSITION: i64 = (1 << 48) - 1;
const TABLE: &str = "desk_messages";

impl StoredMessage {
    /// The message as it was at a moment; `None` where there is none.
    pub fn at(self, moment: Moment) -> Result<Option<MessageRow>, DbError> {
        if self.m_seq == 0 {
            return Ok(None);
        }
        let wrong = |column| DbError::Value { table: TABLE, column };
        let place = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
        let author = *Author::ALL.get(place(self.m_author)).ok_or(wrong("author"))?;
        let delivery = self.delivery(moment, author, *MessageState::ALL.get(place(self.m_state)).ok_or(wrong("state"))?)?;
        Ok(Some(MessageRow {
            id: MessageId::try_from(self.m_id).map_err(|_| wrong("id"))?,
            number: self.m_seq.unsigned_abs(),
            text: self.m_text,
            author,
            agent: (author == Author::Agent).then_some(Speaker { id: self.m_speaker_id, name: self.m_speaker_name }),
            at: time(self.m_at, "at")?,
            sent_at: time(self.m_sent_at, "sent_at")?,
            position: Position((self.m_moment & POSITION).unsigned_abs()),
            delivery,
        }))
    }

    fn delivery(&self, moment: Moment, author: Author, state: MessageState) -> Result<Delivery, DbError> {
        if author == Author::Customer {
            return Ok(Delivery::Received);
        }
        if self.m_settled > moment.0 {
            return Ok(Delivery::Pending);
        }
        let at = time(self.m_settled_at, "settled_at")?;
        Ok(match state {
            MessageState::Received => Delivery::Received,
            MessageState::Pending => Delivery::Pending,
            MessageState::Delivered => Delivery::Delivered { at },
            MessageState::Failed => Delivery::Failed { at, reason: self.m_reason.clone() },
        })
    }
}

fn time(micros: i64, column: &'static str) -> Result<DateTime<Utc>, DbError> {
    DateTime::from_timestamp_micros(micros).ok_or(DbError::Value { table: TABLE, column })
}

/// What is joined behind a conversation `c` and its version `r`: the names of customer `n` and page `g` at a moment, and the last
/// message `m`.
pub fn joins(moment: usize) -> String {
    format!(
        " LEFT JOIN desk_names n ON n.at = {} LEFT JOIN desk_names g ON g.at = {} \
         LEFT JOIN desk_messages m ON m.no = r.no AND m.seq = r.messages",
        name_of("c.tenant_id", 0, "c.customer_id", moment),
        name_of("c.tenant_id", 1, "c.page_id", moment)
    )
}

/// The columns that make a [`StoredRow`].
pub fn columns() -> String {
    format!(
        "{SELECTED}, {MESSAGE}, COALESCE(n.name, '') AS n_name, COALESCE(n.first_name, '') AS n_first_name, \
         COALESCE(n.last_name, '') AS n_last_name, COALESCE(n.source_id, '') AS n_source_id, COALESCE(g.name, '') AS g_name"
    )
}

/// A conversation with all that is shown of it, as it is read.
#[derive(sqlx::FromRow)]
pub struct StoredRow {
    #[sqlx(flatten)]
    conversation: StoredConversation,
    #[sqlx(flatten)]
    message: StoredMessage,
    n_name: String,
    n_first_name: String,
    n_last_name: String,
    n_source_id: String,
    g_name: String,
}

impl StoredRow {
    /// The conversation as it was at a moment.
    pub fn at(self, moment: Moment) -> Result<ConversationRow, DbError> {
        let (identity, version): (Identity, Version) = self.conversation.try_into()?;
        let contact = Contact { first_name: self.n_first_name, last_name: self.n_last_name, ..Contact::default() };
        let (first, last) = contact.names(&self.n_name);
        let (first_name, last_name) = (first.to_owned(), last.to_owned());
        let last_message = self.message.at(moment)?;
        Ok(ConversationRow {
            id: identity.id,
            version: version.version,
            customer: identity.customer,
            customer_name: self.n_name,
            first_name,
            last_name,
            source: identity.source,
            source_id: self.n_source_id,
            page: identity.page,
            page_name: self.g_name,
            title: version.title,
            status: version.status,
            stopped_at: version.stopped.map(|stopped| stopped.at),
            assignment: version.held.map(|held| Assignment { agent: held.agent, assigned_at: held.at }),
            priority: version.priority,
            unread: version.unread,
            message_count: version.messages,
            last_message_at: last_message.as_ref().map(|message| message.at),
            last_message,
            rating: version.rating.map(|rating| Rating { score: rating.score, comment: rating.comment, rated_at: rating.at }),
            first_seen: identity.created_at,
            last_seen: version.seen_at,
            created_at: identity.created_at,
            updated_at: version.updated_at,
        })
    }
}
