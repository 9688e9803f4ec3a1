//! A whole platform in a temporary folder, and clients that knock at its door.

use std::sync::Arc;

use commands::tenant::Create;
use commands::user::Add;
use commands::{Executor, ExecutorOptions, Meta, Tenant, TenantCommand, User, UserCommand};
use event_log::testing::TestServer;
use events::{Position, Role, StreamRef, TenantId, UserId};
use gateway::auth::password;
use gateway::{AppState, DoorOptions, Parts, build};
use poem::endpoint::BoxEndpoint;
use poem::http::{HeaderMap, Method, StatusCode};
use poem::{Body, Endpoint, EndpointExt, Request, Response};
use projections::runner::{Runner, RunnerHandle, RunnerOptions};
use projections::{DbOptions, ReadModels, registry};
use serde_json::Value;

pub const PASSWORD: &str = "correct horse battery";

/// A platform.
pub struct House {
    pub state: AppState,
    door: BoxEndpoint<'static, Response>,
    runner: Option<Arc<RunnerHandle>>,
    server: TestServer,
    _dir: tempfile::TempDir,
}

/// Somebody who is signed in.
#[derive(Clone)]
pub struct Somebody {
    pub tenant: TenantId,
    pub email: String,
    pub access: String,
    pub refresh: String,
}

/// What the door answered.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {:?}", self.text))
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// A header that is there.
    #[track_caller]
    pub fn wanted(&self, name: &str) -> String {
        self.header(name).unwrap_or_else(|| panic!("no {name} in {:?}", self.headers)).to_owned()
    }

    /// Expects a status.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    /// Expects a problem document with a status and a code, and gives it.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        let document = self.json();
        assert_eq!(document["code"], code, "{document}");
        assert_eq!(document["status"], status);
        assert_eq!(document["error"], document["detail"]);
        assert_eq!(document["correlation_id"], self.wanted("x-request-id"));
        document
    }
}

impl House {
    pub async fn start() -> Self {
        Self::start_with(DoorOptions { requests_per_second: 0, ..DoorOptions::default() }).await
    }

    pub async fn start_with(options: DoorOptions) -> Self {
        let server = TestServer::start().await.expect("a nats-server");
        let log = server.log().await.expect("a log");
        let dir = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", dir.path().join("read-models").display());
        let url = url.parse().expect("a URL");
        let models = ReadModels::open(&url, DbOptions::default(), &registry::all()).await.expect("read models");
        let runner = Arc::new(Runner::start(&log, &models, RunnerOptions::default()));
        let executor = Executor::new(log, ExecutorOptions::default());
        let watched = Arc::downgrade(&runner);
        let health = Arc::new(move || watched.upgrade().map(|runner| runner.health()).unwrap_or_default());
        let parts = Parts { executor, models, progress: runner.progress(), trailing: runner.trailing(), health };
        let state = AppState::new(parts, options).await.expect("a door");
        let door = build(state.clone()).boxed();
        Self { state, door, runner: Some(runner), server, _dir: dir }
    }

    /// The log's server.
    pub fn server(&self) -> &TestServer {
        &self.server
    }

    /// Keeps the read models as they are from now on.
    pub async fn stop_read_models(&mut self) {
        let runner = self.runner.take().and_then(Arc::into_inner).expect("nobody else holds it");
        runner.stop().await;
    }

    /// A new tenant.
    pub async fn tenant(&self, name: &str) -> TenantId {
        let id = TenantId::generate();
        let command = TenantCommand::Create(Create { name: name.to_owned(), currency: "IDR".parse().expect("a currency") });
        let done = self.state.executor.execute::<Tenant>(&StreamRef::tenant(&id), command, &Meta::system("test"), None).await;
        self.shown(&id, done.expect("a tenant").position).await;
        id
    }

    /// Somebody with a role in a tenant, signed in.
    pub async fn somebody(&self, tenant: &TenantId, role: Role) -> Somebody {
        self.somebody_named(tenant, role, &format!("The {}", role.name())).await
    }

