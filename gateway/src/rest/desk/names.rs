//! How a conversation stands and how soon it wants a person, as names in JSON.

use events::conversation::{Priority, Status};
use poem_openapi::Enum;

/// How a conversation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "ConversationStatus", rename_all = "snake_case")]
pub enum StatusName {
    /// The bot answers.
    Active,
    /// The customer waits for a person, or a person answers.
    SupportActive,
    /// The bot answers, and a campaign is on.
    MarketingActive,
    /// Over, until the customer writes again.
    Closed,
}

impl From<Status> for StatusName {
    fn from(status: Status) -> Self {
        match status {
            Status::Active => Self::Active,
            Status::SupportActive => Self::SupportActive,
            Status::MarketingActive => Self::MarketingActive,
            Status::Closed => Self::Closed,
        }
    }
}

impl From<StatusName> for Status {
    fn from(status: StatusName) -> Self {
        match status {
            StatusName::Active => Self::Active,
            StatusName::SupportActive => Self::SupportActive,
            StatusName::MarketingActive => Self::MarketingActive,
            StatusName::Closed => Self::Closed,
        }
    }
}

/// How soon a conversation wants a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "ConversationPriority", rename_all = "snake_case")]
pub enum PriorityName {
    /// When there is time.
    Low,
    /// In its turn.
    Normal,
    /// Before others.
    High,
    /// At once.
    Urgent,
}

impl From<Priority> for PriorityName {
    fn from(priority: Priority) -> Self {
        match priority {
            Priority::Low => Self::Low,
            Priority::Normal => Self::Normal,
            Priority::High => Self::High,
            Priority::Urgent => Self::Urgent,
        }
    }
}

impl From<PriorityName> for Priority {
    fn from(priority: PriorityName) -> Self {
        match priority {
            PriorityName::Low => Self::Low,
            PriorityName::Normal => Self::Normal,
            PriorityName::High => Self::High,
            PriorityName::Urgent => Self::Urgent,
        }
    }
}
