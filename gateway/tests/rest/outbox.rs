//! The outbox: every answer gets out, in order, and what became of it is noted once.

use commands::customer::ChangeContact;
use commands::{Customer, CustomerCommand, Meta};
use events::{Contact, Position, Source};
use gateway::channel::messenger::signature::Signature;
use gateway::channel::outbox::{Outbox, OutboxOptions};
use serde_json::{Value, json};

use crate::channels::{PLEA, answer, connect, count, event, hand_on, head, sends_to, stream};
use crate::fake::FakeChannel;
use crate::house::{House, Somebody};

/// A shop with a page of a channel that listens, and a customer who waits for a person and has heard the acknowledgement.
pub struct Shop {
    pub channel: FakeChannel,
    pub house: House,
    pub owner: Somebody,
    pub page: String,
}

impl Shop {
    pub async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    async fn open_with(change: impl FnOnce(&mut OutboxOptions)) -> Self {
        let channel = FakeChannel::start().await;
        let mut options = sends_to(&channel);
        change(&mut options.outbox);
        let house = House::start_with(options).await;
        let owner = house.owner().await;
        let page = connect(&house, &owner, "messenger", "100", json!({ "access_token": "token-1", "app_secret": "s" })).await;
        Self { channel, house, owner, page }
    }

    /// Somebody who asks for a person.
    pub async fn plea(&self, writer: &str) -> events::StreamRef {
        stream(&self.owner, &hand_on(&self.house, &self.owner, &self.page, writer, PLEA).await)
    }

    /// Whoever wrote what was taken in is somebody else in the channel from now on; gives the position.
    pub async fn is_now(&self, taken_in: &Value, source: Source, id: &str) -> Position {
        let customer = taken_in["customer_id"].as_str().expect("an id").parse().expect("an id");
        let contact = Contact { source, source_id: id.into(), ..Contact::default() };
        let change = CustomerCommand::ChangeContact(ChangeContact { contact });
        let stream = events::StreamRef::customer(&self.owner.tenant, &customer);
        let changed = self.house.state.executor.execute::<Customer>(&stream, change, &Meta::system("test"), None).await;
        changed.expect("changed").position
    }

    /// What became of an answer, behind a position.
    pub async fn became(&self, after: Position, kind: &str) -> (Value, Position) {
        event(&self.house, &self.owner, after, &format!("conversation.{kind}")).await
    }
}

/// That the channel took a message, and calls it so.
pub fn taken(id: &str) -> Value {
    json!({ "recipient_id": "7", "message_id": id })
}

#[tokio::test]
async fn an_answer_is_sent_in_the_pages_name_and_noted() {
    let mut shop = Shop::open().await;
    let conversation = shop.plea("7").await;
    let outbox = Outbox::start(&shop.house.state);
    let word = shop.channel.next().await;
    assert_eq!(word.path, "/v23.0/me/messages");
    assert_eq!(word.header("authorization"), Some("Bearer token-1"));
    let sent = word.json();
    assert_eq!((&sent["recipient"]["id"], &sent["messaging_type"]), (&json!("7"), &json!("RESPONSE")));
    let before = head(&shop.house, &shop.owner).await;
    word.answer(200, &taken("mid.out.1"));
    let (delivered, _) = shop.became(before, "message_delivered").await;
    assert_eq!(delivered["data"]["external_id"], "mid.out.1");
    assert_eq!(delivered["actor"]["id"], "outbox");
    let position = answer(&shop.house, &conversation, "How can I help?").await;
    let sent = shop.channel.next().await;
    assert_eq!(sent.text(), "How can I help?");
    sent.answer(200, &taken("mid.out.2"));
    shop.became(position, "message_delivered").await;
    outbox.stop(std::time::Duration::from_secs(30)).await;
    assert!(shop.channel.is_silent());
}

