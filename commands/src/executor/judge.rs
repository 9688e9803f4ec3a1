//! Deciding the commands on one stream: no I/O.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use events::StreamRef;

use super::answer::Fate;
use super::engine::Request;
use super::error::CommandError;
use super::outcome::Loaded;
use crate::aggregate::{Aggregate, Context, EventMeta, Rejection, evolve_all};

/// The commands on one stream, in order.
pub(super) struct Job<'c, A: Aggregate> {
    pub stream: StreamRef,
    pub commands: Vec<&'c A::Command>,
}

/// What commands on one stream lead to.
pub(super) struct Decided<A: Aggregate> {
    pub events: Vec<A::Event>,
    /// One per command.
    pub fates: Vec<Fate>,
    /// The state after them.
    pub state: Arc<A::State>,
}

pub(super) type Decision<A> = Result<Decided<A>, CommandError<<A as Aggregate>::Rejection>>;

/// Whether the decision needs no look at the log: where there are events, their append confirms the state.
pub(super) fn is_sure<A: Aggregate>(decision: &Decision<A>) -> bool {
    decision.as_ref().is_ok_and(|decided| !decided.events.is_empty())
}

/// Decides the commands, each on the state that the ones before it lead to.
pub(super) fn judge<A: Aggregate>(
    request: &Request<'_, A>,
    job: &Job<'_, A>,
    loaded: &Loaded<A>,
    now: DateTime<Utc>,
) -> Decision<A> {
    let context = Context {
        now,
        actor: request.meta.actor.clone(),
        correlation_id: request.meta.correlation_id.clone(),
        stream: job.stream.clone(),
    };
    let mut decided =
        Decided { events: Vec::new(), fates: Vec::with_capacity(job.commands.len()), state: Arc::clone(&loaded.state) };
    for command in &job.commands {
        match A::decide(&decided.state, command, &context) {
            Ok(events) if events.is_empty() => decided.fates.push(Fate::Unchanged),
            Ok(events) => {
                let state = evolve_all::<A>(A::State::clone(&decided.state), &events, &EventMeta { recorded_at: now });
                decided.state = Arc::new(state);
                decided.events.extend(events);
                decided.fates.push(Fate::Changed);
            }
            Err(rejection) if rejection.is_missing() && request.passes_over_missing => decided.fates.push(Fate::Missing),
            Err(rejection) if rejection.is_missing() => return Err(CommandError::Rejected(rejection)),
            Err(rejection) => {
                the_version_matches(request, loaded)?;
                return Err(CommandError::Rejected(rejection));
            }
        }
    }
    the_version_matches(request, loaded)?;
    Ok(decided)
}

/// The stream has the version that the precondition asks for.
fn the_version_matches<A: Aggregate>(request: &Request<'_, A>, loaded: &Loaded<A>) -> Result<(), CommandError<A::Rejection>> {
    match request.precondition.version {
        Some(expected) if expected != loaded.version => Err(CommandError::VersionMismatch { expected, found: loaded.version }),
        Some(_) | None => Ok(()),
    }
}