    /// Somebody with a name and a role in a tenant, signed in.
    pub async fn somebody_named(&self, tenant: &TenantId, role: Role, name: &str) -> Somebody {
        let id = UserId::generate();
        let email = format!("{}-{}@example.com", role.name(), &id.as_str()[24..]);
        let command = UserCommand::Add(Add { email: email.clone(), name: name.to_owned(), role });
        let stream = StreamRef::user(tenant, &id);
        let done = self.state.executor.execute::<User>(&stream, command, &Meta::system("test"), None).await.expect("a user");
        password::set(self.state.log.secrets(), tenant, &id, PASSWORD).await.expect("a password");
        self.shown(tenant, done.position).await;
        self.sign_in(tenant, &email).await
    }

    /// Signs in.
    pub async fn sign_in(&self, tenant: &TenantId, email: &str) -> Somebody {
        let body = serde_json::json!({ "email": email, "password": PASSWORD, "tenant": tenant.as_str() });
        let answer = self.post(None, "/api/auth/token/", &body).await.is(200).json();
        let text = |name: &str| answer[name].as_str().expect("a text").to_owned();
        Somebody { tenant: tenant.clone(), email: email.to_owned(), access: text("access"), refresh: text("refresh") }
    }

    /// A tenant with its owner, signed in.
    pub async fn owner(&self) -> Somebody {
        let tenant = self.tenant("My Restaurant").await;
        self.somebody(&tenant, Role::Owner).await
    }

    async fn shown(&self, tenant: &TenantId, position: Position) {
        assert!(self.state.wait_for(tenant, position).await, "the read models are behind");
    }

    /// Sends a request.
    pub async fn send(&self, request: Request) -> Answer {
        let response = self.door.call(request).await.expect("the door never fails");
        let (parts, body) = response.into_parts();
        let text = String::from_utf8(body.into_vec().await.expect("a body")).expect("UTF-8");
        Answer { status: parts.status, headers: parts.headers, text }
    }

    /// A request by somebody, with headers and a body.
    pub async fn ask(
        &self,
        who: Option<&Somebody>,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri_str(path).header("host", "kith.test");
        if let Some(who) = who {
            request = request.header("authorization", format!("Bearer {}", who.access));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = match body {
            Some(body) => request.content_type("application/json").body(body.to_string()),
            None => request.body(Body::empty()),
        };
        self.send(request).await
    }

    pub async fn get(&self, who: &Somebody, path: &str) -> Answer {
        self.ask(Some(who), Method::GET, path, &[], None).await
    }

    pub async fn post(&self, who: Option<&Somebody>, path: &str, body: &Value) -> Answer {
        self.ask(who, Method::POST, path, &[], Some(body)).await
    }

    pub async fn put(&self, who: &Somebody, path: &str, body: &Value) -> Answer {
        self.ask(Some(who), Method::PUT, path, &[], Some(body)).await
    }

    pub async fn patch(&self, who: &Somebody, path: &str, body: &Value) -> Answer {
        self.ask(Some(who), Method::PATCH, path, &[], Some(body)).await
    }

    pub async fn delete(&self, who: &Somebody, path: &str) -> Answer {
        self.ask(Some(who), Method::DELETE, path, &[], None).await
    }

    /// Enters a customer; gives the path.
    pub async fn customer(&self, who: &Somebody, name: &str, email: &str) -> String {
        let body = serde_json::json!({ "name": name, "email": email });
        self.post(Some(who), "/api/customers/", &body).await.is(201).wanted("location")
    }

    /// Uploads a CSV file.
    pub async fn upload(&self, who: &Somebody, path: &str, headers: &[(&str, &str)], file: &str) -> Answer {
        self.submit(who, path, headers, &[("file", file)]).await
    }

    /// Sends a form; its field `file` is a file.
    pub async fn submit(&self, who: &Somebody, path: &str, headers: &[(&str, &str)], fields: &[(&str, &str)]) -> Answer {
        let boundary = "kith-test-boundary";
        let mut body = String::new();
        for (name, value) in fields {
            let more = if *name == "file" { "; filename=\"customers.csv\"\r\ncontent-type: text/csv" } else { "" };
            body += &format!("--{boundary}\r\ncontent-disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}\r\n");
        }
        body += &format!("--{boundary}--\r\n");
        let mut request = Request::builder()
            .method(Method::POST)
            .uri_str(path)
            .header("authorization", format!("Bearer {}", who.access))
            .content_type(&format!("multipart/form-data; boundary={boundary}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(body)).await
    }
}
