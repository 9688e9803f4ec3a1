//! How messages come in from channels, and how answers go out.
//!
//! - [`secrets`]: what opens a page's channel; kept beside the log, never shown
//! - [`inbound`] and [`arrive`]: a message becomes events, and its writer a customer
//! - [`messenger`]: the webhook of Messenger and Instagram
//! - [`send`]: what asks a channel to take an answer
//! - [`outbox`]: the answers that wait, and who sees to it that they get out

pub mod arrive;
pub mod inbound;
pub mod messenger;
pub mod outbox;
pub mod secrets;
pub mod send;

use event_log::Secrets;
use events::{PageId, TenantId};

use crate::desk::detector::Detector;
use crate::desk::detector::remote::{RemoteError, RemoteOptions};
use outbox::OutboxOptions;
use secrets::{PageSecrets, SecretsError};
use send::{SendError, Sender};

/// What the doors of channels share.
pub struct Channel {
    /// Tells whether a message asks for a person.
    pub detector: Detector,
    /// Asks channels to take answers.
    pub sender: Sender,
    secrets: Secrets,
}

/// Why channels cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum ChannelError {
    /// The detector of requests for a person cannot be made.
    #[error("the detector of requests for a person cannot be set up")]
    Detector(#[from] RemoteError),
    /// What sends answers cannot be made.
    #[error("answers cannot be sent")]
    Send(#[from] SendError),
}

impl Channel {
    /// Sets up; nothing is asked or sent yet.
    ///
    /// # Errors
    /// When an address is none, or the machine cannot make connections.
    pub fn new(secrets: &Secrets, detector: Option<RemoteOptions>, outbox: &OutboxOptions) -> Result<Self, ChannelError> {
        let (detector, sender) = (Detector::new(detector)?, Sender::new(outbox)?);
        messenger::describe_metrics();
        outbox::describe_metrics();
        Ok(Self { detector, sender, secrets: secrets.clone() })
    }

    /// What opens a page's channel; nothing of it where nothing was given.
    ///
    /// # Errors
    /// When the secret store does not answer, or what it has is damaged.
    pub async fn secrets_of(&self, tenant: &TenantId, page: &PageId) -> Result<PageSecrets, SecretsError> {
        secrets::of(&self.secrets, tenant, page).await
    }

    /// Changes what opens a page's channel; gives what it is then.
    ///
    /// # Errors
    /// As [`Channel::secrets_of`].
    pub async fn change_secrets(
        &self,
        tenant: &TenantId,
        page: &PageId,
        change: impl Fn(PageSecrets) -> PageSecrets,
    ) -> Result<PageSecrets, SecretsError> {
        secrets::change(&self.secrets, tenant, page, change).await
    }

    /// Whether a page is there that a channel may verify with this token.
    ///
    /// # Errors
    /// As [`Channel::secrets_of`].
    pub async fn is_verify_token(&self, token: &str) -> Result<bool, SecretsError> {
        secrets::is_verify_token(&self.secrets, token).await
    }
}
