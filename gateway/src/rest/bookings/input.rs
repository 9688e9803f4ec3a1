//! What clients send about services and bookings.

use chrono::{DateTime, Utc};
use events::Amount;
use events::booking::{CancelledBy, PaymentMethod};
use poem_openapi::Object;
use poem_openapi::types::Example;

use crate::rest::fields::{Fields, Input};

/// A service to be offered.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct ServiceInput {
    /// Who offers it; who manages the tenant names a provider, and providers offer their own.
    pub provider: Option<String>,
    /// The title.
    #[oai(validator(min_length = 1, max_length = 200))]
    pub title: String,
    /// What it costs: a number with at most two decimals, as a text.
    #[oai(validator(pattern = r"^[0-9]{1,10}(\.[0-9]{1,2})?$"))]
    pub price: String,
    /// How long it takes: a multiple of 5.
    #[oai(validator(minimum(value = "5"), maximum(value = "1440")))]
    pub duration_minutes: u32,
    /// What it is.
    #[oai(validator(max_length = 2000))]
    pub description: Option<String>,
}

impl Input for ServiceInput {
    fn read(fields: &mut Fields) -> Self {
        fields.require("price");
        fields.require("duration_minutes");
        Self {
            provider: fields.text("provider"),
            title: fields.required_text("title"),
            price: price(fields).unwrap_or_default().to_string(),
            duration_minutes: minutes(fields).unwrap_or_default(),
            description: fields.text("description"),
        }
    }
}

impl Example for ServiceInput {
    fn example() -> Self {
        Self {
            provider: None,
            title: "Deep tissue massage".to_owned(),
            price: "350000.00".to_owned(),
            duration_minutes: 60,
            description: None,
        }
    }
}

/// Changes of a service. What is not given stays.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct ServicePatch {
    /// The title.
    #[oai(validator(min_length = 1, max_length = 200))]
    pub title: Option<String>,
    /// What it costs: a number with at most two decimals, as a text.
    #[oai(validator(pattern = r"^[0-9]{1,10}(\.[0-9]{1,2})?$"))]
    pub price: Option<String>,
    /// How long it takes: a multiple of 5.
    #[oai(validator(minimum(value = "5"), maximum(value = "1440")))]
    pub duration_minutes: Option<u32>,
    /// What it is.
    #[oai(validator(max_length = 2000))]
    pub description: Option<String>,
    /// Whether it can be booked.
    pub is_active: Option<bool>,
}

impl Input for ServicePatch {
    fn read(fields: &mut Fields) -> Self {
        fields.ignore(&["id", "provider", "created_at", "updated_at"]);
        Self {
            title: fields.text("title"),
            price: price(fields).map(|price| price.to_string()),
            duration_minutes: minutes(fields),
            description: fields.text("description"),
            is_active: fields.flag("is_active"),
        }
    }
}

impl Example for ServicePatch {
    fn example() -> Self {
        let price = Some("375000.00".to_owned());
        Self { title: None, price, duration_minutes: None, description: None, is_active: Some(true) }
    }
}

fn price(fields: &mut Fields) -> Option<Amount> {
    fields.parsed("price")
}

/// What is not a length at all is left to the rule, which names the bounds.
fn minutes(fields: &mut Fields) -> Option<u32> {
    fields.integer("duration_minutes").map(|minutes| u32::try_from(minutes).unwrap_or(0))
}

/// A booking to be made.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct BookingInput {
    /// The service.
    pub service: String,
    /// The customer.
    pub customer: String,
    /// When it starts: at a full five minutes.
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ends: at a full five minutes; as long after the start as the service takes when not given.
    #[oai(nullable)]
    pub ends_at: Option<DateTime<Utc>>,
}

impl Input for BookingInput {
    fn read(fields: &mut Fields) -> Self {
        let (starts_at, ends_at) = slot(fields);
        Self { service: fields.required_text("service"), customer: fields.required_text("customer"), starts_at, ends_at }
    }
}

