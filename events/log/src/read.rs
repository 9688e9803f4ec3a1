//! Reading from the log: claims, positions and times.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use events::subject::{self, Partition};
use events::{ClaimKey, ClaimRecord, Position};

use crate::direct::{EVERYTHING, PAGE, Query};
use crate::error::LogError;
use crate::log::Log;
use crate::standing::read_lasts;
use crate::types::StoredClaim;

impl Log {
    /// The last records of claims, in the order of the question.
    ///
    /// # Errors
    /// When the log does not answer or a record cannot be read.
    pub async fn claims(&self, keys: &[ClaimKey]) -> Result<Vec<Option<StoredClaim>>, LogError> {
        let mut by_partition: HashMap<Partition, Vec<String>> = HashMap::new();
        let subjects: Vec<String> = keys
            .iter()
            .map(|key| {
                let partition = self.partition_of(&key.tenant);
                let subject = subject::of_claim(partition, key);
                by_partition.entry(partition).or_default().push(subject.clone());
                subject
            })
            .collect();
        let mut found = HashMap::with_capacity(keys.len());
        for (partition, mut wanted) in by_partition {
            wanted.sort_unstable();
            wanted.dedup();
            found.extend(self.claims_of(partition, &wanted).await?);
        }
        Ok(subjects.iter().map(|subject| found.get(subject).cloned()).collect())
    }

    async fn claims_of(&self, partition: Partition, subjects: &[String]) -> Result<HashMap<String, StoredClaim>, LogError> {
        let part = self.part(partition)?;
        let mut found = HashMap::with_capacity(subjects.len());
        for page in subjects.chunks(PAGE / 2) {
            let page: Vec<&str> = page.iter().map(String::as_str).collect();
            for message in read_lasts(&part.link, &part.stream, &page).await? {
                let position = Position(message.seq);
                let record = ClaimRecord::decode(&message.payload).map_err(|source| LogError::Unreadable { position, source })?;
                found.insert(message.subject().to_owned(), StoredClaim { position, record });
            }
        }
        Ok(found)
    }

    /// The last position that was recorded at or before a time, by the clock of the log; [`Position::START`] where there
    /// is none.
    ///
    /// # Errors
    /// When the log does not answer.
    pub async fn position_at(&self, partition: Partition, time: DateTime<Utc>) -> Result<Position, LogError> {
        let part = self.part(partition)?;
        // The head first: what is recorded while this is asked is later than `time` or at least allowed to be left out.
        let head = part.head().await?;
        let Some(later) = time.checked_add_signed(TimeDelta::nanoseconds(1)) else { return Ok(Position(head)) };
        let query = Query { start_time: Some(later), next_by_subj: Some(EVERYTHING), batch: Some(1), ..Query::default() };
        let first_later = part.link.read(&part.stream, &query).await?.messages.pop();
        Ok(Position(first_later.map_or(head, |message| message.seq.saturating_sub(1).min(head))))
    }

    /// When the log recorded a position, by its own clock; `None` where nothing stands (any more).
    ///
    /// # Errors
    /// When the log does not answer.
    pub async fn time_of(&self, partition: Partition, position: Position) -> Result<Option<DateTime<Utc>>, LogError> {
        if position == Position::START {
            return Ok(None);
        }
        let part = self.part(partition)?;
        let query = Query { seq: Some(position.0), ..Query::default() };
        Ok(part.link.read_one(&part.stream, &query).await?.and_then(|message| message.time()))
    }
}
