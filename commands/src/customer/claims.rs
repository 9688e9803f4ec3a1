//! Which unique names change hands with a customer's events: the email address, who they are in a channel, and the numbers of
//! orders.

use events::{ClaimKey, ClaimName, Contact, CustomerEvent, StreamRef};

use super::state::CustomerState;
use crate::aggregate::{ClaimChange, ClaimMove};

/// What a customer holds at a moment.
struct Holding<'a> {
    email: &'a str,
    is_in_lists: bool,
    contact: Option<&'a Contact>,
}

impl Holding<'_> {
    /// The email address is held while the customer is in lists, so that a deleted customer is in nobody's way.
    fn email(&self, stream: &StreamRef) -> Option<ClaimKey> {
        let holds = self.is_in_lists && !self.email.is_empty();
        holds.then(|| ClaimKey::email(&stream.tenant, ClaimName::CustomerEmail, self.email))
    }

    /// Who they are in a channel is held until they are forgotten, so that they are found again when they write again.
    fn contact(&self, stream: &StreamRef) -> Option<ClaimKey> {
        let contact = self.contact.filter(|contact| !contact.source_id.is_empty())?;
        Some(ClaimKey::contact(&stream.tenant, contact.source, &contact.source_id))
    }
}

/// The claims before and after the events. An order's number stays taken for ever, also when the customer goes.
pub(super) fn changes(stream: &StreamRef, before: &CustomerState, events: &[CustomerEvent]) -> Vec<ClaimChange> {
    let was = Holding { email: &before.profile.email, is_in_lists: before.is_present(), contact: Some(&before.contact) };
    let mut is = Holding { ..was };
    let mut changes = Vec::new();
    for event in events {
        match event {
            CustomerEvent::Registered(registered) => (is.email, is.is_in_lists) = (&registered.profile.email, true),
            CustomerEvent::Imported(imported) => (is.email, is.is_in_lists) = (&imported.profile.email, true),
            CustomerEvent::Arrived(arrived) => {
                is = Holding { email: &arrived.profile.email, is_in_lists: true, contact: Some(&arrived.contact) };
            }
            CustomerEvent::ProfileChanged(changed) => is.email = changed.email.as_deref().unwrap_or(is.email),
            CustomerEvent::ContactChanged(changed) => is.contact = Some(&changed.contact),
            CustomerEvent::Restored(_) => is.is_in_lists = true,
            CustomerEvent::Deleted(_) => is.is_in_lists = false,
            CustomerEvent::Forgotten(_) => (is.is_in_lists, is.contact) = (false, None),
            CustomerEvent::OrderRecorded(order) if !order.number.is_empty() => {
                let key = ClaimKey::new(&stream.tenant, ClaimName::OrderNumber, &order.number);
                changes.push(ClaimChange { key, change: ClaimMove::Acquire });
            }
            CustomerEvent::OrderRecorded(_)
            | CustomerEvent::PointsUpdated(_)
            | CustomerEvent::Tagged(_)
            | CustomerEvent::Untagged(_)
            | CustomerEvent::Activated(_)
            | CustomerEvent::Deactivated(_) => {}
        }
    }
    changes.extend(moved(was.email(stream), is.email(stream)));
    changes.extend(moved(was.contact(stream), is.contact(stream)));
    changes
}

/// A name that is another than before.
fn moved(held: Option<ClaimKey>, wanted: Option<ClaimKey>) -> impl Iterator<Item = ClaimChange> {
    let is_other = held != wanted;
    let acquired = wanted.filter(|_| is_other).map(|key| ClaimChange { key, change: ClaimMove::Acquire });
    let released = held.filter(|_| is_other).map(|key| ClaimChange { key, change: ClaimMove::Release });
    acquired.into_iter().chain(released)
}
