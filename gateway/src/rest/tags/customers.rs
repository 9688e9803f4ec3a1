//! Which tags a customer has.

use std::collections::{BTreeMap, BTreeSet};

use commands::customer::{PutTag, TakeTag, limits};
use commands::{Customer, CustomerCommand, CustomerState};
use events::{ClaimKey, StreamKind, StreamRef, TagId};
use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use query_api::customers::as_of::{self, NamedTag};

use super::objects::{CustomerTags, TagsInput};
use crate::auth::op;
use crate::problem::{Kind, Problem};
use crate::rest::answer::{Read, Written};
use crate::rest::as_of::{AsOfParam, known};
use crate::rest::call::Call;
use crate::rest::fields::Body;
use crate::rest::run::absent;
use crate::rest::{Tag, unreadable, unreadable_log};

/// How many tags are looked up side by side.
const SIDE_BY_SIDE: usize = 16;

/// Tags of customers.
pub struct CustomerTagsApi;

#[OpenApi(prefix_path = "/api/customers", tag = "Tag::Customers")]
impl CustomerTagsApi {
    /// See a customer's tags
    ///
    /// With `as_of` those that the customer had then, as they were called then, without an entity tag; of a customer who was
    /// forgotten nothing is left at any time.
    #[oai(path = "/:id/tags/", method = "get", operation_id = "listCustomerTags")]
    async fn list(
        &self,
        call: Call<op::CustomersRead>,
        /// The customer.
        id: Path<String>,
        /// The moment that is asked about: a time, or a position as `Kith-Position` gave it; now when not given.
        as_of: Query<AsOfParam>,
    ) -> Result<Read<CustomerTags>, Problem> {
        let (id, stream) = call.customer(&id)?;
        if let Some(moment) = call.moment(&as_of).await? {
            let tags = as_of::tags(&call.app.models, &call.scope(), moment, &id).await.map_err(unreadable)?;
            let tags = CustomerTags::of(known(tags)?);
            call.viewed(StreamKind::Customer, id.as_str());
            return Ok(Read::new(tags, moment.position()));
        }
        let customer = call.present::<Customer>(&stream).await?;
        if !customer.state.is_present() {
            return Err(absent(&customer.state));
        }
        let tags = with_names(&call, &customer.state).await?;
        call.viewed(StreamKind::Customer, id.as_str());
        Ok(Read::versioned(&call, tags, call.read_position(), customer.version))
    }

    /// Put tags on a customer
    ///
    /// Those that are there stay. Each is named by its id or its name; a customer has at most 50.
    #[oai(path = "/:id/tags/", method = "post", operation_id = "putCustomerTags")]
    async fn put(
        &self,
        call: Call<op::CustomersTag>,
        /// The customer.
        id: Path<String>,
        body: Body<TagsInput>,
    ) -> Result<Written<CustomerTags, 200>, Problem> {
        let wanted = resolve(&call, &body.input.tags).await?;
        let room = make_room(&call, &id, wanted.len()).await?;
        let commands = room.into_iter().chain(wanted.into_iter().map(put)).collect();
        change(call, &id, commands, &body.digest).await
    }

    /// Set a customer's tags
    ///
    /// The customer has these then, and no others.
    #[oai(path = "/:id/tags/", method = "put", operation_id = "setCustomerTags")]
    async fn set(
        &self,
        call: Call<op::CustomersTag>,
        /// The customer.
        id: Path<String>,
        body: Body<TagsInput>,
    ) -> Result<Written<CustomerTags, 200>, Problem> {
        let wanted = resolve(&call, &body.input.tags).await?;
        let (_, stream) = call.customer(&id)?;
        let known = call.present::<Customer>(&stream).await?.state;
        // Those that go make room for those that come.
        let takes = known.tags.keys().filter(|tag| !wanted.contains_key(*tag)).map(|tag| take(tag.clone()));
        let commands = takes.chain(wanted.clone().into_iter().map(put)).collect();
        change(call, &id, commands, &body.digest).await
    }

    /// Take a tag off a customer
    #[oai(path = "/:id/tags/:tag/", method = "delete", operation_id = "takeCustomerTag")]
    async fn remove(
        &self,
        call: Call<op::CustomersTag>,
        /// The customer.
        id: Path<String>,
        /// The tag, by its id or its name.
        tag: Path<String>,
    ) -> Result<Written<CustomerTags, 200>, Problem> {
        // A tag that was deleted can be taken off too.
        let tag = match named(&call, &tag).await? {
            Some(tag) => tag,
            None => tag.parse().map_err(|_| Problem::not_found())?,
        };
        change(call, &id, vec![take(tag)], &[]).await
    }
}

