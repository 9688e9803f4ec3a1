//! Providers' business, end to end: one customer gets a time over two processes, and bookings come in from a file.

use std::fmt::Write;
use std::path::Path;

use chrono::{DurationRound, TimeDelta, Utc};
use futures_util::future::join_all;
use kith_tests::world::{Pair, command, tenant, user};
use kith_tests::{Api, World, program, recount, until};
use serde_json::{Value, json};

async fn offered(provider: &Api) -> String {
    let service = json!({ "title": "Massage", "price": "350000", "duration_minutes": 60 });
    provider.post("/api/bookings/services/", &service).await.expect(201).id()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_50_clients_over_two_processes_gets_the_time_and_49_are_told_that_it_is_taken() {
    let pair = Pair::start(None).await;
    let (id, owner) = tenant(&pair.services[0], &pair.options[0], "Salon").await;
    let provider = user(&pair.services[0], &pair.options[0], &id, "provider").await;
    let (service, customers) = (offered(&provider).await, 0..5);
    let customers = join_all(customers.map(|n| {
        let (owner, body) = (&owner, json!({ "name": "Jane", "email": format!("c{n}@example.com") }));
        async move { owner.post("/api/customers/", &body).await.expect(201).id() }
    }))
    .await;
    let doors = [provider.clone(), provider.at(&pair.services[1].address)];
    let noon = (Utc::now() + TimeDelta::days(1)).duration_trunc(TimeDelta::hours(1)).expect("a time");
    // Of different lengths and beginnings, and every one of them needs the time from five past.
    let attempts = (0..50_usize).map(|n| {
        let starts_at = noon + TimeDelta::minutes(if n % 3 == 0 { 5 } else { 0 });
        let ends_at = noon + TimeDelta::minutes([10, 30, 60][n % 3] + 5);
        let body = json!({ "service": service, "customer": customers[n % 5], "starts_at": starts_at, "ends_at": ends_at });
        let door = doors[n % 2].clone();
        async move { door.post("/api/bookings/", &body).await }
    });
    let answers = join_all(attempts).await;
    let booked = answers.iter().filter(|answer| answer.status == 201).count();
    let taken = answers.iter().filter(|answer| answer.status == 409 && answer.json()["code"] == "booking.time_taken").count();
    assert_eq!((booked, taken), (1, 49));
    until("both processes list it", || async {
        let lists = join_all(doors.iter().map(|door| door.get("/api/bookings/"))).await;
        lists.iter().all(|list| list.status == 200 && list.json()["count"] == 1).then_some(())
    })
    .await;
}

fn file(dir: &Path, provider: &str, rows: usize) -> String {
    let mut text = "reference,provider,customer,service,starts_at,paid,payment_method,rating\n".to_owned();
    for n in 0..rows {
        let at = format!("2024-{:02}-{:02}T{:02}:30:00Z", n % 12 + 1, n % 28 + 1, n % 24);
        writeln!(text, "B-{n},{provider},c{}@example.com,massage,{at},350000.00,card,{}", n % 5, n % 5 + 1).expect("text");
    }
    let path = dir.join("bookings.csv");
    std::fs::write(&path, text).expect("a file");
    path.to_str().expect("text").to_owned()
}

async fn import(world: &World, file: &str) -> (Option<i32>, Value, String) {
    let arguments = ["import-bookings", file, "--tenant", "First", "--json"];
    let output = program::run(command(&world.options, &arguments), "").await;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap_or(Value::Null), said)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_of_bookings_that_was_killed_is_completed_by_the_next_without_doubles() {
    const ROWS: usize = 20_000;
    let world = World::new().await;
    let provider = user(&world.service, &world.options, &world.tenant, "provider").await;
    offered(&provider).await;
    for n in 0..5 {
        let body = json!({ "name": format!("Jane {n}"), "email": format!("c{n}@example.com") });
        let _entered = world.owner.post("/api/customers/", &body).await.expect(201);
    }
    let path = file(world.dir(), &format!("provider@{}.example", world.tenant), ROWS);
    let log = recount::log_of(world.dir()).await;
    let partition = log.partition_of(&world.tenant.parse().expect("an id"));
    let goal = log.head(partition).await.expect("a head").0 + 2_000;
    let mut child = command(&world.options, &["import-bookings", &path, "--tenant", "First"]).spawn().expect("kith");
    until("some rows are in", || async { (log.head(partition).await.ok()?.0 >= goal).then_some(()) }).await;
    child.kill().await.expect("killed");
    let (code, counts, said) = import(&world, &path).await;
    assert_eq!(code, Some(0), "{said}");
    let (created, there) = (counts["created"].as_u64().unwrap_or(0), counts["already_there"].as_u64().unwrap_or(0));
    assert_eq!((created + there, there > 0 && created > 0), (ROWS as u64, true), "{counts}");
    let again = import(&world, &path).await;
    assert_eq!(again.1, json!({ "created": 0, "already_there": ROWS, "refused": 0, "withheld": 0 }));
    let list = until("the books are there", || async {
        let list = provider.get("/api/bookings/provider_dashboard/customers/?sort_by=name").await;
        (list.status == 200 && list.json()["results"][4]["total_bookings"] == ROWS / 5).then(|| list.json())
    });
    let row = &list.await["results"][0];
    let facts = ["total_bookings", "total_spent", "average_rating", "customer_status"].map(|fact| row[fact].clone());
    assert_eq!(facts, [json!(ROWS / 5), json!(350_000.0 * 4_000.0), json!(1.0), json!("regular")]);
}

#[tokio::test]
async fn rows_that_name_nobody_are_refused_with_their_line_and_the_others_stay() {
    let world = World::new().await;
    let provider = user(&world.service, &world.options, &world.tenant, "provider").await;
    offered(&provider).await;
    let jane = json!({ "name": "Jane", "email": "jane@example.com" });
    let _entered = world.owner.post("/api/customers/", &jane).await.expect(201);
    let by = format!("provider@{}.example", world.tenant);
    let (past, ahead) =
        ("2024-01-20T09:00:00Z", (Utc::now() + TimeDelta::days(1)).duration_trunc(TimeDelta::hours(1)).expect("a time"));
    let ahead = ahead.to_rfc3339();
    let rows = [
        format!("A,{by},JANE@example.com,Massage,{past},"),
        format!("B,{by},nobody@example.com,Massage,{past},"),
        format!("C,nobody@example.com,jane@example.com,Massage,{past},"),
        format!("D,{by},jane@example.com,Haircut,{past},"),
        format!("E,{by},jane@example.com,Massage,{ahead},confirmed"),
        format!("F,{by},jane@example.com,Massage,{ahead},requested"),
        format!("G,{by},jane@example.com,Massage,{past},requested"),
    ];
    let path = world.dir().join("mixed.csv");
    let text = format!("reference,provider,customer,service,starts_at,status\n{}\n", rows.join("\n"));
    std::fs::write(&path, text).expect("a file");
    let (code, counts, said) = import(&world, path.to_str().expect("text")).await;
    assert_eq!((code, &counts), (Some(1), &json!({ "created": 2, "already_there": 0, "refused": 5, "withheld": 0 })), "{said}");
    for (line, word) in
        [(3, "customer"), (4, "provider"), (5, "service"), (7, "This time is already booked"), (8, "This time is over")]
    {
        let told = said.lines().find(|told| told.contains(&format!("mixed.csv:{line}: "))).unwrap_or_default();
        assert!(told.contains(word), "{line}: {said}");
    }
}
