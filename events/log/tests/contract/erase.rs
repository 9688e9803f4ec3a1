//! Erasure: neither messages nor bytes stay.

use std::path::Path;

use event_log::{Append, Snapshot};
use events::{Position, TenantId};

use crate::samples::{claim, commit, email, entry, fresh, held, log, single, stream, tombstone};

/// Whether any file under a folder holds these bytes.
pub fn found_in(dir: &Path, needle: &[u8]) -> bool {
    std::fs::read_dir(dir).expect("a folder").map(|it| it.expect("an entry").path()).any(|path| {
        if path.is_dir() {
            return found_in(&path, needle);
        }
        // The server may remove a file while this looks.
        let bytes = std::fs::read(&path).unwrap_or_default();
        bytes.windows(needle.len()).any(|window| window == needle)
    })
}

#[tokio::test]
async fn erased_commits_leave_no_message_and_no_byte_and_later_ones_stay() {
    let (server, log) = log().await;
    let tenant = TenantId::generate();
    let (person, other) = (stream(&tenant), fresh(&tenant, "Somebody Else"));
    let first = log.append(single(commit(&person, 1, "Erika Mustermann"), Position::START)).await.expect("recorded");
    log.append(other).await.expect("recorded");
    let with_claim = Append {
        tenant: tenant.clone(),
        entries: vec![
            entry(commit(&person, 2, "Erika Gabler"), first.last()),
            claim(&email(&tenant, "erika@example.com"), held(person.id()), Position::START),
        ],
    };
    let second = log.append(with_claim).await.expect("recorded").positions[0];
    let snapshot = |version, data: &str| Snapshot { schema: 1, version, position: second, data: data.into() };
    for version in 1..=2 {
        let snapshot = snapshot(version, &format!("Erika in snapshot {version}"));
        log.save_snapshot(&person, &snapshot).await.expect("kept");
        assert_eq!(log.snapshot(&person).await.expect("an answer"), Some(snapshot));
    }
    assert!(!found_in(server.data_dir(), b"Erika in snapshot 1"), "the earlier snapshot is gone");
    let grave = log.append(single(tombstone(&person, 3), second)).await.expect("recorded").last();
    assert!(found_in(server.data_dir(), b"Erika"), "the search finds what is there");

    assert_eq!(log.erase(&person, grave).await.expect("erased"), 2);
    assert_eq!(log.erase(&person, grave).await.expect("nothing left"), 0);

    assert!(!found_in(server.data_dir(), b"Erika"));
    assert!(found_in(server.data_dir(), b"Somebody Else"));
    let loaded = log.load(&person, Position::START).await.expect("loaded");
    assert_eq!(loaded.iter().map(|it| it.position).collect::<Vec<_>>(), [grave]);
    assert_eq!(log.snapshot(&person).await.expect("an answer"), None);
    assert!(log.claims(&[email(&tenant, "erika@example.com")]).await.expect("claims")[0].is_some());
}
