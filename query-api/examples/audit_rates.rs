//! How fast the audit trail is, without log and door: `cargo run --release -p query-api --example audit_rates [postgres]`.
//!
//! 200,000 imported customers, then 800,000 changes by 40 users over 200 days, a tenth of them looks at a record.

mod crowd;

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use events::access::{AccessEvent, Viewed};
use events::customer::{CustomerEvent, PointsUpdated, ProfileChanged};
use events::{
    Actor, ActorKind, CorrelationId, CustomerId, Envelope, Event, EventId, Position, Recorded, StreamKind, StreamRef, TenantId,
};
use projections::testing::TestDb;
use projections::{Projection, ReadModels, audit_trail::AuditTrail, directory::Directory};
use query_api::audit_trail::{self, Action, AuditFilter, Bounds, activities};
use query_api::field_history::{self, FieldFilter};
use query_api::{PageRequest, Scope, timeline};

use crowd::{CUSTOMERS, imported};

const CHANGES: u64 = 800_000;
const BATCH: usize = 4_000;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<(), Failure> {
    let projections: Vec<Arc<dyn Projection>> = vec![Arc::new(AuditTrail), Arc::new(Directory)];
    let is_postgres = std::env::args().any(|arg| arg == "postgres");
    let test = if is_postgres { TestDb::postgres_with(&projections).await? } else { TestDb::sqlite_with(&projections).await? };
    let maker = Maker { tenant: TenantId::generate(), ids: (0..CUSTOMERS).map(|_| CustomerId::generate()).collect() };
    let numbers: Vec<u64> = (0..CUSTOMERS).collect();
    apply(&test, "imported customers", &numbers, |n| maker.import(n)).await?;
    let numbers: Vec<u64> = (0..CHANGES).collect();
    apply(&test, "changes and looks", &numbers, |n| maker.change(n)).await?;
    let scope = Scope::tenant(maker.tenant.clone());
    questions(test.models(), &scope, &maker).await?;
    if let projections::DatabaseUrl::Sqlite(dir) = test.url() {
        let files = std::fs::read_dir(dir)?.flatten().filter(|file| file.file_name().to_string_lossy().starts_with("audit"));
        for file in files {
            println!("{}: {} MiB", file.file_name().display(), file.metadata()?.len() >> 20);
        }
    }
    Ok(())
}

async fn apply(test: &TestDb, what: &str, numbers: &[u64], make: impl Fn(u64) -> Recorded) -> Result<(), Failure> {
    let mut spent = Duration::ZERO;
    for chunk in numbers.chunks(BATCH) {
        let events: Vec<Recorded> = chunk.iter().map(|number| make(*number)).collect();
        let start = Instant::now();
        test.apply(&events).await?;
        spent += start.elapsed();
    }
    let rate = numbers.len() as f64 / spent.as_secs_f64();
    println!("{what}: {} in {:.1} s, {rate:.0}/s", numbers.len(), spent.as_secs_f64());
    Ok(())
}

/// Makes events.
struct Maker {
    tenant: TenantId,
    ids: Vec<CustomerId>,
}

impl Maker {
    fn import(&self, n: u64) -> Recorded {
        let stream = StreamRef::customer(&self.tenant, &self.ids[n as usize]);
        recorded(stream, n + 1, 1, time(n / 1_000), Actor::system("import"), CustomerEvent::Imported(imported(n)).into())
    }

    fn change(&self, n: u64) -> Recorded {
        // Every customer once before any a second time, in an order that jumps about.
        let (at, round) = ((n * 7_919 % CUSTOMERS) as usize, n / CUSTOMERS);
        let user = n % 40;
        let actor = Actor { id: format!("user-{user}"), kind: ActorKind::User, name: format!("User {user}") };
        let at_time = time(300 + n * 200 * 86_400 / CHANGES);
        let position = CUSTOMERS + n + 1;
        if n % 10 == 9 {
            let event = AccessEvent::Viewed(Viewed { kind: StreamKind::Customer, id: self.ids[at].to_string() });
            let stream = StreamRef::new(self.tenant.clone(), StreamKind::Access, "reader-1");
            return recorded(
                stream.unwrap_or_else(|_| StreamRef::tenant(&self.tenant)),
                position,
                n / 10 + 1,
                at_time,
                actor,
                event.into(),
            );
        }
        let event = if n % 5_000 == 1 {
            CustomerEvent::ProfileChanged(ProfileChanged { notes: Some(format!("note {n}")), ..ProfileChanged::default() })
        } else {
            let balance = (n * 31 % 1_500) as i64;
            CustomerEvent::PointsUpdated(PointsUpdated { requested: 1, applied: 1, balance, reason: "bench".into() })
        };
        // Looks take no version of the customer: the number of its earlier events is that of the rounds without one.
        let looks = (0..=round).filter(|round| (round * CUSTOMERS + (n % CUSTOMERS)) % 10 == 9).count() as u64;
        recorded(StreamRef::customer(&self.tenant, &self.ids[at]), position, round + 2 - looks, at_time, actor, event.into())
    }
}

