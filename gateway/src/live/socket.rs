//! What every socket does: it hears requests and tells frames in the client's format, has a heartbeat, and ends with a word on
//! how to go on.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use events::{CorrelationId, Position};
use futures_util::{SinkExt, StreamExt};
use poem::web::websocket::{CloseCode, Message, WebSocketStream};
use serde::Serialize;
use serde_json::Value;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};

use super::format::Format;
use crate::app::AppState;
use crate::auth::{Operation, Session, permission};
use crate::problem::Problem;

/// The most bytes of what a client says at once.
pub const MOST_BYTES_SAID: usize = 64 * 1024;

/// After how many heartbeats without a word from the client the socket is given up.
const MOST_SILENT_BEATS: u32 = 3;
/// How long the client may take to take a frame.
const SEND_PATIENCE: Duration = Duration::from_secs(10);
/// How long saying goodbye may take.
const CLOSE_PATIENCE: Duration = Duration::from_secs(2);

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
    /// The client said more at once than it may.
    TooLarge,
    /// Something cannot be read or written at the moment.
    Broken,
}

impl Ending {
    /// The close code. The private ones are those of HTTP with 4 before them.
    const fn code(self) -> u16 {
        match self {
            Self::Gone => 1000,
            Self::Stopping => 1001,
            Self::TooLarge => 1009,
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
            Self::TooLarge => "a message may have 64 KiB",
        }
    }
}

/// What a client said: any JSON value, or the problem that keeps it from being heard: it is garbled, or one request too many.
pub type Said = Result<Value, Problem>;

/// What a socket tells, and what it answers.
pub trait Source: Send + Sync + 'static {
    /// What comes next, as one frame or several. May be given up and asked for again.
    fn next(&mut self, format: Format) -> impl Future<Output = Result<Vec<Message>, Ending>> + Send;

    /// What the client said is answered with these frames, before anything else is heard or told. Who does not listen says nothing.
    fn hear(&mut self, _said: Said, _format: Format) -> impl Future<Output = Result<Vec<Message>, Ending>> + Send {
        async { Ok(Vec::new()) }
    }

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

impl Connection {
    /// Who the client is, if they still may be here.
    async fn session(&self) -> Result<Arc<Session>, Ending> {
        let session = self.app.auth.session(&self.token).await.map_err(|_| Ending::Broken)?;
        session.filter(|session| permission::allows(session.role, self.operation)).ok_or(Ending::SignedOut)
    }
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
                message = self.stream.next() => self.hear(message, source).await,
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

    /// What the client says.
    async fn hear(&mut self, message: Option<io::Result<Message>>, source: &mut impl Source) -> Result<(), Ending> {
        self.silent_beats = 0;
        let format = self.connection.format;
        let (bytes, said) = match message {
            None | Some(Ok(Message::Close(_))) => return Err(Ending::Gone),
            Some(Err(error)) => return Err(if is_too_large(&error) { Ending::TooLarge } else { Ending::Gone }),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => return Ok(()),
            Some(Ok(Message::Text(text))) => (text.len(), format.read_text(&text)),
            Some(Ok(Message::Binary(packed))) => (packed.len(), format.read_binary(&packed)),
        };
        if bytes > MOST_BYTES_SAID {
            return Err(Ending::TooLarge);
        }
        let session = self.connection.session().await?;
        let allowance = self.connection.app.limits.request((&session.tenant, &session.user));
        let frames = source.hear(allowance.and(said), format).await?;
        self.tell(frames).await
    }

    /// Says where the client would go on, asks whether it is there, and looks whether it may still be.
    async fn beat(&mut self, position: Position) -> Result<(), Ending> {
        if self.silent_beats > MOST_SILENT_BEATS {
            return Err(Ending::Gone);
        }
        self.silent_beats += 1;
        self.connection.session().await?;
        let frame = self.connection.format.frame(&PositionFrame { name: "position", position })?;
        self.tell(vec![frame, Message::Ping(Vec::new())]).await
    }

    /// Sends these frames: all of them are written before the first is waited for.
    async fn tell(&mut self, frames: Vec<Message>) -> Result<(), Ending> {
        for frame in frames {
            within_patience(self.stream.feed(frame)).await?;
        }
        within_patience(self.stream.flush()).await
    }

    /// Sends the close frame and waits for the client's, so that nothing that is on its way is cut off.
    async fn say_goodbye(&mut self, goodbye: Message) {
        if self.stream.send(goodbye).await.is_ok() {
            while let Some(Ok(_)) = self.stream.next().await {}
        }
    }
}

async fn within_patience(sending: impl Future<Output = io::Result<()>>) -> Result<(), Ending> {
    match timeout(SEND_PATIENCE, sending).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(Ending::Gone),
        Err(_) => Err(Ending::Slow),
    }
}

fn until(time: DateTime<Utc>) -> Duration {
    (time - Utc::now()).to_std().unwrap_or_default()
}

/// Whether what the client says is so large that it was not read at all. Poem hands on the words of the error only.
fn is_too_large(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::Other && error.to_string().contains("too long")
}
