//! Read models are rebuilt and verified while they are read, by the real binary, killed at any moment.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use kith_tests::load::{Writers, check};
use kith_tests::world::{command, fresh_postgres};
use kith_tests::{Api, World, program, recount, until};
use projections::db::Sql;
use projections::{DatabaseUrl, DbOptions, ReadModels, registry};
use serde_json::{Value, json};

/// How many customers are in the tenant: enough that a rebuild takes a while.
const CUSTOMERS: u64 = 1_500;
/// How often a rebuild is killed.
const KILLS: u64 = 20;

/// Somebody who reads all the time, and never sees less than there is.
struct Reader {
    reads: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
    task: tokio::task::JoinHandle<()>,
}

impl Reader {
    fn start(api: &Api, customers: u64) -> Self {
        let (reads, stop, api) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)), api.clone());
        let (counter, ended) = (Arc::clone(&reads), Arc::clone(&stop));
        let task = tokio::spawn(async move {
            let paths = ["/api/customers/?ordering=name", "/api/customers/?search=person", "/api/customers/stats/"];
            let mut seen = paths.map(|path| (path, customers));
            while !ended.load(Ordering::SeqCst) {
                for (path, least) in &mut seen {
                    let body = api.get(path).await.expect(200).json();
                    let count = body.get("count").or_else(|| body.get("total_customers")).and_then(Value::as_u64);
                    assert!(count >= Some(*least), "{path}: {count:?} after {least}");
                    *least = count.unwrap_or_default();
                }
                counter.fetch_add(1, Ordering::SeqCst);
            }
        });
        Self { reads, stop, task }
    }

    /// Waits until so many more rounds were read.
    async fn rounds(&self, more: u64) {
        let goal = self.reads.load(Ordering::SeqCst) + more;
        until("the reader goes on", || async {
            assert!(!self.task.is_finished(), "a read failed");
            (self.reads.load(Ordering::SeqCst) >= goal).then_some(())
        })
        .await;
    }

    async fn finish(self) {
        self.rounds(1).await;
        self.stop.store(true, Ordering::SeqCst);
        self.task.await.expect("no read failed");
    }
}

/// Enters customers over the command line.
async fn import(world: &World, dir: &Path) {
    let rows: String = (0..CUSTOMERS).map(|n| format!("Person {n},person{n}@example.com,0812-{n},{}\n", n % 1_200)).collect();
    let file = dir.join("customers.csv");
    std::fs::write(&file, format!("name,email,phone,loyalty_points\n{rows}")).expect("a file");
    let import = command(&world.options, &["import", file.to_str().expect("a path"), "--tenant", &world.tenant]);
    program::run_ok(import, "").await;
    until("the list shows them", || async {
        (world.owner.get("/api/customers/").await.json()["count"] == json!(CUSTOMERS)).then_some(())
    })
    .await;
}

/// The stores of the customer list in a data directory.
fn stores(dir: &Path) -> usize {
    let files = std::fs::read_dir(dir.join("read-models")).expect("the stores").flatten();
    let named = files.map(|file| file.file_name().to_string_lossy().into_owned());
    named.filter(|name| name.starts_with("customer_list.") && name.ends_with(".db")).count()
}

