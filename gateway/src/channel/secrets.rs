//! What opens a page's channel: tokens and secrets. They are kept beside the log, and are never events, shown or logged.

use std::fmt;

use event_log::{SecretError, Secrets};
use events::{PageId, Source, TenantId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::problem::{Kind, Problem};

/// How often a change is tried again after losing against others.
const ATTEMPTS: usize = 8;

/// What opens a page's channel.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PageSecrets {
    /// Lets answers be sent in the page's name.
    pub access_token: Option<String>,
    /// What the channel signs its calls with.
    pub app_secret: Option<String>,
    /// What the channel shows when the webhook is set up.
    pub verify_token: Option<String>,
    /// Where another program takes answers; a secret too, since it may hold one.
    pub outbound_url: Option<String>,
    /// Whether answers stay in Kith, where another program reads them.
    pub is_pickup: bool,
}

impl fmt::Debug for PageSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageSecrets").finish_non_exhaustive()
    }
}

/// How answers on a page get to the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Over the Send API of Messenger and Instagram.
    SendApi,
    /// A program of the tenant takes them at a URL.
    Webhook,
    /// They stay in Kith, where whoever runs the channel reads them.
    Pickup,
    /// Not at all: what the channel needs was not given.
    Nowhere,
}

impl PageSecrets {
    /// How answers on a page of this channel get to the customer.
    #[must_use]
    pub fn way(&self, source: Source) -> Way {
        let has_send_api = has_send_api(source);
        match (&self.outbound_url, &self.access_token) {
            _ if self.is_pickup => Way::Pickup,
            (Some(_), _) => Way::Webhook,
            (None, Some(_)) if has_send_api => Way::SendApi,
            (None, _) if has_send_api => Way::Nowhere,
            (None, _) => Way::Pickup,
        }
    }
}

/// Whether a channel takes answers over the Send API.
#[must_use]
pub fn has_send_api(source: Source) -> bool {
    match source {
        Source::Messenger | Source::Instagram => true,
        Source::Telegram | Source::Unknown => false,
    }
}

/// Why secrets of a page could not be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// The secret store failed.
    #[error("the secret store failed")]
    Store(#[from] SecretError),
    /// What is kept cannot be read.
    #[error("the secrets of a page are damaged")]
    Damaged(#[source] serde_json::Error),
}

impl From<SecretsError> for Problem {
    fn from(error: SecretsError) -> Self {
        match error {
            SecretsError::Store(SecretError::Conflict) => {
                Self::new(Kind::Conflict, "Somebody else changed this at the same time.")
            }
            SecretsError::Store(SecretError::Log(_)) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "secrets of pages are not available");
                Self::unavailable("The service cannot look this up at the moment.")
            }
            SecretsError::Store(SecretError::Key) | SecretsError::Damaged(_) => Self::internal(&error),
        }
    }
}

/// The secrets of a page.
pub(super) async fn of(secrets: &Secrets, tenant: &TenantId, page: &PageId) -> Result<PageSecrets, SecretsError> {
    Ok(read::<PageSecrets>(secrets, &key(tenant, page)).await?.0)
}

/// Changes the secrets of a page, and which verify tokens there are.
pub(super) async fn change(
    secrets: &Secrets,
    tenant: &TenantId,
    page: &PageId,
    change: impl Fn(PageSecrets) -> PageSecrets,
) -> Result<PageSecrets, SecretsError> {
    let (before, after) = update(secrets, &key(tenant, page), change).await?;
    let name = format!("{tenant}/{page}");
    // The new token before the old one: a change that is cut off leaves a token too many, which opens nothing by itself.
    if let Some(token) = &after.verify_token {
        let add = |holders: Holders| if holders.contains(&name) { holders } else { [holders, vec![name.clone()]].concat() };
        update(secrets, &token_key(token), add).await?;
    }
    if let Some(token) = before.verify_token.filter(|token| after.verify_token.as_ref() != Some(token)) {
        let without = |holders: Holders| holders.into_iter().filter(|holder| *holder != name).collect();
        update(secrets, &token_key(&token), without).await?;
    }
    Ok(after)
}

/// Keeps these as the secrets of a page, in place of what it had.
///
/// # Errors
/// When the secret store does not answer, or what it has is damaged.
pub async fn keep(secrets: &Secrets, tenant: &TenantId, page: &PageId, kept: PageSecrets) -> Result<(), SecretsError> {
    change(secrets, tenant, page, |_| kept.clone()).await.map(|_| ())
}

/// Whether a page has this verify token.
pub(super) async fn is_verify_token(secrets: &Secrets, token: &str) -> Result<bool, SecretsError> {
    Ok(!read::<Holders>(secrets, &token_key(token)).await?.0.is_empty())
}

/// The pages with a verify token, as `tenant/page`.
type Holders = Vec<String>;

fn key(tenant: &TenantId, page: &PageId) -> String {
    format!("page.{tenant}.{page}")
}

/// Looking a token up by its hash tells nothing by how long it takes.
fn token_key(token: &str) -> String {
    format!("verify_token.{}", hex::encode(Sha256::digest(token.as_bytes())))
}

async fn read<T: Default + for<'a> Deserialize<'a>>(secrets: &Secrets, key: &str) -> Result<(T, u64), SecretsError> {
    let Some(secret) = secrets.get(key).await? else { return Ok((T::default(), 0)) };
    Ok((serde_json::from_slice(&secret.value).map_err(SecretsError::Damaged)?, secret.revision))
}

/// Changes what is under a key, again when others were faster; gives what was and what is.
async fn update<T>(secrets: &Secrets, key: &str, change: impl Fn(T) -> T) -> Result<(T, T), SecretsError>
where
    T: Default + Clone + PartialEq + Serialize + for<'a> Deserialize<'a>,
{
    let mut attempts = 0;
    loop {
        let (before, revision) = read::<T>(secrets, key).await?;
        let after = change(before.clone());
        if after == before {
            return Ok((before, after));
        }
        let value = serde_json::to_vec(&after).map_err(SecretsError::Damaged)?;
        attempts += 1;
        match secrets.put(key, value, Some(revision)).await {
            Ok(_) => return Ok((before, after)),
            Err(SecretError::Conflict) if attempts < ATTEMPTS => {}
            Err(error) => return Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_one_way_out() {
        let given = |token: bool, url: bool, is_pickup: bool| PageSecrets {
            access_token: token.then(|| "token".to_owned()),
            outbound_url: url.then(|| "https://example.com".to_owned()),
            is_pickup,
            ..PageSecrets::default()
        };
        for source in [Source::Messenger, Source::Instagram] {
            assert_eq!(given(true, false, false).way(source), Way::SendApi);
            assert_eq!(given(true, true, false).way(source), Way::Webhook);
            assert_eq!(given(false, false, false).way(source), Way::Nowhere);
            assert_eq!(given(true, false, true).way(source), Way::Pickup);
        }
        for source in [Source::Telegram, Source::Unknown] {
            assert_eq!(given(false, true, false).way(source), Way::Webhook);
            assert_eq!(given(false, false, false).way(source), Way::Pickup);
        }
    }

    #[test]
    fn what_prints_secrets_shows_none() {
        let secrets = PageSecrets { access_token: Some("hush".to_owned()), ..PageSecrets::default() };
        assert!(!format!("{secrets:?}").contains("hush"));
    }
}
