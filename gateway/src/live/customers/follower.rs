//! The subscriptions of one socket: what they are told, in order and once.

use std::collections::VecDeque;
use std::sync::Arc;

use events::Position;
use poem::web::websocket::Message;
use query_api::contacts;
use query_api::{QueryError, Scope};

use super::feed::{AT_ONCE, Changes, Place, SharedChange};
use super::frames::{self, Occasion, PageFrame};
use super::live_query::{LiveQuery, Step};
use super::look::{Look, Reason};
use super::request::Asked;
use crate::app::AppState;
use crate::live::{Ending, Format};

/// A list that the client follows.
#[derive(Debug)]
struct Subscription {
    /// What the client calls it.
    name: String,
    asked: Asked,
    query: LiveQuery,
    /// Whether changes have to be read before the feed's are taken.
    is_behind: bool,
}

/// The subscriptions of one socket.
pub struct Follower {
    app: AppState,
    scope: Scope,
    subscriptions: Vec<Subscription>,
    place: Option<Place>,
    /// Changes of the feed that not all subscriptions have taken in yet.
    current: Option<Arc<Changes>>,
    /// Frames that are to be sent. They stay here when somebody gives up waiting.
    ready: VecDeque<Message>,
}

impl Follower {
    /// Nothing is followed yet.
    pub const fn new(app: AppState, scope: Scope) -> Self {
        Self { app, scope, subscriptions: Vec::new(), place: None, current: None, ready: VecDeque::new() }
    }

