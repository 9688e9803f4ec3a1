//! The load client: so many clients, each with one kept-alive connection and one request at a time.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bytes::Bytes;
use hdrhistogram::Histogram;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::BenchError;

/// One request.
pub struct Call {
    /// Its method.
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// A JSON body, or empty.
    pub body: String,
}

impl Call {
    /// A GET of a path.
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), body: String::new() }
    }

    /// A POST of JSON to a path.
    pub fn post(path: impl Into<String>, body: String) -> Self {
        Self { method: Method::POST, path: path.into(), body }
    }
}

/// The service under load.
#[derive(Clone)]
pub struct Target {
    /// Where it listens.
    pub address: SocketAddr,
    /// The access token; empty before sign-in.
    pub token: String,
}

/// How long the answers took, and how many came in how much time.
pub struct Measured {
    /// Microseconds per answer.
    pub times: Histogram<u64>,
    /// From the first request to the last answer.
    pub took: Duration,
}

impl Measured {
    /// Answers per second.
    pub fn rate(&self) -> f64 {
        self.times.len() as f64 / self.took.as_secs_f64()
    }

    /// The time that this share of the answers kept to, in milliseconds.
    pub fn millis(&self, quantile: f64) -> f64 {
        self.times.value_at_quantile(quantile) as f64 / 1_000.0
    }
}

/// One connection.
pub struct Client {
    send: SendRequest<Full<Bytes>>,
    target: Target,
}

impl Client {
    /// Connects.
    pub async fn connect(target: &Target) -> Result<Self, BenchError> {
        let stream = TcpStream::connect(target.address).await?;
        stream.set_nodelay(true)?;
        let (send, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { send, target: target.clone() })
    }

    /// Sends a request and reads the whole answer; anything but a 2xx ends the measurement.
    pub async fn call(&mut self, call: Call) -> Result<Bytes, BenchError> {
        let mut request = Request::builder().method(&call.method).uri(&call.path).header(HOST, self.target.address.to_string());
        if !self.target.token.is_empty() {
            request = request.header(AUTHORIZATION, format!("Bearer {}", self.target.token));
        }
        if !call.body.is_empty() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        self.send.ready().await?;
        let response = self.send.send_request(request.body(Full::from(call.body))?).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        if status.is_success() {
            return Ok(body);
        }
        Err(BenchError::Refused { path: call.path, status, answer: String::from_utf8_lossy(&body).into_owned() })
    }
}

/// Lets `clients` send the calls that `next(client, n)` makes, each for `span`, and measures every answer.
pub async fn drive<F>(target: &Target, clients: usize, span: Duration, next: F) -> Result<Measured, BenchError>
where
    F: Fn(usize, u64) -> Call + Clone + Send + 'static,
{
    let mut connections = Vec::with_capacity(clients);
    for _ in 0..clients {
        connections.push(Client::connect(target).await?);
    }
    let begin = Instant::now();
    let mut workers = JoinSet::new();
    for (number, mut client) in connections.into_iter().enumerate() {
        let next = next.clone();
        workers.spawn(async move {
            let mut times = histogram()?;
            let mut n = 0;
            while begin.elapsed() < span {
                let call = next(number, n);
                let sent = Instant::now();
                client.call(call).await?;
                times.saturating_record(micros(sent.elapsed()));
                n += 1;
            }
            Ok::<_, BenchError>(times)
        });
    }
    let mut times = histogram()?;
    while let Some(worker) = workers.join_next().await {
        times.add(worker??)?;
    }
    Ok(Measured { times, took: begin.elapsed() })
}

/// Calls a function again and again on so many tasks, and measures it like a request.
pub async fn repeat<F, Fut>(tasks: usize, span: Duration, call: F) -> Result<Measured, BenchError>
where
    F: Fn(usize, u64) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = Result<(), BenchError>> + Send,
{
    let begin = Instant::now();
    let mut workers = JoinSet::new();
    for number in 0..tasks {
        let call = call.clone();
        workers.spawn(async move {
            let mut times = histogram()?;
            let mut n = 0;
            while begin.elapsed() < span {
                let started = Instant::now();
                call(number, n).await?;
                times.saturating_record(micros(started.elapsed()));
                n += 1;
            }
            Ok::<_, BenchError>(times)
        });
    }
    let mut times = histogram()?;
    while let Some(worker) = workers.join_next().await {
        times.add(worker??)?;
    }
    Ok(Measured { times, took: begin.elapsed() })
}

fn histogram() -> Result<Histogram<u64>, BenchError> {
    Ok(Histogram::new_with_bounds(1, 600_000_000, 3)?)
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
