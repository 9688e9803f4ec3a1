//! Filters as they come in a URL.

use std::fmt;
use std::str::FromStr;

use events::customer::LoyaltyTier;

use super::CustomerFilter;

/// What customers can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrderField {
    /// By name, without regard to case.
    Name,
    /// By the time when they were entered.
    CreatedAt,
    /// By the balance of points.
    LoyaltyPoints,
    /// By the number of orders.
    TotalOrders,
    /// By the amount spent.
    TotalSpent,
    /// By the time of the last order; who never ordered stands before all who did.
    LastOrderDate,
}

impl OrderField {
    /// Every field there is.
    pub const ALL: [Self; 6] =
        [Self::Name, Self::CreatedAt, Self::LoyaltyPoints, Self::TotalOrders, Self::TotalSpent, Self::LastOrderDate];

    /// The name in a URL.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::CreatedAt => "created_at",
            Self::LoyaltyPoints => "loyalty_points",
            Self::TotalOrders => "total_orders",
            Self::TotalSpent => "total_spent",
            Self::LastOrderDate => "last_order_date",
        }
    }
}

/// An order of customers. Among equals the one entered first comes first, or last when descending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ordering {
    /// By what.
    pub field: OrderField,
    /// Greatest first.
    pub descending: bool,
}

impl Ordering {
    /// The direction as SQL.
    pub(crate) const fn direction(self) -> &'static str {
        if self.descending { "DESC" } else { "ASC" }
    }
}

impl Default for Ordering {
    /// Newest first (spec 002).
    fn default() -> Self {
        Self { field: OrderField::CreatedAt, descending: true }
    }
}

impl fmt::Display for Ordering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.descending { "-" } else { "" }, self.field.name())
    }
}

impl FromStr for Ordering {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        let (descending, name) = text.strip_prefix('-').map_or((false, text), |name| (true, name));
        let field = OrderField::ALL.into_iter().find(|field| field.name() == name).ok_or(FilterError::Ordering)?;
        Ok(Self { field, descending })
    }
}

/// Why a filter cannot be. The message lists what can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// There is no such order.
    #[error(
        "ordering is one of name, created_at, loyalty_points, total_orders, total_spent, last_order_date, each also with '-' before it"
    )]
    Ordering,
    /// There is no such tier.
    #[error("loyalty_level is one of bronze, silver, gold, platinum")]
    LoyaltyLevel,
    /// It is neither true nor false.
    #[error("is_active is true or false")]
    IsActive,
    /// Nobody means a search text as long as that.
    #[error("search has at most {MAX_SEARCH_CHARS} characters and {MAX_SEARCH_TERMS} words")]
    Search,
}

impl FilterError {
    /// The parameter that is wrong.
    #[must_use]
    pub const fn parameter(self) -> &'static str {
        match self {
            Self::Ordering => "ordering",
            Self::LoyaltyLevel => "loyalty_level",
            Self::IsActive => "is_active",
            Self::Search => "search",
        }
    }
}

/// The longest search text, in characters.
const MAX_SEARCH_CHARS: usize = 200;
/// The most words of a search text.
const MAX_SEARCH_TERMS: usize = 16;

/// The parameters of a list as they stand in a URL; an empty one is as good as none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FilterParams<'a> {
    /// Words to look for in name, email and phone.
    pub search: Option<&'a str>,
    /// `true` or `false`.
    pub is_active: Option<&'a str>,
    /// A tier, in any case.
    pub loyalty_level: Option<&'a str>,
    /// A city, exactly.
    pub city: Option<&'a str>,
    /// A province, exactly.
    pub province: Option<&'a str>,
    /// A field, with `-` before it for descending.
    pub ordering: Option<&'a str>,
}

impl FilterParams<'_> {
    /// The filter that they mean.
    ///
    /// # Errors
    /// When a value is none that its parameter takes.
    pub fn parse(&self) -> Result<CustomerFilter, FilterError> {
        let given = |text: Option<&str>| text.filter(|text| !text.trim().is_empty()).map(str::to_owned);
        Ok(CustomerFilter {
            search: given(self.search).map(check_search).transpose()?,
            is_active: given(self.is_active).as_deref().map(|text| parse_flag(text).ok_or(FilterError::IsActive)).transpose()?,
            loyalty_level: given(self.loyalty_level).as_deref().map(parse_tier).transpose()?,
            city: given(self.city),
            province: given(self.province),
            ordering: given(self.ordering).as_deref().map_or_else(|| Ok(Ordering::default()), str::parse)?,
        })
    }
}

fn check_search(text: String) -> Result<String, FilterError> {
    let too_much = text.chars().count() > MAX_SEARCH_CHARS || text.split_whitespace().count() > MAX_SEARCH_TERMS;
    if too_much { Err(FilterError::Search) } else { Ok(text) }
}

/// What a text says that is true or false: `true` and `false` in any case, `1` and `0`.
#[must_use]
pub fn parse_flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

fn parse_tier(text: &str) -> Result<LoyaltyTier, FilterError> {
    LoyaltyTier::ALL.into_iter().find(|tier| tier.name().eq_ignore_ascii_case(text)).ok_or(FilterError::LoyaltyLevel)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_is_read_as_it_is_written() {
        for field in OrderField::ALL {
            for descending in [false, true] {
                let ordering = Ordering { field, descending };
                assert_eq!(ordering.to_string().parse(), Ok(ordering));
            }
        }
    }

    #[test]
    fn what_is_no_filter_is_refused_with_what_would_be_one() {
        for text in [";drop", "--name", "-", "id", "name,created_at", "NAME"] {
            assert_eq!(text.parse::<Ordering>(), Err(FilterError::Ordering), "{text:?}");
        }
        let tier = FilterParams { loyalty_level: Some("diamond"), ..FilterParams::default() };
        assert_eq!(tier.parse(), Err(FilterError::LoyaltyLevel));
        let active = FilterParams { is_active: Some("maybe"), ..FilterParams::default() };
        assert_eq!(active.parse(), Err(FilterError::IsActive));
        let long = "x".repeat(201);
        let search = FilterParams { search: Some(&long), ..FilterParams::default() };
        assert_eq!(search.parse(), Err(FilterError::Search));
        assert!(FilterError::Ordering.to_string().contains("last_order_date"));
    }

    #[test]
    fn empty_parameters_are_none_and_tiers_are_read_in_any_case() {
        let params = FilterParams { search: Some("  "), city: Some(""), loyalty_level: Some("GOLD"), ..FilterParams::default() };
        let filter = params.parse().expect("a filter");
        assert_eq!(filter, CustomerFilter { loyalty_level: Some(LoyaltyTier::Gold), ..CustomerFilter::default() });
    }
}
