//! A transaction leaves nothing behind when whoever asked for it goes away.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use projections::customer_list::NAME;
use projections::db::Sql;
use projections::testing::TestDb;

/// Lets a future come as far as it does in so many polls, and drops it.
async fn cut_off(mut polls: usize, future: impl Future) {
    let mut future = pin!(future);
    poll_fn(|context| match polls {
        0 => Poll::Ready(()),
        _ => {
            polls -= 1;
            future.as_mut().poll(context).map(drop)
        }
    })
    .await;
}

#[tokio::test]
async fn one_that_is_cut_off_while_it_begins_is_in_nobodys_way() {
    for test in [TestDb::sqlite().await.expect("SQLite"), TestDb::postgres().await.expect("PostgreSQL")] {
        let store = test.models().of(NAME).expect("the store");
        let count = || Sql::fixed("SELECT count(*) FROM customers", []);
        for polls in (0..200).map(|round| round % 10) {
            cut_off(polls, store.begin()).await;
            cut_off(polls, store.snapshot()).await;
            let found: Vec<(i64,)> = store.fetch_all(count()).await.expect("a count");
            let mut tx = store.snapshot().await.expect("a transaction that reads");
            assert_eq!(tx.fetch_all::<(i64,)>(count()).await.expect("a count"), found);
            let mut tx = store.begin().await.expect("a transaction that writes");
            tx.execute(Sql::fixed("DELETE FROM customers", [])).await.expect("a statement");
            tx.commit().await.expect("a commit");
        }
    }
}
