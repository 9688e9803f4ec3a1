//! What steps leave in the tables besides the versions themselves: stays in lists, changes of counts, texts to search. Pure.

use std::collections::HashMap;

use events::TenantId;

use super::finds::{self, Find};
use super::fold::Step;
use super::moment::Moment;
use super::orders::{Kind, Leave, Order, Place, Stay};
use crate::customer::CustomerRow;

/// How the counts of a tenant change at a moment: customers of a kind come (1), go (-1), or have other balances (0).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Whose customers.
    pub tenant: TenantId,
    /// When.
    pub at: Moment,
    /// More or fewer customers.
    pub customers: i64,
    /// More or fewer points.
    pub points: i64,
    /// Of this kind.
    pub kind: Kind,
}

/// A text under which a customer can be found from some moment on, or not any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Whose customer it is.
    pub tenant: TenantId,
    /// The moment.
    pub at: Moment,
    /// The text.
    pub text: String,
}

/// What steps leave.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Traces {
    /// Stays that began.
    pub stays: Vec<Stay>,
    /// Ends of stays that began before the first step.
    pub leaves: Vec<Leave>,
    /// Changes of counts.
    pub changes: Vec<Change>,
    /// What texts lead to from a moment on.
    pub finds: Vec<Find>,
    /// Texts that can be searched from a moment on.
    pub begins: Vec<Text>,
    /// Texts that cannot be searched any more from a moment on.
    pub ends: Vec<Text>,
    /// Where in `stays` the open ones are.
    open: HashMap<(i64, Order), usize>,
}

