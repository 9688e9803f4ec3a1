//! `GET /api/v1/events/`: everything that happened, page after page, and nobody else's.

use chrono::{DateTime, TimeDelta, Utc};
use event_log::{Append, Entry};
use events::customer::{Profile, Registered};
use events::{
    Actor, Commit, CorrelationId, CustomerEvent, CustomerId, Envelope, EventId, NewEvent, Position, Role, StreamRef, TenantId,
};
use serde_json::{Value, json};

use crate::house::{House, Somebody};

/// All events that a question finds, page after page.
async fn all(house: &House, who: &Somebody, path: &str) -> Vec<Value> {
    let (mut found, mut next) = (Vec::new(), Some(path.to_owned()));
    while let Some(path) = next {
        let page = house.get(who, path.trim_start_matches("http://kith.test")).await.is(200).json();
        found.extend(page["results"].as_array().expect("results").clone());
        next = page["next"].as_str().map(str::to_owned);
    }
    found
}

fn texts(events: &[Value], member: &str) -> Vec<String> {
    events.iter().map(|event| event[member].as_str().expect("a text").to_owned()).collect()
}

/// A restaurant with two customers, one of whom was changed twice; gives the path of that one.
async fn history(house: &House, owner: &Somebody) -> String {
    let jane = house.customer(owner, "Jane", "jane@example.com").await;
    house.customer(owner, "John", "john@example.com").await;
    house.patch(owner, &jane, &json!({ "city": "Jakarta", "is_active": false })).await.is(200);
    house.post(Some(owner), &format!("{jane}update_points/"), &json!({ "points": 5, "reason": "welcome" })).await.is(200);
    jane
}

#[tokio::test]
async fn pages_give_every_event_once_with_its_whole_envelope() {
    let house = House::start().await;
    let owner = house.owner().await;
    let jane = history(&house, &owner).await;
    let types = [
        "tenant.created",
        "user.added",
        "customer.registered",
        "customer.registered",
        "customer.profile_changed",
        "customer.deactivated",
        "customer.points_updated",
    ];
    for limit in [1, 2, 3, 500] {
        let events = all(&house, &owner, &format!("/api/v1/events/?limit={limit}")).await;
        assert_eq!(texts(&events, "type"), types, "limit {limit}");
    }
    let events = all(&house, &owner, "/api/v1/events/").await;
    let last = events.last().expect("an event");
    assert_eq!(last["kind"], "customer");
    assert!(jane.contains(last["id"].as_str().expect("an id")));
    assert_eq!(last["tenant"], owner.tenant.as_str());
    assert_eq!((&last["version"], &last["schema_version"], &last["index"]), (&json!(4), &json!(1), &json!(0)));
    assert_eq!(last["actor"]["kind"], "user");
    assert_eq!(last["data"], json!({ "requested": 5, "applied": 5, "balance": 5, "reason": "welcome" }));
    let places: Vec<_> = events.iter().map(|event| (event["position"].as_u64(), event["index"].as_u64())).collect();
    assert!(places.is_sorted() && places[4].0 == places[5].0, "two events of one commit: {places:?}");

    let page = house.get(&owner, "/api/v1/events/?limit=500").await.is(200);
    let (position, page) = (page.wanted("kith-position"), page.json());
    assert_eq!((page["next_after"].to_string(), &page["next"]), (position.clone(), &Value::Null));
    house.customer(&owner, "Jill", "jill@example.com").await;
    let later = all(&house, &owner, &format!("/api/v1/events/?after={position}")).await;
    assert_eq!(texts(&later, "type"), ["customer.registered"]);
}

