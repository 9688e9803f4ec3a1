//! Entries as messages: subject, headers and payload.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use async_nats::header::{
    NATS_BATCH_COMMIT, NATS_BATCH_COMMIT_FINAL, NATS_BATCH_ID, NATS_BATCH_SEQUENCE, NATS_EXPECTED_LAST_SUBJECT_SEQUENCE,
    NATS_MESSAGE_TTL,
};
use async_nats::{HeaderMap, HeaderValue, Subject};
use bytes::Bytes;
use events::subject::{self, Partition};
use events::{Commit, codec};

use crate::error::AppendError;
use crate::types::{Append, Entry};

/// How many messages the atomic batch has that a message came with. The last message of a batch may go away (a claim
/// with a time to live, an erased commit), so the commit mark on it alone does not tell a reader where the batch ends.
pub(crate) const BATCH_SIZE: &str = "Kith-Batch-Size";

/// When the first commit of the atomic batch was recorded that a message came with, in microseconds since 1970: by one message a
/// reader knows of all that they are later than a time.
pub(crate) const BATCH_SINCE: &str = "Kith-Batch-Since";

/// A message on its way into the log.
#[derive(Debug, Clone)]
pub(crate) struct Outgoing {
    pub(crate) subject: Subject,
    pub(crate) payload: Bytes,
    /// A number that stands for the subject; that two subjects have the same one is harmless, they only wait for each other.
    pub(crate) key: u64,
    /// The sequence of the subject's last message.
    pub(crate) expected: u64,
    ttl_secs: Option<u64>,
    /// When a commit was recorded, in microseconds since 1970; `None`: a claim.
    pub(crate) recorded_at: Option<i64>,
}

/// Where a message stands in an atomic batch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InBatch<'a> {
    pub(crate) id: &'a str,
    /// From 1.
    pub(crate) sequence: usize,
    pub(crate) size: usize,
    /// When its first commit was recorded, in microseconds since 1970; `None` where there is none in it.
    pub(crate) since: Option<i64>,
}

/// What the headers of a message may take.
const HEADERS_LEN: usize = 512;

impl Outgoing {
    /// At most so many bytes.
    pub(crate) fn size(&self) -> usize {
        self.payload.len() + HEADERS_LEN
    }

    pub(crate) fn headers(&self, batch: Option<InBatch<'_>>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(NATS_EXPECTED_LAST_SUBJECT_SEQUENCE, HeaderValue::from(self.expected));
        if let Some(secs) = self.ttl_secs {
            headers.insert(NATS_MESSAGE_TTL, format!("{secs}s"));
        }
        if let Some(InBatch { id, sequence, size, since }) = batch {
            headers.insert(NATS_BATCH_ID, id);
            headers.insert(NATS_BATCH_SEQUENCE, sequence.to_string());
            headers.insert(BATCH_SIZE, size.to_string());
            if let Some(since) = since {
                headers.insert(BATCH_SINCE, since.to_string());
            }
            if sequence == size {
                headers.insert(NATS_BATCH_COMMIT, NATS_BATCH_COMMIT_FINAL);
            }
        }
        headers
    }
}

/// The messages of an append, checked.
pub(crate) fn outgoing(append: &Append, partition: Partition, most: usize) -> Result<Vec<Outgoing>, AppendError> {
    let entries = append.entries.len();
    if entries == 0 {
        return Err(AppendError::Malformed("it has no entries"));
    }
    if entries > most {
        return Err(AppendError::TooLarge { entries, most });
    }
    let messages: Vec<_> = append
        .entries
        .iter()
        .enumerate()
        .map(|(index, entry)| message(append, partition, index, entry))
        .collect::<Result<_, _>>()?;
    let subjects: HashSet<_> = messages.iter().map(|message| message.subject.as_str()).collect();
    if subjects.len() < entries {
        return Err(AppendError::Malformed("a stream or claim is in it twice"));
    }
    Ok(messages)
}

fn message(append: &Append, partition: Partition, index: usize, entry: &Entry) -> Result<Outgoing, AppendError> {
    let unwritable = |error: codec::CodecError| AppendError::Unwritable { index, what: error.to_string() };
    let (tenant, subject, payload, ttl, recorded_at) = match entry {
        Entry::Commit { commit, .. } => {
            check(commit)?;
            let stream = &commit.envelope.stream;
            let payload = codec::encode(commit).map_err(unwritable)?;
            let recorded_at = commit.envelope.recorded_at.timestamp_micros();
            (&stream.tenant, subject::of_stream(partition, stream), payload, None, Some(recorded_at))
        }
        Entry::Claim { key, record, ttl, .. } => {
            let payload = record.encode().map_err(unwritable)?;
            (&key.tenant, subject::of_claim(partition, key), payload, *ttl, None)
        }
    };
    if *tenant != append.tenant {
        return Err(AppendError::Malformed("an entry is of another tenant"));
    }
    if ttl.is_some_and(|ttl| ttl.as_secs() == 0) {
        return Err(AppendError::Malformed("a claim's time to live is under a second"));
    }
    Ok(Outgoing {
        key: key_of(&subject),
        subject: Subject::from(subject),
        payload: payload.into(),
        expected: entry.expected().0,
        ttl_secs: ttl.map(|ttl| ttl.as_secs()),
        recorded_at,
    })
}

fn check(commit: &Commit) -> Result<(), AppendError> {
    if commit.events.is_empty() {
        return Err(AppendError::Malformed("a commit has no events"));
    }
    Ok(())
}

fn key_of(subject: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    subject.hash(&mut hasher);
    hasher.finish()
}
