//! Names of customers can be found once they are in touch with a page, and never again once they are forgotten.

use std::sync::Arc;

use events::conversation::{Forgotten, Started};
use events::customer::{Arrived, Profile, ProfileChanged};
use events::{
    Contact, ConversationEvent, ConversationId, CustomerEvent, CustomerId, Event, PageId, Position, Recorded, Source, StreamRef,
};
use projections::customer::search;
use projections::db::{Sql, TextIndex};
use projections::desk::{Desk, NAME};
use projections::testing::TestDb;
use projections::testing::given::recorded;
use projections::testing::history::tenant;

/// How many names with a word the text index knows, whatever the tables say.
async fn found(test: &TestDb, word: &str) -> usize {
    let store = test.models().of(NAME).expect("the store");
    let needles = [search::needle(&tenant(0), word)];
    let text = store.backend().matching(TextIndex::Search, 1);
    let rows: Vec<(i64,)> =
        store.fetch_all(Sql::composed(text, [store.backend().needles(&needles).into()])).await.expect("an answer");
    rows.len()
}

fn at(position: u64, stream: &StreamRef, version: u32, event: Event) -> Recorded {
    Recorded { position: Position(position), ..recorded(stream, version, event) }
}

#[tokio::test]
async fn a_name_is_found_from_the_first_conversation_until_the_customer_is_forgotten() {
    let customer: CustomerId = "customer-1".parse().expect("an id");
    let page: PageId = "page-1".parse().expect("an id");
    let of_customer = StreamRef::customer(&tenant(0), &customer);
    let talk = StreamRef::conversation(&tenant(0), &ConversationId::of(&customer, &page));
    let profile = Profile { name: "Annabel Lee".to_owned(), ..Profile::default() };
    let arrived = CustomerEvent::Arrived(Box::new(Arrived { profile, contact: Contact::default() }));
    let renamed = ProfileChanged { name: Some("Annabel Poe".to_owned()), ..ProfileChanged::default() };
    let started = Started { customer, page, source: Source::Telegram, title: String::new() };
    let gone = CustomerEvent::Forgotten(events::customer::Forgotten {});
    let steps = [
        (at(1, &of_customer, 1, Event::Customer(arrived)), 0, 0),
        (at(2, &talk, 1, Event::Conversation(ConversationEvent::Started(started))), 1, 0),
        (at(3, &of_customer, 2, Event::Customer(CustomerEvent::ProfileChanged(renamed))), 2, 1),
        (at(4, &of_customer, 3, Event::Customer(gone)), 0, 0),
        (at(5, &talk, 2, Event::Conversation(ConversationEvent::Forgotten(Forgotten {}))), 0, 0),
    ];
    for test in [
        TestDb::sqlite_with(&[Arc::new(Desk)]).await.expect("SQLite"),
        TestDb::postgres_with(&[Arc::new(Desk)]).await.expect("PostgreSQL"),
    ] {
        for (event, annabel, poe) in &steps {
            test.apply(std::slice::from_ref(event)).await.expect("applied");
            assert_eq!((found(&test, "annabel").await, found(&test, "poe").await), (*annabel, *poe), "{}", event.position);
        }
    }
}
