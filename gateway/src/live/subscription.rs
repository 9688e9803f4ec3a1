//! A tenant's events from any position on: first what the log has, then what happens, without a gap and without a double.

use std::collections::VecDeque;
use std::sync::Arc;

use event_log::{CommitPage, LogError, Selection};
use events::{Position, Recorded, TenantId};
use tokio::sync::broadcast::Receiver;

use super::filter::EventFilter;
use super::hub::{Batch, Hub, Place};

/// How many commits are read from the log at once.
const COMMITS_AT_ONCE: usize = 500;

/// A tenant's events behind a position, in the atomic batches in which they were recorded.
pub struct Subscription {
    hub: Hub,
    selection: Selection,
    filter: EventFilter,
    /// Everything up to here was given out, or stands in `ready` or `making`.
    at: Position,
    /// Where the hub takes over from the log.
    until: Position,
    live: Option<Receiver<Arc<Batch>>>,
    ready: VecDeque<Arc<Batch>>,
    making: Making,
}

/// A batch that is being read from the log.
#[derive(Default)]
struct Making {
    events: Vec<Recorded>,
    end: Position,
}

impl Subscription {
    pub(super) fn new(hub: Hub, tenant: TenantId, filter: EventFilter, after: Position) -> Self {
        let selection = filter.selection(tenant);
        let (ready, making) = (VecDeque::new(), Making::default());
        Self { hub, selection, filter, at: after, until: after, live: None, ready, making }
    }

    /// Everything up to here has been given out.
    #[must_use]
    pub fn position(&self) -> Position {
        let ahead = self.ready.front().and_then(|batch| batch.events.first()).or(self.making.events.first());
        ahead.map_or(self.at, |event| Position(event.position.0.saturating_sub(1)))
    }

    /// The next batch. May be given up and asked for again.
    ///
    /// # Errors
    /// When the log cannot be read; the call can be repeated.
    pub async fn next(&mut self) -> Result<Arc<Batch>, LogError> {
        loop {
            if let Some(batch) = self.recorded().await? {
                return Ok(batch);
            }
            let Some(live) = &mut self.live else { continue };
            match live.recv().await {
                Ok(batch) => self.take_live(&batch),
                // Too slow for the hub, or the hub gave up: the log has what was missed.
                Err(_) => self.live = None,
            }
        }
    }

    /// The next batch that the log has; `None` where all that comes is yet to happen. May be given up and asked for again.
    ///
    /// # Errors
    /// When the log cannot be read; the call can be repeated.
    pub async fn recorded(&mut self) -> Result<Option<Arc<Batch>>, LogError> {
        loop {
            if let Some(batch) = self.ready.pop_front() {
                return Ok(Some(batch));
            }
            if self.live.is_none() {
                let Place { live, seen } = self.hub.place(&self.selection.tenant).await?;
                (self.live, self.until) = (Some(live), seen);
            } else if self.at < self.until {
                let page = self.hub.log().page(&self.selection, self.at, COMMITS_AT_ONCE).await?;
                self.take_page(page);
            } else {
                return Ok(None);
            }
        }
    }

    /// Sorts a page into batches. What stands behind `until` comes from the hub.
    fn take_page(&mut self, page: CommitPage) {
        let mut ended = !page.more || page.looked >= self.until;
        for paged in page.commits {
            let position = paged.stored.position;
            if position > self.until {
                ended = true;
                break;
            }
            if position > self.making.end {
                self.finish();
            }
            self.making.end = paged.batch_end;
            let events = paged.stored.commit.recorded_at(position);
            self.making.events.extend(events.filter(|event| self.filter.lets(event)));
        }
        if ended {
            self.finish();
            self.at = self.until;
        } else {
            self.at = page.looked;
        }
    }

    fn finish(&mut self) {
        let Making { events, .. } = std::mem::take(&mut self.making);
        self.ready.extend(Batch::of(events).map(Arc::new));
    }

    fn take_live(&mut self, batch: &Arc<Batch>) {
        if batch.position <= self.at {
            return;
        }
        self.at = batch.position;
        if self.filter.is_open() {
            self.ready.push_back(Arc::clone(batch));
        } else {
            let events = batch.events.iter().filter(|event| self.filter.lets(event)).cloned().collect();
            self.ready.extend(Batch::of(events).map(Arc::new));
        }
    }
}
