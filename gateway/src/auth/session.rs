//! Sessions: what a verified access token stands for. Looked up again every second, so that a change of role, a deactivation,
//! a new password or a sign-out takes effect at once without a look-up per request.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use events::{Role, TenantId, UserId};
use moka::future::Cache;
use sha2::{Digest, Sha256};

use super::token::{Claims, TokenKind};
use super::{Auth, AuthError, password};

/// How long a look-up is believed.
const BELIEF: Duration = Duration::from_secs(1);
/// The most tokens that are remembered.
const MOST: u64 = 50_000;

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The user.
    pub user: UserId,
    /// The user's own tenant.
    pub tenant: TenantId,
    /// The name to show.
    pub name: String,
    /// The address the user signs in with.
    pub email: String,
    /// What the user may do.
    pub role: Role,
    /// The family of tokens that the sign-in gave.
    pub family: String,
}

/// Sessions by the hash of their access token.
pub(super) struct Sessions(Cache<[u8; 32], Option<Arc<Session>>>);

impl Sessions {
    pub(super) fn new() -> Self {
        Self(Cache::builder().max_capacity(MOST).time_to_live(BELIEF).build())
    }

    pub(super) fn forget_all(&self) {
        self.0.invalidate_all();
    }
}

impl Auth {
    /// The session of an access token; `None` when the token is not valid (any more).
    ///
    /// # Errors
    /// When the directory or the secret store does not answer.
    pub async fn session(&self, token: &str) -> Result<Option<Arc<Session>>, Arc<AuthError>> {
        let key: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        if let Some(known) = self.sessions.0.get(&key).await {
            return Ok(known);
        }
        let Some(claims) = self.tokens.read(TokenKind::Access, token) else { return Ok(None) };
        self.sessions.0.try_get_with(key, async { Ok(self.look_up(&claims).await?.map(Arc::new)) }).await
    }

    /// When an access token ends; `None` when it is not good.
    #[must_use]
    pub fn expiry(&self, token: &str) -> Option<DateTime<Utc>> {
        let claims = self.tokens.read(TokenKind::Access, token)?;
        DateTime::from_timestamp(i64::try_from(claims.expires_at()).ok()?, 0)
    }

    /// The session that the claims stand for now.
    pub(super) async fn look_up(&self, claims: &Claims) -> Result<Option<Session>, AuthError> {
        let secrets = self.log.secrets();
        let (user, password, family) = tokio::try_join!(
            async {
                Ok(query_api::directory::user(&self.models, &query_api::Scope::tenant(claims.tenant.clone()), &claims.sub)
                    .await?)
            },
            password::stored(secrets, &claims.tenant, &claims.sub),
            self.family(&claims.tenant, &claims.sub, &claims.sid),
        )?;
        let (Some(user), Some((_, revision)), Some(_)) = (user, password, family) else { return Ok(None) };
        let user = self.standing(user).await?;
        Ok((user.is_active && revision == claims.pwd).then(|| Session {
            user: claims.sub.clone(),
            tenant: claims.tenant.clone(),
            name: user.name,
            email: user.email,
            role: user.role,
            family: claims.sid.clone(),
        }))
    }
}
