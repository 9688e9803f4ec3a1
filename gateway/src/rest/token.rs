//! `/api/auth/`: signing in and out, and who is signed in.

use std::net::IpAddr;
use std::sync::Arc;

use events::TenantId;
use poem::web::Data;
use poem::{FromRequest, Request, RequestBody};
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};

use super::Tag;
use super::answer::{Nothing, Read, Written};
use super::call::Call;
use super::fields::{Body, Fields, Input};
use crate::app::AppState;
use crate::armour::About;
use crate::auth::sign_in::{SignInError, SignedIn};
use crate::auth::{Session, op, password, token};
use crate::problem::{Kind, Problem};

/// Signing in and out.
pub struct TokenApi;

#[OpenApi(prefix_path = "/api/auth", tag = "Tag::Auth")]
impl TokenApi {
    /// Sign in
    ///
    /// An access token for requests, and a refresh token that is good for the next pair. Whoever signs in to several tenants
    /// with the same password names one.
    #[oai(path = "/token/", method = "post", operation_id = "signIn")]
    async fn sign_in(&self, knock: Knock, body: Body<Credentials>) -> Result<Read<TokenPair>, Problem> {
        let Credentials { email, password, tenant } = body.input;
        knock.guess(&email)?;
        let tenant = tenant.map(|tenant| tenant.parse::<TenantId>().map_err(|_| wrong())).transpose()?;
        let signed_in = knock.app.auth.sign_in(&email, &password, tenant.as_ref()).await?;
        knock.pair(signed_in).await
    }

    /// Take the next pair of tokens
    ///
    /// Each refresh token is good once. Whoever uses one again ends the whole family: all tokens of that sign-in.
    #[oai(path = "/token/refresh/", method = "post", operation_id = "refreshToken")]
    async fn refresh(&self, knock: Knock, body: Body<RefreshInput>) -> Result<Read<TokenPair>, Problem> {
        let allowance = knock.app.limits.refresh(knock.address)?;
        knock.about.settle_allowance(allowance);
        let signed_in = knock.app.auth.rotate(&body.input.refresh).await?;
        knock.pair(signed_in).await
    }

    /// Sign out
    ///
    /// Ends all tokens of that sign-in. A token that is not good any more is fine.
    #[oai(path = "/logout/", method = "post", operation_id = "signOut")]
    async fn sign_out(&self, knock: Knock, body: Body<RefreshInput>) -> Result<Written<Nothing, 204>, Problem> {
        let allowance = knock.app.limits.refresh(knock.address)?;
        knock.about.settle_allowance(allowance);
        knock.app.auth.sign_out(&body.input.refresh).await?;
        Ok(Written::at_once(knock.app.position(None)))
    }

    /// Who is signed in
    #[oai(path = "/me/", method = "get", operation_id = "getMe")]
    async fn me(&self, call: Call<op::Me>) -> Result<Read<Me>, Problem> {
        Ok(Read::new(Me::of(&call.session, &call.tenant.name), call.read_position()))
    }
}

fn wrong() -> Problem {
    Problem::new(Kind::WrongCredentials, "No active account with this email and password.")
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Wrong => wrong(),
            SignInError::SeveralTenants(tenants) => {
                let ids: Vec<_> = tenants.iter().map(TenantId::as_str).collect();
                let sentence = format!("This account is in several tenants; name one of {}.", ids.join(", "));
                Self::field(Kind::Invalid, "tenant", sentence)
            }
            SignInError::RefreshRefused => {
                Self::new(Kind::RefreshRefused, "This refresh token is not valid any more; sign in again.")
            }
            SignInError::Auth(error) => error.into(),
        }
    }
}

/// A request by somebody who is not signed in.
pub struct Knock {
    app: AppState,
    about: Arc<About>,
    address: IpAddr,
}

