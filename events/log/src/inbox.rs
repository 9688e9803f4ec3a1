//! One subscription for the answers to all batched reads: each question gets a ticket, answers are sorted by ticket.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_nats::{Client, Message};
use futures_util::StreamExt as _;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_util::task::AbortOnDropHandle;

use crate::error::LogError;
use crate::link::unavailable;

type Routes = Arc<Mutex<HashMap<u64, UnboundedSender<Message>>>>;

/// Where answers arrive.
pub(crate) struct Inbox {
    prefix: String,
    routes: Routes,
    next: AtomicU64,
    _sorter: AbortOnDropHandle<()>,
}

/// A question's place in the inbox. Answers that come after it was dropped are thrown away.
pub(crate) struct Ticket {
    /// Where the answers are to be sent.
    pub(crate) reply_to: String,
    /// The answers. A question bounds how many it gets, so that this needs no bound.
    pub(crate) answers: UnboundedReceiver<Message>,
    id: u64,
    routes: Routes,
}

impl Inbox {
    pub(crate) async fn open(client: &Client) -> Result<Self, LogError> {
        let prefix = format!("{}.", client.new_inbox());
        let mut subscriber = client.subscribe(format!("{prefix}*")).await.map_err(unavailable)?;
        let routes = Routes::default();
        let (sorted, skip) = (Arc::clone(&routes), prefix.len());
        let sorter = tokio::spawn(async move {
            while let Some(message) = subscriber.next().await {
                let Some(id) = message.subject.as_str().get(skip..).and_then(|id| id.parse().ok()) else { continue };
                if let Some(route) = lock(&sorted).get(&id) {
                    let _ = route.send(message);
                }
            }
        });
        Ok(Self { prefix, routes, next: AtomicU64::new(1), _sorter: AbortOnDropHandle::new(sorter) })
    }

    pub(crate) fn ticket(&self) -> Ticket {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (sender, answers) = unbounded_channel();
        lock(&self.routes).insert(id, sender);
        Ticket { reply_to: format!("{}{id}", self.prefix), answers, id, routes: Arc::clone(&self.routes) }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        lock(&self.routes).remove(&self.id);
    }
}

fn lock(routes: &Routes) -> std::sync::MutexGuard<'_, HashMap<u64, UnboundedSender<Message>>> {
    routes.lock().unwrap_or_else(PoisonError::into_inner)
}
