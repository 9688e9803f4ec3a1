//! Whatever happens, and however late the list is looked at: the page is that of the list, the count is exact, and who is in the
//! list is who was told to have entered and not to have left.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta};
use events::Contact;
use proptest::prelude::*;
use query_api::contacts::ContactQuestion;
use serde_json::json;

use super::*;

/// What happens to a customer: another name, another email address, deletion and return, erasure.
#[derive(Debug, Clone, Copy)]
struct Deed {
    customer: u8,
    what: u8,
    /// How many more deeds are done before somebody who looks sees the list.
    late: u8,
}

fn filter(which: u8) -> ContactFilter {
    let filters = [
        json!({}),
        json!({ "has_email": "true" }),
        json!({ "has_email": "true", "order_by": "first_name" }),
        json!({ "search": "a", "order_by": "-first_name" }),
        json!({ "order_by": "created_at" }),
    ];
    let filters = filters[usize::from(which) % filters.len()].as_object().expect("an object");
    ContactQuestion::parse(filters).expect("a filter").filter
}

/// A customer of whom little is known.
pub fn row(number: u8) -> ContactRow {
    let time = DateTime::UNIX_EPOCH + TimeDelta::seconds(i64::from(number));
    ContactRow {
        id: format!("customer-{number}").parse().expect("an id"),
        no: i64::from(number),
        is_live: true,
        version: 1,
        position: Position(0),
        name: "a".to_owned(),
        email: String::new(),
        phone: String::new(),
        contact: Contact::default(),
        tags: Vec::new(),
        conversations: Vec::new(),
        created_at: time,
        updated_at: time,
    }
}

/// The rows after every deed, and what each changed. The first state is the beginning.
fn histories(deeds: &[Deed]) -> (Vec<Vec<ContactRow>>, Vec<ContactChange>) {
    let mut rows: Vec<ContactRow> = (0..6).map(row).collect();
    let (mut states, mut changes) = (vec![rows.clone()], Vec::new());
    for (position, deed) in (1_u64..).zip(deeds) {
        let number = deed.customer % 9;
        let id = row(number).id;
        let before = rows.iter().position(|row| row.id == id).map(|at| rows.remove(at));
        let mut after = before.clone().unwrap_or_else(|| row(number));
        after.position = Position(position);
        let time = DateTime::UNIX_EPOCH + TimeDelta::seconds(100 + i64::try_from(position / 2).expect("small"));
        after.updated_at = after.updated_at.max(time);
        match deed.what % 6 {
            0 => after.is_live = !after.is_live,
            1 => after.name = ["b", "ab", "c", "a"][usize::from(deed.what / 6) % 4].to_owned(),
            2 | 3 => after.email = ["", "x"][usize::from(deed.what / 6) % 2].to_owned(),
            _ => after.phone = position.to_string(),
        }
        let what = if deed.what == 60 {
            Change::Erased { customer: id, after: None }
        } else {
            rows.push(after.clone());
            Change::Row { before: before.map(Arc::new), after: Arc::new(after) }
        };
        changes.push(ContactChange { position: Position(position), what });
        states.push(rows.clone());
    }
    (states, changes)
}

/// What is looked at when so many deeds are done.
fn look(filter: &ContactFilter, size: usize, states: &[Vec<ContactRow>], done: usize) -> Look {
    let names = TagNames::default();
    let done = done.min(states.len() - 1);
    let listed = states[done].iter().filter(|row| filter.matches(row, &names));
    let mut rows: Vec<Arc<ContactRow>> = listed.cloned().map(Arc::new).collect();
    rows.sort_by(|a, b| filter.cmp(a, b));
    let count = rows.len() as u64;
    rows.truncate(size);
    Look { count, rows, names: TagNames::default().into(), position: Position(done as u64) }
}

/// What a client knows: the page that it keeps as the socket's documentation says, and who is in the list.
#[derive(Debug, Default)]
struct Client {
    page: Vec<(CustomerId, Option<ContactRow>)>,
    at: Position,
    members: BTreeSet<CustomerId>,
    count: u64,
}

impl Client {
    fn show(&mut self, look: &Look) {
        self.page = look.rows.iter().map(|row| (row.id.clone(), Some((**row).clone()))).collect();
        (self.at, self.count) = (look.position, look.count);
    }

    fn hear(&mut self, told: &Told<'_>, size: usize) {
        match told.happened {
            Happened::Entered => assert!(self.members.insert(told.customer.clone()), "entered twice"),
            // Nobody can tell who had somebody that is erased.
            Happened::Left => assert!(self.members.remove(told.customer) || told.row.is_none(), "left twice"),
            Happened::Updated | Happened::Moved => assert!(self.members.contains(told.customer)),
        }
        self.count = told.count;
        if told.position <= self.at {
            return;
        }
        self.page.retain(|(id, _)| id != told.customer);
        if let Some(index) = told.index {
            self.page.insert(index, (told.customer.clone(), told.row.cloned()));
            self.page.truncate(size);
        }
    }
}

fn check(deeds: &[Deed], which: u8, size: usize, start: usize, resumed: usize) {
    let (filter, names) = (filter(which), TagNames::default());
    let (states, changes) = histories(deeds);
    let start = start.min(deeds.len());
    let told = Position(start.saturating_sub(resumed) as u64);
    let listed = look(&filter, size, &states, start);
    let mut client = Client::default();
    client.show(&listed);
    client.members = look(&filter, usize::MAX, &states, usize::try_from(told.0).expect("small"))
        .rows
        .iter()
        .map(|row| row.id.clone())
        .collect();
    let mut query = LiveQuery::new(filter.clone(), size as u64, &listed, told);
    for (done, (change, deed)) in (1..).zip(changes.iter().zip(deeds)) {
        let mut step = query.take(change, &names);
        if step == Step::Look {
            let listed = look(&filter, size, &states, done + usize::from(deed.late));
            client.show(&listed);
            query.look(&listed);
            step = query.take(change, &names);
        }
        match step {
            Step::Tell(told) => client.hear(&told, size),
            Step::Pass => {}
            Step::Look => panic!("it was looked at"),
        }
        if query.is_short() {
            let listed = look(&filter, size, &states, done + usize::from(deed.late));
            client.show(&listed);
            query.look(&listed);
        }
        assert_eq!(query.take(change, &names), Step::Pass, "told once");
    }
    let last = look(&filter, usize::MAX, &states, deeds.len());
    let ids: Vec<_> = last.rows.iter().map(|row| row.id.clone()).collect();
    assert_eq!((client.count, &client.members), (last.count, &ids.iter().cloned().collect()));
    let page: Vec<_> = last.rows.iter().take(size).map(|row| (row.id.clone(), Some((**row).clone()))).collect();
    assert_eq!(client.page, page);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_client_keeps_its_page_its_count_and_its_members(
        deeds in proptest::collection::vec((any::<u8>(), 0..61_u8, 0..4_u8), 0..60),
        which in any::<u8>(),
        size in 1..5_usize,
        start in 0..20_usize,
        resumed in 0..10_usize,
    ) {
        let deeds: Vec<Deed> = deeds.into_iter().map(|(customer, what, late)| Deed { customer, what, late }).collect();
        check(&deeds, which, size, start, resumed);
    }
}
