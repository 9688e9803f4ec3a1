//! The words of customers.

use std::collections::BTreeMap;

use events::contact::{Contact, Source};
use events::customer::CustomerEvent;
use events::subject::Partition;
use events::{Event, Recorded, StreamKind, TagId};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::show::{listed, moment, money, points};
use super::{Action, Activity, Field, Shown, Wording, activity, field};
use crate::customer::{CustomerRow, RowState, fold};
use crate::projection::ApplyError;
use crate::value::{rfc3339, storable};

/// Customers.
pub struct Customers;

/// A customer: the row of the lists, and what the lists do not show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Customer {
    row: CustomerRow,
    #[serde(default, skip_serializing_if = "is_blank")]
    contact: Contact,
    /// The names that tags had when they were put on.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    tags: BTreeMap<TagId, String>,
}

fn is_blank(contact: &Contact) -> bool {
    *contact == Contact::default()
}

impl Wording for Customers {
    const KIND: StreamKind = StreamKind::Customer;
    const ACTIVITIES: &'static [Activity] = &[
        activity("customer.registered", "created", Action::Create),
        activity("customer.imported", "imported", Action::Create),
        activity("customer.arrived", "arrived", Action::Create),
        activity("customer.profile_changed", "updated", Action::Update),
        activity("customer.contact_changed", "contact_changed", Action::Update),
        activity("customer.tagged", "tagged", Action::Update),
        activity("customer.untagged", "untagged", Action::Update),
        activity("customer.points_updated", "points_updated", Action::Update),
        activity("customer.order_recorded", "order_recorded", Action::Update),
        activity("customer.activated", "activated", Action::Update),
        activity("customer.deactivated", "deactivated", Action::Update),
        activity("customer.deleted", "deleted", Action::Delete),
        activity("customer.restored", "restored", Action::Update),
        activity("customer.forgotten", "forgotten", Action::Delete),
    ];
    const FIELDS: &'static [Field] = &[
        field("name", "Name", Shown::Text),
        field("email", "Email", Shown::Text),
        field("phone", "Phone", Shown::Text),
        field("address", "Address", Shown::Text),
        field("city", "City", Shown::Text),
        field("province", "Province", Shown::Text),
        field("postal_code", "Postal code", Shown::Text),
        field("notes", "Notes", Shown::Text),
        field("is_active", "Active", Shown::YesNo),
        field("loyalty_points", "Loyalty points", Shown::Number),
        field("total_orders", "Total orders", Shown::Number),
        field("total_spent", "Total spent", Shown::Money),
        field("last_order_date", "Last order", Shown::Moment),
        field("created_at", "Customer since", Shown::Moment),
        field("is_deleted", "Deleted", Shown::YesNo),
        field("tags", "Tags", Shown::Text),
        field("source", "Channel", Shown::Word),
        field("source_id", "Id in the channel", Shown::Text),
        field("username", "User name", Shown::Text),
        field("first_name", "First name", Shown::Text),
        field("last_name", "Last name", Shown::Text),
        field("profile_picture", "Picture", Shown::Text),
    ];
    type Event = CustomerEvent;
    type Row = Customer;

    fn event(event: &Event) -> Option<&CustomerEvent> {
        if let Event::Customer(event) = event { Some(event) } else { None }
    }

    fn fold(
        partition: Partition,
        before: Option<Customer>,
        recorded: &Recorded,
        event: &CustomerEvent,
    ) -> Result<Option<Customer>, ApplyError> {
        let (row, contact, tags) = match before {
            Some(customer) => (Some(customer.row), customer.contact, customer.tags),
            None => (None, Contact::default(), BTreeMap::new()),
        };
        let row = fold(partition, row, recorded, event)?;
        let (contact, tags) = beside(contact, tags, event);
        Ok(row.map(|row| Customer { row, contact, tags }))
    }

    fn values(Customer { row, contact, tags }: &Customer) -> Vec<Json> {
        let profile = &row.profile;
        let texts = [
            &profile.name,
            &profile.email,
            &profile.phone,
            &profile.address,
            &profile.city,
            &profile.province,
            &profile.postal_code,
            &profile.notes,
        ];
        let mut values: Vec<Json> = texts.into_iter().map(|text| Json::from(text.as_str())).collect();
        values.extend([
            row.is_active.into(),
            row.loyalty_points.into(),
            row.total_orders.into(),
            row.total_spent.to_string().into(),
            row.last_order_at.map(rfc3339).into(),
            rfc3339(row.created_at).into(),
            (row.state == RowState::Deleted).into(),
            tags.values().map(String::as_str).collect::<Vec<_>>().join(", ").into(),
            if contact.source == Source::Unknown { "" } else { contact.source.name() }.into(),
        ]);
        let texts = [&contact.source_id, &contact.username, &contact.first_name, &contact.last_name, &contact.profile_picture];
        values.extend(texts.into_iter().map(|text| Json::from(text.as_str())));
        values
    }

    fn name(customer: &Customer) -> String {
        if Self::is_erased(customer) { "Forgotten customer".to_owned() } else { customer.row.profile.name.clone() }
    }

    fn is_erased(customer: &Customer) -> bool {
        customer.row.state == RowState::Forgotten
    }

    fn sentence(event: &CustomerEvent, _customer: &Customer, changes: &[&'static str]) -> String {
        match event {
            CustomerEvent::Registered(_) => "Created the customer".to_owned(),
            CustomerEvent::Imported(_) => "Imported the customer".to_owned(),
            CustomerEvent::Arrived(data) => format!("Wrote for the first time, over {}", data.contact.source.name()),
            CustomerEvent::ContactChanged(data) => format!("Updated what {} tells", data.contact.source.name()),
            CustomerEvent::Tagged(data) => format!("Put the tag {} on", data.name),
            CustomerEvent::Untagged(data) => format!("Took the tag {} off", data.name),
            CustomerEvent::ProfileChanged(_) if changes.is_empty() => "Saved the customer without a change".to_owned(),
            CustomerEvent::ProfileChanged(_) => format!("Updated {}", listed(changes).to_lowercase()),
            CustomerEvent::PointsUpdated(data) => {
                let done = if data.applied < 0 { "Took" } else { "Gave" };
                let because = if data.reason.is_empty() { String::new() } else { format!(": {}", data.reason) };
                format!("{done} {}{because}", points(data.applied.unsigned_abs()))
            }
            CustomerEvent::OrderRecorded(data) => {
                let number = if data.number.is_empty() { String::new() } else { format!(" {}", data.number) };
                let amount = money(&data.amount.to_string(), &data.currency);
                format!("Recorded order{number} of {amount}, placed {}", moment(data.placed_at))
            }
            CustomerEvent::Activated(_) => "Activated the customer".to_owned(),
            CustomerEvent::Deactivated(_) => "Deactivated the customer".to_owned(),
            CustomerEvent::Deleted(_) => "Deleted the customer".to_owned(),
            CustomerEvent::Restored(data) => match data.channel {
                Some(channel) => format!("Restored the customer, who wrote again over {}", channel.name()),
                None => "Restored the customer".to_owned(),
            },
            CustomerEvent::Forgotten(_) => "Forgot the customer: everything recorded before is erased".to_owned(),
        }
    }
}

/// What an event does to what the lists do not show.
fn beside(contact: Contact, mut tags: BTreeMap<TagId, String>, event: &CustomerEvent) -> (Contact, BTreeMap<TagId, String>) {
    match event {
        CustomerEvent::Arrived(data) => (data.contact.map(storable), tags),
        CustomerEvent::ContactChanged(data) => (data.contact.map(storable), tags),
        CustomerEvent::Tagged(data) => {
            tags.insert(data.tag.clone(), storable(&data.name));
            (contact, tags)
        }
        CustomerEvent::Untagged(data) => {
            tags.remove(&data.tag);
            (contact, tags)
        }
        CustomerEvent::Forgotten(_) => (Contact::default(), BTreeMap::new()),
        CustomerEvent::Registered(_)
        | CustomerEvent::Imported(_)
        | CustomerEvent::ProfileChanged(_)
        | CustomerEvent::PointsUpdated(_)
        | CustomerEvent::OrderRecorded(_)
        | CustomerEvent::Activated(_)
        | CustomerEvent::Deactivated(_)
        | CustomerEvent::Deleted(_)
        | CustomerEvent::Restored(_) => (contact, tags),
    }
}
