//! A channel that answers are sent to, which does as it is told.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// How long a call is waited for: for ever, if nothing is wrong.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the channel does with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// Takes the message.
    Takes,
    /// Takes so many messages more, and hears those behind them without an answer.
    TakesOnly(usize),
    /// Is out of order.
    Fails,
    /// Hears it, and never answers.
    Hangs,
}

/// A message that it heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// To whom.
    pub recipient: String,
    /// What it says.
    pub text: String,
}

/// A Send API on a free port of this machine.
pub struct Channel {
    /// Its base URL.
    pub url: String,
    mood: Arc<Mutex<Mood>>,
    heard: mpsc::UnboundedReceiver<(Mood, Message)>,
}

impl Channel {
    /// Starts one.
    ///
    /// # Panics
    /// When there is no free port.
    pub async fn start(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (sender, heard) = mpsc::unbounded_channel();
        let mood = Arc::new(Mutex::new(mood));
        tokio::spawn(listen(listener, mood.clone(), sender));
        Self { url, mood, heard }
    }

    /// Changes what it does from the next call on.
    ///
    /// # Panics
    /// When a call panicked.
    pub fn is_to(&self, mood: Mood) {
        *self.mood.lock().expect("no panic") = mood;
    }

    /// The next message that it treats so: takes, refuses or lets hang; calls that it treated otherwise before are passed over.
    ///
    /// # Panics
    /// When there is none in time.
    pub async fn next(&mut self, mood: Mood) -> Message {
        loop {
            let heard = tokio::time::timeout(PATIENCE, self.heard.recv()).await.expect("a call in time");
            let (treated, message) = heard.expect("a channel that listens");
            if treated == mood {
                return message;
            }
        }
    }
}

async fn listen(listener: TcpListener, mood: Arc<Mutex<Mood>>, heard: mpsc::UnboundedSender<(Mood, Message)>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (mood, heard) = (mood.clone(), heard.clone());
        let service = service_fn(move |request| answer(request, mood.clone(), heard.clone()));
        tokio::spawn(async move {
            // A caller that is killed breaks its connections.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// How the next message is treated.
fn treats(mood: &mut Mood) -> Mood {
    match mood {
        Mood::TakesOnly(0) => Mood::Hangs,
        Mood::TakesOnly(left) => {
            *left -= 1;
            Mood::Takes
        }
        Mood::Takes | Mood::Fails | Mood::Hangs => *mood,
    }
}

async fn answer(
    request: Request<Incoming>,
    mood: Arc<Mutex<Mood>>,
    heard: mpsc::UnboundedSender<(Mood, Message)>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let body = request.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let message: Value = serde_json::from_slice(&body).unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (recipient, said) = (text(&message["recipient"]["id"]), text(&message["message"]["text"]));
    let mood = treats(&mut mood.lock().expect("no panic"));
    let _ = heard.send((mood, Message { recipient: recipient.clone(), text: said }));
    let (status, body) = match mood {
        Mood::Takes | Mood::TakesOnly(_) => {
            (StatusCode::OK, json!({ "recipient_id": recipient, "message_id": format!("mid.{recipient}") }))
        }
        Mood::Fails => (StatusCode::INTERNAL_SERVER_ERROR, Value::Null),
        Mood::Hangs => std::future::pending().await,
    };
    let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
    *response.status_mut() = status;
    Ok(response)
}
