//! A whole service, with tenants whose customers write.

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
use gateway::auth::password;
use gateway::{AppState, DoorOptions, Parts, build, server};
use projections::runner::{Runner, RunnerHandle, RunnerOptions};
use projections::{DbOptions, ReadModels, registry};
use rand::RngExt;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::Failure;

const CUSTOMERS: usize = 50;

/// A tenant: who follows its list, and who is in it.
pub struct House {
    id: TenantId,
    pub token: String,
    page: PageId,
    customers: Vec<CustomerId>,
}

/// What happened: when each message was about to be recorded, and where each was.
#[derive(Default)]
pub struct Happened {
    pub begun: HashMap<u64, Instant>,
    pub by_tenant: HashMap<usize, BTreeMap<u64, u64>>,
}

/// The service.
pub struct Service {
    state: AppState,
    pub address: String,
    _runner: Arc<RunnerHandle>,
    _server: TestServer,
    _dir: tempfile::TempDir,
}

impl Service {
    /// Starts it.
    pub async fn start() -> Result<Self, Failure> {
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
    pub async fn house(&self) -> Result<House, Failure> {
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
    pub async fn write(
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
