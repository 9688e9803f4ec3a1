//! The audit trail, the field history and the timeline: who may see what, and for how long.

use chrono::{TimeDelta, Utc};
use event_log::{Append, Entry};
use events::customer::{Profile, Registered};
use events::{Actor, Commit, CorrelationId, CustomerEvent, CustomerId, Envelope, EventId, NewEvent, Position, Role, StreamRef};
use poem::http::Method;
use serde_json::{Value, json};

use crate::audit::{column, past};
use crate::audit_views::shown;
use crate::house::{House, Somebody};

#[tokio::test]
async fn another_tenants_past_is_nobodys() {
    let house = House::start().await;
    let owner = house.owner().await;
    let (path, id) = past(&house, &owner).await;
    house.patch(&owner, "/api/tenant/", &json!({ "view_audit": true })).await.is(200);
    let other = house.owner().await;
    let rows = house.get(&owner, "/api/v1/audit-trail/?model=customer").await.is(200).json();
    let event = column(&rows, "results", "id")[0].clone();
    let user = rows["results"][0]["user_id"].as_str().expect("an id").to_owned();
    for path in [
        format!("audit-trail/{event}/"),
        format!("field-history/{event}.is_deleted/"),
        format!("timeline/customer/{id}/"),
        format!("timeline/user/{user}/"),
    ] {
        house.get(&owner, &format!("/api/v1/{path}")).await.is(200);
        house.get(&other, &format!("/api/v1/{path}")).await.problem(404, "request.not_found");
    }
    for query in [format!("object_id={id}"), format!("user={user}"), format!("user={}", owner.email), "search=jane".to_owned()] {
        assert_eq!(house.get(&other, &format!("/api/v1/audit-trail/?{query}")).await.is(200).json()["count"], 0, "{query}");
        assert_eq!(house.get(&other, &format!("/api/v1/audit-trail/stats/?{query}")).await.is(200).json()["count"], 0);
    }
    assert_eq!(house.get(&other, &format!("/api/v1/field-history/?object_id={id}")).await.is(200).json()["count"], 0);
    house.get(&other, &path).await.problem(404, "request.not_found");
    let views = house.get(&other, "/api/v1/audit-trail/?action=view").await.is(200).json();
    assert_eq!(views["count"], 0, "what is not there cannot be looked at");
}

#[tokio::test]
async fn roles_see_as_much_of_the_past_as_they_should() {
    let house = House::start().await;
    let owner = house.owner().await;
    house.patch(&owner, "/api/tenant/", &json!({ "view_audit": true })).await.is(200);
    let viewer = house.somebody(&owner.tenant, Role::Viewer).await;
    let (path, id) = past(&house, &owner).await;
    house.get(&viewer, &path).await.is(200);
    for path in ["audit-trail/", "audit-trail/stats/", "field-history/", "timeline/", "timeline/user/somebody/"] {
        house.get(&viewer, &format!("/api/v1/{path}")).await.problem(403, "auth.forbidden");
    }
    house.get(&viewer, &format!("/api/v1/timeline/tenant/{}/", owner.tenant)).await.problem(403, "auth.forbidden");
    house.get(&owner, &format!("/api/v1/timeline/tenant/{}/", owner.tenant)).await.is(200);
    shown(&house, &owner, "action=view", 1).await;
    let entity_path = format!("/api/v1/timeline/customer/{id}/");
    let entity = |who| house.get(who, &entity_path);
    assert_eq!(entity(&owner).await.is(200).json()["count"], 7, "with the view");
    assert_eq!(entity(&viewer).await.is(200).json()["count"], 6, "without it");
    shown(&house, &owner, "action=view", 3).await;
    assert_eq!(house.get(&viewer, "/api/v1/timeline/user/").await.is(200).json()["count"], 2, "one's own views");
}

/// A customer who was registered so many days ago.
async fn registered_days_ago(house: &House, owner: &Somebody, days: i64) -> String {
    let id = CustomerId::generate();
    let stream = StreamRef::customer(&owner.tenant, &id);
    let profile = Profile { name: format!("Old {days}"), ..Profile::default() };
    let event = CustomerEvent::Registered(Registered { profile, is_active: true, loyalty_points: 0, last_order_at: None });
    let recorded_at = Utc::now() - TimeDelta::days(days);
    let (actor, correlation_id) = (Actor::system("test"), CorrelationId::generate());
    let envelope = Envelope { stream, recorded_at, actor, correlation_id, causation_id: None };
    let events = vec![NewEvent { event_id: EventId::generate(), event: event.into() }];
    let commit = Commit { envelope, first_version: 1, events };
    let entries = vec![Entry::Commit { commit, expected: Position::START }];
    let appended = house.state.log.append(Append { tenant: owner.tenant.clone(), entries }).await.expect("appended");
    assert!(house.state.wait_for(&owner.tenant, appended.last()).await, "the read models are behind");
    id.to_string()
}

