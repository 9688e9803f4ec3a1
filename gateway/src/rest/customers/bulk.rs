//! `POST /api/customers/bulk_update/`.

use std::collections::HashSet;

use commands::{BulkMode, BulkOutcome, Customer, CustomerCommand};
use events::StreamRef;
use futures_util::FutureExt;
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object, OpenApi};
use serde_json::Value;

use super::objects::BulkAnswer;
use crate::auth::op;
use crate::problem::{Kind, Problem};
use crate::rest::Tag;
use crate::rest::answer::Written;
use crate::rest::call::Call;
use crate::rest::fields::{Body, Fields, Input};

/// The most ids of one request.
const MOST_IDS: usize = 20_000;
/// Up to so many ids it is all or nothing; more are done in pieces.
const ATOMIC_IDS: usize = 1_000;

/// Bulk updates.
pub struct BulkApi;

#[OpenApi(prefix_path = "/api/customers", tag = "Tag::Customers")]
impl BulkApi {
    /// Activate or deactivate many customers
    ///
    /// Up to 1,000 ids it is all or nothing; more are done in pieces, and the request can be repeated with its
    /// `Idempotency-Key`. Ids of no customer of this tenant are never touched, and are named in the answer.
    #[oai(path = "/bulk_update/", method = "post", operation_id = "bulkUpdateCustomers")]
    async fn bulk_update(
        &self,
        call: Call<op::CustomersBulk>,
        body: Body<BulkInput>,
    ) -> Result<Written<BulkAnswer, 200>, Problem> {
        let command = match body.input.action {
            BulkAction::Activate => CustomerCommand::Activate,
            BulkAction::Deactivate => CustomerCommand::Deactivate,
        };
        let mut seen = HashSet::new();
        let ids = body.input.customer_ids.into_iter().filter(|id| seen.insert(id.clone()));
        let (known, mut not_found): (Vec<_>, Vec<_>) =
            ids.map(|id| call.customer(&id).map(|(_, stream)| stream).map_err(|_| id)).partition(Result::is_ok);
        let streams: Vec<StreamRef> = known.into_iter().flatten().collect();
        let mode = if streams.len() > ATOMIC_IDS { BulkMode::Chunked } else { BulkMode::Atomic };
        let commands = streams.into_iter().map(|stream| (stream, command.clone())).collect();
        let idempotency = call.idempotency(&body.digest);
        let meta = call.meta();
        let report = call.app.executor.execute_bulk::<Customer>(commands, &meta, idempotency.as_ref(), mode).boxed().await?;
        let missing = report.items.iter().filter(|item| item.outcome == BulkOutcome::Missing);
        not_found.extend(missing.map(|item| Err(item.stream.id().to_owned())));
        let updated = report.items.len().saturating_sub(report.count(BulkOutcome::Missing));
        let answer = BulkAnswer {
            message: format!("{updated} customers updated successfully"),
            updated: updated as u64,
            not_found: not_found.into_iter().filter_map(Result::err).collect(),
        };
        Ok(Written::settle(&call, Some(answer), report.position).await)
    }
}

/// What can be done to many customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum BulkAction {
    /// Make them active.
    Activate,
    /// Make them inactive.
    Deactivate,
}

/// Which customers, and what.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct BulkInput {
    /// The customers' ids.
    #[oai(validator(min_items = 1, max_items = 20000))]
    pub customer_ids: Vec<String>,
    /// What to do.
    pub action: BulkAction,
}

impl Input for BulkInput {
    fn read(fields: &mut Fields) -> Self {
        let items = fields.list("customer_ids", MOST_IDS).unwrap_or_default();
        let customer_ids: Option<Vec<String>> = items.into_iter().map(id).collect();
        if customer_ids.is_none() {
            fields.wrong("customer_ids", "Every id must be a text.");
        }
        let action = match fields.raw("action") {
            Some(Value::String(action)) if action == "activate" => Some(BulkAction::Activate),
            Some(Value::String(action)) if action == "deactivate" => Some(BulkAction::Deactivate),
            Some(_) | None => None,
        };
        let customer_ids = customer_ids.unwrap_or_default();
        if customer_ids.is_empty() && !fields.is_wrong("customer_ids") {
            fields.refuse(Problem::one_field(Kind::Invalid, "customer_ids", "No customers selected"));
        }
        if action.is_none() {
            fields.refuse(Problem::one_field(Kind::Invalid, "action", "Invalid action"));
        }
        Self { customer_ids, action: action.unwrap_or(BulkAction::Activate) }
    }
}

/// An id as clients write it: the documents' ones are numbers.
fn id(value: Value) -> Option<String> {
    match value {
        Value::String(id) => Some(id),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

impl Example for BulkInput {
    fn example() -> Self {
        let ids = ["0193a0b2-7c1e-7d3a-9a54-2f1f5c0f8e11", "0193a0b2-7c1f-7a52-8c33-61d9e9a0b7c4"];
        Self { customer_ids: ids.map(str::to_owned).to_vec(), action: BulkAction::Activate }
    }
}
