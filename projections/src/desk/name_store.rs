//! The table of names, and what they are found by.

use std::collections::BTreeSet;

use super::name::{Called, Key, Kind, Name, Names};
use super::table::{self, NAMES};
use crate::customer::search;
use crate::customer_history::Moment;
use crate::db::{DbError, Existing, TextIndex, Tx};
use crate::value::{parsed, text};

/// A name as it is read.
type Stored = (String, i64, String, i64, String, String, String, String, i64, i64);

/// The names that these go by, as they stand in the table.
///
/// # Errors
/// When the table cannot be read.
pub async fn load(tx: &mut Tx, keys: &BTreeSet<Key>) -> Result<Names, DbError> {
    let values = keys.iter().map(|(tenant, kind, id)| vec![text(tenant), kind.number().into(), text(id)]).collect();
    let select = "SELECT n.tenant_id, n.kind, n.id, n.at, n.name, n.first_name, n.last_name, n.source_id, n.is_gone, n.is_listed \
                  FROM {keys} CROSS JOIN desk_names n WHERE n.tenant_id = v.column1 AND n.kind = v.column2 AND n.id = v.column3 \
                  AND n.at = (SELECT MAX(w.at) FROM desk_names w \
                              WHERE w.tenant_id = v.column1 AND w.kind = v.column2 AND w.id = v.column3)";
    let stored: Vec<Stored> = tx.lookup(select, values).await?;
    let mut names = Vec::with_capacity(stored.len());
    for (tenant, kind, id, at, name, first_name, last_name, source_id, is_gone, is_listed) in stored {
        let kind = usize::try_from(kind).ok().and_then(|place| Kind::ALL.get(place)).copied();
        let kind = kind.ok_or(DbError::Value { table: NAMES.table, column: "kind" })?;
        let called = Called { name, first_name, last_name, source_id, is_gone: is_gone != 0, is_listed: is_listed != 0 };
        names.push(((tenant, kind, id), Name { at: Moment(at), called }));
    }
    Ok(Names::new(names))
}

/// Writes what a batch did to names.
///
/// # Errors
/// When a statement fails; perhaps only at the end of the transaction.
pub async fn save(tx: &mut Tx, names: Names) -> Result<(), DbError> {
    let changes = names.into_changes();
    erase(tx, &changes.gone).await?;
    let ended = changes.ended.iter().map(|(at, to)| vec![at.0.into(), to.0.into()]).collect();
    tx.update(NAMES.table, "at", &["valid_to"], ended).await?;
    tx.insert(NAMES, Existing::Refuse, changes.begun.iter().map(table::name).collect()).await?;
    let listed = changes.listed.iter().map(|(_, name)| vec![name.at.0.into(), 1_i64.into()]).collect();
    tx.update(NAMES.table, "at", &["is_listed"], listed).await?;
    let begun = changes.begun.iter().filter(|(_, name, _)| name.called.is_listed).map(|(key, name, _)| (key, name));
    let all = changes.listed.iter().map(|(key, name)| (key, name)).chain(begun);
    let all: Result<_, _> = all.map(|((tenant, _, _), name)| grams(tenant, name.at.0, &name.called.name_key())).collect();
    tx.add_grams(TextIndex::Search, all?).await
}

/// Nothing of a forgotten customer's names stays, nor of what they could be found by.
async fn erase(tx: &mut Tx, gone: &[Key]) -> Result<(), DbError> {
    let keys = || gone.iter().map(|(tenant, kind, id)| vec![text(tenant), kind.number().into(), text(id)]).collect();
    let select = "SELECT n.tenant_id, n.at, n.name_key FROM {keys} CROSS JOIN desk_names n \
                  WHERE n.tenant_id = v.column1 AND n.kind = v.column2 AND n.id = v.column3 AND n.is_listed = 1";
    let found: Vec<(String, i64, String)> = tx.lookup(select, keys()).await?;
    let found: Result<_, _> = found.iter().map(|(tenant, at, name_key)| grams(tenant, *at, name_key)).collect();
    tx.remove_grams(TextIndex::Search, found?).await?;
    tx.delete(NAMES.table, &["tenant_id", "kind", "id"], "0 = 0", keys()).await
}

/// What a name is found by.
fn grams(tenant: &str, at: i64, name_key: &str) -> Result<(i64, String), DbError> {
    let tenant = parsed(tenant.to_owned(), NAMES.table, "tenant_id")?;
    Ok((at, search::grams(&tenant, name_key).join(" ")))
}
