//! What every socket does: frames in the client's format, a heartbeat, and an end that says how to go on.

use std::future::Future;
use std::time::Duration;

use chrono::{DateTime, Utc};
use events::{CorrelationId, Position};
use futures_util::{SinkExt, StreamExt};
use poem::web::websocket::{CloseCode, Message, WebSocketStream};
use serde::Serialize;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};

use crate::app::AppState;
use crate::auth::{Operation, permission};

/// After how many heartbeats without a word from the client the socket is given up.
const MOST_SILENT_BEATS: u32 = 3;
/// How long the client may take to take a frame.
const SEND_PATIENCE: Duration = Duration::from_secs(10);
/// How long saying goodbye may take.
const CLOSE_PATIENCE: Duration = Duration::from_secs(2);

/// How frames are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text frames.
    Json,
    /// Binary frames, with the names of members.
    MessagePack,
}

impl Format {
    /// The subprotocols that a client may ask for.
    pub const PROTOCOLS: [&'static str; 2] = ["kith.msgpack", "kith.json"];

    /// The format that the handshake settles on, from what the client offers: the first that is known, else JSON.
    #[must_use]
    pub fn asked(offered: &str) -> Self {
        let known = offered.split(',').map(str::trim).find(|name| Self::PROTOCOLS.contains(name));
        if known == Some("kith.msgpack") { Self::MessagePack } else { Self::Json }
    }

    /// A frame.
    ///
    /// # Errors
    /// When a value cannot be written.
    pub fn frame(self, value: &impl Serialize) -> Result<Message, Ending> {
        let unwritable = |error: &dyn std::error::Error| {
            tracing::error!(%error, "a frame cannot be written");
            Ending::Broken
        };
        match self {
            Self::Json => serde_json::to_string(value).map(Message::Text).map_err(|error| unwritable(&error)),
            Self::MessagePack => rmp_serde::to_vec_named(value).map(Message::Binary).map_err(|error| unwritable(&error)),
        }
    }
}

/// Why a socket ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The client is gone, or said goodbye.
    Gone,
    /// The process stops.
    Stopping,
    /// The access token is not good any more.
    SignedOut,
    /// The client does not take frames fast enough.
    Slow,
    /// Something cannot be read or written at the moment.
    Broken,
}

impl Ending {
    /// The close code. The private ones are those of HTTP with 4 before them.
    const fn code(self) -> u16 {
        match self {
            Self::Gone => 1000,
            Self::Stopping => 1001,
            Self::Broken => 1011,
            Self::SignedOut => 4401,
            Self::Slow => 4408,
        }
    }

    const fn reason(self) -> &'static str {
        match self {
            Self::Gone => "goodbye",
            Self::Stopping => "the service stops",
            Self::Broken => "the service cannot go on",
            Self::SignedOut => "the access token is not valid any more",
            Self::Slow => "too slow",
        }
    }
}

/// What a socket tells.
pub trait Source: Send + Sync + 'static {
    /// What comes next, as one frame or several. May be given up and asked for again.
    fn next(&mut self, format: Format) -> impl Future<Output = Result<Vec<Message>, Ending>> + Send;

    /// Everything up to here was told: where a client goes on that comes back.
    fn position(&self) -> Position;
}

/// What a socket knows of its client.
pub struct Connection {
    /// The application.
    pub app: AppState,
    /// The client's access token.
    pub token: String,
    /// What the client does with the socket.
    pub operation: Operation,
    /// How frames are written.
    pub format: Format,
    /// Names the handshake in the service's logs.
    pub correlation_id: CorrelationId,
}

/// An open socket.
pub struct Socket {
    stream: WebSocketStream,
    connection: Connection,
    /// Heartbeats since the client said something.
    silent_beats: u32,
}

/// The frame that says up to where everything was told.
#[derive(Serialize)]
struct PositionFrame {
    #[serde(rename = "type")]
    name: &'static str,
    position: Position,
}

impl Socket {
    /// A socket that has just been opened.
    #[must_use]
    pub fn new(stream: WebSocketStream, connection: Connection) -> Self {
        Self { stream, connection, silent_beats: 0 }
    }

