//! No tenant sees, changes or can detect another tenant's data, through any door that the OpenAPI document lists.

use kith_tests::{Answer, Api, World, world};
use reqwest::Method;
use serde_json::{Value, json};

/// What only the first tenant's data holds.
const MARKS: [&str; 4] = ["Hidden Person", "hidden@person.example", "0811112222", "Hidden Kitchen"];

/// One operation of the document.
struct Operation {
    method: Method,
    path: String,
    id: String,
    /// Parameters of the query that name something.
    names: Vec<String>,
    has_body: bool,
    is_open: bool,
}

fn operations(document: &Value) -> Vec<Operation> {
    let methods = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in &methods {
            let operation = &item[method.as_str().to_lowercase()];
            if operation.is_object() {
                found.push(Operation {
                    method: method.clone(),
                    path: path.clone(),
                    id: operation["operationId"].as_str().expect("an operationId").to_owned(),
                    names: names(operation),
                    has_body: !operation["requestBody"].is_null(),
                    is_open: operation["security"].as_array().is_none_or(Vec::is_empty),
                });
            }
        }
    }
    found
}

fn names(operation: &Value) -> Vec<String> {
    let parameters = operation["parameters"].as_array().into_iter().flatten().filter(|parameter| parameter["in"] == "query");
    let names = parameters.filter_map(|parameter| parameter["name"].as_str());
    names.filter(|name| name.ends_with("_id")).map(str::to_owned).collect()
}

/// A body that the operation accepts.
fn body(operation: &Operation, customer: &str) -> Value {
    let person = json!({"name": "Other Name", "email": "other@name.example"});
    match operation.id.as_str() {
        "createCustomer" | "replaceCustomer" => person,
        "changeCustomer" => json!({"name": "Other Name"}),
        "revertCustomer" => json!({"as_of": 1}),
        "updateCustomerPoints" => json!({"points": 5, "reason": "taken over"}),
        "recordCustomerOrder" => json!({"amount": "10.00"}),
        "bulkUpdateCustomers" => json!({"customer_ids": [customer], "action": "deactivate"}),
        "createUser" => json!({"name": "New", "email": "new@user.example", "role": "viewer", "password": world::PASSWORD}),
        "changeUser" => json!({"name": "Other Name"}),
        "changeTenant" | "createTenant" => json!({"name": "Second"}),
        "signIn" => json!({"email": "nobody@example.com", "password": world::PASSWORD}),
        "changePassword" => json!({"current_password": "not the password", "new_password": world::PASSWORD}),
        "refreshToken" | "signOut" => json!({"refresh": "none"}),
        "setDeskCustomerStop" => json!({"stop": true}),
        "setDeskCustomerAgent" => json!({"agent_id": null}),
        "sendDeskMessage" | "sendBotReply" => json!({"message": "Hello"}),
        "markDeskCustomerRead" | "cancelBooking" => json!({}),
        "rateDeskCustomer" => json!({"score": 1}),
        "setDeskCustomerPriority" => json!({"priority": "low"}),
        "setDeskCustomerStatus" => json!({"status": "closed"}),
        "retitleDeskCustomer" => json!({"title": "Other"}),
        "setDeskAvailability" => json!({"is_available": true}),
        "setAssignmentRule" => json!({"rule": "manual"}),
        "receiveMessage" => json!({"page_id": customer, "source_id": "1", "text": "Hello"}),
        "connectPage" => json!({"source": "telegram", "external_id": "new", "name": "New"}),
        "changePage" | "createTag" | "renameTag" => json!({"name": "New"}),
        "putCustomerTags" | "setCustomerTags" => json!({"tags": ["New"]}),
        "updateCustomerRelation" => json!({"notes": "Other"}),
        "createService" => json!({"title": "New", "price": "10.00", "duration_minutes": 60}),
        "changeService" => json!({"title": "Other"}),
        "requestBooking" => json!({"service": customer, "customer": customer, "starts_at": "2030-01-01T09:00:00Z"}),
        "rescheduleBooking" => json!({"starts_at": "2030-01-01T09:00:00Z"}),
        "recordBookingPayment" => json!({"amount": "10.00", "method": "card"}),
        "reviewBooking" => json!({"rating": 1}),
        other => panic!("{other} is new: say here with which body to call it"),
    }
}

