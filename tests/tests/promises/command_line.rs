//! The command line, with a service and without one.

use kith_tests::world::{PASSWORD, command};
use kith_tests::{Api, Service, ServiceOptions, World, program};
use serde_json::json;

#[tokio::test]
async fn the_first_account_can_be_made_before_the_service_runs() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let options = ServiceOptions::on(dir.path());
    let kith = |arguments: &[&str]| command(&options, arguments);
    let id =
        program::run_ok(kith(&["tenant", "add", "--name", "My Restaurant", "--currency", "IDR"]), "").await.trim().to_owned();
    let listed = program::run_json(kith(&["tenant", "list", "--json"]), "").await;
    assert_eq!(
        (listed[0]["id"].clone(), listed[0]["name"].clone(), listed[0]["currency"].clone()),
        (json!(id), json!("My Restaurant"), json!("IDR"))
    );
    let add = ["user", "add", "--tenant", "My Restaurant", "--email", "me@example.com", "--role", "owner"];
    program::run_ok(kith(&add), &format!("{PASSWORD}\n")).await;
    let twice = program::run(kith(&add), &format!("{PASSWORD}\n")).await;
    assert!(!twice.status.success());
    assert!(String::from_utf8_lossy(&twice.stderr).contains("User with this email already exists"), "{twice:?}");

    let service = Service::start(&options).await;
    let me = Api::sign_in(&service.address, "me@example.com", PASSWORD).await.get("/api/auth/me/").await.expect(200).json();
    assert_eq!((&me["role"], &me["email"]), (&json!("owner"), &json!("me@example.com")));
}

#[tokio::test]
async fn accounts_are_changed_while_the_service_runs() {
    let world = World::new().await;
    let kith = |arguments: &[&str]| command(&world.options, arguments);
    let email = format!("owner@{}.example", world.tenant);
    let who = ["--tenant", "First", "--email", &email];
    let with = |first: &[&'static str], rest: &[&str]| {
        let all: Vec<&str> = first.iter().copied().chain(who).chain(rest.iter().copied()).collect();
        kith(&all)
    };
    program::run_ok(with(&["user", "set-role"], &["--role", "viewer"]), "").await;
    let users = program::run_json(kith(&["user", "list", "--tenant", "First", "--json"]), "").await;
    assert_eq!((users[0]["role"].clone(), users[0]["is_active"].clone()), (json!("viewer"), json!(true)));

    program::run_ok(with(&["user", "set-password"], &[]), "another-good-password\n").await;
    let token = json!({"email": email, "password": PASSWORD});
    let _ = world.service.api("").post("/api/auth/token/", &token).await.expect(401);
    let viewer = Api::sign_in(&world.service.address, &email, "another-good-password").await;
    let _ = viewer.post("/api/customers/", &json!({"name": "A", "email": "a@example.com"})).await.expect(403);

    program::run_ok(with(&["user", "deactivate"], &[]), "").await;
    let users = program::run_json(kith(&["user", "list", "--tenant", "First", "--json"]), "").await;
    assert_eq!(users[0]["is_active"], json!(false));
    let token = json!({"email": email, "password": "another-good-password"});
    let _ = world.service.api("").post("/api/auth/token/", &token).await.expect(401);
}

#[tokio::test]
async fn what_cannot_be_done_is_said_in_a_sentence() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let options = ServiceOptions::on(dir.path());
    let cases: [(&[&str], &str, &str); 5] = [
        (&["tenant", "add", "--name", " "], "", "name"),
        (&["user", "list", "--tenant", "nobody"], "", "there is no tenant \"nobody\""),
        (&["user", "add", "--tenant", "platform", "--email", "a@example.com", "--role", "operator"], "short\n", "8 to"),
        (&["import", "missing.csv", "--tenant", "platform"], "", "missing.csv cannot be read"),
        (&["export", "--tenant", "platform", "--loyalty-level", "diamond"], "", "loyalty_level is one of"),
    ];
    for (arguments, input, sentence) in cases {
        let output = program::run(command(&options, arguments), input).await;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(said.starts_with("kith: ") && said.contains(sentence), "{arguments:?}: {said}");
    }
}
