//! `/api/pages/`: the tenant's accounts in channels (spec 001), and what opens them.

pub mod objects;
mod shown;

use commands::page::{Connect, Rename};
use commands::{Page, PageCommand, PageRejection, Rejection};
use events::{ClaimKey, PageId, StreamRef};
use futures_util::{StreamExt, TryStreamExt, stream};
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use query_api::desk;

use super::answer::{Nothing, Read, Written};
use super::call::Call;
use super::fields::Body;
use super::{Tag, unreadable};
use crate::auth::op;
use crate::channel::secrets::PageSecrets;
use crate::problem::{Problem, reject};

pub use objects::{PageInput, PagePatch};
pub use shown::{PageList, PageObject};

/// How many pages' secrets are looked at side by side.
const SIDE_BY_SIDE: usize = 16;

/// Pages.
pub struct PagesApi;

#[OpenApi(prefix_path = "/api/pages", tag = "Tag::Desk")]
impl PagesApi {
    /// List pages
    ///
    /// By name, those that are disconnected too.
    #[oai(path = "/", method = "get", operation_id = "listPages")]
    async fn list(&self, call: Call<op::PagesList>) -> Result<Read<PageList>, Problem> {
        let position = call.read_position();
        let rows = desk::pages(&call.app.models, &call.scope()).await.map_err(unreadable)?;
        let count = rows.len() as u64;
        let shown = rows.into_iter().map(|row| async {
            let secrets = call.app.channel.secrets_of(&call.tenant.id, &row.id).await?;
            Ok::<_, Problem>(PageObject::of_row(row, &secrets))
        });
        let results = stream::iter(shown).buffered(SIDE_BY_SIDE).try_collect().await?;
        Ok(Read::new(PageList { count, results }, position))
    }

    /// Connect a page
    ///
    /// Messages to the account are taken in from now on. An account that was connected before is the same page, with its
    /// conversations. Tokens and secrets are kept, and never shown.
    #[oai(path = "/", method = "post", operation_id = "connectPage")]
    async fn connect(&self, call: Call<op::PagesManage>, body: Body<PageInput>) -> Result<Written<PageObject, 201>, Problem> {
        let PageInput { source, external_id, name, secrets } = body.input;
        let source = source.into();
        secrets.check(&call.app.channel.sender, source)?;
        let key = ClaimKey::page(&call.tenant.id, source, external_id.trim());
        let holder = call.app.executor.holder(&key).await.map_err(|error| super::unreadable_log(&error))?;
        let id = holder.and_then(|owner| owner.parse().ok()).unwrap_or_else(PageId::generate);
        let command = PageCommand::Connect(Connect { source, external_id, name });
        let digest = call.app.auth.seal(&body.digest);
        let done = call.execute::<Page>(&StreamRef::page(&call.tenant.id, &id), command, &digest).await.map_err(taken)?;
        if done.events.is_empty() && !done.replayed {
            return Err(reject(&PageRejection::AccountTaken));
        }
        let id: PageId = done.stream.id().parse().map_err(|error: events::IdError| Problem::internal(&error))?;
        // A repeat keeps the same again: the first attempt may have ended before it came to that.
        let secrets = call.app.channel.change_secrets(&call.tenant.id, &id, |known| secrets.on(known)).await?;
        let page = PageObject::of_state(&id, &done.state, &secrets);
        let written = Written::settle(&call, Some(page), done.position).await;
        Ok(written.version(done.version).location(format!("/api/pages/{id}/")))
    }

    /// Get a page
    #[oai(path = "/:id/", method = "get", operation_id = "getPage")]
    async fn get(
        &self,
        call: Call<op::PagesList>,
        /// The page.
        id: Path<String>,
    ) -> Result<Read<PageObject>, Problem> {
        let id = page_id(&id)?;
        let position = call.read_position();
        let row = desk::page(&call.app.models, &call.scope(), &id).await.map_err(unreadable)?;
        let row = row.ok_or_else(|| reject(&PageRejection::AccessDenied))?;
        let secrets = call.app.channel.secrets_of(&call.tenant.id, &id).await?;
        let version = row.version;
        Ok(Read::versioned(&call, PageObject::of_row(row, &secrets), position, version))
    }

    /// Change a page
    ///
    /// What is not given stays; a token or a secret that is `null` is erased.
    #[oai(path = "/:id/", method = "patch", operation_id = "changePage")]
    async fn change(
        &self,
        call: Call<op::PagesManage>,
        /// The page.
        id: Path<String>,
        body: Body<PagePatch>,
    ) -> Result<Written<PageObject, 200>, Problem> {
        let id = page_id(&id)?;
        let stream = StreamRef::page(&call.tenant.id, &id);
        let PagePatch { name, secrets } = body.input;
        let known = call.present::<Page>(&stream).await?.state;
        if !known.exists() {
            return Err(reject(&PageRejection::AccessDenied));
        }
        secrets.check(&call.app.channel.sender, known.source)?;
        let rename: Vec<_> = name.map(|name| PageCommand::Rename(Rename { name })).into_iter().collect();
        let digest = call.app.auth.seal(&body.digest);
        let done = call.execute_all::<Page>(&stream, &rename, &digest).await?;
        let secrets = call.app.channel.change_secrets(&call.tenant.id, &id, |known| secrets.on(known)).await?;
        let page = PageObject::of_state(&id, &done.state, &secrets);
        Ok(Written::settle(&call, Some(page), done.position).await.version(done.version))
    }

    /// Disconnect a page
    ///
    /// No message to the account is taken in any more, and no answer is sent. Its conversations stay, and go on when the account is
    /// connected again; its tokens and secrets are erased.
    #[oai(path = "/:id/", method = "delete", operation_id = "disconnectPage")]
    async fn disconnect(
        &self,
        call: Call<op::PagesManage>,
        /// The page.
        id: Path<String>,
    ) -> Result<Written<Nothing, 204>, Problem> {
        let id = page_id(&id)?;
        let stream = StreamRef::page(&call.tenant.id, &id);
        let done = call.execute::<Page>(&stream, PageCommand::Disconnect, &[]).await?;
        call.app.channel.change_secrets(&call.tenant.id, &id, |_| PageSecrets::default()).await?;
        Ok(Written::settle(&call, None, done.position).await)
    }
}

/// A page that is there and connected has the account, whatever it is called.
fn taken(problem: Problem) -> Problem {
    let is_there = problem.kind().code() == PageRejection::AlreadyExists.code();
    if is_there { reject(&PageRejection::AccountTaken) } else { problem }
}

/// An id that cannot be one is as good as another tenant's.
fn page_id(text: &str) -> Result<PageId, Problem> {
    text.parse().map_err(|_| reject(&PageRejection::AccessDenied))
}
