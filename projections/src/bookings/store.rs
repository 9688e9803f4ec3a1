//! Reading what a batch touches.

use std::collections::BTreeSet;

use events::{BookingEvent, CustomerId, RelationEvent, RelationId};
use sea_query::Value;

use super::booking::beginning;
use super::fold::{Books, Fact, Of, Touched, What};
use super::person::Person;
use super::relation::RelationRow;
use super::stored::{BOOKING_SELECTED, RELATION_SELECTED, SERVICE_SELECTED, StoredBooking, StoredRelation, StoredService};
use super::table::{NEVER, PEOPLE};
use crate::db::{DbError, Tx};
use crate::value::{parsed, text, time};

/// The rows that the facts are about, as they stand in the tables.
pub async fn load(tx: &mut Tx, facts: &[Fact<'_>]) -> Result<Books, DbError> {
    let mut books = Books::default();
    load_services(tx, &mut books, facts).await?;
    load_bookings(tx, &mut books, facts).await?;
    let met = met(&books, facts);
    let customers: BTreeSet<Of<CustomerId>> =
        facts.iter().filter_map(|fact| if let What::Customer(key, _) = &fact.what { Some(key.clone()) } else { None }).collect();
    load_people(tx, &mut books, customers.iter().chain(&met.customers).collect()).await?;
    load_relations(tx, &mut books, &met.relations, &customers).await?;
    Ok(books)
}

/// The relations that facts are about, and the customers who may come into one.
#[derive(Default)]
struct Met {
    relations: BTreeSet<Of<RelationId>>,
    customers: BTreeSet<Of<CustomerId>>,
}

fn met(books: &Books, facts: &[Fact<'_>]) -> Met {
    let mut met = Met::default();
    let stored = books.bookings.iter().filter_map(|((tenant, _), entry)| Some((tenant, entry.stored.as_ref()?)));
    met.relations
        .extend(stored.map(|(tenant, row)| (tenant.clone(), RelationId::of(&row.subject.provider, &row.subject.customer))));
    for fact in facts {
        match &fact.what {
            What::Booking((tenant, _), event) => {
                if let Some(begin) = beginning(fact.recorded, event) {
                    let (provider, customer) = (&begin.subject.provider, &begin.subject.customer);
                    met.relations.insert((tenant.clone(), RelationId::of(provider, customer)));
                    met.customers.insert((tenant.clone(), customer.clone()));
                }
                if let BookingEvent::Forgotten(data) = event {
                    met.relations.insert((tenant.clone(), RelationId::of(&data.provider, &data.customer)));
                }
            }
            What::Relation(key, event) => {
                met.relations.insert(key.clone());
                if let RelationEvent::Started(data) = event {
                    met.customers.insert((key.0.clone(), data.customer.clone()));
                }
            }
            What::Customer(_, _) | What::Service(_, _) => {}
        }
    }
    met
}

fn keys<'k, Id: std::fmt::Display + 'k>(of: impl IntoIterator<Item = &'k Of<Id>>) -> Vec<Vec<Value>> {
    of.into_iter().map(|(tenant, id)| vec![text(tenant.as_str()), text(id.to_string())]).collect()
}

/// Selects by keys of tenant and a column. The keys are the outer table: `CROSS JOIN` keeps SQLite from turning the join round.
fn select(columns: &str, table: &str, column: &str) -> String {
    format!("SELECT {columns} FROM {{keys}} CROSS JOIN {table} c WHERE c.tenant_id = v.column1 AND c.{column} = v.column2")
}

async fn load_services(tx: &mut Tx, books: &mut Books, facts: &[Fact<'_>]) -> Result<(), DbError> {
    let of = facts.iter().filter_map(|fact| if let What::Service(key, _) = &fact.what { Some(key) } else { None });
    let wanted: BTreeSet<_> = of.collect();
    let stored: Vec<StoredService> = tx.lookup(&select(SERVICE_SELECTED, "services", "id"), keys(wanted)).await?;
    for row in stored {
        let row = row.row()?;
        books.services.insert((row.tenant.clone(), row.id.clone()), Touched::stored(row));
    }
    Ok(())
}

async fn load_bookings(tx: &mut Tx, books: &mut Books, facts: &[Fact<'_>]) -> Result<(), DbError> {
    let of = facts.iter().filter_map(|fact| if let What::Booking(key, _) = &fact.what { Some(key) } else { None });
    let wanted: BTreeSet<_> = of.collect();
    let stored: Vec<StoredBooking> = tx.lookup(&select(BOOKING_SELECTED, "bookings", "id"), keys(wanted)).await?;
    for row in stored {
        let row = row.row()?;
        books.bookings.insert((row.tenant.clone(), row.id.clone()), Touched::stored(row));
    }
    Ok(())
}

async fn load_people(tx: &mut Tx, books: &mut Books, wanted: BTreeSet<&Of<CustomerId>>) -> Result<(), DbError> {
    const TABLE: &str = PEOPLE.table;
    type Row = (String, String, String, String, String, String, String, i64);
    let columns = "c.tenant_id, c.id, c.name, c.email, c.phone, c.city, c.picture, c.joined_at";
    let stored: Vec<Row> = tx.lookup(&select(columns, TABLE, "id"), keys(wanted)).await?;
    for (tenant, id, name, email, phone, city, picture, joined_at) in stored {
        let joined_at = if joined_at == NEVER { None } else { Some(time(joined_at, TABLE, "joined_at")?) };
        let key = (parsed(tenant, TABLE, "tenant_id")?, parsed(id, TABLE, "id")?);
        books.people.insert(key, Touched::stored(Person { name, email, phone, city, picture, joined_at }));
    }
    Ok(())
}

async fn load_relations(
    tx: &mut Tx,
    books: &mut Books,
    wanted: &BTreeSet<Of<RelationId>>,
    of_customers: &BTreeSet<Of<CustomerId>>,
) -> Result<(), DbError> {
    let by_id: Vec<StoredRelation> = tx.lookup(&select(RELATION_SELECTED, "relations", "id"), keys(wanted)).await?;
    let by_customer = select(RELATION_SELECTED, "relations", "customer_id");
    let by_customer: Vec<StoredRelation> = tx.lookup(&by_customer, keys(of_customers)).await?;
    for row in by_id.into_iter().chain(by_customer) {
        books.add_stored(row.row()?);
    }
    Ok(())
}

/// Every version of these relations, oldest first.
pub async fn versions(tx: &mut Tx, relations: &[RelationRow]) -> Result<Vec<Vec<RelationRow>>, DbError> {
    let select = format!("SELECT {RELATION_SELECTED} FROM {{keys}} CROSS JOIN relation_versions c WHERE c.no = v.column1");
    let keys = relations.iter().map(|row| vec![row.no.into()]).collect();
    let stored: Vec<StoredRelation> = tx.lookup(&select, keys).await?;
    let mut rows = stored.into_iter().map(StoredRelation::row).collect::<Result<Vec<_>, _>>()?;
    rows.sort_unstable_by_key(|row| (row.no, row.at));
    Ok(rows.chunk_by(|a, b| a.no == b.no).map(<[RelationRow]>::to_vec).collect())
}
