//! PostgreSQL takes no hints: with many customers, and once it knows them, it reads none of their tables from end to end.

use projections::customer::search;
use projections::customer_history::NAME;
use projections::db::Sql;
use projections::testing::TestDb;
use projections::testing::history::tenant;

use super::super::super::plan::Way;
use super::super::count::count;
use super::super::list::page_text;
use super::{cases, moment, store};
use crate::customers::CustomerFilter;
use crate::customers::plan::Values;
use crate::{PageRequest, Scope};

/// Customers of two tenants together.
const CUSTOMERS: i64 = 20_000;
/// Different texts among them.
const TEXTS: i64 = 40;

/// Fills the tables as the projection does, only faster: customers who came one after another, each of whom changed once.
async fn many(test: &TestDb) {
    let mut tx = store(test).begin().await.expect("a transaction");
    let kind = "CASE WHEN n / 2 % 7 = 0 THEN 0 ELSE 1 END AS is_active, n / 2 % 3 AS tier, \
                CASE n / 2 % 50 WHEN 0 THEN 'Bandung' ELSE 'City ' || n / 2 % 50 END AS city, \
                CASE n / 2 % 5 WHEN 0 THEN 'SP' ELSE 'Province ' || n / 2 % 5 END AS province";
    let names = "CASE WHEN n % $2 = 0 THEN 'john' ELSE 'ann' END || ' ' || n % $2";
    let profiles = format!(
        "INSERT INTO customer_profiles SELECT n, n, 'tenant-' || n % 2, 'customer-' || n, n * 3 % 100000, 'name ' || n, \
         {names} || E'\\nann@example.com\\n', 'Name ' || n, 'ann@example.com', '', '', city, province, '', '' \
         FROM (SELECT n, {kind} FROM generate_series(CAST(1 AS BIGINT), $1) AS n) AS k"
    );
    let numbers = || [CUSTOMERS.into(), TEXTS.into()];
    tx.execute(Sql::composed(profiles, numbers())).await.expect("profiles");
    let versions = format!(
        "INSERT INTO customer_versions SELECT n, n + later * $1, n, 0, 1 + later, is_active, tier * 400, n % 40, n, n, n \
         FROM (SELECT n, {kind} FROM generate_series(CAST(1 AS BIGINT), $1) AS n) AS k, generate_series(0, 1) AS later"
    );
    tx.execute(Sql::composed(versions, [CUSTOMERS.into()])).await.expect("versions");
    let places =
        [("'name ' || n", "0"), ("''", "n * 3 % 100000"), ("''", "tier * 400"), ("''", "n % 40"), ("''", "n"), ("''", "n")];
    let narrow = [("city", "n * 3 % 100000"), ("province", "n * 3 % 100000")];
    for (list, (text, number)) in (0..).zip(places.into_iter().chain(narrow)) {
        // By points, everybody stood elsewhere at first.
        let (moved, from) = if list == 2 { ("later", "n + later * $1") } else { ("0", "n") };
        let stays = format!(
            "INSERT INTO customer_stays SELECT {list}, 1 + n % 2, {text}, {number} + {moved}, n, {from}, \
             CASE WHEN {list} = 2 AND later = 0 THEN n + $1 END, is_active, tier, city, province \
             FROM (SELECT n, {kind} FROM generate_series(CAST(1 AS BIGINT), $1) AS n) AS k, \
             generate_series(0, CASE WHEN {list} = 2 THEN 1 ELSE 0 END) AS later"
        );
        tx.execute(Sql::composed(stays, [CUSTOMERS.into()])).await.expect("stays");
    }
    // Of other tenants there are only these.
    let chapters = "INSERT INTO customer_chapters SELECT 'tenant-' || t, list, 1 + t, 0, 0 \
                    FROM generate_series(0, 999) AS t, generate_series(0, 7) AS list";
    tx.execute(Sql::fixed(chapters, [])).await.expect("chapters");
    let finds = format!(
        "INSERT INTO customer_finds SELECT n, n, is_active * 4 + tier \
         FROM (SELECT n, {kind} FROM generate_series(CAST(1 AS BIGINT), $1) AS n) AS k"
    );
    tx.execute(Sql::composed(finds, [CUSTOMERS.into()])).await.expect("finds");
    let peaks = "INSERT INTO customer_peaks SELECT 'tenant-' || n % 2, list, n, n * 1000 \
                 FROM generate_series(CAST(1 AS BIGINT), $1) AS n, generate_series(1, 5) AS list";
    tx.execute(Sql::fixed(peaks, [CUSTOMERS.into()])).await.expect("peaks");
    let changes = format!(
        "INSERT INTO customer_changes SELECT 'tenant-' || n % 2, n, 1, is_active, tier, city, province \
         FROM (SELECT n, {kind} FROM generate_series(CAST(1 AS BIGINT), $1) AS n) AS k"
    );
    tx.execute(Sql::composed(changes, [CUSTOMERS.into()])).await.expect("changes");
    let running = "INSERT INTO customer_totals SELECT 'tenant-' || n % 2, n, 0, 0, 0, 0, 0, 0, 0, 0, 0 \
                   FROM generate_series(CAST(1 AS BIGINT), $1) AS n";
    tx.execute(Sql::fixed(running, [CUSTOMERS.into()])).await.expect("totals");
    let blocks = "INSERT INTO customer_block_totals SELECT 'tenant-' || t, n, 1, n * 64, n * 64, n * 64, n * 64, n * 64, n * 64, n * 64, n * 64, n \
                  FROM generate_series(CAST(0 AS BIGINT), $1 >> 10) AS n, generate_series(0, 1) AS t";
    tx.execute(Sql::fixed(blocks, [CUSTOMERS.into()])).await.expect("totals of blocks");
    for (level, city, province) in [(1, "city", "''"), (2, "''", "province"), (3, "city", "province")] {
        let marks = format!(
            "INSERT INTO customer_marks SELECT tenant_id, {level}, {city}, {province}, is_active, tier, at >> 10, count(*), \
             sum(count(*)) OVER (PARTITION BY tenant_id, {city}, {province}, is_active, tier ORDER BY at >> 10) \
             FROM customer_changes GROUP BY 1, 3, 4, 5, 6, 7"
        );
        tx.execute(Sql::composed(marks, [])).await.expect("marks");
    }
    let texts: Vec<(String, String)> =
        tx.fetch_all(Sql::fixed("SELECT DISTINCT tenant_id, search_text FROM customer_profiles", [])).await.expect("texts");
    for (of, text) in texts {
        let grams = search::grams(&of.parse().expect("a tenant"), &text).join(" ");
        let insert = "INSERT INTO customer_search SELECT at, array_to_tsvector(string_to_array($1, ' ')) \
                      FROM customer_profiles WHERE tenant_id = $2 AND search_text = $3";
        tx.execute(Sql::fixed(insert, [grams.into(), of.into(), text.into()])).await.expect("grams");
    }
    tx.execute(Sql::fixed("ANALYZE", [])).await.expect("statistics");
    tx.commit().await.expect("a commit");
}

#[tokio::test]
async fn no_page_of_the_past_walks_a_table_on_postgres() {
    let test = TestDb::postgres().await.expect("PostgreSQL");
    many(&test).await;
    let (db, scope, moment) = (store(&test), Scope::tenant(tenant(0)), moment(15_000));
    for (filter, _) in cases() {
        let filter = CustomerFilter { search: filter.search.map(|_| "john 0".to_owned()), ..filter };
        let counts = count(&db, &scope, moment, &filter).await.expect("counts");
        assert!(counts.matching > 0 || filter.city.is_some(), "{filter:?}: {counts:?}");
        let request = PageRequest::new(1, 10).expect("a page");
        let way = Way::cheapest(&filter, &counts, request.page_size().min(counts.matching));
        let mut values = Values::default();
        let text = page_text(&db, &scope, moment, (&filter, request, way), "", &mut values);
        let steps = test.explain(NAME, Sql::composed(text, values.0)).await.expect("a plan");
        let walks = |step: &&String| step.contains("Seq Scan on customer_");
        assert_eq!(steps.iter().find(walks), None, "{filter:?}: {steps:#?}");
    }
}
