//! `GET /api/bookings/provider_dashboard/export_customers/`.

use std::io;

use chrono::{DateTime, SecondsFormat, Utc};
use events::StreamKind;
use futures_util::{Stream, StreamExt, stream};
use poem::Body;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;
use query_api::QueryError;
use query_api::providers::{self, RelationRow};

use super::forms::{Direction, ListParams, SortBy, StatusOfCustomer};
use crate::auth::op;
use crate::csv::guard::guarded;
use crate::problem::Problem;
use crate::rest::Tag;
use crate::rest::answer::{Csv, File};
use crate::rest::as_of::AsOfParam;
use crate::rest::call::Call;
use crate::rest::params::{Free, Text};

/// The columns (spec 003, "CSV Generation").
const COLUMNS: [&str; 12] = [
    "Customer Name",
    "Email",
    "Phone",
    "Total Bookings",
    "Total Spent",
    "Average Rating",
    "Customer Status",
    "First Booking",
    "Last Booking",
    "Is Favorite",
    "Is Blocked",
    "Notes",
];

/// Rows that are written together.
const ROWS_AT_ONCE: usize = 200;

/// Exports.
pub struct ExportApi;

#[OpenApi(prefix_path = "/api/bookings/provider_dashboard", tag = "Tag::Bookings")]
impl ExportApi {
    /// Export a provider's customers as CSV
    ///
    /// The customers that the filters let through, in the order of the list when the export begins. Cells that a spreadsheet would run
    /// start with a `'`. With `as_of` as they were then.
    #[oai(path = "/export_customers/", method = "get", operation_id = "exportProviderCustomers")]
    #[expect(clippy::too_many_arguments, reason = "one argument per parameter of the URL")]
    async fn export(
        &self,
        call: Call<op::ProvidersRead>,
        /// The provider; all of the tenant when not given. Providers see their own customers only.
        provider: Query<Text<Free>>,
        /// Words to look for in name, email and phone, without regard to case.
        search: Query<Text<Free>>,
        /// Only customers with this status; `all` is as good as none.
        status: Query<Text<StatusOfCustomer>>,
        /// What to order by; the last booking when not given.
        sort_by: Query<Text<SortBy>>,
        /// Which way; when not given names go from A to Z, and everything else from the greatest down.
        order: Query<Text<Direction>>,
        /// The moment that is asked about: a time, or a position as `Kith-Position` gave it; now when not given.
        as_of: Query<AsOfParam>,
    ) -> Result<File<Csv>, Problem> {
        let params = ListParams {
            search: search.as_deref(),
            status: status.as_deref(),
            sort_by: sort_by.as_deref(),
            order: order.as_deref(),
        };
        let filter = params.filter(call.whose(provider.as_deref())?)?;
        let (moment, position) = call.then_or_now_trailing(&as_of).await?;
        let rows = providers::export(call.app.models.clone(), call.scope(), filter, moment);
        call.exported(StreamKind::Relation);
        let name = format!("customers_{}.csv", Utc::now().format("%Y%m%d")).into();
        Ok(File { payload: Csv(Body::from_bytes_stream(lines(rows))), name, position })
    }
}

/// The file in pieces. A failure ends it in the middle, which the client sees as a broken transfer.
fn lines(rows: impl Stream<Item = Result<RelationRow, QueryError>> + Send + 'static) -> impl Stream<Item = io::Result<Vec<u8>>> {
    let header = async { written([Ok(COLUMNS.map(str::to_owned))]) };
    let pieces = rows.ready_chunks(ROWS_AT_ONCE).map(|rows| written(rows.into_iter().map(|row| row.map(|row| cells(&row)))));
    stream::once(header).chain(pieces)
}

fn written(lines: impl IntoIterator<Item = Result<[String; COLUMNS.len()], QueryError>>) -> io::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for line in lines {
        writer.write_record(line.map_err(io::Error::other)?)?;
    }
    writer.into_inner().map_err(|error| io::Error::from(error.error().kind()))
}

fn cells(row: &RelationRow) -> [String; COLUMNS.len()] {
    let average = row.average_rating().unwrap_or(0);
    let time = |time: Option<DateTime<Utc>>| time.map(|time| time.to_rfc3339_opts(SecondsFormat::AutoSi, true));
    let yes = |is: bool| if is { "Yes" } else { "No" }.to_owned();
    [
        guarded(&row.person.name).into_owned(),
        guarded(&row.person.email).into_owned(),
        guarded(&row.person.phone).into_owned(),
        row.bookings.to_string(),
        row.spent.to_string(),
        format!("{}.{:03}", average / 1_000, average % 1_000),
        row.status().name().to_owned(),
        time(row.first_booking_at).unwrap_or_default(),
        time(row.last_booking_at).unwrap_or_default(),
        yes(row.is_favourite),
        yes(row.is_blocked),
        guarded(&row.notes).into_owned(),
    ]
}
