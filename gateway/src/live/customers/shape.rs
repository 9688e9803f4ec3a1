//! The shapes of spec 000: a customer, and what goes with a page of them.

use chrono::{DateTime, SecondsFormat, Utc};
use query_api::PageRequest;
use query_api::contacts::{ContactRow, ConversationSummary, LastMessage, TagNames};
use serde::Serialize;

/// A customer (spec 000, "Customer List Response").
#[derive(Debug, Serialize)]
pub struct Customer<'a> {
    id: &'a str,
    first_name: &'a str,
    last_name: &'a str,
    username: &'a str,
    email: &'a str,
    phone_number: &'a str,
    source: &'static str,
    source_id: &'a str,
    profile_picture: &'a str,
    created_at: String,
    updated_at: String,
    last_activity: String,
    tags: Vec<Tag<'a>>,
    conversations: Vec<Conversation<'a>>,
}

#[derive(Debug, Serialize)]
struct Tag<'a> {
    id: &'a str,
    name: &'a str,
}

#[derive(Debug, Serialize)]
struct Conversation<'a> {
    id: &'a str,
    title: &'a str,
    status: &'static str,
    source: &'static str,
    last_message: Option<Message<'a>>,
    unread_count: u32,
    created_at: String,
    updated_at: String,
}

#[derive(Debug, Serialize)]
struct Message<'a> {
    id: &'a str,
    content: &'a str,
    #[serde(rename = "type")]
    by: &'static str,
    is_ai_response: bool,
    created_at: String,
}

impl<'a> Customer<'a> {
    /// The customer of a row; tags that were deleted are left out. The conversation that changed last comes first.
    pub fn of(row: &'a ContactRow, names: &'a TagNames) -> Self {
        let (first_name, last_name) = row.names();
        let mut conversations: Vec<&ConversationSummary> = row.conversations.iter().collect();
        conversations.sort_by(|a, b| b.updated_at.cmp(&a.updated_at).then_with(|| a.id.cmp(&b.id)));
        Self {
            id: row.id.as_str(),
            first_name,
            last_name,
            username: &row.contact.username,
            email: &row.email,
            phone_number: &row.phone,
            source: row.contact.source.name(),
            source_id: &row.contact.source_id,
            profile_picture: &row.contact.profile_picture,
            created_at: time(row.created_at),
            updated_at: time(row.updated_at),
            last_activity: time(row.last_activity()),
            tags: row.tags.iter().filter_map(|id| Some(Tag { id: id.as_str(), name: names.name(id)? })).collect(),
            conversations: conversations.into_iter().map(Conversation::of).collect(),
        }
    }
}

impl<'a> Conversation<'a> {
    fn of(summary: &'a ConversationSummary) -> Self {
        Self {
            id: summary.id.as_str(),
            title: &summary.title,
            status: summary.status.name(),
            source: summary.source.name(),
            last_message: summary.last_message.as_ref().map(Message::of),
            unread_count: summary.unread,
            created_at: time(summary.created_at),
            updated_at: time(summary.updated_at),
        }
    }
}

impl<'a> Message<'a> {
    fn of(message: &'a LastMessage) -> Self {
        Self {
            id: message.id.as_str(),
            content: &message.text,
            by: message.by.name(),
            is_ai_response: message.by == query_api::contacts::Writer::Bot,
            created_at: time(message.at),
        }
    }
}

/// Where a page stands in its list (spec 000, "Customer List Response").
#[derive(Debug, Serialize)]
pub struct Pagination {
    /// Customers of the whole list.
    count: u64,
    /// Customers of this page.
    page_count: u64,
    /// Customers of a full page.
    page_size: u64,
    /// The number of the page, from 1.
    page: u64,
    /// Pages of the whole list; an empty one has one.
    total_pages: u64,
    has_next: bool,
    has_previous: bool,
    /// Customers before the page.
    offset: u64,
    /// The same as `page_size`.
    limit: u64,
}

impl Pagination {
    /// Where a page with so many customers stands.
    pub const fn of(request: PageRequest, count: u64, page_count: usize) -> Self {
        let (page, page_size) = (request.page(), request.page_size());
        let full = count.div_ceil(page_size);
        Self {
            count,
            page_count: page_count as u64,
            page_size,
            page,
            total_pages: if full == 0 { 1 } else { full },
            has_next: page < full,
            has_previous: page > 1,
            offset: request.offset(),
            limit: page_size,
        }
    }
}

/// A time as the document writes it.
pub fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
