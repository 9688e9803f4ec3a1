//! What happens to a page: a tenant's account in a channel, such as a Facebook page or a Telegram bot (spec 001).
//!
//! Access tokens and secrets of a page are secrets, not events: they are kept elsewhere.

use serde::{Deserialize, Serialize};

use crate::contact::Source;
use crate::define::define_events;

define_events! {
    /// The events of a page.
    PageEvent {
        /// Messages to the account are taken in from now on. Again after it was disconnected.
        Connected(Connected) = "page.connected" v 1,
        /// The page took another name.
        Renamed(Renamed) = "page.renamed" v 1,
        /// Messages to the account are not taken in any more.
        Disconnected(Disconnected) = "page.disconnected" v 1,
    }
}

/// Messages to the account are taken in from now on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Connected {
    /// The channel.
    pub source: Source,
    /// The account in the channel. Together with the channel it is one page's in the tenant.
    pub external_id: String,
    /// The name to show.
    pub name: String,
}

/// The page took another name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Renamed {
    /// The name from now on.
    pub name: String,
}

/// Messages to the account are not taken in any more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Disconnected {}
