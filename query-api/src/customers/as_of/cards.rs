//! What channels had told of customers and which tags they had as of a moment, and what tags were called. A tag that was deleted by
//! then is on nobody.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use events::{Contact, CustomerId, TagId};
use projections::customer::search;
use projections::customer_history::{self, CARD, Card, Moment, StoredCard, WITH_CARD};
use projections::db::Sql;
use projections::{Db, DbError, ReadModels};

use super::super::plan::Values;
use super::AsOf;
use super::plan::versions_of;
use super::versions::{Past, unknown};
use crate::{QueryError, Scope};

const TABLE: &str = "customer_tag_names";

/// A tag with the name that it had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedTag {
    /// The tag.
    pub id: TagId,
    /// What it was called.
    pub name: String,
}

/// A tag of the tenant as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagThen {
    /// The tag with its name.
    pub tag: NamedTag,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed by then.
    pub updated_at: DateTime<Utc>,
}

/// The tags that a customer of the tenant had then, in the order in which they were put on, as they were called then; nothing
/// where the customer was deleted.
///
/// # Errors
/// When the database does not answer.
pub async fn tags(models: &ReadModels, scope: &Scope, as_of: AsOf, id: &CustomerId) -> Result<Past<Vec<NamedTag>>, QueryError> {
    let db = &models.of(customer_history::NAME)?;
    let named = async |card: Card| {
        let names = TagNames::of(db, scope, card.tags.iter(), as_of.moment).await?;
        Ok(names.named(card.tags, as_of.moment))
    };
    card(db, scope, as_of, id).await?.and_then(named).await
}

/// What the channel of a customer of the tenant had told by then; nothing where the customer was deleted.
///
/// # Errors
/// When the database does not answer.
pub async fn contact(models: &ReadModels, scope: &Scope, as_of: AsOf, id: &CustomerId) -> Result<Past<Contact>, QueryError> {
    let db = &models.of(customer_history::NAME)?;
    card(db, scope, as_of, id).await?.and_then(async |card: Card| Ok(card.contact)).await
}

/// The card of a customer as of a moment.
async fn card(db: &Db, scope: &Scope, as_of: AsOf, id: &CustomerId) -> Result<Past<Card>, QueryError> {
    let (versions, condition) = versions_of(db.backend(), "q.no", 3);
    let text = format!(
        "SELECT {CARD} FROM (SELECT k.no AS no FROM customer_profiles k WHERE k.tenant_id = $1 AND k.id = $2 LIMIT 1) q\
         {versions}{WITH_CARD} WHERE {condition} AND c.state = 0"
    );
    let values = [scope.id().as_str().into(), id.as_str().into(), as_of.moment.0.into()];
    let stored: Option<StoredCard> = db.fetch_optional(Sql::composed(text, values)).await?;
    match stored {
        Some(stored) => Ok(Past::Known(Card::try_from(stored)?)),
        None => unknown(db, scope, id).await,
    }
}

/// The tags that the tenant had then by name, without regard to case.
///
/// # Errors
/// When the database does not answer.
pub async fn tenant_tags(models: &ReadModels, scope: &Scope, as_of: AsOf) -> Result<Vec<TagThen>, QueryError> {
    let db = &models.of(customer_history::NAME)?;
    let text = "SELECT t.id, t.name, f.recorded_at, t.recorded_at FROM (SELECT n.id, MIN(n.at) AS first, MAX(n.at) AS last \
                FROM customer_tag_names n WHERE n.tenant_id = $1 AND n.at <= $2 GROUP BY n.id) q \
                CROSS JOIN customer_tag_names f CROSS JOIN customer_tag_names t \
                WHERE f.at = q.first AND t.at = q.last AND t.name <> ''";
    let values = [scope.id().as_str().into(), as_of.moment.0.into()];
    let stored: Vec<(String, String, i64, i64)> = db.fetch_all(Sql::fixed(text, values)).await?;
    let tag = |(id, name, created, updated)| {
        let tag = NamedTag { id: tag_id(id)?, name };
        Ok(TagThen { tag, created_at: time(created)?, updated_at: time(updated)? })
    };
    let mut tags: Vec<TagThen> = stored.into_iter().map(tag).collect::<Result<_, DbError>>()?;
    tags.sort_by_cached_key(|then| (search::fold(&then.tag.name), then.tag.id.clone()));
    Ok(tags)
}

/// Every name that some tags had up to a moment, by when it began; empty from when on the tag is gone.
pub struct TagNames(BTreeMap<TagId, BTreeMap<Moment, String>>);

impl TagNames {
    /// Looks the names up.
    pub async fn of(db: &Db, scope: &Scope, tags: impl Iterator<Item = &TagId>, until: Moment) -> Result<Self, QueryError> {
        let tags: BTreeSet<&TagId> = tags.collect();
        let mut names: BTreeMap<TagId, BTreeMap<Moment, String>> = BTreeMap::new();
        if tags.is_empty() {
            return Ok(Self(names));
        }
        let mut values = Values::default();
        let (tenant, until) = (values.bind(scope.id().as_str()), values.bind(until.0));
        let wanted: Vec<_> = tags.into_iter().map(|tag| format!("${}", values.bind(tag.as_str()))).collect();
        let text = format!(
            "SELECT n.id, n.at, n.name FROM customer_tag_names n WHERE n.tenant_id = ${tenant} AND n.id IN ({}) AND n.at <= ${until}",
            wanted.join(", ")
        );
        let stored: Vec<(String, i64, String)> = db.fetch_all(Sql::composed(text, values.0)).await?;
        for (id, at, name) in stored {
            names.entry(tag_id(id)?).or_default().insert(Moment(at), name);
        }
        Ok(Self(names))
    }

    /// The tags with the names that they had at a moment, without those that were gone by then.
    pub fn named(&self, tags: Vec<TagId>, at: Moment) -> Vec<NamedTag> {
        let named = |id: TagId| {
            let (_, name) = self.0.get(&id)?.range(..=at).next_back()?;
            (!name.is_empty()).then(|| NamedTag { name: name.clone(), id })
        };
        tags.into_iter().filter_map(named).collect()
    }
}

fn tag_id(id: String) -> Result<TagId, DbError> {
    TagId::try_from(id).map_err(|_| DbError::Value { table: TABLE, column: "id" })
}

fn time(micros: i64) -> Result<DateTime<Utc>, DbError> {
    DateTime::from_timestamp_micros(micros).ok_or(DbError::Value { table: TABLE, column: "recorded_at" })
}
