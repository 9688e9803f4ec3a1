//! Secrets: what must be kept and must not be an event.

use crate::error::{LogError, SecretError};

/// A secret with its revision.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    /// What is kept.
    pub value: Vec<u8>,
    /// Grows with every change.
    pub revision: u64,
}

/// The store of secrets: password hashes, token families, signing keys.
#[derive(Clone)]
pub struct Secrets {}

impl Secrets {
    /// The secret under this key.
    ///
    /// # Errors
    /// When the key is malformed or the log does not answer.
    pub async fn get(&self, _key: &str) -> Result<Option<Secret>, SecretError> {
        Err(LogError::Unavailable("not yet".into()).into())
    }

    /// Keeps a secret and erases what was there; answers its revision. `expected` is the revision that must be there now,
    /// `Some(0)` for none at all, `None` for any.
    ///
    /// # Errors
    /// [`SecretError::Conflict`] when another revision is there; else when the key is malformed or the log does not answer.
    pub async fn put(&self, _key: &str, _value: Vec<u8>, _expected: Option<u64>) -> Result<u64, SecretError> {
        Err(LogError::Unavailable("not yet".into()).into())
    }

    /// Erases a secret; that there is none is fine.
    ///
    /// # Errors
    /// When the key is malformed or the log does not answer.
    pub async fn delete(&self, _key: &str) -> Result<(), SecretError> {
        Err(LogError::Unavailable("not yet".into()).into())
    }
}
