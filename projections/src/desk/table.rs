//! The tables: what stands in which column.

use sea_query::Value;

use super::conversation::{Identity, Version};
use super::message::Message;
use super::name::{Key as NameKey, Name};
use super::spell::{OPEN_TIME, Spell};
use crate::customer_history::Moment;
use crate::db::Target;
use crate::projection::Table;
use crate::value::{micros, number, text};

/// What never changes about conversations.
pub const CONVERSATIONS: Target = Target {
    table: "desk_conversations",
    columns: &["no", "tenant_id", "id", "customer_id", "page_id", "source", "created_at"],
    key: &["no"],
};

/// What commits left of them.
pub const VERSIONS: Target = Target {
    table: "desk_versions",
    columns: &[
        "no",
        "valid_from",
        "valid_to",
        "tenant_id",
        "page_id",
        "version",
        "title",
        "status",
        "priority",
        "stopped",
        "stopped_at",
        "agent_id",
        "agent_name",
        "agent_email",
        "assigned_at",
        "helper_id",
        "unread",
        "messages",
        "active",
        "seen_at",
        "rating",
        "rating_comment",
        "rated_at",
        "updated_at",
    ],
    key: &["no", "valid_from"],
};

/// How many there are of every kind.
pub const FACETS: Target = Target {
    table: "desk_facets",
    columns: &["tenant_id", "page_id", "stopped", "agent_id", "status", "priority", "n"],
    key: &["tenant_id", "page_id", "stopped", "agent_id", "status", "priority"],
};

/// Messages.
pub const MESSAGES: Target = Target {
    table: "desk_messages",
    columns: &[
        "no",
        "seq",
        "id",
        "author",
        "speaker_id",
        "speaker_name",
        "text",
        "moment",
        "at",
        "sent_at",
        "state",
        "settled",
        "settled_at",
        "reason",
    ],
    key: &["no", "seq"],
};

/// Stretches that figures are made of.
pub const SPELLS: Target = Target {
    table: "desk_spells",
    columns: &[
        "no",
        "kind",
        "started",
        "ended",
        "answered",
        "tenant_id",
        "page_id",
        "agent_id",
        "closer_id",
        "cause",
        "outcome",
        "score",
        "started_at",
        "ended_at",
        "answered_at",
    ],
    key: &["no", "kind", "started"],
};

/// What customers, pages and users were called.
pub const NAMES: Target = Target {
    table: "desk_names",
    columns: &[
        "at",
        "valid_to",
        "tenant_id",
        "kind",
        "id",
        "name",
        "name_key",
        "first_name",
        "last_name",
        "source_id",
        "is_gone",
        "is_listed",
    ],
    key: &["at"],
};

/// Pages.
pub const PAGES: Target = Target {
    table: "desk_pages",
    columns: &["tenant_id", "id", "version", "source", "external_id", "name", "connected", "created_at", "updated_at"],
    key: &["tenant_id", "id"],
};

/// Tags.
pub const TAGS: Target = Target {
    table: "desk_tags",
    columns: &["tenant_id", "id", "version", "name", "name_key", "is_deleted", "created_at", "updated_at"],
    key: &["tenant_id", "id"],
};

/// Users.
pub const AGENTS: Target = Target {
    table: "desk_agents",
    columns: &["tenant_id", "id", "version", "name", "email", "role", "is_active", "said_available"],
    key: &["tenant_id", "id"],
};

/// Conversations that were forgotten.
pub const FORGOTTEN: Target = Target { table: "desk_forgotten", columns: &["tenant_id", "id", "at"], key: &["tenant_id", "id"] };

/// Every table, for comparison.
pub const TABLES: &[Table] = &[
    table(CONVERSATIONS),
    table(VERSIONS),
    table(FACETS),
    table(MESSAGES),
    table(SPELLS),
    table(NAMES),
    table(PAGES),
    table(TAGS),
    table(AGENTS),
    table(FORGOTTEN),
];

