//! `PATCH /api/bookings/provider_dashboard/{id}/update_customer_relation/`.

use commands::relation::{Block, Note};
use commands::{Relation, RelationCommand, RelationRejection};
use events::relation::Started;
use events::{RelationId, StreamRef};
use poem_openapi::param::Path;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use query_api::providers::{self, RelationRow};

use super::objects::RelationObject;
use crate::auth::op;
use crate::problem::{Problem, reject};
use crate::rest::answer::Written;
use crate::rest::call::Call;
use crate::rest::fields::{Body, Fields, Input};
use crate::rest::{Tag, unreadable};

/// What providers say about customers.
pub struct RelationApi;

/// What a provider says about a customer. What is not given stays.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct RelationPatch {
    /// Whether the customer is a favourite.
    pub is_favorite_customer: Option<bool>,
    /// Whether the provider takes no bookings of the customer.
    pub is_blocked: Option<bool>,
    /// Why the customer is blocked; counts only together with `is_blocked`.
    #[oai(validator(max_length = 500))]
    pub block_reason: Option<String>,
    /// Notes in place of those there are.
    #[oai(validator(max_length = 10000))]
    pub notes: Option<String>,
}

impl Input for RelationPatch {
    fn read(fields: &mut Fields) -> Self {
        Self {
            is_favorite_customer: fields.flag("is_favorite_customer"),
            is_blocked: fields.flag("is_blocked"),
            block_reason: fields.text("block_reason"),
            notes: fields.text("notes"),
        }
    }
}

impl Example for RelationPatch {
    fn example() -> Self {
        let notes = Some("Prefers mornings".to_owned());
        Self { is_favorite_customer: Some(true), is_blocked: None, block_reason: None, notes }
    }
}

impl RelationPatch {
    fn commands(self, of: &Started) -> Vec<RelationCommand> {
        let favourite = self
            .is_favorite_customer
            .map(|is| if is { RelationCommand::Favourite(of.clone()) } else { RelationCommand::Unfavourite(of.clone()) });
        let reason = self.block_reason.unwrap_or_default();
        let block = self.is_blocked.map(|is| {
            let block = Block { of: of.clone(), reason };
            if is { RelationCommand::Block(block) } else { RelationCommand::Unblock(of.clone()) }
        });
        let note = self.notes.map(|notes| RelationCommand::Note(Note { of: of.clone(), notes }));
        [favourite, block, note].into_iter().flatten().collect()
    }
}

#[OpenApi(prefix_path = "/api/bookings/provider_dashboard", tag = "Tag::Bookings")]
impl RelationApi {
    /// Change a customer relation
    ///
    /// Makes the customer a favourite or not, blocks or unblocks, and writes notes: all that is given, in one piece. The bookings of a
    /// blocked customer stay; further ones are refused.
    #[oai(path = "/:id/update_customer_relation/", method = "patch", operation_id = "updateCustomerRelation")]
    async fn change(
        &self,
        call: Call<op::ProvidersWork>,
        /// The relation.
        id: Path<String>,
        body: Body<RelationPatch>,
    ) -> Result<Written<RelationObject, 200>, Problem> {
        let id: RelationId = id.parse().map_err(|_| reject(&RelationRejection::NotFound))?;
        call.app.reach_trailing(&call.tenant.id).await?;
        let row = shown(&call, &id).await?;
        let of = Started { provider: row.provider.clone(), customer: row.customer.clone() };
        let stream = StreamRef::relation(&call.tenant.id, &id);
        let commands = body.input.commands(&of);
        let done = call.execute_all::<Relation>(&stream, &commands, &body.digest).await?;
        // What the provider says is as the command left it; what the bookings say is as it was read.
        let state = &done.state;
        let row = RelationRow {
            is_favourite: state.is_favourite,
            is_blocked: state.is_blocked(),
            block_reason: state.blocked.clone().unwrap_or_default(),
            notes: state.notes.clone(),
            updated_at: state.updated_at.unwrap_or(row.updated_at).max(row.updated_at),
            ..row
        };
        Ok(Written::settle(&call, Some(row.into()), done.position).await)
    }
}

/// The relation, where who asks may see it.
async fn shown<O>(call: &Call<O>, id: &RelationId) -> Result<RelationRow, Problem> {
    let row = providers::relation(&call.app.models, &call.scope(), id).await.map_err(unreadable)?;
    row.filter(|row| call.may_see(&row.provider)).ok_or_else(|| reject(&RelationRejection::NotFound))
}
