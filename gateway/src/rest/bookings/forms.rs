//! Parameters of questions about providers' business.

use std::fmt::Display;

use events::booking::Status;
use poem_openapi::registry::MetaSchema;
use query_api::providers::{CustomerStatus, RelationField, RelationFilter, RelationOrdering, Whose};

use crate::problem::Problem;
use crate::rest::call::Call;
use crate::rest::fields::sentence;
use crate::rest::params::{Form, Text, not_one_of, one_of};

/// What the documents' client sends for "whatever the status is".
const ALL: &str = "all";

/// What an error says, as a sentence.
pub fn said(error: &impl Display) -> String {
    sentence(&error.to_string())
}

/// A status of customers.
pub struct StatusOfCustomer;

impl Form for StatusOfCustomer {
    fn schema() -> MetaSchema {
        one_of(statuses())
    }
}

fn statuses() -> impl Iterator<Item = &'static str> {
    CustomerStatus::ALL.into_iter().map(CustomerStatus::name).chain([ALL])
}

/// A field to order by.
pub struct SortBy;

impl Form for SortBy {
    fn schema() -> MetaSchema {
        one_of(fields())
    }
}

fn fields() -> impl Iterator<Item = &'static str> {
    RelationField::ALL.into_iter().map(RelationField::name)
}

/// Which way to order.
pub struct Direction;

impl Form for Direction {
    fn schema() -> MetaSchema {
        one_of(["asc", "desc"])
    }
}

/// A status of bookings.
pub struct StatusOfBooking;

impl Form for StatusOfBooking {
    fn schema() -> MetaSchema {
        one_of(Status::NAMES.iter().copied())
    }
}

/// The parameters of a list of customers, as they were given.
pub struct ListParams<'a> {
    pub search: Option<&'a str>,
    pub status: Option<&'a str>,
    pub sort_by: Option<&'a str>,
    pub order: Option<&'a str>,
}

impl ListParams<'_> {
    /// The filter that they mean. Names are ordered from A to Z unless told otherwise, everything else from the greatest
    /// (spec 003, "Search and Filtering").
    ///
    /// # Errors
    /// The 400 problem that names the parameter.
    pub fn filter(&self, whose: Whose) -> Result<RelationFilter, Problem> {
        let status = match self.status {
            None | Some(ALL) => None,
            Some(name) => {
                Some(named(name, CustomerStatus::ALL, CustomerStatus::name).ok_or_else(|| not_one_of("status", statuses()))?)
            }
        };
        let field = match self.sort_by {
            None => RelationField::LastBooking,
            Some(name) => named(name, RelationField::ALL, RelationField::name).ok_or_else(|| not_one_of("sort_by", fields()))?,
        };
        let descending = match self.order {
            None => field != RelationField::Name,
            Some("asc") => false,
            Some("desc") => true,
            Some(_) => return Err(not_one_of("order", ["asc", "desc"])),
        };
        let search = self.search.unwrap_or_default().to_owned();
        Ok(RelationFilter { whose, status, search, ordering: RelationOrdering { field, descending } })
    }
}

/// The list that the parameters of a URL mean.
///
/// # Errors
/// As [`ListParams::filter`], and the 403 problem for a provider who names somebody else.
pub fn asked<'a, O>(call: &Call<O>, param: &impl Fn(&str) -> Option<&'a str>) -> Result<RelationFilter, Problem> {
    let params =
        ListParams { search: param("search"), status: param("status"), sort_by: param("sort_by"), order: param("order") };
    params.filter(call.whose(param("provider"))?)
}

fn named<T: Copy, const N: usize>(text: &str, all: [T; N], name: fn(T) -> &'static str) -> Option<T> {
    all.into_iter().find(|value| name(*value) == text)
}

/// The status of bookings that a parameter names.
///
/// # Errors
/// The 400 problem when it names none.
pub fn booking_status(text: &Text<StatusOfBooking>) -> Result<Option<Status>, Problem> {
    let wrong = |_| not_one_of("status", Status::NAMES.iter().copied());
    text.as_deref().map(|name| name.parse().map_err(wrong)).transpose()
}
