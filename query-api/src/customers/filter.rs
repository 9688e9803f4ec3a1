//! The filter of the customer list, as a predicate on rows. The same filter becomes SQL in `plan.rs`.

use std::cmp;

use events::customer::LoyaltyTier;
use projections::customer::search;

use super::{CustomerRow, OrderField, Ordering};

/// Which customers, in which order. Every part that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerFilter {
    /// Words, each of which is contained in name, email or phone, without regard to case.
    pub search: Option<String>,
    /// Active or not.
    pub is_active: Option<bool>,
    /// In this tier.
    pub loyalty_level: Option<LoyaltyTier>,
    /// In this city, exactly.
    pub city: Option<String>,
    /// In this province, exactly.
    pub province: Option<String>,
    /// In this order.
    pub ordering: Ordering,
}

impl CustomerFilter {
    /// Whether the list has this row.
    #[must_use]
    pub fn matches(&self, row: &CustomerRow) -> bool {
        row.is_live()
            && self.is_active.is_none_or(|wanted| row.is_active == wanted)
            && self.loyalty_level.is_none_or(|wanted| row.tier() == wanted)
            && self.city.as_ref().is_none_or(|wanted| &row.profile.city == wanted)
            && self.province.as_ref().is_none_or(|wanted| &row.profile.province == wanted)
            && self.matches_search(row)
    }

    /// How two rows of the list stand to each other.
    #[must_use]
    pub fn compare(&self, a: &CustomerRow, b: &CustomerRow) -> cmp::Ordering {
        let by_field = match self.ordering.field {
            OrderField::Name => a.name_key().cmp(&b.name_key()),
            OrderField::CreatedAt => a.created_at.cmp(&b.created_at),
            OrderField::LoyaltyPoints => a.loyalty_points.cmp(&b.loyalty_points),
            OrderField::TotalOrders => a.total_orders.cmp(&b.total_orders),
            OrderField::TotalSpent => a.total_spent.cmp(&b.total_spent),
            OrderField::LastOrderDate => a.last_order_at.cmp(&b.last_order_at),
        };
        let ascending = by_field.then(a.no.cmp(&b.no));
        if self.ordering.descending { ascending.reverse() } else { ascending }
    }

    /// The words to look for, folded.
    pub(super) fn terms(&self) -> Vec<String> {
        self.search.as_deref().map(search::terms).unwrap_or_default()
    }

    fn matches_search(&self, row: &CustomerRow) -> bool {
        let terms = self.terms();
        if terms.is_empty() {
            return true;
        }
        let text = row.search_text();
        terms.iter().all(|term| text.contains(term.as_str()))
    }
}
