//! The table of cards: a row for every moment at which one changed.

use std::collections::BTreeSet;

use events::{Contact, TagId};
use sea_query::Value;

use super::cards::{Card, Cards, Dated, is_on_cards};
use super::moment::Moment;
use crate::customer::Key;
use crate::db::{DbError, Existing, Target, Tx};
use crate::projection::OfCustomer;
use crate::value::{named, parsed, text};

pub const CARDS: Target = Target {
    table: "customer_cards",
    columns: &["at", "tenant_id", "id", "source", "source_id", "username", "first_name", "last_name", "profile_picture", "tags"],
    key: &["at"],
};

/// The columns of a card `d` that make a [`StoredCard`], also where there is none.
pub const CARD: &str = "COALESCE(d.source, 'unknown') AS source, COALESCE(d.source_id, '') AS source_id, \
     COALESCE(d.username, '') AS username, COALESCE(d.first_name, '') AS first_name, COALESCE(d.last_name, '') AS last_name, \
     COALESCE(d.profile_picture, '') AS profile_picture, COALESCE(d.tags, '') AS tags";

/// What joins the card `d` behind a version `c` and its profile `p`: whatever changes a card is a version too.
pub const WITH_CARD: &str = " LEFT JOIN customer_cards d ON d.at = (SELECT MAX(w.at) FROM customer_cards w \
     WHERE w.tenant_id = p.tenant_id AND w.id = p.id AND w.at <= c.at)";

/// A card as it is read.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct StoredCard {
    source: String,
    source_id: String,
    username: String,
    first_name: String,
    last_name: String,
    profile_picture: String,
    tags: String,
}

impl TryFrom<StoredCard> for Card {
    type Error = DbError;

    fn try_from(stored: StoredCard) -> Result<Self, DbError> {
        let tag = |id: &str| parsed(id.to_owned(), CARDS.table, "tags");
        let contact = Contact {
            source: named(&stored.source, CARDS.table, "source")?,
            source_id: stored.source_id,
            username: stored.username,
            first_name: stored.first_name,
            last_name: stored.last_name,
            profile_picture: stored.profile_picture,
        };
        Ok(Self { contact, tags: stored.tags.split_whitespace().map(tag).collect::<Result<_, _>>()? })
    }
}

/// A card as it is read to be folded on.
#[derive(sqlx::FromRow)]
struct StoredDated {
    tenant_id: String,
    id: String,
    at: i64,
    #[sqlx(flatten)]
    card: StoredCard,
}

impl TryFrom<StoredDated> for Dated {
    type Error = DbError;

    fn try_from(stored: StoredDated) -> Result<Self, DbError> {
        let StoredDated { tenant_id, id, at, card } = stored;
        let key = (parsed(tenant_id, CARDS.table, "tenant_id")?, parsed(id, CARDS.table, "id")?);
        Ok(Self { key, at: Moment(at), card: card.try_into()? })
    }
}

/// The cards that these events may change, as they stand in the table.
pub async fn load(tx: &mut Tx, events: &[OfCustomer<'_>]) -> Result<Cards, DbError> {
    let keys: BTreeSet<&Key> = events.iter().filter(|(_, _, event)| is_on_cards(event)).map(|(key, _, _)| key).collect();
    let select = format!(
        "SELECT d.tenant_id, d.id, d.at, {CARD} FROM {{keys}} CROSS JOIN customer_cards d WHERE d.tenant_id = v.column1 \
         AND d.id = v.column2 AND d.at = (SELECT MAX(w.at) FROM customer_cards w WHERE w.tenant_id = v.column1 AND w.id = v.column2)"
    );
    let stored: Vec<StoredDated> = tx.lookup(&select, keys.into_iter().map(owner).collect()).await?;
    Ok(Cards::new(stored.into_iter().map(Dated::try_from).collect::<Result<_, _>>()?))
}

/// Writes what a batch did to cards, and takes every card of these customers away.
pub async fn save(tx: &mut Tx, cards: Cards, forgotten: &BTreeSet<&Key>) -> Result<(), DbError> {
    tx.delete(CARDS.table, &["tenant_id", "id"], "0 = 0", forgotten.iter().copied().map(owner).collect()).await?;
    tx.insert(CARDS, Existing::Refuse, cards.into_new(forgotten).iter().map(values).collect()).await
}

fn owner((tenant, id): &Key) -> Vec<Value> {
    vec![text(tenant.as_str()), text(id.as_str())]
}

fn values(Dated { key, at, card }: &Dated) -> Vec<Value> {
    let Card { contact, tags } = card;
    let tags: Vec<_> = tags.iter().map(TagId::as_str).collect();
    let told = [&contact.source_id, &contact.username, &contact.first_name, &contact.last_name, &contact.profile_picture];
    let mut values = vec![at.0.into()];
    values.extend(owner(key));
    values.push(text(contact.source.name()));
    values.extend(told.map(text));
    // Ids have no blanks.
    values.push(text(tags.join(" ")));
    values
}
