//! Writing what a batch did.

use super::counts::Deltas;
use super::fold::{Books, Touched};
use super::history::{History, Step, steps_of};
use super::relation::RelationRow;
use super::store;
use super::table::{self, ACTIVITY, BOOKINGS, PAYMENTS, PEOPLE, RELATIONS, SERVICES, VERSIONS};
use crate::customer::search;
use crate::db::{DbError, Existing, TextIndex, Tx};
use crate::value::text;

/// The tables that name the relation in this column.
const OF_RELATION: [(&str, &[&str]); 5] = [
    (BOOKINGS.table, &["relation_no"]),
    (PAYMENTS.table, &["relation_no"]),
    (ACTIVITY.table, &["relation_no"]),
    (RELATIONS.table, &["no"]),
    (VERSIONS.table, &["no"]),
];

/// Writes what a batch did.
pub async fn save(tx: &mut Tx, books: Books) -> Result<(), DbError> {
    let mut deltas = Deltas::default();
    erase(tx, &books.gone, &mut deltas).await?;
    save_people(tx, &books).await?;
    let services = changed(books.services.values()).map(|(_, row)| table::service(row)).collect();
    tx.insert(SERVICES, Existing::Replace, services).await?;

    let (new, old): (Vec<_>, Vec<_>) = changed(books.bookings.values()).partition(|(stored, _)| stored.is_none());
    tx.insert(BOOKINGS, Existing::Refuse, new.into_iter().map(|(_, row)| table::booking(row)).collect()).await?;
    tx.insert(BOOKINGS, Existing::Replace, old.into_iter().map(|(_, row)| table::booking(row)).collect()).await?;
    tx.insert(PAYMENTS, Existing::Refuse, books.payments.iter().map(table::payment).collect()).await?;
    tx.insert(ACTIVITY, Existing::Refuse, books.activity.iter().map(table::activity).collect()).await?;
    save_relations(tx, books.relations.into_values(), &mut deltas).await?;
    deltas.save(tx).await
}

/// The rows that are other than they stand in the table, each with that one.
fn changed<'a, T: PartialEq + 'a>(touched: impl Iterator<Item = &'a Touched<T>>) -> impl Iterator<Item = (Option<&'a T>, &'a T)> {
    touched.filter(|entry| entry.stored != entry.now).filter_map(|entry| Some((entry.stored.as_ref(), entry.now.as_ref()?)))
}

async fn save_people(tx: &mut Tx, books: &Books) -> Result<(), DbError> {
    let changed = books.people.iter().filter(|(_, entry)| entry.stored != entry.now);
    let (now, gone): (Vec<_>, Vec<_>) = changed.partition(|(_, entry)| entry.now.is_some());
    let rows = now.iter().filter_map(|(key, entry)| Some(table::person(key, entry.now.as_ref()?))).collect();
    tx.insert(PEOPLE, Existing::Replace, rows).await?;
    let gone = gone.iter().map(|((tenant, id), _)| vec![text(tenant.as_str()), text(id.as_str())]).collect();
    tx.delete(PEOPLE.table, PEOPLE.key, "0 = 0", gone).await
}

async fn save_relations(tx: &mut Tx, histories: impl Iterator<Item = History>, deltas: &mut Deltas) -> Result<(), DbError> {
    let (mut new, mut old, mut versions) = (Vec::new(), Vec::new(), Vec::new());
    let (mut unsearch, mut search) = (Vec::new(), Vec::new());
    for History { stored, steps } in histories {
        let Some(last) = steps.last() else { continue };
        deltas.add(&steps);
        versions.extend(steps.iter().map(|step| table::relation(&step.after)));
        let row = &last.after;
        let is_found_alike = stored.as_ref().is_some_and(|stored| stored.person.search_text() == row.person.search_text());
        if !is_found_alike {
            unsearch.extend(stored.as_ref().map(grams));
            search.push(grams(row));
        }
        if stored.is_some() { &mut old } else { &mut new }.push(table::relation(row));
    }
    tx.insert(VERSIONS, Existing::Refuse, versions).await?;
    tx.insert(RELATIONS, Existing::Refuse, new).await?;
    tx.insert(RELATIONS, Existing::Replace, old).await?;
    tx.remove_grams(TextIndex::Search, unsearch).await?;
    tx.add_grams(TextIndex::Search, search).await
}

fn grams(row: &RelationRow) -> (i64, String) {
    (row.no, search::grams(&row.tenant, &row.person.search_text()).join(" "))
}

/// Leaves nothing of relations: what they counted is taken out by the steps that their versions were left by.
async fn erase(tx: &mut Tx, gone: &[RelationRow], deltas: &mut Deltas) -> Result<(), DbError> {
    for versions in store::versions(tx, gone).await? {
        let steps: Vec<Step> = steps_of(versions);
        deltas.remove(&steps);
    }
    tx.remove_grams(TextIndex::Search, gone.iter().map(grams).collect()).await?;
    for (table, column) in OF_RELATION {
        tx.delete(table, column, "0 = 0", gone.iter().map(|row| vec![row.no.into()]).collect()).await?;
    }
    Ok(())
}
