//! The tables: what stands in which column.

use events::TenantId;
use sea_query::Value;

use super::card_store::CARDS;
use super::chapters::Chapter;
use super::finds::Find;
use super::fold::{Forgotten, Version};
use super::marks::Mark;
use super::moment::Moment;
use super::orders::{Kind, Leave, Order, Place, Stay};
use super::peaks::Peak;
use super::tag_names::TAG_NAMES;
use super::totals::{End, Totals};
use super::traces::Change;
use crate::customer::{last_order, tier_number};
use crate::customer_list::facets::Facet;
use crate::db::Target;
use crate::projection::Table;
use crate::value::{micros, number, text};

pub const VERSIONS: Target = Target {
    table: "customer_versions",
    columns: &[
        "no",
        "at",
        "profile_at",
        "state",
        "version",
        "is_active",
        "loyalty_points",
        "total_orders",
        "total_spent",
        "updated_at",
        "last_order_at",
    ],
    key: &["no", "at"],
};

pub const PROFILES: Target = Target {
    table: "customer_profiles",
    columns: &[
        "at",
        "no",
        "tenant_id",
        "id",
        "created_at",
        "name_key",
        "search_text",
        "name",
        "email",
        "phone",
        "address",
        "city",
        "province",
        "postal_code",
        "notes",
    ],
    key: &["at"],
};

pub const STAYS: Target = Target {
    table: "customer_stays",
    columns: &["list", "chapter", "text", "number", "no", "valid_from", "valid_to", "is_active", "tier", "city", "province"],
    key: &["list", "chapter", "text", "number", "no", "valid_from"],
};

pub const CHAPTERS: Target = Target {
    table: "customer_chapters",
    columns: &["tenant_id", "list", "begins", "stays", "open"],
    key: &["tenant_id", "list", "begins"],
};

pub const FINDS: Target = Target { table: "customer_finds", columns: &["text_at", "at", "kind"], key: &["text_at", "at"] };

pub const PEAKS: Target =
    Target { table: "customer_peaks", columns: &["tenant_id", "list", "at", "number"], key: &["tenant_id", "list", "at"] };

pub const RUNNING: Target = Target {
    table: "customer_totals",
    columns: &[
        "tenant_id",
        "at",
        "inactive_bronze",
        "inactive_silver",
        "inactive_gold",
        "inactive_platinum",
        "active_bronze",
        "active_silver",
        "active_gold",
        "active_platinum",
        "points",
    ],
    key: &["tenant_id", "at"],
};

pub const BLOCKS: Target = Target {
    table: "customer_block_totals",
    columns: &[
        "tenant_id",
        "block",
        "changes",
        "inactive_bronze",
        "inactive_silver",
        "inactive_gold",
        "inactive_platinum",
        "active_bronze",
        "active_silver",
        "active_gold",
        "active_platinum",
        "points",
    ],
    key: &["tenant_id", "block"],
};

pub const CHANGES: Target = Target {
    table: "customer_changes",
    columns: &["tenant_id", "at", "n", "is_active", "tier", "city", "province"],
    key: &["tenant_id", "at", "n"],
};

pub const MARKS: Target = Target {
    table: "customer_marks",
    columns: &["tenant_id", "level", "city", "province", "is_active", "tier", "block", "changes", "n"],
    key: &["tenant_id", "level", "city", "province", "is_active", "tier", "block"],
};

pub const FORGOTTEN: Target =
    Target { table: "customer_forgotten", columns: &["tenant_id", "id", "at"], key: &["tenant_id", "id"] };

/// Every table, for comparison.
pub const TABLES: &[Table] = &[
    table(VERSIONS),
    table(PROFILES),
    WHOLE_STAYS,
    table(FINDS),
    table(PEAKS),
    table(RUNNING),
    table(BLOCKS),
    table(CHANGES),
    table(MARKS),
    table(FORGOTTEN),
    table(CARDS),
    table(TAG_NAMES),
];

/// The stays, each of them once, whichever chapters it is in: where chapters begin depends on how the log was cut into batches.
pub const WHOLE_STAYS: Table = Table {
    name: STAYS.table,
    columns: &[
        "tenant_id",
        "list",
        "text",
        "number",
        "no",
        "valid_from",
        "valid_to",
        "is_active",
        "tier",
        "city",
        "province",
        "wrong_chapters",
    ],
    key: &["tenant_id", "list", "text", "number", "no", "valid_from"],
};

const fn table(target: Target) -> Table {
    Table { name: target.table, columns: target.columns, key: target.key }
}

