//! `/api/desk/inbound/`: messages of channels that have no webhook of their own here, handed on by a program of the tenant.

mod objects;

use poem_openapi::OpenApi;

use super::Tag;
use super::answer::Written;
use super::call::Call;
use super::fields::Body;
use crate::auth::op;
use crate::channel::inbound::{Bearer, take_in};
use crate::problem::Problem;

pub use objects::{InboundInput, InboundObject};

/// Messages that come in.
pub struct InboundApi;

#[OpenApi(prefix_path = "/api/desk", tag = "Tag::Desk")]
impl InboundApi {
    /// Hand a customer's message on
    ///
    /// For Telegram, Instagram, bots and tests. Who writes for the first time becomes a customer. A message that asks for a person sets
    /// the stop flag, and is acknowledged. With a `message_id` (or an `Idempotency-Key`) it counts once, however often it is handed on.
    #[oai(path = "/inbound/", method = "post", operation_id = "receiveMessage")]
    async fn receive(
        &self,
        call: Call<op::DeskInbound>,
        body: Body<InboundInput>,
    ) -> Result<Written<InboundObject, 200>, Problem> {
        let (page, inbound) = body.input.message()?;
        let (bearer, idempotency) = (Bearer::Caller(call.meta()), call.idempotency(&body.digest));
        let taken = take_in(&call.app, &call.tenant.id, &page, inbound, &bearer, idempotency.as_ref()).await?;
        let position = taken.position;
        Ok(Written::settle(&call, Some(InboundObject::of(taken, page)), position).await)
    }
}
