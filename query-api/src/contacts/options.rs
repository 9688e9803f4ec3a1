//! What there is to filter the live list by: what occurs in the tenant's data, and how often.

use std::collections::BTreeMap;

use events::conversation::Status;
use events::{Source, TagId};
use projections::ReadModels;
use projections::contact_list::kind::{Wanted, source_of, statuses_of};
use projections::contact_list::{NAME, names};
use projections::db::Sql;

use crate::{QueryError, Scope};

/// The most tags that are offered: those that most customers have.
pub const MOST_TAGS: usize = 100;

/// Something to filter by, and how many customers that gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted<T> {
    /// What.
    pub value: T,
    /// How many customers.
    pub count: u64,
}

/// What there is to filter by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilterOptions {
    /// The channels that customers are of.
    pub sources: Vec<Counted<Source>>,
    /// The tags that customers have, with id and name: those that most have first.
    pub tags: Vec<Counted<(TagId, String)>>,
    /// How conversations stand: the number is of customers with such a conversation.
    pub statuses: Vec<Counted<Status>>,
    /// With an email address, and without.
    pub email: [u64; 2],
    /// With a phone number, and without.
    pub phone: [u64; 2],
    /// With something unread, and without.
    pub unread: [u64; 2],
}

/// What there is to filter the tenant's list by.
///
/// # Errors
/// When the database does not answer.
pub async fn options(models: &ReadModels, scope: &Scope) -> Result<FilterOptions, QueryError> {
    let mut tx = models.of(NAME)?.snapshot().await?;
    let names = names::tag_names(&mut tx, scope.id()).await?;
    let tenant = || [scope.id().as_str().into()];
    let kinds = Sql::fixed("SELECT kind, n FROM contact_facets WHERE tenant_id = $1 AND tag_id = ''", tenant());
    let kinds: Vec<(i64, i64)> = tx.fetch_all(kinds).await?;
    let tags = "SELECT tag_id, CAST(SUM(n) AS BIGINT) FROM contact_facets WHERE tenant_id = $1 AND tag_id <> '' GROUP BY tag_id";
    let tags: Vec<(String, i64)> = tx.fetch_all(Sql::fixed(tags, tenant())).await?;
    let named = |(id, n): (String, i64)| {
        let id: TagId = id.parse().ok()?;
        let name = names.name(&id)?.to_owned();
        Some(Counted { value: (id, name), count: n.unsigned_abs() })
    };
    let mut tags: Vec<_> = tags.into_iter().filter_map(named).collect();
    tags.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.1.cmp(&b.value.1)));
    tags.truncate(MOST_TAGS);
    Ok(FilterOptions { tags, ..of_kinds(&kinds) })
}

fn of_kinds(kinds: &[(i64, i64)]) -> FilterOptions {
    let (mut sources, mut statuses) = (BTreeMap::new(), BTreeMap::new());
    for (kind, n) in kinds {
        let n = n.unsigned_abs();
        if let Some(source) = source_of(*kind) {
            *sources.entry(source).or_default() += n;
        }
        for status in statuses_of(*kind) {
            *statuses.entry(status).or_default() += n;
        }
    }
    let both = |wanted: fn(Wanted, bool) -> Wanted| {
        [true, false].map(|on| {
            let wanted = wanted(Wanted::default(), on);
            kinds.iter().filter(|(kind, _)| wanted.fits(*kind)).map(|(_, n)| n.unsigned_abs()).sum()
        })
    };
    FilterOptions {
        sources: counted(sources),
        statuses: counted(statuses),
        email: both(Wanted::email),
        phone: both(Wanted::phone),
        unread: both(Wanted::unread),
        tags: Vec::new(),
    }
}

fn counted<T>(counts: BTreeMap<T, u64>) -> Vec<Counted<T>> {
    counts.into_iter().map(|(value, count)| Counted { value, count }).collect()
}
