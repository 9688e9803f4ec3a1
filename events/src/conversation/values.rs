//! What the events of a conversation speak of.

use serde::{Deserialize, Serialize};

use crate::define::define_names;
use crate::ids::UserId;

define_names! {
    /// How a conversation stands (spec 000, "Conversation Status Filter").
    #[derive(Default)]
    Status("status") {
        /// The bot answers.
        #[default]
        Active = "active",
        /// The customer waits for a person, or a person answers. The bot keeps still.
        SupportActive = "support_active",
        /// The bot answers, and a campaign is on.
        MarketingActive = "marketing_active",
        /// Over, until the customer writes again.
        Closed = "closed",
    }
}

define_names! {
    /// How soon a conversation wants a person.
    #[derive(Default)]
    Priority("priority") {
        /// When there is time.
        Low = "low",
        /// In its turn.
        #[default]
        Normal = "normal",
        /// Before others.
        High = "high",
        /// At once.
        Urgent = "urgent",
    }
}

define_names! {
    /// Who found that a person is wanted.
    RequestCause("cause") {
        /// A detector, in what the customer wrote.
        Detector = "detector",
        /// The customer, by a button or a form.
        Customer = "customer",
        /// Somebody of the tenant.
        Agent = "agent",
    }
}

define_names! {
    /// How an agent came to a conversation.
    AssignmentCause("cause") {
        /// The agent took it.
        Taken = "taken",
        /// The agent wrote first.
        FirstMessage = "first_message",
        /// Somebody else gave it to the agent.
        Given = "given",
        /// The tenant's rule chose the agent.
        Rule = "rule",
    }
}

define_names! {
    /// How an agent came off a conversation.
    UnassignmentCause("cause") {
        /// The customer is helped.
        Released = "released",
        /// Another agent goes on.
        Reassigned = "reassigned",
        /// The conversation was closed.
        Closed = "closed",
        /// The customer still waits for help.
        GivenUp = "given_up",
    }
}

/// An agent as they were called at the time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// The user.
    pub id: UserId,
    /// The name to show.
    pub name: String,
    /// The address that they sign in with.
    pub email: String,
}