#[tokio::test]
async fn a_channel_that_stumbles_is_asked_again_and_the_order_is_kept() {
    let mut shop = Shop::open().await;
    let conversation = shop.plea("7").await;
    answer(&shop.house, &conversation, "first").await;
    let last = answer(&shop.house, &conversation, "second").await;
    let _outbox = Outbox::start(&shop.house.state);
    let busy = json!({ "error": { "message": "Temporary send message failure", "code": 1200 } });
    let transient = json!({ "error": { "message": "Try again", "code": 0, "is_transient": true } });
    for (status, body) in [(500, &Value::Null), (503, &Value::Null), (429, &Value::Null), (400, &busy), (400, &transient)] {
        let heard = shop.channel.next().await;
        assert!(heard.text().starts_with("I've notified our team"), "{}", heard.text());
        heard.answer(status, body);
    }
    for (text, id) in [("I've notified", "mid.1"), ("first", "mid.2"), ("second", "mid.3")] {
        let heard = shop.channel.next().await;
        assert!(heard.text().starts_with(text), "{} instead of {text}", heard.text());
        heard.answer(200, &taken(id));
    }
    shop.became(last, "message_delivered").await;
    let (_, position) = event(&shop.house, &shop.owner, last, "conversation.message_delivered").await;
    let (_, position) = event(&shop.house, &shop.owner, position, "conversation.message_delivered").await;
    event(&shop.house, &shop.owner, position, "conversation.message_delivered").await;
    assert_eq!(count(&shop.house, &conversation, "message_failed").await, 0);
}

#[tokio::test]
async fn what_the_channel_refuses_for_good_is_shown_as_failed_and_holds_nothing_up() {
    let mut shop = Shop::open().await;
    let conversation = shop.plea("7").await;
    let last = answer(&shop.house, &conversation, "next").await;
    let _outbox = Outbox::start(&shop.house.state);
    let refusal = json!({ "error": { "message": "(#10) This message is sent outside of allowed window.", "code": 10 } });
    shop.channel.next().await.answer(400, &refusal);
    let (failed, _) = shop.became(last, "message_failed").await;
    let reason = failed["data"]["reason"].as_str().expect("a reason");
    assert_eq!(reason, "The channel answered 400: (#10) This message is sent outside of allowed window.");
    let next = shop.channel.next().await;
    assert_eq!(next.text(), "next");
    next.say(200, "what was taken was taken, whatever is said about it");
    let (delivered, _) = shop.became(last, "message_delivered").await;
    assert_eq!(delivered["data"]["external_id"], "");
    assert!(shop.channel.is_silent());
}

#[tokio::test]
async fn patience_with_a_channel_has_an_end() {
    let mut shop = Shop::open_with(|options| options.patience = std::time::Duration::ZERO).await;
    shop.plea("7").await;
    let before = head(&shop.house, &shop.owner).await;
    let _outbox = Outbox::start(&shop.house.state);
    shop.channel.next().await.answer(503, &Value::Null);
    let (failed, _) = shop.became(before, "message_failed").await;
    assert_eq!(failed["data"]["reason"], "The channel answered 503. It was tried for long enough.");
}

#[tokio::test]
async fn nobody_is_written_to_by_an_id_of_another_channel() {
    let mut shop = Shop::open().await;
    let taken_in = hand_on(&shop.house, &shop.owner, &shop.page, "7", PLEA).await;
    let before = shop.is_now(&taken_in, Source::Telegram, "4711").await;
    let _outbox = Outbox::start(&shop.house.state);
    let (failed, _) = shop.became(before, "message_failed").await;
    assert_eq!(failed["data"]["reason"], "The customer is not known in this channel.");
    assert!(shop.channel.is_silent());
}

#[tokio::test]
async fn a_crash_between_sending_and_noting_sends_again_and_notes_once() {
    let mut shop = Shop::open().await;
    let conversation = shop.plea("7").await;
    let outbox = Outbox::start(&shop.house.state);
    let first = shop.channel.next().await;
    let text = first.text();
    // The channel took it, and the process that asked is gone.
    outbox.abort().await;
    first.answer(200, &taken("mid.1"));
    assert_eq!(count(&shop.house, &conversation, "message_delivered").await, 0);
    let before = head(&shop.house, &shop.owner).await;
    let again = Outbox::start(&shop.house.state);
    let second = shop.channel.next().await;
    assert_eq!(second.text(), text);
    second.answer(200, &taken("mid.2"));
    shop.became(before, "message_delivered").await;
    again.stop(std::time::Duration::from_secs(30)).await;
    // What was noted is not sent by whoever comes next.
    let third = Outbox::start(&shop.house.state);
    let position = answer(&shop.house, &conversation, "next").await;
    let next = shop.channel.next().await;
    assert_eq!(next.text(), "next");
    next.answer(200, &taken("mid.3"));
    shop.became(position, "message_delivered").await;
    assert_eq!(count(&shop.house, &conversation, "message_delivered").await, 2);
    third.stop(std::time::Duration::from_secs(30)).await;
}

