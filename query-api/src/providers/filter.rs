//! Which customers of providers, and in which order.

use events::UserId;
use projections::bookings::{CustomerStatus, RelationRow};
use projections::customer::search;

/// Whose customers, bookings and services.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// One provider's.
    Provider(UserId),
    /// Those of all providers of the tenant.
    Tenant,
}

/// What customers of providers are ordered by (spec 003, "Search and Filtering").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RelationField {
    /// The name, without regard to case.
    Name,
    /// How many bookings.
    TotalBookings,
    /// What the completed bookings cost.
    TotalSpent,
    /// The average rating; who never rated is below everybody.
    AverageRating,
    /// When the first booking was made; who never booked is before everybody.
    FirstBooking,
    /// When the last booking was made; who never booked is before everybody.
    LastBooking,
}

impl RelationField {
    /// Every field there is.
    pub const ALL: [Self; 6] =
        [Self::Name, Self::TotalBookings, Self::TotalSpent, Self::AverageRating, Self::FirstBooking, Self::LastBooking];

    /// The name in every API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::TotalBookings => "total_bookings",
            Self::TotalSpent => "total_spent",
            Self::AverageRating => "average_rating",
            Self::FirstBooking => "first_booking_date",
            Self::LastBooking => "last_booking_date",
        }
    }

    /// The column.
    pub(super) const fn column(self) -> &'static str {
        match self {
            Self::Name => "name_key",
            Self::TotalBookings => "bookings",
            Self::TotalSpent => "spent",
            Self::AverageRating => "average_rating",
            Self::FirstBooking => "first_booking_at",
            Self::LastBooking => "last_booking_at",
        }
    }

    /// The index that has the rows of one provider in its order, and the one that has those of a tenant.
    const fn indexes(self) -> (&'static str, &'static str) {
        match self {
            Self::Name => ("relations_by_name", "tenant_relations_by_name"),
            Self::TotalBookings => ("relations_by_bookings", "tenant_relations_by_bookings"),
            Self::TotalSpent => ("relations_by_spent", "tenant_relations_by_spent"),
            Self::AverageRating => ("relations_by_rating", "tenant_relations_by_rating"),
            Self::FirstBooking => ("relations_by_first", "tenant_relations_by_first"),
            Self::LastBooking => ("relations_by_last", "tenant_relations_by_last"),
        }
    }
}

/// The order of a list. Rows that are equal in it stand in the order of their numbers, which goes the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RelationOrdering {
    /// By what.
    pub field: RelationField,
    /// Greatest first.
    pub descending: bool,
}

impl Default for RelationOrdering {
    fn default() -> Self {
        Self { field: RelationField::LastBooking, descending: true }
    }
}

/// Which customers of providers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelationFilter {
    /// Whose.
    pub whose: Whose,
    /// With this status.
    pub status: Option<CustomerStatus>,
    /// With all of these words in name, email or phone, without regard to case.
    pub search: String,
    /// In this order.
    pub ordering: RelationOrdering,
}

impl RelationFilter {
    /// All of them, the latest booking first.
    #[must_use]
    pub fn all(whose: Whose) -> Self {
        Self { whose, status: None, search: String::new(), ordering: RelationOrdering::default() }
    }

    /// Whether a row is let through: the same as the list says.
    #[must_use]
    pub fn matches(&self, row: &RelationRow) -> bool {
        let is_whose = match &self.whose {
            Whose::Provider(id) => row.provider == *id,
            Whose::Tenant => true,
        };
        let text = row.person.search_text();
        is_whose && self.status.is_none_or(|status| row.status() == status) && self.terms().iter().all(|term| text.contains(term))
    }

    /// Whether two versions of a customer stand at one place of the list.
    #[must_use]
    pub fn is_one_place(&self, one: &RelationRow, other: &RelationRow) -> bool {
        match self.ordering.field {
            RelationField::Name => one.person.name_key() == other.person.name_key(),
            RelationField::TotalBookings => one.bookings == other.bookings,
            RelationField::TotalSpent => one.spent == other.spent,
            RelationField::AverageRating => one.average_rating() == other.average_rating(),
            RelationField::FirstBooking => one.first_booking_at == other.first_booking_at,
            RelationField::LastBooking => one.last_booking_at == other.last_booking_at,
        }
    }

    /// The index that has the rows of whose they are in the order of the list.
    pub(super) const fn index(&self) -> &'static str {
        let (providers, tenants) = self.ordering.field.indexes();
        match self.whose {
            Whose::Provider(_) => providers,
            Whose::Tenant => tenants,
        }
    }

    /// The words that are searched for.
    pub(super) fn terms(&self) -> Vec<String> {
        search::terms(&self.search)
    }
}
