//! The tenant's tags.

use commands::TagCommand;
use commands::tag::{Create, Rename};
use events::{StreamRef, TagId};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use query_api::customers::as_of;
use query_api::desk;

use super::objects::{TagInput, TagList, TagObject};
use crate::auth::op;
use crate::problem::Problem;
use crate::rest::answer::{Nothing, Read, Written};
use crate::rest::as_of::AsOfParam;
use crate::rest::call::Call;
use crate::rest::fields::Body;
use crate::rest::{Tag, unreadable};

/// Tags.
pub struct TagsApi;

#[OpenApi(prefix_path = "/api/tags", tag = "Tag::Desk")]
impl TagsApi {
    /// List tags
    ///
    /// With `as_of` as they were then.
    #[oai(path = "/", method = "get", operation_id = "listTags")]
    async fn list(
        &self,
        call: Call<op::TagsList>,
        /// The moment that is asked about: a time, or a position as `Kith-Position` gave it; now when not given.
        as_of: Query<AsOfParam>,
    ) -> Result<Read<TagList>, Problem> {
        let (models, scope) = (&call.app.models, call.scope());
        let (moment, position) = call.then_or_now(&as_of).await?;
        let tags = match moment {
            Some(moment) => TagList::of(as_of::tenant_tags(models, &scope, moment).await.map_err(unreadable)?),
            None => TagList::of(desk::tags(models, &scope).await.map_err(unreadable)?),
        };
        Ok(Read::new(tags, position))
    }

    /// Make a tag
    ///
    /// The name is unique in the tenant, without regard to case.
    #[oai(path = "/", method = "post", operation_id = "createTag")]
    async fn create(&self, call: Call<op::TagsCreate>, body: Body<TagInput>) -> Result<Written<TagObject, 201>, Problem> {
        let stream = StreamRef::tag(&call.tenant.id, &TagId::generate());
        let command = TagCommand::Create(Create { name: body.input.name });
        let done = call.execute::<commands::Tag>(&stream, command, &body.digest).await?;
        let id = done.stream.id().to_owned();
        let written = Written::settle(&call, Some(TagObject::of_state(&id, &done.state)), done.position).await;
        Ok(written.version(done.version).location(format!("/api/tags/{id}/")))
    }

    /// Get a tag
    ///
    /// With `as_of` as it was then, without an entity tag.
    #[oai(path = "/:id/", method = "get", operation_id = "getTag")]
    async fn get(
        &self,
        call: Call<op::TagsList>,
        /// The tag.
        id: Path<String>,
        /// The moment that is asked about: a time, or a position as `Kith-Position` gave it; now when not given.
        as_of: Query<AsOfParam>,
    ) -> Result<Read<TagObject>, Problem> {
        let id = tag_id(&id)?;
        if let Some(moment) = call.moment(&as_of).await? {
            let tags = as_of::tenant_tags(&call.app.models, &call.scope(), moment).await.map_err(unreadable)?;
            let tag = tags.into_iter().find(|then| then.tag.id == id).ok_or_else(Problem::not_found)?;
            return Ok(Read::new(tag.into(), moment.position()));
        }
        let position = call.read_position();
        let row = desk::tag(&call.app.models, &call.scope(), &id).await.map_err(unreadable)?;
        let row = row.ok_or_else(Problem::not_found)?;
        let version = row.version;
        Ok(Read::versioned(&call, row.into(), position, version))
    }

    /// Rename a tag
    #[oai(path = "/:id/", method = "patch", operation_id = "renameTag")]
    async fn rename(
        &self,
        call: Call<op::TagsManage>,
        /// The tag.
        id: Path<String>,
        body: Body<TagInput>,
    ) -> Result<Written<TagObject, 200>, Problem> {
        let id = tag_id(&id)?;
        let stream = StreamRef::tag(&call.tenant.id, &id);
        let command = TagCommand::Rename(Rename { name: body.input.name });
        let done = call.execute::<commands::Tag>(&stream, command, &body.digest).await?;
        let tag = TagObject::of_state(id.as_str(), &done.state);
        Ok(Written::settle(&call, Some(tag), done.position).await.version(done.version))
    }

    /// Delete a tag
    ///
    /// No customer has it any more, and its name is free.
    #[oai(path = "/:id/", method = "delete", operation_id = "deleteTag")]
    async fn delete(
        &self,
        call: Call<op::TagsManage>,
        /// The tag.
        id: Path<String>,
    ) -> Result<Written<Nothing, 204>, Problem> {
        let stream = StreamRef::tag(&call.tenant.id, &tag_id(&id)?);
        let done = call.execute::<commands::Tag>(&stream, TagCommand::Delete, &[]).await?;
        Ok(Written::settle(&call, None, done.position).await)
    }
}

fn tag_id(text: &str) -> Result<TagId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}
