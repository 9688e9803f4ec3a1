//! What is printed, and when.

use std::io::{self, BufWriter, Stdout, Write, stdout};
use std::time::Duration;

use chrono::{DateTime, Utc};
use clap::ValueEnum;
use events::{EventDocument, Recorded};
use tokio::time::Instant;

use super::speed::Speed;

/// How many bytes are written at once.
const BUFFER_BYTES: usize = 256 * 1024;

/// How events are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One JSON object per line
    Jsonl,
    /// MessagePack values, one right behind the other
    Msgpack,
}

/// Where the documents go.
pub struct Out {
    writer: BufWriter<Stdout>,
    format: Format,
    speed: Speed,
    /// When the first event was written, and when it was recorded.
    begin: Option<(Instant, DateTime<Utc>)>,
}

impl Out {
    /// Writes to standard output.
    pub fn new(format: Format, speed: Speed) -> Self {
        Self { writer: BufWriter::with_capacity(BUFFER_BYTES, stdout()), format, speed, begin: None }
    }

    /// Writes an event once it is time for it.
    pub async fn event(&mut self, event: &Recorded) -> io::Result<()> {
        self.pause(event.envelope.recorded_at).await?;
        let document = EventDocument::of(event);
        match self.format {
            Format::Jsonl => {
                serde_json::to_writer(&mut self.writer, &document)?;
                self.writer.write_all(b"\n")
            }
            Format::Msgpack => rmp_serde::encode::write_named(&mut self.writer, &document).map_err(of_msgpack),
        }
    }

    /// Waits until it is time for what was recorded then.
    async fn pause(&mut self, recorded_at: DateTime<Utc>) -> io::Result<()> {
        let Speed::Times(times) = self.speed else { return Ok(()) };
        let (begin, first) = *self.begin.get_or_insert_with(|| (Instant::now(), recorded_at));
        // What was recorded by a clock that is behind is due at once.
        let since = (recorded_at - first).to_std().unwrap_or_default().as_secs_f64() / times;
        let due = begin.checked_add(Duration::try_from_secs_f64(since).unwrap_or(Duration::MAX));
        if due.is_none_or(|due| due > Instant::now()) {
            self.flush()?;
            match due {
                Some(due) => tokio::time::sleep_until(due).await,
                None => std::future::pending().await,
            }
        }
        Ok(())
    }

    /// Writes what has not been written yet.
    pub fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// The cause of what the encoder could not do: mostly that nobody reads any more.
fn of_msgpack(error: rmp_serde::encode::Error) -> io::Error {
    match error {
        rmp_serde::encode::Error::InvalidValueWrite(error) => error.into(),
        other => io::Error::other(other),
    }
}