async fn call(api: &Api, operation: &Operation, id: &str, customer: &str, tenant: Option<&str>) -> Answer {
    let path = operation.path.replace("{id}", id).replace("{entity_type}", "customer").replace("{tag}", id);
    let mut request = api.request(operation.method.clone(), &path);
    if operation.id == "importCustomers" {
        let file = reqwest::multipart::Part::text("name,email\nNew,new@import.example\n").file_name("customers.csv");
        request = request.multipart(reqwest::multipart::Form::new().part("file", file));
    } else if operation.has_body {
        request = request.json(&body(operation, customer));
    }
    let request = tenant.into_iter().fold(request, |request, tenant| request.header("X-Tenant-ID", tenant));
    api.send(request).await
}

/// What an answer gives away, without what names the request.
fn essence(answer: &Answer, id: &str) -> (u16, Value) {
    let mut body: Value = serde_json::from_str(&answer.text.replace(id, "ID")).unwrap_or(Value::Null);
    if let Some(members) = body.as_object_mut() {
        members.retain(|name, _| !["instance", "request_id", "trace_id", "correlation_id"].contains(&name.as_str()));
    }
    (answer.status, body)
}

fn shows_nothing(operation: &Operation, answer: &Answer, marks: &[&str]) {
    for mark in marks {
        let headers = format!("{:?}", answer.headers);
        assert!(!answer.text.contains(mark) && !headers.contains(mark), "{} shows {mark}: {}", operation.id, answer.text);
    }
    assert!(answer.status < 500, "{}: {}", operation.id, answer.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_tenants_data_is_out_of_reach_through_every_door() {
    let world = World::new().await;
    let first = &world.owner;
    let _ = first.patch("/api/tenant/", &json!({"name": MARKS[3]})).await.expect(200);
    let hidden = json!({"name": MARKS[0], "email": MARKS[1], "phone": MARKS[2]});
    let customer = first.post("/api/customers/", &hidden).await.expect(201).id();
    let points = json!({"points": 7, "reason": "Hidden Person likes it"});
    let _ = first.post(&format!("/api/customers/{customer}/update_points/"), &points).await.expect(200);
    let user = first.get("/api/users/").await.expect(200).json()["results"][0]["id"].as_str().expect("a user").to_owned();
    let first_of = async |path: &str| first.get(path).await.expect(200).json()["results"][0]["id"].as_str().map(str::to_owned);
    let noted = first_of("/api/v1/audit-trail/").await.expect("a row of the audit trail");
    let changed = first_of("/api/v1/field-history/").await.expect("a row of the field history");
    let page = json!({"source": "telegram", "external_id": "4711", "name": MARKS[3]});
    let page = first.post("/api/pages/", &page).await.expect(201).id();
    let tag = first.post("/api/tags/", &json!({"name": MARKS[3]})).await.expect(201).id();
    let writes = json!({"page_id": page, "source_id": "1", "first_name": "Hidden", "last_name": "Person", "text": MARKS[2]});
    let writer = first.post("/api/desk/inbound/", &writes).await.expect(200).json()["customer_id"].as_str().map(str::to_owned);
    let writer = writer.expect("a customer");
    let talk = format!("/api/dashboard/customers/{writer}/");
    let said = first.get(&talk).await.expect(200).json()["message_count"].clone();
    let detail = format!("/api/customers/{customer}/");
    let before = (first.get(&detail).await.expect(200).json(), first.all("/api/users/").await);
    let (_, second) = world::tenant(&world.service, &world.options, "Second").await;
    let nobody = world.service.api("");
    let document = nobody.get("/openapi.json").await.expect(200).json();
    let operations = operations(&document);
    assert!(operations.len() >= 25, "the document lists {} operations", operations.len());

    let marks: Vec<&str> = MARKS.into_iter().chain([world.tenant.as_str()]).collect();
    let unknown = "0193aaaa-bbbb-7ccc-8ddd-eeeeffff0000";
    for operation in &operations {
        let theirs = match operation.path.as_str() {
            path if path.contains("/users/") || path.contains("/user/") => &user,
            path if path.contains("/audit-trail/") => &noted,
            path if path.contains("/field-history/") => &changed,
            path if path.contains("/dashboard/customers/") || path.contains("/desk/") => &writer,
            path if path.starts_with("/api/pages/") => &page,
            path if path.starts_with("/api/tags/") => &tag,
            _ => &customer,
        };
        let answer = call(&second, operation, theirs, &customer, None).await;
        shows_nothing(operation, &answer, &marks);
        if operation.path.contains("{id}") {
            let reference = call(&second, operation, unknown, &customer, None).await;
            assert_eq!(essence(&answer, theirs), essence(&reference, unknown), "{} tells them apart", operation.id);
            let is_list = serde_json::from_str::<Value>(&answer.text).is_ok_and(|body| body["results"].is_array());
            // Of pages the document says so (spec 001), whether there is one or not.
            let is_denied = answer.status == 403 && answer.json()["code"] == "page.access_denied";
            assert!(answer.status == 404 || is_denied || is_list, "{}: {}", operation.id, answer.text);
        }
        for name in &operation.names {
            let asked = async |id: &str| second.get(&format!("{}?{name}={id}", operation.path)).await;
            let theirs = if name == "page_id" { &page } else { theirs };
            let (answer, reference) = (asked(theirs).await, asked(unknown).await);
            shows_nothing(operation, &answer, &marks);
            assert_eq!(essence(&answer, theirs), essence(&reference, unknown), "{} tells them apart by {name}", operation.id);
        }
        let picked = call(&second, operation, theirs, &customer, Some(&world.tenant)).await;
        shows_nothing(operation, &picked, &marks[..MARKS.len()]);
        if !operation.is_open {
            let nowhere = call(&second, operation, theirs, &customer, Some(unknown)).await;
            assert_eq!(essence(&picked, theirs), essence(&nowhere, theirs), "{} tells tenants from none", operation.id);
        }
        assert!(!operation.path.contains("{id}") || picked.status >= 400, "{}: {}", operation.id, picked.text);
        if !operation.is_open {
            assert_eq!(call(&nobody, operation, theirs, &customer, None).await.status, 401, "{} without a token", operation.id);
        }
    }
    assert_eq!((first.get(&detail).await.expect(200).json(), first.all("/api/users/").await), before, "nothing was changed");
    assert_eq!(first.get(&talk).await.expect(200).json()["message_count"], said, "nothing was said");

    // The same address and the same search in the other tenant: free, and empty.
    assert_eq!(second.all("/api/customers/?search=hidden").await.len(), 0);
    let _ = second.post("/api/customers/", &hidden).await.expect(201);
    assert_eq!(second.all("/api/customers/?search=hidden").await.len(), 1);
    assert_eq!(first.all("/api/customers/?search=hidden").await.len(), 2);
}

#[tokio::test]
async fn a_role_reaches_as_far_as_it_should() {
    let world = World::new().await;
    let viewer = world::user(&world.service, &world.options, &world.tenant, "viewer").await;
    let agent = world::user(&world.service, &world.options, &world.tenant, "agent").await;
    let person = json!({"name": "Jane", "email": "jane@example.com"});
    let _ = viewer.post("/api/customers/", &person).await.expect(403);
    let id = agent.post("/api/customers/", &person).await.expect(201).id();
    let _ = viewer.get(&format!("/api/customers/{id}/")).await.expect(200);
    let _ = agent.delete(&format!("/api/customers/{id}/")).await.expect(403);
    let _ = agent.get("/api/users/").await.expect(403);
    let _ = world.owner.delete(&format!("/api/customers/{id}/")).await.expect(204);
}
