//! Tenants by the log alone: for commands that need no read models.

use std::collections::BTreeMap;

use event_log::Log;
use events::{Event, Position, StreamKind, TenantEvent, TenantId};

use super::CliError;

/// How many commits are read at once.
const COMMITS_AT_ONCE: usize = 1_000;

/// The tenant with this id, or the only one with this name.
pub async fn find(log: &Log, name_or_id: &str) -> Result<TenantId, CliError> {
    let names = names(log).await?;
    if let Some(id) = names.keys().find(|id| id.as_str() == name_or_id) {
        return Ok(id.clone());
    }
    let mut named = names.into_iter().filter(|(_, name)| name == name_or_id.trim());
    match (named.next(), named.next()) {
        (Some((id, _)), None) => Ok(id),
        (Some(_), Some(_)) => Err(CliError::SeveralTenants(name_or_id.to_owned())),
        (None, _) => Err(CliError::NoTenant(name_or_id.to_owned())),
    }
}

/// The names of all tenants as they are now.
async fn names(log: &Log) -> Result<BTreeMap<TenantId, String>, CliError> {
    let mut names = BTreeMap::new();
    for partition in log.all_partitions() {
        let (mut after, mut more) = (Position::START, true);
        while more {
            let page = log.page_of_kind(partition, StreamKind::Tenant, after, COMMITS_AT_ONCE).await?;
            more = page.more;
            for stored in page.commits.into_iter().map(|paged| paged.stored) {
                after = stored.position;
                let tenant = &stored.commit.envelope.stream.tenant;
                names.extend(stored.commit.events.iter().filter_map(|new| Some((tenant.clone(), named(&new.event)?))));
            }
        }
    }
    Ok(names)
}

/// The name that an event gives its tenant.
fn named(event: &Event) -> Option<String> {
    let Event::Tenant(event) = event else { return None };
    match event {
        TenantEvent::Created(created) => Some(created.name.clone()),
        TenantEvent::Renamed(renamed) => Some(renamed.name.clone()),
        TenantEvent::EarningRuleSet(_)
        | TenantEvent::ViewAuditSet(_)
        | TenantEvent::AuditRetentionSet(_)
        | TenantEvent::AssignmentRuleSet(_) => None,
    }
}
