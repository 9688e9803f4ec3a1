//! How fast and how faithful live lists are: many follow them while much happens, and sockets are cut at random and come back.
//!
//! `cargo run --release --example live_lists [SECONDS [SUBSCRIBERS [CHANGES PER SECOND]]]` runs a whole service and its clients in one
//! process, and fails when anybody was told too much, too little, or in another order.

mod service;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use hdrhistogram::Histogram;
use rand::RngExt;
use serde_json::{Value, json};
use service::{Happened, Service};
use tokio::sync::{Barrier, watch};
use tokio_tungstenite::connect_async_with_config;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::{Message, WebSocketConfig};

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const TENANTS: usize = 10;
const FILTERS: [&str; 4] = [
    "{}",
    r#"{"source":"telegram"}"#,
    r#"{"has_email":"false","order_by":"first_name"}"#,
    r#"{"page_size":50,"search":"person"}"#,
];

/// The code of what the service may do later.
const LATE: &str = "service.unavailable";

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What the subscribers measured.
struct Measured {
    latency: Histogram<u64>,
    frames: u64,
    cuts: u64,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<u64>());
    let mut argument = |default| arguments.next().unwrap_or(Ok(default));
    let (seconds, subscribers, rate) = (argument(20)?, usize::try_from(argument(1_000)?)?, argument(500)?);
    let service = Service::start().await?;
    let mut houses = Vec::new();
    for _ in 0..TENANTS {
        houses.push(service.house().await?);
    }
    let (houses, ready) = (Arc::new(houses), Arc::new(Barrier::new(subscribers + 1)));
    let happened = Arc::new(Mutex::new(Happened::default()));
    let (ends, end) = watch::channel(None::<HashMap<usize, u64>>);
    let following: Vec<_> = (0..subscribers)
        .map(|number| {
            let follower = Follower {
                url: format!("ws://{}/ws/customers/", service.address),
                tenant: number % TENANTS,
                token: houses[number % TENANTS].token.clone(),
                filters: FILTERS[number / TENANTS % FILTERS.len()],
                happened: Arc::clone(&happened),
                end: end.clone(),
            };
            let ready = Arc::clone(&ready);
            tokio::spawn(async move { follower.follow(&ready).await })
        })
        .collect();
    ready.wait().await;
    println!("{subscribers} subscribers in {TENANTS} tenants, {rate} changes/s for {seconds} s");
    service.write(&houses, &happened, seconds * rate, rate).await?;
    let said = happened.lock().map_err(|_| "somebody panicked")?.by_tenant.clone();
    ends.send(Some(said.iter().filter_map(|(tenant, said)| Some((*tenant, *said.last_key_value()?.0))).collect()))?;
    let mut all = Measured { latency: Histogram::new(3)?, frames: 0, cuts: 0 };
    for follower in following {
        let (tenant, heard, measured) = follower.await??;
        if Some(&heard) != said.get(&tenant) {
            return Err(format!("tenant {tenant}: {} changes were told, {} happened", heard.len(), said[&tenant].len()).into());
        }
        all.latency.add(&measured.latency)?;
        (all.frames, all.cuts) = (all.frames + measured.frames, all.cuts + measured.cuts);
    }
    let at = |quantile| Duration::from_micros(all.latency.value_at_quantile(quantile));
    println!("{} frames, {} sockets cut and resumed; each was told exactly what happened, in order, once", all.frames, all.cuts);
    println!("from before the append to the frame: p50 {:?}, p90 {:?}, p99 {:?}, most {:?}", at(0.5), at(0.9), at(0.99), at(1.0));
    Ok(())
}

/// A subscriber.
struct Follower {
    url: String,
    tenant: usize,
    token: String,
    filters: &'static str,
    happened: Arc<Mutex<Happened>>,
    end: watch::Receiver<Option<HashMap<usize, u64>>>,
}

