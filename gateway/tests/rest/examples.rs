//! The examples of the OpenAPI document are what people try first: each is a body that is read.

use events::{Role, TenantId};
use poem::http::Method;
use serde_json::Value;

use crate::house::House;

/// The example bodies of requests: method, a path with ids that nothing has, the schema and its example.
fn examples() -> Vec<(Method, String, Value, Value)> {
    let document = gateway::openapi::document();
    let items = document["paths"].as_object().expect("paths");
    let mut found = Vec::new();
    for (path, item) in items {
        let path = path.split('/').map(|part| if part.starts_with('{') { "0" } else { part }).collect::<Vec<_>>().join("/");
        for (method, operation) in item.as_object().expect("operations") {
            let content = &operation["requestBody"]["content"]["application/json"];
            let Some(place) = content["schema"]["$ref"].as_str() else { continue };
            let schema = document.pointer(place.trim_start_matches('#')).expect("a schema").clone();
            let example = schema["example"].clone();
            if !example.is_null() {
                found.push((method.to_uppercase().parse().expect("a method"), path.clone(), schema, example));
            }
        }
    }
    found
}

#[test]
fn no_example_gives_null_where_there_may_be_none() {
    let examples = examples();
    assert!(examples.len() > 30, "{}", examples.len());
    for (method, path, schema, example) in examples {
        for (name, value) in example.as_object().expect("an object") {
            let nullable = schema["properties"][name]["nullable"] == true;
            assert!(!value.is_null() || nullable, "{method} {path}: {name}");
        }
    }
}

#[tokio::test]
async fn every_example_is_read() {
    let house = House::start().await;
    let owner = house.owner().await;
    let agent = house.somebody(&owner.tenant, Role::Agent).await;
    let operator = house.somebody(&TenantId::platform(), Role::Operator).await;
    for (method, path, _, example) in examples() {
        let who = match path.as_str() {
            "/api/tenants/" => &operator,
            // Agents offer their own services; whoever offers one for somebody else names them.
            "/api/bookings/services/" => &agent,
            _ => &owner,
        };
        let answer = house.ask(Some(who), method.clone(), &path, &[], Some(&example)).await;
        let problem: Value = serde_json::from_str(&answer.text).unwrap_or_default();
        let code = problem["code"].as_str().unwrap_or_default();
        assert!(!["request.invalid", "request.malformed"].contains(&code), "{method} {path}: {}", answer.text);
        assert!(!code.ends_with(".invalid"), "{method} {path}: {}", answer.text);
    }
}

#[test]
fn the_example_customer_can_be_entered_into_the_demo() {
    let (_, _, _, example) = examples().into_iter().find(|(_, path, _, _)| path == "/api/customers/").expect("an example");
    // The demo has these two by these addresses, and numbers in all others.
    let email = example["email"].as_str().expect("an address");
    assert!(!["john@example.com", "jane@example.com"].contains(&email) && !email.contains(char::is_numeric), "{email}");
}
