//! Who caused a fact.

use serde::{Deserialize, Serialize};

/// The kinds of actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A person who signed in.
    User,
    /// A customer, through a channel.
    Customer,
    /// Another program.
    Integration,
    /// Kith itself.
    System,
}

impl ActorKind {
    /// The name in every API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Customer => "customer",
            Self::Integration => "integration",
            Self::System => "system",
        }
    }
}

/// Who caused a fact: a user, a customer, an integration, or the system itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The identifier within its kind.
    pub id: String,
    /// What it is.
    pub kind: ActorKind,
    /// The name to show, as it was at the time.
    pub name: String,
}

impl Actor {
    /// Kith itself, doing the named job (`cli`, `import`, …).
    #[must_use]
    pub fn system(job: &str) -> Self {
        Self { id: job.to_owned(), kind: ActorKind::System, name: format!("Kith {job}") }
    }
}
