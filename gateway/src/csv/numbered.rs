//! A source that gives out one line at a time, so that it is known on which line a row begins.
//!
//! The CSV reader's own count is of line feeds that it has passed, and it passes the second half of a CRLF, like empty lines, only
//! with the row after it. It also reads ahead. A reader that gets one line at a time has never more of the file than its row needs.

use std::io::{BufRead, BufReader, Read, Result};

/// How much is read of the source at a time.
const BUFFER_BYTES: usize = 256 * 1024;

/// A source whose lines are numbered, from 1. They end in LF, CRLF or CR.
pub(super) struct Numbered<R> {
    source: BufReader<R>,
    /// The number of the line that the next byte is on.
    line: u64,
    /// Whether the last byte was a CR; a LF would belong to it.
    after_cr: bool,
    /// The line with the first byte of the row.
    begun: Option<u64>,
}

impl<R: Read> Numbered<R> {
    pub(super) fn new(source: R) -> Self {
        Self { source: BufReader::with_capacity(BUFFER_BYTES, source), line: 1, after_cr: false, begun: None }
    }

    /// Another row is going to be read.
    pub(super) const fn begin_row(&mut self) {
        self.begun = None;
    }

    /// The line where the row begins; empty lines before it are not part of it.
    pub(super) fn row_line(&self) -> u64 {
        self.begun.unwrap_or(self.line)
    }

    /// Counts a piece that has no line end but its last byte.
    fn count(&mut self, piece: &[u8]) {
        let (Some(&first), Some(&last)) = (piece.first(), piece.last()) else { return };
        if !is_line_end(first) {
            self.begun.get_or_insert(self.line);
        }
        let is_rest_of_crlf = self.after_cr && first == b'\n';
        if is_line_end(last) && !is_rest_of_crlf {
            self.line += 1;
        }
        self.after_cr = last == b'\r';
    }
}

impl<R: Read> Read for Numbered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let ahead = self.source.fill_buf()?;
        let most = ahead.len().min(buffer.len());
        let taken = ahead[..most].iter().position(|byte| is_line_end(*byte)).map_or(most, |place| place + 1);
        buffer[..taken].copy_from_slice(&ahead[..taken]);
        self.source.consume(taken);
        self.count(&buffer[..taken]);
        Ok(taken)
    }
}

const fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}
