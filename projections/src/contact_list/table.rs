//! The tables of the live list.

use events::{ConversationId, CustomerId, TagId, TenantId};
use sea_query::Value;

use super::change::{self, ToKeep};
use super::kind::kind;
use super::row::ContactRow;
use crate::db::{DbError, Target};
use crate::value::{micros, text};

/// The rows: what is asked for as columns, what is shown as MessagePack.
pub const CONTACTS: Target = Target {
    table: "contacts",
    columns: &[
        "no",
        "tenant_id",
        "id",
        "is_live",
        "kind",
        "name_key",
        "created_at",
        "updated_at",
        "last_activity",
        "search_text",
        "body",
    ],
    key: &["no"],
};
/// Which live customers have a tag.
pub const TAGGED: Target =
    Target { table: "contact_tagged", columns: &["tenant_id", "tag_id", "no"], key: &["tenant_id", "tag_id", "no"] };
/// What tags are called.
pub const TAGS: Target = Target { table: "contact_tags", columns: &["tenant_id", "id", "name"], key: &["tenant_id", "id"] };
/// Whose conversations are.
pub const CONVERSATIONS: Target =
    Target { table: "contact_conversations", columns: &["tenant_id", "id", "customer_id"], key: &["tenant_id", "id"] };
/// The latest changes of every tenant.
pub const CHANGES: Target = Target {
    table: change::TABLE,
    columns: &["tenant_id", "position", "what", "about", "row_before", "row_after"],
    key: &["tenant_id", "position"],
};
/// How many changes of a tenant are kept at most, and from where on.
pub const KEPT: Target = Target { table: "contact_changes_kept", columns: &["tenant_id", "most", "after"], key: &["tenant_id"] };

/// The values of a row.
pub fn contact(tenant: &TenantId, row: &ContactRow) -> Result<Vec<Value>, DbError> {
    Ok(vec![
        row.no.into(),
        text(tenant.as_str()),
        text(row.id.as_str()),
        i64::from(row.is_live).into(),
        kind(row).into(),
        text(row.name_key()),
        micros(row.created_at).into(),
        micros(row.updated_at).into(),
        micros(row.last_activity()).into(),
        text(row.search_text()),
        change::packed(Some(row))?.into(),
    ])
}

/// The values of a tag of a customer.
pub fn tagged(tenant: &TenantId, tag: &TagId, no: i64) -> Vec<Value> {
    vec![text(tenant.as_str()), text(tag.as_str()), no.into()]
}

/// The values of the owner of a conversation.
pub fn conversation((tenant, id): &(TenantId, ConversationId), customer: &CustomerId) -> Vec<Value> {
    vec![text(tenant.as_str()), text(id.as_str()), text(customer.as_str())]
}

/// The values of a change.
pub fn change(kept: &ToKeep) -> Result<Vec<Value>, DbError> {
    let stored = change::StoredChange::of(&kept.change)?;
    Ok(vec![
        text(kept.tenant.as_str()),
        stored.position.into(),
        stored.what.into(),
        text(stored.about),
        stored.row_before.into(),
        stored.row_after.into(),
    ])
}
