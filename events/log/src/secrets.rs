//! Secrets: what must be kept and must not be an event.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::error::{LogError, SecretError};
use crate::keep::{Keep, Put};
use crate::link::Link;

/// The longest key of a secret.
const MAX_KEY_LEN: usize = 200;

/// A secret with its revision.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    /// What is kept.
    pub value: Vec<u8>,
    /// Grows with every change.
    pub revision: u64,
    /// For how long it is kept from when it was put there; `None`: for ever.
    pub ttl: Option<Duration>,
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret").field("revision", &self.revision).finish_non_exhaustive()
    }
}

/// The store of secrets: password hashes, token families, signing keys. What is replaced or deleted is erased on the disk.
#[derive(Clone)]
pub struct Secrets {
    keep: Keep,
}

impl Secrets {
    pub(crate) async fn open(link: &Arc<Link>) -> Result<Self, LogError> {
        Ok(Self { keep: Keep::open(link, "kith_secrets", "Kith: password hashes, token families, signing keys").await? })
    }

    /// The secret under this key.
    ///
    /// # Errors
    /// When the key is malformed or the log does not answer.
    pub async fn get(&self, key: &str) -> Result<Option<Secret>, SecretError> {
        check(key)?;
        let kept = self.keep.get(key).await?;
        Ok(kept.map(|kept| Secret { value: kept.value, revision: kept.revision, ttl: kept.ttl }))
    }

    /// Keeps a secret and erases what was there; answers its revision. `expected` is the revision that must be there now,
    /// `Some(0)` for none at all, `None` for any.
    ///
    /// # Errors
    /// [`SecretError::Conflict`] when another revision is there; else when the key is malformed or the log does not answer.
    pub async fn put(&self, key: &str, value: Vec<u8>, expected: Option<u64>) -> Result<u64, SecretError> {
        self.keep(key, value, expected, None).await
    }

    /// As [`Secrets::put`], for a time (whole seconds, one at least): then the secret goes by itself. Its bytes are not overwritten
    /// then, so this is for what is worth nothing to whoever finds it.
    ///
    /// # Errors
    /// As [`Secrets::put`].
    pub async fn put_for(&self, key: &str, value: Vec<u8>, expected: Option<u64>, ttl: Duration) -> Result<u64, SecretError> {
        self.keep(key, value, expected, Some(ttl)).await
    }

    async fn keep(&self, key: &str, value: Vec<u8>, expected: Option<u64>, ttl: Option<Duration>) -> Result<u64, SecretError> {
        check(key)?;
        match self.keep.put(key, value, expected, ttl).await? {
            Put::Kept(revision) => Ok(revision),
            Put::Conflict => Err(SecretError::Conflict),
        }
    }

    /// Erases a secret; that there is none is fine.
    ///
    /// # Errors
    /// When the key is malformed or the log does not answer.
    pub async fn delete(&self, key: &str) -> Result<(), SecretError> {
        check(key)?;
        Ok(self.keep.delete(key).await?)
    }
}

fn check(key: &str) -> Result<(), SecretError> {
    let token =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'='));
    if key.len() <= MAX_KEY_LEN && key.split('.').all(token) { Ok(()) } else { Err(SecretError::Key) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_would_escape_their_subject_are_refused() {
        for key in ["", ".", "a..b", "a.", "*", "a.>", "a b", "a\r\n", &"x".repeat(201)] {
            assert!(check(key).is_err(), "{key:?}");
        }
        assert!(check("password.platform.0193-ab_c").is_ok());
    }
}
