//! Commands on behalf of a request.

use commands::{Aggregate, CommandError, Customer, CustomerState, Executed, Loaded, Precondition};
use events::{CustomerId, StreamRef};
use futures_util::FutureExt;

use super::as_of::forgotten;
use super::call::Call;
use super::conditions::{Tags, mismatch};
use crate::problem::{Problem, Refusal};

impl<O> Call<O> {
    /// Carries a command out, under the request's idempotency key and on its condition.
    ///
    /// # Errors
    /// The rule that it breaks, or why it could not be carried out.
    pub async fn execute<A>(&self, stream: &StreamRef, command: A::Command, digest: &[u8]) -> Result<Executed<A>, Problem>
    where
        A: Aggregate,
        A::Rejection: Refusal,
    {
        self.execute_all::<A>(stream, &[command], digest).await
    }

    /// Carries several commands on one aggregate out as [`Call::execute`] does, all or none.
    ///
    /// # Errors
    /// The rule that one breaks, or why they could not be carried out.
    pub async fn execute_all<A>(&self, stream: &StreamRef, commands: &[A::Command], digest: &[u8]) -> Result<Executed<A>, Problem>
    where
        A: Aggregate,
        A::Rejection: Refusal,
    {
        let precondition = self.condition::<A>(stream).await?;
        let idempotency = self.idempotency(digest);
        let meta = self.meta();
        // Boxed for the compiler's sake: it cannot yet see that the future is Send for every lifetime (rust#100013).
        let done = self.app.executor.execute_all::<A>(stream, commands, &meta, idempotency.as_ref(), precondition).boxed();
        Ok(done.await?)
    }

    /// An aggregate as it is now; where the door shows a past moment, as it was then.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn present<A>(&self, stream: &StreamRef) -> Result<Loaded<A>, Problem>
    where
        A: Aggregate,
        A::Rejection: Refusal,
    {
        let executor = &self.app.executor;
        let loaded = match self.app.is_read_only() {
            true => executor.load_at::<A>(stream, self.read_position()).boxed().await,
            false => executor.load::<A>(stream).boxed().await,
        };
        Ok(loaded.map_err(CommandError::<A::Rejection>::from)?)
    }

    /// Why a customer is not shown: they were forgotten, or there is none (any more).
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn why_absent(&self, stream: &StreamRef) -> Result<Problem, Problem> {
        Ok(absent(&self.present::<Customer>(stream).await?.state))
    }

    /// What `If-Match` asks of an aggregate, whose present version is looked up only when several are fine.
    pub(super) async fn condition<A>(&self, stream: &StreamRef) -> Result<Precondition, Problem>
    where
        A: Aggregate,
        A::Rejection: Refusal,
    {
        let Some(versions) = self.if_match().and_then(Tags::versions) else { return Ok(Precondition::default()) };
        if let [version] = versions.as_slice() {
            return Ok(Precondition::version(*version));
        }
        let present = self.present::<A>(stream).await?.version;
        if versions.contains(&present) { Ok(Precondition::version(present)) } else { Err(mismatch(present)) }
    }

    /// The stream of a customer of the request's tenant. An id that cannot be one is as good as an unknown one.
    ///
    /// # Errors
    /// The 404 problem.
    pub fn customer(&self, id: &str) -> Result<(CustomerId, StreamRef), Problem> {
        let id: CustomerId = id.parse().map_err(|_| Problem::not_found())?;
        let stream = StreamRef::customer(&self.tenant.id, &id);
        Ok((id, stream))
    }
}

/// Why a customer who is not present is not shown. One who was deleted is none any more; of one who was forgotten it is said.
#[must_use]
pub fn absent(state: &CustomerState) -> Problem {
    if state.is_forgotten() { forgotten() } else { Problem::not_found() }
}
