//! What a customer is to a provider, in a word (spec 003, "Customer Data Processing").

/// The version of the rule that [`CustomerStatus::of`] is.
pub const STATUS_RULE: i64 = 1;

/// So many bookings make a regular customer.
pub const REGULAR_FROM: i64 = 5;

/// What a customer is to a provider. What the provider said counts before what the customer did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CustomerStatus {
    /// Booked once, or never yet.
    New,
    /// Booked more than once.
    Returning,
    /// Booked [`REGULAR_FROM`] times or more.
    Regular,
    /// The provider's favourite.
    Favorite,
    /// The provider takes no bookings.
    Blocked,
}

impl CustomerStatus {
    /// Every status there is, in the order of their numbers in tables.
    pub const ALL: [Self; 5] = [Self::New, Self::Returning, Self::Regular, Self::Favorite, Self::Blocked];

    /// The status that the rule gives.
    #[must_use]
    pub const fn of(bookings: i64, is_favourite: bool, is_blocked: bool) -> Self {
        if is_blocked {
            Self::Blocked
        } else if is_favourite {
            Self::Favorite
        } else if bookings >= REGULAR_FROM {
            Self::Regular
        } else if bookings > 1 {
            Self::Returning
        } else {
            Self::New
        }
    }

    /// The name in every API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Returning => "returning",
            Self::Regular => "regular",
            Self::Favorite => "favorite",
            Self::Blocked => "blocked",
        }
    }

    /// The number in tables.
    #[must_use]
    pub const fn number(self) -> i64 {
        self as i64
    }
}

#[cfg(test)]
mod tests {
    use super::CustomerStatus as Status;

    #[test]
    fn what_the_provider_said_counts_first() {
        let by_bookings: Vec<_> = [0, 1, 2, 4, 5, 100].map(|bookings| Status::of(bookings, false, false)).to_vec();
        let expected = [Status::New, Status::New, Status::Returning, Status::Returning, Status::Regular, Status::Regular];
        assert_eq!(by_bookings, expected);
        assert_eq!(Status::of(9, true, false), Status::Favorite);
        assert_eq!(Status::of(9, true, true), Status::Blocked);
    }
}
