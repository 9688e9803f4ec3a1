//! Email and password → tokens; a refresh token → the next pair; sign-out.
//!
//! The refresh tokens of one sign-in are a family of which only the newest is good. Whoever shows an older one has a copy of
//! something that was used already, so the family ends and both must sign in again. The log drops a family whose tokens have expired.

use std::time::Duration;

use event_log::SecretError;
use events::{TenantId, UserId};
use futures_util::future::try_join_all;
use query_api::Scope;
use query_api::directory::UserRow;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::token::{REFRESH_SECONDS, Subject, TokenKind};
use super::{Auth, AuthError, Session, password};

/// In how many tenants a password is tried when none is named: always so many, so that the time tells nobody in how many the
/// address is. Whoever is in more names one.
const TENANTS_TRIED: usize = 4;

/// A new pair of tokens and whom they are for.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// For requests.
    pub access: String,
    /// For the next pair.
    pub refresh: String,
    /// Who signed in.
    pub session: Session,
}

/// Why there are no tokens.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Email and password do not fit, or the account is not active.
    #[error("wrong email or password")]
    Wrong,
    /// Email and password fit in several tenants; these.
    #[error("several tenants")]
    SeveralTenants(Vec<TenantId>),
    /// The refresh token is not the newest of a living family.
    #[error("the refresh token is not valid any more")]
    RefreshRefused,
    /// It could not be found out.
    #[error(transparent)]
    Auth(#[from] AuthError),
}

/// What is kept of a family.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Family {
    /// The number of its newest refresh token.
    newest: u64,
}

