//! `/api/customers/` and `/api/customers/{id}/`.

use events::Role;
use poem::http::Method;
use serde_json::{Value, json};

use crate::house::House;

#[tokio::test]
async fn a_customer_is_entered_shown_changed_and_deleted_as_in_the_document() {
    let house = House::start().await;
    let owner = house.owner().await;
    let body = json!({
        "name": "Jane Smith", "email": "jane@example.com", "phone": "08987654321", "address": "Jl. Thamrin No. 456",
        "city": "Jakarta", "province": "DKI Jakarta", "postal_code": "12346", "notes": "VIP customer",
    });
    let created = house.post(Some(&owner), "/api/customers/", &body).await.is(201);
    let path = created.wanted("location");
    let customer = created.json();
    for (name, value) in body.as_object().expect("an object") {
        assert_eq!(&customer[name], value);
    }
    assert_eq!(customer["tenant"], owner.tenant.as_str());
    assert_eq!(customer["tenant_name"], "My Restaurant");
    assert_eq!((&customer["loyalty_points"], &customer["loyalty_tier"]), (&json!(0), &json!("Bronze")));
    assert_eq!((&customer["total_orders"], &customer["total_spent"]), (&json!(0), &json!("0.00")));
    assert_eq!((&customer["is_active"], &customer["last_order_date"]), (&json!(true), &Value::Null));
    assert_eq!(path, format!("/api/customers/{}/", customer["id"].as_str().expect("an id")));

    // The next list and the detail show it at once.
    let list = house.get(&owner, "/api/customers/").await.is(200);
    assert!(list.wanted("kith-position") >= created.wanted("kith-position"));
    assert_eq!(list.json(), json!({ "count": 1, "next": null, "previous": null, "results": [customer] }));
    let detail = house.get(&owner, &path).await.is(200).json();
    assert_eq!(detail["average_order_value"], json!(0.0));
    assert_eq!(detail["email"], "jane@example.com");

    let patched = house.patch(&owner, &path, &json!({ "phone": "08111111111" })).await.is(200).json();
    assert_eq!((&patched["phone"], &patched["city"]), (&json!("08111111111"), &json!("Jakarta")));
    // Clients send whole objects back, read-only members included.
    let replaced = house.ask(Some(&owner), Method::PUT, &path, &[], Some(&detail)).await.is(200).json();
    assert_eq!(replaced["phone"], "08987654321");
    let replaced =
        house.ask(Some(&owner), Method::PUT, &path, &[], Some(&json!({ "name": "Jane", "email": "jane@example.com" }))).await;
    assert_eq!(replaced.is(200).json()["phone"], "", "a whole customer without a phone has none");

    let deleted = house.delete(&owner, &path).await.is(204);
    assert_eq!(deleted.text, "");
    house.get(&owner, &path).await.problem(404, "request.not_found");
    assert_eq!(house.get(&owner, "/api/customers/").await.json()["count"], 0);
    // The email is free again while the customer is deleted.
    house.customer(&owner, "Other Jane", "jane@example.com").await;
    let conflict = house.post(Some(&owner), &format!("{path}restore/"), &json!({})).await.problem(409, "customer.email_taken");
    assert_eq!(conflict["errors"]["email"], json!(["Customer with this email already exists"]));
}

#[tokio::test]
async fn deleted_customers_come_back_and_forgotten_ones_do_not() {
    let house = House::start().await;
    let owner = house.owner().await;
    let path = house.customer(&owner, "Jane", "jane@example.com").await;
    house.delete(&owner, &path).await.is(204);
    house.post(Some(&owner), &format!("{path}restore/"), &json!({})).await.is(200);
    house.get(&owner, &path).await.is(200);
    house.post(Some(&owner), &format!("{path}forget/"), &json!({})).await.is(204);
    house.get(&owner, &path).await.problem(410, "customer.forgotten");
    house.post(Some(&owner), &format!("{path}restore/"), &json!({})).await.problem(410, "customer.forgotten");
    let stats = house.get(&owner, "/api/customers/stats/").await.is(200).json();
    assert_eq!(stats["total_customers"], 0);
}

