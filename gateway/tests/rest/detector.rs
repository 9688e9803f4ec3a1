//! The detector of requests for a person: a language model that answers well, badly, late or not at all.

use std::time::Duration;

use gateway::DoorOptions;
use gateway::desk::detector::remote::RemoteOptions;
use serde_json::{Value, json};

use crate::channels::{PLEA, connect, history, stream};
use crate::fake::{FakeChannel, Heard};
use crate::house::{House, Somebody};

/// A door that asks this model, and waits so long for it.
async fn house(model: &FakeChannel, timeout: Duration) -> (House, Somebody, String) {
    let remote = RemoteOptions {
        url: format!("{}/v1", model.url),
        model: "tiny".to_owned(),
        key: Some("hush".to_owned().into()),
        timeout,
    };
    let options = DoorOptions { detector: Some(remote), requests_per_second: 0, ..DoorOptions::default() };
    let house = House::start_with(options).await;
    let owner = house.owner().await;
    let page = connect(&house, &owner, "telegram", "bot", json!({})).await;
    (house, owner, page)
}

/// What became of a message, when the model answers it so.
async fn say(
    (house, owner, page): &(House, Somebody, String),
    model: &mut FakeChannel,
    writer: &str,
    text: &str,
    reply: impl FnOnce(Heard),
) -> Value {
    let body = json!({ "page_id": page, "source_id": writer, "text": text });
    let replied = async { reply(model.next().await) };
    let (answer, ()) = tokio::join!(house.post(Some(owner), "/api/desk/inbound/", &body), replied);
    answer.is(200).json()
}

fn verdict(asks: bool) -> Value {
    let content = json!({ "asks_for_person": asks }).to_string();
    json!({ "choices": [{ "message": { "role": "assistant", "content": content } }] })
}

#[tokio::test]
async fn the_model_decides_where_it_answers() {
    let mut model = FakeChannel::start().await;
    let world = house(&model, Duration::from_secs(30)).await;
    let asked = say(&world, &mut model, "1", "Just a chat", |heard| {
        assert_eq!(heard.path, "/v1/chat/completions");
        assert_eq!(heard.header("authorization"), Some("Bearer hush"));
        assert_eq!(heard.json()["messages"][1]["content"], "Just a chat");
        heard.answer(200, &verdict(true));
    })
    .await;
    assert_eq!(asked["agent_requested"], true);
    let told = history(&world.0, &stream(&world.1, &asked)).await;
    let requested = told.iter().find(|event| event["type"] == "conversation.agent_requested").expect("requested");
    assert_eq!(requested["data"]["detector"], "remote");
    let not_asked = say(&world, &mut model, "2", PLEA, |heard| heard.answer(200, &verdict(false))).await;
    assert_eq!(not_asked["agent_requested"], false);
}

#[tokio::test]
async fn a_model_that_fails_or_talks_nonsense_is_passed_over() {
    let mut model = FakeChannel::start().await;
    let world = house(&model, Duration::from_secs(30)).await;
    let nonsense = json!({ "choices": [{ "message": { "content": "As a language model, I would say maybe." } }] });
    let replies: [(u16, String); 5] = [
        (500, "oops".to_owned()),
        (429, String::new()),
        (200, "{".to_owned()),
        (200, nonsense.to_string()),
        (200, json!({ "choices": [] }).to_string()),
    ];
    for (number, (status, body)) in replies.into_iter().enumerate() {
        let writer = format!("writer-{number}");
        let asked = say(&world, &mut model, &writer, PLEA, |heard| heard.say(status, &body)).await;
        assert_eq!(asked["agent_requested"], true, "{status} {body}");
        let calm =
            say(&world, &mut model, &format!("calm-{number}"), "What time do you open?", |heard| heard.say(status, &body)).await;
        assert_eq!(calm["agent_requested"], false, "{status} {body}");
    }
}

#[tokio::test]
async fn a_model_that_does_not_answer_holds_nobody_up() {
    let mut model = FakeChannel::start().await;
    let world = house(&model, Duration::from_millis(100)).await;
    let mut unanswered = None;
    let asked = say(&world, &mut model, "1", PLEA, |heard| unanswered = Some(heard)).await;
    assert_eq!(asked["agent_requested"], true, "the local detector answers");
    drop(unanswered);
    let gone = {
        let nobody = FakeChannel::start().await;
        house(&nobody, Duration::from_secs(30)).await
    };
    let (house, owner, page) = &gone;
    let body = json!({ "page_id": page, "source_id": "1", "text": PLEA });
    let answer = house.post(Some(owner), "/api/desk/inbound/", &body).await.is(200).json();
    assert_eq!(answer["agent_requested"], true, "nobody is there to ask");
}
