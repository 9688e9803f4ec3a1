//! Who looked at which record: what is noted of reading, where the tenant wants it.

use std::time::Duration;

use events::Role;
use serde_json::{Value, json};

use crate::audit::{column, past};
use crate::bookings::Salon;
use crate::desk::Desk;
use crate::house::{House, Somebody};
use crate::socket::Port;

/// Waits until the audit trail shows so many rows: views are noted in the background.
pub async fn shown(house: &House, who: &Somebody, query: &str, rows: u64) -> Value {
    let mut tick = tokio::time::interval(Duration::from_millis(10));
    for _ in 0..1_000 {
        tick.tick().await;
        let answer = house.get(who, &format!("/api/v1/audit-trail/?{query}")).await.is(200).json();
        if answer["count"].as_u64() >= Some(rows) {
            assert_eq!(answer["count"], rows, "{answer}");
            return answer;
        }
    }
    panic!("the audit trail does not show {rows} rows of {query:?}")
}

#[tokio::test]
async fn reading_is_audited_when_the_tenant_wants_it() {
    let house = House::start().await;
    let owner = house.owner().await;
    let path = house.customer(&owner, "Jane Smith", "jane@example.com").await;
    house.get(&owner, &path).await.is(200);
    let settings = house.patch(&owner, "/api/tenant/", &json!({ "view_audit": true })).await.is(200).json();
    assert_eq!(settings["view_audit"], true);
    house.get(&owner, &path).await.is(200);
    house.get(&owner, &format!("{path}points/")).await.is(200);
    house.get(&owner, &format!("{path}tags/")).await.is(200);
    house.get(&owner, "/api/customers/0193aaaa-bbbb-7ccc-8ddd-eeeeffff0000/").await.is(404);
    house.get(&owner, "/api/customers/export/").await.is(200);
    let views = shown(&house, &owner, "action=view", 4).await;
    let rows = views["results"].as_array().expect("rows");
    let exported = rows.iter().find(|row| row["activity"] == "exported").expect("an export");
    assert_eq!((&exported["object_id"], &exported["description"]), (&Value::Null, &json!("Exported customers")));
    let viewed = rows.iter().find(|row| row["activity"] == "viewed").expect("a view");
    assert_eq!((&viewed["object_repr"], &viewed["user"]), (&json!("Jane Smith"), &json!(owner.email)));
    assert_eq!((&viewed["changes"], &viewed["new_values"]), (&json!([]), &json!({})));
    house.patch(&owner, "/api/tenant/", &json!({ "view_audit": false })).await.is(200);
    house.get(&owner, &path).await.is(200);
    house.state.reading.close(Duration::from_secs(10)).await;
    let after = house.patch(&owner, &path, &json!({ "notes": "x" })).await.is(200);
    let query = format!("/api/v1/audit-trail/?action=view&min_position={}", after.wanted("kith-position"));
    assert_eq!(house.get(&owner, &query).await.is(200).json()["count"], 4, "not before it was on, and not after");
}

#[tokio::test]
async fn reading_the_past_of_a_person_is_audited_too() {
    let house = House::start().await;
    let owner = house.owner().await;
    let (_, id) = past(&house, &owner).await;
    house.patch(&owner, "/api/tenant/", &json!({ "view_audit": true })).await.is(200);
    let read = async |path: &str| house.get(&owner, &format!("/api/v1/{path}")).await.is(200).json();
    let rows = read("audit-trail/?model=customer&action=update").await;
    let event = column(&rows, "results", "id")[3].clone();
    let doors = [
        format!("audit-trail/?object_id={id}"),
        format!("audit-trail/{event}/"),
        format!("field-history/?object_id={id}&field_name=phone"),
        format!("field-history/{event}.phone/"),
        format!("timeline/?entity_id={id}"),
        format!("timeline/customer/{id}/"),
    ];
    for (views, path) in (1..).zip(&doors) {
        read(path).await;
        let noted = shown(&house, &owner, "action=view", views).await;
        assert_eq!(noted["results"][0]["object_id"], id, "{path}");
    }
    let setting = column(&read("audit-trail/?model=tenant").await, "results", "id")[0].clone();
    for path in [
        "audit-trail/",
        "audit-trail/?object_id=nobody",
        &format!("audit-trail/stats/?object_id={id}"),
        "field-history/?model=customer",
        &format!("field-history/{setting}.view_audit/"),
        "timeline/",
        "timeline/user/",
        &format!("timeline/tenant/{}/", owner.tenant),
    ] {
        read(path).await;
    }
    house.state.reading.close(Duration::from_secs(10)).await;
    let after = house.customer(&owner, "John", "john@example.com").await;
    house.get(&owner, &after).await.is(200);
    assert_eq!(read("audit-trail/?action=view").await["count"], doors.len(), "lists and rules tell of no one person");
}

#[tokio::test]
async fn reading_a_conversation_over_the_desks_socket_is_audited_from_when_it_is_wanted() {
    let house = House::start().await;
    let (port, desk) = (Port::open(&house).await, Desk::open(&house).await);
    let agent = desk.agent(&house, "Agent A").await;
    let owner = house.somebody(&desk.tenant, Role::Owner).await;
    let jane = desk.stopped(&house, "Jane").await;
    let mut socket = desk.socket(&port, &agent, "").await;
    for wanted in [false, true] {
        house.patch(&owner, "/api/tenant/", &json!({ "view_audit": wanted })).await.is(200);
        socket.say(&desk.about("get_conversation", &jane)).await;
        socket.next("conversation").await;
    }
    let noted = shown(&house, &owner, "action=view", 1).await["results"][0].take();
    assert_eq!((&noted["model_name"], &noted["user_name"]), (&json!("conversation"), &json!("Agent A")));
}

#[tokio::test]
async fn reading_a_booking_is_audited() {
    let salon = Salon::open().await;
    let (house, owner) = (&salon.house, &salon.owner);
    house.patch(owner, "/api/tenant/", &json!({ "view_audit": true })).await.is(200);
    let path = salon.walk_in().await;
    for (views, path) in [(1, path.clone()), (2, format!("{path}payments/"))] {
        house.get(&salon.provider, &path).await.is(200);
        let noted = shown(house, owner, "action=view", views).await["results"][0].take();
        assert_eq!(noted["description"], "Viewed the booking", "{path}");
    }
}
