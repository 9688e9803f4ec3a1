//! How SQLite is built: nothing else tells that a flag of `.cargo/config.toml` got there.

use projections::customer_list::NAME;
use projections::db::Sql;
use projections::testing::TestDb;

#[tokio::test]
async fn connections_do_not_share_a_page_cache_and_its_lock() {
    let test = TestDb::sqlite().await.expect("SQLite");
    let store = test.models().of(NAME).expect("the store");
    let options: Vec<(String,)> = store.fetch_all(Sql::composed("PRAGMA compile_options".to_owned(), [])).await.expect("options");
    assert!(options.iter().any(|(option,)| option == "ENABLE_FTS5"), "it tells how it is built: {options:?}");
    assert!(!options.iter().any(|(option,)| option == "ENABLE_MEMORY_MANAGEMENT"), "{options:?}");
}