#[tokio::test]
async fn audit_views_go_back_as_far_as_the_policy_says() {
    let house = House::start().await;
    let owner = house.owner().await;
    let old = registered_days_ago(&house, &owner, 40).await;
    registered_days_ago(&house, &owner, 30).await;
    house.customer(&owner, "New", "new@example.com").await;
    let set = async |days: Value| house.patch(&owner, "/api/tenant/", &json!({ "audit_retention_days": days })).await;
    let counts = async || {
        let mut counts = Vec::new();
        for query in [
            "audit-trail/?model=customer",
            "audit-trail/?model=customer&start_date=2000-01-01",
            "audit-trail/stats/?model=customer",
            "audit-trail/?model=customer&search=created",
            "timeline/?entity_type=customer",
            "field-history/?model=customer&field_name=name",
        ] {
            let answer = house.get(&owner, &format!("/api/v1/{query}")).await.is(200).json();
            counts.push(answer["count"].as_u64().expect("a count"));
        }
        assert!(counts.iter().all(|count| *count == counts[0]), "{counts:?}");
        counts[0]
    };
    assert_eq!(counts().await, 3);
    let rows = house.get(&owner, &format!("/api/v1/audit-trail/?object_id={old}")).await.is(200).json();
    let row = format!("/api/v1/audit-trail/{}/", rows["results"][0]["id"].as_str().expect("an id"));
    assert_eq!(set(json!(30)).await.is(200).json()["audit_retention_days"], 30);
    assert_eq!(counts().await, 2, "the thirtieth day is shown");
    house.get(&owner, &row).await.problem(404, "request.not_found");
    assert_eq!(house.get(&owner, &format!("/api/v1/timeline/customer/{old}/")).await.is(200).json()["count"], 0);
    house.get(&owner, &format!("/api/customers/{old}/")).await.is(200);
    set(json!(29)).await.is(200);
    assert_eq!(counts().await, 1);
    assert_eq!(set(Value::Null).await.is(200).json()["audit_retention_days"], Value::Null);
    assert_eq!(counts().await, 3, "the log forgot nothing");
    house.get(&owner, &row).await.is(200);
    for wrong in [json!(0), json!(-1), json!(36_501), json!(99_999_999_999_u64)] {
        set(wrong).await.problem(400, "tenant.invalid");
    }
    for wrong in [json!("1"), json!(1.5), json!(true)] {
        set(wrong).await.problem(400, "request.invalid");
    }
}

#[tokio::test]
async fn of_whom_is_forgotten_nothing_is_told() {
    let house = House::start().await;
    let owner = house.owner().await;
    house.patch(&owner, "/api/tenant/", &json!({ "view_audit": true })).await.is(200);
    let (path, id) = past(&house, &owner).await;
    house.get(&owner, &path).await.is(200);
    shown(&house, &owner, "action=view", 1).await;
    house.patch(&owner, "/api/tenant/", &json!({ "view_audit": false })).await.is(200);
    let rows = house.get(&owner, &format!("/api/v1/audit-trail/?object_id={id}&action=update")).await.is(200).json();
    let event = column(&rows, "results", "id")[0].clone();
    house.ask(Some(&owner), Method::POST, &format!("{path}forget/"), &[], Some(&json!({}))).await.is(204);
    let left = house.get(&owner, &format!("/api/v1/audit-trail/?object_id={id}")).await.is(200).json();
    assert_eq!(column(&left, "results", "activity"), ["forgotten", "viewed"]);
    assert_eq!(column(&left, "results", "object_repr"), ["Forgotten customer", "Forgotten customer"]);
    assert!(left["results"][0]["description"].as_str().expect("a sentence").contains("erased"));
    house.get(&owner, &format!("/api/v1/audit-trail/{event}/")).await.problem(404, "request.not_found");
    for query in ["audit-trail/?search=jane", "audit-trail/stats/?search=smith"] {
        assert_eq!(house.get(&owner, &format!("/api/v1/{query}")).await.is(200).json()["count"], 0, "{query}");
    }
    assert_eq!(house.get(&owner, &format!("/api/v1/field-history/?object_id={id}")).await.is(200).json()["count"], 0);
    assert_eq!(house.get(&owner, "/api/v1/field-history/?field_name=phone").await.is(200).json()["count"], 0);
    let entity = house.get(&owner, &format!("/api/v1/timeline/customer/{id}/")).await.is(200);
    assert!(!entity.text.contains("Jane") && !entity.text.contains("birthday"), "{}", entity.text);
    let stats = house.get(&owner, "/api/v1/audit-trail/stats/?model=customer").await.is(200).json();
    assert_eq!(stats["count"], 2);
}
