//! The rules of every aggregate, each test named as the rule that it holds.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

mod booking;
mod booking_time;
mod conversation_hands;
mod conversation_messages;
mod conversation_properties;
mod customer_coming_and_going;
mod customer_contact;
mod customer_fields;
mod customer_points_and_orders;
mod customer_revert;
mod page;
mod properties;
mod relation;
mod sample;
mod service;
mod tag;
mod talk;
mod tenant;
mod trade;
mod user;

use commands::Rejection;
use commands::{
    BookingRejection, ConversationRejection, CustomerRejection, PageRejection, RelationRejection, ServiceRejection, TagRejection,
    TenantRejection, UserRejection,
};

#[test]
fn codes_are_unique_and_listed() {
    let lists = [
        CustomerRejection::CODES,
        TenantRejection::CODES,
        UserRejection::CODES,
        TagRejection::CODES,
        PageRejection::CODES,
        ConversationRejection::CODES,
        ServiceRejection::CODES,
        BookingRejection::CODES,
        RelationRejection::CODES,
    ];
    let mut codes: Vec<_> = lists.concat();
    let count = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), count);
    assert!(CustomerRejection::CODES.contains(&CustomerRejection::EmailTaken.code()));
    assert!(TenantRejection::CODES.contains(&TenantRejection::NotFound.code()));
    assert!(UserRejection::CODES.contains(&UserRejection::OwnRole.code()));
    assert!(TagRejection::CODES.contains(&TagRejection::NameTaken.code()));
    assert!(PageRejection::CODES.contains(&PageRejection::AccessDenied.code()));
    assert!(ConversationRejection::CODES.contains(&ConversationRejection::NotRequested.code()));
    assert!(ServiceRejection::CODES.contains(&ServiceRejection::NotFound.code()));
    assert!(BookingRejection::CODES.contains(&BookingRejection::TimeTaken.code()));
    assert!(RelationRejection::CODES.contains(&RelationRejection::NotFound.code()));
}
