//! Claims as entries of an append: looked up just before, and expected to be where they were seen.

use std::collections::HashSet;

use event_log::{Entry, StoredClaim};
use events::{ClaimKey, ClaimRecord, Position};

use crate::aggregate::{ClaimChange, ClaimMove};

/// Why claims cannot change hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ClaimObstacle {
    /// Somebody else holds the name.
    Taken(ClaimKey),
    /// The aggregate itself holds the name that it is about to take: the state may be behind.
    HeldByItself(ClaimKey),
}

/// The position to expect of a claim.
pub(super) fn expected(stored: Option<&StoredClaim>) -> Position {
    stored.map_or(Position::START, |stored| stored.position)
}

/// Who holds the name: the id of the aggregate.
pub(super) fn holder(stored: Option<&StoredClaim>) -> Option<&str> {
    match stored.map(|stored| &stored.record) {
        Some(ClaimRecord::Held { owner }) => Some(owner),
        Some(ClaimRecord::Released | ClaimRecord::Answered { .. }) | None => None,
    }
}

/// The entry that takes a free name.
pub(super) fn held_entry(key: ClaimKey, owner: &str, stored: Option<&StoredClaim>) -> Entry {
    Entry::Claim { key, record: ClaimRecord::Held { owner: owner.to_owned() }, expected: expected(stored), ttl: None }
}

/// Whether somebody holds the name.
pub(super) fn is_held(stored: Option<&StoredClaim>) -> bool {
    holder(stored).is_some()
}

/// The entries for the changes of one aggregate. `seen` holds the names that earlier aggregates of the same append change.
pub(super) fn entries(
    owner: &str,
    changes: Vec<ClaimChange>,
    stored: &[Option<StoredClaim>],
    seen: &mut HashSet<ClaimKey>,
) -> Result<Vec<Entry>, ClaimObstacle> {
    let mut entries = Vec::with_capacity(changes.len());
    for (ClaimChange { key, change }, stored) in changes.into_iter().zip(stored) {
        if !seen.insert(key.clone()) {
            return Err(ClaimObstacle::Taken(key));
        }
        let holder = holder(stored.as_ref());
        match change {
            ClaimMove::Acquire if holder == Some(owner) => return Err(ClaimObstacle::HeldByItself(key)),
            ClaimMove::Acquire if holder.is_some() => return Err(ClaimObstacle::Taken(key)),
            ClaimMove::Acquire => entries.push(held_entry(key, owner, stored.as_ref())),
            ClaimMove::Release if holder == Some(owner) => {
                let expected = expected(stored.as_ref());
                entries.push(Entry::Claim { key, record: ClaimRecord::Released, expected, ttl: None });
            }
            // Not held (any more): there is nothing to give back.
            ClaimMove::Release => {}
        }
    }
    Ok(entries)
}
