//! The one list of projections: runner, health, rebuild and tests walk it.

use std::sync::Arc;

use crate::audit_trail::AuditTrail;
use crate::bookings::Bookings;
use crate::contact_list::ContactList;
use crate::customer_history::CustomerHistory;
use crate::customer_list::CustomerList;
use crate::desk::Desk;
use crate::directory::Directory;
use crate::points_ledger::PointsLedger;
use crate::projection::Projection;

/// Every projection there is.
#[must_use]
pub fn all() -> Vec<Arc<dyn Projection>> {
    vec![
        Arc::new(Directory),
        Arc::new(CustomerList),
        Arc::new(PointsLedger),
        Arc::new(CustomerHistory::default()),
        Arc::new(AuditTrail),
        Arc::new(Bookings),
        Arc::new(ContactList),
        Arc::new(Desk),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    /// A folder with a `fold.rs` is a projection.
    #[test]
    fn the_list_is_the_folders() {
        let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let folders: BTreeSet<String> = std::fs::read_dir(source)
            .expect("the source")
            .flatten()
            .filter(|entry| entry.path().join("fold.rs").is_file())
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        let listed: BTreeSet<String> = super::all().iter().map(|projection| projection.name().to_owned()).collect();
        assert_eq!(listed, folders);
    }
}
