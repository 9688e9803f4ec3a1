//! Samples of services, bookings and relations.

use events::booking as b;
use events::relation as r;
use events::service as s;
use events::{BookingEvent, CustomerId, Event, RelationEvent, ServiceEvent, UserId};

use super::samples::at;

fn provider() -> UserId {
    "user-1".parse().expect("an id")
}

fn customer() -> CustomerId {
    "customer-1".parse().expect("an id")
}

fn subject() -> b::Subject {
    b::Subject {
        provider: provider(),
        customer: customer(),
        service: "service-1".parse().expect("an id"),
        title: "Deep tissue massage".into(),
        amount: "350000.00".parse().expect("an amount"),
    }
}

fn slot() -> b::Slot {
    b::Slot::lasting("2024-01-22T09:00:00Z".parse().expect("a time"), 60).expect("a slot")
}

/// In the catalogue's order.
pub fn samples() -> Vec<Event> {
    let mut samples: Vec<Event> = service().into_iter().map(Event::from).collect();
    samples.extend(booking().into_iter().map(Event::from));
    samples.extend(relation().into_iter().map(Event::from));
    samples
}

fn service() -> Vec<ServiceEvent> {
    let offer = s::Offer {
        title: "Deep tissue massage".into(),
        price: "350000.00".parse().expect("an amount"),
        duration_minutes: 60,
        description: "An hour with warm oil".into(),
    };
    let changed = s::Changed { title: Some("Massage".into()), duration_minutes: Some(90), ..s::Changed::default() };
    vec![
        ServiceEvent::Created(s::Created { provider: provider(), offer }),
        ServiceEvent::Changed(changed),
        ServiceEvent::Deactivated(s::Deactivated {}),
        ServiceEvent::Activated(s::Activated {}),
    ]
}

fn booking() -> Vec<BookingEvent> {
    let imported = b::Imported {
        reference: "B-17".into(),
        subject: subject(),
        slot: slot(),
        status: b::Status::Completed,
        booked_at: at(5),
    };
    let paid = b::PaymentRecorded {
        amount: "150000.00".parse().expect("an amount"),
        method: b::PaymentMethod::Card,
        reference: "P-9".into(),
        paid_at: at(6),
    };
    vec![
        BookingEvent::Requested(Box::new(b::Requested { subject: subject(), slot: slot() })),
        BookingEvent::Imported(Box::new(imported)),
        BookingEvent::Confirmed(b::Confirmed {}),
        BookingEvent::Rescheduled(b::Rescheduled { slot: slot() }),
        BookingEvent::Completed(b::Completed {}),
        BookingEvent::Cancelled(b::Cancelled { by: b::CancelledBy::Customer, reason: "Ill".into() }),
        BookingEvent::NoShow(b::NoShow {}),
        BookingEvent::PaymentRecorded(paid),
        BookingEvent::Reviewed(b::Reviewed { rating: 5, text: "Wonderful".into(), reviewed_at: at(7) }),
        BookingEvent::Forgotten(b::Forgotten { provider: provider(), customer: customer() }),
    ]
}

fn relation() -> Vec<RelationEvent> {
    vec![
        RelationEvent::Started(r::Started { provider: provider(), customer: customer() }),
        RelationEvent::Favourited(r::Favourited {}),
        RelationEvent::Unfavourited(r::Unfavourited {}),
        RelationEvent::Blocked(r::Blocked { reason: "Never comes".into() }),
        RelationEvent::Unblocked(r::Unblocked {}),
        RelationEvent::Noted(r::Noted { notes: "Prefers mornings".into() }),
        RelationEvent::Forgotten(r::Forgotten { provider: provider(), customer: customer() }),
    ]
}
