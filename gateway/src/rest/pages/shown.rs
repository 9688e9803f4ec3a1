//! Pages as clients see them.

use commands::PageState;
use events::PageId;
use poem_openapi::Object;
use query_api::desk::PageRow;

use super::objects::{DeliveryWay, SourceName};
use crate::channel::secrets::PageSecrets;
use crate::rest::moment::Moment;

/// A page: an account of the tenant in a channel.
#[derive(Debug, Clone, Object)]
#[oai(rename = "Page")]
pub struct PageObject {
    /// Names the page.
    id: String,
    /// The channel.
    source: SourceName,
    /// The account in the channel.
    external_id: String,
    /// The name to show.
    name: String,
    /// Whether messages to the account are taken in.
    is_connected: bool,
    /// How answers get to the customer.
    delivery: DeliveryWay,
    /// Whether an access token is kept.
    has_access_token: bool,
    /// Whether an app secret is kept.
    has_app_secret: bool,
    /// Whether a verify token is kept.
    has_verify_token: bool,
    /// Whether a program of the tenant takes answers.
    has_outbound_url: bool,
    /// When it was first connected.
    created_at: Moment,
    /// When anything about it last changed.
    updated_at: Moment,
}

impl PageObject {
    /// A page as the read models show it.
    #[must_use]
    pub fn of_row(row: PageRow, secrets: &PageSecrets) -> Self {
        let state = PageState {
            source: row.source,
            external_id: row.external_id,
            name: row.name,
            is_connected: row.connected,
            created_at: Some(row.created_at),
            updated_at: Some(row.updated_at),
        };
        Self::of_state(&row.id, &state, secrets)
    }

    /// A page as commands left it.
    #[must_use]
    pub fn of_state(id: &PageId, state: &PageState, secrets: &PageSecrets) -> Self {
        Self {
            id: id.to_string(),
            source: state.source.into(),
            external_id: state.external_id.clone(),
            name: state.name.clone(),
            is_connected: state.is_connected,
            delivery: secrets.way(state.source).into(),
            has_access_token: secrets.access_token.is_some(),
            has_app_secret: secrets.app_secret.is_some(),
            has_verify_token: secrets.verify_token.is_some(),
            has_outbound_url: secrets.outbound_url.is_some(),
            created_at: state.created_at.unwrap_or_default().into(),
            updated_at: state.updated_at.unwrap_or_default().into(),
        }
    }
}

/// The pages of a tenant.
#[derive(Debug, Clone, Object)]
pub struct PageList {
    /// How many there are.
    pub count: u64,
    /// The pages, by name.
    pub results: Vec<PageObject>,
}
