//! Why an answer was not taken, and whether another try is worth it.

use std::time::Duration;

use reqwest::StatusCode;

/// Why an answer was not taken. The words are for the people of the tenant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It may be taken later.
    #[error("{reason}")]
    Passing {
        /// What happened.
        reason: String,
        /// How long the channel asks to be left alone, where it does.
        wait: Option<Duration>,
    },
    /// It is not taken, however often it is tried.
    #[error("{0}")]
    Final(String),
}

impl Fault {
    /// The fault that a status is: what the channel may get over is passing, and what it says about the message is final.
    #[must_use]
    pub fn of_status(status: StatusCode, words: Option<&str>, wait: Option<Duration>) -> Self {
        let reason = match words {
            Some(words) => format!("The channel answered {}: {words}", status.as_u16()),
            None => format!("The channel answered {}.", status.as_u16()),
        };
        let is_passing =
            status.is_server_error() || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS);
        if is_passing { Self::Passing { reason, wait } } else { Self::Final(reason) }
    }

    /// The same fault of one part of several.
    #[must_use]
    pub fn of_part(self, number: usize, parts: usize) -> Self {
        if parts < 2 {
            return self;
        }
        let told = |reason| format!("Part {number} of {parts}: {reason}");
        match self {
            Self::Passing { reason, wait } => Self::Passing { reason: told(reason), wait },
            Self::Final(reason) => Self::Final(told(reason)),
        }
    }

    /// The same words as a fault that may pass.
    #[must_use]
    pub fn passing(self, wait: Option<Duration>) -> Self {
        match self {
            Self::Final(reason) => Self::Passing { reason, wait },
            Self::Passing { .. } => self,
        }
    }
}

impl From<reqwest::Error> for Fault {
    fn from(error: reqwest::Error) -> Self {
        let reason = if error.is_timeout() {
            "The channel did not answer in time."
        } else if error.is_connect() {
            "The channel cannot be reached."
        } else {
            "The connection to the channel broke."
        };
        Self::Passing { reason: reason.to_owned(), wait: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_channel_may_get_over_is_tried_again() {
        let is_passing = |code: u16| {
            let status = StatusCode::from_u16(code).expect("a status");
            matches!(Fault::of_status(status, None, None), Fault::Passing { .. })
        };
        for code in [408, 429, 500, 502, 503, 504] {
            assert!(is_passing(code), "{code}");
        }
        for code in [301, 302, 400, 401, 403, 404, 410, 422] {
            assert!(!is_passing(code), "{code}");
        }
    }
}
