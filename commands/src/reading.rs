//! What is noted of reading: who looked at which record. Nobody decides it, and nobody waits for it.
//!
//! A process has one writer. It takes notes from a bounded queue, and appends those that have come together as one atomic batch
//! per tenant: each note is a commit of its own (it has an actor and a correlation id of its own), on one of a few streams
//! that only this writer writes, so that it knows where they end without asking.
//!
//! What may be lost: a process that is killed loses the notes of its last moments (what is in the queue, and the batch that is on
//! its way). A process that is stopped writes them first. While the log is away, notes wait in the queue; when it is full, further
//! ones are lost, and counted in `kith_reading_notes_lost_total`.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::Utc;
use event_log::{Append, AppendError, Entry, Log, LogError};
use events::{
    AccessEvent, Commit, Envelope, EventId, IdError, NewEvent, Position, StreamKind, StreamRef, StreamVersion, TenantId,
};
use futures_util::future::join_all;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::aggregate::to_micros;
use crate::executor::Meta;

/// Notes that may wait for the writer.
const QUEUE: usize = 8_192;
/// Notes that are taken from the queue at once.
const AT_ONCE: usize = 512;
/// Streams that a writer has in a tenant: so many of the tenant's notes share a batch, which cannot have a stream twice.
const STREAMS: usize = 64;
/// Tenants whose streams a writer remembers.
const TENANTS: usize = 1_000;
/// The first and the longest pause while the log is away.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(2));

const WRITTEN: &str = "kith_reading_notes_total";
const LOST: &str = "kith_reading_notes_lost_total";

/// A note.
#[derive(Debug)]
struct Note {
    tenant: TenantId,
    meta: Meta,
    event: AccessEvent,
}

