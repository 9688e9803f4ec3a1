//! To which pages of which tenants a call goes: those whose secret vouches for it.

use event_log::LogError;
use events::{PageId, Source, TenantId};
use query_api::desk;

use super::call::{Entry, WebhookCall, Written};
use super::signature::Signature;
use crate::app::AppState;
use crate::channel::secrets::PageSecrets;
use crate::problem::Problem;
use crate::rest::{unreadable, unreadable_log};

/// A page that messages are taken in for.
#[derive(Debug)]
pub struct Admitted {
    /// Whose it is.
    pub tenant: TenantId,
    /// The page.
    pub id: PageId,
    /// Its channel.
    pub source: Source,
    /// What opens it.
    pub secrets: PageSecrets,
    /// The messages to it.
    pub messages: Vec<Written>,
}

/// What a call tells to pages whose secret signed it; `None` when no secret vouches for it.
///
/// # Errors
/// The 503 problem when that cannot be told now.
pub async fn admit(
    app: &AppState,
    call: WebhookCall,
    signature: Signature,
    body: &[u8],
) -> Result<Option<Vec<Admitted>>, Problem> {
    let Some(source) = call.source else { return Ok(None) };
    let (mut admitted, mut unknown) = (Vec::new(), Vec::new());
    for entry in call.entries {
        match pages(app, source, &entry, signature, body).await? {
            pages if pages.is_empty() => unknown.push(entry),
            pages => admitted.extend(pages),
        }
    }
    if !unknown.is_empty() {
        // They may have been connected a moment ago: what is not known is said only as of now.
        catch_up(app).await?;
        for entry in unknown {
            admitted.extend(pages(app, source, &entry, signature, body).await?);
        }
    }
    Ok((!admitted.is_empty()).then_some(admitted))
}

/// The pages of an account whose secret signed the call, each with the entry's messages.
async fn pages(
    app: &AppState,
    source: Source,
    entry: &Entry,
    signature: Signature,
    body: &[u8],
) -> Result<Vec<Admitted>, Problem> {
    let mut admitted = Vec::new();
    for page in desk::pages_of_account(&app.models, source, &entry.account).await.map_err(unreadable)? {
        let secrets = app.channel.secrets_of(&page.tenant, &page.id).await?;
        if secrets.app_secret.as_ref().is_some_and(|secret| signature.fits(secret, body)) {
            let messages = entry.messages.clone();
            admitted.push(Admitted { tenant: page.tenant, id: page.id, source, secrets, messages });
        }
    }
    Ok(admitted)
}

/// Waits until the read models show all that is in the log now.
async fn catch_up(app: &AppState) -> Result<(), Problem> {
    for partition in app.log.all_partitions() {
        let head = app.log.head(partition).await.map_err(|error: LogError| unreadable_log(&error))?;
        if !app.progress.wait_for(partition, head, crate::app::PATIENCE).await {
            return Err(Problem::unavailable("Which pages there are is not known at the moment; deliver it again."));
        }
    }
    Ok(())
}