fn time(seconds: u64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(1_750_000_000 + i64::try_from(seconds).unwrap_or(0))
}

fn recorded(stream: StreamRef, position: u64, version: u64, recorded_at: DateTime<Utc>, actor: Actor, event: Event) -> Recorded {
    let envelope = Envelope { stream, recorded_at, actor, correlation_id: CorrelationId::generate(), causation_id: None };
    Recorded {
        envelope: Arc::new(envelope),
        position: Position(position),
        index: 0,
        version,
        event_id: EventId::generate(),
        event,
    }
}

async fn questions(models: &ReadModels, scope: &Scope, maker: &Maker) -> Result<(), Failure> {
    let none = AuditFilter::default;
    let object = || Some(maker.ids[7_919].to_string());
    let search = |text: &str| AuditFilter { words: AuditFilter::words_of(text), ..none() };
    let day = |day: u64, off: u64| Some(time(day * 86_400 + off));
    let cases = [
        ("first page", none(), 1),
        ("page 1,000 deep", none(), 1_000),
        ("page 40,000 deep", none(), 40_000),
        ("one object", AuditFilter { object_id: object(), ..none() }, 1),
        ("one user", AuditFilter { actor_id: Some("user-7".into()), ..none() }, 1),
        ("one user, page 500", AuditFilter { actor_id: Some("user-7".into()), ..none() }, 500),
        (
            "views by one user",
            AuditFilter { actor_id: Some("user-9".into()), activities: Some(activities(&[Action::View])), ..none() },
            1,
        ),
        ("deletions (none)", AuditFilter { activities: Some(activities(&[Action::Delete])), ..none() }, 1),
        ("creations", AuditFilter { activities: Some(activities(&[Action::Create])), ..none() }, 1),
        ("rare activity", AuditFilter { activities: Some(["updated"].into()), ..none() }, 1),
        (
            "100 days and a half",
            AuditFilter { bounds: Bounds { from: day(20, 43_200), until: day(120, 3), up_to: None }, ..none() },
            1,
        ),
        ("as of a position", AuditFilter { bounds: Bounds { up_to: Some(Position(900_000)), ..Bounds::default() }, ..none() }, 1),
        ("search rina utami", search("rina utami"), 1),
        ("search note (rare)", search("note"), 1),
        ("search gave (most)", search("gave"), 1),
        ("search user 7, views", AuditFilter { activities: Some(activities(&[Action::View])), ..search("user 7") }, 1),
    ];
    for (name, filter, page) in cases {
        let request = PageRequest::new(page, 20)?;
        let (count, list) = measured(async || Ok(audit_trail::list(models, scope, &filter, request).await?.count)).await?;
        let (_, stats) = measured(async || Ok(audit_trail::stats(models, scope, &filter).await?.count)).await?;
        let (_, part) = measured(async || Ok(timeline::part(models, scope, &filter, None, 50).await?.count)).await?;
        println!("{name:<22} {count:>8} rows: list {list:>8.2?}, stats {stats:>8.2?}, timeline {part:>8.2?}");
    }
    let fields = [
        ("all", FieldFilter::default(), 1),
        ("all, page 1,000", FieldFilter::default(), 1_000),
        ("points", FieldFilter { field: Some("loyalty_points".into()), ..FieldFilter::default() }, 1),
        ("notes (rare)", FieldFilter { field: Some("notes".into()), ..FieldFilter::default() }, 1),
        ("one object", FieldFilter { object_id: object(), ..FieldFilter::default() }, 1),
        (
            "points of an object",
            FieldFilter { object_id: object(), field: Some("loyalty_points".into()), ..FieldFilter::default() },
            1,
        ),
    ];
    for (name, filter, page) in fields {
        let request = PageRequest::new(page, 20)?;
        let (count, list) = measured(async || Ok(field_history::list(models, scope, &filter, request).await?.count)).await?;
        println!("field history, {name:<22} {count:>8} changes: {list:>8.2?}");
    }
    Ok(())
}

/// The median of five.
async fn measured(ask: impl AsyncFn() -> Result<u64, Failure>) -> Result<(u64, Duration), Failure> {
    let (mut answer, mut times) = (0, Vec::new());
    for _ in 0..5 {
        let start = Instant::now();
        answer = ask().await?;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    Ok((answer, times[2]))
}