#[tokio::test]
async fn of_several_processes_one_sends_and_another_takes_over_when_it_is_gone() {
    let mut shop = Shop::open().await;
    let outboxes = [Outbox::start(&shop.house.state), Outbox::start(&shop.house.state), Outbox::start(&shop.house.state)];
    for number in 0..8 {
        let conversation = shop.plea(&format!("writer-{number}")).await;
        let heard = shop.channel.next().await;
        heard.answer(200, &taken(&format!("mid.{number}")));
        shop.became(Position::START, "message_delivered").await;
        assert_eq!(count(&shop.house, &conversation, "bot_replied").await, 1);
    }
    assert!(shop.channel.is_silent(), "an answer was sent twice");
    let [first, second, third] = outboxes;
    first.abort().await;
    second.abort().await;
    shop.plea("late").await;
    shop.channel.next().await.answer(200, &taken("mid.late"));
    third.stop(std::time::Duration::from_secs(30)).await;
}

#[tokio::test]
async fn an_answer_without_a_way_out_is_never_silently_lost() {
    let shop = Shop::open().await;
    let (house, owner) = (&shop.house, &shop.owner);
    let _outbox = Outbox::start(&house.state);
    // A Messenger page without a token: the people of the tenant are told.
    let page = connect(house, owner, "messenger", "200", json!({})).await;
    let before = head(house, owner).await;
    hand_on(house, owner, &page, "7", PLEA).await;
    let (failed, _) = shop.became(before, "message_failed").await;
    assert_eq!(failed["data"]["reason"], "The page has no access token.");
    // A channel that another program runs: it reads what stands in Kith.
    let page = connect(house, owner, "telegram", "bot", json!({})).await;
    let before = head(house, owner).await;
    hand_on(house, owner, &page, "7", PLEA).await;
    let (delivered, _) = shop.became(before, "message_delivered").await;
    assert_eq!(delivered["data"]["external_id"], "");
}

#[tokio::test]
async fn a_program_of_the_tenant_gets_answers_signed() {
    let mut shop = Shop::open().await;
    let url = format!("{}/hook", shop.channel.url);
    let secrets = json!({ "outbound_url": url, "app_secret": "hook-secret" });
    let page = connect(&shop.house, &shop.owner, "telegram", "bot", secrets).await;
    let taken_in = hand_on(&shop.house, &shop.owner, &page, "42", PLEA).await;
    let _outbox = Outbox::start(&shop.house.state);
    let heard = shop.channel.next().await;
    assert_eq!(heard.path, "/hook");
    let signature = heard.header("x-kith-signature-256").and_then(Signature::of_header).expect("a signature");
    assert!(signature.fits("hook-secret", &heard.raw));
    let message = heard.json();
    assert_eq!(heard.header("idempotency-key"), message["message_id"].as_str());
    for (member, value) in [("recipient", json!("42")), ("source", json!("telegram")), ("is_ai_response", json!(true))] {
        assert_eq!(message[member], value, "{member}");
    }
    assert_eq!((&message["customer_id"], &message["page_id"]), (&taken_in["customer_id"], &json!(page)));
    let before = head(&shop.house, &shop.owner).await;
    heard.answer(200, &json!({ "message_id": "tg-1" }));
    assert_eq!(shop.became(before, "message_delivered").await.0["data"]["external_id"], "tg-1");
}

#[tokio::test]
async fn what_was_forgotten_is_not_sent() {
    let mut shop = Shop::open().await;
    let doomed = hand_on(&shop.house, &shop.owner, &shop.page, "7", PLEA).await;
    let id = doomed["customer_id"].as_str().expect("an id");
    shop.house.post(Some(&shop.owner), &format!("/api/customers/{id}/forget/"), &json!({})).await.is(204);
    shop.plea("8").await;
    let _outbox = Outbox::start(&shop.house.state);
    let heard = shop.channel.next().await;
    assert_eq!(heard.json()["recipient"]["id"], "8");
    let before = head(&shop.house, &shop.owner).await;
    heard.answer(200, &taken("mid.1"));
    shop.became(before, "message_delivered").await;
    assert!(shop.channel.is_silent());
}