async fn rebuilds_are_killed(world: World, kills: u64) -> World {
    let dir = tempfile::tempdir().expect("a folder");
    import(&world, dir.path()).await;
    let ids: Vec<String> = world.owner.get("/api/customers/?page_size=8").await.expect(200).json()["results"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["id"].as_str().expect("an id").to_owned())
        .collect();
    let reader = Reader::start(&world.owner, CUSTOMERS);
    let writers = Writers::start(&world.owner, &world.service.address, &ids, 2);
    let mut in_the_middle = 0;
    for round in 0..kills {
        let mut rebuild =
            command(&world.options, &["rebuild"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("kith");
        reader.rounds(1 + round).await;
        in_the_middle += u64::from(rebuild.try_wait().expect("a state").is_none());
        rebuild.kill().await.expect("it can be killed");
    }
    assert!(in_the_middle > kills / 2, "{in_the_middle} of {kills} were killed while they worked");
    let said = program::run_ok(command(&world.options, &["rebuild"]), "").await;
    assert!(said.contains("customer_list: ") && right(&said) > 0, "{said}");
    let tally = writers.finish().await;
    reader.finish().await;
    let said = program::run_ok(command(&world.options, &["verify"]), "").await;
    assert_eq!(right(&said), registry::all().len(), "{said}");
    let counted = recount::compare(&recount::log_of(world.dir()).await, &world.tenant, &world.owner).await;
    check(&tally, &counted);
    world
}

/// How many projections are told to be right.
fn right(said: &str) -> usize {
    said.lines().filter(|line| line.contains(" are what the log says") || line.contains(" is what the log says")).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_may_be_killed_twenty_times_and_nobody_notices() {
    let world = rebuilds_are_killed(World::new().await, KILLS).await;
    until("what was left behind is gone", || async { (stores(world.dir()) == 1).then_some(()) }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_may_be_killed_on_postgres_too() {
    let url = fresh_postgres().await;
    rebuilds_are_killed(World::with(|options| options.env("KITH_DATABASE_URL", &url)).await, 5).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_changed_by_hand_is_found_and_mended() {
    let world = World::new().await;
    let body = json!({"name": "Jane", "email": "jane@example.com"});
    let id = world.owner.post("/api/customers/", &body).await.expect(201).id();
    let clean = program::run_ok(command(&world.options, &["verify"]), "").await;
    assert!(clean.contains("customer_list: 1 event, ") && right(&clean) == registry::all().len(), "{clean}");

    let url = DatabaseUrl::in_dir(world.dir());
    let models = ReadModels::open(&url, DbOptions::default(), &registry::all()).await.expect("the stores");
    let mut tx = models.of("customer_list").expect("a store").begin().await.expect("a transaction");
    let planted = Sql::fixed("UPDATE customers SET name = 'Mallory' WHERE id = $1", [id.as_str().into()]);
    assert_eq!(tx.execute(planted).await.expect("an update"), 1);
    tx.commit().await.expect("a commit");
    models.close().await;
    drop(models);

    let found = program::run(command(&world.options, &["verify", "customer_list"]), "").await;
    let (printed, said) = (String::from_utf8_lossy(&found.stdout), String::from_utf8_lossy(&found.stderr));
    assert_eq!(found.status.code(), Some(1), "{printed}{said}");
    assert!(said.contains("customer_list: customers") && said.contains("differs in name (position "), "{said}");
    assert!(printed.contains("customer_list: ") && printed.contains("NOT what the log says"), "{printed}");
    assert!(!said.contains("Mallory") && !said.contains("Jane"), "values are personal data: {said}");
    let shown = program::run(command(&world.options, &["verify", "customer_list", "--values"]), "").await;
    let said = String::from_utf8_lossy(&shown.stderr);
    assert!(said.contains(r#"name is "Mallory" and should be "Jane""#), "{said}");

    let mended = program::run(command(&world.options, &["rebuild", "customer_list"]), "").await;
    assert_eq!(mended.status.code(), Some(1), "what was wrong is told: {mended:?}");
    program::run_ok(command(&world.options, &["verify"]), "").await;
    assert_eq!(world.owner.get(&format!("/api/customers/{id}/")).await.expect(200).json()["name"], "Jane");
}

#[tokio::test]
async fn rebuild_and_verify_work_without_a_service_and_say_what_they_cannot_do() {
    let world = World::new().await;
    let body = json!({"name": "Jane", "email": "jane@example.com"});
    let _ = world.owner.post("/api/customers/", &body).await.expect(201);
    assert!(world.service.stop().await.success());
    for arguments in [["rebuild"], ["verify"]] {
        let said = program::run_ok(command(&world.options, &arguments), "").await;
        assert!(said.contains("directory: 2 events"), "{said}");
    }
    let output = program::run(command(&world.options, &["verify", "nothing"]), "").await;
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(1) && said.contains("there is no projection \"nothing\""), "{said}");
}
