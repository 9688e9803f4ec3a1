//! Loading streams: the last commit first, then backwards.
//!
//! Every commit carries the position of the one before it on its stream, as the expectation that it was appended with. To
//! follow it back is one look-up per commit, wherever the commits stand. Asking the server for the next message of a subject
//! makes it read through what lies between (about a millisecond in a full log), so that is left for long tails.

use std::collections::HashMap;

use async_nats::header::NATS_EXPECTED_LAST_SUBJECT_SEQUENCE;
use events::subject::{self, Partition};
use events::{Position, StreamRef, codec};
use futures_util::{StreamExt as _, TryStreamExt as _};

use crate::direct::{PAGE, Query, Raw, number};
use crate::error::LogError;
use crate::log::Log;
use crate::partition::Part;
use crate::standing::read_lasts;
use crate::types::Stored;

/// How many streams are loaded side by side.
const SIDE_BY_SIDE: usize = 64;
/// How many commits are followed back before the rest is read forwards in pages.
const STEPS_BACK: usize = 16;

impl Log {
    /// The commits of a stream behind a position, in order.
    ///
    /// # Errors
    /// When the log does not answer or a commit cannot be read.
    pub async fn load(&self, stream: &StreamRef, after: Position) -> Result<Vec<Stored>, LogError> {
        let part = self.part_of(&stream.tenant)?;
        let subject = subject::of_stream(part.partition, stream);
        let query = Query { last_by_subj: Some(&subject), ..Query::default() };
        let last = part.link.read_one(&part.stream, &query).await?;
        part.load_back(subject, after, last).await
    }

    /// The commits of many streams, each behind its own position; in the order of the question.
    ///
    /// # Errors
    /// When the log does not answer or a commit cannot be read.
    pub async fn load_many(&self, streams: &[(StreamRef, Position)]) -> Result<Vec<Vec<Stored>>, LogError> {
        let mut subjects: HashMap<Partition, Vec<String>> = HashMap::new();
        for (stream, _) in streams {
            let partition = self.partition_of(&stream.tenant);
            subjects.entry(partition).or_default().push(subject::of_stream(partition, stream));
        }
        let mut lasts: HashMap<String, Raw> = HashMap::with_capacity(streams.len());
        for (partition, subjects) in &subjects {
            let part = self.part(*partition)?;
            for page in subjects.chunks(PAGE / 2) {
                let page: Vec<&str> = page.iter().map(String::as_str).collect();
                let found = read_lasts(&part.link, &part.stream, &page).await?;
                lasts.extend(found.into_iter().map(|message| (message.subject().to_owned(), message)));
            }
        }
        let mut loads = Vec::with_capacity(streams.len());
        for (stream, after) in streams {
            let part = self.part_of(&stream.tenant)?;
            let subject = subject::of_stream(part.partition, stream);
            let last = lasts.get(&subject).cloned();
            loads.push(part.load_back(subject, *after, last));
        }
        futures_util::stream::iter(loads).buffered(SIDE_BY_SIDE).try_collect().await
    }
}

impl Part {
    /// The commits behind a position, the last of which is known.
    async fn load_back(&self, subject: String, after: Position, last: Option<Raw>) -> Result<Vec<Stored>, LogError> {
        let mut back = Vec::new();
        let mut next = last.filter(|message| message.seq > after.0);
        while let Some(message) = next {
            let before = number(&message.headers, NATS_EXPECTED_LAST_SUBJECT_SEQUENCE);
            back.push(stored(&message)?);
            next = match before {
                Some(before) if before <= after.0 => None,
                Some(before) if back.len() < STEPS_BACK => {
                    // Not there: it was erased, and everything before it.
                    self.link.read_one(&self.stream, &Query { seq: Some(before), ..Query::default() }).await?
                }
                Some(_) | None => {
                    let mut commits = self.load_between(&subject, after.0, message.seq).await?;
                    commits.extend(back.into_iter().rev());
                    return Ok(commits);
                }
            };
        }
        back.reverse();
        Ok(back)
    }

    /// The commits behind a sequence and before another, in pages.
    async fn load_between(&self, subject: &str, after: u64, before: u64) -> Result<Vec<Stored>, LogError> {
        let (mut next, mut commits) = (after + 1, Vec::new());
        loop {
            let query = Query { seq: Some(next), next_by_subj: Some(subject), batch: Some(PAGE), ..Query::default() };
            let page = self.link.read(&self.stream, &query).await?;
            for message in page.messages.iter().filter(|message| message.seq < before) {
                commits.push(stored(message)?);
            }
            match page.messages.last() {
                Some(last) if page.more > 0 && last.seq < before => next = last.seq + 1,
                Some(_) | None => return Ok(commits),
            }
        }
    }
}

/// A message as the commit that it is.
pub(crate) fn stored(message: &Raw) -> Result<Stored, LogError> {
    let position = Position(message.seq);
    let commit = codec::decode(&message.payload).map_err(|source| LogError::Unreadable { position, source })?;
    Ok(Stored { position, commit })
}
