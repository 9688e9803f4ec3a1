//! What a verification finds besides rows: in text indexes, and in counts that tell no position. On both databases.

use std::collections::BTreeSet;

use events::TenantId;
use projections::customer::search;
use projections::db::{Backend, Sql, TextIndex};
use projections::rebuild::{Difference, Since, What, rebuild};
use projections::testing::TestDb;

use crate::house::{House, Notes, both, execute, reads};

/// The low bits of a row's number are the position.
const POSITION: i64 = (1 << 48) - 1;

/// Tables that are not compared: where a store stands, the changes of the live list, which go back as far as they do, and where
/// chapters begin, which whoever compares the stays in them goes by.
const NOT_COMPARED: [&str; 4] = ["checkpoints", "contact_changes", "contact_changes_kept", "customer_chapters"];

/// The tables of a store: those that a text index of SQLite consists of are not told.
const TABLES: &str = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual') \
                      AND name NOT LIKE 'sqlite%' ORDER BY name";
const POSTGRES_TABLES: &str = "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = CURRENT_SCHEMA() ORDER BY 1";
const INDEXES: &str = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'virtual' ORDER BY name";
const POSTGRES_INDEXES: &str = "SELECT CAST(c.relname AS TEXT) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
                                WHERE a.atttypid = 'tsvector'::regtype AND c.relkind = 'r' \
                                AND c.relnamespace = CAST(CURRENT_SCHEMA() AS regnamespace) ORDER BY 1";

#[tokio::test]
async fn every_table_and_every_text_index_is_compared() {
    for test in both().await {
        for projection in test.models().projections() {
            let store = test.models().of(projection.name()).expect("a store");
            let (tables, indexes) = match store.backend() {
                Backend::Sqlite => (TABLES, INDEXES),
                Backend::Postgres => (POSTGRES_TABLES, POSTGRES_INDEXES),
            };
            let found = async |select| {
                let found: Vec<(String,)> = store.fetch_all(Sql::fixed(select, [])).await.expect("the tables");
                found
                    .into_iter()
                    .map(|(name,)| name)
                    .filter(|name| !NOT_COMPARED.contains(&name.as_str()))
                    .collect::<BTreeSet<_>>()
            };
            let texts: BTreeSet<String> = projection.texts(store.backend()).iter().map(|texts| texts.name.to_owned()).collect();
            assert_eq!(texts, found(indexes).await, "{}", projection.name());
            let compared = projection.tables().iter().map(|table| table.name.to_owned()).chain(texts).collect();
            assert_eq!(found(tables).await, compared, "{}", projection.name());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_index_that_lost_blocks_is_found() {
    let test = TestDb::sqlite().await.expect("SQLite");
    let house = House::with(test, 100).await;
    house.is_clean().await;
    let models = house.test.models();
    let mut broken = Vec::new();
    for projection in models.projections() {
        for texts in projection.texts(Backend::Sqlite) {
            // The first few are what the index knows of itself.
            let lose = format!("DELETE FROM {}_data WHERE id > 10", texts.name);
            if execute(models, projection.name(), lose).await > 0 {
                broken.push((projection.name(), texts.name));
            }
        }
    }
    assert!(broken.contains(&("customer_list", "customer_search")) && broken.len() > 3, "{broken:?}");
    let (outcomes, differences) = house.verify().await;
    let found: Vec<_> = differences.iter().map(|one| (one.projection, one.table)).collect();
    assert_eq!(found, broken);
    assert!(
        differences.iter().all(|one| matches!(&one.what, What::Damaged(said) if said.contains("corrupt"))),
        "{differences:?}"
    );
    assert_eq!(outcomes.iter().map(|one| one.differences).sum::<u64>(), broken.len() as u64);

    rebuild(&house.log, models, &[], &mut Notes::default()).await.expect("a rebuild");
    reads(&house.runner, 2).await;
    house.is_clean().await;
    house.runner.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn terms_that_are_missing_or_needless_are_found_with_the_position_of_their_row() {
    for test in both().await {
        let house = House::with(test, 60).await;
        let store = house.test.models().of("customer_list").expect("a store");
        let select = "SELECT no, tenant_id, search_text FROM customers WHERE state = 0 ORDER BY no LIMIT 1";
        let found: Vec<(i64, String, String)> = store.fetch_all(Sql::fixed(select, [])).await.expect("a customer");
        let (no, tenant, text) = &found[0];
        let tenant: TenantId = tenant.parse().expect("a tenant");
        let (first, nobody) = (search::grams(&tenant, text).swap_remove(0), no + 1_000_000);
        let mut tx = store.begin().await.expect("a transaction");
        tx.remove_grams(TextIndex::Search, vec![(*no, first)]).await.expect("removed");
        tx.add_grams(TextIndex::Search, vec![(nobody, "abc def".to_owned())]).await.expect("added");
        tx.commit().await.expect("a commit");

        let (_, differences) = house.verify().await;
        let [lacks, has] = &differences[..] else { panic!("{differences:?}") };
        for (difference, no) in [(lacks, *no), (has, nobody)] {
            assert_eq!((difference.projection, difference.table), ("customer_list", "customer_search"));
            assert_eq!(difference.since, Since::Position((no & POSITION).cast_unsigned()));
        }
        match store.backend() {
            Backend::Sqlite => {
                assert!(matches!(lacks.what, What::Terms { missing: 1.., needless: 0 }), "{lacks:?}");
                assert_eq!(has.what, What::Terms { missing: 0, needless: 2 });
            }
            // There the row goes with its terms.
            Backend::Postgres => assert_eq!((&lacks.what, &has.what), (&What::Missing, &What::Needless)),
        }
        house.runner.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_count_tells_no_position_and_the_first_other_one_is_told_beside_it() {
    for test in both().await {
        let house = House::with(test, 60).await;
        let models = house.test.models();
        let counts = execute(models, "customer_list", "UPDATE customer_facets SET n = n + 1 WHERE level = 0").await;
        let (_, differences) = house.verify().await;
        let untold = |one: &Difference, others| one.table == "customer_facets" && one.since == Since::Untold { others };
        assert!(counts > 0 && differences.len() as u64 == counts, "{differences:?}");
        assert!(differences.iter().all(|one| untold(one, None)), "{differences:?}");

        let customer = "UPDATE customers SET name = 'Mallory' WHERE id = 'customer-1' AND tenant_id = 'tenant-1'";
        assert_eq!(execute(models, "customer_list", customer).await, 1);
        let (_, differences) = house.verify().await;
        let (row, sums) = differences.split_first().expect("differences");
        let Since::Position(position) = row.since else { panic!("{row:?}") };
        assert!(sums.len() as u64 == counts && sums.iter().all(|one| untold(one, Some(position))), "{differences:?}");
        house.runner.stop().await;
    }
}
