//! All customers of a filter as of a moment, one after another.

use std::collections::VecDeque;

use futures_util::{Stream, TryStreamExt, stream};
use projections::customer::StoredCustomer;
use projections::customer_history::{self, Moment, SELECTED};
use projections::db::Sql;
use projections::{Db, ReadModels};

use super::super::list::cannot_match;
use super::super::plan::{Values, Way};
use super::super::{CustomerFilter, CustomerRow, OrderField, Ordering};
use super::AsOf;
use super::plan::{source, versions_of};
use crate::{QueryError, Scope};

/// How many rows are read at once.
const CHUNK: usize = 1_000;

/// Every customer that the filter let through then, oldest first whatever the filter's order, read in pages that are never deep.
///
/// # Errors
/// The stream ends after an item that is an error: the database did not answer.
pub fn export(
    models: &ReadModels,
    scope: Scope,
    as_of: AsOf,
    filter: CustomerFilter,
) -> impl Stream<Item = Result<CustomerRow, QueryError>> + Send + 'static + use<> {
    let ordering = Ordering { field: OrderField::CreatedAt, descending: false };
    let filter = CustomerFilter { ordering, ..filter };
    let db = models.of(customer_history::NAME);
    let start = async move {
        let done = cannot_match(&filter);
        Ok::<_, QueryError>(Reader { db: db?, scope, moment: as_of.moment, filter, last: None, ready: VecDeque::new(), done })
    };
    let rows = |reader: Reader| {
        stream::try_unfold(reader, |mut reader| async move {
            if reader.ready.is_empty() && !reader.done {
                reader.read().await?;
            }
            Ok(reader.ready.pop_front().map(|row| (row, reader)))
        })
    };
    stream::once(start).map_ok(rows).try_flatten()
}

struct Reader {
    db: Db,
    scope: Scope,
    moment: Moment,
    filter: CustomerFilter,
    /// Creation time (µs) and number of the last row read.
    last: Option<(i64, i64)>,
    ready: VecDeque<CustomerRow>,
    done: bool,
}

impl Reader {
    async fn read(&mut self) -> Result<(), QueryError> {
        let mut values = Values::default();
        let mut source = source(self.db.backend(), &self.scope, self.moment, &self.filter, Way::Ordered, &mut values);
        if let Some((created_at, no)) = self.last {
            let (created_at, no) = (values.bind(created_at), values.bind(no));
            source.from.push_str(&format!(" AND (s.number, s.no) > (${created_at}, ${no})"));
        }
        let (versions, condition) = versions_of(self.db.backend(), "q.no", values.bind(self.moment.0));
        let text = format!(
            "SELECT {SELECTED} FROM (SELECT s.no AS no {} ORDER BY s.number, s.no LIMIT {CHUNK}) q{versions} \
             WHERE {condition} ORDER BY p.created_at, c.no",
            source.from
        );
        let stored: Vec<StoredCustomer> = self.db.fetch_all(Sql::composed(text, values.0)).await?;
        self.done = stored.len() < CHUNK;
        self.ready = stored.into_iter().map(CustomerRow::try_from).collect::<Result<_, _>>()?;
        self.last = self.ready.back().map(|row| (row.created_at.timestamp_micros(), row.no)).or(self.last);
        Ok(())
    }
}
