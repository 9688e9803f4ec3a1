//! What an event does to a customer's share in the statistics. Pure.

use std::collections::HashMap;

use events::customer::{CustomerEvent, LoyaltyTier};
use events::{CustomerId, Recorded, StreamVersion, TenantId};

use super::row::CustomerStats;
use crate::customer_list::RowState;
use crate::projection::ApplyError;

/// Which customer.
pub type Key = (TenantId, CustomerId);

/// What a customer adds to the statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// The version of the stream's last event that is folded in.
    pub version: StreamVersion,
    /// Only the live count.
    pub state: RowState,
    /// Whether the customer is active.
    pub is_active: bool,
    /// The balance of points.
    pub points: i64,
}

/// The customers that a batch touches, and how the statistics of their tenants change.
#[derive(Debug, Default)]
pub struct Members {
    members: HashMap<Key, Member>,
    changed: HashMap<Key, Member>,
    deltas: HashMap<TenantId, CustomerStats>,
}

impl Members {
    /// The customers as they stand in the table.
    pub fn new(members: HashMap<Key, Member>) -> Self {
        Self { members, ..Self::default() }
    }

    /// Folds an event in.
    ///
    /// # Errors
    /// When the event does not fit behind those folded in before.
    pub fn apply(&mut self, key: &Key, recorded: &Recorded, event: &CustomerEvent) -> Result<(), ApplyError> {
        let before = self.members.get(key).copied();
        let now = match before {
            None => enter(recorded.version, event),
            Some(old) if recorded.version <= old.version || old.state == RowState::Forgotten => return Ok(()),
            Some(old) => Some(change(old, recorded, event)?),
        };
        let Some(now) = now else { return Ok(()) };
        let delta = self.deltas.entry(key.0.clone()).or_default();
        if let Some(before) = before {
            add(delta, before, -1);
        }
        add(delta, now, 1);
        self.members.insert(key.clone(), now);
        self.changed.insert(key.clone(), now);
        Ok(())
    }

    /// The customers that changed, and by how much the statistics of each tenant did.
    pub fn into_changes(self) -> (HashMap<Key, Member>, HashMap<TenantId, CustomerStats>) {
        (self.changed, self.deltas)
    }
}

/// The first event that is seen of a customer. Where the beginning was erased, only the tombstone says something.
fn enter(version: StreamVersion, event: &CustomerEvent) -> Option<Member> {
    let live = |is_active, points| Some(Member { version, state: RowState::Live, is_active, points });
    match event {
        CustomerEvent::Registered(data) => live(data.is_active, data.loyalty_points),
        CustomerEvent::Imported(data) => live(data.is_active, data.loyalty_points),
        CustomerEvent::Forgotten(_) => Some(tombstone(version)),
        CustomerEvent::ProfileChanged(_)
        | CustomerEvent::PointsUpdated(_)
        | CustomerEvent::OrderRecorded(_)
        | CustomerEvent::Activated(_)
        | CustomerEvent::Deactivated(_)
        | CustomerEvent::Deleted(_)
        | CustomerEvent::Restored(_) => None,
    }
}

fn change(old: Member, recorded: &Recorded, event: &CustomerEvent) -> Result<Member, ApplyError> {
    let forgets = matches!(event, CustomerEvent::Forgotten(_));
    if !forgets && recorded.version != old.version + 1 {
        let reason = format!("version {} follows version {}", recorded.version, old.version);
        return Err(ApplyError::event(recorded, reason));
    }
    let old = Member { version: recorded.version, ..old };
    Ok(match event {
        CustomerEvent::Registered(_) | CustomerEvent::Imported(_) => {
            return Err(ApplyError::event(recorded, "the customer is there already"));
        }
        CustomerEvent::ProfileChanged(_) | CustomerEvent::OrderRecorded(_) => old,
        CustomerEvent::PointsUpdated(data) => Member { points: data.balance, ..old },
        CustomerEvent::Activated(_) => Member { is_active: true, ..old },
        CustomerEvent::Deactivated(_) => Member { is_active: false, ..old },
        CustomerEvent::Deleted(_) => Member { state: RowState::Deleted, ..old },
        CustomerEvent::Restored(_) => Member { state: RowState::Live, ..old },
        CustomerEvent::Forgotten(_) => tombstone(recorded.version),
    })
}

const fn tombstone(version: StreamVersion) -> Member {
    Member { version, state: RowState::Forgotten, is_active: false, points: 0 }
}

fn add(stats: &mut CustomerStats, member: Member, times: i64) {
    if member.state != RowState::Live {
        return;
    }
    stats.total += times;
    stats.active += times * i64::from(member.is_active);
    stats.points = stats.points.saturating_add(member.points.saturating_mul(times));
    stats.by_tier[LoyaltyTier::of(member.points) as usize] += times;
}
