//! Values under keys, each change of which erases what was there: the ground of secrets and snapshots.
//!
//! A keep is a NATS key-value bucket (so that the usual tools can list it), with settings that let messages be erased: the
//! bucket's own history limit would only forget earlier values and leave their bytes on the disk.

use std::sync::Arc;
use std::time::Duration;

use async_nats::header::{NATS_EXPECTED_LAST_SUBJECT_SEQUENCE, NATS_MESSAGE_TTL};
use async_nats::{HeaderMap, HeaderValue, Request};
use serde_json::json;
use tokio::time::Instant;

use crate::direct::{PAGE, Query};
use crate::error::LogError;
use crate::link::{ANSWER, ApiError, Link, PATIENCE, PAUSE, unavailable, unexpected};
use crate::partition::{create, let_expire};

/// The server's code for a message that is not there (any more).
const NO_MESSAGE: [u64; 3] = [10_037, 10_043, 10_057];
/// The server's code for an expectation that did not hold.
const WRONG_SEQUENCE: [u64; 2] = [10_071, 10_164];

/// A store of values.
#[derive(Clone)]
pub(crate) struct Keep {
    link: Arc<Link>,
    stream: String,
    prefix: String,
}

/// A value that is kept.
pub(crate) struct Kept {
    pub(crate) value: Vec<u8>,
    pub(crate) revision: u64,
    /// For how long it was to be kept; `None`: for ever.
    pub(crate) ttl: Option<Duration>,
}

/// How keeping a value went.
pub(crate) enum Put {
    Kept(u64),
    Conflict,
}

impl Keep {
    /// Opens a keep and makes it where it is missing.
    pub(crate) async fn open(link: &Arc<Link>, bucket: &str, description: &str) -> Result<Self, LogError> {
        let (stream, prefix) = (format!("KV_{bucket}"), format!("$KV.{bucket}."));
        let settings = json!({
            "name": stream,
            "description": description,
            "subjects": [format!("{prefix}>")],
            "retention": "limits",
            "storage": "file",
            "num_replicas": 1,
            "max_consumers": -1, "max_msgs": -1, "max_bytes": -1, "max_age": 0, "max_msg_size": -1,
            "max_msgs_per_subject": -1,
            "discard": "new",
            "allow_direct": true,
            "allow_rollup_hdrs": true,
            "allow_msg_ttl": true,
        });
        create(link, &stream, &settings).await?;
        let_expire(link, &stream).await?;
        Ok(Self { link: Arc::clone(link), stream, prefix })
    }

    pub(crate) async fn get(&self, key: &str) -> Result<Option<Kept>, LogError> {
        let subject = self.subject(key);
        let query = Query { last_by_subj: Some(&subject), ..Query::default() };
        let last = self.link.read_one(&self.stream, &query).await?;
        Ok(last.map(|message| Kept { ttl: ttl(&message.headers), value: message.payload.into(), revision: message.seq }))
    }

    /// Keeps a value, for `ttl` (whole seconds) or for ever, then erases the earlier ones.
    pub(crate) async fn put(
        &self,
        key: &str,
        value: Vec<u8>,
        expected: Option<u64>,
        ttl: Option<Duration>,
    ) -> Result<Put, LogError> {
        let put = self.publish(key, value, headers(expected, ttl)).await?;
        if let Put::Kept(revision) = put {
            erase(&self.link, &self.stream, &self.subject(key), revision).await?;
        }
        Ok(put)
    }

    pub(crate) async fn delete(&self, key: &str) -> Result<(), LogError> {
        erase(&self.link, &self.stream, &self.subject(key), u64::MAX).await.map(|_| ())
    }

    async fn publish(&self, key: &str, value: Vec<u8>, headers: HeaderMap) -> Result<Put, LogError> {
        let until = Instant::now() + PATIENCE;
        let (value, mut in_doubt) = (bytes::Bytes::from(value), false);
        loop {
            let epoch = self.link.up(until).await?;
            let request = Request::new().payload(value.clone()).headers(headers.clone()).timeout(Some(ANSWER));
            let answer = tokio::select! {
                answer = self.link.client.send_request(self.subject(key), request) => answer,
                () = self.link.lost(epoch) => { in_doubt = true; continue }
            };
            match answer {
                Ok(message) => return self.understand(key, &message.payload, &value, in_doubt).await,
                Err(error) if Instant::now() >= until => return Err(unavailable(error)),
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
            in_doubt = true;
        }
    }

    async fn understand(&self, key: &str, answer: &[u8], value: &[u8], in_doubt: bool) -> Result<Put, LogError> {
        #[derive(serde::Deserialize)]
        struct Ack {
            #[serde(default)]
            seq: u64,
            error: Option<ApiError>,
        }
        let ack: Ack = serde_json::from_slice(answer).map_err(unexpected)?;
        match ack.error {
            None => Ok(Put::Kept(ack.seq)),
            Some(error) if WRONG_SEQUENCE.contains(&error.err_code) => {
                // The first try may be what the second one ran into.
                let own = if in_doubt { self.get(key).await?.filter(|kept| kept.value == value) } else { None };
                Ok(own.map_or(Put::Conflict, |kept| Put::Kept(kept.revision)))
            }
            Some(error) => Err(LogError::Refused { code: error.err_code, description: error.description }),
        }
    }

    fn subject(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }
}

fn headers(expected: Option<u64>, ttl: Option<Duration>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Some(revision) = expected {
        headers.insert(NATS_EXPECTED_LAST_SUBJECT_SEQUENCE, HeaderValue::from(revision));
    }
    if let Some(ttl) = ttl {
        headers.insert(NATS_MESSAGE_TTL, format!("{}s", ttl.as_secs()));
    }
    headers
}

fn ttl(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(NATS_MESSAGE_TTL)?.as_str().strip_suffix('s')?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// How many messages are erased side by side.
const SIDE_BY_SIDE: usize = 16;

/// Overwrites and removes the messages of a subject that stand before a sequence; answers how many there were.
pub(crate) async fn erase(link: &Link, stream: &str, subject: &str, before: u64) -> Result<u64, LogError> {
    use futures_util::{StreamExt as _, TryStreamExt as _};
    let (mut next, mut erased) = (1, 0);
    loop {
        let query = Query { seq: Some(next), next_by_subj: Some(subject), batch: Some(PAGE), ..Query::default() };
        let page = link.read(stream, &query).await?;
        let Some(last) = page.messages.last().map(|message| message.seq) else { return Ok(erased) };
        let doomed: Vec<u64> = page.messages.iter().map(|message| message.seq).filter(|seq| *seq < before).collect();
        erased += futures_util::stream::iter(doomed)
            .map(|seq| erase_one(link, stream, seq))
            .buffer_unordered(SIDE_BY_SIDE)
            .try_fold(0, |sum, one| async move { Ok(sum + u64::from(one)) })
            .await?;
        if page.more == 0 || last >= before {
            return Ok(erased);
        }
        next = last + 1;
    }
}

async fn erase_one(link: &Link, stream: &str, seq: u64) -> Result<bool, LogError> {
    let subject = format!("$JS.API.STREAM.MSG.DELETE.{stream}");
    match link.api::<serde_json::Value>(&subject, &json!({ "seq": seq, "no_erase": false })).await {
        Ok(_) => Ok(true),
        // Somebody else, or an earlier try of this call, was faster.
        Err(LogError::Refused { code, .. }) if NO_MESSAGE.contains(&code) => Ok(false),
        Err(error) => Err(error),
    }
}
