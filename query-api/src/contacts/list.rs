//! Pages of the live list.

use std::sync::Arc;

use events::Position;
use events::subject::Partition;
use projections::contact_list::{self, NAME, TagNames, names};
use projections::db::{DbError, Sql, Tx};
use projections::{ReadModels, checkpoint};

use super::ContactRow;
use super::count::count;
use super::filter::ContactFilter;
use super::plan::{Asked, Way};
use crate::customers::Values;
use crate::{PageRequest, QueryError, Scope};

/// A page of the live list as it was at a position.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// How many customers the whole list has, exactly.
    pub count: u64,
    /// The customers of the page; none when it is behind the end.
    pub rows: Vec<ContactRow>,
    /// What the tenant's tags are called.
    pub names: Arc<TagNames>,
    /// Everything up to here is in it, and nothing behind.
    pub position: Position,
}

/// A page of the tenant's list.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    models: &ReadModels,
    scope: &Scope,
    partition: Partition,
    filter: &ContactFilter,
    request: PageRequest,
) -> Result<Listed, QueryError> {
    let mut tx = models.of(NAME)?.snapshot().await?;
    let position = checkpoint::read_in(&mut tx, partition).await?.position;
    let names = names::tag_names(&mut tx, scope.id()).await?;
    let asked = Asked { backend: tx.backend(), scope, filter, names: &names };
    let counts = count(&mut tx, asked).await?;
    let rows = if request.offset() >= counts.matching {
        Vec::new()
    } else {
        let wanted = (request.offset() + request.page_size()).min(counts.matching);
        page(&mut tx, asked, Way::to_page(&counts, wanted), request).await?
    };
    Ok(Listed { count: counts.matching, rows, names: Arc::new(names), position })
}

/// What the tenant's tags are called, and up to where the list has everything.
///
/// # Errors
/// When the database does not answer.
pub async fn tag_names(models: &ReadModels, scope: &Scope, partition: Partition) -> Result<(Position, TagNames), QueryError> {
    let mut tx = models.of(NAME)?.snapshot().await?;
    let position = checkpoint::read_in(&mut tx, partition).await?.position;
    Ok((position, names::tag_names(&mut tx, scope.id()).await?))
}

/// The page is found in the index first; only its own rows are looked up.
pub(super) async fn page(tx: &mut Tx, asked: Asked<'_>, way: Way, request: PageRequest) -> Result<Vec<ContactRow>, DbError> {
    let stored: Vec<(Vec<u8>,)> = tx.fetch_all(page_sql(asked, way, request)).await?;
    stored.iter().map(|(body,)| contact_list::unpacked(body)).collect()
}

/// The statement for a page, found this way.
pub(super) fn page_sql(asked: Asked<'_>, way: Way, request: PageRequest) -> Sql {
    let mut values = Values::default();
    let from = asked.rows(way, &mut values);
    let order = asked.order_by();
    let limit = values.bind(i64::try_from(request.page_size()).unwrap_or(i64::MAX));
    let offset = values.bind(i64::try_from(request.offset()).unwrap_or(i64::MAX));
    let text = format!(
        "SELECT c.body FROM (SELECT c.no AS no {from} ORDER BY {order} LIMIT ${limit} OFFSET ${offset}) p \
         CROSS JOIN contacts c WHERE c.no = p.no ORDER BY {order}"
    );
    Sql::composed(text, values.0)
}
