//! Many follow while much happens, and sockets are cut: each gets exactly its tenant's changes, in order, once.

use std::collections::BTreeMap;

use events::{CustomerId, Source};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::sync::Barrier;

use super::client::ListSocket;
use super::people::People;
use crate::house::{House, Somebody};
use crate::socket::Port;

const TENANTS: usize = 3;
const SUBSCRIBERS: usize = 8;
const CUSTOMERS: usize = 4;
const CHANGES: usize = 40;

/// What a subscriber was told: position → customer and what they wrote.
type Heard = BTreeMap<u64, (String, String)>;

/// Follows a list until a message says that it is the last, and comes back after every so many changes.
async fn follow(port: &Port, who: &Somebody, cut_after: usize, ready: &Barrier) -> Heard {
    let (mut heard, mut known, mut last) = (Heard::new(), None, false);
    while !last {
        let mut socket = ListSocket::open(port, who).await;
        let request = match known {
            None => json!({ "type": "subscribe", "filters": {} }),
            Some(position) => json!({ "type": "resume", "filters": {}, "position": position }),
        };
        let page = socket.ask(&request).await;
        if known.is_none() {
            known = page["position"].as_u64();
            ready.wait().await;
        }
        for _ in 0..cut_after {
            let frame = socket.hear().await;
            if frame["type"] == "customers_page" {
                continue;
            }
            let (position, said) = word(&frame);
            assert!(Some(position) > known, "in order");
            known = Some(position);
            last = said.1 == "the last";
            assert_eq!(heard.insert(position, said), None, "once");
            if last {
                break;
            }
        }
    }
    heard
}

fn word(frame: &Value) -> (u64, (String, String)) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let said = &frame["customer"]["conversations"][0]["last_message"]["content"];
    (frame["position"].as_u64().expect("a position"), (text(&frame["customer_id"]), text(said)))
}

/// What happens in a tenant: customers write in turns, at random times to each other.
async fn happen(people: &People<'_>, customers: &[CustomerId]) -> Vec<(String, String)> {
    let mut said = Vec::new();
    for number in 0..=CHANGES {
        let customer = &customers[number % customers.len()];
        let text = if number == CHANGES { "the last".to_owned() } else { format!("{number}") };
        people.write(customer, Source::Telegram, &text).await;
        said.push((customer.to_string(), text));
    }
    said
}

#[tokio::test]
async fn each_gets_exactly_its_tenant_s_changes_in_order_and_once() {
    let house = House::start().await;
    let port = Port::open(&house).await;
    let mut tenants = Vec::new();
    for _ in 0..TENANTS {
        let owner = house.owner().await;
        let people = People::of(&house, &owner.tenant);
        let mut customers = Vec::new();
        for number in 0..CUSTOMERS {
            customers.push(people.arrive(Source::Telegram, &format!("C{number}"), "X", "").await);
        }
        tenants.push((owner, people, customers));
    }
    let ready = Barrier::new(TENANTS * (SUBSCRIBERS + 1));
    let work = tenants.iter().map(|(owner, people, customers)| {
        let (port, ready) = (&port, &ready);
        async move {
            let subscribers = (0..SUBSCRIBERS).map(|number| follow(port, owner, 3 + number * 2, ready));
            let happening = async {
                // Whoever subscribes after something happened cannot have been told of it.
                ready.wait().await;
                happen(people, customers).await
            };
            tokio::join!(join_all(subscribers), happening)
        }
    });
    for (heard, said) in join_all(work).await {
        for heard in heard {
            assert_eq!(heard.into_values().collect::<Vec<_>>(), said);
        }
    }
}
