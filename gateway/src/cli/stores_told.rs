//! What `kith rebuild` and `kith verify` tell: progress while they run, rows that differ as they are found, a line per projection.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use gateway::words::{be, counted};
use indicatif::{ProgressBar, ProgressStyle};
use projections::rebuild::{Difference, Outcome as Rebuilt, Since, Stage, Told, What, Witness};

use super::Outcome;

/// Without a terminal: a line after so long.
const TELL_EVERY: Duration = Duration::from_secs(5);
const STYLE: &str = "{wide_bar} {percent:>3} %  {msg}  about {eta} left";

/// Tells what a job does.
pub struct Telling {
    values: bool,
    bar: Option<ProgressBar>,
    begin: Instant,
    told: Instant,
    filled: Option<(u64, Duration)>,
}

impl Telling {
    /// Begins; `values` shows what differing columns hold.
    pub fn new(values: bool) -> Self {
        let bar = stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template(STYLE).unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(0).with_style(style)
        });
        Self { values, bar, begin: Instant::now(), told: Instant::now(), filled: None }
    }

    /// Tells how it ended: standard output has a line per projection.
    pub fn finish(self, outcomes: &[Rebuilt]) -> Outcome {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        let mut outcome = Outcome::Done;
        for one in outcomes {
            let said = match (one.rows, one.differences) {
                (None, _) => "not compared: the tables that are read are ahead of this log".to_owned(),
                (Some(rows), 0) => format!("{} {} what the log says", counted(rows, "row"), be(rows)),
                (Some(rows), differences) => {
                    format!("{differences} of {} {} NOT what the log says", counted(rows, "row"), be(differences))
                }
            };
            let read = one.generation.map_or_else(String::new, |generation| format!("; generation {generation} is read now"));
            println!("{}: {}, {said}{read}", one.projection, counted(one.events, "event"));
            if one.rows.is_none() || one.differences > 0 {
                outcome = Outcome::Partly;
            }
        }
        if let Some((folded, took)) = self.filled {
            let folding = counted(folded, "event");
            println!("{folding} in {:.1} s ({:.0} events/s)", took.as_secs_f64(), rate(folded, took));
        }
        outcome
    }

    fn line(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.println(text),
            None => eprintln!("{text}"),
        }
    }
}

impl Witness for Telling {
    fn progress(&mut self, told: Told) {
        let doing = match told.stage {
            Stage::Fills => {
                let took = self.begin.elapsed();
                self.filled = Some((told.folded, took));
                format!("{}, {:.0}/s", counted(told.folded, "event"), rate(told.folded, took))
            }
            Stage::Compares(projection) => format!("compares {projection}"),
        };
        match &self.bar {
            Some(bar) => {
                bar.set_length(told.of);
                bar.set_position(told.read);
                bar.set_message(doing);
            }
            None if self.told.elapsed() >= TELL_EVERY => {
                self.told = Instant::now();
                eprintln!("{} of {}: {doing}", told.read, counted(told.of, "position"));
            }
            None => {}
        }
    }

    fn differs(&mut self, difference: &Difference) {
        let key: Vec<String> = difference.key.iter().map(|(column, value)| format!(" {column}={value}")).collect();
        let (what, since) = (what(&difference.what, self.values), since(difference.since));
        self.line(&format!("{}: {}{}: {what} ({since})", difference.projection, difference.table, key.concat()));
    }
}

fn what(what: &What, values: bool) -> String {
    match what {
        What::Missing => "is missing".to_owned(),
        What::Needless => "should not be there".to_owned(),
        What::Columns(columns) if values => {
            let shown = |(column, stored, by_log): &_| format!("{column} is {stored} and should be {by_log}");
            columns.iter().map(shown).collect::<Vec<String>>().join(", ")
        }
        What::Columns(columns) => {
            let names: Vec<&str> = columns.iter().map(|(column, _, _)| *column).collect();
            format!("differs in {}", names.join(", "))
        }
        What::Terms { missing, needless } => {
            format!("lacks {} of terms, and has {needless} that should not be there", counted(*missing, "place"))
        }
        What::Damaged(fault) => format!("cannot be searched: {fault}"),
    }
}

/// From where on in the log. Where nothing tells that, it is said, and not left out.
fn since(since: Since) -> String {
    match since {
        Since::Position(position) => format!("position {position}"),
        Since::Untold { others: Some(position) } => {
            format!("position unknown: nothing here tells it; other rows differ from position {position} on")
        }
        Since::Untold { others: None } => "position unknown: nothing that differs tells it".to_owned(),
    }
}

fn rate(events: u64, took: Duration) -> f64 {
    events as f64 / took.as_secs_f64().max(0.001)
}
