//! Commits straight from the log: pages of one tenant's, with a bounded amount of work per page whatever else stands between,
//! and those at given positions.

use events::subject::{self, Partition};
use events::{Position, StreamKind, TenantId};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::direct::{EVERYTHING, PAGE, Query, Raw, batch_end};
use crate::error::LogError;
use crate::log::Log;
use crate::partition::Part;
use crate::streams::stored;
use crate::types::Stored;

/// How many commits are read side by side.
const SIDE_BY_SIDE: usize = 64;
/// How often one page reads on at most, a thousand messages each time.
const PAGES_READ: usize = 4;
/// How many messages are read at once at least.
const LEAST_READ: usize = 100;
/// Where fewer than one message in so many is of the selection, the server looks for them.
const SPARSE: usize = 20;

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

/// Commits in order, and how far the log was looked through for them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CommitPage {
    /// The commits.
    pub commits: Vec<Paged>,
    /// Everything up to here was looked at.
    pub looked: Position,
    /// Whether there may be more behind it.
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
    /// Commits of a selection behind a position, in order: the first `most`, or fewer where a bounded piece of the log has fewer.
    ///
    /// # Errors
    /// When the log does not answer or a commit cannot be read.
    pub async fn page(&self, selection: &Selection, after: Position, most: usize) -> Result<CommitPage, LogError> {
        if !selection.is_sound() {
            return Ok(CommitPage { looked: after, ..CommitPage::default() });
        }
        let part = self.part_of(&selection.tenant)?;
        let mut page = CommitPage { commits: Vec::new(), looked: after, more: true };
        // With an id the server finds what is asked for at once. Otherwise it counts all streams that match for every page, and that
        // costs more than to read past the streams of others, as long as they are not many.
        let mut dense = selection.id.is_none();
        for _ in 0..PAGES_READ {
            if !dense || !page.more || page.commits.len() >= most {
                break;
            }
            let before = page.commits.len();
            let read = part.read_past(selection, &mut page, most).await?;
            dense = (page.commits.len() - before) * SPARSE >= read;
        }
        if !dense && page.more && page.commits.len() < most {
            part.read_matching(&pattern(part.partition, selection), &mut page, most).await?;
        }
        Ok(page)
    }

    /// The first commits on streams of a kind behind a position, whosever they are: for tools that work for the whole platform.
    ///
    /// # Errors
    /// As for [`Log::page`].
    pub async fn page_of_kind(
        &self,
        partition: Partition,
        kind: StreamKind,
        after: Position,
        most: usize,
    ) -> Result<CommitPage, LogError> {
        let mut page = CommitPage { commits: Vec::new(), looked: after, more: true };
        let pattern = subject::of_selection(partition, None, Some(kind), None);
        self.part(partition)?.read_matching(&pattern, &mut page, most).await?;
        Ok(page)
    }

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
    subject::of_selection(partition, Some(&selection.tenant), selection.kind, selection.id.as_deref())
}

impl Part {
    /// Reads whatever stands there, and takes what is selected. Answers how many messages it read.
    async fn read_past(&self, selection: &Selection, page: &mut CommitPage, most: usize) -> Result<usize, LogError> {
        let pattern = pattern(self.partition, selection);
        let prefix = pattern.split('*').next().unwrap_or_default();
        // About every second message is a claim.
        let batch = Some(((most - page.commits.len()) * 2).clamp(LEAST_READ, PAGE));
        let seq = Some(page.looked.0.saturating_add(1));
        let query = Query { seq, next_by_subj: Some(EVERYTHING), batch, ..Query::default() };
        let read = self.link.read(&self.stream, &query).await?;
        for message in &read.messages {
            if page.commits.len() >= most {
                return Ok(read.messages.len());
            }
            if message.subject().starts_with(prefix) {
                page.commits.push(paged(message)?);
            }
            page.looked = Position(message.seq);
        }
        page.more = read.more > 0;
        Ok(read.messages.len())
    }

    /// Reads what the server finds.
    async fn read_matching(&self, pattern: &str, page: &mut CommitPage, most: usize) -> Result<(), LogError> {
        let batch = Some((most - page.commits.len()).clamp(1, PAGE));
        let seq = Some(page.looked.0.saturating_add(1));
        let query = Query { seq, next_by_subj: Some(pattern), batch, ..Query::default() };
        let read = self.link.read(&self.stream, &query).await?;
        for message in &read.messages {
            page.commits.push(paged(message)?);
            page.looked = Position(message.seq);
        }
        page.more = read.more > 0;
        Ok(())
    }
}

fn paged(message: &Raw) -> Result<Paged, LogError> {
    let batch_end = Position(batch_end(&message.headers, message.seq));
    Ok(Paged { stored: stored(message)?, batch_end })
}
