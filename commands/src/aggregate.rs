//! What an aggregate is: two pure functions, and what the executor must know to run them.

use chrono::{DateTime, Utc};
use events::{Actor, ClaimKey, CorrelationId, Event, StreamKind, StreamRef};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::fields::FieldErrors;

/// What a decision may know beside the state and the command.
#[derive(Debug, Clone)]
pub struct Context {
    /// The moment of the decision, to the microsecond.
    pub now: DateTime<Utc>,
    /// Who asks.
    pub actor: Actor,
    /// The outside request that it comes from.
    pub correlation_id: CorrelationId,
    /// The stream that it is about: tenant, kind and id.
    pub stream: StreamRef,
}

/// What `evolve` may know of an event beside its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventMeta {
    /// When it was recorded, to the microsecond.
    pub recorded_at: DateTime<Utc>,
}

/// Why a command was refused, as a rule with a name.
pub trait Rejection: std::error::Error + Clone + Send + Sync + 'static {
    /// The stable code, such as `customer.email_taken`.
    fn code(&self) -> &'static str;

    /// What is wrong with which field, where the rule is about fields.
    fn field_errors(&self) -> Option<&FieldErrors>;

    /// Whether it says that there is nothing (any more) to command; a bulk command passes over these.
    fn is_missing(&self) -> bool;
}

/// What events do to a unique name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimMove {
    /// The aggregate takes the name.
    Acquire,
    /// The aggregate gives the name back.
    Release,
}

/// A unique name that changes hands with the events of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimChange {
    /// The name.
    pub key: ClaimKey,
    /// What happens to it.
    pub change: ClaimMove,
}

/// What is known of a command before it is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traits {
    /// Its name, for metrics and logs.
    pub name: &'static str,
    /// Whether it is for a stream without events, so that there is nothing to read first.
    pub creates: bool,
    /// How many unique names change hands at most.
    pub claims: usize,
}

impl Traits {
    /// A command on what is there, by its name.
    #[must_use]
    pub const fn of(name: &'static str) -> Self {
        Self { name, creates: false, claims: 0 }
    }

    /// It is for a stream without events.
    #[must_use]
    pub const fn creating(self) -> Self {
        Self { creates: true, ..self }
    }

    /// So many unique names change hands at most.
    #[must_use]
    pub const fn claiming(self, claims: usize) -> Self {
        Self { claims, ..self }
    }

    /// How many entries of the log it takes at most: its commit and its claims.
    #[must_use]
    pub const fn most_entries(self) -> usize {
        1 + self.claims
    }
}

/// An aggregate: what `decide` and `evolve` are, and how the executor finds its way around.
pub trait Aggregate: Send + Sync + 'static {
    /// What the events so far add up to; `Default` is the state of a stream without events.
    type State: Clone + Default + PartialEq + std::fmt::Debug + Serialize + DeserializeOwned + Send + Sync + 'static;
    /// What can be asked for.
    type Command: Clone + std::fmt::Debug + Serialize + Send + Sync + 'static;
    /// What can happen.
    type Event: Clone + PartialEq + std::fmt::Debug + Into<Event> + TryFrom<Event> + Send + Sync + 'static;
    /// Why it may be refused.
    type Rejection: Rejection;

    /// The kind of its streams.
    const KIND: StreamKind;
    /// The layout of its state in snapshots; raise it when the state changes, and old snapshots are passed over.
    const SNAPSHOT_SCHEMA: u32;

    /// What a command leads to, or the rule that it breaks. No events: there is nothing to do.
    ///
    /// # Errors
    /// The rule that the command breaks.
    fn decide(state: &Self::State, command: &Self::Command, context: &Context) -> Result<Vec<Self::Event>, Self::Rejection>;

    /// The state after an event. The only place where state is built.
    fn evolve(state: Self::State, event: &Self::Event, meta: &EventMeta) -> Self::State;

    /// The unique names that change hands when these events follow that state.
    fn claims(stream: &StreamRef, before: &Self::State, events: &[Self::Event]) -> Vec<ClaimChange>;

    /// The rejection for a name that somebody else holds.
    fn taken(key: &ClaimKey) -> Self::Rejection;

    /// What is known of a command before it is decided.
    fn traits(command: &Self::Command) -> Traits;

    /// Whether the state says that all earlier events of the stream are to be erased.
    fn is_erased(_state: &Self::State) -> bool {
        false
    }

    /// About how many bytes a state takes in memory.
    fn weight(state: &Self::State) -> usize;
}

/// The state after several events that were recorded at one moment.
pub fn evolve_all<A: Aggregate>(state: A::State, events: &[A::Event], meta: &EventMeta) -> A::State {
    events.iter().fold(state, |state, event| A::evolve(state, event, meta))
}

/// A time to the microsecond, as events keep it.
#[must_use]
pub fn to_micros(time: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(time.timestamp_micros()).unwrap_or(time)
}
