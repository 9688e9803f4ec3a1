//! What clients send, and what it means.

use serde_json::{Value, json};

use super::*;
use crate::contacts::ContactOrderField;

fn parse(filters: &Value) -> Result<ContactQuestion, InvalidFilter> {
    ContactQuestion::parse(filters.as_object().expect("an object"))
}

#[test]
fn the_examples_of_the_document_are_read() {
    let vip = parse(&json!({ "tags": ["VIP"], "has_email": "true", "order_by": "-updated_at" })).expect("example 1").filter;
    assert_eq!((vip.tags, vip.has_email), (Some(vec!["VIP".to_owned()]), Some(true)));
    let unread = json!({ "source": "telegram", "has_unread": "true", "conversation_status": "active" });
    let unread = parse(&unread).expect("example 2").filter;
    assert_eq!((unread.source, unread.status, unread.has_unread), (Some(Source::Telegram), Some(Status::Active), Some(true)));
    let bare = parse(&json!({ "has_email": "false", "has_phone": "false" })).expect("example 3").filter;
    assert_eq!((bare.has_email, bare.has_phone), (Some(false), Some(false)));
    let recent = json!({ "source": "instagram", "last_activity_from": "2023-11-01", "conversation_status": "active" });
    assert!(parse(&recent).expect("example 4").filter.active.from.is_some());
}

#[test]
fn texts_and_plain_json_mean_the_same_and_all_means_nothing() {
    let texts =
        json!({ "has_email": "true", "has_phone": "all", "page": "2", "page_size": "20", "tag_ids": "7", "source": "all" });
    let plain = json!({ "has_email": true, "has_phone": null, "page": 2, "page_size": 20, "tag_ids": [7], "search": " " });
    assert_eq!(parse(&texts), parse(&plain));
    let nothing = parse(&json!({})).expect("no filter");
    assert_eq!((nothing.filter, nothing.page.page(), nothing.page.page_size()), (ContactFilter::default(), 1, 10));
}

#[test]
fn every_order_of_the_document_is_known() {
    for name in ["created_at", "-created_at", "updated_at", "-updated_at", "first_name", "-first_name"] {
        let order = parse(&json!({ "order_by": name })).expect("an order").filter.order;
        assert_eq!(order.descending, name.starts_with('-'));
        let field = match order.field {
            ContactOrderField::CreatedAt => "created_at",
            ContactOrderField::UpdatedAt => "updated_at",
            ContactOrderField::FirstName => "first_name",
        };
        assert_eq!(name.trim_start_matches('-'), field);
    }
}

#[test]
fn what_is_no_filter_is_refused_with_what_would_be_one() {
    for (filters, field, word) in [
        (json!({ "has_email": "maybe" }), "has_email", "all"),
        (json!({ "has_unread": 1 }), "has_unread", "true"),
        (json!({ "source": "fax" }), "source", "telegram"),
        (json!({ "source": ["telegram"] }), "source", "telegram"),
        (json!({ "conversation_status": "open" }), "conversation_status", "support_active"),
        (json!({ "date_from": "01/02/2023" }), "date_from", "2023-01-31"),
        (json!({ "last_activity_to": 5 }), "last_activity_to", "2023-01-31"),
        (json!({ "order_by": "id; drop" }), "order_by", "-first_name"),
        (json!({ "page": 0 }), "page", "from 1 on"),
        (json!({ "page": -1 }), "page", "from 1 on"),
        (json!({ "page": 99_999_999_999_u64 }), "page", "no such page"),
        (json!({ "page_size": 101 }), "page_size", "1 to 100"),
        (json!({ "page_size": 1.5 }), "page_size", "1 to 100"),
        (json!({ "tags": [{}] }), "tags", "texts"),
        (json!({ "tags": vec!["x"; 51] }), "tags", "50"),
        (json!({ "search": "x".repeat(201) }), "search", "200"),
        (json!({ "search": 5 }), "search", "text"),
        (json!({ "has_emails": "true" }), "has_emails", "has_email"),
    ] {
        let error = parse(&filters).expect_err("refused");
        assert_eq!(error.field, field, "{filters}");
        assert!(error.sentence.contains(word) || error.allowed.contains(&word), "{error:?}");
    }
}
