//! All customers of a filter, one after another.

use std::collections::VecDeque;

use futures_util::Stream;
use futures_util::stream;
use projections::customer::{SELECTED, StoredCustomer};
use projections::db::Sql;
use projections::{ReadModels, customer_list};

use super::plan::{Values, Way, from_where};
use super::{CustomerFilter, CustomerRow, OrderField, Ordering};
use crate::{QueryError, Scope};

/// How many rows are read at once.
const CHUNK: usize = 1_000;

/// Every customer that the filter lets through, oldest first whatever the filter's order, read in pages that are never deep.
///
/// A customer that is entered while the stream is read may be in it or not; none is in it twice.
///
/// # Errors
/// The stream ends after an item that is an error: the database did not answer.
pub fn export(
    models: ReadModels,
    scope: Scope,
    filter: CustomerFilter,
) -> impl Stream<Item = Result<CustomerRow, QueryError>> + Send + 'static {
    // The time of creation never changes: no row can move over the place where the reader is.
    let ordering = Ordering { field: OrderField::CreatedAt, descending: false };
    let reader = Reader { models, scope, filter: CustomerFilter { ordering, ..filter }, last: None, ready: VecDeque::new() };
    stream::try_unfold(Some(reader), |reader| async move {
        let Some(mut reader) = reader else { return Ok(None) };
        if reader.ready.is_empty() {
            reader.read().await?;
        }
        let Some(row) = reader.ready.pop_front() else { return Ok(None) };
        Ok(Some((row, Some(reader))))
    })
}

struct Reader {
    models: ReadModels,
    scope: Scope,
    filter: CustomerFilter,
    /// Creation time (µs) and number of the last row read.
    last: Option<(i64, i64)>,
    ready: VecDeque<CustomerRow>,
}

impl Reader {
    async fn read(&mut self) -> Result<(), QueryError> {
        let unstorable = [&self.filter.city, &self.filter.province].into_iter().flatten().any(|text| text.contains('\0'));
        if unstorable {
            return Ok(());
        }
        let db = self.models.of(customer_list::NAME)?;
        let mut values = Values::default();
        let mut from = from_where(db.backend(), &self.scope, &self.filter, Way::Ordered, &mut values);
        if let Some((created_at, no)) = self.last {
            let (created_at, no) = (values.bind(created_at), values.bind(no));
            from.push_str(&format!(" AND (c.created_at, c.no) > (${created_at}, ${no})"));
        }
        let text = format!("SELECT {SELECTED} {from} ORDER BY c.created_at, c.no LIMIT {CHUNK}");
        let stored: Vec<StoredCustomer> = db.fetch_all(Sql::composed(text, values.0)).await?;
        self.ready = stored.into_iter().map(CustomerRow::try_from).collect::<Result<_, _>>()?;
        self.last = self.ready.back().map(|row| (row.created_at.timestamp_micros(), row.no)).or(self.last);
        Ok(())
    }
}
