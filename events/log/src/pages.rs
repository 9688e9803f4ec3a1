//! Commits straight from the log: pages of one tenant's, with a bounded amount of work per page whatever else stands between,
//! and those at given positions.

use events::subject::{self, Partition};
use events::{Position, StreamKind, TenantId};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::direct::{PAGE, Query, Raw, batch_end};
use crate::error::LogError;
use crate::log::Log;
use crate::streams::stored;
use crate::types::Stored;

/// How many commits are read side by side.
const SIDE_BY_SIDE: usize = 64;

/// Which commits of a tenant are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// Whose they are.
    pub tenant: TenantId,
    /// Only on streams of this kind.
    pub kind: Option<StreamKind>,
    /// Only on streams with this id.
    pub id: Option<String>,
}

/// A commit as a page has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Paged {
    /// The commit with its place.
    pub stored: Stored,
    /// The last position of the atomic batch that it was recorded in; its own position if it was recorded alone.
    pub batch_end: Position,
}

/// Commits in order, and whether there are more behind them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CommitPage {
    /// The commits.
    pub commits: Vec<Paged>,
    /// Whether commits of the selection stand behind the last of these.
    pub more: bool,
}

impl Selection {
    /// Everything of a tenant.
    #[must_use]
    pub const fn all(tenant: TenantId) -> Self {
        Self { tenant, kind: None, id: None }
    }

    /// Whether a subject may be asked for: an id that is no single token would reach into others.
    fn is_sound(&self) -> bool {
        let token = |id: &String| !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        self.id.as_ref().is_none_or(token)
    }
}

impl Log {
    /// The first commits of a selection behind a position; at most `most`, and never more than a thousand.
    ///
    /// # Errors
    /// When the log does not answer or a commit cannot be read.
    pub async fn page(&self, selection: &Selection, after: Position, most: usize) -> Result<CommitPage, LogError> {
        if !selection.is_sound() {
            return Ok(CommitPage::default());
        }
        let part = self.part_of(&selection.tenant)?;
        let pattern = pattern(part.partition, selection);
        let batch = Some(most.clamp(1, PAGE));
        let query = Query { seq: Some(after.0.saturating_add(1)), next_by_subj: Some(&pattern), batch, ..Query::default() };
        let page = part.link.read(&part.stream, &query).await?;
        let mut commits = Vec::with_capacity(page.messages.len());
        for message in &page.messages {
            let batch_end = Position(batch_end(&message.headers, message.seq));
            commits.push(Paged { stored: stored(message)?, batch_end });
        }
        Ok(CommitPage { commits, more: page.more > 0 })
    }
}

impl Log {
    /// The commits at these positions, in the order of the question; `None` where no commit stands (any more).
    ///
    /// # Errors
    /// When the log does not answer or a commit cannot be read.
    pub async fn commits(&self, partition: Partition, positions: &[Position]) -> Result<Vec<Option<Stored>>, LogError> {
        let part = self.part(partition)?;
        let read = |position: &Position| {
            let position = *position;
            async move {
                if position == Position::START {
                    return Ok(None);
                }
                let query = Query { seq: Some(position.0), ..Query::default() };
                let found = part.link.read_one(&part.stream, &query).await?.filter(Raw::is_commit);
                found.map(|message| stored(&message)).transpose()
            }
        };
        stream::iter(positions.iter().map(read)).buffered(SIDE_BY_SIDE).try_collect().await
    }
}

fn pattern(partition: Partition, selection: &Selection) -> String {
    subject::of_selection(partition, &selection.tenant, selection.kind, selection.id.as_deref())
}
