//! The customers of the examples: made up from their numbers, the same each time.

use chrono::{DateTime, TimeDelta, Utc};
use events::Amount;
use events::customer::{Imported, Profile};

/// How many there are.
pub const CUSTOMERS: u64 = 200_000;

const NAMES: [&str; 10] = ["Budi", "Siti", "John", "Agus", "Dewi", "Joko", "Rina", "Maria", "Ahmad", "Putri"];
const SURNAMES: [&str; 10] =
    ["Santoso", "Wijaya", "Johnson", "Halim", "Lestari", "Pratama", "Utami", "Siregar", "Hidayat", "Kusuma"];

/// One who comes with a past: every fifth is found by "john", a tenth is not active.
pub fn imported(n: u64) -> Imported {
    let (first, last) = (NAMES[(n * 7 % 10) as usize], SURNAMES[(n * 31 / 7 % 10) as usize]);
    Imported {
        profile: Profile {
            name: format!("{first} {last} {n}"),
            email: format!("{}.c{n}@example.com", first.to_lowercase()),
            phone: format!("+62 812 {:08}", n * 7_907 % 100_000_000),
            address: format!("Jalan {n}"),
            city: format!("City {}", n * 17 % 200),
            province: format!("Province {}", n * 17 % 30),
            postal_code: format!("{:05}", n % 100_000),
            notes: String::new(),
        },
        is_active: !n.is_multiple_of(10),
        loyalty_points: (n * 13 % 1_500) as i64,
        total_orders: (n % 40) as i64,
        total_spent: Amount::from_minor((n * 7_919 % 10_000_000) as i64).unwrap_or_default(),
        created_at: time(n * 3 % CUSTOMERS),
        last_order_at: (!n.is_multiple_of(3)).then(|| time(n + 5)),
    }
}

/// So many minutes after the beginning.
pub fn time(n: u64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(1_700_000_000 + n as i64 * 60)
}
