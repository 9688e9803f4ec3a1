//! The peaks of every list: where its greatest number grew. A page as of some moment begins below the peak of that moment,
//! however many greater numbers came later. Pure.

use std::collections::BTreeMap;

use events::TenantId;

use super::moment::Moment;
use super::orders::{Order, Stay};

/// From this moment on the greatest number of a list was this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peak {
    /// Whose list.
    pub tenant: TenantId,
    /// Which one.
    pub order: Order,
    /// Since when.
    pub at: Moment,
    /// The number.
    pub number: i64,
}

/// The greatest number of every list so far.
pub type Heights = BTreeMap<(TenantId, Order), i64>;

/// The peaks among stays in the order of the log, above what was greatest before them.
pub fn peaks<'a>(mut heights: Heights, stays: impl IntoIterator<Item = &'a Stay>) -> Vec<Peak> {
    let mut peaks = Vec::new();
    for stay in stays {
        let (order, number) = (stay.place.order, stay.place.number);
        // A list without a peak has no number but the least there is.
        let height = heights.entry((stay.tenant.clone(), order)).or_insert(i64::MIN);
        if order.peaks() == Some(order) && number > *height {
            *height = number;
            peaks.push(Peak { tenant: stay.tenant.clone(), order, at: stay.from, number });
        }
    }
    peaks
}

/// The numbers in the order of the log that are greater than all before them.
pub fn rising(mut height: i64, numbers: impl IntoIterator<Item = (Moment, i64)>) -> Vec<(Moment, i64)> {
    let mut rising = Vec::new();
    for (at, number) in numbers {
        if number > height {
            height = number;
            rising.push((at, number));
        }
    }
    rising
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_above_all_before_them_are_peaks() {
        let numbers = [(1, 5), (2, 5), (3, 9), (4, 7), (5, 10)].map(|(at, number)| (Moment(at), number));
        assert_eq!(rising(5, numbers), [(Moment(3), 9), (Moment(5), 10)]);
        assert_eq!(rising(i64::MIN, [(Moment(1), i64::MIN)]), []);
    }
}
