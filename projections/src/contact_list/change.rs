//! What is told of a change of the live list, and how it is kept: live queries and those who come back read it.

use std::sync::Arc;

use events::{CustomerId, Position, TagId, TenantId};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::row::ContactRow;
use crate::db::DbError;

/// The table of changes.
pub(super) const TABLE: &str = "contact_changes";

/// What one commit changed. A commit is of one stream, so there is one at most at a position.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactChange {
    /// The position of the commit.
    pub position: Position,
    /// What changed.
    pub what: Change,
}

/// What changed.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The row of a customer.
    Row {
        /// As it was; `None`: the customer was not there.
        before: Option<Arc<ContactRow>>,
        /// As it is from now on.
        after: Arc<ContactRow>,
    },
    /// Something of a customer was erased, so that nobody can tell any more which lists had the row.
    Erased {
        /// The customer.
        customer: CustomerId,
        /// What is left; `None`: the customer was forgotten.
        after: Option<Arc<ContactRow>>,
    },
    /// A tag got a name, another name, or was deleted. It means nothing else to the rows than what they show.
    Tag(TagId),
}

/// Numbers of what changed, in the table.
const ROW: i64 = 0;
const ERASED: i64 = 1;
const TAG: i64 = 2;

/// A change as it stands in the table.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct StoredChange {
    pub position: i64,
    pub what: i64,
    /// The customer or the tag.
    pub about: String,
    /// The row before, or nothing.
    pub row_before: Vec<u8>,
    /// The row after, or nothing.
    pub row_after: Vec<u8>,
}

/// A change of a tenant, to be kept.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ToKeep {
    pub tenant: TenantId,
    pub change: ContactChange,
}

impl StoredChange {
    /// How a change is kept.
    pub fn of(change: &ContactChange) -> Result<Self, DbError> {
        let position = crate::value::number(change.position.0);
        let (what, about, row_before, row_after) = match &change.what {
            Change::Row { before, after } => (ROW, after.id.to_string(), packed(before.as_deref())?, packed(Some(&**after))?),
            Change::Erased { customer, after } => (ERASED, customer.to_string(), Vec::new(), packed(after.as_deref())?),
            Change::Tag(tag) => (TAG, tag.to_string(), Vec::new(), Vec::new()),
        };
        Ok(Self { position, what, about, row_before, row_after })
    }
}

impl TryFrom<StoredChange> for ContactChange {
    type Error = DbError;

    fn try_from(stored: StoredChange) -> Result<Self, DbError> {
        let wrong = |column| DbError::Value { table: TABLE, column };
        let what = match stored.what {
            ROW => Change::Row {
                before: unpacked(&stored.row_before)?.map(Arc::new),
                after: unpacked(&stored.row_after)?.map(Arc::new).ok_or_else(|| wrong("after"))?,
            },
            ERASED => Change::Erased {
                customer: stored.about.parse().map_err(|_| wrong("about"))?,
                after: unpacked(&stored.row_after)?.map(Arc::new),
            },
            TAG => Change::Tag(stored.about.parse().map_err(|_| wrong("about"))?),
            _ => return Err(wrong("what")),
        };
        Ok(Self { position: crate::value::position(stored.position), what })
    }
}

/// A row as MessagePack; nothing for none.
pub(super) fn packed<T: Serialize>(row: Option<&T>) -> Result<Vec<u8>, DbError> {
    let wrong = |_| DbError::Value { table: TABLE, column: "row_after" };
    row.map_or_else(|| Ok(Vec::new()), |row| rmp_serde::to_vec_named(row).map_err(wrong))
}

/// The row that stands in MessagePack.
pub(super) fn unpacked<T: DeserializeOwned>(bytes: &[u8]) -> Result<Option<T>, DbError> {
    if bytes.is_empty() {
        return Ok(None);
    }
    rmp_serde::from_slice(bytes).map(Some).map_err(|_| DbError::Value { table: TABLE, column: "row_before" })
}
