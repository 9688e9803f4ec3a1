//! Pages: the tenant's accounts in channels.

use events::{PageId, Source};
use projections::db::Sql;
pub use projections::desk::PageRow;
use projections::desk::{Entity, NAME};
use projections::{Db, ReadModels};
use sea_query::Value;

use crate::{QueryError, Scope};

/// The pages of the tenant by name, connected or not.
///
/// # Errors
/// When the database does not answer.
pub async fn pages(models: &ReadModels, scope: &Scope) -> Result<Vec<PageRow>, QueryError> {
    rows(&models.of(NAME)?, "p.tenant_id = $1 ORDER BY p.name, p.id", [scope.id().as_str().into()]).await
}

/// A page of the tenant.
///
/// # Errors
/// When the database does not answer.
pub async fn page(models: &ReadModels, scope: &Scope, id: &PageId) -> Result<Option<PageRow>, QueryError> {
    let key = [scope.id().as_str().into(), id.as_str().into()];
    Ok(rows(&models.of(NAME)?, "p.tenant_id = $1 AND p.id = $2", key).await?.pop())
}

/// The tenant's connected page that is this account in a channel.
///
/// # Errors
/// When the database does not answer.
pub async fn page_of_account(
    models: &ReadModels,
    scope: &Scope,
    source: Source,
    external_id: &str,
) -> Result<Option<PageRow>, QueryError> {
    Ok(pages_of_account(models, source, external_id).await?.into_iter().find(|page| page.tenant == *scope.id()))
}

/// Every connected page that is this account in a channel, in whichever tenant. For calls of the channel only: they name an account
/// and no tenant, and whose secret signed the call tells which tenant is meant.
///
/// # Errors
/// When the database does not answer.
pub async fn pages_of_account(models: &ReadModels, source: Source, external_id: &str) -> Result<Vec<PageRow>, QueryError> {
    // A text with a zero is nobody's account, and PostgreSQL would not even take the question.
    if external_id.contains('\0') {
        return Ok(Vec::new());
    }
    let condition = "p.source = $1 AND p.external_id = $2 AND p.connected = 1 ORDER BY p.tenant_id, p.id";
    rows(&models.of(NAME)?, condition, [source.name().into(), external_id.into()]).await
}

async fn rows(db: &Db, condition: &str, values: impl IntoIterator<Item = Value>) -> Result<Vec<PageRow>, QueryError> {
    let columns = PageRow::TARGET.columns.join(", p.");
    let text = format!("SELECT p.{columns} FROM desk_pages p WHERE {condition}");
    let stored: Vec<<PageRow as Entity>::Stored> = db.fetch_all(Sql::composed(text, values)).await?;
    Ok(stored.into_iter().map(PageRow::read).collect::<Result<_, _>>()?)
}
