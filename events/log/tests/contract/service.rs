//! Requests and answers.

use std::collections::BTreeSet;
use std::time::Duration;

use bytes::Bytes;
use event_log::LogError;
use event_log::service::{Answer, Client, Headers, Service};
use futures_util::future::join_all;

use crate::samples::{PATIENCE, log};

const SUBJECT: &str = "kith.test.*.>";

async fn offer(log: &event_log::Log) -> Service {
    log.serve(SUBJECT, "test", "answers tests").await.expect("offered")
}

/// Answers everything with its own name and what was asked.
async fn echo(mut service: Service, name: &'static str) {
    while let Some(request) = service.next().await {
        let headers = vec![("who".to_owned(), name.to_owned())];
        let payload = Bytes::from([request.subject().as_bytes(), b" ", request.payload()].concat());
        let error = request.header("X-FAIL").map(|sentence| (409, sentence.to_owned()));
        request.answer(Answer { headers, payload, error }).await.expect("answered");
    }
}

fn header<'a>(headers: &'a Headers, name: &str) -> Option<&'a str> {
    headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

#[tokio::test]
async fn who_asks_gets_an_answer_with_headers_or_an_error() {
    let (server, log) = log().await;
    tokio::spawn(echo(offer(&log).await, "one"));
    let client = Client::connect(server.server().url()).await.expect("connected");
    let answer = client.ask("kith.test.a.b.c", &Headers::new(), "hello".into(), PATIENCE).await.expect("an answer");
    assert_eq!(answer.payload, "kith.test.a.b.c hello");
    assert_eq!((header(&answer.headers, "who"), answer.error), (Some("one"), None));
    let fail = vec![("x-fail".to_owned(), "two\nlines".to_owned())];
    assert!(matches!(client.ask("kith.test.a.b", &fail, Bytes::new(), PATIENCE).await, Err(LogError::Unexpected(_))));
    let fail = vec![("x-fail".to_owned(), "no good".to_owned())];
    let answer = client.ask("kith.test.a.b", &fail, "x".into(), PATIENCE).await.expect("an answer");
    assert_eq!((answer.error, answer.payload), (Some((409, "no good".to_owned())), "kith.test.a.b x".into()));
}

#[tokio::test]
async fn processes_that_offer_the_same_share_it() {
    let (server, one) = log().await;
    let other = server.log().await.expect("another process");
    tokio::spawn(echo(offer(&one).await, "one"));
    tokio::spawn(echo(offer(&other).await, "other"));
    let client = Client::connect(server.server().url()).await.expect("connected");
    let ask = |n: usize| {
        let client = client.clone();
        async move {
            let payload = Bytes::from(n.to_string());
            client.ask("kith.test.t.c", &Headers::new(), payload, PATIENCE).await.expect("an answer")
        }
    };
    let answers = join_all((0..200).map(ask)).await;
    let who: BTreeSet<_> = answers.iter().filter_map(|answer| header(&answer.headers, "who")).collect();
    assert_eq!(who, BTreeSet::from(["one", "other"]), "each took some, and each request was taken once");
}

#[tokio::test]
async fn a_service_that_stops_answers_what_it_has_and_then_nobody_does() {
    let (server, log) = log().await;
    let mut service = offer(&log).await;
    let client = Client::connect(server.server().url()).await.expect("connected");
    let asking = tokio::spawn({
        let client = client.clone();
        async move { client.ask("kith.test.t.c", &Headers::new(), "x".into(), PATIENCE).await }
    });
    let request = service.next().await.expect("a request");
    service.stop().await;
    assert!(service.next().await.is_none(), "no more come");
    request.answer(Answer { payload: "late".into(), ..Answer::default() }).await.expect("answered");
    assert_eq!(asking.await.expect("no panic").expect("an answer").payload, "late");
    let nobody = client.ask("kith.test.t.c", &Headers::new(), "x".into(), Duration::from_secs(5)).await;
    assert!(matches!(nobody, Err(LogError::Unavailable(_))), "{nobody:?}");
}
