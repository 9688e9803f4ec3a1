//! `ws /ws/provider/customers/`: a list of a provider's customers, and what changes it (spec 003, "Real-time Features").
//!
//! The parameters are those of the REST list: `provider`, `search`, `status`, `sort_by`, `order`, `page_size`. The first frame is
//! `subscribed` with the first page as of its `position`. Then `customer_entered`, `customer_left`, `customer_updated` and
//! `customer_moved` say what changes the list, each with the customer, the list's `count`, and the `position`. With `after`, the position
//! of the last frame that a client has, the first frame is `resumed`, and what was missed comes first: in order, and once. Of whoever is
//! forgotten only the relation's id is left to say.

mod frames;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use events::{BookingEvent, Event, Position, RelationEvent, RelationId, StreamKind, UserId};
use poem::web::websocket::Message;
use poem::{Request, Response, handler};
use query_api::customers::as_of::AsOf;
use query_api::providers::{self, RelationChange, RelationFilter, Whose};
use query_api::{PageRequest, QueryError, Scope};

use super::EventFilter;
use super::format::Format;
use super::handshake::Handshake;
use super::hub::Batch;
use super::socket::{Ending, Source};
use super::start;
use super::subscription::Subscription;
use crate::app::AppState;
use crate::auth::op;
use crate::problem::{Kind, Problem};
use crate::rest::bookings::asked;
use frames::{ChangeFrame, Happened, PageFrame, ResumedFrame};

/// How many batches of the log are told together where many were missed.
const BATCHES_AT_ONCE: usize = 256;
/// How many customers a page has when the client does not say.
const PAGE_SIZE: u64 = 10;
/// The most that it may have.
const MOST_ON_PAGE: u64 = 100;
/// How long the read models are waited for before it is looked again.
const PATIENCE: Duration = Duration::from_secs(5);

/// Opens a socket with a list of a provider's customers.
///
/// # Errors
/// The problem, before the upgrade, when the client may not or a parameter is wrong.
#[handler]
pub async fn open(handshake: Handshake<op::ProvidersRead>, request: &Request) -> Result<Response, Problem> {
    let params: Vec<(String, String)> = request.params().unwrap_or_default();
    let param = |name: &str| {
        params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    };
    let call = &handshake.call;
    let filter = asked(call, &param)?;
    let page = page(param("page_size"))?;
    let shown = call.read_position();
    call.app.reach_trailing(&call.tenant.id).await?;
    let first = if param("after").is_some() { First::Resumed } else { First::Page(page) };
    let told = match first {
        First::Page(_) | First::Told => shown,
        First::Resumed => start::position(call, param("after")).await?,
    };
    let subscription = call.app.live.subscribe(call.tenant.id.clone(), EventFilter::default(), told);
    let (app, scope) = (call.app.clone(), call.scope());
    let list = List { app, scope, filter, first, told, subscription, missed: Vec::new(), gone: HashSet::new() };
    Ok(handshake.open(list))
}

fn page(size: Option<&str>) -> Result<PageRequest, Problem> {
    let sentence = format!("Must be a whole number from 1 to {MOST_ON_PAGE}.");
    let wrong = || Problem::field(Kind::InvalidParameter, "page_size", sentence);
    let size = size.map_or(Ok(PAGE_SIZE), str::parse).ok().filter(|size| (1..=MOST_ON_PAGE).contains(size));
    size.and_then(|size| PageRequest::new(1, size).ok()).ok_or_else(wrong)
}

/// What is told first.
#[derive(Debug, Clone, Copy)]
enum First {
    /// The first page.
    Page(PageRequest),
    /// That the client goes on.
    Resumed,
    /// It was told.
    Told,
}

/// What the socket tells.
struct List {
    app: AppState,
    scope: Scope,
    filter: RelationFilter,
    first: First,
    /// Everything up to here was told.
    told: Position,
    subscription: Subscription,
    /// What happened, and is still to be told.
    missed: Vec<Arc<Batch>>,
    /// The forgotten that were told.
    gone: HashSet<RelationId>,
}

impl Source for List {
    async fn next(&mut self, format: Format) -> Result<Vec<Message>, Ending> {
        let frame = match self.first {
            First::Page(page) => self.page(page, format).await?,
            First::Resumed => format.frame(&ResumedFrame::new(self.told))?,
            First::Told => return self.changes(format).await,
        };
        self.first = First::Told;
        Ok(vec![frame])
    }

    fn position(&self) -> Position {
        self.told
    }
}

impl List {
    fn at(&self, position: Position) -> AsOf {
        AsOf::new(self.app.log.partition_of(self.scope.id()), position)
    }

