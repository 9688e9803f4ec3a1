//! What happens to a tag: a name that a tenant puts on customers (spec 000, "Tag Filters").

use serde::{Deserialize, Serialize};

use crate::define::define_events;

define_events! {
    /// The events of a tag.
    TagEvent {
        /// The tenant made the tag.
        Created(Created) = "tag.created" v 1,
        /// The tag took another name.
        Renamed(Renamed) = "tag.renamed" v 1,
        /// The tag is gone, from every customer too.
        Deleted(Deleted) = "tag.deleted" v 1,
    }
}

/// The tenant made the tag.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Created {
    /// The name to show. Unique in the tenant without regard to case.
    pub name: String,
}

/// The tag took another name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Renamed {
    /// The name from now on.
    pub name: String,
}

/// The tag is gone, from every customer too.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Deleted {}