fn put((tag, name): (TagId, String)) -> CustomerCommand {
    CustomerCommand::PutTag(PutTag { tag, name })
}

fn take(tag: TagId) -> CustomerCommand {
    CustomerCommand::TakeTag(TakeTag { tag })
}

/// Where there is little room, takes those tags off that the tenant does not have any more.
async fn make_room<O>(call: &Call<O>, id: &str, wanted: usize) -> Result<Vec<CustomerCommand>, Problem> {
    let (_, stream) = call.customer(id)?;
    let known = call.present::<Customer>(&stream).await?.state;
    if known.tags.len() + wanted <= limits::TAGS {
        return Ok(Vec::new());
    }
    let mut gone = Vec::new();
    for tag in known.tags.keys() {
        if name_of(call, tag).await?.is_none() {
            gone.push(take(tag.clone()));
        }
    }
    Ok(gone)
}

/// Carries commands on a customer's tags out, in one commit; answers the tags as they are then.
async fn change<O>(
    call: Call<O>,
    id: &str,
    commands: Vec<CustomerCommand>,
    digest: &[u8],
) -> Result<Written<CustomerTags, 200>, Problem> {
    let (_, stream) = call.customer(id)?;
    let done = call.execute_all::<Customer>(&stream, &commands, digest).await?;
    if !done.state.is_present() {
        return Err(absent(&done.state));
    }
    let tags = with_names(&call, &done.state).await?;
    Ok(Written::settle(&call, Some(tags), done.position).await.version(done.version))
}

/// The tenant's tags that texts name by id or name.
async fn resolve<O>(call: &Call<O>, texts: &[String]) -> Result<BTreeMap<TagId, String>, Problem> {
    let found = stream::iter(texts.iter().map(|text| find(call, text))).buffered(SIDE_BY_SIDE);
    // Boxed for the compiler's sake: it cannot yet see that the future is Send for every lifetime (rust#100013).
    let found: Vec<Option<(TagId, String)>> = found.try_collect().boxed().await?;
    let unknown: BTreeSet<_> = texts.iter().zip(&found).filter(|(_, found)| found.is_none()).map(|(text, _)| text).collect();
    if let Some(text) = unknown.first() {
        let shown: String = text.chars().take(60).collect();
        return Err(Problem::field(Kind::Invalid, "tags", format!("There is no tag \"{shown}\".")));
    }
    Ok(found.into_iter().flatten().collect())
}

/// A tag by its id, else by its name.
async fn find<O>(call: &Call<O>, text: &str) -> Result<Option<(TagId, String)>, Problem> {
    if let Ok(id) = text.parse::<TagId>()
        && let Some(name) = name_of(call, &id).await?
    {
        return Ok(Some((id, name)));
    }
    let Some(id) = named(call, text).await? else { return Ok(None) };
    Ok(name_of(call, &id).await?.map(|name| (id, name)))
}

/// The tag that has a name.
async fn named<O>(call: &Call<O>, name: &str) -> Result<Option<TagId>, Problem> {
    let holder = call.app.executor.holder(&ClaimKey::tag(&call.tenant.id, name)).await.map_err(|error| unreadable_log(&error))?;
    Ok(holder.and_then(|owner| owner.parse().ok()))
}

/// The name of a tag; `None`: there is no such tag (any more).
async fn name_of<O>(call: &Call<O>, id: &TagId) -> Result<Option<String>, Problem> {
    let stream = StreamRef::tag(&call.tenant.id, id);
    Ok(call.present::<commands::Tag>(&stream).await?.state.name.clone())
}

/// A customer's tags as they are called now, without those that were deleted.
async fn with_names<O>(call: &Call<O>, state: &CustomerState) -> Result<CustomerTags, Problem> {
    let named = state.tags.keys().map(|id| async {
        let name = name_of(call, id).await?;
        Ok::<_, Problem>(name.map(|name| NamedTag { id: id.clone(), name }))
    });
    let named: Vec<Option<NamedTag>> = stream::iter(named).buffered(SIDE_BY_SIDE).try_collect().boxed().await?;
    Ok(CustomerTags::of(named.into_iter().flatten()))
}
