//! Answers that are longer than a channel's messages: every part gets out, in order, whatever comes between two of them.

use std::time::Duration;

use events::{Position, Source, StreamRef};
use gateway::channel::outbox::Outbox;
use serde_json::{Value, json};

use crate::channels::{PLEA, answer, count, hand_on, stream};
use crate::outbox::{Shop, taken};

/// How long what is being sent may take at the end.
const PATIENCE: Duration = Duration::from_secs(30);

/// What takes Messenger three parts.
fn long() -> String {
    "Your order left the kitchen at noon. ".repeat(110).trim().to_owned()
}

/// A customer of a shop who has heard the acknowledgement, while an answer in three parts and one more are on their way.
struct Waits {
    shop: Shop,
    outbox: Outbox,
    taken_in: Value,
    conversation: StreamRef,
    /// Where the acknowledgement was noted.
    noted: Position,
}

impl Waits {
    async fn begin() -> Self {
        let mut shop = Shop::open().await;
        let taken_in = hand_on(&shop.house, &shop.owner, &shop.page, "7", PLEA).await;
        let conversation = stream(&shop.owner, &taken_in);
        let position = answer(&shop.house, &conversation, &long()).await;
        answer(&shop.house, &conversation, "short").await;
        let outbox = Outbox::start(&shop.house.state);
        shop.channel.next().await.answer(200, &taken("mid.word"));
        let (_, noted) = shop.became(position, "message_delivered").await;
        Self { shop, outbox, taken_in, conversation, noted }
    }
}

/// The three parts come and are taken, and behind them the other answer.
async fn all_of_it_comes(shop: &mut Shop, to: &str) {
    let mut heard = Vec::new();
    for number in 1..=3 {
        let part = shop.channel.next().await;
        assert_eq!(part.json()["recipient"]["id"], to);
        heard.push(part.text());
        part.answer(200, &taken(&format!("mid.{number}")));
    }
    assert_eq!(heard.join(" "), long());
    let next = shop.channel.next().await;
    assert_eq!(next.text(), "short");
    next.answer(200, &taken("mid.short"));
}

#[tokio::test]
async fn a_long_answer_goes_out_in_parts_and_none_that_was_taken_goes_again() {
    let Waits { mut shop, outbox, conversation, noted, .. } = Waits::begin().await;
    let mut heard = Vec::new();
    // The second part and the third stumble; the first is not sent again.
    for (status, body) in
        [(200, taken("mid.1")), (503, Value::Null), (200, taken("mid.2")), (500, Value::Null), (200, taken("mid.3"))]
    {
        let part = shop.channel.next().await;
        assert!(part.text().encode_utf16().count() <= 2_000);
        if status == 200 {
            heard.push(part.text());
        }
        part.answer(status, &body);
    }
    assert_eq!(heard.join(" "), long());
    let (delivered, _) = shop.became(noted, "message_delivered").await;
    assert_eq!(delivered["data"]["external_id"], "mid.3", "it is there when its last part is");
    let next = shop.channel.next().await;
    assert_eq!(next.text(), "short");
    next.answer(200, &taken("mid.short"));
    outbox.stop(PATIENCE).await;
    assert_eq!(count(&shop.house, &conversation, "agent_replied").await, 2);
}

#[tokio::test]
async fn a_part_that_is_refused_for_good_fails_the_answer_and_says_which() {
    let mut shop = Shop::open().await;
    let conversation = shop.plea("7").await;
    let position = answer(&shop.house, &conversation, &"word ".repeat(600)).await;
    let _outbox = Outbox::start(&shop.house.state);
    shop.channel.next().await.answer(200, &taken("mid.word"));
    shop.channel.next().await.answer(200, &taken("mid.1"));
    shop.channel.next().await.answer(403, &Value::Null);
    let (failed, _) = shop.became(position, "message_failed").await;
    assert_eq!(failed["data"]["reason"], "Part 2 of 2: The channel answered 403.");
    assert!(shop.channel.is_silent());
}

#[tokio::test]
async fn whoever_takes_over_between_two_parts_sends_the_answer_from_its_first_and_nothing_comes_between() {
    let Waits { mut shop, outbox, conversation, noted, .. } = Waits::begin().await;
    shop.channel.next().await.answer(200, &taken("mid.1"));
    // The second part is heard, and the process that sent it is gone.
    let second = shop.channel.next().await;
    outbox.abort().await;
    second.answer(200, &taken("mid.2"));
    assert_eq!(count(&shop.house, &conversation, "message_delivered").await, 1, "it is not there before its last part is");
    let again = Outbox::start(&shop.house.state);
    all_of_it_comes(&mut shop, "7").await;
    let (delivered, long) = shop.became(noted, "message_delivered").await;
    assert_eq!(delivered["data"]["external_id"], "mid.3");
    shop.became(long, "message_delivered").await;
    again.stop(PATIENCE).await;
    assert!(shop.channel.is_silent());
    assert_eq!(count(&shop.house, &conversation, "message_delivered").await, 3, "each is noted once");
}

#[tokio::test]
async fn an_answer_that_takes_another_way_between_two_parts_takes_it_whole() {
    let Waits { mut shop, outbox: _outbox, noted, .. } = Waits::begin().await;
    shop.channel.next().await.answer(200, &taken("mid.1"));
    let second = shop.channel.next().await;
    let secrets = json!({ "outbound_url": format!("{}/hook", shop.channel.url) });
    shop.house.patch(&shop.owner, &format!("/api/pages/{}/", shop.page), &secrets).await.is(200);
    second.answer(503, &Value::Null);
    let whole = shop.channel.next().await;
    assert_eq!((whole.path.as_str(), &whole.json()["text"]), ("/hook", &json!(long())));
    whole.answer(200, &json!({ "message_id": "hook-1" }));
    assert_eq!(shop.became(noted, "message_delivered").await.0["data"]["external_id"], "hook-1");
}

#[tokio::test]
async fn who_is_somebody_else_in_the_channel_between_two_parts_gets_the_whole_answer() {
    let Waits { mut shop, outbox: _outbox, taken_in, .. } = Waits::begin().await;
    shop.channel.next().await.answer(200, &taken("mid.1"));
    let second = shop.channel.next().await;
    shop.is_now(&taken_in, Source::Messenger, "8").await;
    second.answer(503, &Value::Null);
    all_of_it_comes(&mut shop, "8").await;
}
