//! Parameters of a URL: what an operation does not declare, or what is given twice, is refused by name, at every operation that the
//! document has.

use std::collections::BTreeSet;

use poem::http::Method;
use serde_json::Value;
use tokio_tungstenite::tungstenite::http::StatusCode;

use crate::house::House;
use crate::socket::Port;

const CODE: &str = "request.invalid_parameter";

/// Every operation of the document: method, a path with ids that nothing has, the parameters of its URL.
fn operations() -> Vec<(Method, String, Vec<String>)> {
    let document = gateway::openapi::document();
    let items = document["paths"].as_object().expect("paths");
    let of_item = |(path, item): (&String, &Value)| {
        let path = path.split('/').map(|part| if part.starts_with('{') { "0" } else { part }).collect::<Vec<_>>().join("/");
        let methods = item.as_object().expect("operations").iter();
        let one = |(method, operation): (&String, &Value)| {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let names = parameters.filter(|one| one["in"] == "query").map(|one| one["name"].as_str().expect("a name").to_owned());
            (method.to_uppercase().parse().expect("a method"), path.clone(), names.collect())
        };
        methods.map(one).collect::<Vec<_>>()
    };
    items.iter().filter(|(path, _)| path.starts_with("/api/")).flat_map(of_item).collect()
}

#[tokio::test]
async fn every_operation_names_the_parameter_that_it_does_not_have_and_those_that_it_has() {
    let house = House::start().await;
    let owner = house.owner().await;
    let before = house.state.position(Some(&owner.tenant));
    let operations = operations();
    assert!(operations.len() > 60, "{}", operations.len());
    for (method, path, names) in operations {
        let place = format!("{method} {path}");
        let answer = house.ask(Some(&owner), method, &format!("{path}?as_off=1"), &[], None).await;
        let problem = answer.problem(400, CODE);
        let sentence = problem["errors"]["as_off"][0].as_str().unwrap_or_else(|| panic!("{place}: {problem}"));
        assert!(sentence.starts_with("There is no parameter \"as_off\" here"), "{place}: {sentence}");
        for name in names {
            assert!(sentence.contains(&name), "{place}: {sentence}");
        }
    }
    assert_eq!(house.state.log.head(house.state.log.partition_of(&owner.tenant)).await.expect("a head"), before);
}