#[tokio::test]
async fn lists_are_filtered_ordered_and_paged() {
    let house = House::start().await;
    let owner = house.owner().await;
    for (number, points) in [(1, 1500), (2, 600), (3, 150), (4, 0), (5, 999)] {
        let city = if number % 2 == 0 { "Jakarta" } else { "Bandung" };
        let body = json!({ "name": format!("Customer {number}"), "email": format!("c{number}@example.com"), "loyalty_points": points,
            "city": city, "is_active": number != 4 });
        house.post(Some(&owner), "/api/customers/", &body).await.is(201);
    }
    let names = |query: &'static str| {
        let (house, owner) = (&house, &owner);
        async move {
            let page = house.get(owner, &format!("/api/customers/?{query}")).await.is(200).json();
            let names: Vec<String> = page["results"]
                .as_array()
                .expect("results")
                .iter()
                .map(|one| one["name"].as_str().expect("a name").replace("Customer ", ""))
                .collect();
            (page["count"].as_u64().expect("a count"), names.join(" "))
        }
    };
    assert_eq!(names("").await, (5, "5 4 3 2 1".to_owned()));
    assert_eq!(names("search=customer%203").await, (1, "3".to_owned()));
    assert_eq!(names("search=C2@EXAMPLE").await, (1, "2".to_owned()));
    assert_eq!(names("is_active=false").await, (1, "4".to_owned()));
    assert_eq!(names("is_active=true&city=Bandung&ordering=name").await, (3, "1 3 5".to_owned()));
    assert_eq!(names("loyalty_level=gold&ordering=-loyalty_points").await, (2, "5 2".to_owned()));
    assert_eq!(names("loyalty_level=&city=&search=&is_active=&ordering=&page=").await, (5, "5 4 3 2 1".to_owned()));
    assert_eq!(names("province=nowhere").await, (0, String::new()));

    let page = house.get(&owner, "/api/customers/?ordering=name&page_size=2&page=2").await.is(200).json();
    assert_eq!(page["next"], "http://kith.test/api/customers/?ordering=name&page_size=2&page=3");
    assert_eq!(page["previous"], "http://kith.test/api/customers/?ordering=name&page_size=2");
    let last = house.get(&owner, "/api/customers/?page_size=2&page=4").await.problem(404, "request.not_found");
    assert_eq!(last["error"], "Invalid page.");
    for (query, name) in [
        ("page=0", "page"),
        ("page=x", "page"),
        ("page_size=0", "page_size"),
        ("page_size=101", "page_size"),
        ("page_size=1000000000", "page_size"),
        ("ordering=;drop", "ordering"),
        ("ordering=email", "ordering"),
        ("is_active=maybe", "is_active"),
        ("loyalty_level=tin", "loyalty_level"),
        ("search=%00", "search"),
        ("min_position=-1", "min_position"),
    ] {
        let problem = house.get(&owner, &format!("/api/customers/?{query}")).await.problem(400, "request.invalid_parameter");
        assert!(problem["errors"][name].is_array(), "{query}: {problem}");
    }
    let stats = house.get(&owner, "/api/customers/stats").await.is(200).json();
    let wanted = json!({ "total_customers": 5, "active_customers": 4, "total_loyalty_points": 3249,
        "customers_by_tier": { "platinum": 1, "gold": 2, "silver": 1, "bronze": 1 } });
    assert_eq!(stats, wanted);
}

#[tokio::test]
async fn every_wrong_field_is_named() {
    let house = House::start().await;
    let owner = house.owner().await;
    let no_name = house.post(Some(&owner), "/api/customers/", &json!({ "email": "jane@example.com" })).await;
    let no_name = no_name.problem(400, "customer.invalid");
    assert_eq!(no_name["errors"]["name"], json!(["Name is required"]));
    assert_eq!(no_name["error"], "Name is required");
    let types = json!({ "name": 7, "email": null, "phone": ["1"], "is_active": "yes", "loyalty_points": 1.5,
        "last_order_date": "yesterday", "nmae": "typo" });
    let wrong = house.post(Some(&owner), "/api/customers/", &types).await.problem(400, "request.invalid");
    let fields: Vec<_> = wrong["errors"].as_object().expect("errors").keys().cloned().collect();
    assert_eq!(fields, ["email", "is_active", "last_order_date", "loyalty_points", "name", "nmae", "phone"]);
    let bad =
        json!({ "name": "J", "email": "test@", "phone": "x".repeat(30), "postal_code": "x".repeat(11), "loyalty_points": -1 });
    let wrong = house.post(Some(&owner), "/api/customers/", &bad).await.problem(400, "customer.invalid");
    let fields: Vec<_> = wrong["errors"].as_object().expect("errors").keys().cloned().collect();
    assert_eq!(fields, ["email", "loyalty_points", "phone", "postal_code"]);
    let path = house.customer(&owner, "Jane", "jane@example.com").await;
    house.patch(&owner, &path, &json!({ "name": null })).await.problem(400, "request.invalid");
    let taken = house.post(Some(&owner), "/api/customers/", &json!({ "name": "J", "email": " JANE@example.com" })).await;
    let taken = taken.problem(409, "customer.email_taken");
    assert_eq!(taken["errors"]["email"], json!(["Customer with this email already exists"]));
    assert_eq!(house.get(&owner, "/api/customers/").await.json()["count"], 1, "nothing was half done");
}

