//! A client of the customer list, as somebody else would write it.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::Message;

use crate::house::Somebody;
use crate::socket::{PATIENCE, Port, Socket};

/// A client with a socket.
pub struct ListSocket(pub Socket);

impl ListSocket {
    /// Connects to the list of all customers as somebody.
    pub async fn open(port: &Port, who: &Somebody) -> Self {
        Self::open_at("/ws/customers/", port, who).await
    }

    /// Connects to a list as somebody.
    pub async fn open_at(path: &str, port: &Port, who: &Somebody) -> Self {
        let mut request = format!("ws://{}{path}", port.0).into_client_request().expect("a request");
        let bearer = format!("Bearer {}", who.access).parse().expect("a header");
        request.headers_mut().insert("authorization", bearer);
        Self(Socket(connect_async(request).await.expect("a socket").0))
    }

    /// Says something.
    pub async fn say(&mut self, what: &Value) {
        self.send(Message::text(what.to_string())).await;
    }

    /// Sends anything.
    pub async fn send(&mut self, message: Message) {
        self.0.0.send(message).await.expect("sent");
    }

    /// What comes next, heartbeats apart.
    pub async fn hear(&mut self) -> Value {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.0.0.next()).await.expect("a frame in time");
            match next.expect("the socket is open").expect("a frame") {
                Message::Text(text) => {
                    let frame: Value = serde_json::from_str(&text).expect("JSON");
                    if frame["type"] != "position" {
                        return frame;
                    }
                }
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// What comes next, which is of this type.
    pub async fn expect(&mut self, name: &str) -> Value {
        let frame = self.hear().await;
        assert_eq!(frame["type"], name, "{frame}");
        frame
    }

    /// The answer to a request.
    pub async fn ask(&mut self, what: &Value) -> Value {
        self.say(what).await;
        self.hear().await
    }

    /// The list that filters give.
    pub async fn filter(&mut self, filters: &Value) -> Value {
        let answer = self.ask(&json!({ "type": "filter_customers", "filters": filters })).await;
        assert_eq!((&answer["type"], &answer["filters"]), (&json!("customers_list"), filters), "{answer}");
        answer
    }

    /// Follows a list.
    pub async fn subscribe(&mut self, filters: &Value) -> Value {
        self.say(&json!({ "type": "subscribe", "filters": filters, "subscription": "s" })).await;
        self.expect("subscribed").await
    }
}

/// The first names of a page, in order.
pub fn names(page: &Value) -> Vec<&str> {
    page["customers"].as_array().expect("customers").iter().map(|one| one["first_name"].as_str().expect("a name")).collect()
}
