//! Reading from the log: claims.

use std::collections::HashMap;

use events::subject::{self, Partition};
use events::{ClaimKey, ClaimRecord, Position};

use crate::direct::PAGE;
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
}
