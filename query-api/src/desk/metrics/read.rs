//! The stretches that figures are made of, as they were at a moment.

use std::collections::HashMap;

use events::PageId;
use projections::customer_history::Moment;
use projections::db::Sql;
use projections::desk::{NameKind, OPEN_TIME, Outcome, SpellKind};
use projections::{Db, DbError};
use sea_query::Value;

use super::Span;
use crate::desk::find::name_of;
use crate::{QueryError, Scope};

/// A stretch of a conversation, or a rating. Times are microseconds since 1970; what had not happened has the greatest one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// What it is.
    pub kind: SpellKind,
    /// The conversation.
    pub no: i64,
    /// The moment of its beginning.
    pub started: Moment,
    /// The moment of its end.
    pub ended: Moment,
    /// The time of its beginning.
    pub started_at: i64,
    /// The time of its end.
    pub ended_at: i64,
    /// When the first agent came to a request.
    pub answered_at: i64,
    /// Who helped, who came to a request first, or who is rated; empty where nobody is.
    pub agent: String,
    /// Who handled a request last; empty where nobody did.
    pub closer: String,
    /// Whether an agent began it of their own accord.
    pub is_takeover: bool,
    /// Whether an agent handled the conversation when a request ended.
    pub is_helped: bool,
    /// The rating.
    pub score: i64,
}

impl Stretch {
    /// Everybody who had to do with it; empty names among them.
    pub fn agents(&self) -> [&str; 2] {
        [&self.agent, &self.closer]
    }
}

/// A stretch as it is read.
#[derive(sqlx::FromRow)]
struct Stored {
    kind: i64,
    no: i64,
    started: i64,
    ended: i64,
    answered: i64,
    started_at: i64,
    ended_at: i64,
    answered_at: i64,
    agent_id: String,
    closer_id: String,
    cause: String,
    outcome: String,
    score: i64,
}

impl Stored {
    /// The stretch as it was at a moment: what came later had not happened.
    fn at(self, moment: Moment) -> Result<Stretch, DbError> {
        let kind = usize::try_from(self.kind).ok().and_then(|place| SpellKind::ALL.get(place)).copied();
        let until = |when: i64, time: i64| if when > moment.0 { OPEN_TIME } else { time };
        let is_answered = self.answered <= moment.0;
        Ok(Stretch {
            kind: kind.ok_or(DbError::Value { table: "desk_spells", column: "kind" })?,
            no: self.no,
            started: Moment(self.started),
            ended: Moment(if self.ended > moment.0 { Moment::OPEN.0 } else { self.ended }),
            started_at: self.started_at,
            ended_at: until(self.ended, self.ended_at),
            answered_at: until(self.answered, self.answered_at),
            agent: if kind != Some(SpellKind::Request) || is_answered { self.agent_id } else { String::new() },
            // Who closed a request is not asked before it ended.
            closer: if self.ended <= moment.0 && self.ended != Moment::OPEN.0 { self.closer_id } else { String::new() },
            is_takeover: self.cause == events::conversation::RequestCause::Agent.name(),
            is_helped: self.outcome == Outcome::Helped.name(),
            score: self.score,
        })
    }
}

/// The stretches of the tenant that reach into a span, as they were at a moment.
pub async fn stretches(
    db: &Db,
    scope: &Scope,
    moment: Moment,
    span: Span,
    page: Option<&PageId>,
) -> Result<Vec<Stretch>, QueryError> {
    let mut all = Vec::new();
    for kind in SpellKind::ALL {
        let stored: Vec<Stored> = db.fetch_all(sql(scope, moment, span, page, kind)).await?;
        for stored in stored {
            all.push(stored.at(moment)?);
        }
    }
    Ok(all)
}

/// The statement for the stretches of one kind.
pub fn sql(scope: &Scope, moment: Moment, span: Span, page: Option<&PageId>, kind: SpellKind) -> Sql {
    let of_page = if page.is_some() { " AND s.page_id = $6" } else { "" };
    let text = format!(
        "SELECT s.kind, s.no, s.started, s.ended, s.answered, s.started_at, s.ended_at, s.answered_at, s.agent_id, s.closer_id, \
         s.cause, s.outcome, s.score FROM desk_spells s WHERE s.tenant_id = $1 AND s.kind = $2 AND s.ended_at >= $3 \
         AND s.started_at < $4 AND s.started <= $5{of_page} ORDER BY s.started, s.no"
    );
    let values = [scope.id().as_str().into(), kind.number().into(), span.start.into(), span.end.into(), moment.0.into()];
    Sql::composed(text, values.into_iter().chain(page.map(|page| Value::from(page.as_str()))))
}

/// What these users were called at a moment.
pub async fn names(db: &Db, scope: &Scope, moment: Moment, ids: &[&str]) -> Result<HashMap<String, String>, QueryError> {
    let name = name_of("a.tenant_id", NameKind::User.number(), "a.id", 2);
    let text = format!("SELECT a.id, n.name FROM desk_agents a CROSS JOIN desk_names n WHERE a.tenant_id = $1 AND n.at = {name}");
    let named: Vec<(String, String)> = if ids.is_empty() {
        Vec::new()
    } else {
        db.fetch_all(Sql::composed(text, [scope.id().as_str().into(), moment.0.into()])).await?
    };
    Ok(named.into_iter().collect())
}
