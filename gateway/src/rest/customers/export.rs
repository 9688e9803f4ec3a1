//! `GET /api/customers/export/`.

use std::io;

use events::StreamKind;
use futures_util::{Stream, StreamExt, stream};
use poem::Body;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use query_api::QueryError;
use query_api::customers::{self, CustomerRow, FilterParams, as_of};

use super::list::{Level, filter};
use crate::auth::op;
use crate::csv::Lines;
use crate::problem::Problem;
use crate::rest::Tag;
use crate::rest::answer::{Csv, File};
use crate::rest::as_of::AsOfParam;
use crate::rest::call::Call;
use crate::rest::params::{Flag, Free, Text};

/// Rows that are written together.
const ROWS_AT_ONCE: usize = 200;

/// Exports.
pub struct ExportApi;

#[OpenApi(prefix_path = "/api/customers", tag = "Tag::Customers")]
impl ExportApi {
    /// Export customers as CSV
    ///
    /// The customers that the filters let through, oldest first, as they are read. Cells that a spreadsheet would run start with
    /// a `'`, which an import takes away again. With `as_of` as they were then.
    #[oai(path = "/export/", method = "get", operation_id = "exportCustomers")]
    #[expect(clippy::too_many_arguments, reason = "one argument per parameter of the URL")]
    async fn export(
        &self,
        call: Call<op::CustomersExport>,
        /// Words to look for in name, email and phone, without regard to case.
        search: Query<Text<Free>>,
        /// Only active customers, or only those who are not.
        is_active: Query<Text<Flag>>,
        /// Only customers of this tier.
        loyalty_level: Query<Text<Level>>,
        /// Only customers in this city.
        city: Query<Text<Free>>,
        /// Only customers in this province.
        province: Query<Text<Free>>,
        /// The moment that is asked about: a time, or a position as `Kith-Position` gave it; now when not given.
        as_of: Query<AsOfParam>,
    ) -> Result<File<Csv>, Problem> {
        let filter = filter(&FilterParams {
            search: search.as_deref(),
            is_active: is_active.as_deref(),
            loyalty_level: loyalty_level.as_deref(),
            city: city.as_deref(),
            province: province.as_deref(),
            ordering: None,
        })?;
        let (models, scope) = (&call.app.models, call.scope());
        let (moment, position) = call.then_or_now(&as_of).await?;
        let body = match moment {
            Some(moment) => Body::from_bytes_stream(lines(as_of::export(models, scope, moment, filter))),
            None => Body::from_bytes_stream(lines(customers::export(models.clone(), scope, filter))),
        };
        call.exported(StreamKind::Customer);
        Ok(File { payload: Csv(body), name: "customers.csv".into(), position })
    }
}

/// The file in pieces. A failure ends it in the middle, which the client sees as a broken transfer.
fn lines(rows: impl Stream<Item = Result<CustomerRow, QueryError>> + Send + 'static) -> impl Stream<Item = io::Result<Vec<u8>>> {
    let header = async { Lines::with_header()?.into_bytes().map_err(io::Error::from) };
    let pieces = rows.ready_chunks(ROWS_AT_ONCE).map(|rows| {
        let mut lines = Lines::new();
        for row in rows {
            lines.add(&row.map_err(io::Error::other)?)?;
        }
        Ok(lines.into_bytes()?)
    });
    stream::once(header).chain(pieces)
}
