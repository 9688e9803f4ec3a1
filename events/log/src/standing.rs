//! What became of appends that were refused or whose acknowledgement got lost: the log itself is asked.
//!
//! Every message carries the position that its subject must have, so of everything that was ever sent for one append at
//! most one can have been recorded, whatever order it arrives in.

use std::collections::HashMap;

use events::Position;

use crate::direct::{PAGE, Query};
use crate::error::LogError;
use crate::link::Link;
use crate::types::Appended;
use crate::wire::Outgoing;

/// How an append stands.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is recorded.
    Recorded(Appended),
    /// It is not recorded, and its expectations hold.
    Open,
    /// It is not recorded and never will be: this entry's expectation does not hold any more.
    Overtaken(usize),
}

/// Looks at one append after the other with few questions. `sent` says whether they may have reached the log.
pub(crate) async fn look(link: &Link, stream: &str, appends: &[&[Outgoing]], sent: bool) -> Result<Vec<Standing>, LogError> {
    let subjects: Vec<&str> = appends.iter().flat_map(|append| append.iter().map(|it| it.subject.as_str())).collect();
    let lasts = last_of_each(link, stream, &subjects).await?;
    let mut standings = Vec::with_capacity(appends.len());
    for append in appends {
        let moved = |message: &Outgoing| lasts.get(message.subject.as_str()).copied().unwrap_or(0) != message.expected;
        standings.push(match append.iter().position(moved) {
            None => Standing::Open,
            Some(index) => match sent {
                true => recorded(link, stream, append).await?.map_or(Standing::Overtaken(index), Standing::Recorded),
                false => Standing::Overtaken(index),
            },
        });
    }
    Ok(standings)
}

/// Where an append stands, if it does: the message that follows the expected one on its subject is either its own or the winner's.
async fn recorded(link: &Link, stream: &str, append: &[Outgoing]) -> Result<Option<Appended>, LogError> {
    // A commit holds event ids, so no two commits have the same bytes; claims may.
    let Some((index, probe)) = append.iter().enumerate().max_by_key(|(_, message)| message.recorded_at.is_some()) else {
        return Ok(None);
    };
    let query =
        Query { seq: Some(probe.expected + 1), next_by_subj: Some(probe.subject.as_str()), batch: Some(1), ..Query::default() };
    let found = link.read(stream, &query).await?.messages.pop();
    Ok(found.filter(|message| message.payload == probe.payload).map(|message| {
        let first = message.seq.saturating_sub(index as u64);
        Appended { positions: (0..append.len() as u64).map(|offset| Position(first + offset)).collect() }
    }))
}

/// The sequence of the last message of each subject that has one.
async fn last_of_each(link: &Link, stream: &str, subjects: &[&str]) -> Result<HashMap<String, u64>, LogError> {
    let mut lasts = HashMap::with_capacity(subjects.len());
    for page in subjects.chunks(PAGE / 2) {
        for message in read_lasts(link, stream, page).await? {
            lasts.insert(message.subject().to_owned(), message.seq);
        }
    }
    Ok(lasts)
}

/// The last message of each of at most half a page of subjects.
pub(crate) async fn read_lasts(link: &Link, stream: &str, subjects: &[&str]) -> Result<Vec<crate::direct::Raw>, LogError> {
    let mut seq = None;
    let mut all = Vec::with_capacity(subjects.len());
    loop {
        let query = Query { seq, multi_last: Some(subjects), batch: Some(PAGE), ..Query::default() };
        let page = link.read(stream, &query).await?;
        let last = page.messages.last().map(|message| message.seq);
        all.extend(page.messages);
        match last {
            Some(last) if page.more > 0 => seq = Some(last + 1),
            Some(_) | None => return Ok(all),
        }
    }
}
