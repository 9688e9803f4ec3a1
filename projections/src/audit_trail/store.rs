//! The tables of the audit trail.

use std::collections::BTreeSet;

use events::subject::Partition;
use events::{Recorded, StreamKind};
use sea_query::Value;

use super::counts::{CellKey, Counts, FieldKey};
use super::days::{self, Place};
use super::fold::{Added, Kept, Key, Trail, keys};
use super::row::AuditRow;
use super::table::{CELLS, EVENTS, FIELDS, OBJECTS, SELECTED, StoredRow, values};
use super::terms;
use super::words::Action;
use crate::db::{DbError, Existing, Sql, Tx};
use crate::value::{number, parsed, text, version};

/// How many rows of a forgotten object are taken in hand at once.
const CHUNK: i64 = 2_000;

/// The part of the audit trail that these events touch.
pub async fn load(tx: &mut Tx, partition: Partition, events: &[&Recorded]) -> Result<Trail, DbError> {
    let wanted: BTreeSet<Key> = events
        .iter()
        .flat_map(|recorded| {
            let (own, about) = keys(recorded);
            std::iter::once(own).chain(about)
        })
        .collect();
    let select = "SELECT o.tenant_id, o.kind, o.id, o.version, o.state FROM audit_objects o \
                  WHERE (o.tenant_id, o.kind, o.id) IN (SELECT v.column1, v.column2, v.column3 FROM {keys})";
    let stored: Vec<(String, String, String, i64, String)> = tx.lookup(select, wanted.iter().map(key_values).collect()).await?;
    let value = |column| DbError::Value { table: OBJECTS.table, column };
    let mut kept = Vec::with_capacity(stored.len());
    for (tenant, kind, id, at, state) in stored {
        let kind: StreamKind = kind.parse().map_err(|_| value("kind"))?;
        kept.push(Kept { key: (parsed(tenant, OBJECTS.table, "tenant_id")?, kind, id), version: version(at), state });
    }
    Trail::new(partition, kept).map_err(|_| value("state"))
}

/// Writes what a batch adds.
pub async fn save(tx: &mut Tx, added: Added) -> Result<(), DbError> {
    let mut counts = Counts::default();
    let mut gone = Vec::new();
    for (key, name) in &added.forgotten {
        gone.extend(forget(tx, key, name, &mut counts).await?);
    }
    days::shrink(tx, gone).await?;
    days::extend(tx, &added.rows).await?;
    added.rows.iter().for_each(|row| counts.add(row, 1));
    tx.insert(OBJECTS, Existing::Replace, added.objects.iter().map(object_values).collect()).await?;
    tx.insert(EVENTS, Existing::Refuse, added.rows.iter().map(values).collect()).await?;
    tx.add_words(added.rows.iter().map(|row| (row.no, terms::of_row(row))).collect()).await?;
    save_counts(tx, counts).await
}

/// Takes out what was told of an object, and gives the places of those rows. That somebody looked at it stays, without its name.
async fn forget(tx: &mut Tx, key: &Key, name: &str, counts: &mut Counts) -> Result<Vec<Place>, DbError> {
    let (mut after, mut gone) = (i64::MIN, Vec::new());
    loop {
        let select = format!(
            "SELECT {SELECTED} FROM audit_events e WHERE e.tenant_id = $1 AND e.object_id = $2 AND e.model = $3 AND e.no > $4 \
             ORDER BY e.no LIMIT $5"
        );
        let place = [text(key.0.as_str()), text(&key.2), text(key.1.name()), after.into(), CHUNK.into()];
        let stored: Vec<StoredRow> = tx.fetch_all(Sql::composed(select, place)).await?;
        let rows = stored.into_iter().map(AuditRow::try_from).collect::<Result<Vec<_>, _>>()?;
        let Some(last) = rows.last() else { return Ok(gone) };
        after = last.no;
        tx.remove_words(rows.iter().map(|row| (row.no, terms::of_row(row))).collect()).await?;
        let (views, told): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.activity.action == Action::View);
        told.iter().for_each(|row| counts.add(row, -1));
        gone.extend(told.iter().map(days::place));
        tx.delete(EVENTS.table, &["no"], "0 = 0", told.iter().map(|row| vec![row.no.into()]).collect()).await?;
        let views: Vec<AuditRow> = views.into_iter().map(|row| AuditRow { object_repr: name.to_owned(), ..row }).collect();
        let renamed = views.iter().map(|row| vec![row.no.into(), text(&row.object_repr)]).collect();
        tx.update(EVENTS.table, "no", &["object_repr"], renamed).await?;
        tx.add_words(views.iter().map(|row| (row.no, terms::of_row(row))).collect()).await?;
    }
}

async fn save_counts(tx: &mut Tx, counts: Counts) -> Result<(), DbError> {
    let Counts { rows, fields } = counts;
    let fewer_rows = rows.iter().filter(|(_, (n, _))| *n < 0).map(|(key, _)| cell_key(key)).collect();
    let fewer_fields = fields.iter().filter(|(_, n)| **n < 0).map(|(key, _)| field_key(key)).collect();
    let cells = rows.iter().map(|(key, (n, fields))| [cell_key(key), vec![(*n).into(), (*fields).into()]].concat());
    tx.insert(CELLS, Existing::Add, cells.collect()).await?;
    tx.insert(FIELDS, Existing::Add, fields.iter().map(|(key, n)| [field_key(key), vec![(*n).into()]].concat()).collect())
        .await?;
    tx.delete(CELLS.table, CELLS.key, "n = 0", fewer_rows).await?;
    tx.delete(FIELDS.table, FIELDS.key, "n = 0", fewer_fields).await
}

fn key_values((tenant, kind, id): &Key) -> Vec<Value> {
    vec![text(tenant.as_str()), text(kind.name()), text(id)]
}

fn object_values(kept: &Kept) -> Vec<Value> {
    [key_values(&kept.key), vec![number(kept.version).into(), text(&kept.state)]].concat()
}

fn cell_key(key: &CellKey) -> Vec<Value> {
    vec![text(key.tenant.as_str()), key.day.into(), text(key.kind.name()), text(key.activity), text(&key.actor_id)]
}

fn field_key(key: &FieldKey) -> Vec<Value> {
    vec![text(key.tenant.as_str()), key.day.into(), text(key.kind.name()), text(&key.field)]
}
