//! One ephemeral push consumer: messages in order with their numbers, until anything is amiss.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_nats::header::NATS_LAST_CONSUMER;
use async_nats::{Message, Subscriber};
use events::{Position, codec};
use futures_util::{FutureExt as _, StreamExt as _};
use serde::Deserialize;
use serde_json::json;

use crate::direct::{batch_end, is_commit, number};
use crate::error::LogError;
use crate::link::{Link, unavailable};
use crate::partition::Part;
use crate::types::Tailed;

/// How often the server says that it is there when it has nothing to send.
const HEARTBEAT: Duration = Duration::from_secs(2);
/// After how long without any word the feed is given up.
const SILENCE: Duration = Duration::from_secs(7);
/// After how long without a reader the server drops a consumer.
const INACTIVE: Duration = Duration::from_secs(30);

/// A message as it was delivered.
pub(crate) struct Fed {
    pub(crate) seq: u64,
    /// Messages behind it.
    pub(crate) pending: u64,
    /// The last sequence of the batch that it came with; its own sequence if it came alone.
    pub(crate) batch_end: u64,
    message: Message,
}

impl Fed {
    pub(crate) fn tailed(self, more: bool) -> Result<Tailed, LogError> {
        let position = Position(self.seq);
        let commit = is_commit(self.message.subject.as_str())
            .then(|| codec::decode(&self.message.payload).map_err(|source| LogError::Unreadable { position, source }))
            .transpose()?;
        Ok(Tailed { position, commit, more, pending: self.pending })
    }
}

/// A feed that was just opened.
pub(crate) struct Opened {
    pub(crate) feed: Feed,
    /// How many messages it has to deliver.
    pub(crate) pending: u64,
    /// The last sequence of the stream just before.
    pub(crate) head: u64,
}

/// Messages from one consumer.
pub(crate) struct Feed {
    link: Arc<Link>,
    subscriber: Subscriber,
    epoch: u64,
    /// The consumer's number of the last message.
    delivered: u64,
}

#[derive(Deserialize)]
struct Created {
    #[serde(default)]
    num_pending: u64,
}

impl Feed {
    /// Opens a feed behind a sequence, of what is on these subjects; if there are none, of everything.
    pub(crate) async fn open(part: &Part, subjects: &[String], after: u64) -> Result<Opened, LogError> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let link = &part.link;
        let epoch = link.standing().ok_or_else(|| LogError::Unavailable("no connection to the server".into()))?;
        let head = part.head().await?;
        if head < after {
            return Err(LogError::Shortened { read: Position(after), head: Position(head) });
        }
        let inbox = link.client.new_inbox();
        let unique = inbox.rsplit('.').next().unwrap_or(&inbox);
        let name = format!("tail-{unique}-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let subscriber = link.client.subscribe(inbox.clone()).await.map_err(unavailable)?;
        let mut body = json!({
            "stream_name": part.stream,
            "action": "create",
            "config": {
                "name": name,
                "deliver_subject": inbox,
                "deliver_policy": "by_start_sequence",
                "opt_start_seq": after + 1,
                "ack_policy": "none",
                "replay_policy": "instant",
                "max_deliver": 1,
                "flow_control": true,
                "idle_heartbeat": nanos(HEARTBEAT),
                "inactive_threshold": nanos(INACTIVE),
                "mem_storage": true,
                "num_replicas": 1,
            },
        });
        if !subjects.is_empty() {
            body["config"]["filter_subjects"] = json!(subjects);
        }
        let subject = format!("$JS.API.CONSUMER.CREATE.{}.{name}", part.stream);
        let Created { num_pending } = link.api(&subject, &body).await?;
        let feed = Self { link: Arc::clone(link), subscriber, epoch, delivered: 0 };
        Ok(Opened { feed, pending: num_pending, head })
    }

    /// The next message; `None` when the feed cannot be trusted any more. May be dropped while it waits.
    pub(crate) async fn next(&mut self) -> Option<Fed> {
        loop {
            // What has arrived is taken without setting up a wait: this is the path of a catch-up.
            let message = match self.subscriber.next().now_or_never() {
                Some(message) => message?,
                None => tokio::select! {
                    () = self.link.lost(self.epoch) => return None,
                    message = tokio::time::timeout(SILENCE, self.subscriber.next()) => message.ok()??,
                },
            };
            if message.status.is_some() {
                if !self.housekeeping(&message).await {
                    return None;
                }
                continue;
            }
            let numbers = numbers(message.reply.as_ref()?)?;
            if numbers.consumer != self.delivered + 1 {
                tracing::debug!("a message is missing from the feed; opening it anew");
                return None;
            }
            self.delivered = numbers.consumer;
            return Some(numbers.fed(message));
        }
    }

    /// Answers flow control, and compares the heartbeat's count with what was delivered.
    async fn housekeeping(&self, message: &Message) -> bool {
        let headers = message.headers.as_ref();
        let stalled = headers.and_then(|headers| headers.get("Nats-Consumer-Stalled")).map(|it| it.as_str().to_owned());
        let answer_to = message.reply.as_ref().map(|reply| reply.as_str().to_owned()).or(stalled);
        if let Some(subject) = answer_to
            && self.link.client.publish(subject, bytes::Bytes::new()).await.is_err()
        {
            return false;
        }
        headers.and_then(|headers| number(headers, NATS_LAST_CONSUMER)).is_none_or(|last| last == self.delivered)
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// What the reply subject of a delivered message says.
#[derive(Debug, PartialEq, Eq)]
struct Numbers {
    stream: u64,
    consumer: u64,
    pending: u64,
}

impl Numbers {
    fn fed(self, message: Message) -> Fed {
        let batch_end = message.headers.as_ref().map_or(self.stream, |headers| batch_end(headers, self.stream));
        Fed { seq: self.stream, pending: self.pending, batch_end, message }
    }
}

/// `$JS.ACK.<stream>.<consumer>.<delivered>.<stream seq>.<consumer seq>.<time>.<pending>`; the newer form has the domain and
/// the account before the stream, and may have more behind.
fn numbers(reply: &str) -> Option<Numbers> {
    let parts: Vec<&str> = reply.split('.').collect();
    let shift = if parts.len() > 9 { 2 } else { 0 };
    let part = |index: usize| parts.get(index + shift)?.parse().ok();
    Some(Numbers { stream: part(5)?, consumer: part(6)?, pending: part(8)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_the_reply_subject_are_understood() {
        let expected = Some(Numbers { stream: 20, consumer: 30, pending: 5 });
        assert_eq!(numbers("$JS.ACK.KITH_00.tail-1.1.20.30.1792000000000000000.5"), expected);
        assert_eq!(numbers("$JS.ACK._.hash.KITH_00.tail-1.1.20.30.1792000000000000000.5.token"), expected);
        assert_eq!(numbers("$JS.FC.KITH_00"), None);
    }
}
