//! A client of the sockets, as somebody else would write it.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use gateway::{build, server};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::StatusCode;
use tokio_tungstenite::tungstenite::protocol::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::house::{House, Somebody};

/// How long anything may take.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A door on a real port.
pub struct Port(pub String);

impl Port {
    pub async fn open(house: &House) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let door = build(house.state.clone());
        tokio::spawn(server::serve(listener, door, std::future::pending(), Duration::ZERO));
        Self(address)
    }

    /// Connects to the events with these headers.
    pub async fn ask(&self, query: &str, headers: &[(&'static str, String)]) -> Result<Socket, Error> {
        self.ask_at("/ws/events/", query, headers).await
    }

    /// Connects to any socket with these headers.
    pub async fn ask_at(&self, path: &str, query: &str, headers: &[(&'static str, String)]) -> Result<Socket, Error> {
        let mut request = format!("ws://{}{path}?{query}", self.0).into_client_request().expect("a request");
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().expect("a header"));
        }
        connect_async(request).await.map(|(stream, _)| Socket(stream))
    }

    pub async fn connect(&self, who: &Somebody, query: &str) -> Socket {
        self.ask(query, &[("authorization", format!("Bearer {}", who.access))]).await.expect("a socket")
    }

    /// The status and the code with which a handshake is refused.
    pub async fn refused(&self, query: &str, headers: &[(&'static str, String)]) -> (StatusCode, String) {
        self.refused_at("/ws/events/", query, headers).await
    }

    /// The status and the code with which a handshake at any socket is refused.
    pub async fn refused_at(&self, path: &str, query: &str, headers: &[(&'static str, String)]) -> (StatusCode, String) {
        match self.ask_at(path, query, headers).await {
            Err(Error::Http(answer)) => {
                let body: Value = serde_json::from_slice(answer.body().as_deref().unwrap_or_default()).expect("JSON");
                (answer.status(), body["code"].as_str().expect("a code").to_owned())
            }
            Err(error) => panic!("{error}"),
            Ok(_) => panic!("it was let in"),
        }
    }
}

/// A client of the socket.
pub struct Socket(pub WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    pub async fn message(&mut self) -> Message {
        let next = tokio::time::timeout(PATIENCE, self.0.next()).await.expect("a message in time");
        next.expect("the socket is open").expect("a message")
    }

    /// The next frame that says more than where the service is.
    pub async fn told(&mut self) -> Value {
        loop {
            let frame: Value = match self.message().await {
                Message::Text(text) => serde_json::from_str(&text).expect("JSON"),
                Message::Binary(bytes) => rmp_serde::from_slice(&bytes).expect("MessagePack"),
                Message::Ping(_) | Message::Pong(_) => continue,
                other => panic!("{other:?}"),
            };
            if frame["type"] != "position" {
                return frame;
            }
        }
    }

    /// The next frame, which is of this type.
    #[track_caller]
    pub fn next(&mut self, name: &'static str) -> impl Future<Output = Value> {
        let place = std::panic::Location::caller();
        async move {
            let frame = self.told().await;
            assert_eq!(frame["type"], name, "{place}: {frame}");
            frame
        }
    }

    /// The next frame with events.
    pub async fn frame(&mut self) -> Value {
        self.next("events").await
    }

    /// Says something.
    pub async fn say(&mut self, said: &Value) {
        self.0.send(Message::text(said.to_string())).await.expect("sent");
    }

    /// The next so many events, and the position to go on behind.
    pub async fn events(&mut self, count: usize) -> (Vec<Value>, u64) {
        let (mut events, mut position) = (Vec::new(), 0);
        while events.len() < count {
            let frame = self.frame().await;
            position = frame["position"].as_u64().expect("a position");
            let these = frame["events"].as_array().expect("events").clone();
            assert_eq!(these.last().expect("an event")["position"], position);
            events.extend(these);
        }
        assert_eq!(events.len(), count);
        (events, position)
    }

    /// How the service ends it.
    pub async fn ending(&mut self) -> u16 {
        loop {
            if let Message::Close(frame) = self.message().await {
                return frame.expect("a reason").code.into();
            }
        }
    }
}
