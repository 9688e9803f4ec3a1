//! Where a page is: the days that its rows are of, as the counts that are kept tell.
//!
//! A page is found by walking an index. That is long where a page is deep, or where what is asked for is all old. Then the counts
//! by day are added up first, and only the days of the page are walked.

use chrono::{DateTime, Utc};
use projections::audit_trail::counts::DAY_MICROS;

use super::filter::{Bounds, Order};

/// The days of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The first day.
    pub first: i64,
    /// The last day.
    pub last: i64,
    /// How many rows of these days stand before the page.
    pub offset: u64,
}

impl Stretch {
    /// The days that have the rows behind the first `offset` ones, `size` of them. `days` are days with their numbers of rows,
    /// oldest first. `None` where there are no such rows.
    pub fn of(days: &[(i64, u64)], order: Order, offset: u64, size: u64) -> Option<Self> {
        match order {
            Order::NewestFirst => Self::along(days.iter().rev(), offset, size),
            Order::OldestFirst => Self::along(days.iter(), offset, size),
        }
    }

    fn along<'d>(days: impl Iterator<Item = &'d (i64, u64)>, offset: u64, size: u64) -> Option<Self> {
        let mut stretch: Option<Self> = None;
        let mut before = 0_u64;
        for (day, rows) in days.filter(|(_, rows)| *rows > 0) {
            let behind = before + rows;
            if behind > offset {
                let found = stretch.get_or_insert_with(|| Self { first: *day, last: *day, offset: offset - before });
                (found.first, found.last) = (found.first.min(*day), found.last.max(*day));
            }
            if behind >= offset.saturating_add(size) {
                break;
            }
            before = behind;
        }
        stretch
    }

    /// Bounds that are no wider than these and no wider than the days.
    pub fn within(self, bounds: Bounds) -> Bounds {
        let time = |micros: i64| DateTime::<Utc>::from_timestamp_micros(micros);
        let (start, end) = (time(self.first * DAY_MICROS), time((self.last + 1) * DAY_MICROS - 1));
        Bounds { from: bounds.from.max(start), until: bounds.until.into_iter().chain(end).min(), up_to: bounds.up_to }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Walking the days of the stretch from its offset gives the rows that walking all days gives.
        #[test]
        fn a_page_is_on_the_days_of_its_stretch(
            rows in proptest::collection::vec(0..4_u64, 0..12),
            offset in 0..20_u64,
            size in 1..6_u64,
            newest_first in any::<bool>(),
        ) {
            let days: Vec<(i64, u64)> = (100..).zip(rows).collect();
            let order = if newest_first { Order::NewestFirst } else { Order::OldestFirst };
            let walk = |days: &[(i64, u64)], offset: u64| {
                let mut each: Vec<i64> = days.iter().flat_map(|(day, rows)| (0..*rows).map(|_| *day)).collect();
                if newest_first {
                    each.reverse();
                }
                each.into_iter().skip(offset as usize).take(size as usize).collect::<Vec<_>>()
            };
            let page = walk(&days, offset);
            match Stretch::of(&days, order, offset, size) {
                None => prop_assert_eq!(page, Vec::<i64>::new()),
                Some(stretch) => {
                    let some: Vec<_> = days.into_iter().filter(|(day, _)| (stretch.first..=stretch.last).contains(day)).collect();
                    prop_assert_eq!(walk(&some, stretch.offset), page);
                    let before: u64 = some.iter().map(|(_, rows)| rows).sum();
                    let widest = some.iter().map(|(_, rows)| *rows).max().unwrap_or(0);
                    prop_assert!(before <= size + 2 * widest, "no day too many");
                }
            }
        }
    }
}
