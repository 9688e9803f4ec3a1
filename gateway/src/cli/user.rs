//! `kith user`: the people who sign in.

use clap::{Args, Subcommand};
use commands::Meta;
use commands::user::{Add as AddUser, ChangeRole, User, UserCommand as Command};
use events::{Role, StreamRef, TenantId, UserId};
use gateway::auth::password as passwords;
use query_api::directory::UserRow;
use query_api::{PageRequest, Scope};
use serde_json::json;

use super::platform::Platform;
use super::{CliError, Outcome, password, tenant};
use crate::settings::DataSettings;

/// The most users that are read at once.
const PAGE: u64 = 1_000;

/// Add, list and change the people who sign in
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add a user; the password comes from KITH_PASSWORD, a prompt, or standard input
    Add(Add),
    /// List a tenant's users
    List(List),
    /// Give a user another role
    SetRole(SetRole),
    /// Give a user another password (from KITH_PASSWORD, a prompt, or standard input); all of the user's sessions end
    SetPassword(Who),
    /// Let a user not sign in any more
    Deactivate(Who),
    /// Let a user sign in again
    Activate(Who),
}

/// Which user is meant
#[derive(Debug, Args)]
pub struct Who {
    /// Tenant, by its id or its name; operators are in `platform`
    #[arg(long)]
    tenant: String,
    /// Email address that the user signs in with
    #[arg(long)]
    email: String,
    #[command(flatten)]
    data: DataSettings,
}

/// Add a user
#[derive(Debug, Args)]
pub struct Add {
    #[command(flatten)]
    who: Who,
    /// operator, owner, admin, agent, provider or viewer
    #[arg(long)]
    role: Role,
    /// Name to show; by default what is before the @ of the email address
    #[arg(long)]
    name: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// List a tenant's users
#[derive(Debug, Args)]
pub struct List {
    /// Tenant, by its id or its name
    #[arg(long)]
    tenant: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: DataSettings,
}

/// Give a user another role
#[derive(Debug, Args)]
pub struct SetRole {
    #[command(flatten)]
    who: Who,
    /// operator, owner, admin, agent, provider or viewer
    #[arg(long)]
    role: Role,
}

impl UserCommand {
    /// Carries it out.
    pub async fn run(self) -> Result<Outcome, CliError> {
        match self {
            Self::Add(add) => add.run().await,
            Self::List(list) => list.run().await,
            Self::SetRole(set) => set.who.change(Command::ChangeRole(ChangeRole { role: set.role }), None).await,
            Self::SetPassword(who) => {
                let password = password::read()?;
                who.change(Command::ChangePassword, Some(password)).await
            }
            Self::Deactivate(who) => who.change(Command::Deactivate, None).await,
            Self::Activate(who) => who.change(Command::Activate, None).await,
        }
    }
}

impl Add {
    async fn run(self) -> Result<Outcome, CliError> {
        let password = password::read()?;
        passwords::check(&password)?;
        let platform = Platform::join(&self.who.data).await?;
        let added = self.add(&platform, &password).await;
        platform.close().await;
        let (tenant, user) = added?;
        if self.json {
            println!("{}", json!({"id": user, "tenant": tenant, "email": self.who.email, "role": self.role}));
        } else {
            println!("{user}");
        }
        Ok(Outcome::Done)
    }

    async fn add(&self, platform: &Platform, password: &str) -> Result<(TenantId, UserId), CliError> {
        let tenant = tenant::find_or_platform(platform, &self.who.tenant).await?;
        let user = UserId::generate();
        let name = self.name.clone().or_else(|| Some(self.who.email.split('@').next()?.to_owned())).unwrap_or_default();
        let add = AddUser { email: self.who.email.clone(), name, role: self.role };
        command(platform, &tenant, &user, Command::Add(add)).await?;
        passwords::set(platform.log.secrets(), &tenant, &user, password).await?;
        Ok((tenant, user))
    }
}

impl List {
    async fn run(self) -> Result<Outcome, CliError> {
        let platform = Platform::join(&self.data).await?;
        let users = self.users(&platform).await;
        platform.close().await;
        let users = users?;
        if self.json {
            let rows: Vec<_> = users.iter().map(as_json).collect();
            println!("{:#}", json!(rows));
        } else {
            for user in users {
                let state = if user.is_active { "" } else { "  (deactivated)" };
                println!("{}  {:<8}  {}  {}{state}", user.id, user.role.name(), user.email, user.name);
            }
        }
        Ok(Outcome::Done)
    }

    async fn users(&self, platform: &Platform) -> Result<Vec<UserRow>, CliError> {
        let tenant = tenant::find_or_platform(platform, &self.tenant).await?;
        users_of(platform, &tenant).await
    }
}

impl Who {
    async fn change(self, change: Command, password: Option<String>) -> Result<Outcome, CliError> {
        if let Some(password) = &password {
            passwords::check(password)?;
        }
        let platform = Platform::join(&self.data).await?;
        let changed = self.apply(&platform, change, password.as_deref()).await;
        platform.close().await;
        changed.map(|()| Outcome::Done)
    }

    async fn apply(&self, platform: &Platform, change: Command, password: Option<&str>) -> Result<(), CliError> {
        let tenant = tenant::find_or_platform(platform, &self.tenant).await?;
        let wanted = self.email.trim().to_lowercase();
        let users = users_of(platform, &tenant).await?;
        let user = users.into_iter().find(|user| user.email_key() == wanted);
        let user = user.ok_or_else(|| CliError::NoUser(self.email.clone()))?;
        if let Some(password) = password {
            passwords::set(platform.log.secrets(), &tenant, &user.id, password).await?;
        }
        command(platform, &tenant, &user.id, change).await
    }
}

async fn command(platform: &Platform, tenant: &TenantId, user: &UserId, command: Command) -> Result<(), CliError> {
    let stream = StreamRef::user(tenant, user);
    let done = platform.executor.execute::<User>(&stream, command, &Meta::system("cli"), None).await;
    done.map(|_| ()).map_err(CliError::User)
}

async fn users_of(platform: &Platform, tenant: &TenantId) -> Result<Vec<UserRow>, CliError> {
    platform.catch_up().await?;
    let scope = Scope::tenant(tenant.clone());
    let mut users = Vec::new();
    for page in 1.. {
        let Ok(request) = PageRequest::new(page, PAGE) else { break };
        let part = query_api::directory::users(&platform.models, &scope, request).await?;
        let more = part.has_next(request);
        users.extend(part.rows);
        if !more {
            break;
        }
    }
    Ok(users)
}

fn as_json(user: &UserRow) -> serde_json::Value {
    json!({
        "id": user.id, "tenant": user.tenant, "email": user.email, "name": user.name, "role": user.role.name(),
        "is_active": user.is_active, "created_at": user.created_at,
    })
}
