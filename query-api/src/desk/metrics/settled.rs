//! Responses and help as they are settled, of all tenants together: for the operators' metrics only.

use chrono::TimeDelta;
use events::Position;
use events::subject::Partition;
use projections::ReadModels;
use projections::customer_history::Moment;
use projections::db::Sql;
use projections::desk::{NAME, SpellKind};

use crate::QueryError;

/// What is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// An agent came to a customer who wanted one: how long after the request.
    Response(TimeDelta),
    /// An agent came off a conversation: how long after the assignment.
    Handle(TimeDelta),
}

/// What was settled in a partition behind a position and up to another one, in the order of the log.
///
/// # Errors
/// When the database does not answer.
pub async fn settled(
    models: &ReadModels,
    partition: Partition,
    (after, until): (Position, Position),
) -> Result<Vec<Settled>, QueryError> {
    let text = "SELECT s.kind, s.answered AS moment, s.answered_at - s.started_at FROM desk_spells s \
                WHERE s.kind = 0 AND s.answered > $1 AND s.answered <= $2 AND s.cause <> 'agent' \
                UNION ALL SELECT s.kind, s.ended AS moment, s.ended_at - s.started_at FROM desk_spells s \
                WHERE s.kind = 2 AND s.ended > $1 AND s.ended <= $2 ORDER BY moment";
    let moment = |position| Moment::of(partition, position).0.into();
    let stored: Vec<(i64, i64, i64)> = models.of(NAME)?.fetch_all(Sql::fixed(text, [moment(after), moment(until)])).await?;
    let told = |(kind, _, micros): (i64, i64, i64)| {
        let duration = TimeDelta::microseconds(micros);
        if kind == SpellKind::Request.number() { Settled::Response(duration) } else { Settled::Handle(duration) }
    };
    Ok(stored.into_iter().map(told).collect())
}
