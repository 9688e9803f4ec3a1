//! A server of its own for every test, and executors on it.

use commands::customer::{Register, UpdatePoints};
use commands::{Customer, CustomerCommand, Executed, Executor, ExecutorOptions, Idempotency, Meta};
use event_log::testing::TestServer;
use events::customer::Profile;
use events::{Actor, ActorKind, CorrelationId, CustomerId, StreamRef, TenantId};

/// A server and one tenant on it.
pub struct World {
    pub server: TestServer,
    pub tenant: TenantId,
}

impl World {
    pub async fn start() -> Self {
        let server = TestServer::start().await.unwrap_or_else(|error| panic!("{error}"));
        Self { server, tenant: TenantId::generate() }
    }

    /// An executor with a connection, a cache and turns of its own: another process, as far as the log can tell.
    pub async fn executor(&self) -> Executor {
        self.executor_with(ExecutorOptions::default()).await
    }

    pub async fn executor_with(&self, options: ExecutorOptions) -> Executor {
        Executor::new(self.server.log().await.expect("the log"), options)
    }

    pub fn stream(&self) -> StreamRef {
        StreamRef::customer(&self.tenant, &CustomerId::generate())
    }

    /// A customer who is there.
    pub async fn customer(&self, executor: &Executor, email: &str) -> StreamRef {
        registered(executor, &self.stream(), email).await.stream
    }
}

pub async fn registered(executor: &Executor, stream: &StreamRef, email: &str) -> Executed<Customer> {
    executor.execute::<Customer>(stream, register(email), &meta(), None).await.expect("registered")
}

pub fn meta() -> Meta {
    let actor = Actor { id: "u1".into(), kind: ActorKind::User, name: "Ana".into() };
    Meta::new(actor, CorrelationId::generate())
}

pub fn profile(email: &str) -> Profile {
    Profile { name: "Jane Smith".into(), email: email.into(), ..Profile::default() }
}

pub fn register(email: &str) -> CustomerCommand {
    CustomerCommand::Register(Register::new(profile(email)))
}

pub fn points(points: i64) -> CustomerCommand {
    CustomerCommand::UpdatePoints(UpdatePoints { points, reason: "test".into(), strict: false })
}

pub fn key(key: &str, body: &str) -> Idempotency {
    Idempotency::new(key, &[body.as_bytes()])
}
