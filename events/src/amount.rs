//! Money: whole minor units, never floats.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An amount of money in hundredths of the currency's unit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amount(i64);

/// Why a text is not an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an amount is a number from 0 to 9999999999.99 with at most two decimals")]
pub struct AmountError;

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The greatest amount: 12 digits, two of them decimals (spec 002, "Database Schema").
    pub const MAX: Self = Self(999_999_999_999);

    /// An amount of so many hundredths.
    ///
    /// # Errors
    /// When it is negative or above [`Amount::MAX`].
    pub fn from_minor(minor: i64) -> Result<Self, AmountError> {
        if (0..=Self::MAX.0).contains(&minor) { Ok(Self(minor)) } else { Err(AmountError) }
    }

    /// The amount in hundredths.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.0
    }

    /// The sum, or `None` when it would pass [`Amount::MAX`].
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Self::from_minor(self.0.checked_add(other.0)?).ok()
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl FromStr for Amount {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(decimals) || decimals.len() > 2 {
            return Err(AmountError);
        }
        let whole: i64 = whole.parse().map_err(|_| AmountError)?;
        let hundredths: i64 = format!("{decimals:0<2}").parse().map_err(|_| AmountError)?;
        Self::from_minor(whole.checked_mul(100).and_then(|w| w.checked_add(hundredths)).ok_or(AmountError)?)
    }
}

/// An ISO 4217 currency code, such as `IDR`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(String);

/// Why a text is not a currency code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a currency is three capital letters, such as USD")]
pub struct CurrencyError;

impl Currency {
    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Currency {
    fn default() -> Self {
        Self("USD".to_owned())
    }
}

impl TryFrom<String> for Currency {
    type Error = CurrencyError;

    fn try_from(text: String) -> Result<Self, CurrencyError> {
        if text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase()) { Ok(Self(text)) } else { Err(CurrencyError) }
    }
}

impl FromStr for Currency {
    type Err = CurrencyError;

    fn from_str(text: &str) -> Result<Self, CurrencyError> {
        text.to_owned().try_into()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_amount_is_exact_to_the_cent(minor in 0..=Amount::MAX.minor()) {
            let amount = Amount::from_minor(minor).expect("in range");
            prop_assert_eq!(amount.to_string().parse::<Amount>(), Ok(amount));
        }
    }

    #[test]
    fn what_is_not_an_amount_is_refused() {
        for text in ["", "-1", "1.234", "1e3", "NaN", "1.", ".5", "10000000000.00", "+1", "99999999999999999999"] {
            assert_eq!(text.parse::<Amount>(), Err(AmountError), "{text:?}");
        }
        assert_eq!("2500000.5".parse::<Amount>().map(Amount::minor), Ok(250_000_050));
    }
}
