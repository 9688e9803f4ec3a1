//! How fast the log takes appends here: raw publishes and appends side by side, durable and relaxed, and how fast it is read.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use event_log::testing::TestServer;
use event_log::{Append, Durability, Entry, Log};
use events::customer::{Profile, Registered};
use events::{
    Actor, ClaimKey, ClaimName, ClaimRecord, Commit, CorrelationId, CustomerEvent, CustomerId, Envelope, EventId, NewEvent,
    Position, StreamRef, TenantId,
};
use futures_util::StreamExt as _;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// How long each measurement runs.
const RUN: Duration = Duration::from_secs(2);

#[tokio::main]
async fn main() -> Outcome<()> {
    for durability in [Durability::Relaxed, Durability::Always] {
        let server = TestServer::start_with(durability).await?;
        let log = server.log().await?;
        println!("{durability:?}: messages per second");
        for callers in [1, 16, 64, 256, 1_000] {
            let raw = raw(&server, callers).await?;
            let single = appends(&log, callers, false).await?;
            let pairs = appends(&log, callers, true).await?;
            println!("{callers:>6} at once: raw publish {raw:>7}, append {single:>7}, append with claim {pairs:>7}");
        }
        bulk(&log).await?;
        reads(&log).await?;
    }
    Ok(())
}

/// Runs `callers` copies of a job over and over; answers how often per second it was done.
async fn rate<J, F>(callers: u64, job: J) -> Outcome<u64>
where
    J: Fn() -> F + Send + Sync + 'static,
    F: Future<Output = Outcome<u64>> + Send,
{
    let (job, done, begin) = (Arc::new(job), Arc::new(AtomicU64::new(0)), Instant::now());
    let callers: Vec<_> = (0..callers)
        .map(|_| {
            let (job, done) = (Arc::clone(&job), Arc::clone(&done));
            tokio::spawn(async move {
                while begin.elapsed() < RUN {
                    done.fetch_add(job().await?, Ordering::Relaxed);
                }
                Outcome::Ok(())
            })
        })
        .collect();
    for caller in callers {
        caller.await??;
    }
    let rate = done.load(Ordering::Relaxed) as f64 / begin.elapsed().as_secs_f64();
    Ok(rate as u64)
}

/// Publishes with an expected sequence, each on a subject of its own, by the client alone.
async fn raw(server: &TestServer, callers: u64) -> Outcome<u64> {
    let token = server.server().url().trim_start_matches("nats://").split('@').next().unwrap_or_default().to_owned();
    let client = async_nats::ConnectOptions::with_token(token).connect(server.server().url()).await?;
    let payload = events::codec::encode(&commit(&TenantId::generate()))?;
    rate(callers, move || {
        let (client, payload) = (client.clone(), payload.clone());
        async move {
            let mut headers = async_nats::HeaderMap::new();
            headers.insert("Nats-Expected-Last-Subject-Sequence", "0");
            let request = async_nats::Request::new().headers(headers).payload(payload.into());
            client.send_request(format!("kith.00.raw.{}", CustomerId::generate()), request).await?;
            Ok(1)
        }
    })
    .await
}

async fn appends(log: &Log, callers: u64, with_claim: bool) -> Outcome<u64> {
    let (log, tenant) = (log.clone(), TenantId::generate());
    rate(callers, move || {
        let (log, tenant) = (log.clone(), tenant.clone());
        async move {
            let mut entries = vec![Entry::Commit { commit: commit(&tenant), expected: Position::START }];
            if with_claim {
                let key = ClaimKey::new(&tenant, ClaimName::CustomerEmail, CustomerId::generate().as_str());
                let record = ClaimRecord::Held { owner: "somebody".into() };
                entries.push(Entry::Claim { key, record, expected: Position::START, ttl: None });
            }
            Ok(log.append(Append { tenant, entries }).await?.positions.len() as u64)
        }
    })
    .await
}

async fn bulk(log: &Log) -> Outcome<()> {
    let tenant = TenantId::generate();
    for entries in [1_000, log.max_entries()] {
        let append = Append {
            tenant: tenant.clone(),
            entries: (0..entries).map(|_| Entry::Commit { commit: commit(&tenant), expected: Position::START }).collect(),
        };
        let begin = Instant::now();
        log.append(append).await?;
        println!("one append of {entries} entries: {:?}", begin.elapsed());
    }
    Ok(())
}

async fn reads(log: &Log) -> Outcome<()> {
    let tenant = TenantId::generate();
    let first = commit(&tenant);
    let (stream, mut expected) = (first.envelope.stream.clone(), Position::START);
    for version in 1..=10 {
        let commit = Commit { first_version: version, ..first.clone() };
        let append = Append { tenant: tenant.clone(), entries: vec![Entry::Commit { commit, expected }] };
        expected = log.append(append).await?.last();
    }
    let begin = Instant::now();
    for _ in 0..1_000 {
        log.load(&stream, Position::START).await?;
    }
    println!("load of a stream of 10 commits: {:?}", begin.elapsed() / 1_000);
    let question = vec![(stream, Position::START); 1_000];
    let begin = Instant::now();
    log.load_many(&question).await?;
    println!("load of 1,000 such streams: {:?}", begin.elapsed());
    let (begin, mut read) = (Instant::now(), 0_u64);
    let mut tail = Box::pin(log.tail(log.partition_of(&tenant), Position::START));
    while let Some(item) = tail.next().await {
        read += 1;
        if item?.pending == 0 {
            break;
        }
    }
    println!("tail of {read} messages: {:.0}/s", read as f64 / begin.elapsed().as_secs_f64());
    Ok(())
}

/// The first commit of a new customer.
fn commit(tenant: &TenantId) -> Commit {
    let profile = Profile { name: "A Customer".into(), email: "somebody@example.com".into(), ..Profile::default() };
    let event = Registered { profile, is_active: true, loyalty_points: 0, last_order_at: None };
    Commit {
        envelope: Envelope {
            stream: StreamRef::customer(tenant, &CustomerId::generate()),
            recorded_at: chrono::Utc::now(),
            actor: Actor::system("rates"),
            correlation_id: CorrelationId::generate(),
            causation_id: None,
        },
        first_version: 1,
        events: vec![NewEvent { event_id: EventId::generate(), event: CustomerEvent::Registered(event).into() }],
    }
}
