//! `GET /api/customers/{id}/contact/`: what a customer's channel tells, now and then.

use commands::Customer;
use events::{Contact, StreamKind};
use poem_openapi::param::{Path, Query};
use poem_openapi::{Object, OpenApi};
use query_api::customers::as_of;

use crate::auth::op;
use crate::problem::Problem;
use crate::rest::answer::Read;
use crate::rest::as_of::{AsOfParam, known};
use crate::rest::call::Call;
use crate::rest::run::absent;
use crate::rest::{Tag, unreadable};

/// Contacts.
pub struct ContactApi;

#[OpenApi(prefix_path = "/api/customers", tag = "Tag::Customers")]
impl ContactApi {
    /// See what a customer's channel tells
    ///
    /// With `as_of` what it had told by then, without an entity tag; of a customer who was forgotten nothing is left at any time.
    #[oai(path = "/:id/contact/", method = "get", operation_id = "getCustomerContact")]
    async fn get(
        &self,
        call: Call<op::CustomersRead>,
        /// The customer.
        id: Path<String>,
        /// The moment that is asked about: a time, or a position as `Kith-Position` gave it; now when not given.
        as_of: Query<AsOfParam>,
    ) -> Result<Read<ContactObject>, Problem> {
        let (id, stream) = call.customer(&id)?;
        if let Some(moment) = call.moment(&as_of).await? {
            let contact = as_of::contact(&call.app.models, &call.scope(), moment, &id).await.map_err(unreadable)?;
            let contact = known(contact)?;
            call.viewed(StreamKind::Customer, id.as_str());
            return Ok(Read::new(contact.into(), moment.position()));
        }
        let customer = call.present::<Customer>(&stream).await?;
        if !customer.state.is_present() {
            return Err(absent(&customer.state));
        }
        call.viewed(StreamKind::Customer, id.as_str());
        Ok(Read::versioned(&call, customer.state.contact.clone().into(), call.read_position(), customer.version))
    }
}

/// What a channel tells about a customer. Text that is not known is empty.
#[derive(Debug, Clone, Object)]
#[oai(rename = "CustomerContact")]
pub struct ContactObject {
    /// The channel: `telegram`, `instagram`, `messenger` or `unknown`.
    source: String,
    /// Who they are in the channel.
    source_id: String,
    /// The name that they chose there.
    username: String,
    /// First name.
    first_name: String,
    /// Last name.
    last_name: String,
    /// Address of a picture of them.
    profile_picture: String,
}

impl From<Contact> for ContactObject {
    fn from(contact: Contact) -> Self {
        let Contact { source, source_id, username, first_name, last_name, profile_picture } = contact;
        Self { source: source.name().to_owned(), source_id, username, first_name, last_name, profile_picture }
    }
}
