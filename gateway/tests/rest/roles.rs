//! Roles: every operation on customers, tried by every role.

use events::Role;
use poem::http::Method;
use serde_json::json;

use crate::house::House;

#[tokio::test]
async fn every_role_does_what_the_table_says_and_no_more() {
    let house = House::start().await;
    let owner = house.owner().await;
    let path = house.customer(&owner, "Jane", "jane@example.com").await;
    // An empty body is refused where a body is read, which comes after the role is judged: 403 or not is all that counts.
    let operations: [(Method, String, &[Role]); 9] = [
        (Method::GET, "/api/customers/".to_owned(), &[Role::Viewer, Role::Agent, Role::Admin]),
        (Method::GET, path.clone(), &[Role::Viewer, Role::Agent, Role::Admin]),
        (Method::POST, "/api/customers/".to_owned(), &[Role::Agent, Role::Admin]),
        (Method::PATCH, path.clone(), &[Role::Agent, Role::Admin]),
        (Method::POST, format!("{path}update_points/"), &[Role::Agent, Role::Admin]),
        (Method::POST, "/api/customers/bulk_update/".to_owned(), &[Role::Admin]),
        (Method::GET, "/api/customers/export/".to_owned(), &[Role::Admin]),
        (Method::GET, "/api/users/".to_owned(), &[Role::Admin]),
        (Method::GET, "/api/tenants/".to_owned(), &[]),
    ];
    for role in [Role::Viewer, Role::Agent, Role::Admin, Role::Provider] {
        let who = house.somebody(&owner.tenant, role).await;
        for (method, path, allowed) in &operations {
            let body = (*method != Method::GET).then(|| json!({ "typo": 1 }));
            let answer = house.ask(Some(&who), method.clone(), path, &[], body.as_ref()).await;
            assert_eq!(answer.status != 403, allowed.contains(&role), "{} {method} {path}: {}", role.name(), answer.text);
        }
    }
}
