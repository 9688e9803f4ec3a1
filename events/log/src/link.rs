//! The connection to the server: whether it is up, and how often it came back.

use std::sync::Arc;
use std::time::Duration;

use async_nats::{Client, ConnectOptions, Event, Request, ServerAddr};
use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::error::LogError;
use crate::inbox::Inbox;

/// The least server version: atomic batches came with 2.12, fixes that matter until this one.
pub(crate) const LEAST_VERSION: &str = "2.15.1";

/// How long an answer may take on a connection that stands.
pub(crate) const ANSWER: Duration = Duration::from_secs(10);

/// How long a question waits for the server when there is none.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// What to wait before asking again a server that cannot answer yet.
pub(crate) const PAUSE: Duration = Duration::from_millis(50);

/// The state of the connection.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    /// How many connections there were so far, this one included.
    epoch: u64,
    up: bool,
}

/// The connection, shared by everything in the log.
pub(crate) struct Link {
    pub(crate) client: Client,
    pub(crate) inbox: Inbox,
    state: watch::Receiver<State>,
}

impl Link {
    pub(crate) async fn connect(url: &str) -> Result<Arc<Self>, LogError> {
        let servers = parse(url)?;
        let (sender, mut state) = watch::channel(State::default());
        let sender = Arc::new(sender);
        let options = credentials(ConnectOptions::new(), &servers)
            .name("kith")
            .client_capacity(8192)
            .subscription_capacity(256 * 1024)
            .request_timeout(None)
            .ping_interval(Duration::from_secs(10))
            .reconnect_delay_callback(|attempt| Duration::from_millis(10 << attempt.min(5)))
            .event_callback(move |event| {
                follow(&sender, &event);
                std::future::ready(())
            });
        let client = options.connect(&servers).await.map_err(unavailable)?;
        let _ = tokio::time::timeout(ANSWER, state.wait_for(|state| state.up)).await;
        let found = client.server_info().version;
        if !client.is_server_compatible(2, 15, 1) {
            return Err(LogError::TooOld { found, least: LEAST_VERSION });
        }
        let inbox = Inbox::open(&client).await?;
        Ok(Arc::new(Self { client, inbox, state }))
    }

    /// The number of the connection that stands, if one does.
    pub(crate) fn standing(&self) -> Option<u64> {
        let state = *self.state.borrow();
        state.up.then_some(state.epoch)
    }

    /// Waits for a connection and gives its number.
    pub(crate) async fn up(&self, until: Instant) -> Result<u64, LogError> {
        let mut state = self.state.clone();
        match tokio::time::timeout_at(until, state.wait_for(|state| state.up)).await {
            Ok(Ok(state)) => Ok(state.epoch),
            Ok(Err(_)) => Err(LogError::Unavailable("the connection is closed".into())),
            Err(_) => Err(LogError::Unavailable("no connection to the server".into())),
        }
    }

    /// Returns when this connection has gone.
    pub(crate) async fn lost(&self, epoch: u64) {
        let mut state = self.state.clone();
        // An error means that the client is gone, and the connection with it.
        let _ = state.wait_for(|state| !state.up || state.epoch != epoch).await;
    }

    /// Asks the `JetStream` API something that may be asked twice; asks again when the connection goes meanwhile.
    pub(crate) async fn api<A: DeserializeOwned>(&self, subject: &str, body: &impl Serialize) -> Result<A, LogError> {
        let until = Instant::now() + PATIENCE;
        let body = Bytes::from(json(body)?);
        loop {
            let epoch = self.up(until).await?;
            let request = Request::new().payload(body.clone()).timeout(Some(ANSWER));
            let answer = tokio::select! {
                answer = self.client.send_request(subject.to_owned(), request) => answer,
                () = self.lost(epoch) => continue,
            };
            match answer {
                Ok(message) => return unwrap_answer(&message.payload),
                Err(error) if Instant::now() >= until => return Err(unavailable(error)),
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }
}

fn follow(state: &watch::Sender<State>, event: &Event) {
    match event {
        Event::Connected => {
            state.send_modify(|state| *state = State { epoch: state.epoch + 1, up: true });
            tracing::info!("log connected");
        }
        Event::Disconnected | Event::Closed => {
            state.send_modify(|state| state.up = false);
            tracing::warn!("log disconnected");
        }
        Event::LameDuckMode | Event::Draining => tracing::info!(%event, "log connection"),
        Event::SlowConsumer(_) | Event::ServerError(_) | Event::ClientError(_) => {
            tracing::warn!(%event, "log connection");
        }
    }
}

/// The servers of an address: one or several with commas between.
fn parse(url: &str) -> Result<Vec<ServerAddr>, LogError> {
    url.split(',')
        .map(|part| part.trim().parse())
        .collect::<Result<_, _>>()
        // The address may hold a token, so it is not repeated.
        .map_err(|_| LogError::Unavailable("the address of the log is malformed".into()))
}

/// The client does not read credentials from addresses by itself.
fn credentials(options: ConnectOptions, servers: &[ServerAddr]) -> ConnectOptions {
    let Some((server, user)) = servers.iter().find_map(|server| Some((server, server.username()?))) else {
        return options;
    };
    match server.password() {
        Some(password) => options.user_and_password(user.to_owned(), password.to_owned()),
        None => options.token(user.to_owned()),
    }
}

pub(crate) fn unavailable(error: impl std::fmt::Display) -> LogError {
    LogError::Unavailable(error.to_string())
}

pub(crate) fn unexpected(error: impl std::fmt::Display) -> LogError {
    LogError::Unexpected(error.to_string())
}

/// A request's body.
pub(crate) fn json(value: &impl Serialize) -> Result<Vec<u8>, LogError> {
    serde_json::to_vec(value).map_err(unexpected)
}

/// An error as the server words it.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct ApiError {
    #[serde(default)]
    pub(crate) err_code: u64,
    #[serde(default)]
    pub(crate) description: String,
}

fn unwrap_answer<A: DeserializeOwned>(payload: &[u8]) -> Result<A, LogError> {
    #[derive(serde::Deserialize)]
    struct Failed {
        error: ApiError,
    }
    if let Ok(Failed { error }) = serde_json::from_slice(payload) {
        return Err(LogError::Refused { code: error.err_code, description: error.description });
    }
    serde_json::from_slice(payload).map_err(unexpected)
}