impl<'a> FromRequest<'a> for Knock {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let Data(app) = Data::<&AppState>::from_request(request, body).await?;
        let Data(about) = Data::<&Arc<About>>::from_request(request, body).await?;
        Ok(Self { app: app.clone(), about: Arc::clone(about), address: super::address(app, request) })
    }
}

impl Knock {
    /// Counts an attempt to guess the password of an account.
    ///
    /// # Errors
    /// The 429 problem when there were too many.
    pub(super) fn guess(&self, account: &str) -> Result<(), Problem> {
        let allowance = self.app.limits.sign_in(self.address, account)?;
        self.about.settle_allowance(allowance);
        Ok(())
    }

    /// The answer to somebody who has signed in.
    pub(super) async fn pair(&self, signed_in: SignedIn) -> Result<Read<TokenPair>, Problem> {
        let SignedIn { access, refresh, session } = signed_in;
        self.about.settle_tenant(&session.tenant);
        let tenant = self.app.tenant(&session.tenant).await?;
        let name = tenant.map_or_else(|| "Platform".to_owned(), |tenant| tenant.name.clone());
        let user = Me::of(&session, &name);
        let pair = TokenPair { access, refresh, token_type: "Bearer".to_owned(), expires_in: token::ACCESS_SECONDS, user };
        Ok(Read::new(pair, self.app.position(Some(&session.tenant))))
    }
}

/// Email and password.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct Credentials {
    /// The address to sign in with.
    #[oai(validator(max_length = 254))]
    pub email: String,
    /// The password.
    #[oai(validator(max_length = 256))]
    pub password: String,
    /// The tenant to sign in to, where the account is in several.
    #[oai(validator(max_length = 64))]
    pub tenant: Option<String>,
}

impl Input for Credentials {
    fn read(fields: &mut Fields) -> Self {
        let credentials = Self {
            email: fields.required_text("email"),
            password: fields.required_text("password"),
            tenant: fields.text("tenant"),
        };
        if credentials.password.chars().count() > password::MAX_CHARS {
            fields.wrong("password", format!("Must have no more than {} characters.", password::MAX_CHARS));
        }
        credentials
    }
}

impl Example for Credentials {
    fn example() -> Self {
        Self { email: "owner@example.com".to_owned(), password: "correct horse battery".to_owned(), tenant: None }
    }
}

/// A refresh token.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct RefreshInput {
    /// The newest refresh token.
    #[oai(validator(max_length = 4096))]
    pub refresh: String,
}

impl Input for RefreshInput {
    fn read(fields: &mut Fields) -> Self {
        Self { refresh: fields.required_text("refresh") }
    }
}

impl Example for RefreshInput {
    fn example() -> Self {
        Self { refresh: "eyJhbGciOiJIUzI1NiJ9.eyJ0eXAiOiJyZWZyZXNoIn0.c2lnbmF0dXJl".to_owned() }
    }
}

/// A pair of tokens.
#[derive(Debug, Clone, Object)]
pub struct TokenPair {
    /// Goes with every request: `Authorization: Bearer …`.
    access: String,
    /// Is good for the next pair, once.
    refresh: String,
    /// `Bearer`.
    token_type: String,
    /// For how many seconds the access token is good.
    expires_in: u64,
    /// Who signed in.
    user: Me,
}

/// Somebody who is signed in.
#[derive(Debug, Clone, Object)]
pub struct Me {
    /// Names the user.
    id: String,
    /// The address to sign in with.
    email: String,
    /// The name to show.
    name: String,
    /// What the user may do.
    role: super::users::RoleName,
    /// The user's tenant.
    tenant: String,
    /// The tenant's name.
    tenant_name: String,
}

impl Me {
    fn of(session: &Session, tenant_name: &str) -> Self {
        Self {
            id: session.user.to_string(),
            email: session.email.clone(),
            name: session.name.clone(),
            role: session.role.into(),
            tenant: session.tenant.to_string(),
            tenant_name: tenant_name.to_owned(),
        }
    }
}
