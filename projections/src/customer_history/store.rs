//! Reading what a batch needs to know, and writing what it did.

use std::collections::{BTreeSet, HashMap};

use super::fold::{Histories, Step, Version};
use super::moment::Moment;
use super::traces::{Text, Traces};
use super::{chapter_store, counts, erase, heights, table};
use crate::customer::{CustomerRow, Key, StoredCustomer, search};
use crate::db::{DbError, Existing, TextIndex, Tx};
use crate::value::{parsed, text};

/// The columns of a version `c` and its profile `p` that make a [`StoredCustomer`]. A moment's low bits are the position.
pub const SELECTED: &str = "c.no, p.tenant_id, p.id, c.state, c.version, c.at & 281474976710655 AS position, p.name, p.email, \
     p.phone, p.address, p.city, p.province, p.postal_code, p.notes, c.is_active, c.loyalty_points, c.total_orders, \
     c.total_spent, p.created_at, c.updated_at, c.last_order_at";

/// A version as it is read.
#[derive(sqlx::FromRow)]
struct StoredVersion {
    #[sqlx(flatten)]
    row: StoredCustomer,
    at: i64,
    profile_at: i64,
}

impl TryFrom<StoredVersion> for Version {
    type Error = DbError;

    fn try_from(stored: StoredVersion) -> Result<Self, DbError> {
        let row = CustomerRow::try_from(stored.row)?;
        Ok(Self { at: Moment(stored.at), row, profile_at: Moment(stored.profile_at) })
    }
}

/// The customers of a batch as they stand in the tables.
pub async fn load(tx: &mut Tx, keys: &BTreeSet<&Key>) -> Result<Histories, DbError> {
    let keys: Vec<_> = keys.iter().map(|(tenant, id)| vec![text(tenant.as_str()), text(id.as_str())]).collect();
    // The keys are the outer table: `CROSS JOIN` keeps SQLite from turning the join round.
    let select = format!(
        "SELECT {SELECTED}, c.at, c.profile_at FROM {{keys}} CROSS JOIN customer_profiles k CROSS JOIN customer_versions c \
         CROSS JOIN customer_profiles p WHERE k.tenant_id = v.column1 AND k.id = v.column2 AND k.at = k.no AND c.no = k.no \
         AND c.at = (SELECT MAX(w.at) FROM customer_versions w WHERE w.no = k.no) AND p.at = c.profile_at"
    );
    let stored: Vec<StoredVersion> = tx.lookup(&select, keys.clone()).await?;
    let gone = "SELECT f.tenant_id, f.id, f.at FROM {keys} CROSS JOIN customer_forgotten f \
                WHERE f.tenant_id = v.column1 AND f.id = v.column2";
    let gone: Vec<(String, String, i64)> = tx.lookup(gone, keys).await?;
    let mut forgotten = HashMap::with_capacity(gone.len());
    for (tenant, id, at) in gone {
        let key = (parsed(tenant, table::FORGOTTEN.table, "tenant_id")?, parsed(id, table::FORGOTTEN.table, "id")?);
        forgotten.insert(key, Moment(at));
    }
    let versions: Result<Vec<Version>, DbError> = stored.into_iter().map(Version::try_from).collect();
    Ok(Histories::new(versions?, forgotten))
}

/// Every version of a customer, in the order of the log.
pub async fn versions(tx: &mut Tx, no: i64) -> Result<Vec<Version>, DbError> {
    let select = format!(
        "SELECT {SELECTED}, c.at, c.profile_at FROM {{keys}} CROSS JOIN customer_versions c CROSS JOIN customer_profiles p \
         WHERE c.no = v.column1 AND p.at = c.profile_at"
    );
    let stored: Vec<StoredVersion> = tx.lookup(&select, vec![vec![no.into()]]).await?;
    let mut versions: Vec<Version> = stored.into_iter().map(Version::try_from).collect::<Result<_, _>>()?;
    versions.sort_unstable_by_key(|version| version.at);
    Ok(versions)
}

/// Writes what a batch did. Chapters may have so much slack.
pub async fn save(tx: &mut Tx, histories: Histories, slack: i64) -> Result<(), DbError> {
    let (steps, gone) = histories.into_steps();
    // First, so that marks and peaks are those without them.
    for forgotten in &gone {
        erase::erase(tx, forgotten).await?;
    }
    let traces = Traces::of(&steps);
    save_versions(tx, &steps).await?;
    save_texts(tx, &traces).await?;
    tx.insert(table::FINDS, Existing::Refuse, traces.finds.iter().map(table::find).collect()).await?;
    counts::save(tx, &traces).await?;
    heights::save(tx, &traces).await?;
    chapter_store::save(tx, traces, slack).await
}

async fn save_versions(tx: &mut Tx, steps: &[Step]) -> Result<(), DbError> {
    let profiles = steps.iter().map(|step| &step.after).filter(|version| version.has_new_profile());
    tx.insert(table::PROFILES, Existing::Refuse, profiles.map(table::profile).collect()).await?;
    let versions = steps.iter().map(|step| table::version(&step.after));
    tx.insert(table::VERSIONS, Existing::Refuse, versions.collect()).await
}

/// The text index, and beside it one of the texts that ended: what began until a moment less what ended until then is what can
/// be found at that moment. Where the index does not count exactly anyway, the second is of no use.
async fn save_texts(tx: &mut Tx, traces: &Traces) -> Result<(), DbError> {
    tx.add_grams(TextIndex::Search, grams(&traces.begins)).await?;
    if tx.backend().matching_is_exact() {
        tx.add_grams(TextIndex::Ended, grams(&traces.ends)).await?;
    }
    Ok(())
}

/// The grams of texts by their moments.
pub fn grams(texts: &[Text]) -> Vec<(i64, String)> {
    texts.iter().map(|text| (text.at.0, search::grams(&text.tenant, &text.text).join(" "))).collect()
}
