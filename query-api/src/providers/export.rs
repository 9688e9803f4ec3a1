//! All customers of a filter, one after another.

use std::collections::{HashMap, VecDeque};

use futures_util::{Stream, TryStreamExt as _, stream};
use projections::ReadModels;
use projections::bookings::{NAME, RELATION_SELECTED, RelationRow, StoredRelation};
use projections::db::Sql;

use super::filter::RelationFilter;
use super::plan::{from_where, order_by, versions_of};
use crate::customers::Values;
use crate::customers::as_of::AsOf;
use crate::{QueryError, Scope};

/// How many rows are read at once.
const CHUNK: usize = 500;

/// Every customer that the filter lets through, in its order: which ones, and in which order, is settled when the export begins; each
/// is then read as it is, or as it was then, once.
///
/// # Errors
/// The stream ends after an item that is an error: the database did not answer.
pub fn export(
    models: ReadModels,
    scope: Scope,
    filter: RelationFilter,
    as_of: Option<AsOf>,
) -> impl Stream<Item = Result<RelationRow, QueryError>> + Send + 'static {
    let begun = async move {
        let wanted = numbers(&models, &scope, &filter, as_of).await?;
        Ok::<_, QueryError>(Reader { models, scope, as_of, wanted, ready: VecDeque::new() })
    };
    stream::once(begun).map_ok(|reader| stream::try_unfold(reader, Reader::next)).try_flatten()
}

/// The numbers of the rows, in their order.
async fn numbers(
    models: &ReadModels,
    scope: &Scope,
    filter: &RelationFilter,
    as_of: Option<AsOf>,
) -> Result<VecDeque<i64>, QueryError> {
    let db = models.of(NAME)?;
    let mut values = Values::default();
    let from = from_where(db.backend(), scope, filter, as_of, &mut values);
    let text = format!("SELECT c.no {from} ORDER BY {}", order_by(filter));
    let numbers: Vec<(i64,)> = db.fetch_all(Sql::composed(text, values.0)).await?;
    Ok(numbers.into_iter().map(|(no,)| no).collect())
}

struct Reader {
    models: ReadModels,
    scope: Scope,
    as_of: Option<AsOf>,
    /// The numbers of the rows that are still to be read.
    wanted: VecDeque<i64>,
    ready: VecDeque<RelationRow>,
}

impl Reader {
    async fn next(mut self) -> Result<Option<(RelationRow, Self)>, QueryError> {
        // Rows of who was forgotten meanwhile are gone: a part may come back empty.
        while self.ready.is_empty() && !self.wanted.is_empty() {
            self.read().await?;
        }
        Ok(self.ready.pop_front().map(|row| (row, self)))
    }

    async fn read(&mut self) -> Result<(), QueryError> {
        let db = self.models.of(NAME)?;
        let numbers: Vec<i64> = self.wanted.drain(..CHUNK.min(self.wanted.len())).collect();
        let mut values = Values::default();
        let tenant = values.bind(self.scope.id().as_str());
        let (of, from) = match self.as_of.map(|as_of| values.bind(as_of.moment().0)) {
            Some(at) => {
                let (versions, condition) = versions_of(db.backend(), at);
                ("r", format!("FROM relations r{versions} WHERE {condition}"))
            }
            None => ("c", "FROM relations c WHERE 0 = 0".to_owned()),
        };
        let places: Vec<String> = numbers.iter().map(|no| format!("${}", values.bind(*no))).collect();
        let places = places.join(",");
        let text = format!("SELECT {RELATION_SELECTED} {from} AND {of}.tenant_id = ${tenant} AND {of}.no IN ({places})");
        let stored: Vec<StoredRelation> = db.fetch_all(Sql::composed(text, values.0)).await?;
        let rows = stored.into_iter().map(StoredRelation::row).collect::<Result<Vec<_>, _>>()?;
        let mut rows: HashMap<i64, RelationRow> = rows.into_iter().map(|row| (row.no, row)).collect();
        self.ready = numbers.iter().filter_map(|no| rows.remove(no)).collect();
        Ok(())
    }
}
