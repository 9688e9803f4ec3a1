//! Writers that go on while things break, and remember which of their writes were acknowledged.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, RwLock};

use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::api::{Answer, Api};

/// What became of the writes. Each has a mark of its own, which is the reason of a points change or the name in an email address.
#[derive(Debug, Default)]
pub struct Tally {
    /// Those that were answered with success.
    pub acknowledged: BTreeSet<String>,
    /// Those whose answer never came, or was that the log is away.
    pub unknown: BTreeSet<String>,
}

/// Writers at work.
pub struct Writers {
    tasks: JoinSet<Tally>,
    stop: Arc<AtomicBool>,
    address: Arc<RwLock<String>>,
    done: watch::Receiver<u64>,
}

impl Writers {
    /// Starts so many writers on these customers.
    #[must_use]
    pub fn start(api: &Api, address: &str, customers: &[String], writers: usize) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let address = Arc::new(RwLock::new(address.to_owned()));
        let (count, done) = watch::channel(0);
        let mut tasks = JoinSet::new();
        for number in 0..writers {
            let writer = Writer {
                number,
                api: api.clone(),
                customers: customers.to_owned(),
                stop: stop.clone(),
                address: address.clone(),
                count: count.clone(),
            };
            tasks.spawn(writer.run());
        }
        Self { tasks, stop, address, done }
    }

    /// Waits until so many more writes were acknowledged.
    ///
    /// # Panics
    /// When they are not in time.
    pub async fn acknowledge(&mut self, more: u64) {
        let goal = *self.done.borrow() + more;
        let reached = tokio::time::timeout(crate::PATIENCE, self.done.wait_for(|done| *done >= goal)).await;
        reached.expect("writes are acknowledged again in time").expect("the writers are at work");
    }

    /// Sends the writers to another address.
    ///
    /// # Panics
    /// Never, as long as no writer did.
    pub fn move_to(&self, address: &str) {
        address.clone_into(&mut self.address.write().expect("no panic"));
    }

    /// Stops them, and gives what they remember.
    pub async fn finish(mut self) -> Tally {
        self.stop.store(true, Ordering::Relaxed);
        let mut all = Tally::default();
        while let Some(tally) = self.tasks.join_next().await {
            let tally = tally.expect("a writer's tally");
            all.acknowledged.extend(tally.acknowledged);
            all.unknown.extend(tally.unknown);
        }
        all
    }
}

struct Writer {
    number: usize,
    api: Api,
    customers: Vec<String>,
    stop: Arc<AtomicBool>,
    address: Arc<RwLock<String>>,
    count: watch::Sender<u64>,
}

impl Writer {
    async fn run(self) -> Tally {
        let mut tally = Tally::default();
        for n in 0.. {
            if self.stop.load(Ordering::Relaxed) {
                break;
            }
            let mark = format!("w{}-{n}", self.number);
            let answer = self.write(&mark, n).await;
            match answer.as_ref().map(|answer| answer.status) {
                Some(200 | 201) => {
                    tally.acknowledged.insert(mark);
                    self.count.send_modify(|count| *count += 1);
                }
                // The log is away, or the answer got lost: it may or may not be written.
                Some(502..=504) | None => {
                    tally.unknown.insert(mark);
                    tokio::task::yield_now().await;
                }
                Some(status) => panic!("{mark}: {status} {}", answer.map(|answer| answer.text).unwrap_or_default()),
            }
        }
        tally
    }

    /// Mostly points for one of the customers, now and then a new customer.
    async fn write(&self, mark: &str, n: usize) -> Option<Answer> {
        let address = self.address.read().expect("no panic").clone();
        let api = self.api.at(&address);
        let (path, body) = if n % 5 == 4 {
            ("/api/customers/".to_owned(), json!({"name": mark, "email": format!("{mark}@load.example")}))
        } else {
            let customer = &self.customers[(self.number + n) % self.customers.len()];
            (format!("/api/customers/{customer}/update_points/"), json!({"points": 1, "reason": mark}))
        };
        api.try_send(api.request(reqwest::Method::POST, &path).json(&body)).await
    }
}

/// Compares what the writers remember with what the log says.
///
/// # Panics
/// When an acknowledged write is missing, one stands there twice, or there is one that nobody made.
pub fn check(tally: &Tally, counted: &std::collections::BTreeMap<String, crate::recount::Counted>) {
    let mut found = BTreeSet::new();
    for customer in counted.values() {
        let name = customer.email.strip_suffix("@load.example").map(str::to_owned);
        for mark in customer.reasons.iter().cloned().chain(name) {
            assert!(tally.acknowledged.contains(&mark) || tally.unknown.contains(&mark), "{mark} was never written");
            assert!(found.insert(mark.clone()), "{mark} stands there twice");
        }
    }
    let lost: Vec<_> = tally.acknowledged.difference(&found).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
}
