//! A channel that does what a test says: it hears calls, and answers each as it is told.

use std::time::Duration;

use gateway::server;
use poem::endpoint::make;
use poem::http::{HeaderMap, StatusCode};
use poem::{Request, Response};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::{CancellationToken, DropGuard};

/// How long a call is waited for: for ever, if nothing is wrong.
const PATIENCE: Duration = Duration::from_secs(30);

/// A channel.
pub struct FakeChannel {
    /// Where it is, such as `http://127.0.0.1:4711`.
    pub url: String,
    calls: mpsc::UnboundedReceiver<Heard>,
    _stop: DropGuard,
}

/// A call that it heard and has not answered.
pub struct Heard {
    pub path: String,
    pub headers: HeaderMap,
    pub raw: Vec<u8>,
    answer: oneshot::Sender<(u16, String)>,
}

impl Heard {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.raw).expect("JSON")
    }

    /// The text of the message that is sent.
    pub fn text(&self) -> String {
        self.json()["message"]["text"].as_str().expect("a text").to_owned()
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Answers it.
    pub fn answer(self, status: u16, body: &Value) {
        self.say(status, &body.to_string());
    }

    /// Answers it with whatever text.
    pub fn say(self, status: u16, body: &str) {
        // Who asked may be gone, as the test wants it.
        let _ = self.answer.send((status, body.to_owned()));
    }
}

impl FakeChannel {
    /// Starts one on a free port.
    pub async fn start() -> Self {
        let (sender, calls) = mpsc::unbounded_channel();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let stop = CancellationToken::new();
        let endpoint = make(move |request| hear(request, sender.clone()));
        tokio::spawn(server::serve(listener, endpoint, stop.clone().cancelled_owned(), Duration::ZERO));
        Self { url, calls, _stop: stop.drop_guard() }
    }

    /// The next call.
    pub async fn next(&mut self) -> Heard {
        tokio::time::timeout(PATIENCE, self.calls.recv()).await.expect("a call in time").expect("a channel that listens")
    }

    /// Whether nothing was heard that was not taken.
    pub fn is_silent(&mut self) -> bool {
        self.calls.try_recv().is_err()
    }
}

async fn hear(request: Request, calls: mpsc::UnboundedSender<Heard>) -> Response {
    let (parts, body) = request.into_parts();
    let raw = body.into_vec().await.expect("a body");
    let (answer, answered) = oneshot::channel();
    let heard = Heard { path: parts.uri.path().to_owned(), headers: parts.headers, raw, answer };
    let _ = calls.send(heard);
    let (status, body) = answered.await.unwrap_or((500, String::new()));
    Response::builder().status(StatusCode::from_u16(status).expect("a status")).body(body)
}
