//! Direct reads from a `JetStream` stream (ADR-31): single messages and pages.

use async_nats::header::{NATS_BATCH_SEQUENCE, NATS_SEQUENCE, NATS_SUBJECT};
use async_nats::{HeaderMap, Message};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::Serialize;
use tokio::time::{Instant, timeout};

use crate::error::LogError;
use crate::inbox::Ticket;
use crate::link::{ANSWER, Link, PATIENCE, PAUSE, json, unavailable};
use crate::wire::{BATCH_SINCE, BATCH_SIZE};

/// Every subject of a stream. A narrower pattern that means the same would make the server walk its index of subjects.
pub(crate) const EVERYTHING: &str = ">";

/// Messages in one page.
pub(crate) const PAGE: usize = 1_000;

/// What is asked for. Fields that are `None` are left out.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Query<'a> {
    /// The first sequence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) seq: Option<u64>,
    /// The first time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) start_time: Option<DateTime<Utc>>,
    /// At most so many messages; without it exactly the message `seq`, or the last of `last_by_subj`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) batch: Option<usize>,
    /// Only messages with this subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next_by_subj: Option<&'a str>,
    /// The last message with this subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_by_subj: Option<&'a str>,
    /// The last message of each of these subjects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) multi_last: Option<&'a [&'a str]>,
}

/// A message as the stream has it.
#[derive(Debug, Clone)]
pub(crate) struct Raw {
    pub(crate) seq: u64,
    pub(crate) payload: Bytes,
    pub(crate) headers: HeaderMap,
}

impl Raw {
    fn from(message: Message) -> Result<Self, LogError> {
        let headers = message.headers.unwrap_or_default();
        let seq = number(&headers, NATS_SEQUENCE).ok_or_else(|| LogError::Unexpected("answer has no sequence".into()))?;
        Ok(Self { seq, payload: message.payload, headers })
    }

    pub(crate) fn subject(&self) -> &str {
        self.headers.get(NATS_SUBJECT).map_or("", |value| value.as_str())
    }

    /// Whether it is a commit: `kith.<pp>.ev.…`, and no claim.
    pub(crate) fn is_commit(&self) -> bool {
        is_commit(self.subject())
    }
}

/// Whether commits stand on a subject: `kith.<pp>.ev.…`, and no claims.
pub(crate) fn is_commit(subject: &str) -> bool {
    subject.split('.').nth(2) == Some("ev")
}

/// A header's value as a number.
pub(crate) fn number(headers: &HeaderMap, name: impl async_nats::header::IntoHeaderName) -> Option<u64> {
    headers.get(name)?.as_str().parse().ok()
}

/// The last sequence of the batch that a message came with; its own sequence if it came alone.
pub(crate) fn batch_end(headers: &HeaderMap, seq: u64) -> u64 {
    let left = number(headers, BATCH_SIZE).zip(number(headers, NATS_BATCH_SEQUENCE));
    left.map_or(seq, |(size, index)| seq.saturating_add(size.saturating_sub(index)))
}

/// When the first commit of the batch was recorded that a message came with, where it says so.
pub(crate) fn batch_since(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(headers.get(BATCH_SINCE)?.as_str().parse().ok()?)
}

/// Messages, and how many more there are that would have fitted the question.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) messages: Vec<Raw>,
    pub(crate) more: u64,
}

/// How one try to read went.
enum Try {
    Done(Page),
    Again(LogError),
}

impl Link {
    /// One page. Asks again when the connection goes or the server is not ready yet.
    pub(crate) async fn read(&self, stream: &str, query: &Query<'_>) -> Result<Page, LogError> {
        let until = Instant::now() + PATIENCE;
        let body = Bytes::from(json(query)?);
        loop {
            let epoch = self.up(until).await?;
            let tried = tokio::select! {
                tried = self.try_read(stream, body.clone(), query.batch.is_some()) => tried?,
                () = self.lost(epoch) => continue,
            };
            match tried {
                Try::Done(page) => return Ok(page),
                Try::Again(error) if Instant::now() >= until => return Err(error),
                Try::Again(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    /// The one message that a question without `batch` asks for.
    pub(crate) async fn read_one(&self, stream: &str, query: &Query<'_>) -> Result<Option<Raw>, LogError> {
        Ok(self.read(stream, query).await?.messages.pop())
    }

    async fn try_read(&self, stream: &str, body: Bytes, batch: bool) -> Result<Try, LogError> {
        let mut ticket = self.inbox.ticket();
        let subject = format!("$JS.API.DIRECT.GET.{stream}");
        self.client.publish_with_reply(subject, ticket.reply_to.clone(), body).await.map_err(unavailable)?;
        let mut page = Page::default();
        loop {
            let Some(message) = next(&mut ticket).await else {
                return Ok(Try::Again(LogError::Unavailable("no answer to a read".into())));
            };
            match message.status.map(|status| status.as_u16()) {
                None => page.messages.push(Raw::from(message)?),
                // The end of a batch.
                Some(204) => {
                    page.more = message.headers.as_ref().and_then(|it| number(it, "Nats-Num-Pending")).unwrap_or(0);
                    return Ok(Try::Done(page));
                }
                Some(404) => return Ok(Try::Done(page)),
                Some(503) => return Ok(Try::Again(LogError::Unavailable("the stream is not ready".into()))),
                Some(code) => {
                    let description = message.description.unwrap_or_default();
                    return Err(LogError::Refused { code: u64::from(code), description });
                }
            }
            if !batch {
                return Ok(Try::Done(page));
            }
        }
    }
}

async fn next(ticket: &mut Ticket) -> Option<Message> {
    timeout(ANSWER, ticket.answers.recv()).await.ok().flatten()
}
