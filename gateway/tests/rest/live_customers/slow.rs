//! A client that does not read is cut off, and nobody else notices.

use events::Source;
use serde_json::json;
use tokio_tungstenite::tungstenite::protocol::Message;

use super::client::ListSocket;
use super::people::People;
use crate::house::House;
use crate::socket::Port;

/// How many customers are on a page, and how much each of them wrote last.
const PAGE: usize = 100;
const LETTER: usize = 4_000;

#[tokio::test]
async fn a_client_that_does_not_read_is_cut_off_and_nobody_else_notices() {
    let house = House::start().await;
    let (port, owner) = (Port::open(&house).await, house.owner().await);
    let people = People::of(&house, &owner.tenant);
    let letter = "x".repeat(LETTER);
    let mut last = None;
    for number in 0..PAGE {
        let id = people.arrive(Source::Telegram, &format!("N{number:03}"), "X", "").await;
        people.write(&id, Source::Telegram, &letter).await;
        last = Some(id);
    }
    let mut quick = ListSocket::open(&port, &owner).await;
    quick.subscribe(&json!({})).await;
    let mut slow = ListSocket::open(&port, &owner).await;
    // More is asked for than any buffer on the way holds, and none of it is read.
    let ask = json!({ "type": "get_customers", "filters": { "page_size": PAGE } }).to_string();
    for _ in 0..200 {
        slow.send(Message::text(ask.clone())).await;
    }
    let last = last.expect("somebody");
    people.read(&last).await;
    assert_eq!(quick.hear().await["type"], "customer_updated");
    // The goodbye stands behind what the client did not read; the socket is gone at the other end before that is read.
    let gone = async {
        while house.state.live.sockets().len() > 1 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(crate::socket::PATIENCE, gone).await.expect("it is cut off");
    people.write(&last, Source::Telegram, "again").await;
    assert_eq!(quick.hear().await["type"], "customer_moved");
}
