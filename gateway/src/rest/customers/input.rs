//! Customers as clients send them.

use chrono::{DateTime, Utc};
use commands::customer::{Change, Register};
use events::customer::Profile;
use poem_openapi::Object;

use crate::rest::fields::{Fields, Input};

/// What clients send back with a customer although it is not theirs to change (spec 002, `read_only_fields`).
const READ_ONLY: &[&str] = &[
    "id",
    "tenant",
    "tenant_name",
    "loyalty_tier",
    "total_orders",
    "total_spent",
    "average_order_value",
    "created_at",
    "updated_at",
];

/// A whole customer. Members of a customer that cannot be changed may be sent back, and are passed over.
#[derive(Debug, Clone, Object)]
#[oai(example)]
pub struct CustomerInput {
    /// Full name.
    #[oai(validator(min_length = 1, max_length = 200))]
    pub name: String,
    /// Email address; unique in the tenant.
    #[oai(validator(max_length = 254))]
    pub email: String,
    /// Phone number.
    #[oai(validator(max_length = 20))]
    pub phone: Option<String>,
    /// Street address.
    pub address: Option<String>,
    /// City.
    #[oai(validator(max_length = 100))]
    pub city: Option<String>,
    /// Province or state.
    #[oai(validator(max_length = 100))]
    pub province: Option<String>,
    /// Postal code.
    #[oai(validator(max_length = 10))]
    pub postal_code: Option<String>,
    /// Free notes.
    pub notes: Option<String>,
    /// Whether the customer is active.
    pub is_active: Option<bool>,
    /// The balance of points to set.
    #[oai(validator(minimum(value = "0")))]
    pub loyalty_points: Option<i64>,
    /// When the customer last ordered; `null` leaves it as it is.
    #[oai(nullable)]
    pub last_order_date: Option<DateTime<Utc>>,
}

/// Parts of a customer; what is not given stays. Members that cannot be changed may be sent back, and are passed over.
#[derive(Debug, Clone, Default, Object)]
#[oai(example)]
pub struct CustomerPatch {
    /// Full name.
    #[oai(validator(min_length = 1, max_length = 200))]
    pub name: Option<String>,
    /// Email address; unique in the tenant.
    #[oai(validator(max_length = 254))]
    pub email: Option<String>,
    /// Phone number.
    #[oai(validator(max_length = 20))]
    pub phone: Option<String>,
    /// Street address.
    pub address: Option<String>,
    /// City.
    #[oai(validator(max_length = 100))]
    pub city: Option<String>,
    /// Province or state.
    #[oai(validator(max_length = 100))]
    pub province: Option<String>,
    /// Postal code.
    #[oai(validator(max_length = 10))]
    pub postal_code: Option<String>,
    /// Free notes.
    pub notes: Option<String>,
    /// Whether the customer is active.
    pub is_active: Option<bool>,
    /// The balance of points to set.
    #[oai(validator(minimum(value = "0")))]
    pub loyalty_points: Option<i64>,
    /// When the customer last ordered; `null` leaves it as it is.
    #[oai(nullable)]
    pub last_order_date: Option<DateTime<Utc>>,
}

impl Input for CustomerPatch {
    fn read(fields: &mut Fields) -> Self {
        fields.ignore(READ_ONLY);
        Self {
            name: fields.text("name"),
            email: fields.text("email"),
            phone: fields.text("phone"),
            address: fields.text("address"),
            city: fields.text("city"),
            province: fields.text("province"),
            postal_code: fields.text("postal_code"),
            notes: fields.text("notes"),
            is_active: fields.flag("is_active"),
            loyalty_points: fields.integer("loyalty_points"),
            last_order_date: fields.time("last_order_date").flatten(),
        }
    }
}

impl Input for CustomerInput {
    fn read(fields: &mut Fields) -> Self {
        let parts = CustomerPatch::read(fields);
        // A name or an email that is not there is refused by the rules of a customer, in their words.
        Self {
            name: parts.name.unwrap_or_default(),
            email: parts.email.unwrap_or_default(),
            phone: parts.phone,
            address: parts.address,
            city: parts.city,
            province: parts.province,
            postal_code: parts.postal_code,
            notes: parts.notes,
            is_active: parts.is_active,
            loyalty_points: parts.loyalty_points,
            last_order_date: parts.last_order_date,
        }
    }
}

impl CustomerInput {
    /// The command that enters the customer.
    #[must_use]
    pub fn register(self) -> Register {
        let (is_active, loyalty_points) = (self.is_active.unwrap_or(true), self.loyalty_points.unwrap_or_default());
        let last_order_at = self.last_order_date;
        Register { profile: self.profile(), is_active, loyalty_points, last_order_at }
    }

    /// The command that writes the whole customer anew.
    #[must_use]
    pub fn replace(self) -> Change {
        let (is_active, loyalty_points, last_order_at) = (self.is_active, self.loyalty_points, self.last_order_date);
        Change { is_active, loyalty_points, last_order_at, ..Change::whole(self.profile()) }
    }

    fn profile(self) -> Profile {
        Profile {
            name: self.name,
            email: self.email,
            phone: self.phone.unwrap_or_default(),
            address: self.address.unwrap_or_default(),
            city: self.city.unwrap_or_default(),
            province: self.province.unwrap_or_default(),
            postal_code: self.postal_code.unwrap_or_default(),
            notes: self.notes.unwrap_or_default(),
        }
    }
}

impl CustomerPatch {
    /// The command that changes these parts.
    #[must_use]
    pub fn change(self) -> Change {
        Change {
            name: self.name,
            email: self.email,
            phone: self.phone,
            address: self.address,
            city: self.city,
            province: self.province,
            postal_code: self.postal_code,
            notes: self.notes,
            is_active: self.is_active,
            loyalty_points: self.loyalty_points,
            last_order_at: self.last_order_date,
        }
    }
}

impl poem_openapi::types::Example for CustomerInput {
    fn example() -> Self {
        let text = |text: &str| Some(text.to_owned());
        Self {
            name: "Jane Smith".to_owned(),
            email: "jane.smith@example.com".to_owned(),
            phone: text("08987654321"),
            address: text("Jl. Thamrin No. 456"),
            city: text("Jakarta"),
            province: text("DKI Jakarta"),
            postal_code: text("12346"),
            notes: text("VIP customer"),
            is_active: None,
            loyalty_points: None,
            last_order_date: None,
        }
    }
}

impl poem_openapi::types::Example for CustomerPatch {
    fn example() -> Self {
        Self { phone: Some("08987654321".to_owned()), ..Self::default() }
    }
}