    /// What the subscriptions are called.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.subscriptions.iter().map(|subscription| subscription.name.as_str())
    }

    /// Everything up to here was told to all of them.
    pub fn position(&self) -> Option<Position> {
        self.subscriptions.iter().map(|subscription| subscription.query.told()).min()
    }

    /// Follows a list from now on, or from an earlier position on where all that happened since is still kept. Answers which of it,
    /// and the first page.
    ///
    /// # Errors
    /// When the list cannot be read.
    pub async fn follow(&mut self, name: String, asked: Asked, after: Option<Position>) -> Result<(Occasion, Look), QueryError> {
        self.place().await?;
        let look = self.look(&asked).await?;
        let (occasion, told) = match after {
            None => (Occasion::Subscribed, look.position),
            Some(after) if self.keeps(after).await? => (Occasion::Resumed, after.min(look.position)),
            Some(_) => (Occasion::Resync, look.position),
        };
        let query = LiveQuery::new(asked.question.filter.clone(), asked.question.page.page_size(), &look, told);
        self.subscriptions.push(Subscription { name, asked, query, is_behind: occasion == Occasion::Resumed });
        Ok((occasion, look))
    }

    /// The place at the feed. Who takes it before a look at the list or at what was missed gets whatever happens behind that.
    async fn place(&mut self) -> Result<&mut Place, QueryError> {
        match &mut self.place {
            Some(place) => Ok(place),
            none => Ok(none.insert(self.app.contacts.join(&self.app, self.scope.id()).await?)),
        }
    }

    /// Whether all that happened behind a position is still kept.
    async fn keeps(&self, after: Position) -> Result<bool, QueryError> {
        let partition = self.app.log.partition_of(self.scope.id());
        Ok(contacts::changes(&self.app.models, &self.scope, partition, after, 1).await?.is_some())
    }

    /// Follows a list no longer. Answers whether it was followed.
    pub fn leave(&mut self, name: &str) -> bool {
        let before = self.subscriptions.len();
        self.subscriptions.retain(|subscription| subscription.name != name);
        if self.subscriptions.is_empty() {
            (self.place, self.current) = (None, None);
        }
        self.subscriptions.len() < before
    }

    /// A page of a list as it is now.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn look(&self, asked: &Asked) -> Result<Look, QueryError> {
        let partition = self.app.log.partition_of(self.scope.id());
        let question = &asked.question;
        let listed = contacts::list(&self.app.models, &self.scope, partition, &question.filter, question.page).await?;
        Ok(listed.into())
    }

    /// The frames that come next. May be given up and asked for again.
    ///
    /// # Errors
    /// When something cannot be read or written.
    pub async fn next(&mut self, format: Format) -> Result<Vec<Message>, Ending> {
        while self.ready.is_empty() {
            if self.subscriptions.is_empty() {
                return std::future::pending().await;
            }
            self.step(format).await.map_err(|failure| failure.ending())?;
        }
        Ok(self.ready.drain(..).collect())
    }

    async fn step(&mut self, format: Format) -> Result<(), Failure> {
        if let Some(at) = self.subscriptions.iter().position(|subscription| subscription.is_behind) {
            return self.catch_up(at, format).await;
        }
        if let Some(current) = self.current.clone() {
            for at in 0..self.subscriptions.len() {
                self.tell(at, &current, format).await?;
                self.fill(at, &current, format).await?;
                self.subscriptions[at].query.told_up_to(current.position);
            }
            self.current = None;
            return Ok(());
        }
        match self.place().await?.recv().await {
            Ok(changes) => self.current = Some(changes),
            // Too slow for the feed, or the feed gave up: what was missed is read.
            Err(_) => {
                self.place = None;
                self.subscriptions.iter_mut().for_each(|subscription| subscription.is_behind = true);
            }
        }
        Ok(())
    }

    /// Reads what a subscription missed, a stretch at a time.
    async fn catch_up(&mut self, at: usize, format: Format) -> Result<(), Failure> {
        self.place().await?;
        let (told, partition) = (self.subscriptions[at].query.told(), self.app.log.partition_of(self.scope.id()));
        let stretch = contacts::changes(&self.app.models, &self.scope, partition, told, AT_ONCE).await?;
        let Some(stretch) = stretch else {
            let look = self.look(&self.subscriptions[at].asked).await?;
            self.show(at, Occasion::Resync, &look, format)?;
            let subscription = &mut self.subscriptions[at];
            subscription.query.told_up_to(look.position);
            subscription.query.look(&look);
            subscription.is_behind = false;
            return Ok(());
        };
        let (_, names) = contacts::tag_names(&self.app.models, &self.scope, partition).await?;
        let (more, changes) = (stretch.more, Changes::of(stretch, Arc::new(names)));
        self.tell(at, &changes, format).await?;
        if !more {
            self.fill(at, &changes, format).await?;
            self.subscriptions[at].query.told_up_to(changes.position);
            self.subscriptions[at].is_behind = false;
        }
        Ok(())
    }

    /// Tells a subscription what concerns it. What was told before is passed over.
    async fn tell(&mut self, at: usize, changes: &Changes, format: Format) -> Result<(), Failure> {
        for SharedChange { change, customer } in &changes.changes {
            let mut step = self.subscriptions[at].query.take(change, &changes.names);
            if step == Step::Look {
                self.look_again(at, changes, format).await?;
                step = self.subscriptions[at].query.take(change, &changes.names);
            }
            if let Step::Tell(told) = step {
                self.ready.push_back(frames::change(&self.subscriptions[at].name, &told, customer, format)?);
            }
        }
        Ok(())
    }

    /// Shows the page again where single changes left it short.
    async fn fill(&mut self, at: usize, changes: &Changes, format: Format) -> Result<(), Failure> {
        if self.subscriptions[at].query.is_short() { self.look_again(at, changes, format).await } else { Ok(()) }
    }

    /// Looks at a list behind some changes, as all who follow it do.
    async fn look_again(&mut self, at: usize, changes: &Changes, format: Format) -> Result<(), Failure> {
        let asked = &self.subscriptions[at].asked;
        let (tenant, filters, position) = (self.scope.id().clone(), asked.filters.clone(), changes.position);
        let look = self.app.contacts.looks().share(Reason { tenant, filters, position }, self.look(asked)).await?;
        self.show(at, Occasion::Page, &look, format)?;
        self.subscriptions[at].query.look(&look);
        Ok(())
    }

    fn show(&mut self, at: usize, occasion: Occasion, look: &Look, format: Format) -> Result<(), Failure> {
        let Subscription { name, asked, .. } = &self.subscriptions[at];
        let frame = format.frame(&PageFrame::new(occasion, asked, look).of_subscription(name))?;
        self.ready.push_back(frame);
        Ok(())
    }
}

/// Why nothing more can be told.
enum Failure {
    /// The read models cannot be read.
    Query(Arc<QueryError>),
    /// A frame cannot be written.
    Frame(Ending),
}

impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Self {
        Self::Query(Arc::new(error))
    }
}

impl From<Arc<QueryError>> for Failure {
    fn from(error: Arc<QueryError>) -> Self {
        Self::Query(error)
    }
}

impl From<Ending> for Failure {
    fn from(ending: Ending) -> Self {
        Self::Frame(ending)
    }
}

impl Failure {
    fn ending(self) -> Ending {
        match self {
            Self::Query(error) => {
                tracing::warn!(error = &*error as &dyn std::error::Error, "a subscription cannot go on");
                Ending::Broken
            }
            Self::Frame(ending) => ending,
        }
    }
}
