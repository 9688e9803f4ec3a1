//! `POST /api/customers/{id}/revert/`: the profile as it was.

use commands::customer::Revert;
use commands::{Customer, CustomerCommand};
use event_log::Stored;
use events::{EventId, Position};
use poem_openapi::param::Path;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use query_api::customers::as_of::version_as_of;
use serde_json::Value;

use super::objects::CustomerObject;
use super::write::shown;
use crate::auth::op;
use crate::problem::{Kind, Problem};
use crate::rest::answer::Written;
use crate::rest::as_of::{NAME, known};
use crate::rest::body::Body;
use crate::rest::call::Call;
use crate::rest::fields::{Fields, Input};
use crate::rest::{Tag, unreadable, unreadable_log};

/// Going back.
pub struct RevertApi;

#[OpenApi(prefix_path = "/api/customers", tag = "Tag::Customers")]
impl RevertApi {
    /// Put a customer's profile back to what it was
    ///
    /// Name, email, phone, address, city, province, postal code and notes become what they were at that moment, by an event that
    /// names the one that gave them. Points, orders, activity, tags and what the channel tells stay as they are. Where nothing is
    /// another, nothing happens.
    #[oai(path = "/:id/revert/", method = "post", operation_id = "revertCustomer")]
    async fn revert(
        &self,
        call: Call<op::CustomersRevert>,
        /// The customer.
        id: Path<String>,
        body: Body<RevertInput>,
    ) -> Result<Written<CustomerObject, 200>, Problem> {
        let (id, stream) = call.customer(&id)?;
        let as_of = call.as_of(&body.input.as_of).await?;
        let past = version_as_of(&call.app.models, &call.scope(), as_of, &id).await.map_err(unreadable)?;
        let row = known(past)?
            .ok_or_else(|| Problem::field(Kind::Invalid, NAME, "The customer had not been entered yet at that moment."))?;
        let given_by = last_event(&call, row.position).await?;
        let call = call.caused_by(given_by);
        let command = CustomerCommand::Revert(Revert { profile: row.profile });
        let done = call.execute::<Customer>(&stream, command, &body.digest).await?;
        shown(&call, done).await
    }
}

/// The last event of the commit at a position.
async fn last_event<O>(call: &Call<O>, position: Position) -> Result<EventId, Problem> {
    let log = &call.app.log;
    let found = log.commits(log.partition_of(&call.tenant.id), &[position]).await.map_err(|error| unreadable_log(&error))?;
    let last = |stored: &Stored| stored.commit.events.last().map(|new| new.event_id);
    // It stood there when the row was written, so it has been erased since.
    found.iter().flatten().next().and_then(last).ok_or_else(crate::rest::as_of::forgotten)
}

/// A moment to go back to.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct RevertInput {
    /// A time (RFC 3339) or a position.
    #[oai(validator(max_length = 64))]
    pub as_of: String,
}

impl Input for RevertInput {
    fn read(fields: &mut Fields) -> Self {
        fields.require(NAME);
        let as_of = match fields.raw(NAME) {
            Some(Value::String(text)) => text,
            Some(Value::Number(number)) => number.to_string(),
            None => String::new(),
            Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) => {
                fields.wrong(NAME, "Must be a time such as 2024-01-20T15:45:00Z, or a position.");
                String::new()
            }
        };
        Self { as_of }
    }
}

impl Example for RevertInput {
    fn example() -> Self {
        Self { as_of: "2024-01-20T15:45:00Z".to_owned() }
    }
}
