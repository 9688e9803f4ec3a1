//! The messages of a conversation, and answers that wait to be delivered.

use events::{ConversationId, CustomerId, MessageId, PageId, Position, TenantId};
use projections::db::Sql;
use projections::desk::NAME;
use projections::{DbError, ReadModels};
use sea_query::Value;

use super::moment;
use super::row::MessageRow;
use super::stored::{MESSAGE, StoredMessage};
use crate::customers::as_of::AsOf;
use crate::{QueryError, Scope};

/// A part of a conversation's messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessagePart {
    /// How many messages the conversation has in all.
    pub count: u64,
    /// The messages of this part, newest first.
    pub rows: Vec<MessageRow>,
    /// What to give as `before` for the next part; `None` at the end.
    pub next: Option<u64>,
}

/// At most `limit` messages of a conversation, newest first: those before the one with a number, where one is given. However deep,
/// it costs what the first part costs. A conversation that is not there has none.
///
/// # Errors
/// When the database does not answer.
pub async fn messages(
    models: &ReadModels,
    scope: &Scope,
    as_of: Option<AsOf>,
    id: &ConversationId,
    before: Option<u64>,
    limit: u64,
) -> Result<MessagePart, QueryError> {
    let (db, moment) = (&models.of(NAME)?, moment(as_of));
    let find = "SELECT r.no, r.messages FROM desk_versions r WHERE r.no = (SELECT c.no FROM desk_conversations c \
                WHERE c.tenant_id = $1 AND c.id = $2) AND r.valid_from <= $3 ORDER BY r.valid_from DESC LIMIT 1";
    let key = [scope.id().as_str().into(), id.as_str().into(), moment.0.into()];
    let found: Option<(i64, i64)> = db.fetch_optional(Sql::fixed(find, key)).await?;
    let Some((no, count)) = found else { return Ok(MessagePart { count: 0, rows: Vec::new(), next: None }) };
    let count = count.unsigned_abs();
    let last = before.map_or(count, |before| before.saturating_sub(1).min(count));
    let text = format!("SELECT {MESSAGE} FROM desk_messages m WHERE m.no = $1 AND m.seq <= $2 ORDER BY m.seq DESC LIMIT $3");
    let number = |of: u64| Value::from(i64::try_from(of).unwrap_or(i64::MAX));
    let stored: Vec<StoredMessage> = db.fetch_all(Sql::composed(text, [no.into(), number(last), number(limit)])).await?;
    let rows: Result<Vec<Option<MessageRow>>, DbError> = stored.into_iter().map(|row| row.at(moment)).collect();
    let rows: Vec<MessageRow> = rows?.into_iter().flatten().collect();
    let next = rows.last().map(|row| row.number).filter(|number| *number > 1);
    Ok(MessagePart { count, rows, next })
}

/// An answer that waits to be delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingMessage {
    /// Whose it is.
    pub tenant: TenantId,
    /// The conversation.
    pub conversation: ConversationId,
    /// Who it is for.
    pub customer: CustomerId,
    /// The page that it goes through.
    pub page: PageId,
    /// The message.
    pub message: MessageId,
    /// What it says.
    pub text: String,
    /// The position of its commit.
    pub position: Position,
    /// Where it stands among all that wait: what to give as `after` for those behind it.
    pub place: i64,
}

/// A pending message as it is read.
type Stored = (String, String, String, String, String, String, i64);

/// Answers of every tenant that wait to be delivered, oldest first: at most `limit` behind a place. For the outbox only, which
/// goes on with them after a restart.
///
/// # Errors
/// When the database does not answer.
pub async fn pending(models: &ReadModels, after: Option<i64>, limit: u64) -> Result<Vec<PendingMessage>, QueryError> {
    let text = "SELECT c.tenant_id, c.id, c.customer_id, c.page_id, m.id, m.text, m.moment FROM desk_messages m \
                CROSS JOIN desk_conversations c WHERE m.state = 1 AND m.moment > $1 AND c.no = m.no ORDER BY m.moment, m.no, m.seq LIMIT $2";
    let values = [after.unwrap_or(-1).into(), i64::try_from(limit).unwrap_or(i64::MAX).into()];
    let stored: Vec<Stored> = models.of(NAME)?.fetch_all(Sql::fixed(text, values)).await?;
    Ok(stored.into_iter().map(waiting).collect::<Result<_, _>>()?)
}

fn waiting((tenant, conversation, customer, page, message, text, place): Stored) -> Result<PendingMessage, DbError> {
    let wrong = |column| move |_| DbError::Value { table: "desk_messages", column };
    Ok(PendingMessage {
        tenant: tenant.try_into().map_err(wrong("tenant_id"))?,
        conversation: conversation.try_into().map_err(wrong("id"))?,
        customer: customer.try_into().map_err(wrong("customer_id"))?,
        page: page.try_into().map_err(wrong("page_id"))?,
        message: message.try_into().map_err(wrong("id"))?,
        text,
        position: Position((place & ((1 << 48) - 1)).unsigned_abs()),
        place,
    })
}
