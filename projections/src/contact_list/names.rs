//! What a tenant's tags are called. Rows hold the ids of tags: a tag that is renamed or deleted changes no row.

use std::collections::BTreeMap;

use events::{TagId, TenantId};

use crate::customer::search::fold;
use crate::db::{DbError, Sql, Tx};
use crate::value::{parsed, text};

/// The names of a tenant's tags. A tag that was deleted has none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagNames(BTreeMap<TagId, Name>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Name {
    shown: String,
    folded: String,
}

impl TagNames {
    /// The name to show.
    #[must_use]
    pub fn name(&self, tag: &TagId) -> Option<&str> {
        self.0.get(tag).map(|name| name.shown.as_str())
    }

    /// The tags that are called so, without regard to case: one, or none.
    pub fn called<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a TagId> {
        let wanted = fold(name.trim());
        self.0.iter().filter(move |(_, name)| name.folded == wanted).map(|(tag, _)| tag)
    }

    /// Every tag with its name.
    pub fn all(&self) -> impl Iterator<Item = (&TagId, &str)> {
        self.0.iter().map(|(tag, name)| (tag, name.shown.as_str()))
    }
}

impl FromIterator<(TagId, String)> for TagNames {
    fn from_iter<I: IntoIterator<Item = (TagId, String)>>(names: I) -> Self {
        let name = |shown: String| Name { folded: fold(&shown), shown };
        Self(names.into_iter().map(|(tag, shown)| (tag, name(shown))).collect())
    }
}

/// The names of a tenant's tags.
///
/// # Errors
/// When the database does not answer.
pub async fn tag_names(tx: &mut Tx, tenant: &TenantId) -> Result<TagNames, DbError> {
    let select = Sql::fixed("SELECT id, name FROM contact_tags WHERE tenant_id = $1", [text(tenant.as_str())]);
    let stored: Vec<(String, String)> = tx.fetch_all(select).await?;
    stored.into_iter().map(|(id, name)| Ok((parsed(id, "contact_tags", "id")?, name))).collect()
}
