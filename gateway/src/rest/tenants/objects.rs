//! Tenants as JSON: what clients send and what they get.

use commands::TenantState;
use commands::tenant::MAX_RETENTION_DAYS;
use events::tenant::EarningRule;
use events::{Amount, TenantId};
use poem_openapi::Object;
use poem_openapi::types::{Example, MaybeUndefined};
use query_api::directory::TenantRow;
use serde_json::Value;

use crate::rest::fields::{Fields, Input};
use crate::rest::moment::Moment;

/// How orders earn points: so many for every full amount.
#[derive(Debug, Clone, Object)]
#[oai(rename = "EarningRule", example)]
pub struct RuleObject {
    /// The points given.
    #[oai(validator(minimum(value = "1"), maximum(value = "1000000")))]
    points: i64,
    /// For every full such amount, in the tenant's currency.
    #[oai(validator(pattern = r"^[0-9]{1,10}(\.[0-9]{1,2})?$"))]
    per: String,
}

impl RuleObject {
    fn read(fields: &mut Fields) -> Self {
        fields.require("points");
        fields.require("per");
        let per: Option<Amount> = fields.parsed("per");
        Self { points: fields.integer("points").unwrap_or_default(), per: per.unwrap_or_default().to_string() }
    }

    /// The rule that it is.
    pub fn rule(&self) -> EarningRule {
        EarningRule { points: self.points, per: self.per.parse().unwrap_or_default() }
    }
}

impl From<EarningRule> for RuleObject {
    fn from(rule: EarningRule) -> Self {
        Self { points: rule.points, per: rule.per.to_string() }
    }
}

impl Example for RuleObject {
    fn example() -> Self {
        Self { points: 1, per: "10000.00".to_owned() }
    }
}

/// A new tenant.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct TenantInput {
    /// The name to show.
    #[oai(validator(min_length = 1, max_length = 200))]
    pub name: String,
    /// What all its amounts are in, for ever; USD when not given.
    #[oai(validator(pattern = "^[A-Z]{3}$"))]
    pub currency: Option<String>,
}

impl Input for TenantInput {
    fn read(fields: &mut Fields) -> Self {
        Self { name: fields.text("name").unwrap_or_default(), currency: fields.text("currency") }
    }
}

impl Example for TenantInput {
    fn example() -> Self {
        Self { name: "My Restaurant".to_owned(), currency: Some("IDR".to_owned()) }
    }
}

/// What clients send back with a tenant although it is not theirs to change.
const READ_ONLY: &[&str] = &["id", "currency", "created_at", "updated_at"];

/// Parts of a tenant's settings; what is not given stays.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct TenantPatch {
    /// The name to show.
    #[oai(validator(min_length = 1, max_length = 200))]
    pub name: Option<String>,
    /// How orders earn points; `null`: they earn none.
    #[oai(nullable)]
    pub earning_rule: MaybeUndefined<RuleObject>,
    /// Whether it is noted who looked at which record.
    pub view_audit: Option<bool>,
    /// For how many days audit views show what happened; `null`: for ever.
    #[oai(nullable, validator(minimum(value = "1"), maximum(value = "36500")))]
    pub audit_retention_days: MaybeUndefined<u32>,
}

impl Input for TenantPatch {
    fn read(fields: &mut Fields) -> Self {
        fields.ignore(READ_ONLY);
        let name = fields.text("name");
        let earning_rule = match fields.object("earning_rule", RuleObject::read) {
            None => MaybeUndefined::Undefined,
            Some(None) => MaybeUndefined::Null,
            Some(Some(rule)) => MaybeUndefined::Value(rule),
        };
        let view_audit = fields.flag("view_audit");
        Self { name, earning_rule, view_audit, audit_retention_days: retention(fields) }
    }
}

impl Example for TenantPatch {
    fn example() -> Self {
        Self {
            name: None,
            earning_rule: MaybeUndefined::Value(RuleObject::example()),
            view_audit: Some(true),
            audit_retention_days: MaybeUndefined::Value(365),
        }
    }
}

/// A number of days, or `null`. What no number of days can be is judged like one that is out of bounds.
fn retention(fields: &mut Fields) -> MaybeUndefined<u32> {
    const NAME: &str = "audit_retention_days";
    match fields.raw(NAME) {
        None => MaybeUndefined::Undefined,
        Some(Value::Null) => MaybeUndefined::Null,
        Some(Value::Number(number)) if number.is_i64() || number.is_u64() => {
            let days = number.as_u64().and_then(|days| u32::try_from(days).ok());
            MaybeUndefined::Value(days.unwrap_or(MAX_RETENTION_DAYS + 1))
        }
        Some(Value::Number(_) | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_)) => {
            fields.wrong(NAME, "Must be a whole number or null.");
            MaybeUndefined::Undefined
        }
    }
}

/// A tenant.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Tenant")]
pub struct TenantObject {
    /// Names the tenant.
    id: String,
    /// The name to show.
    name: String,
    /// What all its amounts are in.
    currency: String,
    /// How orders earn points; `null`: they earn none.
    #[oai(nullable)]
    earning_rule: Option<RuleObject>,
    /// Whether it is noted who looked at which record.
    view_audit: bool,
    /// For how many days audit views show what happened; `null`: for ever.
    #[oai(nullable)]
    audit_retention_days: Option<u32>,
    /// When it joined.
    created_at: Moment,
    /// When anything about it last changed.
    updated_at: Moment,
}

impl From<TenantRow> for TenantObject {
    fn from(row: TenantRow) -> Self {
        Self {
            id: row.id.into(),
            name: row.name,
            currency: row.currency.into(),
            earning_rule: row.earning_rule.map(RuleObject::from),
            view_audit: row.view_audit,
            audit_retention_days: row.audit_retention_days,
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

impl TenantObject {
    /// A tenant as commands left it.
    pub fn of_state(id: &TenantId, state: &TenantState) -> Self {
        Self {
            id: id.to_string(),
            name: state.name.clone(),
            currency: state.currency.as_str().to_owned(),
            earning_rule: state.earning_rule.map(RuleObject::from),
            view_audit: state.view_audit,
            audit_retention_days: state.audit_retention_days,
            created_at: state.created_at.unwrap_or_default().into(),
            updated_at: state.updated_at.unwrap_or_default().into(),
        }
    }
}

/// A page of tenants.
#[derive(Debug, Clone, Object)]
pub struct TenantPage {
    /// How many tenants the platform has.
    pub count: u64,
    /// The next page; `null` on the last one.
    #[oai(nullable)]
    pub next: Option<String>,
    /// The page before; `null` on the first one.
    #[oai(nullable)]
    pub previous: Option<String>,
    /// The tenants of this page.
    pub results: Vec<TenantObject>,
}
