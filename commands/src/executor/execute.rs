//! One command, or several, on one stream.

use std::time::Instant;

use events::StreamRef;

use super::Executor;
use super::answer::{Answer, Span};
use super::engine::{Finished, Ran, Request};
use super::error::CommandError;
use super::judge::Job;
use super::observe::{self, Done};
use super::outcome::Executed;
use super::request::{Idempotency, Meta, Precondition};
use crate::aggregate::Aggregate;

impl Executor {
    /// Carries out a command.
    ///
    /// # Errors
    /// The rule that it breaks, or why it could not be carried out; see [`CommandError`].
    pub async fn execute<A: Aggregate>(
        &self,
        stream: &StreamRef,
        command: A::Command,
        meta: &Meta,
        idempotency: Option<&Idempotency>,
    ) -> Result<Executed<A>, CommandError<A::Rejection>> {
        self.execute_when::<A>(stream, command, meta, idempotency, Precondition::default()).await
    }

    /// Carries out a command if a precondition holds. A request that was carried out before is answered again whether it
    /// still holds or not.
    ///
    /// # Errors
    /// As [`Executor::execute`], and [`CommandError::VersionMismatch`].
    pub async fn execute_when<A: Aggregate>(
        &self,
        stream: &StreamRef,
        command: A::Command,
        meta: &Meta,
        idempotency: Option<&Idempotency>,
        precondition: Precondition,
    ) -> Result<Executed<A>, CommandError<A::Rejection>> {
        self.execute_all::<A>(stream, std::slice::from_ref(&command), meta, idempotency, precondition).await
    }

    /// Carries out several commands on one stream, each decided on the state that the ones before it lead to, in one commit: all of
    /// them or, where one breaks a rule, none. Without a command it answers what the log has.
    ///
    /// # Errors
    /// As [`Executor::execute_when`].
    pub async fn execute_all<A: Aggregate>(
        &self,
        stream: &StreamRef,
        commands: &[A::Command],
        meta: &Meta,
        idempotency: Option<&Idempotency>,
        precondition: Precondition,
    ) -> Result<Executed<A>, CommandError<A::Rejection>> {
        let started = Instant::now();
        let request = Request {
            tenant: &stream.tenant,
            jobs: vec![Job { stream: stream.clone(), commands: commands.iter().collect() }],
            meta,
            idempotency,
            precondition,
            passes_over_missing: false,
            answer: &answer,
        };
        let result = match self.run::<A>(&request).await {
            Ok(Ran::Done(finished, _)) => executed(finished),
            Ok(Ran::Replayed(given)) => self.replay_one(&stream.tenant, given.answer).await,
            Err(error) => Err(error),
        };
        for command in commands {
            observe::command(A::traits(command).name, A::KIND, meta, started, &result, |executed| Done {
                outcome: match (executed.replayed, executed.events.is_empty()) {
                    (true, _) => "replayed",
                    (false, true) => "unchanged",
                    (false, false) => "changed",
                },
                version: executed.version,
                items: executed.events.len(),
            });
        }
        result
    }
}

/// What is kept under the request's key.
fn answer<A: Aggregate>(finished: &[Finished<A>]) -> Option<Answer> {
    let job = finished.first()?;
    let span = Span { from: job.before.version, version: job.after.version };
    Some(Answer::One { kind: job.stream.kind, id: job.stream.id().to_owned(), span })
}

fn executed<A: Aggregate>(finished: Vec<Finished<A>>) -> Result<Executed<A>, CommandError<A::Rejection>> {
    let Some(Finished { stream, after, events, .. }) = finished.into_iter().next() else {
        return Err(CommandError::Malformed("a request without a command"));
    };
    Ok(Executed { stream, state: after.state, version: after.version, position: after.position, events, replayed: false })
}
