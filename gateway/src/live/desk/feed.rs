//! The broadcasts of a tenant from any place on, in order, each once.

use std::sync::Arc;

use events::{ConversationEvent, ConversationId, Event, Position, Recorded, StreamKind};
use poem::web::websocket::Message;
use poem_openapi::types::ToJSON;
use serde::Serialize;
use serde_json::{Value, json};

use super::news::{self, News};
use crate::live::{Batch, Ending, EventFilter, Format, Subscription};
use crate::rest::call::Call;
use crate::rest::desk::objects::DeskCustomer;

/// A broadcast's place: its commit's, and its number among the broadcasts of the commit. Whoever hands both back gets what comes
/// behind it; whoever hands the position back alone gets what comes behind the commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub position: Position,
    pub index: u64,
}

impl Place {
    /// Behind everything at a position.
    pub const fn behind(position: Position) -> Self {
        Self { position, index: u64::MAX }
    }
}

/// The broadcasts of a tenant behind a place.
pub(super) struct Feed {
    subscription: Subscription,
    /// Read, and not told yet.
    batch: Option<Arc<Batch>>,
    after: Place,
    /// What this client was told before it came back to an earlier place.
    told: Option<(Place, Place)>,
}

/// A broadcast; `more` says that the commit has another one, which stands at the same position.
#[derive(Serialize)]
struct Broadcast {
    #[serde(rename = "type")]
    name: &'static str,
    position: Position,
    index: u64,
    more: bool,
    data: Value,
}

impl Feed {
    /// What comes behind a place.
    pub fn new<O>(call: &Call<O>, after: Place) -> Self {
        let filter = EventFilter { kind: Some(StreamKind::Conversation), ..EventFilter::default() };
        let position = match after.index {
            u64::MAX => after.position,
            // The rest of its commit is to come.
            _ => Position(after.position.0.saturating_sub(1)),
        };
        let subscription = call.app.live.subscribe(call.tenant.id.clone(), filter, position);
        Self { subscription, batch: None, after, told: None }
    }

    /// What comes behind an earlier or a later place, without what was told already.
    pub fn back_to<O>(&self, call: &Call<O>, after: Place) -> Self {
        let told = (self.after, Place::behind(self.position()));
        Self { told: Some(told), ..Self::new(call, after) }
    }

    /// Everything up to here was told.
    pub fn position(&self) -> Position {
        let waiting = self.batch.as_ref().and_then(|batch| batch.events.first());
        waiting.map_or_else(|| self.subscription.position(), |event| Position(event.position.0.saturating_sub(1)))
    }

    /// The next broadcasts, once the read models show what they tell. May be given up and asked for again.
    pub async fn next<O>(&mut self, call: &Call<O>, format: Format) -> Result<Vec<Message>, Ending> {
        let batch = match &self.batch {
            Some(batch) => Arc::clone(batch),
            None => {
                let batch = self.subscription.next().await.map_err(|error| broken(&error))?;
                Arc::clone(self.batch.insert(batch))
            }
        };
        while !call.app.wait_for(&call.tenant.id, batch.position).await {}
        let mut frames = Vec::new();
        for commit in batch.events.chunk_by(|one, next| one.position == next.position) {
            frames.extend(self.frames(call, format, commit).await?);
        }
        self.batch = None;
        Ok(frames)
    }

    /// The broadcasts of one commit. None of a customer who was forgotten since.
    async fn frames<O>(&self, call: &Call<O>, format: Format, commit: &[Recorded]) -> Result<Vec<Message>, Ending> {
        let Some(first) = commit.first() else { return Ok(Vec::new()) };
        let news = news::of(commit.iter().filter_map(conversation));
        let last = news.len().saturating_sub(1) as u64;
        let position = first.position;
        let wanted = (0..).zip(&news).filter(|(index, _)| self.is_wanted(Place { position, index: *index }));
        let wanted: Vec<(u64, &News<'_>)> = wanted.collect();
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let Some(customer) = shown(call, first).await? else { return Ok(Vec::new()) };
        let frame = |(index, news): (u64, &News<'_>)| {
            let data = data(&customer, news, first);
            format.frame(&Broadcast { name: news.name(), position, index, more: index < last, data })
        };
        wanted.into_iter().map(frame).collect()
    }

    fn is_wanted(&self, place: Place) -> bool {
        let was_told = self.told.is_some_and(|(from, to)| from < place && place <= to);
        place > self.after && !was_told
    }
}

fn conversation(recorded: &Recorded) -> Option<&ConversationEvent> {
    if let Event::Conversation(event) = &recorded.event { Some(event) } else { None }
}

/// The customer as they were right after a commit.
async fn shown<O>(call: &Call<O>, recorded: &Recorded) -> Result<Option<DeskCustomer>, Ending> {
    let (tenant, position) = (&call.tenant.id, recorded.position);
    let id: ConversationId = recorded.envelope.stream.id().parse().map_err(|error| broken(&error))?;
    let row = call.app.desk.after(tenant, call.app.log.partition_of(tenant), position, &id).await;
    let row = row.map_err(|error| broken(&*error))?.map(Arc::unwrap_or_clone);
    // Told late, it is told as it would have been then.
    let then = recorded.envelope.recorded_at;
    Ok(row.map(|row| DeskCustomer::of(row, &call.tenant, &call.session.user, then)))
}

fn data(customer: &DeskCustomer, news: &News<'_>, first: &Recorded) -> Value {
    let mut data = json!({
        "customer_id": customer.customer_id,
        "customer_name": customer.customer_name,
        "page_id": customer.page_id,
        "page_name": customer.page_name,
    });
    if let (Value::Object(data), Value::Object(said)) = (&mut data, news.data(first)) {
        data.extend(said);
        data.insert("customer".to_owned(), customer.to_json().unwrap_or_default());
    }
    data
}

fn broken(error: &(dyn std::error::Error + 'static)) -> Ending {
    tracing::warn!(error, "a socket of the desk cannot go on");
    Ending::Broken
}
