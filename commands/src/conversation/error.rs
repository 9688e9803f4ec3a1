//! Why a conversation's command may be refused.

use crate::aggregate::Rejection;
use crate::fields::FieldErrors;

/// The rules that a conversation's command can break. The sentences are those of spec 001, "Error Handling", where it has one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConversationRejection {
    /// There is no such conversation.
    #[error("Customer not found")]
    NotFound,
    /// The customer was forgotten, for good.
    #[error("Customer was forgotten")]
    Forgotten,
    /// The id is taken by a conversation of another customer or page.
    #[error("Conversation already exists")]
    AlreadyExists,
    /// Another agent handles the conversation.
    #[error("Already assigned to {name}")]
    AlreadyAssigned {
        /// The agent's name.
        name: String,
    },
    /// Who asks is not the agent who handles the conversation.
    #[error("Not assigned to you")]
    NotAssignedToYou,
    /// The stop flag is off: the bot answers.
    #[error("Customer has not requested help")]
    NotRequested,
    /// The stop flag is on: the bot keeps still.
    #[error("A person handles this conversation")]
    HandledByPerson,
    /// A person helped after the message that the bot answers.
    #[error("A person has handled this message")]
    ReplyOutdated,
    /// The message is none of the last ones.
    #[error("Message not found")]
    MessageNotFound,
    /// The channel takes nothing, and enough waits for it.
    #[error("Too many messages are waiting to be delivered")]
    OutboxFull,
    /// Fields are wrong.
    #[error("{0}")]
    Invalid(FieldErrors),
}

impl ConversationRejection {
    /// Every code there is.
    pub const CODES: &'static [&'static str] = &[
        "conversation.not_found",
        "conversation.forgotten",
        "conversation.already_exists",
        "conversation.already_assigned",
        "conversation.not_assigned_to_you",
        "conversation.not_requested",
        "conversation.handled_by_person",
        "conversation.reply_outdated",
        "conversation.message_not_found",
        "conversation.outbox_full",
        "conversation.invalid",
    ];
}

impl Rejection for ConversationRejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "conversation.not_found",
            Self::Forgotten => "conversation.forgotten",
            Self::AlreadyExists => "conversation.already_exists",
            Self::AlreadyAssigned { .. } => "conversation.already_assigned",
            Self::NotAssignedToYou => "conversation.not_assigned_to_you",
            Self::NotRequested => "conversation.not_requested",
            Self::HandledByPerson => "conversation.handled_by_person",
            Self::ReplyOutdated => "conversation.reply_outdated",
            Self::MessageNotFound => "conversation.message_not_found",
            Self::OutboxFull => "conversation.outbox_full",
            Self::Invalid(_) => "conversation.invalid",
        }
    }

    fn field_errors(&self) -> Option<&FieldErrors> {
        match self {
            Self::Invalid(errors) => Some(errors),
            Self::NotFound
            | Self::Forgotten
            | Self::AlreadyExists
            | Self::AlreadyAssigned { .. }
            | Self::NotAssignedToYou
            | Self::NotRequested
            | Self::HandledByPerson
            | Self::ReplyOutdated
            | Self::MessageNotFound
            | Self::OutboxFull => None,
        }
    }

    fn is_missing(&self) -> bool {
        match self {
            Self::NotFound | Self::Forgotten => true,
            Self::AlreadyExists
            | Self::AlreadyAssigned { .. }
            | Self::NotAssignedToYou
            | Self::NotRequested
            | Self::HandledByPerson
            | Self::ReplyOutdated
            | Self::MessageNotFound
            | Self::OutboxFull
            | Self::Invalid(_) => false,
        }
    }
}