impl Example for BookingInput {
    fn example() -> Self {
        let (service, customer) =
            ("0199a1b2-0000-7000-8000-000000000002".to_owned(), "0199a1b2-0000-7000-8000-000000000001".to_owned());
        Self { service, customer, starts_at: time("2026-12-24T09:00:00Z"), ends_at: None }
    }
}

/// Another time for a booking.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct SlotInput {
    /// When it starts: at a full five minutes.
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ends: at a full five minutes; it stays as long as it is when not given.
    #[oai(nullable)]
    pub ends_at: Option<DateTime<Utc>>,
}

impl Input for SlotInput {
    fn read(fields: &mut Fields) -> Self {
        let (starts_at, ends_at) = slot(fields);
        Self { starts_at, ends_at }
    }
}

impl Example for SlotInput {
    fn example() -> Self {
        Self { starts_at: time("2026-12-24T10:00:00Z"), ends_at: None }
    }
}

fn slot(fields: &mut Fields) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
    fields.require("starts_at");
    let starts_at = fields.time("starts_at");
    if starts_at == Some(None) {
        fields.wrong("starts_at", "This field may not be null.");
    }
    (starts_at.flatten(), fields.time("ends_at").flatten())
}

fn time(text: &str) -> Option<DateTime<Utc>> {
    text.parse().ok()
}

/// Why a booking is called off.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct CancelInput {
    /// On whose wish: `customer` or `provider`; the provider's when not given.
    pub by: Option<String>,
    /// Why.
    #[oai(validator(max_length = 500))]
    pub reason: Option<String>,
}

impl Input for CancelInput {
    fn read(fields: &mut Fields) -> Self {
        let by: Option<CancelledBy> = fields.parsed("by");
        Self { by: by.map(|by| by.name().to_owned()), reason: fields.text("reason") }
    }
}

impl Example for CancelInput {
    fn example() -> Self {
        Self { by: Some("customer".to_owned()), reason: Some("Ill".to_owned()) }
    }
}

/// What a customer paid.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct PaymentInput {
    /// How much: a number with at most two decimals, as a text.
    #[oai(validator(pattern = r"^[0-9]{1,10}(\.[0-9]{1,2})?$"))]
    pub amount: String,
    /// How: `cash`, `card`, `bank_transfer`, `online` or `other`.
    pub method: String,
    /// What the payment is called where it was made.
    #[oai(validator(max_length = 100))]
    pub reference: Option<String>,
    /// When it was paid; now when not given.
    #[oai(nullable)]
    pub paid_at: Option<DateTime<Utc>>,
}

impl Input for PaymentInput {
    fn read(fields: &mut Fields) -> Self {
        fields.require("amount");
        fields.require("method");
        let amount: Option<Amount> = fields.parsed("amount");
        let method: Option<PaymentMethod> = fields.parsed("method");
        Self {
            amount: amount.unwrap_or_default().to_string(),
            method: method.unwrap_or(PaymentMethod::Other).name().to_owned(),
            reference: fields.text("reference"),
            paid_at: fields.time("paid_at").flatten(),
        }
    }
}

impl Example for PaymentInput {
    fn example() -> Self {
        let (amount, method) = ("150000.00".to_owned(), "card".to_owned());
        Self { amount, method, reference: Some("P-9".to_owned()), paid_at: None }
    }
}

/// What a customer says about a service.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct ReviewInput {
    /// From 1, bad, to 5, good.
    #[oai(validator(minimum(value = "1"), maximum(value = "5")))]
    pub rating: u8,
    /// In the customer's own words.
    #[oai(validator(max_length = 2000))]
    pub text: Option<String>,
}

impl Input for ReviewInput {
    fn read(fields: &mut Fields) -> Self {
        fields.require("rating");
        // What is no rating at all is left to the rule, which names the bounds.
        let rating = fields.integer("rating").map(|rating| u8::try_from(rating).unwrap_or(0));
        Self { rating: rating.unwrap_or_default(), text: fields.text("text") }
    }
}

impl Example for ReviewInput {
    fn example() -> Self {
        Self { rating: 5, text: Some("Wonderful".to_owned()) }
    }
}
