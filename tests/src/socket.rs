//! A client of the sockets.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::{Api, PATIENCE};

/// An open socket that speaks JSON.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Opens the socket at this path, such as `/ws/desk/`, for who is signed in.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn open(api: &Api, path: &str) -> Self {
        let url = format!("{}{path}", api.address().replacen("http", "ws", 1));
        let mut request = url.into_client_request().expect("a request");
        request.headers_mut().insert("authorization", format!("Bearer {}", api.token()).parse().expect("a header"));
        let (stream, _) = connect_async(request).await.unwrap_or_else(|error| panic!("{path}: {error}"));
        Self(stream)
    }

    /// Says something.
    ///
    /// # Panics
    /// When the socket is closed.
    pub async fn say(&mut self, said: &Value) {
        self.0.send(Message::text(said.to_string())).await.expect("the socket is open");
    }

    /// The next frame that says more than where the service is.
    ///
    /// # Panics
    /// When none comes.
    pub async fn told(&mut self) -> Value {
        self.told_within(PATIENCE).await.expect("a frame in time")
    }

    /// The same; `None` when none comes in this time.
    ///
    /// # Panics
    /// When the socket is closed.
    pub async fn told_within(&mut self, time: Duration) -> Option<Value> {
        let frame = async {
            loop {
                let message = self.0.next().await.expect("the socket is open").expect("a message");
                let Message::Text(text) = message else { continue };
                let frame: Value = serde_json::from_str(&text).expect("JSON");
                if frame["type"] != "position" {
                    return frame;
                }
            }
        };
        tokio::time::timeout(time, frame).await.ok()
    }

    /// The next frame, which is of this type.
    ///
    /// # Panics
    /// When it is not.
    pub async fn next(&mut self, name: &str) -> Value {
        let frame = self.told().await;
        assert_eq!(frame["type"], name, "{frame}");
        frame
    }
}
