//! The words of customers.

use events::customer::CustomerEvent;
use events::subject::Partition;
use events::{Event, Recorded, StreamKind};
use serde_json::Value as Json;

use super::show::{grouped, listed, moment, money};
use super::{Action, Activity, Field, Shown, Wording, activity, field};
use crate::customer::{CustomerRow, RowState, fold};
use crate::projection::ApplyError;
use crate::value::rfc3339;

/// Customers.
pub struct Customers;

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
    ];
    type Event = CustomerEvent;
    type Row = CustomerRow;

    fn event(event: &Event) -> Option<&CustomerEvent> {
        if let Event::Customer(event) = event { Some(event) } else { None }
    }

    fn fold(
        partition: Partition,
        row: Option<CustomerRow>,
        recorded: &Recorded,
        event: &CustomerEvent,
    ) -> Result<Option<CustomerRow>, ApplyError> {
        fold(partition, row, recorded, event)
    }

    fn values(row: &CustomerRow) -> Vec<Json> {
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
        ]);
        values
    }

    fn name(row: &CustomerRow) -> String {
        if Self::is_erased(row) { "Forgotten customer".to_owned() } else { row.profile.name.clone() }
    }

    fn is_erased(row: &CustomerRow) -> bool {
        row.state == RowState::Forgotten
    }

    fn sentence(event: &CustomerEvent, _row: &CustomerRow, changes: &[&'static str]) -> String {
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
                let points = grouped(&data.applied.unsigned_abs().to_string());
                let done = if data.applied < 0 { "Took" } else { "Gave" };
                let because = if data.reason.is_empty() { String::new() } else { format!(": {}", data.reason) };
                format!("{done} {points} points{because}")
            }
            CustomerEvent::OrderRecorded(data) => {
                let number = if data.number.is_empty() { String::new() } else { format!(" {}", data.number) };
                let amount = money(&data.amount.to_string(), &data.currency);
                format!("Recorded order{number} of {amount}, placed {}", moment(data.placed_at))
            }
            CustomerEvent::Activated(_) => "Activated the customer".to_owned(),
            CustomerEvent::Deactivated(_) => "Deactivated the customer".to_owned(),
            CustomerEvent::Deleted(_) => "Deleted the customer".to_owned(),
            CustomerEvent::Restored(_) => "Restored the customer".to_owned(),
            CustomerEvent::Forgotten(_) => "Forgot the customer: everything recorded before is erased".to_owned(),
        }
    }
}
