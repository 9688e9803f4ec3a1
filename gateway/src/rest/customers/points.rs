//! Points and orders: what customers earn and buy.

use chrono::{DateTime, Utc};
use commands::CustomerCommand;
use commands::customer::{RecordOrder, UpdatePoints};
use events::{Amount, Currency};
use poem_openapi::param::Path;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use serde_json::Value;

use super::objects::CustomerObject;
use super::write::change;
use crate::auth::op;
use crate::problem::{Kind, Problem};
use crate::rest::Tag;
use crate::rest::answer::Written;
use crate::rest::call::Call;
use crate::rest::fields::{Body, Fields, Input};

/// Points and orders.
pub struct PointsApi;

#[OpenApi(prefix_path = "/api/customers", tag = "Tag::Customers")]
impl PointsApi {
    /// Give or take points
    ///
    /// The balance stops at 0, and the ledger notes what was asked for and what was done; with `strict` it is refused instead.
    #[oai(path = "/:id/update_points/", method = "post", operation_id = "updateCustomerPoints")]
    async fn update_points(
        &self,
        call: Call<op::CustomersPoints>,
        /// The customer.
        id: Path<String>,
        body: Body<PointsInput>,
    ) -> Result<Written<CustomerObject, 200>, Problem> {
        let PointsInput { points, reason, strict } = body.input;
        let command = UpdatePoints {
            points: points.unwrap_or_default(),
            reason: reason.unwrap_or_default(),
            strict: strict.unwrap_or_default(),
        };
        change(call, &id, CustomerCommand::UpdatePoints(command), &body.digest).await
    }

    /// Record an order
    ///
    /// Adds to the totals, sets the date of the last order, and gives points by the tenant's earning rule.
    #[oai(path = "/:id/orders/", method = "post", operation_id = "recordCustomerOrder")]
    async fn record_order(
        &self,
        call: Call<op::CustomersOrder>,
        /// The customer.
        id: Path<String>,
        body: Body<OrderInput>,
    ) -> Result<Written<CustomerObject, 200>, Problem> {
        let command = body.input.command(&call)?;
        change(call, &id, CustomerCommand::RecordOrder(command), &body.digest).await
    }
}

/// A change of a balance.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct PointsInput {
    /// What is added; negative takes away. A text that is a whole number is fine.
    pub points: Option<i64>,
    /// Why, in the words of who asks.
    #[oai(validator(max_length = 500))]
    pub reason: Option<String>,
    /// Refuse what the balance does not cover, instead of stopping at 0.
    pub strict: Option<bool>,
}

impl Input for PointsInput {
    fn read(fields: &mut Fields) -> Self {
        let points = match fields.raw("points") {
            None => Some(0),
            Some(Value::Number(number)) => number.as_i64(),
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) => None,
        };
        if points.is_none() {
            fields.refuse(Problem::one_field(Kind::Invalid, "points", "Invalid points value"));
        }
        Self { points, reason: fields.text("reason"), strict: fields.flag("strict") }
    }
}

impl Example for PointsInput {
    fn example() -> Self {
        Self { points: Some(50), reason: Some("Bonus points for birthday".to_owned()), strict: None }
    }
}

/// An order.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct OrderInput {
    /// What was paid: a number with at most two decimals, as a text.
    #[oai(validator(pattern = r"^[0-9]{1,10}(\.[0-9]{1,2})?$"))]
    pub amount: String,
    /// What it was paid in; the tenant's currency when not given.
    #[oai(validator(pattern = "^[A-Z]{3}$"))]
    pub currency: Option<String>,
    /// The tenant's own number of the order; unique in the tenant.
    #[oai(validator(max_length = 64))]
    pub number: Option<String>,
    /// When it was placed; now when not given.
    #[oai(nullable)]
    pub placed_at: Option<DateTime<Utc>>,
}

impl Input for OrderInput {
    fn read(fields: &mut Fields) -> Self {
        fields.require("amount");
        let amount: Option<Amount> = fields.parsed("amount");
        let currency: Option<Currency> = fields.parsed("currency");
        Self {
            amount: amount.unwrap_or_default().to_string(),
            currency: currency.map(|currency| currency.as_str().to_owned()),
            number: fields.text("number"),
            placed_at: fields.time("placed_at").flatten(),
        }
    }
}

impl OrderInput {
    fn command<O>(self, call: &Call<O>) -> Result<RecordOrder, Problem> {
        let wrong = |name: &'static str| move |sentence: String| Problem::field(Kind::Invalid, name, sentence);
        let tenant_currency = call.tenant.currency.clone();
        let currency = match self.currency {
            Some(code) => code.parse().map_err(|error: events::amount::CurrencyError| wrong("currency")(error.to_string()))?,
            None => tenant_currency.clone(),
        };
        Ok(RecordOrder {
            number: self.number.unwrap_or_default(),
            amount: self.amount.parse().map_err(|error: events::amount::AmountError| wrong("amount")(error.to_string()))?,
            currency,
            placed_at: self.placed_at,
            tenant_currency,
            earning_rule: call.tenant.earning_rule,
        })
    }
}

impl Example for OrderInput {
    fn example() -> Self {
        Self { amount: "150000.00".to_owned(), currency: None, number: Some("A-1042".to_owned()), placed_at: None }
    }
}
