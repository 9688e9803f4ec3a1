//! A service as it is listed.

use chrono::{DateTime, Utc};
use events::service::Offer;
use events::subject::Partition;
use events::{Recorded, ServiceEvent, ServiceId, TenantId, UserId};

use crate::customer_history::Moment;
use crate::projection::ApplyError;
use crate::value::storable;

/// A service.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceRow {
    /// The number of the row: the moment of the first commit.
    pub no: i64,
    /// Whose it is.
    pub tenant: TenantId,
    /// The service.
    pub id: ServiceId,
    /// Who offers it.
    pub provider: UserId,
    /// What is offered.
    pub offer: Offer,
    /// Whether it is offered now.
    pub is_active: bool,
    /// When it was first offered.
    pub created_at: DateTime<Utc>,
    /// When anything last changed.
    pub updated_at: DateTime<Utc>,
}

/// The service after an event.
///
/// # Errors
/// When the event does not fit behind those folded in before.
pub fn evolve(
    partition: Partition,
    row: Option<ServiceRow>,
    recorded: &Recorded,
    event: &ServiceEvent,
) -> Result<ServiceRow, ApplyError> {
    let now = recorded.envelope.recorded_at;
    let row = match (row, event) {
        (None, ServiceEvent::Created(data)) => {
            let stream = &recorded.envelope.stream;
            return Ok(ServiceRow {
                no: Moment::of(partition, recorded.position).0,
                tenant: stream.tenant.clone(),
                id: stream.id().parse().map_err(|_| ApplyError::event(recorded, "its stream names no service"))?,
                provider: data.provider.clone(),
                offer: stored(data.offer.clone()),
                is_active: true,
                created_at: now,
                updated_at: now,
            });
        }
        (Some(row), _) => ServiceRow { updated_at: now, ..row },
        (None, _) => return Err(ApplyError::event(recorded, "there is no such service")),
    };
    match event {
        ServiceEvent::Created(_) => Err(ApplyError::event(recorded, "the service is there already")),
        ServiceEvent::Changed(data) => {
            let (data, old) = (data.clone(), row.offer);
            let offer = Offer {
                title: data.title.unwrap_or(old.title),
                price: data.price.unwrap_or(old.price),
                duration_minutes: data.duration_minutes.unwrap_or(old.duration_minutes),
                description: data.description.unwrap_or(old.description),
            };
            Ok(ServiceRow { offer: stored(offer), ..row })
        }
        ServiceEvent::Deactivated(_) => Ok(ServiceRow { is_active: false, ..row }),
        ServiceEvent::Activated(_) => Ok(ServiceRow { is_active: true, ..row }),
    }
}

fn stored(offer: Offer) -> Offer {
    Offer { title: storable(&offer.title), description: storable(&offer.description), ..offer }
}