/// Where notes are left. The writer behind it ends when this is closed, or dropped.
#[derive(Debug)]
pub struct Reading {
    queue: Mutex<Option<mpsc::Sender<Note>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Reading {
    /// Starts the writer.
    #[must_use]
    pub fn start(log: Log) -> Self {
        let (sender, notes) = mpsc::channel(QUEUE);
        let writer = tokio::spawn(Writer { log, streams: HashMap::new() }.run(notes));
        Self { queue: Mutex::new(Some(sender)), writer: Mutex::new(Some(writer)) }
    }

    /// Leaves a note. Never waits.
    pub fn note(&self, tenant: &TenantId, meta: Meta, event: impl Into<AccessEvent>) {
        let note = Note { tenant: tenant.clone(), meta, event: event.into() };
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.as_ref().is_none_or(|queue| queue.try_send(note).is_err()) {
            lost(1, "the queue of notes is full or closed");
        }
    }

    /// Takes no more notes, and waits until those that were left are written, at most for `patience`.
    pub async fn close(&self, patience: Duration) {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(writer) = writer else { return };
        let stop = writer.abort_handle();
        if tokio::time::timeout(patience, writer).await.is_err() {
            stop.abort();
            tracing::error!("notes of who looked at what were not written in time and are lost");
        }
    }
}

fn lost(notes: usize, why: &str) {
    metrics::counter!(LOST).increment(notes as u64);
    tracing::error!(notes, why, "notes of who looked at what are lost");
}

/// A stream that only this writer writes.
#[derive(Debug, Clone)]
struct Own {
    stream: StreamRef,
    version: StreamVersion,
    position: Position,
}

/// A note on its way: the commit, and which of the tenant's streams it goes to.
struct Going {
    at: usize,
    commit: Commit,
}

struct Writer {
    log: Log,
    streams: HashMap<TenantId, Vec<Own>>,
}

impl Writer {
    async fn run(mut self, mut notes: mpsc::Receiver<Note>) {
        let mut taken = Vec::with_capacity(AT_ONCE);
        while notes.recv_many(&mut taken, AT_ONCE).await > 0 {
            let mut tenants: HashMap<TenantId, Vec<Note>> = HashMap::new();
            for note in taken.drain(..) {
                tenants.entry(note.tenant.clone()).or_default().push(note);
            }
            if self.streams.len() > TENANTS {
                self.streams.clear();
            }
            let write = tenants.into_iter().map(|(tenant, notes)| {
                let streams = self.streams.remove(&tenant).unwrap_or_default();
                let log = self.log.clone();
                async move { (tenant.clone(), write(&log, &tenant, streams, notes).await) }
            });
            let written = join_all(write.collect::<Vec<_>>()).await;
            self.streams.extend(written);
        }
    }
}

/// Writes the notes of a tenant, however long it takes; gives the streams as they are then.
async fn write(log: &Log, tenant: &TenantId, mut streams: Vec<Own>, notes: Vec<Note>) -> Vec<Own> {
    let mut notes = notes.into_iter().peekable();
    while notes.peek().is_some() {
        let batch: Vec<Note> = notes.by_ref().take(STREAMS).collect();
        if let Err(error) = ensure(&mut streams, tenant, batch.len()) {
            lost(batch.len(), &error.to_string());
            continue;
        }
        let commits = streams.iter().zip(batch).map(|(own, note)| commit(own, note));
        let going: Vec<Going> = commits.enumerate().map(|(at, commit)| Going { at, commit }).collect();
        let count = going.len();
        match append_all(log, tenant, &mut streams, going).await {
            Ok(()) => metrics::counter!(WRITTEN).increment(count as u64),
            Err(error) => lost(count, &error.to_string()),
        }
    }
    streams
}

/// Makes streams until there are so many.
fn ensure(streams: &mut Vec<Own>, tenant: &TenantId, wanted: usize) -> Result<(), IdError> {
    while streams.len() < wanted {
        let stream = StreamRef::new(tenant.clone(), StreamKind::Access, &EventId::generate().to_string())?;
        streams.push(Own { stream, version: 0, position: Position::START });
    }
    Ok(())
}

fn commit(own: &Own, note: Note) -> Commit {
    let Meta { actor, correlation_id, causation_id } = note.meta;
    let recorded_at = to_micros(Utc::now());
    Commit {
        envelope: Envelope { stream: own.stream.clone(), recorded_at, actor, correlation_id, causation_id },
        first_version: own.version + 1,
        events: vec![NewEvent { event_id: EventId::generate(), event: note.event.into() }],
    }
}

/// Appends commits, again and again while the log is away. Fails only where waiting does not help.
async fn append_all(log: &Log, tenant: &TenantId, streams: &mut [Own], mut going: Vec<Going>) -> Result<(), AppendError> {
    let mut pause = PAUSES.0;
    while !going.is_empty() {
        let entry = |going: &Going| {
            let expected = streams.get(going.at).map_or(Position::START, |own| own.position);
            Entry::Commit { commit: going.commit.clone(), expected }
        };
        let entries = going.iter().map(entry).collect();
        match log.append(Append { tenant: tenant.clone(), entries }).await {
            Ok(appended) => {
                for (going, position) in going.drain(..).zip(appended.positions) {
                    step(streams, &going, position);
                }
            }
            Err(error @ (AppendError::TooLarge { .. } | AppendError::Malformed(_) | AppendError::Unwritable { .. })) => {
                return Err(error);
            }
            Err(error) => {
                tracing::warn!(%error, notes = going.len(), "notes of who looked at what wait for the log");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(PAUSES.1);
                // What is there after all is not written again.
                if let Err(error) = settle(log, streams, &mut going).await {
                    tracing::warn!(error = &error as &dyn std::error::Error, "where notes stand is not known yet");
                }
            }
        }
    }
    Ok(())
}

/// Looks which commits are recorded although their append failed, and takes them off the list. What stands on a stream behind its
/// known end can only be the commit that is on its way there.
async fn settle(log: &Log, streams: &mut [Own], going: &mut Vec<Going>) -> Result<(), LogError> {
    let places: Vec<_> =
        going.iter().filter_map(|one| streams.get(one.at)).map(|own| (own.stream.clone(), own.position)).collect();
    let mut found = log.load_many(&places).await?.into_iter();
    going.retain(|one| match found.next().and_then(|stored| stored.last().map(|last| last.position)) {
        Some(position) => {
            step(streams, one, position);
            false
        }
        None => true,
    });
    Ok(())
}

fn step(streams: &mut [Own], going: &Going, position: Position) {
    if let Some(own) = streams.get_mut(going.at) {
        (own.version, own.position) = (going.commit.last_version(), position);
    }
}
