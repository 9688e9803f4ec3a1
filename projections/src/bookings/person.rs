//! Who a customer is, as far as providers are shown.

use chrono::{DateTime, Utc};
use events::customer::Profile;
use events::{CustomerEvent, Recorded};

use crate::customer::search;
use crate::value::storable;

/// Who a customer is. Nothing of it is known of one who was forgotten.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The email address.
    pub email: String,
    /// The phone number.
    pub phone: String,
    /// The city.
    pub city: String,
    /// The address of a picture.
    pub picture: String,
    /// When they became a customer of the tenant.
    pub joined_at: Option<DateTime<Utc>>,
}

impl Person {
    /// What orders by name compare.
    #[must_use]
    pub fn name_key(&self) -> String {
        search::fold(&self.name)
    }

    /// What searches look in: name, email and phone without regard to case, one per line.
    #[must_use]
    pub fn search_text(&self) -> String {
        let Self { name, email, phone, .. } = self.clone();
        search::text(&Profile { name, email, phone, ..Profile::default() })
    }

    fn of(profile: &Profile, joined_at: DateTime<Utc>) -> Self {
        Self {
            name: storable(&profile.name),
            email: storable(&profile.email),
            phone: storable(&profile.phone),
            city: storable(&profile.city),
            picture: String::new(),
            joined_at: Some(joined_at),
        }
    }
}

/// The customer after an event; `None` once forgotten.
pub fn evolve(person: Person, recorded: &Recorded, event: &CustomerEvent) -> Option<Person> {
    let now = recorded.envelope.recorded_at;
    let text = |new: &Option<String>, old: String| new.as_deref().map_or(old, storable);
    Some(match event {
        CustomerEvent::Registered(data) => Person::of(&data.profile, now),
        CustomerEvent::Imported(data) => Person::of(&data.profile, data.created_at),
        CustomerEvent::Arrived(data) => {
            Person { picture: storable(&data.contact.profile_picture), ..Person::of(&data.profile, now) }
        }
        CustomerEvent::ProfileChanged(data) => Person {
            name: text(&data.name, person.name),
            email: text(&data.email, person.email),
            phone: text(&data.phone, person.phone),
            city: text(&data.city, person.city),
            ..person
        },
        CustomerEvent::ContactChanged(data) => Person { picture: storable(&data.contact.profile_picture), ..person },
        CustomerEvent::Forgotten(_) => return None,
        CustomerEvent::Tagged(_)
        | CustomerEvent::Untagged(_)
        | CustomerEvent::PointsUpdated(_)
        | CustomerEvent::OrderRecorded(_)
        | CustomerEvent::Activated(_)
        | CustomerEvent::Deactivated(_)
        | CustomerEvent::Deleted(_)
        | CustomerEvent::Restored(_) => person,
    })
}
