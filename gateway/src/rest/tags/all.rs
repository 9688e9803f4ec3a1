//! The tenant's tags.

use commands::TagCommand;
use commands::tag::{Create, Rename};
use events::{StreamRef, TagId};
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use query_api::desk;

use super::objects::{TagInput, TagList, TagObject};
use crate::auth::op;
use crate::problem::Problem;
use crate::rest::answer::{Nothing, Read, Written};
use crate::rest::call::Call;
use crate::rest::fields::Body;
use crate::rest::{Tag, unreadable};

/// Tags.
pub struct TagsApi;

#[OpenApi(prefix_path = "/api/tags", tag = "Tag::Desk")]
impl TagsApi {
    /// List tags
    #[oai(path = "/", method = "get", operation_id = "listTags")]
    async fn list(&self, call: Call<op::TagsList>) -> Result<Read<TagList>, Problem> {
        let position = call.read_position();
        let rows = desk::tags(&call.app.models, &call.scope()).await.map_err(unreadable)?;
        let results: Vec<_> = rows.into_iter().map(TagObject::from).collect();
        Ok(Read::new(TagList { count: results.len() as u64, results }, position))
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
    #[oai(path = "/:id/", method = "get", operation_id = "getTag")]
    async fn get(
        &self,
        call: Call<op::TagsList>,
        /// The tag.
        id: Path<String>,
    ) -> Result<Read<TagObject>, Problem> {
        let id = tag_id(&id)?;
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