#[tokio::test]
async fn a_tenant_cannot_tell_another_tenants_customers_from_none() {
    let house = House::start().await;
    let (mine, theirs) = (house.owner().await, house.owner().await);
    let path = house.customer(&theirs, "Jane", "jane@example.com").await;
    let id = path.split('/').nth(3).expect("an id").to_owned();
    let unknown = events::CustomerId::generate().to_string();
    assert_eq!(house.get(&mine, "/api/customers/").await.json()["count"], 0);
    assert_eq!(house.get(&mine, "/api/customers/?search=jane").await.json()["count"], 0);
    let points = json!({ "points": 1 });
    let order = json!({ "amount": "1.00" });
    let asks: [(Method, &str, Option<&Value>); 8] = [
        (Method::GET, "", None),
        (Method::GET, "points/", None),
        (Method::PATCH, "", Some(&points)),
        (Method::DELETE, "", None),
        (Method::POST, "update_points/", Some(&points)),
        (Method::POST, "orders/", Some(&order)),
        (Method::POST, "restore/", None),
        (Method::POST, "forget/", None),
    ];
    for (method, rest, body) in asks {
        let body = if method == Method::PATCH { Some(json!({ "name": "x" })) } else { body.cloned() };
        let ask = async |id: &str| {
            let headers = [("x-request-id", "same")];
            let path = format!("/api/customers/{id}/{rest}");
            let answer = house.ask(Some(&mine), method.clone(), &path, &headers, body.as_ref()).await;
            (answer.status, answer.text.replace(id, "ID"))
        };
        let (foreign, missing) = (ask(&id).await, ask(&unknown).await);
        assert_eq!(foreign.0, 404, "{method} {rest}: {}", foreign.1);
        assert_eq!(foreign, missing, "{method} {rest}");
        assert_eq!(ask("not.an*id").await.0, 404);
    }
    let bulk = json!({ "customer_ids": [id], "action": "deactivate" });
    let answer = house.post(Some(&mine), "/api/customers/bulk_update/", &bulk).await.is(200).json();
    assert_eq!((&answer["updated"], &answer["not_found"]), (&json!(0), &json!([id])));
    // The same email is free in every tenant, and the other's customer is as it was.
    house.customer(&mine, "My Jane", "jane@example.com").await;
    assert_eq!(house.get(&theirs, &path).await.is(200).json()["is_active"], true);
    house
        .ask(Some(&mine), Method::GET, "/api/customers/", &[("x-tenant-id", theirs.tenant.as_str())], None)
        .await
        .problem(403, "auth.foreign_tenant");
}

#[tokio::test]
async fn operators_pick_a_tenant() {
    let house = House::start().await;
    let owner = house.owner().await;
    house.customer(&owner, "Jane", "jane@example.com").await;
    let operator = house.somebody(&events::TenantId::platform(), Role::Operator).await;
    let list =
        async |tenant: &str| house.ask(Some(&operator), Method::GET, "/api/customers/", &[("x-tenant-id", tenant)], None).await;
    assert_eq!(list(owner.tenant.as_str()).await.is(200).json()["count"], 1);
    for tenant in ["nobody", "a.b", ""] {
        assert_eq!(list(tenant).await.problem(400, "tenant.not_found")["error"], "Tenant not found");
    }
    assert_eq!(house.get(&operator, "/api/customers/stats/").await.problem(400, "tenant.not_found")["error"], "Tenant not found");
}