    /// Tells what the source gives, until one of the two sides ends it.
    pub async fn run(mut self, mut source: impl Source) {
        metrics::gauge!("kith_sockets").increment(1.0);
        let ending = self.talk(&mut source).await;
        metrics::gauge!("kith_sockets").decrement(1.0);
        let position = source.position();
        let correlation_id = self.connection.correlation_id.as_str();
        tracing::info!(ending = ending.reason(), position = position.0, correlation_id, "socket closed");
        if ending != Ending::Gone {
            let reason = format!("{}; go on behind the last position you have", ending.reason());
            let goodbye = Message::Close(Some((CloseCode::from(ending.code()), reason)));
            let _ = timeout(CLOSE_PATIENCE, self.say_goodbye(goodbye)).await;
        }
    }

    async fn talk(&mut self, source: &mut impl Source) -> Ending {
        let stopping = self.connection.app.live.stopping().clone();
        let Some(expiry) = self.connection.app.auth.expiry(&self.connection.token) else { return Ending::SignedOut };
        let expired = sleep_until(Instant::now() + until(expiry));
        tokio::pin!(expired);
        let mut heartbeat = interval(self.connection.app.options.heartbeat);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let told = tokio::select! {
                biased;
                () = stopping.cancelled() => Err(Ending::Stopping),
                () = &mut expired => Err(Ending::SignedOut),
                message = self.stream.next() => self.hear(message),
                _ = heartbeat.tick() => self.beat(source.position()).await,
                frames = source.next(self.connection.format) => match frames {
                    Ok(frames) => self.tell(frames).await,
                    Err(ending) => Err(ending),
                },
            };
            if let Err(ending) = told {
                return ending;
            }
        }
    }

    /// What the client says: only that it is there counts.
    fn hear(&mut self, message: Option<std::io::Result<Message>>) -> Result<(), Ending> {
        self.silent_beats = 0;
        match message {
            None | Some(Err(_) | Ok(Message::Close(_))) => Err(Ending::Gone),
            Some(Ok(Message::Text(_) | Message::Binary(_) | Message::Ping(_) | Message::Pong(_))) => Ok(()),
        }
    }

    /// Says where the client would go on, asks whether it is there, and looks whether it may still be.
    async fn beat(&mut self, position: Position) -> Result<(), Ending> {
        if self.silent_beats > MOST_SILENT_BEATS {
            return Err(Ending::Gone);
        }
        self.silent_beats += 1;
        let Connection { app, token, operation, format, .. } = &self.connection;
        let session = app.auth.session(token).await.map_err(|_| Ending::Broken)?;
        if !session.is_some_and(|session| permission::allows(session.role, *operation)) {
            return Err(Ending::SignedOut);
        }
        let frame = format.frame(&PositionFrame { name: "position", position })?;
        self.tell(vec![frame, Message::Ping(Vec::new())]).await
    }

    async fn tell(&mut self, frames: Vec<Message>) -> Result<(), Ending> {
        for frame in frames {
            match timeout(SEND_PATIENCE, self.stream.send(frame)).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return Err(Ending::Gone),
                Err(_) => return Err(Ending::Slow),
            }
        }
        Ok(())
    }

    /// Sends the close frame and waits for the client's, so that nothing that is on its way is cut off.
    async fn say_goodbye(&mut self, goodbye: Message) {
        if self.stream.send(goodbye).await.is_ok() {
            while let Some(Ok(_)) = self.stream.next().await {}
        }
    }
}

fn until(time: DateTime<Utc>) -> Duration {
    (time - Utc::now()).to_std().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_known_subprotocol_settles_the_format() {
        for (offered, format) in [
            ("", Format::Json),
            ("kith.msgpack", Format::MessagePack),
            ("graphql, kith.msgpack", Format::MessagePack),
            ("kith.json, kith.msgpack", Format::Json),
            ("other", Format::Json),
        ] {
            assert_eq!(Format::asked(offered), format, "{offered:?}");
        }
    }
}
