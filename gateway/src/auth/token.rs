//! Tokens: JWT with one algorithm, checked for issuer, audience, expiry and kind.

use event_log::{SecretError, Secrets};
use events::{TenantId, UserId};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use rand::RngExt;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::AuthError;

/// How long an access token is good for, in seconds.
pub const ACCESS_SECONDS: u64 = 15 * 60;
/// How long a refresh token is good for, in seconds.
pub const REFRESH_SECONDS: u64 = 14 * 24 * 60 * 60;
/// The least bytes of a signing secret.
pub const MIN_SECRET_BYTES: usize = 32;

const SECRET_KEY: &str = "jwt.signing";
const ISSUER: &str = "kith";
const AUDIENCE: &str = "kith";
/// Clocks of several gateways may differ by so many seconds.
const LEEWAY_SECONDS: u64 = 5;

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// Goes with every request.
    Access,
    /// Is good for one new pair of tokens.
    Refresh,
}

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    aud: String,
    /// What it is for.
    pub typ: TokenKind,
    /// The user.
    pub sub: UserId,
    /// The user's tenant.
    pub tenant: TenantId,
    /// The family of tokens that one sign-in gave.
    pub sid: String,
    /// The revision of the password that was used to sign in.
    pub pwd: u64,
    /// The number of the refresh token in its family; 0 in access tokens.
    pub seq: u64,
    iat: u64,
    exp: u64,
}

impl Claims {
    /// When it ends, in seconds since 1970.
    #[must_use]
    pub const fn expires_at(&self) -> u64 {
        self.exp
    }
}

/// Whom a token is for.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The user's tenant.
    pub tenant: TenantId,
    /// The user.
    pub user: UserId,
    /// The family of tokens.
    pub family: String,
    /// The revision of the password.
    pub password: u64,
}

/// Writes and reads tokens.
pub struct Tokens {
    sign: EncodingKey,
    verify: DecodingKey,
    validation: Validation,
    seal: [u8; 32],
}

impl Tokens {
    pub(super) async fn new(secrets: &Secrets, configured: Option<&str>) -> Result<Self, AuthError> {
        let secret = match configured {
            Some(secret) if secret.len() < MIN_SECRET_BYTES => return Err(AuthError::WeakSecret),
            Some(secret) => secret.as_bytes().to_vec(),
            None => kept_secret(secrets).await?,
        };
        Ok(Self::with_secret(&secret))
    }

    fn with_secret(secret: &[u8]) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.leeway = LEEWAY_SECONDS;
        let seal = Sha256::new().chain_update(b"kith fingerprint of a request").chain_update(secret).finalize().into();
        Self { sign: EncodingKey::from_secret(secret), verify: DecodingKey::from_secret(secret), validation, seal }
    }

    /// A token that starts now.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn issue(&self, kind: TokenKind, subject: &Subject, sequence: u64) -> Result<String, AuthError> {
        let now = jsonwebtoken::get_current_timestamp();
        let seconds = match kind {
            TokenKind::Access => ACCESS_SECONDS,
            TokenKind::Refresh => REFRESH_SECONDS,
        };
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            typ: kind,
            sub: subject.user.clone(),
            tenant: subject.tenant.clone(),
            sid: subject.family.clone(),
            pwd: subject.password,
            seq: sequence,
            iat: now,
            exp: now.saturating_add(seconds),
        };
        self.write(&claims)
    }

    /// A digest that tells nothing without the secret: for requests that have a password in them.
    #[must_use]
    pub fn seal(&self, digest: &[u8]) -> [u8; 32] {
        Sha256::new().chain_update(self.seal).chain_update(digest).finalize().into()
    }

    fn write(&self, claims: &Claims) -> Result<String, AuthError> {
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &self.sign)
            .map_err(|error| AuthError::Token(error.to_string()))
    }

    /// What a token says, if it is genuine, in date, and of that kind.
    #[must_use]
    pub fn read(&self, kind: TokenKind, token: &str) -> Option<Claims> {
        let claims = jsonwebtoken::decode::<Claims>(token, &self.verify, &self.validation).ok()?.claims;
        (claims.typ == kind).then_some(claims)
    }
}

/// The secret that all gateways on one log share; made by the first of them.
async fn kept_secret(secrets: &Secrets) -> Result<Vec<u8>, AuthError> {
    if let Some(secret) = secrets.get(SECRET_KEY).await? {
        return Ok(secret.value);
    }
    let fresh: [u8; 48] = rand::rng().random();
    match secrets.put(SECRET_KEY, fresh.to_vec(), Some(0)).await {
        Ok(_) => Ok(fresh.to_vec()),
        Err(SecretError::Conflict) => {
            secrets.get(SECRET_KEY).await?.map(|secret| secret.value).ok_or(AuthError::Secrets(SecretError::Conflict))
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject() -> Subject {
        Subject { tenant: TenantId::generate(), user: UserId::generate(), family: "f".to_owned(), password: 3 }
    }

    fn tokens() -> Tokens {
        Tokens::with_secret(&[7; 48])
    }

    fn claims() -> Claims {
        let token = tokens().issue(TokenKind::Access, &subject(), 0).expect("writes");
        tokens().read(TokenKind::Access, &token).expect("reads")
    }

    #[test]
    fn a_token_is_good_for_its_own_kind() {
        for (kind, other) in [(TokenKind::Access, TokenKind::Refresh), (TokenKind::Refresh, TokenKind::Access)] {
            let token = tokens().issue(kind, &subject(), 1).expect("writes");
            assert!(tokens().read(kind, &token).is_some());
            assert!(tokens().read(other, &token).is_none());
        }
    }

    #[test]
    fn forged_tokens_are_refused() {
        let sound = claims();
        let changed: [(&str, Claims); 4] = [
            ("another issuer", Claims { iss: "evil".to_owned(), ..sound.clone() }),
            ("another audience", Claims { aud: "evil".to_owned(), ..sound.clone() }),
            ("out of date", Claims { exp: sound.iat - 60, ..sound.clone() }),
            ("another kind", Claims { typ: TokenKind::Refresh, ..sound.clone() }),
        ];
        for (what, claims) in changed {
            let token = tokens().write(&claims).expect("writes");
            assert!(tokens().read(TokenKind::Access, &token).is_none(), "{what}");
        }
        let elsewhere = Tokens::with_secret(&[8; 48]).write(&sound).expect("writes");
        assert!(tokens().read(TokenKind::Access, &elsewhere).is_none(), "another key");
        let other_algorithm = jsonwebtoken::encode(&Header::new(Algorithm::HS512), &sound, &tokens().sign).expect("writes");
        assert!(tokens().read(TokenKind::Access, &other_algorithm).is_none(), "another algorithm");
    }

    #[test]
    fn damaged_tokens_are_refused() {
        let token = tokens().write(&claims()).expect("writes");
        let mut parts: Vec<&str> = token.split('.').collect();
        // {"alg":"none","typ":"JWT"}
        parts[0] = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
        for bad in [
            parts.join("."),
            format!("{}.{}.", parts[0], parts[1]),
            token[1..].to_owned(),
            format!("{token}x"),
            String::new(),
            "a.b.c".to_owned(),
        ] {
            assert!(tokens().read(TokenKind::Access, &bad).is_none(), "{bad}");
        }
    }
}
