//! The versions of one customer: what every commit left.
//!
//! They are read from the history and not folded from the log, so that a page costs the same for any number of events.

use events::{Contact, CustomerId, StreamVersion};
use projections::customer::StoredCustomer;
use projections::customer_history::{self, CARD, Card, Moment, SELECTED, StoredCard, WITH_CARD};
use projections::db::Sql;
use projections::{Db, ReadModels};
use sea_query::Value;

use super::super::CustomerRow;
use super::AsOf;
use super::cards::{NamedTag, TagNames};
use super::plan::versions_of;
use crate::{Page, PageRequest, QueryError, Scope};

/// What there is of a customer's past.
#[derive(Debug, Clone, PartialEq)]
pub enum Past<T> {
    /// This.
    Known(T),
    /// There was no such customer.
    Nothing,
    /// The person asked to be forgotten.
    Forgotten,
}

impl<T> Past<T> {
    /// The same about what is found with it.
    pub(super) async fn and_then<U>(self, find: impl AsyncFnOnce(T) -> Result<U, QueryError>) -> Result<Past<U>, QueryError> {
        Ok(match self {
            Self::Known(known) => Past::Known(find(known).await?),
            Self::Nothing => Past::Nothing,
            Self::Forgotten => Past::Forgotten,
        })
    }
}

/// A customer as a commit left it.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerVersion {
    /// The row of the lists.
    pub row: CustomerRow,
    /// What a channel had told.
    pub contact: Contact,
    /// The tags, in the order in which they were put on, as they were called then; without those that were deleted by then.
    pub tags: Vec<NamedTag>,
}

/// A version as it is read.
#[derive(sqlx::FromRow)]
struct StoredVersion {
    #[sqlx(flatten)]
    row: StoredCustomer,
    #[sqlx(flatten)]
    card: StoredCard,
    at: i64,
}

/// A page of a customer's versions, newest first.
///
/// # Errors
/// When the database does not answer.
pub async fn versions(
    models: &ReadModels,
    scope: &Scope,
    id: &CustomerId,
    request: PageRequest,
) -> Result<Past<Page<CustomerVersion>>, QueryError> {
    let db = &models.of(customer_history::NAME)?;
    let page = async |no: i64| {
        let count = "SELECT COUNT(*) FROM customer_versions WHERE no = $1";
        let (count,): (i64,) = db.fetch_optional(Sql::fixed(count, [no.into()])).await?.unwrap_or_default();
        let text = format!(
            "SELECT {SELECTED}, {CARD}, c.at FROM (SELECT v.at AS at FROM customer_versions v WHERE v.no = $1 \
             ORDER BY v.at DESC LIMIT $2 OFFSET $3) q CROSS JOIN customer_versions c CROSS JOIN customer_profiles p{WITH_CARD} \
             WHERE c.no = $1 AND c.at = q.at AND p.at = c.profile_at ORDER BY c.at DESC"
        );
        let number = |of: u64| Value::from(i64::try_from(of).unwrap_or(i64::MAX));
        let values = [no.into(), number(request.page_size()), number(request.offset())];
        let rows = read(db, scope, text, values).await?;
        Ok(Page { count: count.unsigned_abs(), rows })
    };
    number(db, scope, id).await?.and_then(page).await
}

/// These versions of a customer, as far as there are such, oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn versions_numbered(
    models: &ReadModels,
    scope: &Scope,
    id: &CustomerId,
    versions: [StreamVersion; 2],
) -> Result<Past<Vec<CustomerVersion>>, QueryError> {
    let db = &models.of(customer_history::NAME)?;
    let find = async |no: i64| {
        let text = format!(
            "SELECT {SELECTED}, {CARD}, c.at FROM customer_versions c CROSS JOIN customer_profiles p{WITH_CARD} \
             WHERE c.no = $1 AND c.version IN ($2, $3) AND p.at = c.profile_at ORDER BY c.at"
        );
        let [first, second] = versions.map(|version| Value::from(i64::try_from(version).unwrap_or(i64::MAX)));
        read(db, scope, text, [no.into(), first, second]).await
    };
    number(db, scope, id).await?.and_then(find).await
}

/// The version of a customer that was the last one then, also where the customer was deleted; `None` where there was none yet.
///
/// # Errors
/// When the database does not answer.
pub async fn version_as_of(
    models: &ReadModels,
    scope: &Scope,
    as_of: AsOf,
    id: &CustomerId,
) -> Result<Past<Option<CustomerRow>>, QueryError> {
    let db = &models.of(customer_history::NAME)?;
    let find = async |no: i64| {
        let (versions, condition) = versions_of(db.backend(), "q.no", 2);
        let text = format!("SELECT {SELECTED} FROM (SELECT CAST($1 AS BIGINT) AS no) q{versions} WHERE {condition}");
        let values = [no.into(), as_of.moment.0.into()];
        let stored: Option<StoredCustomer> = db.fetch_optional(Sql::composed(text, values)).await?;
        Ok(stored.map(CustomerRow::try_from).transpose()?)
    };
    number(db, scope, id).await?.and_then(find).await
}

/// The number under which the customer's versions stand.
async fn number(db: &Db, scope: &Scope, id: &CustomerId) -> Result<Past<i64>, QueryError> {
    let key = [scope.id().as_str().into(), id.as_str().into()];
    let known = "SELECT no FROM customer_profiles WHERE tenant_id = $1 AND id = $2 LIMIT 1";
    if let Some((no,)) = db.fetch_optional(Sql::fixed(known, key)).await? {
        return Ok(Past::Known(no));
    }
    unknown(db, scope, id).await
}

/// What is to be said of a customer of whom there are no rows.
pub async fn unknown<T>(db: &Db, scope: &Scope, id: &CustomerId) -> Result<Past<T>, QueryError> {
    let gone = "SELECT at FROM customer_forgotten WHERE tenant_id = $1 AND id = $2";
    let key = [scope.id().as_str().into(), id.as_str().into()];
    let gone: Option<(i64,)> = db.fetch_optional(Sql::fixed(gone, key)).await?;
    Ok(if gone.is_some() { Past::Forgotten } else { Past::Nothing })
}

/// The versions that a statement finds, with the names that tags had at each.
async fn read(
    db: &Db,
    scope: &Scope,
    text: String,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<CustomerVersion>, QueryError> {
    let stored: Vec<StoredVersion> = db.fetch_all(Sql::composed(text, values)).await?;
    let mut versions = Vec::with_capacity(stored.len());
    for StoredVersion { row, card, at } in stored {
        versions.push((Moment(at), CustomerRow::try_from(row)?, Card::try_from(card)?));
    }
    let newest = versions.iter().map(|(at, _, _)| *at).max().unwrap_or(Moment(0));
    let names = TagNames::of(db, scope, versions.iter().flat_map(|(_, _, card)| &card.tags), newest).await?;
    let version = |(at, row, Card { contact, tags })| CustomerVersion { row, contact, tags: names.named(tags, at) };
    Ok(versions.into_iter().map(version).collect())
}
