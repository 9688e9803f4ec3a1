//! PostgreSQL takes no hints: with many customers, and once it knows them, it reads none of their tables from end to end.

use events::customer::LoyaltyTier;
use projections::customer::search;
use projections::customer_list::NAME;
use projections::db::Sql;
use projections::testing::TestDb;
use projections::testing::history::tenant;

use super::{cases, store};
use crate::customers::CustomerFilter;
use crate::customers::count::{count, matching_sql};
use crate::customers::list::page_sql;
use crate::customers::plan::Way;
use crate::{PageRequest, Scope};

/// Customers of two tenants together.
const CUSTOMERS: i64 = 20_000;
/// Different texts among them.
const TEXTS: i64 = 40;

/// Fills the tables as the projection does, only faster.
async fn many(test: &TestDb) {
    let mut tx = store(test).begin().await.expect("a transaction");
    let customers = "INSERT INTO customers SELECT n, 'tenant-' || n % 2, 'customer-' || n, 'name ' || n, \
         CASE WHEN n % $2 = 0 THEN 'john' ELSE 'ann' END || ' ' || n % $2 || E'\\nann@example.com\\n', 0, 1, n, 'Name ' || n, \
         'ann@example.com', '', '', CASE n / 2 % 50 WHEN 0 THEN 'Bandung' ELSE 'City ' || n / 2 % 50 END, \
         CASE n / 2 % 9 WHEN 0 THEN 'SP' ELSE 'Province ' || n / 2 % 9 END, '', '', \
         CASE WHEN n / 2 % 7 = 0 THEN 0 ELSE 1 END, n * 13 % 1500, 0, n % 40, n * 7919 % 1000000, n * 3 % 100000, n, n \
         FROM generate_series(1, $1) AS n";
    tx.execute(Sql::fixed(customers, [CUSTOMERS.into(), TEXTS.into()])).await.expect("customers");
    for (number, tier) in (0_i64..).zip(LoyaltyTier::ALL) {
        let update = "UPDATE customers SET tier = $1 WHERE loyalty_points >= $2";
        tx.execute(Sql::fixed(update, [number.into(), tier.bounds().0.into()])).await.expect("tiers");
    }
    for (level, city, province) in [(0, "''", "''"), (1, "city", "''"), (2, "''", "province"), (3, "city", "province")] {
        let facets = format!(
            "INSERT INTO customer_facets SELECT tenant_id, {level}, {city}, {province}, is_active, tier, count(*), \
             sum(loyalty_points) FROM customers GROUP BY 1, 3, 4, 5, 6"
        );
        tx.execute(Sql::composed(facets, [])).await.expect("facets");
    }
    // As many customers share a text as there are texts: it is cut into grams once for all of them.
    let texts: Vec<(String, String)> =
        tx.fetch_all(Sql::fixed("SELECT DISTINCT tenant_id, search_text FROM customers", [])).await.expect("texts");
    for (of, text) in texts {
        let grams = search::grams(&of.parse().expect("a tenant"), &text).join(" ");
        let insert = "INSERT INTO customer_search SELECT no, array_to_tsvector(string_to_array($1, ' ')) FROM customers \
                      WHERE tenant_id = $2 AND search_text = $3";
        tx.execute(Sql::fixed(insert, [grams.into(), of.into(), text.into()])).await.expect("grams");
    }
    tx.execute(Sql::fixed("ANALYZE", [])).await.expect("statistics");
    tx.commit().await.expect("a commit");
}

async fn reads_by_index(test: &TestDb, filter: &CustomerFilter, sql: Sql) {
    let steps = test.explain(NAME, sql).await.expect("a plan");
    let walks = |step: &&String| step.contains("Seq Scan on customers");
    assert_eq!(steps.iter().find(walks), None, "{filter:?}: {steps:#?}");
}

#[tokio::test]
async fn no_page_and_no_count_walks_the_table_on_postgres() {
    let test = TestDb::postgres().await.expect("PostgreSQL");
    many(&test).await;
    let (db, scope) = (store(&test), Scope::tenant(tenant(0)));
    for (filter, _) in cases() {
        let filter = CustomerFilter { search: filter.search.map(|_| "john 0".to_owned()), ..filter };
        let counts = count(&db, &scope, &filter).await.expect("counts");
        assert!(counts.matching > 0 || filter.city.is_some(), "{filter:?}: {counts:?}");
        let request = PageRequest::new(1, 10).expect("a page");
        reads_by_index(&test, &filter, page_sql(&db, &scope, &filter, request, &counts)).await;
        if filter.search.is_some() {
            let way = Way::cheapest_to_count(db.backend(), &filter, &counts);
            reads_by_index(&test, &filter, matching_sql(&db, &scope, &filter, way)).await;
        }
    }
}
