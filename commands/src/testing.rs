//! Given, when, then: how the rules of an aggregate are tested, here and elsewhere.

use chrono::{DateTime, Utc};
use events::{Actor, CorrelationId, StreamRef, TenantId};

use crate::aggregate::{Aggregate, Context, EventMeta, evolve_all};

/// A history so far.
#[derive(Debug)]
#[must_use]
pub struct Given<A: Aggregate> {
    events: Vec<A::Event>,
    context: Context,
}

/// A history and what a command led to.
#[derive(Debug)]
#[must_use]
pub struct When<A: Aggregate> {
    before: A::State,
    decided: Result<Vec<A::Event>, A::Rejection>,
    context: Context,
}

/// The moment at which tests decide.
#[must_use]
pub fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_268_800, 0).unwrap_or_default()
}

/// A context at [`noon`] in a tenant of its own.
#[must_use]
pub fn context<A: Aggregate>() -> Context {
    let tenant = TenantId::generate();
    let stream = StreamRef::new(tenant.clone(), A::KIND, "subject").unwrap_or_else(|_| StreamRef::tenant(&tenant));
    Context { now: noon(), actor: Actor::system("test"), correlation_id: CorrelationId::generate(), stream }
}

/// These events have happened.
pub fn given<A: Aggregate>(events: impl IntoIterator<Item = A::Event>) -> Given<A> {
    Given { events: events.into_iter().collect(), context: context::<A>() }
}

/// The state after these events, all recorded at [`noon`].
pub fn state_of<A: Aggregate>(events: &[A::Event]) -> A::State {
    evolve_all::<A>(A::State::default(), events, &EventMeta { recorded_at: noon() })
}

impl<A: Aggregate> Given<A> {
    /// Another actor asks.
    pub fn by(mut self, actor: Actor) -> Self {
        self.context.actor = actor;
        self
    }

    /// It is about another stream.
    pub fn on(mut self, stream: StreamRef) -> Self {
        self.context.stream = stream;
        self
    }

    /// Decides a command.
    pub fn when(self, command: A::Command) -> When<A> {
        let before = state_of::<A>(&self.events);
        let decided = A::decide(&before, &command, &self.context);
        When { before, decided, context: self.context }
    }
}

impl<A: Aggregate> When<A>
where
    A::Rejection: PartialEq,
{
    /// Exactly these events, in this order. Gives the state after them.
    ///
    /// # Panics
    /// When it is otherwise.
    #[track_caller]
    pub fn then(self, events: impl IntoIterator<Item = A::Event>) -> A::State {
        let expected: Vec<_> = events.into_iter().collect();
        assert_eq!(self.decided, Ok(expected.clone()));
        evolve_all::<A>(self.before, &expected, &EventMeta { recorded_at: self.context.now })
    }

    /// Nothing to do.
    ///
    /// # Panics
    /// When it is otherwise.
    #[track_caller]
    pub fn then_nothing(self) {
        assert_eq!(self.decided, Ok(Vec::new()));
    }

    /// Rejected by exactly this rule.
    ///
    /// # Panics
    /// When it is otherwise.
    #[track_caller]
    pub fn then_rejected(self, rejection: A::Rejection) {
        assert_eq!(self.decided, Err(rejection));
    }
}
