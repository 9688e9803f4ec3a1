//! Reading and writing the tables of the live list.

use std::collections::{BTreeSet, HashMap};

use events::{ConversationEvent, CustomerId, Event, Recorded, TagId, TenantId};
use sea_query::Value;

use super::change;
use super::facets::Deltas;
use super::row::ContactRow;
use super::rows::{ConversationKey, Outcome, Rows, Touched};
use super::table::{self, CONTACTS, CONVERSATIONS, TAGGED, TAGS};
use super::window;
use crate::customer::{Key, search};
use crate::db::{DbError, Existing, TextIndex, Tx};
use crate::value::{parsed, text};

/// The rows that these events are about.
pub async fn load(tx: &mut Tx, events: &[&Recorded]) -> Result<Rows, DbError> {
    let (mut customers, mut conversations) = (BTreeSet::new(), BTreeSet::new());
    for recorded in events {
        let stream = &recorded.envelope.stream;
        if let Event::Customer(_) = &recorded.event {
            customers.insert((stream.tenant.as_str(), stream.id()));
        }
        if let Event::Conversation(event) = &recorded.event {
            let ConversationEvent::Started(data) = event else {
                conversations.insert((stream.tenant.as_str(), stream.id()));
                continue;
            };
            customers.insert((stream.tenant.as_str(), data.customer.as_str()));
        }
    }
    let owners = owners(tx, &conversations).await?;
    customers.extend(owners.iter().map(|((tenant, _), customer)| (tenant.as_str(), customer.as_str())));
    let rows = rows(tx, &customers).await?;
    Ok(Rows::new(rows, owners))
}

/// Writes what a batch changed.
pub async fn save(tx: &mut Tx, rows: Rows) -> Result<(), DbError> {
    let (changed, outcome) = rows.into_parts();
    let mut plan = Plan::default();
    for (tenant, touched) in &changed {
        plan.add(tenant, touched);
    }
    plan.write(tx).await?;
    let Outcome { started, ended, tags, scrubbed, changes } = outcome;
    let started = started.iter().map(|(key, customer)| table::conversation(key, customer)).collect();
    tx.insert(CONVERSATIONS, Existing::Replace, started).await?;
    let ended = ended.iter().map(|(tenant, id)| vec![text(tenant.as_str()), text(id.as_str())]).collect();
    tx.delete(CONVERSATIONS.table, CONVERSATIONS.key, "0 = 0", ended).await?;
    let key = |(tenant, id): &(TenantId, TagId)| vec![text(tenant.as_str()), text(id.as_str())];
    let named = tags.iter().filter_map(|(tag, name)| Some([key(tag), vec![text(name.as_deref()?)]].concat())).collect();
    tx.insert(TAGS, Existing::Replace, named).await?;
    let gone = tags.iter().filter(|(_, name)| name.is_none()).map(|(tag, _)| key(tag)).collect();
    tx.delete(TAGS.table, TAGS.key, "0 = 0", gone).await?;
    window::scrub(tx, &scrubbed).await?;
    window::keep(tx, &changes).await
}

async fn owners(tx: &mut Tx, keys: &BTreeSet<(&str, &str)>) -> Result<HashMap<ConversationKey, CustomerId>, DbError> {
    let select = "SELECT c.tenant_id, c.id, c.customer_id FROM {keys} CROSS JOIN contact_conversations c \
                  WHERE c.tenant_id = v.column1 AND c.id = v.column2";
    let stored: Vec<(String, String, String)> = tx.lookup(select, pairs(keys)).await?;
    let owner = |(tenant, id, customer)| {
        let key = (parsed(tenant, CONVERSATIONS.table, "tenant_id")?, parsed(id, CONVERSATIONS.table, "id")?);
        Ok((key, parsed(customer, CONVERSATIONS.table, "customer_id")?))
    };
    stored.into_iter().map(owner).collect()
}

