//! What was measured, as a table for people and as JSON for programs.

use std::fmt;

use serde::Serialize;

use super::load::Measured;

/// One figure.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    /// What it belongs to.
    pub group: &'static str,
    /// What was measured.
    pub what: String,
    /// The value.
    pub value: f64,
    /// What the value is in.
    pub unit: &'static str,
    /// The median answer in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p50_ms: Option<f64>,
    /// What 99 of 100 answers kept to, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p99_ms: Option<f64>,
    /// What it is measured against.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beside: Option<f64>,
    /// What to reach, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goal: Option<String>,
    /// Whether it was reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reached: Option<bool>,
}

impl Figure {
    /// A plain value.
    pub fn new(group: &'static str, what: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { group, what: what.into(), value, unit, p50_ms: None, p99_ms: None, beside: None, goal: None, reached: None }
    }

    /// A rate with the times of its answers.
    pub fn rate(group: &'static str, what: impl Into<String>, measured: &Measured) -> Self {
        let figure = Self::new(group, what, measured.rate(), "/s");
        Self { p50_ms: Some(measured.millis(0.5)), p99_ms: Some(measured.millis(0.99)), ..figure }
    }

    /// With what it is measured against.
    pub fn beside(self, beside: f64) -> Self {
        Self { beside: Some(beside), ..self }
    }

    /// With a goal: at least this.
    pub fn at_least(self, least: f64, goal: impl Into<String>) -> Self {
        let reached = self.value >= least;
        Self { goal: Some(goal.into()), reached: Some(reached), ..self }
    }

    /// With a goal: at most this.
    pub fn at_most(self, most: f64, goal: impl Into<String>) -> Self {
        let reached = self.value <= most;
        Self { goal: Some(goal.into()), reached: Some(reached), ..self }
    }
}

/// All figures of a run.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// In the order in which they were measured.
    pub figures: Vec<Figure>,
}

impl Report {
    /// Adds a figure.
    pub fn add(&mut self, figure: Figure) {
        self.figures.push(figure);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut group = "";
        for figure in &self.figures {
            if figure.group != group {
                group = figure.group;
                writeln!(f, "\n{group:<46} {:>14} {:>9} {:>9} {:>10}  goal", "value", "p50 ms", "p99 ms", "beside")?;
            }
            let value = format!("{} {}", number(figure.value), figure.unit);
            let time = |time: Option<f64>| time.map(|ms| format!("{ms:.2}")).unwrap_or_default();
            let beside = figure.beside.map(number).unwrap_or_default();
            let goal = figure.goal.as_deref().unwrap_or_default();
            let reached = match figure.reached {
                Some(true) => "  reached",
                Some(false) => "  NOT REACHED",
                None => "",
            };
            let (p50, p99) = (time(figure.p50_ms), time(figure.p99_ms));
            writeln!(f, "  {:<44} {value:>14} {p50:>9} {p99:>9} {beside:>10}  {goal}{reached}", figure.what)?;
        }
        Ok(())
    }
}

/// A number with as many digits as mean something, in groups of three.
fn number(value: f64) -> String {
    if value < 100.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{value:.0}");
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!((number(1_234_567.4), number(999.6), number(12.34)), ("1,234,567".into(), "1,000".into(), "12.3".into()));
    }

    #[test]
    fn a_goal_says_whether_it_was_reached() {
        let figure = Figure::new("speed", "import", 61.0, "s").at_most(60.0, "at most 60 s");
        assert_eq!(figure.reached, Some(false));
        assert!(Report { figures: vec![figure] }.to_string().contains("NOT REACHED"));
    }
}
