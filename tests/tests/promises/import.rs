//! Import and export over the command line.

use std::fmt::Write;
use std::path::Path;
use std::process::Stdio;

use kith_tests::world::command;
use kith_tests::{World, program, recount, until};
use serde_json::{Value, json};

const HEADER: &str = "name,email,phone,address,city,province,postal_code,loyalty_points,total_orders,total_spent,notes,is_active,\
created_at,last_order_date";

fn file(dir: &Path, rows: usize) -> String {
    let mut text = HEADER.to_owned() + "\n";
    for n in 0..rows {
        let points = n % 1_200;
        writeln!(text, "Customer {n},c{n}@import.example,08123456789,\"Jl. Thamrin No. {n}\",Jakarta,DKI Jakarta,12346,{points},3,75000.50,,true,2024-01-15T10:30:00Z,2024-01-20T15:45:00Z").expect("text");
    }
    let path = dir.join("customers.csv");
    std::fs::write(&path, text).expect("a file");
    path.to_str().expect("text").to_owned()
}

async fn import(world: &World, file: &str, more: &[&str]) -> (Option<i32>, Value, String) {
    let arguments: Vec<&str> = ["import", file, "--tenant", "First", "--json"].into_iter().chain(more.iter().copied()).collect();
    let output = program::run(command(&world.options, &arguments), "").await;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap_or(Value::Null), said)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_that_was_killed_is_completed_by_the_next_without_doubles() {
    const ROWS: usize = 30_000;
    let world = World::new().await;
    let path = file(world.dir(), ROWS);
    let log = recount::log_of(world.dir()).await;
    let partition = log.partition_of(&world.tenant.parse().expect("an id"));
    for more in [500, 9_000] {
        let goal = log.head(partition).await.expect("a head").0 + more;
        let mut child = command(&world.options, &["import", &path, "--tenant", "First"]).spawn().expect("kith import");
        until("some rows are in", || async { (log.head(partition).await.ok()?.0 >= goal).then_some(()) }).await;
        child.kill().await.expect("killed");
    }
    let (code, counts, said) = import(&world, &path, &[]).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(counts["already_there"].as_u64() > Some(0) && counts["created"].as_u64() > Some(0), "{counts}");
    let (code, counts, _) = import(&world, &path, &[]).await;
    assert_eq!((code, counts), (Some(0), json!({"created": 0, "already_there": ROWS, "refused": 0, "withheld": 0})));
    let counted = recount::customers(&log, &world.tenant).await;
    assert_eq!(counted.len(), ROWS);
    let head = log.head(partition).await.expect("a head");
    let stats = format!("/api/customers/stats/?min_position={head}");
    let stats = until("the read models are there", || async {
        let answer = world.owner.get(&stats).await;
        (answer.status == 200).then(|| answer.json())
    });
    assert_eq!(stats.await["total_customers"], ROWS);
    let one = world.owner.get("/api/customers/?search=c29999@import.example").await.expect(200).json();
    let row = &one["results"][0];
    assert_eq!(
        (&row["total_spent"], &row["total_orders"], &row["created_at"]),
        (&json!("75000.50"), &json!(3), &json!("2024-01-15T10:30:00Z"))
    );
}

#[tokio::test]
async fn bad_rows_are_refused_with_their_line_and_reason_and_good_ones_stay() {
    let world = World::new().await;
    let path = world.dir().join("mixed.csv");
    let rows = "name,email,loyalty_points\nGood,good@example.com,5\n,nameless@example.com,\nBad,not-an-address,\n\
        Many,many@example.com,lots\nGood again,GOOD@example.com,\n";
    std::fs::write(&path, rows).expect("a file");
    let path = path.to_str().expect("text");
    let report = world.dir().join("report.txt");
    let (code, counts, _) = import(&world, path, &["--report", report.to_str().expect("text")]).await;
    assert_eq!((code, &counts), (Some(1), &json!({"created": 1, "already_there": 0, "refused": 4, "withheld": 0})));
    let mut refused: Vec<_> = std::fs::read_to_string(&report).expect("a report").lines().map(str::to_owned).collect();
    refused.sort();
    for (line, word) in [(3, "name"), (4, "email"), (5, "loyalty_points"), (6, "line 2")] {
        let start = format!("{path}:{line}: ");
        assert!(refused.iter().any(|text| text.starts_with(&start) && text.contains(word)), "{line}: {refused:?}");
    }
    let (code, counts, said) = import(&world, path, &[]).await;
    assert_eq!((code, &counts["already_there"]), (Some(1), &json!(1)));
    assert!(said.contains(&format!("{path}:3: ")), "{said}");
}

