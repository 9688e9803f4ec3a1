//! `ws /ws/events/`: the tenant's events from any position into what happens now.

use events::{EventDocument, Position, Recorded};
use poem::web::websocket::Message;
use poem::{Response, handler};
use serde::Serialize;

use super::format::Format;
use super::handshake::Handshake;
use super::socket::{Ending, Source};
use super::start;
use super::subscription::Subscription;
use crate::auth::op;
use crate::problem::Problem;
use crate::rest::events::params::EventParams;

/// About how many events one frame holds.
const EVENTS_PER_FRAME: usize = 100;

/// Opens a socket with the tenant's events.
///
/// # Errors
/// The problem, before the upgrade, when the client may not or a parameter is wrong.
#[handler]
pub async fn open(handshake: Handshake<op::EventsStream>) -> Result<Response, Problem> {
    let given = handshake.parameters(&["after", "kind", "type", "object_id", "actor"])?;
    let param = |name| given.get(name);
    let filter =
        EventParams { kind: param("kind"), event_type: param("type"), object_id: param("object_id"), actor: param("actor") };
    let filter = filter.parse()?;
    let (app, tenant) = (&handshake.call.app, &handshake.call.tenant.id);
    let after = start::position(&handshake.call, param("after")).await?;
    let subscription = app.live.subscribe(tenant.clone(), filter, after);
    Ok(handshake.open(Events(subscription)))
}

/// What the socket tells.
struct Events(Subscription);

/// Events of whole commits; `more` says that the atomic batch they are of goes on in the next frame.
#[derive(Serialize)]
struct EventsFrame<'a> {
    #[serde(rename = "type")]
    name: &'static str,
    position: Position,
    more: bool,
    events: Vec<EventDocument<'a>>,
}

impl Source for Events {
    async fn next(&mut self, format: Format) -> Result<Vec<Message>, Ending> {
        let batch = self.0.next().await.map_err(|error| {
            tracing::warn!(error = &error as &dyn std::error::Error, "a socket cannot go on");
            Ending::Broken
        })?;
        frames(&batch.events, format)
    }

    fn position(&self) -> Position {
        self.0.position()
    }
}

/// The frames of one batch. A frame ends between commits, so that whoever goes on behind its position misses nothing.
fn frames(events: &[Recorded], format: Format) -> Result<Vec<Message>, Ending> {
    let mut frames = Vec::new();
    let mut rest = events;
    while let Some(last) = rest.get(EVENTS_PER_FRAME.min(rest.len()).saturating_sub(1)) {
        let whole = rest.iter().take_while(|event| event.position <= last.position).count();
        let (these, those) = rest.split_at(whole);
        let events = these.iter().map(EventDocument::of).collect();
        frames.push(format.frame(&EventsFrame { name: "events", position: last.position, more: !those.is_empty(), events })?);
        rest = those;
    }
    Ok(frames)
}
