//! Stretches of a conversation that figures are made of: requests for a person, waits, help, and ratings.

use chrono::{DateTime, Utc};

use crate::customer_history::Moment;

/// The time at which what lasts ends.
pub const OPEN_TIME: i64 = i64::MAX;

/// What a stretch is, in the order of the numbers in tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// From the stop flag on to the stop flag off.
    Request,
    /// The stop flag is on and nobody handles the conversation.
    Wait,
    /// One agent handles the conversation.
    Help,
    /// The customer said how good the help was: no stretch, but a moment.
    Rating,
}

impl Kind {
    /// Every kind, in the order of their numbers in tables.
    pub const ALL: [Self; 4] = [Self::Request, Self::Wait, Self::Help, Self::Rating];

    /// The number in tables.
    #[must_use]
    pub const fn number(self) -> i64 {
        self as i64
    }
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// An agent handled the conversation up to the end.
    Helped,
    /// Nobody handled it when it ended.
    Abandoned,
}

impl Outcome {
    /// The name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Helped => "helped",
            Self::Abandoned => "abandoned",
        }
    }
}

/// A moment in the log and its time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The moment.
    pub moment: Moment,
    /// The time.
    pub at: DateTime<Utc>,
}

/// A stretch.
#[derive(Debug, Clone, PartialEq)]
pub struct Spell {
    /// What it is.
    pub kind: Kind,
    /// Since when.
    pub started: Point,
    /// Until when; `None`: it lasts.
    pub ended: Option<Point>,
    /// When the first agent came to a request; `None`: nobody did, or it is no request.
    pub answered: Option<Point>,
    /// Who helped, who came to a request first, or who is rated; empty where nobody is.
    pub agent: String,
    /// Who handled a request last; empty where nobody did.
    pub closer: String,
    /// Why it began: the name of the cause of the request or of the assignment; empty for others.
    pub cause: String,
    /// How it ended: the name of an [`Outcome`], or of the cause of the unassignment; empty where it has not, and for others.
    pub outcome: String,
    /// The rating, from 1 to 5; else 0.
    pub score: u8,
}

impl Spell {
    /// One that begins.
    #[must_use]
    pub fn new(kind: Kind, started: Point, cause: &str) -> Self {
        let (agent, closer, cause, outcome) = (String::new(), String::new(), cause.to_owned(), String::new());
        Self { kind, started, ended: None, answered: None, agent, closer, cause, outcome, score: 0 }
    }
}
