//! The detector as a whole, against a language model of a few lines.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use metrics_exporter_prometheus::PrometheusBuilder;
use poem::http::StatusCode;
use poem::listener::TcpAcceptor;
use poem::web::Json;
use poem::{EndpointExt, FromRequest, Request, Response, Server, endpoint};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::remote::Key;
use super::*;

/// What the model does.
#[derive(Clone)]
enum Model {
    Says(&'static str),
    Answers(StatusCode, String),
    Thinks,
}

/// What it was asked, with the header that was to open it.
type Asked = Arc<Mutex<Vec<(Option<String>, Value)>>>;

async fn answer(model: Model, asked: Asked, mut request: Request) -> Response {
    let key = request.header("authorization").map(str::to_owned);
    let (head, mut body) = request.split();
    request = head;
    let question = Json::<Value>::from_request(&request, &mut body).await.expect("a question").0;
    asked.lock().expect("asked").push((key, question));
    match model {
        Model::Says(content) => Response::builder().content_type("application/json").body(completion(content)),
        Model::Answers(status, body) => Response::builder().status(status).header("location", "/elsewhere").body(body),
        Model::Thinks => std::future::pending().await,
    }
}

fn completion(content: &str) -> String {
    json!({ "id": "1", "choices": [{ "index": 0, "message": { "role": "assistant", "content": content } }] }).to_string()
}

/// A detector with this model behind it, and what the model will have been asked.
async fn with(model: Model) -> (Detector, Asked) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/v1/", listener.local_addr().expect("an address"));
    let asked = Asked::default();
    let told = asked.clone();
    let door = endpoint::make(move |request| answer(model.clone(), told.clone(), request)).map_to_response();
    let acceptor = TcpAcceptor::from_tokio(listener).expect("an acceptor");
    tokio::spawn(Server::new_with_acceptor(acceptor).run(door));
    let key = Some(Key::from("sk-secret".to_owned()));
    let options = RemoteOptions { url, model: "small".into(), key, timeout: Duration::from_millis(300) };
    (Detector::new(Some(options)).expect("a detector"), asked)
}

#[tokio::test]
async fn the_model_decides() {
    for (content, asks) in
        [(r#"{"asks_for_person": true}"#, true), (r#" {"asks_for_person":false} "#, false), ("Yes.", true), ("no", false)]
    {
        let (detector, asked) = with(Model::Says(content)).await;
        assert_eq!(detector.examine("moin").await, Finding { asks, by: Source::Remote }, "{content}");
        let asked = asked.lock().expect("asked");
        let (key, question) = &asked[0];
        assert_eq!(key.as_deref(), Some("Bearer sk-secret"));
        assert_eq!(question["model"], "small");
        assert_eq!(question["messages"][1], json!({ "role": "user", "content": "moin" }));
    }
}

#[tokio::test]
async fn where_the_model_fails_the_local_one_answers() {
    let huge = completion(&"yes ".repeat(40_000));
    for (model, reason) in [
        (Model::Says("Certainly! The customer wants a person."), "nonsense"),
        (Model::Says(r#"{"asks_for_person": "maybe"}"#), "nonsense"),
        (Model::Answers(StatusCode::OK, "<html>".into()), "nonsense"),
        (Model::Answers(StatusCode::OK, r#"{"choices": []}"#.into()), "nonsense"),
        (Model::Answers(StatusCode::OK, huge), "nonsense"),
        (Model::Answers(StatusCode::INTERNAL_SERVER_ERROR, completion("yes")), "status"),
        (Model::Answers(StatusCode::UNAUTHORIZED, String::new()), "status"),
        (Model::Answers(StatusCode::TEMPORARY_REDIRECT, String::new()), "status"),
        (Model::Thinks, "timeout"),
    ] {
        let (detector, asked) = with(model).await;
        let recorder = PrometheusBuilder::new().build_recorder();
        let _recording = metrics::set_default_local_recorder(&recorder);
        let finding = detector.examine("I want to speak to a human").await;
        assert_eq!(finding, Finding { asks: true, by: Source::Local }, "{reason}");
        assert_eq!(asked.lock().expect("asked").len(), 1, "one question, and no redirect followed");
        let metrics = recorder.handle().render();
        assert!(metrics.contains(&format!(r#"kith_detector_failures_total{{reason="{reason}"}} 1"#)), "{reason}: {metrics}");
        assert!(metrics.contains(r#"kith_detector_answers_total{by="local",asks="yes"} 1"#), "{metrics}");
    }
}

/// Log lines, kept.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("lines").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_failure_is_logged_without_the_message_and_without_the_key() {
    let free = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address");
    let key = Some(Key::from("sk-secret".to_owned()));
    let url = format!("http://user:password@{free}/v1");
    let options = RemoteOptions { url, model: "small".into(), key, timeout: Duration::from_secs(5) };
    assert!(!format!("{options:?}").contains("sk-secret"));
    let detector = Detector::new(Some(options)).expect("a detector");
    let lines = Lines::default();
    let sink = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || sink.clone())
        .finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    assert_eq!(detector.examine("quiero un humano").await, Finding { asks: true, by: Source::Local });
    let lines = String::from_utf8(lines.0.lock().expect("lines").clone()).expect("text");
    assert!(lines.contains(r#"reason="connection""#), "{lines}");
    for secret in ["humano", "sk-secret", "password"] {
        assert!(!lines.contains(secret), "{secret} is in {lines}");
    }
}

#[tokio::test]
async fn without_a_model_nobody_is_asked() {
    let detector = Detector::new(None).expect("a detector");
    assert_eq!(detector.examine("mensch bitte").await, Finding { asks: true, by: Source::Local });
    assert_eq!(detector.examine("danke").await, Finding { asks: false, by: Source::Local });
}

#[test]
fn an_address_that_is_none_is_refused() {
    for url in ["", "localhost:1234", "ftp://example.com", "file:///etc"] {
        let options = RemoteOptions { url: url.into(), model: "small".into(), key: None, timeout: Duration::from_secs(1) };
        assert!(matches!(Remote::new(options), Err(RemoteError::Url)), "{url}");
    }
}
