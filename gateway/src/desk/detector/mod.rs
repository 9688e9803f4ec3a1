//! Whether a customer's message asks for a person.
//!
//! - [`Detector`]: what is asked; it answers always, and says who knew
//! - [`local`]: knows by itself, in English, Spanish, German, French, Indonesian and Arabic: [`normal`] → [`words`] and [`lexicon`] → [`features`] → [`linear`],
//!   learnt from the [`labelled`] messages
//! - [`remote`]: asks a language model, where one is configured
//!
//! How good the local one is: see [`local`].

mod features;
pub mod labelled;
mod lexicon;
mod linear;
pub mod local;
mod normal;
pub mod remote;
mod words;

use local::Local;
use remote::{Remote, RemoteError, RemoteOptions};

/// Who found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The one that works by itself.
    Local,
    /// The language model that is configured.
    Remote,
}

impl Source {
    /// The name that events and metrics show.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Remote => "remote",
        }
    }
}

/// What was found out about a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// Whether it asks for a person.
    pub asks: bool,
    /// Who found out.
    pub by: Source,
}

/// Tells whether messages ask for a person.
#[derive(Debug)]
pub struct Detector {
    remote: Option<Remote>,
}

impl Detector {
    /// The language model, if one is configured, and behind it the local detector.
    pub fn new(remote: Option<RemoteOptions>) -> Result<Self, RemoteError> {
        // It learns while the process starts, so that nobody waits for it.
        std::thread::spawn(Local::shared);
        Ok(Self { remote: remote.map(Remote::new).transpose()? })
    }

    /// Whether a message asks for a person. A remote detector that fails is passed over: log and metrics say so, without a word of the message.
    pub async fn examine(&self, message: &str) -> Finding {
        let finding = match self.ask(message).await {
            Some(asks) => Finding { asks, by: Source::Remote },
            None => Finding { asks: Local::shared().asks_for_a_person(message), by: Source::Local },
        };
        let asks = if finding.asks { "yes" } else { "no" };
        metrics::counter!("kith_detector_answers_total", "by" => finding.by.name(), "asks" => asks).increment(1);
        finding
    }

    /// What the remote detector says; `None` where there is none, or it failed.
    async fn ask(&self, message: &str) -> Option<bool> {
        match self.remote.as_ref()?.ask(message).await {
            Ok(asks) => Some(asks),
            Err(failure) => {
                tracing::warn!(reason = failure.reason(), error = %failure, "the remote detector failed, the local one answers");
                metrics::counter!("kith_detector_failures_total", "reason" => failure.reason()).increment(1);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests;
