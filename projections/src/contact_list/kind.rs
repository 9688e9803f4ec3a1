//! What most filters ask of a customer, in one number: it rides along in every index, and facets count by it.

use events::Source;
use events::conversation::Status;

use super::row::ContactRow;

/// Where the flags begin, behind the source.
const EMAIL: u32 = 4;
const PHONE: u32 = 5;
const UNREAD: u32 = 6;
/// Where the statuses begin: a bit for each that one of the conversations has.
const STATUSES: u32 = 8;
/// The bits of the source.
const SOURCE: i64 = 0xF;

/// The kind of a row: its source, what is there, and in which statuses its conversations are.
#[must_use]
pub fn kind(row: &ContactRow) -> i64 {
    let flags = [(EMAIL, !row.email.is_empty()), (PHONE, !row.phone.is_empty()), (UNREAD, row.has_unread())];
    let flags = flags.into_iter().map(|(bit, on)| i64::from(on) << bit);
    let statuses = row.conversations.iter().map(|conversation| status_bit(conversation.status));
    flags.chain(statuses).fold(source_number(row.contact.source), |kind, part| kind | part)
}

/// What is asked of a kind: certain bits have certain values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The bits that matter.
    pub mask: i64,
    /// Their values.
    pub value: i64,
}

impl Wanted {
    /// This source as well.
    #[must_use]
    pub fn source(self, source: Source) -> Self {
        self.with(SOURCE, source_number(source))
    }

    /// An email address, or none, as well.
    #[must_use]
    pub fn email(self, on: bool) -> Self {
        self.with(1 << EMAIL, i64::from(on) << EMAIL)
    }

    /// A phone number, or none, as well.
    #[must_use]
    pub fn phone(self, on: bool) -> Self {
        self.with(1 << PHONE, i64::from(on) << PHONE)
    }

    /// Something unread, or nothing, as well.
    #[must_use]
    pub fn unread(self, on: bool) -> Self {
        self.with(1 << UNREAD, i64::from(on) << UNREAD)
    }

    /// A conversation with this status as well.
    #[must_use]
    pub fn status(self, status: Status) -> Self {
        self.with(status_bit(status), status_bit(status))
    }

    /// Whether a kind is as asked.
    #[must_use]
    pub const fn fits(self, kind: i64) -> bool {
        kind & self.mask == self.value
    }

    const fn with(self, mask: i64, value: i64) -> Self {
        Self { mask: self.mask | mask, value: self.value | value }
    }
}

/// The source that a kind is of.
#[must_use]
pub fn source_of(kind: i64) -> Option<Source> {
    Source::ALL.get(usize::try_from(kind & SOURCE).ok()?).copied()
}

/// The statuses of the conversations of a kind.
pub fn statuses_of(kind: i64) -> impl Iterator<Item = Status> {
    Status::ALL.iter().copied().filter(move |status| kind & status_bit(*status) != 0)
}

/// The number of a source is its place in the list of all; they are never put in another order, and there is room for 16.
fn source_number(source: Source) -> i64 {
    place(Source::ALL, source)
}

fn status_bit(status: Status) -> i64 {
    1 << STATUSES << place(Status::ALL, status)
}

fn place<T: PartialEq>(all: &[T], one: T) -> i64 {
    all.iter().position(|other| *other == one).and_then(|place| i64::try_from(place).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_sources_and_statuses_stay_as_they_are() {
        let sources: Vec<_> = Source::ALL.iter().map(|source| (source.name(), source_number(*source))).collect();
        assert_eq!(sources, [("telegram", 0), ("instagram", 1), ("messenger", 2), ("unknown", 3)]);
        let statuses: Vec<_> = Status::ALL.iter().map(|status| (status.name(), status_bit(*status))).collect();
        assert_eq!(statuses, [("active", 256), ("support_active", 512), ("marketing_active", 1024), ("closed", 2048)]);
    }

    #[test]
    fn what_is_asked_is_what_was_put_in() {
        let wanted = Wanted::default().source(Source::Instagram).email(true).phone(false).status(Status::Closed);
        let kind = 1 | 1 << EMAIL | 1 << UNREAD | status_bit(Status::Closed) | status_bit(Status::Active);
        assert!(wanted.fits(kind));
        assert!(!wanted.unread(false).fits(kind) && !Wanted::default().source(Source::Telegram).fits(kind));
        assert_eq!(source_of(kind), Some(Source::Instagram));
        assert_eq!(statuses_of(kind).collect::<Vec<_>>(), [Status::Active, Status::Closed]);
    }
}
