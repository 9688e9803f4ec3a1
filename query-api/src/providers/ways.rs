//! No page walks a table or another tenant's rows, and one that nothing is searched in is read in the order of an index.

use projections::bookings::{Bookings, CustomerStatus, NAME};
use projections::db::Sql;
use projections::testing::TestDb;
use projections::testing::history::{PARTITION, tenant};
use projections::{Db, ReadModels};

use super::customers::page_sql;
use super::{RelationField, RelationFilter, RelationOrdering, Whose};
use crate::customers::as_of::AsOf;
use crate::{PageRequest, Scope};

/// Relations of two tenants together.
const RELATIONS: i64 = 20_000;

fn store(models: &ReadModels) -> Db {
    models.of(NAME).expect("the store")
}

/// Every list without a search: whose, in which order, and with which status.
fn filters() -> Vec<RelationFilter> {
    let mut filters = Vec::new();
    for whose in [Whose::Tenant, Whose::Provider("provider-1".parse().expect("an id"))] {
        for field in RelationField::ALL {
            for (descending, status) in [(false, None), (true, None), (true, Some(CustomerStatus::Returning))] {
                let ordering = RelationOrdering { field, descending };
                filters.push(RelationFilter { status, ordering, ..RelationFilter::all(whose.clone()) });
            }
        }
    }
    filters
}

fn page(db: &Db, filter: &RelationFilter, as_of: Option<AsOf>) -> Sql {
    let request = PageRequest::new(3, 20).expect("a page");
    page_sql(db, &Scope::tenant(tenant(0)), filter, as_of, request)
}

#[tokio::test]
async fn a_page_is_read_in_the_order_of_its_index_on_sqlite() {
    let test = TestDb::sqlite_with(&[std::sync::Arc::new(Bookings)]).await.expect("SQLite");
    let db = store(test.models());
    for filter in filters() {
        let steps = test.explain(NAME, page(&db, &filter, None)).await.expect("a plan");
        // The page itself is put in order again, once it is looked up; the list is not.
        let sorts = steps.iter().filter(|step| step.contains("TEMP B-TREE")).count();
        assert!(sorts <= 1, "{filter:?}: {steps:#?}");
        let found = steps.iter().find(|step| step.starts_with("SEARCH c USING COVERING INDEX"));
        assert!(found.is_some_and(|step| step.contains("(tenant_id=?")), "{filter:?}: {steps:#?}");
    }
}

#[tokio::test]
async fn no_page_walks_a_table_on_sqlite() {
    let test = TestDb::sqlite_with(&[std::sync::Arc::new(Bookings)]).await.expect("SQLite");
    let (db, then) = (store(test.models()), AsOf::new(PARTITION, events::Position(7)));
    for filter in filters() {
        for search in ["", "ann", "ann lee"] {
            let filter = RelationFilter { search: search.to_owned(), ..filter.clone() };
            for as_of in [None, Some(then)] {
                let steps = test.explain(NAME, page(&db, &filter, as_of)).await.expect("a plan");
                let walks = |step: &&String| step.starts_with("SCAN") && *step != "SCAN p" && !step.contains("VIRTUAL TABLE");
                assert_eq!(steps.iter().find(walks), None, "{filter:?} as of {as_of:?}: {steps:#?}");
            }
        }
    }
}

/// Fills the tables as the projection does, only faster.
async fn many(db: &Db) {
    let mut tx = db.begin().await.expect("a transaction");
    let relations = "INSERT INTO relations SELECT n, n, 'tenant-' || n % 2, 'relation-' || n, 'provider-' || n % 5, 'customer-' || n, \
         'Ann ' || n, '', '', '', '', 0, 'ann ' || n * 7919 % 100000, 'ann ' || n, n % 40, n % 30, n * 7919 % 1000000, 0, 0, \
         n % 5000, n * 13 % 100000, n * 17 % 100000, 0, 0, '', '', n / 2 % 5, 1, n FROM generate_series(1, $1) AS n";
    tx.execute(Sql::fixed(relations, [RELATIONS.into()])).await.expect("relations");
    tx.execute(Sql::fixed("ANALYZE", [])).await.expect("statistics");
    tx.commit().await.expect("a commit");
}

#[tokio::test]
async fn a_page_is_read_in_the_order_of_its_index_on_postgres() {
    let test = TestDb::postgres_with(&[std::sync::Arc::new(Bookings)]).await.expect("PostgreSQL");
    let db = store(test.models());
    many(&db).await;
    for filter in filters() {
        let steps = test.explain(NAME, page(&db, &filter, None)).await.expect("a plan");
        let index = filter.index();
        let is_read = |step: &String| step.contains(&format!("using {index} on relations"));
        assert!(steps.iter().any(is_read), "{filter:?} without {index}: {steps:#?}");
    }
}
