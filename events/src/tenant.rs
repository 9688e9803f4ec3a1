//! What happens to a tenant.

use serde::{Deserialize, Serialize};

use crate::amount::{Amount, Currency};
use crate::define::{define_events, define_names};

define_events! {
    /// The events of a tenant.
    TenantEvent {
        /// The tenant joined the platform.
        Created(Created) = "tenant.created" v 1,
        /// The tenant took another name.
        Renamed(Renamed) = "tenant.renamed" v 1,
        /// The tenant decided how orders earn points.
        EarningRuleSet(EarningRuleSet) = "tenant.earning_rule_set" v 1,
        /// The tenant decided whether reading is audited.
        ViewAuditSet(ViewAuditSet) = "tenant.view_audit_set" v 1,
        /// The tenant decided how far back audit views go.
        AuditRetentionSet(AuditRetentionSet) = "tenant.audit_retention_set" v 1,
        /// The tenant decided who chooses the agent of a customer who wants a person.
        AssignmentRuleSet(AssignmentRuleSet) = "tenant.assignment_rule_set" v 1,
    }
}

/// The tenant joined the platform.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Created {
    /// The name to show.
    pub name: String,
    /// What all its amounts of money are in.
    pub currency: Currency,
}

/// The tenant took another name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Renamed {
    /// The name from now on.
    pub name: String,
}

/// The tenant decided how orders earn points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EarningRuleSet {
    /// The rule from now on; `None`: orders earn no points.
    pub rule: Option<EarningRule>,
}

/// The tenant decided whether reading is audited.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewAuditSet {
    /// Whether it is noted from now on who looked at which record.
    pub on: bool,
}

/// The tenant decided how far back audit views go. What happened stays in the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditRetentionSet {
    /// For how many days audit views show what happened; `None`: for ever.
    pub days: Option<u32>,
}

/// So many points for every full amount spent in one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarningRule {
    /// The points given.
    pub points: i64,
    /// For every full such amount.
    pub per: Amount,
}

impl EarningRule {
    /// The points that an order of this amount earns.
    #[must_use]
    pub fn points_for(&self, amount: Amount) -> i64 {
        if self.per.minor() <= 0 {
            return 0;
        }
        (amount.minor() / self.per.minor()).saturating_mul(self.points)
    }
}

define_names! {
    /// Who chooses the agent of a customer who wants a person.
    #[derive(Default)]
    AssignmentRule("rule") {
        /// The agents themselves.
        #[default]
        Manual = "manual",
        /// Kith: the available agent who handles the fewest customers.
        LeastBusy = "least_busy",
    }
}

/// The tenant decided who chooses the agent of a customer who wants a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AssignmentRuleSet {
    /// The rule from now on.
    pub rule: AssignmentRule,
}
