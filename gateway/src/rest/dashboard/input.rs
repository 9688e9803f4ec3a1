//! What clients send about a customer of the desk.

use events::conversation::Agent;
use poem_openapi::Object;
use poem_openapi::types::{Example, MaybeUndefined};
use query_api::desk::{self, AgentRow};
use serde_json::Value;

use crate::problem::{Kind, Problem};
use crate::rest::call::Call;
use crate::rest::fields::{Fields, Input};
use crate::rest::unreadable;

/// Whether a customer wants a person.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct StopInput {
    /// Whether the bot keeps still, and a person is wanted.
    pub stop: bool,
    /// The page; the one of the customer's last conversation when not given.
    #[oai(validator(max_length = 64))]
    pub page_id: Option<String>,
}

impl Input for StopInput {
    fn read(fields: &mut Fields) -> Self {
        fields.require("stop");
        Self { stop: fields.flag("stop").unwrap_or_default(), page_id: fields.text("page_id") }
    }
}

impl Example for StopInput {
    fn example() -> Self {
        Self { stop: true, page_id: None }
    }
}

/// Who handles a customer: one of `agent_id` and `agent_name`.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct AgentInput {
    /// Names the user; `null`: nobody.
    #[oai(validator(max_length = 64))]
    pub agent_id: MaybeUndefined<String>,
    /// The user's name, where only one has it; `null`: nobody.
    #[oai(validator(max_length = 200))]
    pub agent_name: MaybeUndefined<String>,
    /// Of nobody: whether the customer is helped, so that the bot answers again (as when not given), or waits for the next agent.
    pub helped: Option<bool>,
    /// The page; the one of the customer's last conversation when not given.
    #[oai(validator(max_length = 64))]
    pub page_id: Option<String>,
}

impl Input for AgentInput {
    fn read(fields: &mut Fields) -> Self {
        Self {
            agent_id: nullable(fields, "agent_id"),
            agent_name: nullable(fields, "agent_name"),
            helped: fields.flag("helped"),
            page_id: fields.text("page_id"),
        }
    }
}

impl Example for AgentInput {
    fn example() -> Self {
        let agent_name = MaybeUndefined::Value("Agent Smith".to_owned());
        Self { agent_id: MaybeUndefined::Undefined, agent_name, helped: None, page_id: None }
    }
}

fn nullable(fields: &mut Fields, name: &str) -> MaybeUndefined<String> {
    match fields.raw(name) {
        None => MaybeUndefined::Undefined,
        Some(Value::Null) => MaybeUndefined::Null,
        Some(Value::String(text)) => MaybeUndefined::Value(text),
        Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            fields.wrong(name, "Must be a text or null.");
            MaybeUndefined::Undefined
        }
    }
}

/// Who is to handle a customer.
pub(super) enum Wanted {
    /// The user with this id.
    Id(String),
    /// The only user with this name.
    Name(String),
}

impl AgentInput {
    /// Who is wanted; `None`: nobody.
    pub fn wanted(&self) -> Result<Option<Wanted>, Problem> {
        match (&self.agent_id, &self.agent_name) {
            (MaybeUndefined::Value(id), _) if !id.is_empty() => Ok(Some(Wanted::Id(id.clone()))),
            (_, MaybeUndefined::Value(name)) if !name.trim().is_empty() => Ok(Some(Wanted::Name(name.trim().to_owned()))),
            (MaybeUndefined::Undefined, MaybeUndefined::Undefined) => {
                Err(wrong("agent_id", "One of agent_id and agent_name is required."))
            }
            (MaybeUndefined::Null | MaybeUndefined::Value(_) | MaybeUndefined::Undefined, _) => Ok(None),
        }
    }
}

impl Wanted {
    /// The agent: somebody of the tenant who works at the desk.
    pub async fn find<O>(&self, call: &Call<O>) -> Result<Agent, Problem> {
        let agents = desk::agents(&call.app.models, &call.scope()).await.map_err(unreadable)?;
        let active = agents.into_iter().filter(|agent| agent.is_active);
        let (name, mut found): (_, Vec<_>) = match self {
            Self::Id(id) => ("agent_id", active.filter(|agent| agent.id.as_str() == id).collect()),
            Self::Name(name) => {
                let name = name.to_lowercase();
                ("agent_name", active.filter(|agent| agent.name.to_lowercase() == name).collect())
            }
        };
        match (found.pop(), found.is_empty()) {
            (Some(AgentRow { id, name, email, .. }), true) => Ok(Agent { id, name, email }),
            (Some(_), false) => Err(wrong(name, "Several agents have this name; use agent_id.")),
            (None, _) => Err(wrong(name, "There is no such agent.")),
        }
    }
}

fn wrong(name: &str, sentence: &str) -> Problem {
    Problem::field(Kind::Invalid, name, sentence)
}
