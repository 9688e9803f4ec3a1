//! Reading what a batch needs to know, and writing what it did.

use std::collections::{BTreeSet, HashMap};

use sea_query::Value;

use super::conversation::{Identity, Version};
use super::fold::{Changes, Key, Stored, Threads};
use super::spell::Spell;
use super::stored::{SELECTED, StoredConversation, StoredSpell};
use super::table;
use crate::customer_history::Moment;
use crate::db::{DbError, Existing, Tx};
use crate::value::{micros, text};

/// These conversations, as they stand in the tables.
///
/// # Errors
/// When the tables cannot be read.
pub async fn threads(tx: &mut Tx, keys: &BTreeSet<Key>) -> Result<Threads, DbError> {
    let values = || keys.iter().map(|(tenant, id)| vec![text(tenant), text(id)]).collect();
    // The keys are the outer table: `CROSS JOIN` keeps SQLite from turning the join round. The last version has not ended.
    let select = format!(
        "SELECT {SELECTED} FROM {{keys}} CROSS JOIN desk_conversations c CROSS JOIN desk_versions r \
         WHERE c.tenant_id = v.column1 AND c.id = v.column2 AND r.no = c.no \
         AND r.valid_from = (SELECT MAX(w.valid_from) FROM desk_versions w WHERE w.no = c.no)"
    );
    let found: Vec<StoredConversation> = tx.lookup(&select, values()).await?;
    let found: Vec<(Identity, Version)> = found.into_iter().map(TryFrom::try_from).collect::<Result<_, _>>()?;
    let mut spells = spells(tx, &found).await?;
    let stored = found.into_iter().map(|(identity, version)| {
        let spells = spells.remove(&identity.no).unwrap_or_default();
        Stored { identity, version, spells }
    });
    let stored = stored.collect();
    let select = "SELECT f.tenant_id, f.id, f.at FROM desk_forgotten f WHERE (f.tenant_id, f.id) IN (SELECT v.column1, v.column2 FROM {keys})";
    let forgotten: Vec<(String, String, i64)> = tx.lookup(select, values()).await?;
    Ok(Threads::new(stored, forgotten.into_iter().map(|(tenant, id, at)| ((tenant, id), Moment(at))).collect()))
}

/// The stretches of conversations that last. Only where a person is wanted does any.
async fn spells(tx: &mut Tx, of: &[(Identity, Version)]) -> Result<HashMap<i64, Vec<Spell>>, DbError> {
    let stopped = of.iter().filter(|(_, version)| version.stopped.is_some());
    let keys = stopped.map(|(identity, _)| vec![identity.no.into()]).collect();
    let select = "SELECT s.no, s.kind, s.started, s.started_at, s.answered, s.answered_at, s.agent_id, s.closer_id, s.cause \
                  FROM {keys} CROSS JOIN desk_spells s WHERE s.no = v.column1 AND s.ended = 9223372036854775807";
    let stored: Vec<StoredSpell> = tx.lookup(select, keys).await?;
    let mut spells: HashMap<i64, Vec<Spell>> = HashMap::new();
    for spell in stored {
        spells.entry(spell.no).or_default().push(spell.try_into()?);
    }
    Ok(spells)
}

/// Writes what a batch did to conversations.
///
/// # Errors
/// When a statement fails; perhaps only at the end of the transaction.
pub async fn save(tx: &mut Tx, threads: Threads) -> Result<(), DbError> {
    let changes = threads.into_changes();
    erase(tx, &changes).await?;
    let started = changes.started.iter().map(table::conversation).collect();
    tx.insert(table::CONVERSATIONS, Existing::Refuse, started).await?;
    let end = "UPDATE desk_versions SET valid_to = v.column3 FROM ({values}) AS v \
               WHERE desk_versions.no = v.column1 AND desk_versions.valid_from = v.column2";
    let ended = changes.ended.iter().map(|(no, from, to)| vec![(*no).into(), from.0.into(), to.0.into()]);
    tx.run_for(end, ended.collect()).await?;
    tx.insert(table::VERSIONS, Existing::Refuse, changes.versions.iter().map(table::version).collect()).await?;
    tx.insert(table::MESSAGES, Existing::Refuse, changes.messages.iter().map(table::message).collect()).await?;
    settle(tx, &changes).await?;
    tx.insert(table::SPELLS, Existing::Replace, changes.spells.iter().map(table::spell).collect()).await?;
    changes.counts.save(tx).await
}

/// Nothing of a forgotten conversation stays but that there was one.
async fn erase(tx: &mut Tx, changes: &Changes) -> Result<(), DbError> {
    for target in [table::CONVERSATIONS, table::VERSIONS, table::MESSAGES, table::SPELLS] {
        let keys = changes.erased.iter().map(|no| vec![(*no).into()]).collect();
        tx.delete(target.table, &["no"], "0 = 0", keys).await?;
    }
    let row = |((tenant, id), at): &(Key, Moment)| vec![text(tenant), text(id), at.0.into()];
    tx.insert(table::FORGOTTEN, Existing::Replace, changes.forgotten.iter().map(row).collect()).await
}

async fn settle(tx: &mut Tx, changes: &Changes) -> Result<(), DbError> {
    let settle = "UPDATE desk_messages SET state = v.column3, settled = v.column4, settled_at = v.column5, reason = v.column6 \
                  FROM ({values}) AS v WHERE desk_messages.no = v.column1 AND desk_messages.id = v.column2 AND desk_messages.state = 1";
    let rows = changes.settled.iter().map(|(no, id, settled)| {
        let state: Value = (settled.state as i64).into();
        let (moment, at) = (settled.moment.0.into(), micros(settled.at).into());
        vec![(*no).into(), text(id.as_str()), state, moment, at, text(&settled.reason)]
    });
    tx.run_for(settle, rows.collect()).await
}