const fn table(target: Target) -> Table {
    Table { name: target.table, columns: target.columns, key: target.key }
}

/// The values of [`CONVERSATIONS`].
pub fn conversation(row: &Identity) -> Vec<Value> {
    vec![
        row.no.into(),
        text(row.tenant.as_str()),
        text(row.id.as_str()),
        text(row.customer.as_str()),
        text(row.page.as_str()),
        text(row.source.name()),
        micros(row.created_at).into(),
    ]
}

/// The values of [`VERSIONS`].
pub fn version((identity, row): &(Identity, Version)) -> Vec<Value> {
    let (held, rating) = (row.held.as_ref(), row.rating.as_ref());
    vec![
        identity.no.into(),
        row.from.0.into(),
        row.to.0.into(),
        text(identity.tenant.as_str()),
        text(identity.page.as_str()),
        number(row.version).into(),
        text(&row.title),
        text(row.status.name()),
        (row.priority as i64).into(),
        row.stopped.map_or(0, |stopped| stopped.moment.0).into(),
        row.stopped.map_or(0, |stopped| micros(stopped.at)).into(),
        text(row.agent_id()),
        text(held.map_or("", |held| &held.agent.name)),
        text(held.map_or("", |held| &held.agent.email)),
        held.map_or(0, |held| micros(held.at)).into(),
        text(row.helper.as_ref().map_or("", |helper| helper.as_str())),
        number(row.unread).into(),
        number(row.messages).into(),
        row.active.0.into(),
        micros(row.seen_at).into(),
        rating.map_or(0, |rating| i64::from(rating.score)).into(),
        text(rating.map_or("", |rating| &rating.comment)),
        rating.map_or(0, |rating| micros(rating.at)).into(),
        micros(row.updated_at).into(),
    ]
}

/// The values of [`MESSAGES`].
pub fn message((no, row): &(i64, Message)) -> Vec<Value> {
    let settled = row.settled.as_ref();
    vec![
        (*no).into(),
        number(row.seq).into(),
        text(row.id.as_str()),
        (row.author as i64).into(),
        text(&row.speaker_id),
        text(&row.speaker_name),
        text(&row.text),
        row.moment.0.into(),
        micros(row.at).into(),
        micros(row.sent_at).into(),
        (row.state() as i64).into(),
        settled.map_or(Moment::OPEN, |settled| settled.moment).0.into(),
        settled.map_or(0, |settled| micros(settled.at)).into(),
        text(settled.map_or("", |settled| &settled.reason)),
    ]
}

/// The values of [`SPELLS`].
pub fn spell((identity, row): &(Identity, Spell)) -> Vec<Value> {
    let moment = |point: Option<super::spell::Point>| point.map_or(Moment::OPEN, |point| point.moment).0;
    let at = |point: Option<super::spell::Point>| point.map_or(OPEN_TIME, |point| micros(point.at));
    vec![
        identity.no.into(),
        row.kind.number().into(),
        row.started.moment.0.into(),
        moment(row.ended).into(),
        moment(row.answered).into(),
        text(identity.tenant.as_str()),
        text(identity.page.as_str()),
        text(&row.agent),
        text(&row.closer),
        text(&row.cause),
        text(&row.outcome),
        i64::from(row.score).into(),
        micros(row.started.at).into(),
        at(row.ended).into(),
        at(row.answered).into(),
    ]
}

/// The values of [`NAMES`].
pub fn name(((tenant, kind, id), name, to): &(NameKey, Name, Moment)) -> Vec<Value> {
    let called = &name.called;
    vec![
        name.at.0.into(),
        to.0.into(),
        text(tenant),
        kind.number().into(),
        text(id),
        text(&called.name),
        text(called.name_key()),
        text(&called.first_name),
        text(&called.last_name),
        text(&called.source_id),
        i64::from(called.is_gone).into(),
        i64::from(called.is_listed).into(),
    ]
}

const _: () = assert!(Moment::OPEN.0 == i64::MAX && OPEN_TIME == i64::MAX, "statements and indexes count on it");
