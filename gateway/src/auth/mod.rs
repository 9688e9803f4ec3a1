//! Who is at the door: passwords, tokens, sessions, roles and limits.
//!
//! - [`password`]: argon2id, kept in the log's secrets
//! - [`token`]: access and refresh tokens (JWT, HS256)
//! - [`session`]: what a verified access token stands for, looked up again every second
//! - [`sign_in`]: email and password → tokens; rotation of refresh tokens; sign-out
//! - `present`: who may sign in where the door shows what was
//! - [`permission`]: the table of operations and roles
//! - [`limits`]: how often somebody may knock

pub mod limits;
pub mod password;
pub mod permission;
mod present;
pub mod session;
pub mod sign_in;
pub mod token;

use commands::Executor;
use event_log::{Log, SecretError};
use projections::ReadModels;

use crate::problem::{Kind, Problem};

pub use permission::{Operation, Permission, Reach, op};
pub use session::Session;

use password::Passwords;
use session::Sessions;
use token::Tokens;

/// Everything that is needed to know who somebody is.
pub struct Auth {
    log: Log,
    models: ReadModels,
    tokens: Tokens,
    passwords: Passwords,
    sessions: Sessions,
    /// Knows how users stand now, where the read models do not.
    present: Option<Executor>,
}

impl Auth {
    /// Sets up; the signing secret is `secret`, or one that is made once and kept in the log's secrets.
    ///
    /// # Errors
    /// When the secret store does not answer or the secret is too short.
    pub async fn new(log: Log, models: ReadModels, secret: Option<&str>) -> Result<Self, AuthError> {
        let tokens = Tokens::new(log.secrets(), secret).await?;
        let passwords = Passwords::new().await?;
        Ok(Self { log, models, tokens, passwords, sessions: Sessions::new(), present: None })
    }

    /// The digest of a request that has a password in it, so that what is kept of it tells nothing about the password.
    #[must_use]
    pub fn seal(&self, digest: &[u8]) -> [u8; 32] {
        self.tokens.seal(digest)
    }
}

/// Why something about passwords or tokens could not be done.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// The secret store failed.
    #[error("the secret store failed")]
    Secrets(#[from] SecretError),
    /// The directory could not be read.
    #[error("the directory cannot be read")]
    Directory(#[from] query_api::QueryError),
    /// The configured signing secret can be guessed.
    #[error("the signing secret must have at least {} bytes", token::MIN_SECRET_BYTES)]
    WeakSecret,
    /// A password is too short or too long.
    #[error("a password has {} to {} characters", password::MIN_CHARS, password::MAX_CHARS)]
    PasswordLength,
    /// The machine has no randomness, or a stored hash is damaged.
    #[error("hashing failed: {0}")]
    Hash(String),
    /// A token could not be written.
    #[error("a token cannot be written: {0}")]
    Token(String),
    /// More sign-ins at once than this machine can check.
    #[error("too many sign-ins at once")]
    Busy,
}

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::PasswordLength => {
                Self::field(Kind::Invalid, "password", crate::rest::fields::sentence(&error.to_string()))
            }
            AuthError::Secrets(SecretError::Conflict) => {
                Self::new(Kind::Conflict, "Somebody else changed this at the same time.")
            }
            AuthError::Busy => Self::unavailable("Too many sign-ins at once; try again in a moment."),
            AuthError::Secrets(SecretError::Log(_)) | AuthError::Directory(_) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "authentication is not available");
                Self::unavailable("The service cannot check this at the moment.")
            }
            AuthError::Secrets(SecretError::Key) | AuthError::WeakSecret | AuthError::Hash(_) | AuthError::Token(_) => {
                Self::internal(&error)
            }
        }
    }
}
