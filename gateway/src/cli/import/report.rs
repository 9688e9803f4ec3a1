//! What an import tells: progress while it runs, refused rows as they come, counts at the end.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write, stderr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use commands::ImportOutcome;
use gateway::words::counted;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::super::{CliError, Outcome};
use super::blocks::Key;

/// Without a terminal: a line after so many rows.
const TELL_EVERY: u64 = 50_000;
const STYLE: &str = "{wide_bar} {percent:>3} %  {msg}  about {eta} left";

/// Counts what became of the rows, and tells.
pub struct Report {
    file: PathBuf,
    out: Option<(PathBuf, BufWriter<File>)>,
    bar: Option<ProgressBar>,
    // The first line of every email address that is in.
    lines: HashMap<u64, u64>,
    created: u64,
    there: u64,
    refused: u64,
    withheld: u64,
    told: u64,
}

impl Report {
    /// About a file of this size; refused rows go to `out`, else to standard error.
    pub fn new(file: &Path, out: Option<&Path>, bytes: u64) -> Result<Self, CliError> {
        let create = |path: &Path| {
            let created = File::create(path).map_err(|source| unwritable(path, source))?;
            Ok::<_, CliError>((path.to_owned(), BufWriter::new(created)))
        };
        let bar = stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template(STYLE).unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(bytes).with_style(style)
        });
        let out = out.map(create).transpose()?;
        let (file, lines) = (file.to_owned(), HashMap::new());
        Ok(Self { file, out, bar, lines, created: 0, there: 0, refused: 0, withheld: 0, told: 0 })
    }

    /// Counts a row that came to the log.
    pub fn count(&mut self, key: Key, outcome: ImportOutcome) -> Result<(), CliError> {
        match outcome {
            ImportOutcome::Created(_) => {
                self.created += 1;
                self.lines.insert(key.email, key.line);
            }
            ImportOutcome::AlreadyExists => match self.lines.get(&key.email) {
                Some(first) => {
                    let reason = format!("email: Customer with this email already exists, from line {first}");
                    return self.refuse(key.line, &reason);
                }
                None => {
                    self.there += 1;
                    self.lines.insert(key.email, key.line);
                }
            },
            ImportOutcome::Invalid(errors) => return self.refuse(key.line, &errors.to_string()),
            ImportOutcome::Withheld => self.withheld += 1,
        }
        Ok(())
    }

    /// Counts a row that is in: only now, or already.
    pub const fn settled(&mut self, is_new: bool) {
        if is_new {
            self.created += 1;
        } else {
            self.there += 1;
        }
    }

    /// Tells of a row that cannot go in.
    pub fn refuse(&mut self, line: u64, reason: &str) -> Result<(), CliError> {
        self.refused += 1;
        let text = format!("{}:{line}: {reason}", self.file.display());
        match (&mut self.out, &self.bar) {
            (Some((path, out)), _) => writeln!(out, "{text}").map_err(|source| unwritable(path, source)),
            (None, Some(bar)) => {
                bar.println(text);
                Ok(())
            }
            (None, None) => {
                eprintln!("{text}");
                Ok(())
            }
        }
    }

    /// Counts rows that could have gone in, had not others been refused.
    pub fn withhold(&mut self, rows: usize) {
        self.withheld += rows as u64;
    }

    /// Tells how far it is.
    pub fn progress(&mut self, read_bytes: u64, elapsed: Duration) {
        let text = format!("{}, {:.0}/s", counted(self.rows(), "row"), self.rate(elapsed));
        match &self.bar {
            Some(bar) => {
                bar.set_position(read_bytes);
                bar.set_message(text);
            }
            None if self.rows() >= self.told + TELL_EVERY => {
                self.told = self.rows();
                eprintln!("{text}");
            }
            None => {}
        }
    }

    /// Tells how it ended.
    pub fn finish(mut self, elapsed: Duration, as_json: bool) -> Result<Outcome, CliError> {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        if let Some((path, out)) = &mut self.out {
            out.flush().map_err(|source| unwritable(path, source))?;
        }
        let (created, there, refused, withheld) = (self.created, self.there, self.refused, self.withheld);
        if as_json {
            println!("{}", json!({"created": created, "already_there": there, "refused": refused, "withheld": withheld}));
        } else {
            let held =
                if withheld > 0 { format!(", {withheld} withheld since all or none were to go in") } else { String::new() };
            let (seconds, rate) = (elapsed.as_secs_f64(), self.rate(elapsed));
            println!("{created} created, {there} already there, {refused} refused{held} in {seconds:.1} s ({rate:.0} rows/s)");
        }
        Ok(if refused + withheld == 0 { Outcome::Done } else { Outcome::Partly })
    }

    const fn rows(&self) -> u64 {
        self.created + self.there + self.refused + self.withheld
    }

    fn rate(&self, elapsed: Duration) -> f64 {
        self.rows() as f64 / elapsed.as_secs_f64().max(0.001)
    }
}

fn unwritable(path: &Path, source: std::io::Error) -> CliError {
    CliError::File { path: path.to_owned(), verb: "written", source }
}
