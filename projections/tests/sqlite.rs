//! How SQLite is built: nothing else tells that a flag of `.cargo/config.toml` got there.

use projections::customer_list::NAME;
use projections::db::Sql;
use projections::testing::TestDb;

#[tokio::test]
async fn connections_share_neither_a_page_cache_nor_an_account_of_their_memory_and_their_locks() {
    let test = TestDb::sqlite().await.expect("SQLite");
    let store = test.models().of(NAME).expect("the store");
    let options: Vec<(String,)> = store.fetch_all(Sql::composed("PRAGMA compile_options".to_owned(), [])).await.expect("options");
    let has = |wanted| options.iter().any(|(option,)| option == wanted);
    assert!(!has("ENABLE_MEMORY_MANAGEMENT") && has("DEFAULT_MEMSTATUS=0"), "{options:?}");
}
