//! Secrets.

use event_log::SecretError;

use crate::samples::log;

#[tokio::test]
async fn a_secret_is_kept_replaced_and_deleted_by_who_knows_its_revision() {
    let (server, log) = log().await;
    let secrets = log.secrets();
    let key = "password.tenant.user";
    assert_eq!(secrets.get(key).await.expect("an answer"), None);
    let first = secrets.put(key, b"first-secret-value".to_vec(), Some(0)).await.expect("kept");
    assert!(matches!(secrets.put(key, b"x".to_vec(), Some(0)).await, Err(SecretError::Conflict)));
    let second = secrets.put(key, b"second-secret-value".to_vec(), Some(first)).await.expect("kept");
    let kept = secrets.get(key).await.expect("an answer").expect("a secret");
    assert_eq!((kept.value.as_slice(), kept.revision), (b"second-secret-value".as_slice(), second));
    assert!(!crate::erase::found_in(server.data_dir(), b"first-secret-value"));
    assert!(crate::erase::found_in(server.data_dir(), b"second-secret-value"), "the search finds what is there");
    secrets.put(key, b"third-secret-value".to_vec(), None).await.expect("kept");
    secrets.delete(key).await.expect("deleted");
    secrets.delete(key).await.expect("nothing to delete");
    assert_eq!(secrets.get(key).await.expect("an answer"), None);
    for value in ["second-secret-value", "third-secret-value"] {
        assert!(!crate::erase::found_in(server.data_dir(), value.as_bytes()), "{value} is still on the disk");
    }
    secrets.put(key, b"again".to_vec(), Some(0)).await.expect("free again");
    assert!(matches!(secrets.get("a.*").await, Err(SecretError::Key)));
    assert!(!format!("{:?}", secrets.get(key).await).contains("again"), "values are not printed");
}