async fn rows(tx: &mut Tx, keys: &BTreeSet<(&str, &str)>) -> Result<Vec<(TenantId, ContactRow)>, DbError> {
    let select =
        "SELECT c.tenant_id, c.body FROM {keys} CROSS JOIN contacts c WHERE c.tenant_id = v.column1 AND c.id = v.column2";
    let stored: Vec<(String, Vec<u8>)> = tx.lookup(select, pairs(keys)).await?;
    let row = |(tenant, body): (String, Vec<u8>)| Ok((parsed(tenant, CONTACTS.table, "tenant_id")?, unpacked(&body)?));
    stored.into_iter().map(row).collect()
}

/// The row that stands in the column `body`.
///
/// # Errors
/// When there is none.
pub fn unpacked(body: &[u8]) -> Result<ContactRow, DbError> {
    change::unpacked(body)?.ok_or(DbError::Value { table: CONTACTS.table, column: "body" })
}

fn pairs(keys: &BTreeSet<(&str, &str)>) -> Vec<Vec<Value>> {
    keys.iter().map(|(tenant, id)| vec![text(*tenant), text(*id)]).collect()
}

/// What a batch does to rows, sorted by statement.
#[derive(Default)]
struct Plan<'a> {
    remove: Vec<i64>,
    write: Vec<(&'a TenantId, &'a ContactRow)>,
    untag: Vec<Vec<Value>>,
    tag: Vec<Vec<Value>>,
    unsearch: Vec<(i64, String)>,
    search: Vec<(i64, String)>,
    facets: Deltas,
}

impl<'a> Plan<'a> {
    fn add(&mut self, tenant: &'a TenantId, touched: &'a Touched) {
        let (before, now) = (touched.before.as_ref(), touched.now.as_ref());
        match (before, now) {
            (Some(before), None) => self.remove.push(before.no),
            (_, Some(now)) => self.write.push((tenant, now)),
            (None, None) => {}
        }
        self.facets.change(tenant, before, now);
        let (before, now) = (before.filter(|row| row.is_live), now.filter(|row| row.is_live));
        self.add_tags(tenant, before, now);
        self.add_search(tenant, before, now);
    }

    fn add_tags(&mut self, tenant: &TenantId, before: Option<&ContactRow>, now: Option<&ContactRow>) {
        self.untag.extend(tags_beyond(tenant, before, now));
        self.tag.extend(tags_beyond(tenant, now, before));
    }

    fn add_search(&mut self, tenant: &TenantId, before: Option<&ContactRow>, now: Option<&ContactRow>) {
        let entry = |row: &ContactRow| (row.no, row.search_text());
        let (old, new) = (before.map(entry), now.map(entry));
        if old == new {
            return;
        }
        let grams = |(no, text): (i64, String)| (no, search::grams(tenant, &text).join(" "));
        self.unsearch.extend(old.map(grams));
        self.search.extend(new.map(grams));
    }

    async fn write(self, tx: &mut Tx) -> Result<(), DbError> {
        tx.delete(CONTACTS.table, CONTACTS.key, "0 = 0", self.remove.into_iter().map(|no| vec![no.into()]).collect()).await?;
        let rows = self.write.into_iter().map(|(tenant, row)| table::contact(tenant, row)).collect::<Result<_, _>>()?;
        tx.insert(CONTACTS, Existing::Replace, rows).await?;
        tx.delete(TAGGED.table, TAGGED.key, "0 = 0", self.untag).await?;
        tx.insert(TAGGED, Existing::Replace, self.tag).await?;
        tx.remove_grams(TextIndex::Search, self.unsearch).await?;
        tx.add_grams(TextIndex::Search, self.search).await?;
        self.facets.save(tx).await
    }
}

/// The tags of a row that another has not.
fn tags_beyond(tenant: &TenantId, row: Option<&ContactRow>, other: Option<&ContactRow>) -> Vec<Vec<Value>> {
    let Some(row) = row else { return Vec::new() };
    let has = |tag| other.is_some_and(|other| other.tags.contains(tag));
    row.tags.iter().filter(|tag| !has(*tag)).map(|tag| table::tagged(tenant, tag, row.no)).collect()
}

/// The keys of customers.
pub(super) fn customer_keys(keys: &[Key]) -> Vec<Vec<Value>> {
    keys.iter().map(|(tenant, id)| vec![text(tenant.as_str()), text(id.as_str())]).collect()
}
