//! Customers as JSON: what clients send and what they get.

use commands::CustomerState;
use events::CustomerId;
use events::customer::LoyaltyTier;
use poem_openapi::{Enum, Object};
use query_api::customers::CustomerRow;

use crate::app::TenantFacts;
use crate::rest::moment::Moment;

/// The tier that a balance of points gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "LoyaltyTier")]
pub enum Tier {
    /// Below 100 points.
    Bronze,
    /// From 100 points.
    Silver,
    /// From 500 points.
    Gold,
    /// From 1,000 points.
    Platinum,
}

impl From<LoyaltyTier> for Tier {
    fn from(tier: LoyaltyTier) -> Self {
        match tier {
            LoyaltyTier::Bronze => Self::Bronze,
            LoyaltyTier::Silver => Self::Silver,
            LoyaltyTier::Gold => Self::Gold,
            LoyaltyTier::Platinum => Self::Platinum,
        }
    }
}

/// A customer.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Customer")]
pub struct CustomerObject {
    /// Names the customer; an opaque text.
    id: String,
    /// Names the tenant.
    tenant: String,
    /// The tenant's name.
    tenant_name: String,
    /// Full name.
    name: String,
    /// Email address.
    email: String,
    /// Phone number as it was given; empty when not known.
    phone: String,
    /// Street address.
    address: String,
    /// City.
    city: String,
    /// Province or state.
    province: String,
    /// Postal code.
    postal_code: String,
    /// The balance of points.
    loyalty_points: i64,
    /// The tier that the balance gives.
    loyalty_tier: Tier,
    /// How many orders there were.
    total_orders: i64,
    /// What was spent in all, in the tenant's currency.
    #[oai(validator(pattern = r"^[0-9]+\.[0-9]{2}$"))]
    total_spent: String,
    /// What an order was worth on average; in details only.
    #[oai(skip_serializing_if_is_none)]
    average_order_value: Option<f64>,
    /// Free notes.
    notes: String,
    /// Whether the customer is active.
    is_active: bool,
    /// When the customer was entered.
    created_at: Moment,
    /// When anything about the customer last changed.
    updated_at: Moment,
    /// When the customer last ordered; `null`: never.
    #[oai(nullable)]
    last_order_date: Option<Moment>,
}

impl CustomerObject {
    /// A customer as it is listed.
    #[must_use]
    pub fn of_row(row: CustomerRow, tenant: &TenantFacts) -> Self {
        let tier = row.tier();
        let profile = row.profile;
        Self {
            id: row.id.into(),
            tenant: tenant.id.to_string(),
            tenant_name: tenant.name.clone(),
            name: profile.name,
            email: profile.email,
            phone: profile.phone,
            address: profile.address,
            city: profile.city,
            province: profile.province,
            postal_code: profile.postal_code,
            loyalty_points: row.loyalty_points,
            loyalty_tier: tier.into(),
            total_orders: row.total_orders,
            total_spent: row.total_spent.to_string(),
            average_order_value: None,
            notes: profile.notes,
            is_active: row.is_active,
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
            last_order_date: row.last_order_at.map(Moment),
        }
    }

    /// A customer in detail.
    #[must_use]
    pub fn detail(row: CustomerRow, tenant: &TenantFacts) -> Self {
        let average = average(row.total_spent.minor(), row.total_orders);
        Self { average_order_value: Some(average), ..Self::of_row(row, tenant) }
    }

    /// A customer as a command left it.
    #[must_use]
    pub fn of_state(id: &CustomerId, state: &CustomerState, tenant: &TenantFacts) -> Self {
        let profile = state.profile.clone();
        Self {
            id: id.to_string(),
            tenant: tenant.id.to_string(),
            tenant_name: tenant.name.clone(),
            name: profile.name,
            email: profile.email,
            phone: profile.phone,
            address: profile.address,
            city: profile.city,
            province: profile.province,
            postal_code: profile.postal_code,
            loyalty_points: state.loyalty_points,
            loyalty_tier: state.tier().into(),
            total_orders: state.total_orders,
            total_spent: state.total_spent.to_string(),
            average_order_value: None,
            notes: profile.notes,
            is_active: state.is_active,
            created_at: state.created_at.unwrap_or_default().into(),
            updated_at: state.updated_at.unwrap_or_default().into(),
            last_order_date: state.last_order_at.map(Moment),
        }
    }
}

/// What an order was worth on average, in the currency's units; 0 without orders. A float, since the documents say so, and only
/// where nothing is reckoned with it any more.
#[expect(clippy::cast_precision_loss, reason = "amounts have 12 digits and orders are far fewer; an f64 holds both exactly")]
fn average(spent_minor: i64, orders: i64) -> f64 {
    if orders > 0 { spent_minor as f64 / 100.0 / orders as f64 } else { 0.0 }
}

/// A page of customers.
#[derive(Debug, Clone, Object)]
pub struct CustomerPage {
    /// How many customers the filter lets through, exactly.
    pub count: u64,
    /// The next page; `null` on the last one.
    #[oai(nullable)]
    pub next: Option<String>,
    /// The page before; `null` on the first one.
    #[oai(nullable)]
    pub previous: Option<String>,
    /// The customers of this page.
    pub results: Vec<CustomerObject>,
}

/// The statistics of a tenant's customers.
#[derive(Debug, Clone, Object)]
#[oai(rename = "CustomerStats")]
pub struct StatsObject {
    /// All customers.
    pub total_customers: i64,
    /// Those who are active.
    pub active_customers: i64,
    /// The sum of all balances.
    pub total_loyalty_points: i64,
    /// Customers by tier.
    pub customers_by_tier: TierCounts,
}

/// Customers by tier.
#[derive(Debug, Clone, Object)]
pub struct TierCounts {
    /// From 1,000 points.
    pub platinum: i64,
    /// From 500 points.
    pub gold: i64,
    /// From 100 points.
    pub silver: i64,
    /// Below 100 points.
    pub bronze: i64,
}

/// An entry of a customer's points ledger.
#[derive(Debug, Clone, Object)]
pub struct LedgerEntry {
    /// Its number in the ledger, from 1.
    pub seq: i64,
    /// When it was recorded.
    pub recorded_at: Moment,
    /// What put it there: `registered`, `imported` or `updated`.
    pub cause: String,
    /// The change that was asked for.
    pub requested: i64,
    /// The change that was made.
    pub applied: i64,
    /// The balance after it.
    pub balance: i64,
    /// Why, in the words of who asked.
    pub reason: String,
    /// The name of who did it.
    pub actor: String,
    /// Where it stands in the log.
    pub position: u64,
}

/// A page of a points ledger, newest first.
#[derive(Debug, Clone, Object)]
pub struct LedgerPage {
    /// How many entries the ledger has.
    pub count: u64,
    /// The next page; `null` on the last one.
    #[oai(nullable)]
    pub next: Option<String>,
    /// The page before; `null` on the first one.
    #[oai(nullable)]
    pub previous: Option<String>,
    /// The entries of this page.
    pub results: Vec<LedgerEntry>,
}

/// What a bulk update did.
#[derive(Debug, Clone, Object)]
pub struct BulkAnswer {
    /// What happened, in a sentence.
    pub message: String,
    /// Customers that are now as asked for.
    pub updated: u64,
    /// Ids of no customer of this tenant; nothing was done about them.
    pub not_found: Vec<String>,
}