    async fn page(&self, request: PageRequest, format: Format) -> Result<Message, Ending> {
        let at = Some(self.at(self.told));
        let page = providers::customers(&self.app.models, &self.scope, &self.filter, at, request).await.map_err(broken)?;
        format.frame(&PageFrame::new(page, self.told))
    }

    /// The frames of what happens next that changes the list. What is taken from the subscription is kept until it is told, so that
    /// this can be given up and asked for again.
    async fn changes(&mut self, format: Format) -> Result<Vec<Message>, Ending> {
        loop {
            if self.missed.is_empty() {
                let batch = self.subscription.next().await.map_err(broken)?;
                self.missed.push(batch);
            }
            while self.missed.len() < BATCHES_AT_ONCE {
                let Some(batch) = self.subscription.recorded().await.map_err(broken)? else { break };
                self.missed.push(batch);
            }
            let Some(position) = self.missed.last().map(|batch| batch.position) else { continue };
            let frames =
                if self.missed.iter().any(|batch| concerns(batch)) { self.tell(position, format).await? } else { Vec::new() };
            self.missed.clear();
            self.told = position;
            if !frames.is_empty() {
                return Ok(frames);
            }
        }
    }

    async fn tell(&mut self, position: Position, format: Format) -> Result<Vec<Message>, Ending> {
        let (partition, models) = (self.app.log.partition_of(self.scope.id()), &self.app.models);
        while !self.app.trailing.wait_for(partition, position, PATIENCE).await {
            tracing::warn!(position = position.0, "the read models are late for who follows a list");
        }
        let (from, to) = (self.at(self.told), self.at(position));
        let changes = providers::changes(models, &self.scope, &self.filter.whose, from, to).await.map_err(broken)?;
        let told: Vec<_> = changes.into_iter().filter_map(|change| Some((self.happened(&change)?, change.after))).collect();
        let gone = self.forgotten();
        if told.is_empty() && gone.is_empty() {
            return Ok(Vec::new());
        }
        let count = providers::count(models, &self.scope, &self.filter, Some(to)).await.map_err(broken)?;
        let mut frames = Vec::with_capacity(told.len() + gone.len());
        for (happened, row) in told {
            self.gone.remove(&row.id);
            frames.push(format.frame(&ChangeFrame::new(happened, row, count, position))?);
        }
        for id in gone {
            frames.push(format.frame(&ChangeFrame::forgotten(&id, count, position))?);
            self.gone.insert(id);
        }
        Ok(frames)
    }

    /// What a change means to the list; `None`: nothing.
    fn happened(&self, RelationChange { before, after }: &RelationChange) -> Option<Happened> {
        let before = before.as_ref().filter(|row| self.filter.matches(row));
        match (before, self.filter.matches(after)) {
            (None, false) => None,
            (None, true) => Some(Happened::Entered),
            (Some(_), false) => Some(Happened::Left),
            (Some(before), true) if self.filter.is_one_place(before, after) => Some(Happened::Updated),
            (Some(_), true) => Some(Happened::Moved),
        }
    }

    /// Relations that were erased, and not told yet. Whether they were in the list is not known any more.
    fn forgotten(&self) -> Vec<RelationId> {
        let mut ids: Vec<RelationId> = Vec::new();
        for recorded in self.missed.iter().flat_map(|batch| &batch.events) {
            let of = if let Event::Booking(BookingEvent::Forgotten(data)) = &recorded.event {
                Some((&data.provider, &data.customer))
            } else if let Event::Relation(RelationEvent::Forgotten(data)) = &recorded.event {
                Some((&data.provider, &data.customer))
            } else {
                None
            };
            let Some((provider, customer)) = of else { continue };
            let id = RelationId::of(provider, customer);
            if is_of(&self.filter.whose, provider) && !self.gone.contains(&id) && !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }
}

fn is_of(whose: &Whose, provider: &UserId) -> bool {
    match whose {
        Whose::Provider(id) => id == provider,
        Whose::Tenant => true,
    }
}

fn concerns(batch: &Batch) -> bool {
    let kinds = [StreamKind::Customer, StreamKind::Booking, StreamKind::Relation];
    batch.events.iter().any(|recorded| kinds.contains(&recorded.event.kind()))
}

fn broken(error: impl Into<Reason>) -> Ending {
    let Reason(error) = error.into();
    tracing::warn!(error = &*error, "a socket with a provider's customers cannot go on");
    Ending::Broken
}

/// Why a list cannot be followed.
struct Reason(Box<dyn std::error::Error + Send + Sync>);

impl From<QueryError> for Reason {
    fn from(error: QueryError) -> Self {
        Self(Box::new(error))
    }
}

impl From<event_log::LogError> for Reason {
    fn from(error: event_log::LogError) -> Self {
        Self(Box::new(error))
    }
}
