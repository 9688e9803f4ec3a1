//! Passwords: hashed with argon2id, off the async threads, a few at a time.

use std::sync::Arc;
use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use event_log::Secrets;
use events::{TenantId, UserId};
use tokio::sync::Semaphore;

use super::AuthError;

/// The least characters of a password.
pub const MIN_CHARS: usize = 8;
/// The most characters of a password.
pub const MAX_CHARS: usize = 256;
/// Each hash takes 19 MiB and one core for some 20 ms.
const AT_ONCE: usize = 2;
/// How long a sign-in waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// Checks and hashes passwords.
pub struct Passwords {
    turns: Arc<Semaphore>,
    /// The hash of a password that nobody knows: checked when there is no account, so that it takes as long as when there is one.
    decoy: String,
}

impl Passwords {
    pub(super) async fn new() -> Result<Self, AuthError> {
        let decoy = blocking(|| hash_now(&uuid::Uuid::new_v4().to_string())).await?;
        Ok(Self { turns: Arc::new(Semaphore::new(AT_ONCE)), decoy })
    }

    /// Whether the password is the one of the hash. Without a hash the answer is no, after the same work.
    ///
    /// # Errors
    /// When too many wait, or the stored hash is damaged.
    pub async fn verify(&self, password: &str, hash: Option<String>) -> Result<bool, AuthError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.decoy.clone());
        let password = password.to_owned();
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned());
        let _turn = turn.await.map_err(|_| AuthError::Busy)?.map_err(|_| AuthError::Busy)?;
        let fits = blocking(move || {
            let hash = PasswordHash::new(&hash).map_err(|error| AuthError::Hash(error.to_string()))?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
        })
        .await?;
        Ok(fits && known)
    }
}

/// Gives a user a password. Tokens that were issued before are refused from then on.
///
/// # Errors
/// When the password is too short or too long, or the secret store does not answer.
pub async fn set(secrets: &Secrets, tenant: &TenantId, user: &UserId, password: &str) -> Result<(), AuthError> {
    replace(secrets, tenant, user, password, None).await.map(|_| ())
}

/// As [`set`], if the present password is of the `expected` revision (`None`: whichever it is). Gives the new revision.
pub(super) async fn replace(
    secrets: &Secrets,
    tenant: &TenantId,
    user: &UserId,
    password: &str,
    expected: Option<u64>,
) -> Result<u64, AuthError> {
    check(password)?;
    let password = password.to_owned();
    let hash = blocking(move || hash_now(&password)).await?;
    Ok(secrets.put(&key(tenant, user), hash.into_bytes(), expected).await?)
}

/// Checks that a password is of a fit length.
///
/// # Errors
/// When it is not.
pub fn check(password: &str) -> Result<(), AuthError> {
    if (MIN_CHARS..=MAX_CHARS).contains(&password.chars().count()) { Ok(()) } else { Err(AuthError::PasswordLength) }
}

/// A stored hash, with the revision that stands for "this password" in tokens.
pub(super) async fn stored(secrets: &Secrets, tenant: &TenantId, user: &UserId) -> Result<Option<(String, u64)>, AuthError> {
    let Some(secret) = secrets.get(&key(tenant, user)).await? else { return Ok(None) };
    let hash = String::from_utf8(secret.value).map_err(|error| AuthError::Hash(error.to_string()))?;
    Ok(Some((hash, secret.revision)))
}

fn key(tenant: &TenantId, user: &UserId) -> String {
    format!("password.{tenant}.{user}")
}

fn hash_now(password: &str) -> Result<String, AuthError> {
    let hash: PasswordHash =
        Argon2::default().hash_password(password.as_bytes()).map_err(|error| AuthError::Hash(error.to_string()))?;
    Ok(hash.to_string())
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, AuthError> + Send + 'static) -> Result<T, AuthError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| AuthError::Hash(error.to_string()))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let passwords = Passwords::new().await.expect("hashes");
        let hash = hash_now("correct horse").expect("hashes");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(passwords.verify("correct horse", Some(hash.clone())).await.expect("checks"));
        assert!(!passwords.verify("battery staple", Some(hash)).await.expect("checks"));
        assert!(!passwords.verify("correct horse", None).await.expect("checks"));
    }

    #[test]
    fn lengths_are_bounded() {
        assert!(check("1234567").is_err());
        assert!(check("12345678").is_ok());
        assert!(check(&"x".repeat(MAX_CHARS + 1)).is_err());
    }
}
