//! The demo: a restaurant with customers, orders, points, a desk and a provider's bookings, made by the ordinary commands.
//!
//! Every step can be repeated without doubles, and the logins come last: where they are, the seeding is complete.

mod bookings;
mod desk;
pub mod people;
mod seed;
mod strangers;
mod talk;
mod words;

use commands::{
    BookingRejection, CommandError, ConversationRejection, CustomerRejection, Executor, PageRejection, RelationRejection,
    ServiceRejection, TagRejection, TenantRejection, UserRejection,
};
use event_log::LogError;
use events::amount::AmountError;
use events::{IdError, Position, Role, StreamRef};
use gateway::auth::AuthError;
use gateway::channel::secrets::SecretsError;

use seed::CUSTOMERS;

/// An account of the demo.
pub struct Login {
    /// The address to sign in with.
    pub email: &'static str,
    /// The password.
    pub password: &'static str,
    /// What the user may do.
    pub role: Role,
    name: &'static str,
}

/// The accounts, in the order in which they are made.
const LOGINS: [Login; 6] = [
    login("owner@demo.kith.example", "kith-demo-owner", Role::Owner, "Oni Owner"),
    login("admin@demo.kith.example", "kith-demo-admin", Role::Admin, "Adi Admin"),
    login("agent@demo.kith.example", "kith-demo-agent", Role::Agent, "Agus Agent"),
    login("provider@demo.kith.example", "kith-demo-provider", Role::Provider, "Putri Provider"),
    login("viewer@demo.kith.example", "kith-demo-viewer", Role::Viewer, "Vina Viewer"),
    login("operator@demo.kith.example", "kith-demo-operator", Role::Operator, "Opa Operator"),
];

const fn login(email: &'static str, password: &'static str, role: Role, name: &'static str) -> Login {
    Login { email, password, role, name }
}

/// Why the demo could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A command on the tenant failed.
    #[error("the demo's tenant cannot be made")]
    Tenant(#[from] CommandError<TenantRejection>),
    /// A command on a customer failed.
    #[error("a customer of the demo cannot be made")]
    Customer(#[from] CommandError<CustomerRejection>),
    /// A command on a user failed.
    #[error("a login of the demo cannot be made")]
    User(#[from] CommandError<UserRejection>),
    /// A command on a conversation failed.
    #[error("a conversation of the demo cannot be made")]
    Conversation(#[from] CommandError<ConversationRejection>),
    /// A command on a page failed.
    #[error("a page of the demo cannot be made")]
    Page(#[from] CommandError<PageRejection>),
    /// How answers on a page get out could not be kept.
    #[error("a page of the demo cannot be set up")]
    Secrets(#[from] SecretsError),
    /// A command on a tag failed.
    #[error("a tag of the demo cannot be made")]
    Tag(#[from] CommandError<TagRejection>),
    /// A command on a service failed.
    #[error("a service of the demo cannot be made")]
    Service(#[from] CommandError<ServiceRejection>),
    /// A command on a booking failed.
    #[error("a booking of the demo cannot be made")]
    Booking(#[from] CommandError<BookingRejection>),
    /// A command on what is between the provider and a customer failed.
    #[error("what the demo's provider thinks of a customer cannot be noted")]
    Relation(#[from] CommandError<RelationRejection>),
    /// An amount is not one.
    #[error("an amount of the demo is malformed")]
    Amount(#[from] AmountError),
    /// A password could not be kept.
    #[error("a password of the demo cannot be kept")]
    Auth(#[from] AuthError),
    /// The log failed.
    #[error("the log cannot be read")]
    Log(#[from] LogError),
    /// An id is not one.
    #[error("an id of the demo is malformed")]
    Id(#[from] IdError),
}

/// Makes the demo on an empty log, or completes one that was begun; leaves any other log alone. Gives the logins, where there are any.
pub async fn prepare(executor: &Executor) -> Result<Vec<Login>, DemoError> {
    let begun = executor.load::<commands::Tenant>(&StreamRef::tenant(&seed::tenant_id()?)).await?.version > 0;
    if !begun && !is_empty(executor).await? {
        tracing::info!("no demo: the log has other data already");
        return Ok(Vec::new());
    }
    let complete = match LOGINS.last() {
        Some(last) => {
            let (tenant, user) = seed::account(last.role)?;
            executor.load::<commands::User>(&StreamRef::user(&tenant, &user)).await?.version > 0
        }
        None => true,
    };
    if !complete {
        tracing::info!(customers = CUSTOMERS, "making the demo");
        seed::make(executor, &LOGINS).await?;
    }
    Ok(LOGINS.into())
}

async fn is_empty(executor: &Executor) -> Result<bool, LogError> {
    for partition in executor.log().all_partitions() {
        if executor.log().head(partition).await? > Position::START {
            return Ok(false);
        }
    }
    Ok(true)
}
