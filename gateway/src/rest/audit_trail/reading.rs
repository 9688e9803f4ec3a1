//! What is noted of those who read the past: that of a person tells as much as the person's record.

use events::StreamKind;
use query_api::audit_trail::AuditRow;

use crate::rest::call::Call;

impl<O> Call<O> {
    /// Notes that what happened to one record is shown, where that tells of a person and the tenant audits its reading; see
    /// [`Call::viewed`]. `asked` is the record that was asked for, `first` the first row about it: without the former the rows are a
    /// list of many records, as which they are not noted.
    pub fn viewed_past(&self, asked: Option<&str>, first: Option<&AuditRow>) {
        if let (Some(_), Some(row)) = (asked, first) {
            self.viewed_row(row);
        }
    }

    /// Notes that one row about a record is shown, as [`Call::viewed_past`] does.
    pub fn viewed_row(&self, row: &AuditRow) {
        // What is about all records of a kind names none.
        if tells_of_a_person(row.kind) && !row.object_id.is_empty() {
            self.viewed(row.kind, &row.object_id);
        }
    }
}

/// Whether what happened to such a record tells of a person.
const fn tells_of_a_person(kind: StreamKind) -> bool {
    match kind {
        StreamKind::User | StreamKind::Customer | StreamKind::Conversation | StreamKind::Booking | StreamKind::Relation => true,
        StreamKind::Tenant | StreamKind::Access | StreamKind::Tag | StreamKind::Page | StreamKind::Service => false,
    }
}
