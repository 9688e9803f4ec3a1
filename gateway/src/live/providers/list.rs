//! One list of a provider's customers that is followed: what changes it, in order and once.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use events::{BookingEvent, Event, Position, RelationEvent, RelationId, StreamKind, UserId};
use poem::web::websocket::Message;
use query_api::customers::as_of::AsOf;
use query_api::providers::{self, RelationChange, RelationFilter, RelationRow, Whose};
use query_api::{Page, PageRequest, QueryError, Scope};

use super::frames::ChangeFrame;
use crate::app::AppState;
use crate::live::EventFilter;
use crate::live::format::Format;
use crate::live::hub::Batch;
use crate::live::list_door::frames::Happened;
use crate::live::socket::Ending;
use crate::live::subscription::Subscription;

/// How many batches of the log are told together where many were missed.
const BATCHES_AT_ONCE: usize = 256;
/// How long the read models are waited for before it is looked again.
const PATIENCE: Duration = Duration::from_secs(5);

/// A list that is followed.
pub struct List {
    /// What the client calls it.
    pub name: String,
    app: AppState,
    scope: Scope,
    filter: RelationFilter,
    /// Everything up to here was told.
    told: Position,
    subscription: Subscription,
    /// What happened, and is still to be told.
    missed: Vec<Arc<Batch>>,
    /// The forgotten that were told.
    gone: HashSet<RelationId>,
}

impl List {
    /// A list of which everything up to a position is known.
    pub fn behind(told: Position, name: String, app: AppState, scope: Scope, filter: RelationFilter) -> Self {
        let subscription = app.live.subscribe(scope.id().clone(), EventFilter::default(), told);
        Self { name, app, scope, filter, told, subscription, missed: Vec::new(), gone: HashSet::new() }
    }

    /// Everything up to here was told.
    pub const fn told(&self) -> Position {
        self.told
    }

    /// The list's first page, as of what was told.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn page(&self, request: PageRequest) -> Result<Page<RelationRow>, QueryError> {
        let at = Some(self.at(self.told));
        providers::customers(&self.app.models, &self.scope, &self.filter, at, request).await
    }

    fn at(&self, position: Position) -> AsOf {
        AsOf::new(self.app.log.partition_of(self.scope.id()), position)
    }

    /// The frames of what happens next that changes the list. What is taken from the subscription is kept until it is told, so that
    /// this can be given up and asked for again.
    ///
    /// # Errors
    /// When something cannot be read or written.
    pub async fn changes(&mut self, format: Format) -> Result<Vec<Message>, Ending> {
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
            frames.push(format.frame(&ChangeFrame::new(&self.name, happened, row, count, position))?);
        }
        for id in gone {
            frames.push(format.frame(&ChangeFrame::forgotten(&self.name, &id, count, position))?);
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
