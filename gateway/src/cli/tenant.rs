//! `kith tenant`: the businesses on the platform.

use clap::{Args, Subcommand};
use commands::tenant::{Create, Tenant, TenantCommand as Command};
use commands::{CommandError, Meta, TenantRejection};
use events::ids::PLATFORM;
use events::{Currency, StreamRef, TenantId};
use query_api::directory::TenantRow;
use serde_json::json;

use super::platform::Platform;
use super::{CliError, Outcome};
use crate::settings::DataSettings;

/// Add and list tenants
#[derive(Debug, Subcommand)]
pub enum TenantCommand {
    /// Add a tenant and print its id
    Add(Add),
    /// List all tenants
    List(List),
}

/// Add a tenant and print its id
#[derive(Debug, Args)]
pub struct Add {
    /// Name to show
    #[arg(long)]
    name: String,
    /// Currency of all its amounts, as three capital letters
    #[arg(long, default_value = "USD")]
    currency: Currency,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: DataSettings,
}

/// List all tenants
#[derive(Debug, Args)]
pub struct List {
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: DataSettings,
}

impl TenantCommand {
    /// Carries it out.
    pub async fn run(self) -> Result<Outcome, CliError> {
        match self {
            Self::Add(add) => add.run().await,
            Self::List(list) => list.run().await,
        }
    }
}

impl Add {
    async fn run(self) -> Result<Outcome, CliError> {
        let platform = Platform::join(&self.data).await?;
        let id = TenantId::generate();
        let create = Create { name: self.name.trim().to_owned(), currency: self.currency };
        let command = Command::Create(create.clone());
        let stream = StreamRef::tenant(&id);
        let added = platform.executor.execute::<Tenant>(&stream, command, &Meta::system("cli"), None).await;
        platform.close().await;
        added.map_err(CliError::Tenant)?;
        if self.json {
            println!("{}", json!({"id": id, "name": create.name, "currency": create.currency}));
        } else {
            println!("{id}");
        }
        Ok(Outcome::Done)
    }
}

impl List {
    async fn run(self) -> Result<Outcome, CliError> {
        let platform = Platform::join(&self.data).await?;
        platform.catch_up().await?;
        let tenants = query_api::directory::tenants(&platform.models).await?;
        platform.close().await;
        if self.json {
            let rows: Vec<_> = tenants.iter().map(as_json).collect();
            println!("{:#}", json!(rows));
        } else {
            tenants.iter().for_each(|tenant| println!("{}  {}  {}", tenant.id, tenant.currency.as_str(), tenant.name));
        }
        Ok(Outcome::Done)
    }
}

fn as_json(tenant: &TenantRow) -> serde_json::Value {
    json!({"id": tenant.id, "name": tenant.name, "currency": tenant.currency, "created_at": tenant.created_at})
}

/// The tenant with this id, or the only one with this name.
pub async fn find(platform: &Platform, name_or_id: &str) -> Result<TenantRow, CliError> {
    platform.catch_up().await?;
    let mut tenants = query_api::directory::tenants(&platform.models).await?;
    if let Some(index) = tenants.iter().position(|tenant| tenant.id.as_str() == name_or_id) {
        return Ok(tenants.swap_remove(index));
    }
    tenants.retain(|tenant| tenant.name == name_or_id.trim());
    match (tenants.pop(), tenants.is_empty()) {
        (Some(tenant), true) => Ok(tenant),
        (Some(_), false) => Err(CliError::SeveralTenants(name_or_id.to_owned())),
        (None, _) => Err(CliError::NoTenant(name_or_id.to_owned())),
    }
}

/// As [`find`]; the tenant of the platform's operators comes into being when it is first named.
pub async fn find_or_platform(platform: &Platform, name_or_id: &str) -> Result<TenantId, CliError> {
    if name_or_id != PLATFORM {
        return find(platform, name_or_id).await.map(|tenant| tenant.id);
    }
    let id = TenantId::platform();
    let create = Create { name: "Kith platform".to_owned(), currency: Currency::default() };
    let (stream, command) = (StreamRef::tenant(&id), Command::Create(create));
    let created = platform.executor.execute::<Tenant>(&stream, command, &Meta::system("cli"), None).await;
    match created {
        Ok(_) | Err(CommandError::Rejected(TenantRejection::AlreadyExists)) => Ok(id),
        Err(error) => Err(CliError::Tenant(error)),
    }
}
