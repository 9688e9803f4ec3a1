//! An independent count of what the log says about a tenant's customers, and its comparison with what the service answers.

use std::collections::BTreeMap;

use event_log::{Log, LogOptions, managed};
use events::customer::LoyaltyTier;
use events::{Amount, CustomerEvent, Event, Position, StreamKind, TenantId};
use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::api::Api;

/// What the log says about one customer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Counted {
    /// The balance.
    pub points: i64,
    /// The email address.
    pub email: String,
    /// Orders, and what was spent on them in hundredths.
    pub orders: (i64, i64),
    /// Whether the customer is active.
    pub is_active: bool,
    /// Whether the customer is in no list.
    pub is_gone: bool,
    /// Events of the stream.
    pub version: u64,
    /// The reason of every change of points, oldest first; the opening balance is not one.
    pub reasons: Vec<String>,
}

/// Connects to the log of a service that runs its own nats-server on this data.
///
/// # Panics
/// When no service runs there or the log does not answer.
pub async fn log_of(data_dir: &std::path::Path) -> Log {
    let address = managed::running_address(data_dir).expect("a running service");
    let options = LogOptions { monitor_url: Some(address.monitor_url.clone()), ..LogOptions::default() };
    Log::connect(&address.url, options).await.expect("a connection to the log")
}

/// Reads the whole log and folds what it says about this tenant's customers.
///
/// # Panics
/// When the log cannot be read, has a gap in a stream, or tells the same event twice.
pub async fn customers(log: &Log, tenant: &str) -> BTreeMap<String, Counted> {
    let tenant: TenantId = tenant.parse().expect("a tenant's id");
    let mut counted: BTreeMap<String, Counted> = BTreeMap::new();
    let mut seen = std::collections::HashSet::new();
    let mut tail = std::pin::pin!(log.tail(log.partition_of(&tenant), Position::START));
    loop {
        let next = tail.next().await.expect("a tail has no end").expect("the log can be read");
        let ours = next.commit.filter(|commit| commit.envelope.stream.tenant == tenant);
        if let Some(commit) = ours.filter(|commit| commit.envelope.stream.kind == StreamKind::Customer) {
            let customer = counted.entry(commit.envelope.stream.id().to_owned()).or_default();
            assert_eq!(commit.first_version, customer.version + 1, "a gap or a repetition in {}", commit.envelope.stream);
            customer.version = commit.last_version();
            for event in commit.events {
                assert!(seen.insert(event.event_id), "event {} stands twice in the log", event.event_id);
                if let Event::Customer(event) = event.event {
                    fold(customer, event);
                }
            }
        }
        if next.pending == 0 && !next.more {
            return counted;
        }
    }
}

fn fold(customer: &mut Counted, event: CustomerEvent) {
    match event {
        CustomerEvent::Registered(new) => {
            customer.email = new.profile.email;
            customer.points = new.loyalty_points;
            customer.is_active = new.is_active;
        }
        CustomerEvent::Imported(new) => {
            customer.email = new.profile.email;
            customer.points = new.loyalty_points;
            customer.is_active = new.is_active;
            customer.orders = (new.total_orders, new.total_spent.minor());
        }
        CustomerEvent::Arrived(new) => {
            customer.email = new.profile.email;
            customer.is_active = true;
        }
        CustomerEvent::ContactChanged(_) | CustomerEvent::Tagged(_) | CustomerEvent::Untagged(_) => {}
        CustomerEvent::ProfileChanged(change) => customer.email = change.email.unwrap_or(std::mem::take(&mut customer.email)),
        CustomerEvent::PointsUpdated(change) => {
            customer.points += change.applied;
            assert_eq!(customer.points, change.balance, "the balance in the event");
            customer.reasons.push(change.reason);
        }
        CustomerEvent::OrderRecorded(order) => {
            customer.orders.0 += 1;
            customer.orders.1 += order.amount.minor();
        }
        CustomerEvent::Activated(_) => customer.is_active = true,
        CustomerEvent::Deactivated(_) => customer.is_active = false,
        CustomerEvent::Deleted(_) | CustomerEvent::Forgotten(_) => customer.is_gone = true,
        CustomerEvent::Restored(_) => customer.is_gone = false,
    }
}

/// Compares lists, details, statistics and ledgers with the count of the log, and gives the count.
///
/// # Panics
/// At the first difference.
pub async fn compare(log: &Log, tenant: &str, api: &Api) -> BTreeMap<String, Counted> {
    let counted = customers(log, tenant).await;
    let present: BTreeMap<_, _> = counted.iter().filter(|(_, customer)| !customer.is_gone).collect();
    let head = log.head(log.partition_of(&tenant.parse().expect("a tenant's id"))).await.expect("the head of the log");
    let stats = api.get(&format!("/api/customers/stats/?min_position={head}")).await.expect(200).json();
    assert_eq!(stats, stats_of(present.values().copied()), "statistics");

    let rows = api.all("/api/customers/?ordering=created_at").await;
    let listed: BTreeMap<_, _> = rows.iter().map(|row| (row["id"].as_str().unwrap_or_default().to_owned(), row)).collect();
    assert_eq!(listed.len(), rows.len(), "a customer is listed twice");
    assert_eq!(listed.keys().collect::<Vec<_>>(), present.keys().copied().collect::<Vec<_>>(), "who is listed");
    for (id, customer) in present {
        let row = listed[id];
        let spent = Amount::from_minor(customer.orders.1).expect("an amount").to_string();
        assert_eq!(
            (&row["loyalty_points"], &row["is_active"], &row["total_orders"], &row["total_spent"], &row["email"]),
            (
                &json!(customer.points),
                &json!(customer.is_active),
                &json!(customer.orders.0),
                &json!(spent),
                &json!(customer.email)
            ),
            "{id}"
        );
        if !customer.reasons.is_empty() {
            let mut ledger = reasons(&api.all(&format!("/api/customers/{id}/points/")).await);
            let mut reasons = customer.reasons.clone();
            ledger.retain(|reason| reasons.contains(reason));
            ledger.sort();
            reasons.sort();
            assert_eq!(ledger, reasons, "the ledger of {id}");
        }
    }
    counted
}

/// The reasons in a ledger.
#[must_use]
pub fn reasons(ledger: &[Value]) -> Vec<String> {
    ledger.iter().map(|row| row["reason"].as_str().unwrap_or_default().to_owned()).collect()
}

fn stats_of<'a>(customers: impl Iterator<Item = &'a Counted>) -> Value {
    let (mut total, mut active, mut points, mut tiers) = (0, 0, 0, BTreeMap::new());
    for customer in customers {
        total += 1;
        active += i64::from(customer.is_active);
        points += customer.points;
        *tiers.entry(LoyaltyTier::of(customer.points)).or_insert(0) += 1;
    }
    let tier = |tier| tiers.get(&tier).copied().unwrap_or(0);
    json!({
        "total_customers": total,
        "active_customers": active,
        "total_loyalty_points": points,
        "customers_by_tier": {
            "platinum": tier(LoyaltyTier::Platinum),
            "gold": tier(LoyaltyTier::Gold),
            "silver": tier(LoyaltyTier::Silver),
            "bronze": tier(LoyaltyTier::Bronze),
        },
    })
}