#[tokio::test]
async fn filters_let_through_what_they_name() {
    let house = House::start().await;
    let owner = house.owner().await;
    let jane = history(&house, &owner).await;
    let id = jane.trim_end_matches('/').rsplit('/').next().expect("an id").to_owned();
    let count = async |query: &str| all(&house, &owner, &format!("/api/v1/events/?limit=2&{query}")).await.len();
    assert_eq!(count("kind=customer").await, 5);
    assert_eq!(count("type=customer.registered").await, 2);
    assert_eq!(count(&format!("object_id={id}")).await, 4);
    assert_eq!(count(&format!("object_id={id}&kind=user")).await, 0);
    assert_eq!(count("kind=user&type=customer.registered").await, 0);
    assert_eq!(count("actor=test").await, 2);
    assert_eq!(count("object_id=*").await, 0);
    let events = all(&house, &owner, "/api/v1/events/").await;
    let actor = events[2]["actor"]["id"].as_str().expect("an id").to_owned();
    assert_eq!(count(&format!("actor={actor}&kind=customer")).await, 5);
    let (third, fourth) = (&texts(&events, "recorded_at")[2], &texts(&events, "recorded_at")[3]);
    assert_eq!(count(&format!("from={third}&to={fourth}")).await, 2);
    assert_eq!(count(&format!("from={fourth}")).await, 4);
    assert_eq!(count(&format!("to={third}")).await, 3);
    assert_eq!(count("to=2001-01-01T00:00:00Z").await, 0);
    for (query, name) in [
        ("kind=x", "kind"),
        ("type=customer.x", "type"),
        ("after=-1", "after"),
        ("limit=501", "limit"),
        ("from=yesterday", "from"),
        ("after=99999999", "after"),
        ("from=2024-01-02T00:00:00Z&to=2024-01-01T00:00:00Z", "from"),
    ] {
        let problem = house.get(&owner, &format!("/api/v1/events/?{query}")).await.problem(400, "request.invalid_parameter");
        assert!(problem["errors"][name].is_array(), "{problem}");
    }
}

#[tokio::test]
async fn events_are_for_those_who_manage_and_never_another_tenants() {
    let house = House::start().await;
    let owner = house.owner().await;
    history(&house, &owner).await;
    let other = house.owner().await;
    let events = all(&house, &other, "/api/v1/events/").await;
    assert_eq!(texts(&events, "type"), ["tenant.created", "user.added"]);
    assert!(texts(&events, "tenant").iter().all(|tenant| *tenant == other.tenant.as_str()));
    for role in [Role::Viewer, Role::Agent, Role::Provider] {
        let somebody = house.somebody(&owner.tenant, role).await;
        house.get(&somebody, "/api/v1/events/").await.problem(403, "auth.forbidden");
    }
}

/// An entry of the log that enters a customer.
pub fn registered(tenant: &TenantId, name: &str) -> Entry {
    let profile = Profile { name: name.to_owned(), ..Profile::default() };
    let event = Registered { profile, is_active: true, loyalty_points: 0, last_order_at: None };
    let envelope = Envelope {
        stream: StreamRef::customer(tenant, &CustomerId::generate()),
        recorded_at: DateTime::from_timestamp_micros(Utc::now().timestamp_micros()).expect("a time"),
        actor: Actor::system("test"),
        correlation_id: CorrelationId::generate(),
        causation_id: None,
    };
    let events = vec![NewEvent { event_id: EventId::generate(), event: CustomerEvent::Registered(event).into() }];
    Entry::Commit { commit: Commit { envelope, first_version: 1, events }, expected: Position::START }
}

#[tokio::test]
async fn a_filter_that_matches_nothing_stops_after_a_piece_of_the_log() {
    let house = House::start().await;
    let owner = house.owner().await;
    for _ in 0..6 {
        let entries = (0..900).map(|_| registered(&owner.tenant, "Somebody")).collect();
        house.state.log.append(Append { tenant: owner.tenant.clone(), entries }).await.expect("recorded");
    }
    let first = house.get(&owner, "/api/v1/events/?actor=nobody").await.is(200).json();
    assert_eq!(first["results"], json!([]));
    assert!(first["next"].is_string(), "there is more to look through: {first}");
    let after = first["next_after"].as_u64().expect("a position");
    assert!((4_000..5_402).contains(&after), "{after}");
    assert_eq!(all(&house, &owner, "/api/v1/events/?actor=nobody").await, [json!(null); 0]);
    assert_eq!(all(&house, &owner, "/api/v1/events/?kind=customer&limit=500").await.len(), 5_400);
    let future = (Utc::now() + TimeDelta::days(1)).format("%Y-%m-%dT%H:%M:%SZ");
    assert_eq!(all(&house, &owner, &format!("/api/v1/events/?from={future}")).await, [json!(null); 0]);
}
