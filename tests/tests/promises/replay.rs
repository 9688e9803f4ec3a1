//! `kith replay`: what happened as a stream, with a service and without one.

use std::process::Stdio;

use kith_tests::world::command;
use kith_tests::{PATIENCE, World, program};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};

fn documents(printed: &str) -> Vec<Value> {
    printed.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

fn types(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["type"].as_str().expect("a type")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tenants_events_are_printed_from_any_point_to_any_other() {
    let world = World::new().await;
    let person = |name: &str| json!({"name": name, "email": format!("{name}@example.com")});
    let jane = world.owner.post("/api/customers/", &person("jane")).await.expect(201).id();
    let john = world.owner.post("/api/customers/", &person("john")).await.expect(201).id();
    for points in [5, 7] {
        let _ = world.owner.post(&format!("/api/customers/{jane}/update_points/"), &json!({"points": points})).await.expect(200);
    }
    kith_tests::world::tenant(&world.service, &world.options, "Second").await;
    let options = world.options.clone();
    let replay = async |arguments: &[&str]| {
        let all: Vec<&str> = ["replay", "--tenant", "First"].iter().chain(arguments).copied().collect();
        documents(&program::run_ok(command(&options, &all), "").await)
    };
    let all = replay(&[]).await;
    let names = ["tenant.created", "user.added", "customer.registered", "customer.registered"];
    let points = ["customer.points_updated"; 2];
    assert_eq!(types(&all), [&names[..], &points].concat());
    let rest = world.owner.get("/api/v1/events/?limit=500").await.expect(200).json();
    assert_eq!(json!(all), rest["results"], "the same documents at every door");

    assert_eq!(replay(&["--kind", "customer", "--object", &jane]).await, [&all[2..3], &all[4..]].concat());
    assert_eq!(replay(&["--type", "customer.points_updated", "--speed", "100000"]).await, all[4..]);
    let text = |event: &Value, member: &str| event[member].to_string().trim_matches('"').to_owned();
    for member in ["position", "recorded_at"] {
        let (from, to) = (text(&all[2], member), text(&all[4], member));
        assert_eq!(replay(&["--from", &from, "--to", &to]).await, all[2..5], "by {member}");
    }
    let actor = all[4]["actor"]["id"].as_str().expect("an actor").to_owned();
    assert_eq!(replay(&["--actor", &actor, "--kind", "customer"]).await, all[2..]);

    let _ = world.owner.post(&format!("/api/customers/{jane}/forget/"), &json!({})).await.expect(204);
    let kept = replay(&["--kind", "customer"]).await;
    assert_eq!(types(&kept), ["customer.registered", "customer.forgotten"]);
    assert_eq!((kept[0]["id"].as_str(), kept[1]["id"].as_str()), (Some(john.as_str()), Some(jane.as_str())));
    assert!(world.service.stop().await.success());
    assert_eq!(replay(&["--kind", "customer"]).await, kept, "also where no service runs");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replay_goes_on_with_what_happens_and_ends_quietly_when_nobody_reads() {
    let world = World::new().await;
    let mut follow = command(&world.options, &["replay", "--tenant", "First", "--follow"]);
    let mut child = follow.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("kith starts");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let mut next = async || {
        let line = tokio::time::timeout(PATIENCE, lines.next_line()).await.expect("a line in time");
        serde_json::from_str::<Value>(&line.expect("text").expect("a line")).expect("JSON")
    };
    assert_eq!((next().await["type"].clone(), next().await["type"].clone()), (json!("tenant.created"), json!("user.added")));
    for name in ["jane", "john"] {
        let person = json!({"name": name, "email": format!("{name}@example.com")});
        let _ = world.owner.post("/api/customers/", &person).await.expect(201);
        assert_eq!(next().await["data"]["profile"]["name"], name);
    }
    drop(lines);
    let _ = world.owner.post("/api/customers/", &json!({"name": "Jill", "email": "jill@example.com"})).await.expect(201);
    let output = tokio::time::timeout(PATIENCE, child.wait_with_output()).await.expect("it ends").expect("an exit code");
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}