impl Auth {
    /// Tokens for whoever knows the password. Takes as long whether there is an account, and in however many tenants.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn sign_in(&self, email: &str, password: &str, tenant: Option<&TenantId>) -> Result<SignedIn, SignInError> {
        let users = query_api::directory::users_by_email(&self.models, email).await.map_err(AuthError::from)?;
        let mut users = try_join_all(users.into_iter().map(|user| self.standing(user))).await?;
        users.retain(|user| tenant.is_none_or(|tenant| *tenant == user.tenant));
        let tries = if tenant.is_some() { 1 } else { TENANTS_TRIED };
        let accounts = (0..tries).map(|number| users.get(number));
        let revisions = try_join_all(accounts.map(|user| self.fits(user, password))).await?;
        let fitting: Vec<_> = users.iter().zip(revisions).filter_map(|(user, revision)| Some((user, revision?))).collect();
        match fitting.as_slice() {
            [] => Err(SignInError::Wrong),
            [(user, revision)] => Ok(self.start(session_of(user), *revision).await?),
            several => Err(SignInError::SeveralTenants(several.iter().map(|(user, _)| user.tenant.clone()).collect())),
        }
    }

    /// The revision of the user's password, if this is it and the user may sign in. The same work for nobody.
    async fn fits(&self, user: Option<&UserRow>, password: &str) -> Result<Option<u64>, AuthError> {
        let revision = match user {
            Some(user) => self.verify(&user.tenant, &user.id, password).await?,
            None => self.verify(&TenantId::generate(), &UserId::generate(), password).await?,
        };
        Ok(revision.filter(|_| user.is_some_and(|user| user.is_active)))
    }

    /// The revision of somebody's password, if this is it.
    async fn verify(&self, tenant: &TenantId, user: &UserId, password: &str) -> Result<Option<u64>, AuthError> {
        let stored = password::stored(self.log.secrets(), tenant, user).await?;
        let (hash, revision) = stored.map_or((None, 0), |(hash, revision)| (Some(hash), revision));
        Ok(self.passwords.verify(password, hash).await?.then_some(revision))
    }

    /// The first tokens of a new family.
    async fn start(&self, session: Session, revision: u64) -> Result<SignedIn, AuthError> {
        let (tenant, user, family) = (session.tenant.clone(), session.user.clone(), session.family.clone());
        let subject = Subject { tenant, user, family, password: revision };
        self.keep(&subject, 1, Some(0)).await?;
        self.tokens_of(subject, 1, session)
    }

    /// The revision of the password of whoever is signed in, if this is it.
    ///
    /// # Errors
    /// When the secret store does not answer, or too many passwords are checked at once.
    pub async fn own_password(&self, session: &Session, password: &str) -> Result<Option<u64>, AuthError> {
        self.verify(&session.tenant, &session.user, password).await
    }

    /// Gives whoever is signed in another password in place of the one of that revision. All tokens that the user has end; these
    /// are the first of a new family.
    ///
    /// # Errors
    /// When the password is too short or too long, is not of that revision any more, or the secret store does not answer.
    pub async fn change_password(&self, session: &Session, revision: u64, password: &str) -> Result<SignedIn, AuthError> {
        let (tenant, user) = (&session.tenant, &session.user);
        let revision = password::replace(self.log.secrets(), tenant, user, password, Some(revision)).await?;
        self.sessions.forget_all();
        self.start(Session { family: new_family(), ..session.clone() }, revision).await
    }

    /// The next pair of tokens. The old refresh token is worth nothing afterwards.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn rotate(&self, refresh: &str) -> Result<SignedIn, SignInError> {
        let claims = self.tokens.read(TokenKind::Refresh, refresh).ok_or(SignInError::RefreshRefused)?;
        let (tenant, user) = (&claims.tenant, &claims.sub);
        let (family, revision) = self.family(tenant, user, &claims.sid).await?.ok_or(SignInError::RefreshRefused)?;
        let session = self.look_up(&claims).await?;
        let subject = Subject { tenant: tenant.clone(), user: user.clone(), family: claims.sid.clone(), password: claims.pwd };
        let next = claims.seq.saturating_add(1);
        let kept = match session.is_some() && family.newest == claims.seq {
            true => self.keep(&subject, next, Some(revision)).await,
            false => Err(AuthError::Secrets(SecretError::Conflict)),
        };
        match (kept, session) {
            (Ok(()), Some(session)) => Ok(self.tokens_of(subject, next, session)?),
            (Err(AuthError::Secrets(SecretError::Conflict)), _) | (Ok(()), None) => {
                tracing::warn!(tenant = %tenant, user = %user, "a refresh token was used again: its family ends");
                self.end(tenant, user, &claims.sid).await?;
                Err(SignInError::RefreshRefused)
            }
            (Err(error), _) => Err(error.into()),
        }
    }

    /// Ends a family: neither its refresh tokens nor its access tokens are good any more.
    ///
    /// # Errors
    /// When the secret store does not answer.
    pub async fn end(&self, tenant: &TenantId, user: &UserId, family: &str) -> Result<(), AuthError> {
        self.log.secrets().delete(&key(tenant, user, family)).await?;
        self.sessions.forget_all();
        Ok(())
    }

    /// Ends the family of a refresh token; a token that is not good any more is fine.
    ///
    /// # Errors
    /// When the secret store does not answer.
    pub async fn sign_out(&self, refresh: &str) -> Result<(), AuthError> {
        match self.tokens.read(TokenKind::Refresh, refresh) {
            Some(claims) => self.end(&claims.tenant, &claims.sub, &claims.sid).await,
            None => Ok(()),
        }
    }

    /// Gives a user another password. All tokens that the user has end.
    ///
    /// # Errors
    /// When the password is too short or too long, or the secret store does not answer.
    pub async fn set_password(&self, tenant: &TenantId, user: &UserId, password: &str) -> Result<(), AuthError> {
        password::set(self.log.secrets(), tenant, user, password).await?;
        self.sessions.forget_all();
        Ok(())
    }

    /// Looks everybody up again, after somebody's role or activity changed.
    pub fn look_again(&self) {
        self.sessions.forget_all();
    }

    /// A living family, with the revision of what is kept of it.
    pub(super) async fn family(
        &self,
        tenant: &TenantId,
        user: &UserId,
        family: &str,
    ) -> Result<Option<(Family, u64)>, AuthError> {
        let Ok(family) = family.parse::<Uuid>() else { return Ok(None) };
        let key = key(tenant, user, &family.simple().to_string());
        let Some(secret) = self.log.secrets().get(&key).await? else { return Ok(None) };
        let family: Family = serde_json::from_slice(&secret.value).map_err(|error| AuthError::Token(error.to_string()))?;
        Ok(Some((family, secret.revision)))
    }

    /// Keeps a family for as long as its newest refresh token is good.
    async fn keep(&self, subject: &Subject, newest: u64, expected: Option<u64>) -> Result<(), AuthError> {
        let value = serde_json::to_vec(&Family { newest }).map_err(|error| AuthError::Token(error.to_string()))?;
        let key = key(&subject.tenant, &subject.user, &subject.family);
        self.log.secrets().put_for(&key, value, expected, Duration::from_secs(REFRESH_SECONDS)).await?;
        Ok(())
    }

    fn tokens_of(&self, subject: Subject, sequence: u64, session: Session) -> Result<SignedIn, AuthError> {
        Ok(SignedIn {
            access: self.tokens.issue(TokenKind::Access, &subject, 0)?,
            refresh: self.tokens.issue(TokenKind::Refresh, &subject, sequence)?,
            session,
        })
    }
}

fn new_family() -> String {
    Uuid::new_v4().simple().to_string()
}

fn session_of(user: &UserRow) -> Session {
    Session {
        user: user.id.clone(),
        tenant: user.tenant.clone(),
        name: user.name.clone(),
        email: user.email.clone(),
        role: user.role,
        family: new_family(),
    }
}

fn key(tenant: &TenantId, user: &UserId, family: &str) -> String {
    format!("refresh.{tenant}.{user}.{family}")
}

/// The scope in which a session's own tenant is looked at.
#[must_use]
pub fn own_scope(session: &Session) -> Scope {
    Scope::tenant(session.tenant.clone())
}
