//! How fast and how faithful live lists are: many follow them while much happens, and sockets are cut at random and come back.
//!
//! `cargo run --release --example live_lists [SECONDS [SUBSCRIBERS [CHANGES PER SECOND]]]` runs a whole service and its clients in one
//! process, and fails when anybody was told too much, too little, or in another order.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use commands::conversation::{Receive, Start};
use commands::customer::Arrive;
use commands::{
    Conversation, ConversationCommand, Customer, CustomerCommand, Executor, ExecutorOptions, Meta, Tenant, TenantCommand, User,
    UserCommand,
};
use event_log::testing::TestServer;
use events::{Contact, ConversationId, CustomerId, MessageId, PageId, Role, Source, StreamRef, TenantId, UserId};
use futures_util::{SinkExt, StreamExt};
use gateway::auth::password;
use gateway::{AppState, DoorOptions, Parts, build, server};
use hdrhistogram::Histogram;
use projections::runner::{Runner, RunnerHandle, RunnerOptions};
use projections::{DbOptions, ReadModels, registry};
use rand::RngExt;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{Barrier, watch};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::Message;

const TENANTS: usize = 10;
const CUSTOMERS: usize = 50;
const FILTERS: [&str; 4] = [
    "{}",
    r#"{"source":"telegram"}"#,
    r#"{"has_email":"false","order_by":"first_name"}"#,
    r#"{"page_size":50,"search":"person"}"#,
];

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A tenant: who follows its list, and who is in it.
struct House {
    id: TenantId,
    token: String,
    page: PageId,
    customers: Vec<CustomerId>,
}

/// What happened: when each message was about to be recorded, and where each was.
#[derive(Default)]
struct Happened {
    begun: HashMap<u64, Instant>,
    by_tenant: HashMap<usize, BTreeMap<u64, u64>>,
}

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
            let mut request = self.url.as_str().into_client_request()?;
            request.headers_mut().insert("authorization", format!("Bearer {}", self.token).parse()?);
            let (mut socket, _) = connect_async(request).await?;
            let filters: Value = serde_json::from_str(self.filters)?;
            let kind = if known.is_some() { "resume" } else { "subscribe" };
            let ask = json!({ "type": kind, "filters": filters, "position": known }).to_string();
            socket.send(Message::text(ask)).await?;
            let cut = tokio::time::sleep(Duration::from_millis(rand::rng().random_range(4_000..20_000)));
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
                let frame: Value = serde_json::from_str(&text)?;
                let position = frame["position"].as_u64().unwrap_or_default();
                match frame["type"].as_str() {
                    Some("subscribed" | "resumed") => {
                        live_from = position;
                        if known.is_none() {
                            known = Some(position);
                            ready.wait().await;
                        }
                    }
                    Some("customer_updated" | "customer_moved") => {
                        let word = self.take(&frame, position > live_from, &mut measured)?;
                        if known >= Some(position) || heard.insert(position, word).is_some() {
                            return Err("told twice, or in another order".into());
                        }
                        known = Some(position);
                    }
                    Some("position") => {}
                    // The service is late and says so: it is asked again.
                    Some("error") if frame["code"] == "service.unavailable" || frame["code"] == "position.not_yet_reached" => {
                        break;
                    }
                    _ => return Err(format!("not expected: {}", frame["type"]).into()),
                }
            }
            measured.cuts += 1;
        }
    }

    fn is_over(&self, known: Option<u64>) -> bool {
        self.end.borrow().as_ref().is_some_and(|ends| ends.get(&self.tenant).copied() <= known)
    }

    /// Which message a frame tells of.
    fn take(&self, frame: &Value, live: bool, measured: &mut Measured) -> Result<u64, Failure> {
        let text = frame["customer"]["conversations"][0]["last_message"]["content"].as_str().ok_or("no message")?;
        let word: u64 = text.parse()?;
        let begun = self.happened.lock().map_err(|_| "somebody panicked")?.begun.get(&word).copied();
        measured.frames += 1;
        if live {
            let took = begun.ok_or("it did not happen")?.elapsed();
            measured.latency.record(u64::try_from(took.as_micros())?)?;
        }
        Ok(word)
    }
}

/// The service.
struct Service {
    state: AppState,
    address: String,
    _runner: Arc<RunnerHandle>,
    _server: TestServer,
    _dir: tempfile::TempDir,
}

