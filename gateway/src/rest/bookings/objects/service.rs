//! Services as JSON.

use commands::ServiceState;
use poem_openapi::Object;
use query_api::providers::ServiceRow;

use crate::rest::moment::Moment;

/// A service.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Service")]
pub struct ServiceObject {
    /// Names the service; an opaque text.
    id: String,
    /// Names the provider who offers it.
    provider: String,
    /// The title.
    title: String,
    /// What it costs, in the tenant's currency.
    #[oai(validator(pattern = r"^[0-9]+\.[0-9]{2}$"))]
    price: String,
    /// How long it takes.
    duration_minutes: u32,
    /// What it is.
    description: String,
    /// Whether it can be booked now.
    is_active: bool,
    /// When it was first offered.
    created_at: Moment,
    /// When anything last changed.
    updated_at: Moment,
}

impl From<ServiceRow> for ServiceObject {
    fn from(row: ServiceRow) -> Self {
        Self {
            id: row.id.into(),
            provider: row.provider.into(),
            title: row.offer.title,
            price: row.offer.price.to_string(),
            duration_minutes: row.offer.duration_minutes,
            description: row.offer.description,
            is_active: row.is_active,
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

impl ServiceObject {
    /// A service as a command left it.
    #[must_use]
    pub fn of_state(id: &str, state: &ServiceState) -> Self {
        Self {
            id: id.to_owned(),
            provider: state.provider.clone().map(String::from).unwrap_or_default(),
            title: state.offer.title.clone(),
            price: state.offer.price.to_string(),
            duration_minutes: state.offer.duration_minutes,
            description: state.offer.description.clone(),
            is_active: state.is_active,
            created_at: state.created_at.unwrap_or_default().into(),
            updated_at: state.updated_at.unwrap_or_default().into(),
        }
    }
}
