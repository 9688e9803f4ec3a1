//! One process at a time: a key that goes by itself when its holder is gone.

use std::time::Duration;

use event_log::{SecretError, Secrets};
use events::subject::Partition;
use tokio::time::Instant;
use uuid::Uuid;

/// The right to send for a partition.
#[derive(Debug)]
pub struct Lease {
    key: String,
    holder: Vec<u8>,
    revision: u64,
    ttl: Duration,
    until: Instant,
}

impl Lease {
    /// Takes the right if nobody has it. It ends by itself after `ttl` (whole seconds, one at least).
    ///
    /// # Errors
    /// When the log does not answer.
    pub async fn take(secrets: &Secrets, partition: Partition, ttl: Duration) -> Result<Option<Self>, SecretError> {
        let (key, holder) = (format!("outbox.{}", partition.0), Uuid::new_v4().as_bytes().to_vec());
        let begun = Instant::now();
        match secrets.put_for(&key, holder.clone(), Some(0), ttl).await {
            Ok(revision) => Ok(Some(Self { key, holder, revision, ttl, until: begun + ttl })),
            Err(SecretError::Conflict) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Until when the right lasts. Counted from before it was asked for, so that it ends here before it ends there.
    #[must_use]
    pub fn until(&self) -> Instant {
        self.until
    }

    /// Makes it last for as long again; whether it is still this process's.
    ///
    /// # Errors
    /// When the log does not answer; then it lasts as long as it did.
    pub async fn renew(&mut self, secrets: &Secrets) -> Result<bool, SecretError> {
        let begun = Instant::now();
        match secrets.put_for(&self.key, self.holder.clone(), Some(self.revision), self.ttl).await {
            Ok(revision) => {
                (self.revision, self.until) = (revision, begun + self.ttl);
                Ok(true)
            }
            Err(SecretError::Conflict) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Lets another process take over at once.
    pub async fn give_back(self, secrets: &Secrets) {
        // What has ended may be somebody else's already. What cannot be given back ends by itself.
        if Instant::now() < self.until {
            let _ = secrets.delete(&self.key).await;
        }
    }
}
