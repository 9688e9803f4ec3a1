//! Secrets.

use std::time::Duration;

use async_nats::jetstream::{self, stream};
use event_log::SecretError;

use crate::samples::{eventually, log, server};

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

#[tokio::test]
async fn a_secret_that_is_kept_for_a_time_goes_by_itself() {
    let (_server, log) = log().await;
    let (secrets, key, second) = (log.secrets(), "refresh.tenant.user.family", Duration::from_secs(1));
    let first = secrets.put_for(key, b"one".to_vec(), Some(0), second).await.expect("kept");
    secrets.put("password.tenant.user", b"for ever".to_vec(), None).await.expect("kept");
    assert_eq!(secrets.get(key).await.expect("an answer").and_then(|secret| secret.ttl), Some(second));
    // A new value has a time of its own.
    secrets.put_for(key, b"two".to_vec(), Some(first), second * 2).await.expect("kept");
    eventually("it goes", || async { secrets.get(key).await.expect("an answer").is_none().then_some(()) }).await;
    secrets.put_for(key, b"three".to_vec(), Some(0), second).await.expect("free again");
    let stays = secrets.get("password.tenant.user").await.expect("an answer").expect("a secret");
    assert_eq!((stays.value.as_slice(), stays.ttl), (b"for ever".as_slice(), None));
}

#[tokio::test]
async fn a_bucket_from_before_secrets_could_go_is_taken_over() {
    let server = server().await;
    let (token, address) = server.server().url().trim_start_matches("nats://").split_once('@').expect("a token");
    let client = async_nats::ConnectOptions::with_token(token.to_owned()).connect(address).await.expect("a connection");
    let context = jetstream::new(client);
    let before = stream::Config {
        name: "KV_kith_secrets".to_owned(),
        subjects: vec!["$KV.kith_secrets.>".to_owned()],
        allow_direct: true,
        ..stream::Config::default()
    };
    context.create_stream(before).await.expect("a bucket");
    context.publish("$KV.kith_secrets.jwt.signing", "old".into()).await.expect("sent").await.expect("kept");
    let log = server.log().await.expect("a log");
    let old = log.secrets().get("jwt.signing").await.expect("an answer").expect("still there");
    assert_eq!(old.value, b"old");
    log.secrets().put_for("refresh.x", b"new".to_vec(), Some(0), Duration::from_secs(1)).await.expect("kept");
    eventually("it goes", || async { log.secrets().get("refresh.x").await.expect("an answer").is_none().then_some(()) }).await;
}
