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
async fn a_part_of_the_log_that_there_is_not_is_refused() {
    let world = World::new().await;
    let _ = world.owner.post("/api/customers/", &json!({"name": "Jane", "email": "jane@example.com"})).await.expect(201);
    let replay = async |arguments: &[&str]| {
        let all: Vec<&str> = ["replay", "--tenant", "First"].iter().chain(arguments).copied().collect();
        program::run(command(&world.options, &all), "").await
    };
    let refused = async |arguments: &[&str], code: i32, sentence: &str| {
        let output = replay(arguments).await;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(code), 0), "{arguments:?}: {said}");
        assert!(said.contains(sentence), "{arguments:?}: {said}");
    };
    let printed = replay(&[]).await;
    let all = documents(&String::from_utf8(printed.stdout).expect("text"));
    let text = |event: &Value, member: &str| event[member].to_string().trim_matches('"').to_owned();
    let points = |event: &Value| ["position", "recorded_at"].map(|member| text(event, member));
    for from in points(&all[2]) {
        for to in points(&all[1]) {
            refused(&["--from", &from, "--to", &to], 1, "kith: --from is after --to").await;
        }
    }
    // Behind the last event stands what claims the address.
    let events = world.owner.get("/api/v1/events/").await.expect(200).json();
    let last = events["next_after"].as_u64().expect("a position");
    let [next, later] = [last + 1, last + 2].map(|position| position.to_string());
    let beyond = |from: &str| format!("kith: there is no position {from} yet: the last one is {last}");
    refused(&["--from", &next], 1, &beyond(&next)).await;
    refused(&["--from", &later, "--follow"], 1, &beyond(&later)).await;
    refused(&["--from", "9999-12-31T00:00:00Z"], 1, "kith: there is no 9999-12-31 00:00:00 UTC yet").await;
    refused(&["--kind", "foo"], 2, "[possible values: tenant, user, customer,").await;
    refused(&["--speed", "2xx"], 2, "must be full, real, or a number").await;
    let at_last = replay(&["--from", &text(&all[2], "position"), "--to", "99999999"]).await;
    assert_eq!(documents(&String::from_utf8(at_last.stdout).expect("text")), all[2..], "up to the end, however far that is");
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