#[tokio::test]
async fn a_row_with_cells_too_many_or_too_few_is_refused_in_a_file_of_a_spreadsheet() {
    let world = World::new().await;
    let path = world.dir().join("cells.csv");
    let rows = "name,email,address,city\r\nA,a@example.com,Jl. Sudirman 3,Jakarta\r\nZ,z@example.com,Jl. Sudirman, No 3,Jakarta\r\n\
        S,s@example.com\r\nB,b@example.com,\"Jl. Sudirman, No 3\",Jakarta\r\n";
    std::fs::write(&path, rows).expect("a file");
    let path = path.to_str().expect("text");
    let (code, counts, said) = import(&world, path, &[]).await;
    assert_eq!((code, &counts), (Some(1), &json!({"created": 2, "already_there": 0, "refused": 2, "withheld": 0})));
    assert!(said.contains(&format!("{path}:3: row: Has 5 cells, not 4.")), "{said}");
    assert!(said.contains(&format!("{path}:4: row: Has 2 cells, not 4.")), "{said}");
}

#[tokio::test]
async fn atomic_is_all_or_nothing() {
    let world = World::new().await;
    let path = world.dir().join("atomic.csv");
    std::fs::write(&path, "name,email\nGood,good@example.com\n,nameless@example.com\n").expect("a file");
    let file = path.to_str().expect("text");
    let (code, counts, _) = import(&world, file, &["--atomic"]).await;
    assert_eq!((code, &counts["created"]), (Some(1), &json!(0)));
    std::fs::write(&path, "name,email\nGood,good@example.com\nBetter,better@example.com\n").expect("a file");
    let (code, counts, _) = import(&world, file, &["--atomic"]).await;
    assert_eq!((code, &counts["created"]), (Some(0), &json!(2)));
}

#[tokio::test]
async fn an_export_is_read_back_by_import_to_the_same_customers() {
    let world = World::new().await;
    let odd =
        json!({"name": "=HYPERLINK(\"x\")", "email": "odd@example.com", "phone": "+62811", "notes": "two\nlines, and a comma"});
    let entered = world.owner.post("/api/customers/", &odd).await.expect(201);
    let then = entered.header("kith-position").expect("a position");
    let inactive = json!({"name": "Jane", "email": "jane@example.com", "city": "Bandung", "is_active": false});
    let _ = world.owner.post("/api/customers/", &inactive).await.expect(201);
    let out = world.dir().join("out.csv");
    let out = out.to_str().expect("text");
    program::run_ok(command(&world.options, &["export", "--tenant", "First", "--out", out]), "").await;
    let text = std::fs::read_to_string(out).expect("a file");
    assert!(text.contains("'=HYPERLINK") && text.contains("'+62811"), "{text}");
    let some = program::run_ok(command(&world.options, &["export", "--tenant", "First", "--city", "Bandung"]), "").await;
    assert_eq!(some.lines().count(), 2, "{some}");
    let then = program::run_ok(command(&world.options, &["export", "--tenant", "First", "--as-of", then]), "").await;
    assert!(then.contains("odd@example.com") && !then.contains("jane@example.com"), "{then}");
    let mut unread = command(&world.options, &["export", "--tenant", "First"]);
    let mut unread = unread.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("kith starts");
    drop(unread.stdout.take());
    let unread = unread.wait_with_output().await.expect("it ends");
    assert!(unread.status.success() && unread.stderr.is_empty(), "that nobody reads is an end like any other: {unread:?}");
    for (to_come, sentence) in [("1000000", "position 1000000"), ("2999-01-01T00:00:00Z", "2999-01-01")] {
        let output = program::run(command(&world.options, &["export", "--tenant", "First", "--as-of", to_come]), "").await;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(1) && said.contains(sentence), "{said}");
    }

    let (_, other) = kith_tests::world::tenant(&world.service, &world.options, "Second").await;
    program::run_ok(command(&world.options, &["import", out, "--tenant", "Second"]), "").await;
    let essence = |rows: Vec<Value>| {
        let fields = ["name", "email", "phone", "city", "notes", "is_active", "created_at", "total_spent"];
        rows.iter().map(|row| fields.map(|field| row[field].clone())).collect::<Vec<_>>()
    };
    let wanted = essence(world.owner.all("/api/customers/?ordering=name").await);
    let found = until("the read models are there", || async {
        let rows = essence(other.all("/api/customers/?ordering=name").await);
        (rows.len() == wanted.len()).then_some(rows)
    });
    assert_eq!(found.await, wanted);
}
