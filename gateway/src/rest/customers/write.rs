//! Entering, changing, deleting, restoring and forgetting customers.

use commands::{Customer, CustomerCommand, Executed};
use events::PageId;
use futures_util::FutureExt;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use query_api::desk;

use super::input::{CustomerInput, CustomerPatch};
use super::objects::CustomerObject;
use crate::auth::op;
use crate::problem::Problem;
use crate::rest::answer::{Nothing, Written};
use crate::rest::bookings::forget_trade;
use crate::rest::call::Call;
use crate::rest::conditions::mismatch;
use crate::rest::fields::Body;
use crate::rest::{Tag, unreadable, unreadable_log};

/// Writes.
pub struct WriteApi;

#[OpenApi(prefix_path = "/api/customers", tag = "Tag::Customers")]
impl WriteApi {
    /// Enter a customer
    #[oai(path = "/", method = "post", operation_id = "createCustomer")]
    async fn create(
        &self,
        call: Call<op::CustomersCreate>,
        body: Body<CustomerInput>,
    ) -> Result<Written<CustomerObject, 201>, Problem> {
        let (_, stream) = call.customer(events::CustomerId::generate().as_str())?;
        let command = CustomerCommand::Register(body.input.register());
        let done = call.execute::<Customer>(&stream, command, &body.digest).await?;
        let location = format!("/api/customers/{}/", done.stream.id());
        Ok(shown(&call, done).await?.location(location))
    }

    /// Replace a customer
    ///
    /// Texts that are not given are empty afterwards; activity, points and the last order stay unless they are given.
    #[oai(path = "/:id/", method = "put", operation_id = "replaceCustomer")]
    async fn replace(
        &self,
        call: Call<op::CustomersChange>,
        /// The customer.
        id: Path<String>,
        body: Body<CustomerInput>,
    ) -> Result<Written<CustomerObject, 200>, Problem> {
        let command = CustomerCommand::Change(body.input.replace());
        change(call, &id, command, &body.digest).await
    }

    /// Change a customer
    ///
    /// What is not given stays.
    #[oai(path = "/:id/", method = "patch", operation_id = "changeCustomer")]
    async fn patch(
        &self,
        call: Call<op::CustomersChange>,
        /// The customer.
        id: Path<String>,
        body: Body<CustomerPatch>,
    ) -> Result<Written<CustomerObject, 200>, Problem> {
        let command = CustomerCommand::Change(body.input.change());
        change(call, &id, command, &body.digest).await
    }

    /// Delete a customer
    ///
    /// The customer is in no list any more, the email is free again, and a restore brings them back.
    #[oai(path = "/:id/", method = "delete", operation_id = "deleteCustomer")]
    async fn delete(
        &self,
        call: Call<op::CustomersDelete>,
        /// The customer.
        id: Path<String>,
    ) -> Result<Written<Nothing, 204>, Problem> {
        let (_, stream) = call.customer(&id)?;
        let done = call.execute::<Customer>(&stream, CustomerCommand::Delete, &[]).await?;
        Ok(Written::settle(&call, None, done.position).await)
    }

    /// Restore a deleted customer
    #[oai(path = "/:id/restore/", method = "post", operation_id = "restoreCustomer")]
    async fn restore(
        &self,
        call: Call<op::CustomersRestore>,
        /// The customer.
        id: Path<String>,
    ) -> Result<Written<CustomerObject, 200>, Problem> {
        change(call, &id, CustomerCommand::Restore, &[]).await
    }

    /// Forget a customer
    ///
    /// The right to be forgotten: everything that was recorded about the person is erased for good, their conversations included.
    #[oai(path = "/:id/forget/", method = "post", operation_id = "forgetCustomer")]
    async fn forget(
        &self,
        call: Call<op::CustomersForget>,
        /// The customer.
        id: Path<String>,
    ) -> Result<Written<Nothing, 204>, Problem> {
        let (id, stream) = call.customer(&id)?;
        let expected = call.condition::<Customer>(&stream).await?.version;
        let present = call.present::<Customer>(&stream).await?;
        if expected.is_some_and(|expected| expected != present.version) && !present.state.is_forgotten() {
            return Err(mismatch(present.version));
        }
        let pages = every_page(&call).await?;
        forget_trade(&call, &id).await?;
        let (meta, idempotency) = (call.meta(), call.idempotency(&[]));
        let done = call.app.executor.forget_customer(&call.tenant.id, &id, &pages, &meta, idempotency.as_ref()).boxed().await?;
        Ok(Written::settle(&call, None, done.position).await)
    }
}

/// Every page that the tenant ever had, as of now: on each may be a conversation of the customer.
async fn every_page<O>(call: &Call<O>) -> Result<Vec<PageId>, Problem> {
    let tenant = &call.tenant.id;
    let head = call.app.horizon(tenant).await.map_err(|error| unreadable_log(&error))?;
    if !call.app.wait_for(tenant, head).await {
        return Err(Problem::unavailable("Which conversations there are is not known at the moment."));
    }
    let pages = desk::pages(&call.app.models, &call.scope()).await.map_err(unreadable)?;
    Ok(pages.into_iter().map(|page| page.id).collect())
}

/// Carries a command on one customer out, and answers the customer as it is then.
pub(super) async fn change<O, const STATUS: u16>(
    call: Call<O>,
    id: &str,
    command: CustomerCommand,
    digest: &[u8],
) -> Result<Written<CustomerObject, STATUS>, Problem> {
    let (_, stream) = call.customer(id)?;
    let done = call.execute::<Customer>(&stream, command, digest).await?;
    shown(&call, done).await
}

/// The customer as a command left it.
pub(super) async fn shown<O, const STATUS: u16>(
    call: &Call<O>,
    done: Executed<Customer>,
) -> Result<Written<CustomerObject, STATUS>, Problem> {
    let id = done.stream.id().parse().map_err(|error: events::IdError| Problem::internal(&error))?;
    let customer = CustomerObject::of_state(&id, &done.state, &call.tenant);
    Ok(Written::settle(call, Some(customer), done.position).await.version(done.version))
}