impl Service {
    async fn start() -> Result<Self, Failure> {
        let server = TestServer::start().await?;
        let log = server.log().await?;
        let dir = tempfile::tempdir()?;
        let url = format!("sqlite:{}", dir.path().join("read-models").display()).parse()?;
        let models = ReadModels::open(&url, DbOptions::default(), &registry::all()).await?;
        let runner = Arc::new(Runner::start(&log, &models, RunnerOptions::default()));
        let watched = Arc::downgrade(&runner);
        let health = Arc::new(move || watched.upgrade().map(|runner| runner.health()).unwrap_or_default());
        let executor = Executor::new(log, ExecutorOptions::default());
        let parts = Parts { executor, models, progress: runner.progress(), trailing: runner.trailing(), health };
        let state = AppState::new(parts, DoorOptions { requests_per_second: 0, ..DoorOptions::default() }).await?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        tokio::spawn(server::serve(listener, build(state.clone()), std::future::pending(), Duration::ZERO));
        Ok(Self { state, address, _runner: runner, _server: server, _dir: dir })
    }

    /// A tenant with an owner who is signed in, and customers in touch with a page.
    async fn house(&self) -> Result<House, Failure> {
        let (id, user, meta) = (TenantId::generate(), UserId::generate(), Meta::system("bench"));
        let executor = &self.state.executor;
        let create = commands::tenant::Create { name: "A tenant".to_owned(), currency: "IDR".parse()? };
        executor.execute::<Tenant>(&StreamRef::tenant(&id), TenantCommand::Create(create), &meta, None).await?;
        let email = format!("{user}@example.com");
        let add = commands::user::Add { email: email.clone(), name: "The owner".to_owned(), role: Role::Owner };
        let done = executor.execute::<User>(&StreamRef::user(&id, &user), UserCommand::Add(add), &meta, None).await?;
        password::set(self.state.log.secrets(), &id, &user, "correct horse battery").await?;
        self.state.wait_for(&id, done.position).await;
        let body = json!({ "email": email, "password": "correct horse battery", "tenant": id.as_str() });
        let url = format!("http://{}/api/auth/token/", self.address);
        let signed_in: Value = reqwest::Client::new().post(url).json(&body).send().await?.error_for_status()?.json().await?;
        let token = signed_in["access"].as_str().ok_or("no token")?.to_owned();
        let mut house = House { id, token, page: PageId::generate(), customers: Vec::new() };
        for number in 0..CUSTOMERS {
            let customer = CustomerId::generate();
            let contact = Contact {
                source: Source::Telegram,
                source_id: number.to_string(),
                first_name: format!("Person {number}"),
                ..Contact::default()
            };
            let arrive = CustomerCommand::Arrive(Arrive::new(contact));
            executor.execute::<Customer>(&StreamRef::customer(&house.id, &customer), arrive, &meta, None).await?;
            house.customers.push(customer);
        }
        Ok(house)
    }

    /// Lets customers write, so many a second.
    async fn write(
        &self,
        houses: &Arc<Vec<House>>,
        happened: &Arc<Mutex<Happened>>,
        total: u64,
        rate: u64,
    ) -> Result<(), Failure> {
        let mut tick = tokio::time::interval(Duration::from_secs(1) / u32::try_from(rate)?);
        let mut writing = tokio::task::JoinSet::new();
        for word in 0..total {
            tick.tick().await;
            let (state, houses, happened) = (self.state.clone(), Arc::clone(houses), Arc::clone(happened));
            writing.spawn(async move {
                let tenant = rand::rng().random_range(0..houses.len());
                let house = &houses[tenant];
                let customer = house.customers[rand::rng().random_range(0..house.customers.len())].clone();
                let stream = StreamRef::conversation(&house.id, &ConversationId::of(&customer, &house.page));
                let start = Start { customer, page: house.page.clone(), source: Source::Telegram, title: "Chat".to_owned() };
                let receive = ConversationCommand::Receive(Receive {
                    start,
                    message_id: MessageId::generate(),
                    external_id: String::new(),
                    text: word.to_string(),
                    at: chrono::Utc::now(),
                });
                happened.lock().map_err(|_| "somebody panicked")?.begun.insert(word, Instant::now());
                let done = state.executor.execute::<Conversation>(&stream, receive, &Meta::system("bench"), None).await?;
                let mut happened = happened.lock().map_err(|_| "somebody panicked")?;
                happened.by_tenant.entry(tenant).or_default().insert(done.position.0, word);
                Ok::<_, Failure>(())
            });
        }
        while let Some(done) = writing.join_next().await {
            done??;
        }
        Ok(())
    }
}