/// The values of [`VERSIONS`].
pub fn version(version: &Version) -> Vec<Value> {
    let row = &version.row;
    vec![
        row.no.into(),
        version.at.0.into(),
        version.profile_at.0.into(),
        (row.state as i64).into(),
        number(row.version).into(),
        i64::from(row.is_active).into(),
        row.loyalty_points.into(),
        row.total_orders.into(),
        row.total_spent.minor().into(),
        micros(row.updated_at).into(),
        last_order(row).into(),
    ]
}

/// The values of [`PROFILES`].
pub fn profile(version: &Version) -> Vec<Value> {
    let (row, profile) = (&version.row, &version.row.profile);
    vec![
        version.at.0.into(),
        row.no.into(),
        text(row.tenant.as_str()),
        text(row.id.as_str()),
        micros(row.created_at).into(),
        text(row.name_key()),
        text(row.search_text()),
        text(&profile.name),
        text(&profile.email),
        text(&profile.phone),
        text(&profile.address),
        text(&profile.city),
        text(&profile.province),
        text(&profile.postal_code),
        text(&profile.notes),
    ]
}

/// The values of [`STAYS`].
pub fn stay(stay: &Stay, chapter: Moment) -> Vec<Value> {
    let head = place(chapter, &stay.place, stay.no);
    let [is_active, told @ ..] = kind(&stay.kind);
    let to = (!stay.is_open()).then_some(stay.to.0);
    let is_active = if stay.place.order.tells_activity() { is_active } else { Value::BigInt(None) };
    head.into_iter().chain([stay.from.0.into(), to.into(), is_active]).chain(told).collect()
}

/// What filters ask, as the columns of [`STAYS`] and of [`CHANGES`] have it.
fn kind(Kind { is_active, tier, city, province }: &Kind) -> [Value; 4] {
    [i64::from(*is_active).into(), tier_number(*tier).into(), text(city), text(province)]
}

/// A stay without regard to when: the first five columns of [`STAYS`].
pub fn place(chapter: Moment, place: &Place, no: i64) -> [Value; 5] {
    [place.order.number().into(), chapter.0.into(), text(&place.text), place.number.into(), no.into()]
}

/// The values of [`CHAPTERS`].
pub fn chapter(tenant: &TenantId, order: Order, chapter: Chapter) -> Vec<Value> {
    vec![text(tenant.as_str()), order.number().into(), chapter.begins.0.into(), chapter.stays.into(), chapter.open.into()]
}

/// Where a stay that ends was, and when it ends.
pub fn leave(leave: &Leave, chapter: Moment) -> Vec<Value> {
    place(chapter, &leave.place, leave.no).into_iter().chain([leave.at.0.into()]).collect()
}

/// The values of [`FINDS`].
pub fn find(find: &Find) -> Vec<Value> {
    vec![find.text_at.0.into(), find.at.0.into(), find.kind.into()]
}

/// The values of [`PEAKS`].
pub fn peak(peak: &Peak) -> Vec<Value> {
    vec![text(peak.tenant.as_str()), peak.order.number().into(), peak.at.0.into(), peak.number.into()]
}

/// The values of [`RUNNING`].
pub fn running(tenant: &TenantId, at: Moment, totals: Totals) -> Vec<Value> {
    [text(tenant.as_str()), at.0.into()].into_iter().chain(totals.0.map(Value::from)).collect()
}

/// The values of [`BLOCKS`].
pub fn block(tenant: &TenantId, end: &End) -> Vec<Value> {
    let head = [text(tenant.as_str()), end.block.into(), end.changes.into()];
    head.into_iter().chain(end.in_all.0.map(Value::from)).collect()
}

/// The values of [`CHANGES`].
pub fn change(change: &Change) -> Vec<Value> {
    let head = [text(change.tenant.as_str()), change.at.0.into(), change.customers.into()];
    head.into_iter().chain(kind(&change.kind)).collect()
}

/// The values of [`MARKS`].
pub fn mark(of: &Facet, block: i64, mark: Mark) -> Vec<Value> {
    let counts = [block.into(), mark.changes.into(), mark.customers.into()];
    facet(of).into_iter().chain(counts).collect()
}

/// A facet: the first six columns of [`MARKS`].
pub fn facet(facet: &Facet) -> [Value; 6] {
    [
        text(facet.tenant.as_str()),
        facet.level.number().into(),
        text(facet.city.as_str()),
        text(facet.province.as_str()),
        i64::from(facet.is_active).into(),
        tier_number(facet.tier).into(),
    ]
}

/// The values of [`FORGOTTEN`].
pub fn forgotten(gone: &Forgotten) -> Vec<Value> {
    let (tenant, id) = &gone.key;
    vec![text(tenant.as_str()), text(id.as_str()), gone.at.0.into()]
}
