//! Claims: one holder, release, and going away by themselves.

use std::time::Duration;

use event_log::{Append, AppendError, Entry};
use events::{ClaimKey, ClaimName, ClaimRecord, Position, TenantId};

use crate::samples::{claim, commit, email, entry, eventually, held, log, stream};

#[tokio::test]
async fn of_two_who_claim_over_two_connections_one_wins() {
    let (server, one) = log().await;
    let other = server.log().await.expect("a second log");
    let tenant = TenantId::generate();
    for round in 0..50 {
        let key = email(&tenant, &format!("{round}@example.com"));
        let register = |log: &event_log::Log, owner: &str| {
            let entries =
                vec![entry(commit(&stream(&tenant), 1, owner), Position::START), claim(&key, held(owner), Position::START)];
            let (log, append) = (log.clone(), Append { tenant: tenant.clone(), entries });
            async move { log.append(append).await }
        };
        let (first, second) = tokio::join!(register(&one, "one"), register(&other, "other"));
        let winner = match (first, second) {
            (Ok(_), Err(AppendError::Conflict { .. })) => "one",
            (Err(AppendError::Conflict { .. }), Ok(_)) => "other",
            outcome => panic!("not one winner: {outcome:?}"),
        };
        let claims = one.claims(std::slice::from_ref(&key)).await.expect("claims");
        assert_eq!(claims[0].as_ref().map(|it| &it.record), Some(&held(winner)));
    }
}

#[tokio::test]
async fn a_released_claim_can_be_taken_by_who_knows_its_position() {
    let (_server, log) = log().await;
    let tenant = TenantId::generate();
    let key = email(&tenant, "jane@example.com");
    let say = |record, expected| {
        let append = Append { tenant: tenant.clone(), entries: vec![claim(&key, record, expected)] };
        let log = log.clone();
        async move { log.append(append).await }
    };
    let first = say(held("a"), Position::START).await.expect("free").last();
    let released = say(ClaimRecord::Released, first).await.expect("its own").last();
    assert!(matches!(say(held("b"), Position::START).await, Err(AppendError::Conflict { .. })));
    say(held("b"), released).await.expect("free again");
}

#[tokio::test]
async fn claims_are_answered_in_the_order_of_the_question() {
    let (_server, log) = log().await;
    let tenant = TenantId::generate();
    let keys: Vec<ClaimKey> = (0..1_500).map(|n| email(&tenant, &format!("{n}@example.com"))).collect();
    for page in keys.chunks(1_000) {
        let entries = page.iter().map(|key| claim(key, held(&key.hash), Position::START)).collect();
        log.append(Append { tenant: tenant.clone(), entries }).await.expect("recorded");
    }
    let unknown = email(&tenant, "nobody@example.com");
    let question: Vec<ClaimKey> = keys.iter().rev().cloned().chain([unknown, keys[3].clone()]).collect();
    let answer = log.claims(&question).await.expect("claims");
    assert_eq!(answer.len(), question.len());
    for (key, claim) in question.iter().zip(&answer) {
        let expected = keys.contains(key).then(|| held(&key.hash));
        assert_eq!(claim.as_ref().map(|claim| claim.record.clone()), expected);
    }
}

#[tokio::test]
async fn an_idempotency_claim_goes_away_by_itself_and_can_then_be_made_again() {
    let (_server, log) = log().await;
    let tenant = TenantId::generate();
    let key = ClaimKey::new(&tenant, ClaimName::Idempotency, "key");
    let record = ClaimRecord::Answered { fingerprint: vec![1; 32], answer: vec![2] };
    let request = || {
        let claim = Entry::Claim {
            key: key.clone(),
            record: record.clone(),
            expected: Position::START,
            ttl: Some(Duration::from_secs(1)),
        };
        let entries = vec![entry(commit(&stream(&tenant), 1, "once"), Position::START), claim];
        log.append(Append { tenant: tenant.clone(), entries })
    };
    request().await.expect("recorded");
    assert!(matches!(request().await, Err(AppendError::Conflict { index: Some(1) })));
    assert!(log.claims(std::slice::from_ref(&key)).await.expect("claims")[0].is_some());
    eventually("the claim is gone", || async {
        log.claims(std::slice::from_ref(&key)).await.expect("claims")[0].is_none().then_some(())
    })
    .await;
    request().await.expect("recorded again");
    let in_no_time = Entry::Claim { key: key.clone(), record, expected: Position::START, ttl: Some(Duration::ZERO) };
    let refused = log.append(Append { tenant: tenant.clone(), entries: vec![in_no_time] }).await;
    assert!(matches!(refused, Err(AppendError::Malformed(_))));
}
