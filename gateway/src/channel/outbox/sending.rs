//! The loop of the process whose turn it is to send for a partition.

use std::collections::HashSet;
use std::sync::Arc;

use event_log::LogError;
use events::subject::Partition;
use events::{MessageId, Position, StreamKind, StreamRef};
use futures_util::StreamExt;
use query_api::{QueryError, desk};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::WAITING;
use super::book::{Book, Waiting};
use super::courier::Courier;
use super::lease::Lease;
use crate::app::AppState;

/// How many answers are asked for at once.
const AT_ONCE: u64 = 500;

/// Why nothing can be sent at the moment.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The log cannot be followed.
    #[error("the log cannot be followed")]
    Log(#[from] LogError),
    /// The read models do not answer.
    #[error("what waits cannot be looked up")]
    Query(#[from] QueryError),
}

/// What is being sent for a partition.
pub struct Sending {
    app: AppState,
    partition: Partition,
    stop: CancellationToken,
    book: Book,
    /// Conversations with an answer on its way.
    busy: HashSet<StreamRef>,
    couriers: JoinSet<(StreamRef, MessageId)>,
}

impl Sending {
    /// Nothing is on its way yet.
    pub fn new(app: AppState, partition: Partition, stop: CancellationToken) -> Self {
        Self { app, partition, stop, book: Book::default(), busy: HashSet::new(), couriers: JoinSet::new() }
    }

    /// Sends until stopped, or until the lease is lost.
    pub async fn run(mut self, mut lease: Lease) -> Result<(), Trouble> {
        let sent = self.send(&mut lease).await;
        // Whoever comes next does not wait for this process.
        self.couriers.shutdown().await;
        metrics::gauge!(WAITING, "partition" => self.partition.0.to_string()).set(0.0);
        lease.give_back(self.app.log.secrets()).await;
        sent
    }

    async fn send(&mut self, lease: &mut Lease) -> Result<(), Trouble> {
        let (term, tenure) = watch::channel(lease.until());
        let courier = Arc::new(Courier::new(self.app.clone(), self.partition, tenure, self.stop.clone()));
        let head = self.app.log.head(self.partition).await?;
        let after = self.what_waits().await?;
        let mut tail = std::pin::pin!(self.app.log.tail_of(self.partition, &[StreamKind::Conversation], after));
        let mut renew = tokio::time::interval(self.app.options.outbox.lease / 3);
        // What waited long ago may have been delivered since: nothing goes before all is known.
        let mut is_informed = after >= head;
        if is_informed {
            self.start_all(&courier);
        }
        loop {
            let is_stopping = self.stop.is_cancelled();
            if is_stopping && self.couriers.is_empty() {
                return Ok(());
            }
            tokio::select! {
                () = self.stop.cancelled(), if !is_stopping => {}
                _ = renew.tick() => match lease.renew(self.app.log.secrets()).await {
                    Ok(true) => {
                        term.send_replace(lease.until());
                        self.tell_how_many_wait();
                    }
                    Ok(false) => {
                        tracing::warn!(partition = self.partition.0, "another process delivers answers now");
                        return Ok(());
                    }
                    Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "the right to send is not renewed yet"),
                },
                Some(done) = self.couriers.join_next(), if !self.couriers.is_empty() => self.came_back(done, &courier),
                item = tail.next(), if !is_stopping => {
                    let Some(item) = item.transpose()? else { return Ok(()) };
                    if let Some(commit) = &item.commit && self.book.note(commit, item.position) && is_informed {
                        self.start(commit.envelope.stream.clone(), &courier);
                    }
                    if !is_informed && item.position >= head {
                        is_informed = true;
                        self.start_all(&courier);
                    }
                }
            }
        }
    }

    fn tell_how_many_wait(&self) {
        #[expect(clippy::cast_precision_loss, reason = "a gauge knows no other numbers")]
        metrics::gauge!(WAITING, "partition" => self.partition.0.to_string()).set(self.book.len() as f64);
    }

    /// Asks the read models what waits. Gives the position up to which that is known.
    async fn what_waits(&mut self) -> Result<Position, Trouble> {
        let shown = self.app.progress.position(self.partition);
        let mut after = None;
        loop {
            let page = desk::pending(&self.app.models, after, AT_ONCE).await?;
            let Some(last) = page.last() else { return Ok(shown) };
            after = Some(last.place);
            for answer in page.iter().filter(|answer| self.app.log.partition_of(&answer.tenant) == self.partition) {
                let waiting = Waiting { message: answer.message.clone(), position: answer.position };
                self.book.add(&StreamRef::conversation(&answer.tenant, &answer.conversation), waiting);
            }
        }
    }

    fn start_all(&mut self, courier: &Arc<Courier>) {
        let conversations: Vec<_> = self.book.conversations().cloned().collect();
        conversations.into_iter().for_each(|conversation| self.start(conversation, courier));
    }

    /// Sends the next answer of a conversation, unless one is on its way.
    fn start(&mut self, conversation: StreamRef, courier: &Arc<Courier>) {
        let Some(next) = self.book.next(&conversation).cloned() else { return };
        if self.stop.is_cancelled() || !self.busy.insert(conversation.clone()) {
            return;
        }
        let courier = Arc::clone(courier);
        self.couriers.spawn(async move {
            courier.deliver(&conversation, &next).await;
            (conversation, next.message)
        });
    }

    fn came_back(&mut self, done: Result<(StreamRef, MessageId), tokio::task::JoinError>, courier: &Arc<Courier>) {
        match done {
            Ok((conversation, message)) => {
                self.busy.remove(&conversation);
                if !self.stop.is_cancelled() {
                    self.book.settle(&conversation, &message);
                    self.start(conversation, courier);
                }
            }
            // Its conversation stays busy until the next process begins anew.
            Err(error) => tracing::error!(%error, "delivering an answer panicked"),
        }
    }
}
