//! Which conversations a list shows, and in which order.

use events::conversation::{Priority, Status};
use events::{PageId, UserId};
use projections::customer::search;

/// In whose hands a conversation is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Assigned {
    /// In anybody's or nobody's.
    #[default]
    Anyone,
    /// In nobody's.
    Nobody,
    /// In some agent's.
    Somebody,
    /// In this agent's.
    To(UserId),
}

/// How a list is ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ConversationOrder {
    /// Whatever was said last comes first.
    #[default]
    NewestActivity,
    /// The more urgent first, and of those the one that asked for a person first. Shows only those that want one.
    LongestWaiting,
}

/// Which conversations a list shows: every part that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConversationFilter {
    /// Only those of this page.
    pub page: Option<PageId>,
    /// Only those with, or without, the stop flag.
    pub stopped: Option<bool>,
    /// In whose hands.
    pub assigned: Assigned,
    /// Only those that stand so.
    pub status: Option<Status>,
    /// Only those of this priority.
    pub priority: Option<Priority>,
    /// Words, each of which is somewhere in the customer's name, without regard to case. Empty: any name.
    pub search: String,
    /// The order.
    pub order: ConversationOrder,
}

/// Which part of a list: so many rows behind so many others. The door holds the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// How many rows stand before it.
    pub skip: u64,
    /// How many rows it has at most.
    pub limit: u64,
}

impl ConversationFilter {
    /// The words of the search, as names are searched.
    pub(super) fn terms(&self) -> Vec<String> {
        search::terms(&self.search)
    }

    /// Whether it asks for nothing that changes: all conversations, or all of a page.
    pub(super) fn is_plain(&self) -> bool {
        *self == Self { page: self.page.clone(), ..Self::default() }
    }

    /// Whether it shows only conversations that want a person: there are few of them at any time. An agent handles none else.
    pub(super) fn is_about_help(&self) -> bool {
        let is_held = match self.assigned {
            Assigned::Somebody | Assigned::To(_) => true,
            Assigned::Anyone | Assigned::Nobody => false,
        };
        is_held || self.stopped == Some(true) || self.order == ConversationOrder::LongestWaiting
    }
}
