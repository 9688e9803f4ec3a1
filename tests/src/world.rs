//! A service with a tenant and people in it.

use event_log::testing::TestServer;
use projections::DatabaseUrl;
use projections::testing::TestDb;
use tempfile::TempDir;

use crate::api::Api;
use crate::program;
use crate::service::{Service, ServiceOptions};

/// Every test user's password.
pub const PASSWORD: &str = "correct-horse-battery";

/// A service with everything of its own, a tenant, and its owner, who has signed in.
pub struct World {
    /// The service.
    pub service: Service,
    /// How it was started, to start it again.
    pub options: ServiceOptions,
    /// The tenant's id.
    pub tenant: String,
    /// The owner.
    pub owner: Api,
    dir: TempDir,
}

impl World {
    /// A service on SQLite and a nats-server of its own.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn new() -> Self {
        Self::with(|options| options).await
    }

    /// The same with other options.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn with(change: impl FnOnce(ServiceOptions) -> ServiceOptions) -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let options = change(ServiceOptions::on(dir.path()));
        let service = Service::start(&options).await;
        let (tenant, owner) = tenant(&service, &options, "First").await;
        Self { service, options, tenant, owner, dir }
    }

    /// The data directory.
    #[must_use]
    pub fn dir(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// Kills the service and starts it again on the same data.
    ///
    /// # Panics
    /// When it does not start again.
    pub async fn kill_and_start(mut self) -> Self {
        self.service.kill().await;
        self.service = Service::start(&self.options).await;
        self.owner = self.owner.at(&self.service.address);
        self
    }
}

/// A new tenant with an owner, made over the command line while the service runs.
///
/// # Panics
/// When one of them cannot be made.
pub async fn tenant(service: &Service, options: &ServiceOptions, name: &str) -> (String, Api) {
    let add = command(options, &["tenant", "add", "--name", name, "--json"]);
    let made = program::run_json(add, "").await;
    let id = made["id"].as_str().expect("the tenant's id").to_owned();
    let api = user(service, options, &id, "owner").await;
    (id, api)
}

/// A new user of a tenant with this role, who has signed in.
///
/// # Panics
/// When it cannot be made.
pub async fn user(service: &Service, options: &ServiceOptions, tenant: &str, role: &str) -> Api {
    let email = format!("{role}@{tenant}.example");
    let add = command(options, &["user", "add", "--tenant", tenant, "--email", &email, "--role", role]);
    program::run_ok(add, &format!("{PASSWORD}\n")).await;
    Api::sign_in(&service.address, &email, PASSWORD).await
}

/// Two services on one log, each with read models of its own, and the owner of a tenant at both.
pub struct Pair {
    /// The log's server.
    pub log: TestServer,
    /// Where the services keep their data.
    pub dirs: [TempDir; 2],
    /// The services.
    pub services: [Service; 2],
    /// How they were started, to start them again.
    pub options: [ServiceOptions; 2],
    /// The owner at each.
    pub owners: [Api; 2],
}

impl Pair {
    /// Two services; with `database`, the URL of one that they share.
    ///
    /// # Panics
    /// When one does not start.
    pub async fn start(database: Option<String>) -> Self {
        let log = TestServer::start().await.expect("a nats-server");
        let dirs = [(); 2].map(|()| tempfile::tempdir().expect("a temporary directory"));
        let options = dirs.each_ref().map(|dir| {
            let options =
                ServiceOptions::on(dir.path()).env("KITH_NATS_URL", log.server().url()).env("KITH_DURABILITY", "relaxed");
            let options = options.env("KITH_NATS_MONITOR_URL", log.server().monitor_url());
            database.iter().fold(options, |options, url| options.env("KITH_DATABASE_URL", url))
        });
        let first = Service::start(&options[0]).await;
        let (_, owner) = tenant(&first, &options[0], "Shared").await;
        let second = Service::start(&options[1]).await;
        let owners = [owner.clone(), owner.at(&second.address)];
        Self { log, dirs, services: [first, second], options, owners }
    }
}

/// A command on the data of a service, with the service's settings.
#[must_use]
pub fn command(options: &ServiceOptions, arguments: &[&str]) -> tokio::process::Command {
    let mut command = program::command(&options.data_dir, arguments);
    command.envs(options.environment.iter().cloned());
    command
}

/// The URL of an empty database on the PostgreSQL to test with.
///
/// # Panics
/// When there is no PostgreSQL.
pub async fn fresh_postgres() -> String {
    let database = TestDb::postgres().await.unwrap_or_else(|error| panic!("no PostgreSQL: {error}"));
    match database.url() {
        DatabaseUrl::Postgres(url) => url.clone(),
        DatabaseUrl::Sqlite(path) => panic!("{} is not on a PostgreSQL", path.display()),
    }
}
