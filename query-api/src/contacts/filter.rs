//! The filter of the live list, as a predicate on rows and a comparison of them. The same filter becomes SQL in `plan.rs`.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use events::conversation::Status;
use events::{Source, TagId};
use projections::contact_list::kind::{Wanted, kind};
use projections::customer::search;

use super::period::Period;
use super::{ContactRow, TagNames};

/// Which customers, in which order. Every part that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactFilter {
    /// Words, each of which is contained in first name, last name, user name, email or phone, without regard to case.
    pub search: Option<String>,
    /// With an email address, or without.
    pub has_email: Option<bool>,
    /// With a phone number, or without.
    pub has_phone: Option<bool>,
    /// With something unread, or without.
    pub has_unread: Option<bool>,
    /// With one of the tags that are called so, without regard to case. `None`: whatever the tags.
    pub tags: Option<Vec<String>>,
    /// With one of these tags.
    pub tag_ids: Option<Vec<String>>,
    /// Of this channel.
    pub source: Option<Source>,
    /// With a conversation that stands so.
    pub status: Option<Status>,
    /// Entered within this time.
    pub created: Period,
    /// Last active within this time.
    pub active: Period,
    /// In this order.
    pub order: ContactOrder,
}

/// What the live list can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactOrderField {
    /// By the time when the customer was entered.
    CreatedAt,
    /// By the time of the last change.
    UpdatedAt,
    /// By first name, without regard to case.
    FirstName,
}

/// An order of the live list. Among equals the one entered first comes first, or last when descending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContactOrder {
    /// By what.
    pub field: ContactOrderField,
    /// Greatest first.
    pub descending: bool,
}

impl Default for ContactOrder {
    /// Recently changed first: the first of the orders that spec 000 offers.
    fn default() -> Self {
        Self { field: ContactOrderField::UpdatedAt, descending: true }
    }
}

impl ContactOrder {
    /// The orders that clients can ask for, by name.
    pub const NAMED: [(&'static str, Self); 6] = [
        ("-updated_at", Self { field: ContactOrderField::UpdatedAt, descending: true }),
        ("updated_at", Self { field: ContactOrderField::UpdatedAt, descending: false }),
        ("-created_at", Self { field: ContactOrderField::CreatedAt, descending: true }),
        ("created_at", Self { field: ContactOrderField::CreatedAt, descending: false }),
        ("first_name", Self { field: ContactOrderField::FirstName, descending: false }),
        ("-first_name", Self { field: ContactOrderField::FirstName, descending: true }),
    ];
}

impl ContactFilter {
    /// Whether the list has this row, by what the tags are called.
    #[must_use]
    pub fn matches(&self, row: &ContactRow, names: &TagNames) -> bool {
        row.is_live
            && self.wanted().fits(kind(row))
            && self.created.contains(row.created_at)
            && (self.active.is_open() || self.active.contains(row.last_activity()))
            && self.tag_sets(names).iter().all(|tags| row.tags.iter().any(|tag| tags.contains(tag)))
            && self.matches_search(row)
    }

    /// How two rows of the list stand to each other.
    #[must_use]
    pub fn cmp(&self, a: &ContactRow, b: &ContactRow) -> Ordering {
        let by_field = match self.order.field {
            ContactOrderField::CreatedAt => a.created_at.cmp(&b.created_at),
            ContactOrderField::UpdatedAt => a.updated_at.cmp(&b.updated_at),
            ContactOrderField::FirstName => a.name_key().cmp(&b.name_key()),
        };
        let ascending = by_field.then(a.no.cmp(&b.no));
        if self.order.descending { ascending.reverse() } else { ascending }
    }

    /// Whether what a tag is called makes a difference to which customers there are.
    #[must_use]
    pub const fn asks_for_tags(&self) -> bool {
        self.tags.is_some() || self.tag_ids.is_some()
    }

    /// What it asks of the kind of a row.
    pub(super) fn wanted(&self) -> Wanted {
        let wanted = Wanted::default();
        let wanted = self.source.map_or(wanted, |source| wanted.source(source));
        let wanted = self.status.map_or(wanted, |status| wanted.status(status));
        let wanted = self.has_email.map_or(wanted, |on| wanted.email(on));
        let wanted = self.has_phone.map_or(wanted, |on| wanted.phone(on));
        self.has_unread.map_or(wanted, |on| wanted.unread(on))
    }

    /// The tags that it asks for: one of each set.
    pub(super) fn tag_sets(&self, names: &TagNames) -> Vec<BTreeSet<TagId>> {
        let called = self.tags.as_ref().map(|wanted| wanted.iter().flat_map(|name| names.called(name)).cloned().collect());
        let known = |id: &String| id.parse().ok().filter(|id| names.name(id).is_some());
        let ids = self.tag_ids.as_ref().map(|ids| ids.iter().filter_map(known).collect());
        called.into_iter().chain(ids).collect()
    }

    /// The words to look for, folded.
    pub(super) fn terms(&self) -> Vec<String> {
        self.search.as_deref().map(search::terms).unwrap_or_default()
    }

    fn matches_search(&self, row: &ContactRow) -> bool {
        let terms = self.terms();
        if terms.is_empty() {
            return true;
        }
        let text = row.search_text();
        terms.iter().all(|term| text.contains(term.as_str()))
    }
}
