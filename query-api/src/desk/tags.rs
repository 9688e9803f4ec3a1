//! Tags: the names that a tenant puts on customers. Deleted ones are never shown.

use events::TagId;
use projections::db::Sql;
pub use projections::desk::TagRow;
use projections::desk::{Entity, NAME};
use projections::{Db, ReadModels};
use sea_query::Value;

use crate::{QueryError, Scope};

/// The tags of the tenant by name, without regard to case.
///
/// # Errors
/// When the database does not answer.
pub async fn tags(models: &ReadModels, scope: &Scope) -> Result<Vec<TagRow>, QueryError> {
    rows(&models.of(NAME)?, "t.tenant_id = $1 AND t.is_deleted = 0 ORDER BY t.name_key, t.id", [scope.id().as_str().into()]).await
}

/// A tag of the tenant.
///
/// # Errors
/// When the database does not answer.
pub async fn tag(models: &ReadModels, scope: &Scope, id: &TagId) -> Result<Option<TagRow>, QueryError> {
    let key = [scope.id().as_str().into(), id.as_str().into()];
    Ok(rows(&models.of(NAME)?, "t.tenant_id = $1 AND t.id = $2 AND t.is_deleted = 0", key).await?.pop())
}

async fn rows(db: &Db, condition: &str, values: impl IntoIterator<Item = Value>) -> Result<Vec<TagRow>, QueryError> {
    let columns = TagRow::TARGET.columns.join(", t.");
    let text = format!("SELECT t.{columns} FROM desk_tags t WHERE {condition}");
    let stored: Vec<<TagRow as Entity>::Stored> = db.fetch_all(Sql::composed(text, values)).await?;
    Ok(stored.into_iter().map(TagRow::read).collect::<Result<_, _>>()?)
}
