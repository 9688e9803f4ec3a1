//! Positions and times.

use chrono::{DateTime, TimeDelta, Utc};
use events::{Position, TenantId};

use crate::samples::{history, log, stream};

#[tokio::test]
async fn a_time_names_the_last_position_recorded_by_then() {
    let (_server, log) = log().await;
    let tenant = TenantId::generate();
    let partition = log.partition_of(&tenant);
    assert_eq!(log.position_at(partition, Utc::now()).await.expect("a position"), Position::START);
    let stored = history(&log, &stream(&tenant), 20).await;
    let mut before = DateTime::<Utc>::MIN_UTC;
    for it in &stored {
        let time = log.time_of(partition, it.position).await.expect("an answer").expect("a time");
        assert!(time > before);
        before = time;
        let tick = TimeDelta::nanoseconds(1);
        assert_eq!(log.position_at(partition, time).await.expect("a position"), it.position);
        let just_before = log.position_at(partition, time - tick).await.expect("a position");
        assert_eq!(just_before, Position(it.position.0 - 1));
    }
    let later = before + TimeDelta::days(1);
    assert_eq!(log.position_at(partition, later).await.expect("a position"), Position(20));
    assert_eq!(log.time_of(partition, Position(21)).await.expect("an answer"), None);
    assert_eq!(log.time_of(partition, Position::START).await.expect("an answer"), None);
    assert_eq!(log.position_at(partition, DateTime::UNIX_EPOCH).await.expect("a position"), Position::START);
    assert_eq!(log.position_at(partition, DateTime::<Utc>::MAX_UTC).await.expect("a position"), Position(20));
}