#[tokio::test]
async fn every_operation_names_the_parameter_that_is_given_twice() {
    let house = House::start().await;
    let owner = house.owner().await;
    let mut tried = 0;
    for (method, path, names) in operations() {
        for name in names {
            let place = format!("{method} {path}?{name}");
            let answer = house.ask(Some(&owner), method.clone(), &format!("{path}?{name}=1&{name}=2"), &[], None).await;
            let problem = answer.problem(400, CODE);
            assert_eq!(problem["error"], format!("The parameter {name:?} is given more than once."), "{place}");
            assert!(problem["errors"][&name].is_array(), "{place}: {problem}");
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried}");
    // However it is written, and whether or not both say the same; a name that is unknown, too, is told as such.
    house.get(&owner, "/api/customers/?page=1&search=a&p%61ge=1").await.problem(400, CODE);
    let unknown = house.get(&owner, "/api/customers/?as_off=1&as_off=1").await.problem(400, CODE);
    assert!(unknown["error"].as_str().is_some_and(|error| error.starts_with("There is no parameter")), "{unknown}");
    house.get(&owner, "/api/customers/?page=1&page_size=1").await.is(200);
}

#[tokio::test]
async fn what_is_no_text_in_a_url_is_refused_at_every_operation() {
    let house = House::start().await;
    let owner = house.owner().await;
    let mut tried = 0;
    for (method, path, names) in operations() {
        for name in names {
            for (text, wanted) in [("%ff", "not UTF-8"), ("%c3%28", "not UTF-8"), ("a%zz", "%25"), ("5%", "%25"), ("%4", "%25")] {
                let place = format!("{method} {path}?{name}={text}");
                let answer = house.ask(Some(&owner), method.clone(), &format!("{path}?{name}={text}"), &[], None).await;
                let problem = answer.problem(400, CODE);
                let sentence = problem["errors"][&name][0].as_str().unwrap_or_else(|| panic!("{place}: {problem}"));
                assert!(sentence.contains(wanted), "{place}: {sentence}");
                tried += 1;
            }
        }
    }
    assert!(tried > 500, "{tried}");
    let name = house.get(&owner, "/api/customers/?sea%ffrch=a").await.problem(400, CODE);
    assert!(name["error"].as_str().is_some_and(|error| error.contains("not UTF-8")), "{name}");
    for fine in ["%25zz", "caf%C3%A9", "a+b%20c", "%EF%BF%BD", "=", ""] {
        house.get(&owner, &format!("/api/customers/?search={fine}")).await.is(200);
    }
    let port = Port::open(&house).await;
    for query in ["actor=%ff", "actor=%zz"] {
        let bearer = [("authorization", format!("Bearer {}", owner.access))];
        assert_eq!(port.refused(query, &bearer).await, (StatusCode::BAD_REQUEST, CODE.to_owned()), "{query}");
    }
}

/// That nothing may be given twice holds for parameters of one value. One that is a list may be repeated, and there is none.
#[test]
fn no_parameter_is_a_list() {
    let document = gateway::openapi::document();
    let items = document["paths"].as_object().expect("paths").values();
    let operations = items.flat_map(|item| item.as_object().expect("operations").values());
    let parameters = operations.flat_map(|operation| operation["parameters"].as_array().into_iter().flatten());
    let types: BTreeSet<&str> =
        parameters.filter(|one| one["in"] == "query").map(|one| one["schema"]["type"].as_str().unwrap_or("unknown")).collect();
    assert!(types.contains("string") && types.is_subset(&["boolean", "integer", "string"].into()), "{types:?}");
}

#[tokio::test]
async fn a_question_about_the_past_is_not_answered_with_now() {
    let house = House::start().await;
    let owner = house.owner().await;
    let refused = house.get(&owner, "/api/tenant?as_of=2024-01-01T00:00:00Z").await.problem(400, CODE);
    assert_eq!(refused["error"], "There is no parameter \"as_of\" here; there is min_position.");
    house.get(&owner, "/api/customers/?as_of=0&page=1&As_Of=0").await.problem(400, CODE);
    house.get(&owner, "/api/customers/?%61s_of=0&=").await.problem(400, CODE);
    house.get(&owner, "/api/customers/?%61s_of=0&&page=1&").await.is(200);
    assert_eq!(house.ask(Some(&owner), Method::HEAD, "/api/customers/?as_off=0", &[], None).await.status, 400);
    let answer = house.get(&owner, &format!("/api/customers/?{}=1", "x".repeat(5_000))).await;
    assert!(answer.text.len() < 2_000, "{}", answer.text);
    answer.problem(400, CODE);
}

#[tokio::test]
async fn what_the_documents_ask_for_and_what_others_add_to_is_answered() {
    let house = House::start().await;
    let owner = house.owner().await;
    let dates = "start_date=2024-01-01&end_date=2024-12-31";
    for path in [
        "/api/customers/?search=a&is_active=true&loyalty_level=gold&city=Depok&province=Banten&ordering=-created_at&page=1&page_size=20",
        "/api/v1/audit-trail/?model=customer&object_id=123&start_date=2024-01-01",
        &format!("/api/v1/audit-trail/?action=update&user=5&model=customer&object_id=123&{dates}&page=1&page_size=20"),
        "/api/v1/field-history/?model=customer&object_id=456&field_name=name",
        "/api/v1/timeline/?start_date=2024-01-01&entity_type=customer&limit=100",
        &format!("/api/v1/timeline/?{dates}&entity_type=customer&entity_id=1&activity_types=created,updated&user_id=5&limit=500"),
        "/api/dashboard/customers?limit=50&skip=0",
        "/api/bookings/provider_dashboard/customers/",
    ] {
        let answer = house.get(&owner, path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    }
    for path in ["/health/live?probe=1", "/docs?theme=dark", "/openapi.json?v=1", "/metrics?format=text"] {
        house.ask(None, Method::GET, path, &[], None).await.is(200);
    }
    let challenge = "/webhooks/messenger/?hub.mode=subscribe&hub.verify_token=x&hub.challenge=1&added=later";
    assert_ne!(house.ask(None, Method::GET, challenge, &[], None).await.status, 400);
}