impl Traces {
    /// What steps in the order of the log leave.
    pub fn of<'a>(steps: impl IntoIterator<Item = &'a Step>) -> Self {
        let mut traces = Self::default();
        for step in steps {
            traces.add(step);
        }
        traces
    }

    fn add(&mut self, step: &Step) {
        let before = step.before.as_ref().and_then(|version| version.live());
        let after = step.after.live();
        let at = step.after.at;
        self.count(at, before, after);
        self.finds.extend(finds::of(step));
        if step.after.has_new_profile() || after.is_none() {
            let text = |row: &CustomerRow| Text { tenant: row.tenant.clone(), at, text: row.search_text() };
            self.ends.extend(before.map(text));
            self.begins.extend(after.map(text));
        }
        let both = before.zip(after);
        let same_activity = both.is_some_and(|(before, after)| before.is_active == after.is_active);
        let same_rest = both.is_some_and(|(before, after)| {
            let (was, is) = (&before.profile, &after.profile);
            before.tier() == after.tier() && was.city == is.city && was.province == is.province
        });
        for order in Order::ALL {
            let (left, taken) = (before.map(|row| order.place(row)), after.map(|row| order.place(row)));
            if left == taken && same_rest && (same_activity || !order.tells_activity()) {
                continue;
            }
            if let (Some(row), Some(place)) = (before, left) {
                self.leave(row, place, at);
            }
            if let (Some(row), Some(place)) = (after, taken) {
                self.stay(row, place, at);
            }
        }
    }

    fn stay(&mut self, row: &CustomerRow, place: Place, from: Moment) {
        self.open.insert((row.no, place.order), self.stays.len());
        let (tenant, kind) = (row.tenant.clone(), Kind::of(row));
        self.stays.push(Stay { tenant, no: row.no, place, kind, from, to: Moment::OPEN });
    }

    fn leave(&mut self, row: &CustomerRow, place: Place, at: Moment) {
        match self.open.remove(&(row.no, place.order)).and_then(|index| self.stays.get_mut(index)) {
            Some(stay) => stay.to = at,
            None => self.leaves.push(Leave { tenant: row.tenant.clone(), no: row.no, place, at }),
        }
    }

    fn count(&mut self, at: Moment, before: Option<&CustomerRow>, after: Option<&CustomerRow>) {
        let change = |row: &CustomerRow, customers, points| Change {
            tenant: row.tenant.clone(),
            at,
            customers,
            points,
            kind: Kind::of(row),
        };
        match (before, after) {
            (Some(before), Some(after)) if Kind::of(before) == Kind::of(after) => {
                let points = after.loyalty_points.saturating_sub(before.loyalty_points);
                self.changes.extend((points != 0).then(|| change(after, 0, points)));
            }
            (before, after) => {
                self.changes.extend(before.map(|row| change(row, -1, -row.loyalty_points)));
                self.changes.extend(after.map(|row| change(row, 1, row.loyalty_points)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use events::customer::{CustomerEvent, Deactivated, Deleted, PointsUpdated, Profile, ProfileChanged, Registered, Restored};
    use events::subject::Partition;
    use events::{Actor, CorrelationId, CustomerId, Envelope, Event, EventId, Position, Recorded, StreamRef};

    use sea_query::Value;

    use super::super::fold::Histories;
    use super::super::table;
    use super::*;

    /// What these events of one customer leave, each at its position.
    fn left_by(events: &[(u64, CustomerEvent)]) -> Traces {
        let (tenant, id) = (TenantId::platform(), CustomerId::generate());
        let key = (tenant.clone(), id.clone());
        let mut histories = Histories::default();
        for (version, (position, event)) in (1..).zip(events) {
            let envelope = Envelope {
                stream: StreamRef::customer(&tenant, &id),
                recorded_at: chrono::DateTime::UNIX_EPOCH,
                actor: Actor::system("test"),
                correlation_id: CorrelationId::generate(),
                causation_id: None,
            };
            let recorded = Recorded {
                envelope: envelope.into(),
                position: Position(*position),
                index: 0,
                version,
                event_id: EventId::generate(),
                event: Event::Customer(event.clone()),
            };
            histories.apply(Partition(0), &key, &recorded, event).expect("the event fits");
        }
        Traces::of(&histories.into_steps().0)
    }

    fn registered() -> CustomerEvent {
        let profile = Profile { name: "Ann".into(), ..Profile::default() };
        CustomerEvent::Registered(Registered { profile, is_active: true, loyalty_points: 0, last_order_at: None })
    }

    fn points(balance: i64) -> CustomerEvent {
        CustomerEvent::PointsUpdated(PointsUpdated { requested: 1, applied: 1, balance, reason: String::new() })
    }

    fn stays(traces: &Traces, order: Order) -> Vec<(i64, i64, i64)> {
        let of = traces.stays.iter().filter(|stay| stay.place.order == order);
        of.map(|stay| (stay.place.number, stay.from.0, stay.to.0)).collect()
    }

    const OPEN: i64 = i64::MAX;

    #[test]
    fn other_points_of_the_same_tier_move_the_customer_in_one_list_only() {
        let traces = left_by(&[(1, registered()), (2, points(7))]);
        assert_eq!(stays(&traces, Order::LoyaltyPoints), [(0, 1, 2), (7, 2, OPEN)]);
        assert_eq!(traces.stays.len(), Order::ALL.len() + 1);
        assert_eq!((traces.changes.len(), traces.changes[1].customers, traces.changes[1].points), (2, 0, 7));
    }

    #[test]
    fn another_tier_is_told_in_every_list() {
        let traces = left_by(&[(1, registered()), (2, points(100))]);
        assert_eq!(stays(&traces, Order::TotalOrders), [(0, 1, 2), (0, 2, OPEN)]);
        assert_eq!(traces.stays.len(), 2 * Order::ALL.len());
        assert_eq!(traces.changes.iter().map(|change| change.customers).collect::<Vec<_>>(), [1, -1, 1]);
    }

    #[test]
    fn activity_is_told_in_one_list_only() {
        let traces = left_by(&[(1, registered()), (2, CustomerEvent::Deactivated(Deactivated {}))]);
        assert_eq!(stays(&traces, Order::CreatedAt), [(0, 1, 2), (0, 2, OPEN)]);
        assert_eq!(traces.stays.len(), Order::ALL.len() + 1);
        let told = traces.stays.iter().map(|stay| (stay.place.order, table::stay(stay, Moment(1)).swap_remove(7)));
        let told: Vec<_> = told.filter(|(_, is_active)| *is_active != Value::BigInt(None)).collect();
        assert_eq!(told, [(Order::CreatedAt, 1_i64.into()), (Order::CreatedAt, 0_i64.into())]);
    }

    #[test]
    fn a_text_leads_to_one_kind_after_another_and_then_to_nobody() {
        let renamed = ProfileChanged { name: Some("Bob".into()), ..ProfileChanged::default() };
        let events = [(2, points(7)), (3, points(100)), (4, CustomerEvent::ProfileChanged(renamed)), (5, points(0))];
        let gone = [(6, CustomerEvent::Deleted(Deleted {})), (7, CustomerEvent::Restored(Restored::default()))];
        let traces = left_by(&[vec![(1, registered())], events.to_vec(), gone.to_vec()].concat());
        let finds: Vec<_> = traces.finds.iter().map(|find| (find.text_at.0, find.at.0, find.kind)).collect();
        assert_eq!(finds, [(1, 1, 4), (1, 3, 5), (1, 4, -1), (4, 4, 5), (4, 5, 4), (4, 6, -1), (7, 7, 4)]);
    }

    #[test]
    fn what_was_only_within_a_commit_never_was() {
        let traces = left_by(&[(1, registered()), (1, points(100)), (2, points(200)), (2, points(100))]);
        assert_eq!(stays(&traces, Order::LoyaltyPoints), [(100, 1, OPEN)]);
        assert_eq!(traces.changes.len(), 1);
    }

    #[test]
    fn who_is_deleted_is_in_no_list_and_is_not_found_until_the_return() {
        let renamed = ProfileChanged { name: Some("Bob".into()), ..ProfileChanged::default() };
        let deleted = (2, CustomerEvent::Deleted(Deleted {}));
        let events = [deleted, (3, CustomerEvent::ProfileChanged(renamed)), (4, CustomerEvent::Restored(Restored::default()))];
        let traces = left_by(&[vec![(1, registered())], events.to_vec()].concat());
        assert_eq!(stays(&traces, Order::CreatedAt), [(0, 1, 2), (0, 4, OPEN)]);
        let texts = |of: &[Text]| of.iter().map(|text| (text.at.0, text.text.clone())).collect::<Vec<_>>();
        assert_eq!(texts(&traces.begins), [(1, "ann\n\n".to_owned()), (4, "bob\n\n".to_owned())]);
        assert_eq!(texts(&traces.ends), [(2, "ann\n\n".to_owned())]);
    }
}
