//! The file in blocks: one is read while another is on its way to the log.

use std::collections::hash_map::RandomState;
use std::fs::File;
use std::hash::BuildHasher;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use commands::customer::Import;
use gateway::csv::{FileError, Row, Rows};
use tokio::sync::mpsc;

use super::super::CliError;

/// Rows of a block.
const BLOCK_ROWS: usize = 9_000;
/// Blocks that are read ahead.
const AHEAD: usize = 2;

/// Where a row stands, and what its email address hashes to: enough to name the row that a later one repeats.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The line in the file.
    pub line: u64,
    /// The hash of the email address without regard to case.
    pub email: u64,
}

/// Some rows.
#[derive(Default)]
pub struct Block {
    /// Those that can be tried.
    pub rows: Vec<(Key, Import)>,
    /// Those that cannot, with the reason.
    pub refused: Vec<(u64, String)>,
    /// How much of the file was read with this block.
    pub read_bytes: u64,
}

/// The blocks of a file.
pub struct Blocks {
    /// The size of the file.
    pub bytes: u64,
    ahead: mpsc::Receiver<Result<Block, FileError>>,
}

impl Blocks {
    /// Opens a file and begins to read it; in one block where the rows belong together.
    pub fn open(path: &Path, whole: bool) -> Result<Self, CliError> {
        let failed = |source| CliError::File { path: path.to_owned(), verb: "read", source };
        let file = File::open(path).map_err(failed)?;
        let bytes = file.metadata().map_err(failed)?.len();
        let read = Arc::new(AtomicU64::new(0));
        let rows = Rows::new(Counted { file, read: read.clone() })?;
        let (sender, ahead) = mpsc::channel(AHEAD);
        let most = if whole { usize::MAX } else { BLOCK_ROWS };
        tokio::task::spawn_blocking(move || read_all(rows, most, &read, &sender));
        Ok(Self { bytes, ahead })
    }

    /// The next block; `None` at the end of the file.
    pub async fn next(&mut self) -> Result<Option<Block>, CliError> {
        Ok(self.ahead.recv().await.transpose()?)
    }
}

fn read_all<R: Read>(mut rows: Rows<R>, most: usize, read: &AtomicU64, sender: &mpsc::Sender<Result<Block, FileError>>) {
    let hasher = RandomState::new();
    loop {
        let mut block = Block::default();
        for row in rows.by_ref().take(most) {
            match row {
                Ok(row) => block.add(row, &hasher),
                Err(error) => {
                    // Who does not listen any more has failed already.
                    let _ = sender.blocking_send(Ok(block)).and_then(|()| sender.blocking_send(Err(error)));
                    return;
                }
            }
        }
        block.read_bytes = read.load(Ordering::Relaxed);
        if block.rows.is_empty() && block.refused.is_empty() || sender.blocking_send(Ok(block)).is_err() {
            return;
        }
    }
}

impl Block {
    fn add(&mut self, row: Row, hasher: &RandomState) {
        match row.customer {
            Ok(customer) => {
                let email = hasher.hash_one(customer.profile.email.trim().to_lowercase());
                self.rows.push((Key { line: row.line, email }, customer));
            }
            Err(errors) => {
                let fields = errors.into_iter().map(|(field, sentences)| format!("{field}: {}", sentences.join(" ")));
                self.refused.push((row.line, fields.collect::<Vec<_>>().join("; ")));
            }
        }
    }
}

/// A file that counts what was read of it.
struct Counted {
    file: File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