impl Follower {
    async fn follow(mut self, ready: &Barrier) -> Result<(usize, BTreeMap<u64, u64>, Measured), Failure> {
        let mut measured = Measured { latency: Histogram::new(3)?, frames: 0, cuts: 0 };
        let (mut heard, mut known) = (BTreeMap::new(), None);
        loop {
            // The default is a buffer of 128 KiB that is wiped at every look.
            let config = WebSocketConfig::default().read_buffer_size(8 * 1024);
            let mut request = self.url.as_str().into_client_request()?;
            request.headers_mut().insert("authorization", format!("Bearer {}", self.token).parse()?);
            let (mut socket, _) = connect_async_with_config(request, Some(config), true).await?;
            let filters: Value = serde_json::from_str(self.filters)?;
            let ask = match known {
                Some(position) => json!({ "type": "resume", "filters": filters, "position": position }),
                None => json!({ "type": "subscribe", "filters": filters }),
            };
            socket.send(Message::text(ask.to_string())).await?;
            let cut = tokio::time::sleep(some_time(4_000..20_000));
            tokio::pin!(cut);
            // What happened before this was missed, and its way here is none of a push.
            let mut live_from = u64::MAX;
            loop {
                if self.is_over(known) {
                    return Ok((self.tenant, heard, measured));
                }
                let message = tokio::select! {
                    () = &mut cut => break,
                    _ = self.end.changed() => continue,
                    message = socket.next() => message.ok_or("the socket is closed")??,
                };
                let Message::Text(text) = message else { continue };
                let frame: Frame<'_> = serde_json::from_str(&text)?;
                let position = frame.position;
                match frame.name {
                    "subscribed" | "resumed" => {
                        live_from = position;
                        if known.is_none() {
                            known = Some(position);
                            ready.wait().await;
                        }
                    }
                    "customer_updated" | "customer_moved" => {
                        let word = self.take(frame, position > live_from, &mut measured)?;
                        if known >= Some(position) || heard.insert(position, word).is_some() {
                            return Err("told twice, or in another order".into());
                        }
                        known = Some(position);
                    }
                    "position" => {}
                    // The service is late and says so: it is asked again in a while.
                    "error" if frame.code == Some(LATE) => {
                        tokio::time::sleep(some_time(100..1_000)).await;
                        break;
                    }
                    other => return Err(format!("not expected: {other}").into()),
                }
            }
            measured.cuts += 1;
        }
    }

    fn is_over(&self, known: Option<u64>) -> bool {
        self.end.borrow().as_ref().is_some_and(|ends| ends.get(&self.tenant).copied() <= known)
    }

    /// Which message a frame tells of.
    fn take(&self, frame: Frame<'_>, live: bool, measured: &mut Measured) -> Result<u64, Failure> {
        let talk = frame.customer.and_then(|customer| customer.conversations.into_iter().next());
        let word: u64 = talk.and_then(|talk| talk.last_message).ok_or("no message")?.content.parse()?;
        let begun = self.happened.lock().map_err(|_| "somebody panicked")?.begun.get(&word).copied();
        measured.frames += 1;
        if live {
            let took = begun.ok_or("it did not happen")?.elapsed();
            measured.latency.record(u64::try_from(took.as_micros())?)?;
        }
        Ok(word)
    }
}

/// What is looked at of a frame.
#[derive(serde::Deserialize)]
struct Frame<'a> {
    #[serde(rename = "type")]
    name: &'a str,
    code: Option<&'a str>,
    #[serde(default)]
    position: u64,
    #[serde(borrow)]
    customer: Option<Told<'a>>,
}

#[derive(serde::Deserialize)]
struct Told<'a> {
    #[serde(borrow)]
    conversations: Vec<Talk<'a>>,
}

#[derive(serde::Deserialize)]
struct Talk<'a> {
    #[serde(borrow)]
    last_message: Option<Content<'a>>,
}

#[derive(serde::Deserialize)]
struct Content<'a> {
    content: &'a str,
}

/// A random time of so many milliseconds.
fn some_time(milliseconds: std::ops::Range<u64>) -> Duration {
    Duration::from_millis(rand::rng().random_range(milliseconds))
}
