//! The OpenAPI document is reviewed: it changes only together with its golden file.

use serde_json::Value;

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");

#[test]
fn the_document_is_the_golden_one() {
    let document = serde_json::to_string_pretty(&gateway::openapi::document()).expect("writes") + "\n";
    if std::env::var_os("KITH_BLESS").is_some() {
        std::fs::write(GOLDEN, &document).expect("writes");
    }
    let golden = std::fs::read_to_string(GOLDEN).unwrap_or_default();
    assert!(document == golden, "the document differs from gateway/openapi.json; look at it, then set KITH_BLESS=1");
}

#[test]
fn every_operation_is_complete() {
    let document = gateway::openapi::document();
    let paths = document["paths"].as_object().expect("paths");
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("operations") {
            let place = format!("{method} {path}");
            for member in ["operationId", "summary", "tags"] {
                assert!(!operation[member].is_null(), "{place} has no {member}");
            }
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                assert!(parameter["description"].is_string(), "{place}: {}", parameter["name"]);
            }
            let problems =
                operation["responses"].as_object().expect("responses").iter().filter(|(status, _)| status.as_str() >= "400");
            for (status, response) in problems.filter(|_| !path.starts_with("/health")) {
                let content = &response["content"]["application/problem+json"];
                assert_eq!(content["schema"]["$ref"], "#/components/schemas/Problem", "{place} {status}");
            }
        }
    }
    assert!(paths.len() >= 18, "{}", paths.len());
    let patch = &document["paths"]["/api/customers/{id}/"]["patch"];
    let schema = patch["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str().expect("a schema");
    let schema = &document["components"]["schemas"][schema.rsplit('/').next().expect("a name")];
    assert_eq!(schema["additionalProperties"], Value::Bool(false));
}

#[test]
fn every_reference_leads_somewhere() {
    fn check(value: &Value, document: &Value) {
        match value {
            Value::Object(members) => {
                if let Some(place) = members.get("$ref").and_then(Value::as_str) {
                    assert!(document.pointer(place.trim_start_matches('#')).is_some(), "{place}");
                }
                members.values().for_each(|member| check(member, document));
            }
            Value::Array(items) => items.iter().for_each(|item| check(item, document)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let document = gateway::openapi::document();
    check(&document, &document);
}
