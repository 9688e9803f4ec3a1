//! Looking through a tenant's part of the log: a bounded piece of it at a time.

use chrono::{DateTime, Utc};
use events::{Position, Recorded};

use crate::live::{EventFilter, start};
use crate::point::Point;
use crate::problem::Problem;
use crate::rest::call::Call;
use crate::rest::unreadable_log;

/// How many pages of the log one request looks through.
const MOST_PAGES: usize = 5;
/// How many commits are read at once where not all of them are wanted.
const COMMITS_AT_ONCE: usize = 1_000;

/// A part of the log: behind one position, up to and including another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Behind here.
    pub after: Position,
    /// Up to here.
    pub up_to: Position,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The events.
    pub events: Vec<Recorded>,
    /// Everything up to here was looked at.
    pub next_after: Position,
    /// Whether that is the end of the span.
    pub ended: bool,
}

impl Span {
    /// The part behind a position that was recorded between two times, as far as the log goes.
    ///
    /// # Errors
    /// The 400 problem when the log has no such position, and the 503 problem when it does not answer.
    pub async fn of<O>(
        call: &Call<O>,
        after: Position,
        from: Option<DateTime<Utc>>,
        to: Option<DateTime<Utc>>,
    ) -> Result<Self, Problem> {
        let (app, tenant) = (&call.app, &call.tenant.id);
        let head = app.horizon(tenant).await.map_err(|error| unreadable_log(&error))?;
        let mut span = Self { after: start::up_to(head, "after", after)?, up_to: head };
        let partition = app.log.partition_of(tenant);
        if let Some(time) = from {
            let before = Point::Time(time).before(&app.log, partition).await;
            // Where the future is asked for, that is the end: whoever goes on from there misses nothing.
            span.after = span.after.max(before.map_err(|error| unreadable_log(&error))?.min(head));
        }
        if let Some(time) = to {
            let last = Point::Time(time).last(&app.log, partition).await;
            span.up_to = span.up_to.min(last.map_err(|error| unreadable_log(&error))?);
        }
        Ok(span)
    }
}

/// The first events of a part of the log that a filter lets through, in whole commits; about `limit`, and more only where one
/// commit has more.
///
/// # Errors
/// The 503 problem when the log does not answer.
pub async fn find<O>(call: &Call<O>, filter: &EventFilter, span: Span, limit: usize) -> Result<Found, Problem> {
    let selection = filter.selection(call.tenant.id.clone());
    let at_once = if filter.is_selection() { limit } else { COMMITS_AT_ONCE };
    let mut found = Found { events: Vec::new(), next_after: span.after, ended: span.after >= span.up_to };
    for _ in 0..MOST_PAGES {
        if found.ended || found.events.len() >= limit {
            break;
        }
        let page = call.app.log.page(&selection, found.next_after, at_once).await.map_err(|error| unreadable_log(&error))?;
        for stored in page.commits.into_iter().map(|paged| paged.stored).take_while(|stored| stored.position <= span.up_to) {
            let position = stored.position;
            let wanted: Vec<_> = stored.commit.recorded_at(position).filter(|recorded| filter.lets(recorded)).collect();
            if !found.events.is_empty() && found.events.len() + wanted.len() > limit {
                return Ok(found);
            }
            found.events.extend(wanted);
            found.next_after = position;
        }
        found.ended = !page.more || page.looked >= span.up_to;
        found.next_after = if found.ended { span.up_to } else { page.looked };
    }
    Ok(found)
}
