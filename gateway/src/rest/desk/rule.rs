//! Who chooses the agent of a customer who wants a person.

use commands::tenant::SetAssignmentRule;
use commands::{Tenant, TenantCommand};
use events::StreamRef;
use events::tenant::AssignmentRule;
use poem_openapi::{Enum, Object, OpenApi};

use crate::auth::op;
use crate::problem::Problem;
use crate::rest::Tag;
use crate::rest::answer::{Read, Written};
use crate::rest::call::Call;
use crate::rest::fields::{Body, Fields, Input};

/// The rule.
pub struct RuleApi;

#[OpenApi(prefix_path = "/api/desk/assignment_rule", tag = "Tag::Desk")]
impl RuleApi {
    /// See who chooses the agent of a customer
    #[oai(path = "/", method = "get", operation_id = "getAssignmentRule")]
    async fn get(&self, call: Call<op::DeskRead>) -> Result<Read<RuleObject>, Problem> {
        let present = call.present::<Tenant>(&StreamRef::tenant(&call.tenant.id)).await?;
        Ok(Read::new(RuleObject { rule: present.state.assignment_rule.into() }, present.position))
    }

    /// Say who chooses the agent of a customer
    ///
    /// With `least_busy` a customer who wants a person is given at once to the available agent who handles the fewest.
    #[oai(path = "/", method = "put", operation_id = "setAssignmentRule")]
    async fn put(&self, call: Call<op::DeskManage>, body: Body<RuleObject>) -> Result<Written<RuleObject, 200>, Problem> {
        let command = TenantCommand::SetAssignmentRule(SetAssignmentRule { rule: body.input.rule.into() });
        let done = call.execute::<Tenant>(&StreamRef::tenant(&call.tenant.id), command, &body.digest).await?;
        let rule = RuleObject { rule: done.state.assignment_rule.into() };
        Ok(Written::settle(&call, Some(rule), done.position).await)
    }
}

/// Who chooses the agent of a customer who wants a person.
#[derive(Debug, Clone, Object)]
#[oai(rename = "DeskAssignmentRule")]
pub struct RuleObject {
    /// The rule.
    pub rule: RuleName,
}

/// Who chooses the agent of a customer who wants a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename = "AssignmentRule", rename_all = "snake_case")]
pub enum RuleName {
    /// The agents themselves.
    Manual,
    /// Kith: the available agent who handles the fewest customers.
    LeastBusy,
}

impl From<AssignmentRule> for RuleName {
    fn from(rule: AssignmentRule) -> Self {
        match rule {
            AssignmentRule::Manual => Self::Manual,
            AssignmentRule::LeastBusy => Self::LeastBusy,
        }
    }
}

impl From<RuleName> for AssignmentRule {
    fn from(rule: RuleName) -> Self {
        match rule {
            RuleName::Manual => Self::Manual,
            RuleName::LeastBusy => Self::LeastBusy,
        }
    }
}

impl Input for RuleObject {
    fn read(fields: &mut Fields) -> Self {
        fields.require("rule");
        Self { rule: fields.parsed::<AssignmentRule>("rule").unwrap_or_default().into() }
    }
}
