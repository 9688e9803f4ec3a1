//! One answer, until the channel took it or will not.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use chrono::Utc;
use commands::{Conversation, Customer, Page};
use events::subject::Partition;
use events::{PageId, StreamRef};
use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::TRIES;
use super::book::Waiting;
use super::record::{Answer, Verdict};
use crate::app::AppState;
use crate::channel::send::{Fault, Outgoing};

/// How many answers a page sends at a time, so that a slow channel holds up nobody else's.
const PER_PAGE: usize = 8;

/// Carries answers to channels.
pub struct Courier {
    app: AppState,
    partition: Partition,
    /// Until when this process may send.
    tenure: watch::Receiver<Instant>,
    stop: CancellationToken,
    gates: Mutex<HashMap<PageId, Arc<Semaphore>>>,
}

/// How far an answer has come that goes out in several parts. What the channel took is not sent again by this process. One that takes
/// over cannot know of it and begins with the first part, and so does this one where the answer is to go to somebody else than before,
/// or in other parts: no part is ever left out.
#[derive(Debug, Default)]
struct SoFar {
    recipient: String,
    parts: Vec<String>,
    /// How many parts the channel took.
    taken: usize,
    /// The channel's id of the last of them.
    external_id: String,
}

impl SoFar {
    /// Goes on with the same answer.
    fn go_on(&mut self, recipient: &str, parts: Vec<String>) {
        if self.recipient != recipient || self.parts != parts {
            *self = Self { recipient: recipient.to_owned(), parts, ..Self::default() };
        }
    }
}

/// What came of a try.
enum Tried {
    /// It does not wait any more.
    Settled,
    /// Not yet; the channel may have said for how long to leave it alone.
    Later(Option<Duration>),
}

impl Courier {
    /// A courier that sends for as long as the tenure lasts.
    pub fn new(app: AppState, partition: Partition, tenure: watch::Receiver<Instant>, stop: CancellationToken) -> Self {
        Self { app, partition, tenure, stop, gates: Mutex::default() }
    }

    /// Tries to deliver an answer until it does not wait any more, or until this process is to stop.
    pub async fn deliver(&self, conversation: &StreamRef, waiting: &Waiting) {
        let options = &self.app.options.outbox;
        let pauses = ExponentialBuilder::new().with_min_delay(options.first_pause).with_max_delay(options.longest_pause);
        let mut pauses = pauses.with_jitter().without_max_times().build();
        let mut so_far = SoFar::default();
        while !self.stop.is_cancelled() {
            let wait = match self.try_once(conversation, waiting, &mut so_far).await {
                Ok(Tried::Settled) => return,
                Ok(Tried::Later(wait)) => wait,
                Err(trouble) => {
                    tracing::warn!(error = &trouble as &dyn std::error::Error, "an answer waits for the log");
                    None
                }
            };
            let pause = pauses.next().unwrap_or(options.longest_pause).max(wait.unwrap_or_default().min(options.longest_pause));
            let _ = self.stop.run_until_cancelled(tokio::time::sleep(pause)).await;
        }
    }

    async fn try_once(
        &self,
        conversation: &StreamRef,
        waiting: &Waiting,
        so_far: &mut SoFar,
    ) -> Result<Tried, event_log::LogError> {
        let state = self.app.executor.load::<Conversation>(conversation).await?.state;
        let (Some(customer), Some(page)) = (&state.customer, &state.page) else { return Ok(Tried::Settled) };
        if !state.pending.contains(&waiting.message) {
            return Ok(Tried::Settled);
        }
        // What is not there (any more) was erased with the customer.
        let Some(answer) = Answer::read(&self.app.log, self.partition, waiting).await? else { return Ok(Tried::Settled) };
        let tenant = &conversation.tenant;
        let to = self.app.executor.load::<Customer>(&StreamRef::customer(tenant, customer)).await?.state;
        let from = self.app.executor.load::<Page>(&StreamRef::page(tenant, page)).await?.state;
        // An id in another channel is somebody else's in this one.
        let recipient = if to.contact.source == from.source { to.contact.source_id.clone() } else { String::new() };
        let outgoing = Outgoing {
            message: waiting.message.clone(),
            text: answer.text.clone(),
            is_bots: answer.is_bots,
            conversation: events::ConversationId::of(customer, page),
            customer: customer.clone(),
            recipient,
            page: page.clone(),
            account: from.external_id.clone(),
            source: from.source,
        };
        let sent = match from.is_connected {
            true => self.send(tenant, outgoing, so_far).await,
            false => Err(Fault::Final("The page is disconnected.".to_owned())),
        };
        let verdict = match sent {
            Ok(external_id) => Verdict::Delivered(external_id),
            Err(Fault::Final(reason)) => Verdict::Failed(reason),
            // Whoever holds the lease now may be sending it.
            Err(Fault::Passing { .. }) if *self.tenure.borrow() <= Instant::now() => return Ok(Tried::Later(None)),
            Err(Fault::Passing { reason, .. }) if self.is_too_old(&answer) => {
                Verdict::Failed(format!("{reason} It was tried for long enough."))
            }
            Err(Fault::Passing { wait, .. }) => {
                metrics::counter!(TRIES, "outcome" => "later").increment(1);
                // What the channel says may name people: it is not for the log.
                tracing::info!(page = %page, "an answer waits for the channel");
                return Ok(Tried::Later(wait));
            }
        };
        metrics::counter!(TRIES, "outcome" => verdict.name()).increment(1);
        Ok(if answer.record(self, conversation, &waiting.message, verdict).await { Tried::Settled } else { Tried::Later(None) })
    }

