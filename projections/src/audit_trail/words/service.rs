//! The words of services.

use events::service::Offer;
use events::subject::Partition;
use events::{Event, Recorded, ServiceEvent, StreamKind};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::show::listed;
use super::{Action, Activity, Field, Shown, Wording, activity, field};
use crate::projection::ApplyError;
use crate::value::storable;

/// Services.
pub struct Services;

/// A service.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Service {
    provider: String,
    offer: Offer,
    is_active: bool,
}

impl Wording for Services {
    const KIND: StreamKind = StreamKind::Service;
    const ACTIVITIES: &'static [Activity] = &[
        activity("service.created", "created", Action::Create),
        activity("service.changed", "updated", Action::Update),
        activity("service.deactivated", "deactivated", Action::Update),
        activity("service.activated", "activated", Action::Update),
    ];
    const FIELDS: &'static [Field] = &[
        field("provider", "Provider", Shown::Text),
        field("title", "Title", Shown::Text),
        field("price", "Price", Shown::Money),
        field("duration_minutes", "Duration in minutes", Shown::Number),
        field("description", "Description", Shown::Text),
        field("is_active", "Active", Shown::YesNo),
    ];
    type Event = ServiceEvent;
    type Row = Service;

    fn event(event: &Event) -> Option<&ServiceEvent> {
        if let Event::Service(event) = event { Some(event) } else { None }
    }

    fn fold(_: Partition, row: Option<Service>, _: &Recorded, event: &ServiceEvent) -> Result<Option<Service>, ApplyError> {
        let row = row.unwrap_or_default();
        Ok(Some(match event {
            ServiceEvent::Created(data) => {
                Service { provider: data.provider.to_string(), offer: stored(data.offer.clone()), is_active: true }
            }
            ServiceEvent::Changed(data) => {
                let data = data.clone();
                let offer = Offer {
                    title: data.title.unwrap_or(row.offer.title),
                    price: data.price.unwrap_or(row.offer.price),
                    duration_minutes: data.duration_minutes.unwrap_or(row.offer.duration_minutes),
                    description: data.description.unwrap_or(row.offer.description),
                };
                Service { offer: stored(offer), ..row }
            }
            ServiceEvent::Deactivated(_) => Service { is_active: false, ..row },
            ServiceEvent::Activated(_) => Service { is_active: true, ..row },
        }))
    }

    fn values(row: &Service) -> Vec<Json> {
        vec![
            row.provider.as_str().into(),
            row.offer.title.as_str().into(),
            row.offer.price.to_string().into(),
            row.offer.duration_minutes.into(),
            row.offer.description.as_str().into(),
            row.is_active.into(),
        ]
    }

    fn name(row: &Service) -> String {
        row.offer.title.clone()
    }

    fn sentence(event: &ServiceEvent, _row: &Service, changes: &[&'static str]) -> String {
        match event {
            ServiceEvent::Created(_) => "Created the service".to_owned(),
            ServiceEvent::Changed(_) => format!("Updated {}", listed(changes).to_lowercase()),
            ServiceEvent::Deactivated(_) => "Deactivated the service".to_owned(),
            ServiceEvent::Activated(_) => "Activated the service".to_owned(),
        }
    }
}

fn stored(offer: Offer) -> Offer {
    Offer { title: storable(&offer.title), description: storable(&offer.description), ..offer }
}
