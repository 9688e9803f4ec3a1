//! `kith serve --as-of`: the platform as it was, beside the one that is and alone.

use std::path::Path;

use kith_tests::world::{PASSWORD, command};
use kith_tests::{Api, Service, ServiceOptions, World, program, world};
use serde_json::{Value, json};

/// Everything that the door shows of customers.
async fn shown(api: &Api) -> (Vec<Value>, Value) {
    let stats = api.get("/api/customers/stats/").await.expect(200).json();
    (api.all("/api/customers/?ordering=name").await, stats)
}

fn at(world: &World, moment: &str) -> ServiceOptions {
    let arguments = vec!["--as-of".to_owned(), moment.to_owned()];
    ServiceOptions { arguments, ..world.options.clone() }
}

fn scratch_folders(data_dir: &Path) -> usize {
    let entries = std::fs::read_dir(data_dir).expect("the data directory").flatten();
    entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("as-of-")).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_is_shown_as_it_was_and_cannot_be_changed() {
    let world = World::new().await;
    let leaves = world::user(&world.service, &world.options, &world.tenant, "agent").await;
    let person = |name: &str| json!({"name": name, "email": format!("{name}@example.com"), "loyalty_points": 150});
    let jane = world.owner.post("/api/customers/", &person("jane")).await.expect(201).id();
    let tags = format!("/api/customers/{jane}/tags/");
    let _ = world.owner.post("/api/tags/", &json!({"name": "VIP"})).await.expect(201);
    let _ = world.owner.post(&tags, &json!({"tags": ["VIP"]})).await.expect(200);
    let page = json!({"source": "telegram", "external_id": "bot", "name": "Bot"});
    let page = world.owner.post("/api/pages/", &page).await.expect(201).id();
    let write = |name: &str| json!({"page_id": page, "source_id": "42", "text": "Hello", "first_name": "Jill", "username": name});
    let jill = world.owner.post("/api/desk/inbound/", &write("jill")).await.expect(200).json();
    let contact = format!("/api/customers/{}/contact/", jill["customer_id"].as_str().expect("an id"));
    let john = world.owner.post("/api/customers/", &person("john")).await.expect(201);
    let (position, john) = (john.header("kith-position").expect("a position").to_owned(), john.id());
    let then = shown(&world.owner).await;
    let detail = world.owner.get(&format!("/api/customers/{jane}/")).await.expect(200).json();

    let _ =
        world.owner.patch(&format!("/api/customers/{jane}/"), &json!({"name": "Jane Smith", "city": "Bogor"})).await.expect(200);
    let _ = world.owner.delete(&format!("/api/customers/{john}/")).await.expect(204);
    let _ = world.owner.delete(&format!("{tags}VIP/")).await.expect(200);
    let _ = world.owner.post("/api/desk/inbound/", &write("jilly")).await.expect(200);
    let _ = world.owner.put("/api/desk/assignment_rule/", &json!({"rule": "least_busy"})).await.expect(200);
    let _ = world.owner.post("/api/customers/", &person("jill")).await.expect(201);
    world::user(&world.service, &world.options, &world.tenant, "viewer").await;
    let email = |role: &str| format!("{role}@{}.example", world.tenant);
    let agent = email("agent");
    let deactivate = ["user", "deactivate", "--tenant", &world.tenant, "--email", &agent];
    program::run_ok(command(&world.options, &deactivate), "").await;
    let now = shown(&world.owner).await;
    assert_ne!(then, now);

    let past = Service::start(&at(&world, &position)).await;
    assert!(past.printed().contains(&format!("as of position {position}")), "{}", past.printed());
    let owner = Api::sign_in(&past.address, &email("owner"), PASSWORD).await;
    assert_eq!(shown(&owner).await, then);
    let answer = owner.get(&format!("/api/customers/{jane}/")).await.expect(200);
    assert_eq!((answer.header("kith-position"), answer.json()), (Some(position.as_str()), detail));
    // From the log's present these would be others.
    let then_tags = owner.get(&tags).await.expect(200);
    assert_eq!(then_tags.json()["tags"][0]["name"], "VIP");
    assert!(then_tags.header("etag").is_some_and(|tag| tag.starts_with("\"2-")), "{:?}", then_tags.header("etag"));
    assert_eq!(owner.get(&contact).await.expect(200).json()["username"], "jill");
    assert_eq!(owner.get("/api/desk/assignment_rule/").await.expect(200).json()["rule"], "manual");
    assert_eq!(shown(&world.owner.at(&past.address)).await, then, "a token of the service that runs is good here");
    let last = owner.get("/api/v1/events/?limit=500").await.expect(200).json();
    assert_eq!((last["next_after"].to_string(), &last["next"]), (position.clone(), &Value::Null));
    let ahead = position.parse::<u64>().expect("a position") + 1;
    let _ = owner.get(&format!("/api/customers/?as_of={ahead}")).await.expect(400);
    let _ = owner.get(&format!("/api/customers/?min_position={ahead}")).await.expect(400);

    for refused in [
        owner.post("/api/customers/", &person("jack")).await,
        owner.patch(&format!("/api/customers/{jane}/"), &json!({"city": "Depok"})).await,
        owner.delete(&format!("/api/customers/{jane}/")).await,
        owner.post(&format!("/api/customers/{jane}/revert/"), &json!({"as_of": position})).await,
    ] {
        assert_eq!(refused.expect(409).json()["code"], "service.read_only");
    }
    let door = past.api("");
    for role in ["viewer", "agent"] {
        let body = json!({"email": email(role), "password": PASSWORD});
        let _ = door.post("/api/auth/token/", &body).await.expect(401);
    }
    let _ = leaves.at(&past.address).get("/api/auth/me/").await.expect(401);
    assert_eq!(scratch_folders(world.dir()), 1);
    assert!(past.stop().await.success());
    assert_eq!(scratch_folders(world.dir()), 0, "what was filled for it is gone");
    assert_eq!(shown(&world.owner).await, now, "the service that runs went on");

    let (options, email) = (at(&world, &position), email("owner"));
    assert!(world.service.stop().await.success());
    let alone = Service::start(&options).await;
    assert_eq!(shown(&Api::sign_in(&alone.address, &email, PASSWORD).await).await, then, "also where no service runs");
    alone.kill().await;
    let again = Service::start(&options).await;
    assert_eq!(scratch_folders(&options.data_dir), 1, "what the killed one left is gone");
    assert!(again.stop().await.success());
}

#[tokio::test]
async fn a_moment_that_has_not_come_is_no_moment() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let options = ServiceOptions::on(dir.path());
    for (moment, sentence) in
        [("7", "there is no position 7 yet"), ("2999-01-01T00:00:00Z", "there is no 2999-01-01"), ("now", "must be a position")]
    {
        let output = program::run(command(&options, &["serve", "--as-of", moment, "--listen", "127.0.0.1:0"]), "").await;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(sentence), "{moment}: {said}");
    }
}