    fn is_too_old(&self, answer: &Answer) -> bool {
        (Utc::now() - answer.recorded_at).to_std().is_ok_and(|age| age >= self.app.options.outbox.patience)
    }

    /// Sends what the channel has not taken yet, part by part.
    async fn send(&self, tenant: &events::TenantId, outgoing: Outgoing, so_far: &mut SoFar) -> Result<String, Fault> {
        let passing = |reason: &str| Fault::Passing { reason: reason.to_owned(), wait: None };
        let secrets = self.app.channel.secrets_of(tenant, &outgoing.page).await.map_err(|error| {
            tracing::warn!(error = &error as &dyn std::error::Error, "the secrets of a page cannot be read");
            passing("The page's secrets cannot be read at the moment.")
        })?;
        let gate = self.gate(&outgoing.page);
        let _turn = gate.acquire().await.map_err(|_| passing("The service stops."))?;
        so_far.go_on(&outgoing.recipient, self.app.channel.sender.parts(&outgoing, &secrets));
        while let Some(text) = so_far.parts.get(so_far.taken) {
            let part = Outgoing { text: text.clone(), ..outgoing.clone() };
            let sent = tokio::select! {
                biased;
                // Who lost the right to send leaves it to who has it, also what is on its way: it would come behind what the other sends.
                () = ends(self.tenure.clone()) => return Err(passing("Another process may be sending.")),
                sent = self.app.channel.sender.send(&part, &secrets) => sent,
            };
            so_far.external_id = sent.map_err(|fault| fault.of_part(so_far.taken + 1, so_far.parts.len()))?;
            so_far.taken += 1;
        }
        Ok(so_far.external_id.clone())
    }

    fn gate(&self, page: &PageId) -> Arc<Semaphore> {
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(gates.entry(page.clone()).or_insert_with(|| Arc::new(Semaphore::new(PER_PAGE))))
    }

    /// What is carried.
    pub(super) const fn app(&self) -> &AppState {
        &self.app
    }

    /// Is cancelled when this process is to stop.
    pub(super) const fn stop(&self) -> &CancellationToken {
        &self.stop
    }
}

/// Waits until the right to send ends, which may be renewed meanwhile.
async fn ends(mut tenure: watch::Receiver<Instant>) {
    loop {
        let until = *tenure.borrow_and_update();
        match tokio::time::timeout_at(until, tenure.changed()).await {
            Ok(Ok(())) => {}
            // It is not renewed any more.
            Ok(Err(_)) => return tokio::time::sleep_until(until).await,
            Err(_) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::poll;

    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    #[tokio::test]
    async fn the_right_to_send_ends_when_it_is_said_to_now_and_not_when_it_was_once() {
        let now = Instant::now();
        let (term, tenure) = watch::channel(now + HOUR);
        let mut waiting = std::pin::pin!(ends(tenure));
        assert!(poll!(&mut waiting).is_pending());
        term.send_replace(now + 2 * HOUR);
        assert!(poll!(&mut waiting).is_pending());
        term.send_replace(now);
        waiting.await;
        let (term, tenure) = watch::channel(now);
        ends(tenure.clone()).await;
        drop(term);
        ends(tenure).await;
    }
}
