//! Believable customers: the same ones for the same number, whoever asks.

use chrono::{DateTime, Duration, Utc};
use events::Amount;
use events::customer::{Imported, Profile};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use super::words::{BONUSES, DOMAINS, FIRST, LAST, NOTES, STREETS, TOWNS, Town};

/// Makes these customers and no others.
const SEED: u64 = 0x6B69_7468;
/// An order earns one point for every full such amount, in rupiah.
pub const RUPIAH_PER_POINT: i64 = 10_000;

/// A customer of the demo: a past that is imported, and what happens after it.
pub struct Person {
    /// Who it is and what was before.
    pub past: Imported,
    /// Points given or taken by hand, with the reason.
    pub bonus: Option<(i64, &'static str)>,
    /// Orders placed since: what was paid, and when.
    pub orders: Vec<(Amount, DateTime<Utc>)>,
}

/// The customer with this number, as seen at `now`.
pub fn person(number: u64, now: DateTime<Utc>) -> Person {
    let mut random = StdRng::seed_from_u64(SEED ^ number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let profile = profile(number, &mut random);
    let age_days = random.random_range(20..1_400);
    let created_at = now - Duration::days(age_days) - Duration::seconds(random.random_range(0..86_400));
    let total_orders = past_orders(&mut random).min(age_days);
    let total_spent: i64 = (0..total_orders).map(|_| rupiah(&mut random)).sum();
    let last_order_at = (total_orders > 0).then(|| now - Duration::seconds(random.random_range(86_400 * 14..86_400 * 20)));
    let earned = total_spent / RUPIAH_PER_POINT;
    let redeemed = earned * random.random_range(0..60) / 100;
    let past = Imported {
        profile,
        is_active: random.random_ratio(93, 100),
        loyalty_points: earned - redeemed,
        total_orders,
        total_spent: amount(total_spent),
        created_at,
        last_order_at,
    };
    let orders = if past.is_active { recent_orders(&mut random, now) } else { Vec::new() };
    let bonus = random.random_ratio(1, 8).then(|| pick(&BONUSES, &mut random));
    Person { past, bonus, orders }
}

fn profile(number: u64, random: &mut StdRng) -> Profile {
    let (first, last) = match number {
        0 => ("John", "Doe"),
        1 => ("Jane", "Smith"),
        _ => (pick(&FIRST, random), pick(&LAST, random)),
    };
    let email = match number {
        0 => "john@example.com".to_owned(),
        1 => "jane@example.com".to_owned(),
        _ => format!("{first}.{last}{number}@{}", pick(&DOMAINS, random)).to_lowercase(),
    };
    let town = home(random);
    Profile {
        name: format!("{first} {last}"),
        email,
        phone: format!("08{}", random.random_range(100_000_000_u64..1_000_000_000)),
        address: format!("{} No. {}", pick(&STREETS, random), random.random_range(1..300)),
        city: town.city.to_owned(),
        province: town.province.to_owned(),
        postal_code: format!("{}{:03}", town.postal, random.random_range(100..1_000)),
        notes: pick(&NOTES, random).to_owned(),
    }
}

fn home(random: &mut StdRng) -> &'static Town {
    TOWNS.choose_weighted(random, |town| town.share).unwrap_or(&TOWNS[0])
}

/// Most come now and then, a few nearly every day.
fn past_orders(random: &mut StdRng) -> i64 {
    match random.random_range(0..100) {
        0..8 => 0,
        8..55 => random.random_range(1..10),
        55..85 => random.random_range(10..40),
        85..97 => random.random_range(40..120),
        _ => random.random_range(120..300),
    }
}

fn recent_orders(random: &mut StdRng, now: DateTime<Utc>) -> Vec<(Amount, DateTime<Utc>)> {
    let count = pick(&[0, 0, 0, 1, 1, 2, 3], random);
    let mut orders: Vec<_> =
        (0..count).map(|_| (amount(rupiah(random)), now - Duration::seconds(random.random_range(600..86_400 * 14)))).collect();
    orders.sort_by_key(|(_, placed_at)| *placed_at);
    orders
}

/// What one meal costs, in whole thousands of rupiah.
fn rupiah(random: &mut StdRng) -> i64 {
    random.random_range(18..240) * 1_000
}

fn amount(rupiah: i64) -> Amount {
    Amount::from_minor(rupiah.saturating_mul(100)).unwrap_or(Amount::MAX)
}

fn pick<T: Copy>(list: &[T], random: &mut StdRng) -> T {
    list[random.random_range(0..list.len())]
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use events::customer::LoyaltyTier;

    use super::*;

    #[test]
    fn the_same_number_is_the_same_person() {
        let now = Utc::now();
        assert_eq!(person(7, now).past, person(7, now).past);
        assert_eq!(person(7, now).orders, person(7, now).orders);
    }

    #[test]
    fn two_thousand_people_have_their_own_addresses_and_every_tier() {
        let now = Utc::now();
        let people: Vec<_> = (0..2_000).map(|number| person(number, now)).collect();
        let emails: HashSet<_> = people.iter().map(|person| &person.past.profile.email).collect();
        assert_eq!(emails.len(), people.len());
        for tier in LoyaltyTier::ALL {
            let many = people.iter().filter(|person| LoyaltyTier::of(person.past.loyalty_points) == tier).count();
            assert!(many > 20, "{} {many}", tier.name());
        }
    }

    #[test]
    fn nothing_happens_before_the_customer_came_or_in_the_future() {
        let now = Utc::now();
        for person in (0..500).map(|number| person(number, now)) {
            let times = person.orders.iter().map(|(_, at)| *at).chain(person.past.last_order_at);
            assert!(times.into_iter().all(|at| at > person.past.created_at && at < now));
        }
    }
}
