//! The steps that make the demo. Each has no effect when it was done before.

use chrono::{DateTime, Utc};
use commands::customer::{Customer, CustomerCommand, Import, RecordOrder, UpdatePoints};
use commands::tenant::{Create, SetEarningRule, Tenant, TenantCommand};
use commands::user::{Add, SetAvailability, User, UserCommand};
use commands::{CommandError, CustomerRejection, Executor, Meta, Precondition, TenantRejection};
use events::tenant::EarningRule;
use events::{Amount, Currency, CustomerId, IdError, Role, StreamRef, TenantId, UserId};
use futures_util::{StreamExt, TryStreamExt, stream};
use gateway::auth::password;
use rand::{RngExt, SeedableRng};

use super::people::{Person, RUPIAH_PER_POINT, person};
use super::{DemoError, Login, bookings, desk, strangers};

/// How many customers the demo has, beside those who only wrote over a channel.
pub const CUSTOMERS: u64 = 2_000;
/// How many of them are made at the same time.
pub(super) const AT_ONCE: usize = 64;
/// What the business is called.
const NAME: &str = "Kith Demo Restaurant";
/// What its amounts are in.
const CURRENCY: &str = "IDR";

/// Makes everything, the logins last.
pub async fn make(executor: &Executor, logins: &[Login]) -> Result<(), DemoError> {
    let shop = make_tenants(executor).await?;
    let now = Utc::now();
    let customers = stream::iter((0..CUSTOMERS).map(|number| make_customer(executor, &shop, number, now)));
    customers.buffer_unordered(AT_ONCE).try_collect::<()>().await?;
    desk::make(executor, now).await?;
    strangers::make(executor, now).await?;
    bookings::make(executor, now).await?;
    for login in logins {
        make_login(executor, login).await?;
    }
    Ok(())
}

/// What orders need to know of the tenant.
struct Shop {
    currency: Currency,
    rule: Option<EarningRule>,
}

async fn make_tenants(executor: &Executor) -> Result<Shop, DemoError> {
    let currency: Currency = CURRENCY.parse().unwrap_or_default();
    let rule = Amount::from_minor(RUPIAH_PER_POINT * 100).ok().map(|per| EarningRule { points: 1, per });
    let tenant = tenant_id()?;
    create(executor, &tenant, NAME, &currency).await?;
    create(executor, &TenantId::platform(), "Kith platform", &Currency::default()).await?;
    let set = TenantCommand::SetEarningRule(SetEarningRule { rule });
    executor.execute::<Tenant>(&StreamRef::tenant(&tenant), set, &meta(), None).await?;
    Ok(Shop { currency, rule })
}

async fn create(executor: &Executor, id: &TenantId, name: &str, currency: &Currency) -> Result<(), DemoError> {
    let create = TenantCommand::Create(Create { name: name.to_owned(), currency: currency.clone() });
    let created = executor.execute::<Tenant>(&StreamRef::tenant(id), create, &meta(), None).await;
    match created {
        Ok(_) | Err(CommandError::Rejected(TenantRejection::AlreadyExists)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn make_customer(executor: &Executor, shop: &Shop, number: u64, now: DateTime<Utc>) -> Result<(), DemoError> {
    let Person { past, bonus, orders } = person(number, now);
    let stream = StreamRef::customer(&tenant_id()?, &customer_id(number)?);
    let import = Import {
        profile: past.profile,
        is_active: past.is_active,
        loyalty_points: past.loyalty_points,
        total_orders: past.total_orders,
        total_spent: past.total_spent,
        created_at: Some(past.created_at),
        last_order_at: past.last_order_at,
    };
    once(executor, &stream, CustomerCommand::Import(import), Precondition::default()).await?;
    if let Some((points, reason)) = bonus {
        // Only right after the import: the version says whether this was done before.
        let update = UpdatePoints { points, reason: reason.to_owned(), strict: false };
        once(executor, &stream, CustomerCommand::UpdatePoints(update), Precondition::version(1)).await?;
    }
    for (index, (amount, placed_at)) in orders.into_iter().enumerate() {
        let order = RecordOrder {
            number: format!("KD-{number:04}-{}", index + 1),
            amount,
            currency: shop.currency.clone(),
            placed_at: Some(placed_at),
            tenant_currency: shop.currency.clone(),
            earning_rule: shop.rule,
        };
        once(executor, &stream, CustomerCommand::RecordOrder(order), Precondition::default()).await?;
    }
    Ok(())
}

/// Carries a command out, or finds that an earlier seeding did.
async fn once(executor: &Executor, stream: &StreamRef, command: CustomerCommand, when: Precondition) -> Result<(), DemoError> {
    match executor.execute_when::<Customer>(stream, command, &meta(), None, when).await {
        Ok(_)
        | Err(CommandError::VersionMismatch { .. })
        | Err(CommandError::Rejected(CustomerRejection::AlreadyExists | CustomerRejection::OrderNumberTaken)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The password first: where the account is, it has one.
async fn make_login(executor: &Executor, login: &Login) -> Result<(), DemoError> {
    let (tenant, user) = account(login.role)?;
    password::set(executor.log().secrets(), &tenant, &user, login.password).await?;
    let add = UserCommand::Add(Add { email: login.email.to_owned(), name: login.name.to_owned(), role: login.role });
    let stream = StreamRef::user(&tenant, &user);
    executor.execute::<User>(&stream, add, &meta(), None).await?;
    if login.role == Role::Agent {
        let available = UserCommand::SetAvailability(SetAvailability { available: true });
        executor.execute::<User>(&stream, available, &meta(), None).await?;
    }
    Ok(())
}

pub(super) fn meta() -> Meta {
    Meta::system("demo")
}

/// The demo's tenant.
pub fn tenant_id() -> Result<TenantId, IdError> {
    "demo".parse()
}

/// The tenant and the id of a login: one per role.
pub fn account(role: Role) -> Result<(TenantId, UserId), IdError> {
    let tenant = if role == Role::Operator { TenantId::platform() } else { tenant_id()? };
    Ok((tenant, format!("demo-{}", role.name()).parse()?))
}

/// A customer's id: opaque like any other, and always the same for the same number.
pub(super) fn customer_id(number: u64) -> Result<CustomerId, IdError> {
    let bytes = rand::rngs::StdRng::seed_from_u64(number).random();
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string().parse()
}
