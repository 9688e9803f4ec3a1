//! How fast the past passes.

use std::str::FromStr;

/// How fast the past passes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Speed {
    /// As fast as it goes.
    Full,
    /// So many times as fast as it was.
    Times(f64),
}

/// Why a text is no speed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be full, real, or a number such as 10 for ten times as fast as it was")]
pub struct SpeedError;

impl FromStr for Speed {
    type Err = SpeedError;

    fn from_str(text: &str) -> Result<Self, SpeedError> {
        match text {
            "full" => Ok(Self::Full),
            "real" => Ok(Self::Times(1.0)),
            number => {
                let times = number
                    .strip_suffix('x')
                    .unwrap_or(number)
                    .parse()
                    .ok()
                    .filter(|times: &f64| times.is_finite() && *times > 0.0);
                times.map(Self::Times).ok_or(SpeedError)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speed_is_full_real_or_a_number() {
        for (text, speed) in
            [("full", Speed::Full), ("real", Speed::Times(1.0)), ("10", Speed::Times(10.0)), ("2.5x", Speed::Times(2.5))]
        {
            assert_eq!(text.parse(), Ok(speed));
        }
        for text in ["", "0", "-1", "fast", "inf", "NaN", "x", "2xx", "x2"] {
            assert_eq!(text.parse::<Speed>(), Err(SpeedError), "{text:?}");
        }
    }
}
