//! Requests and answers over the log's server: a process offers a service, and whoever may connect asks it.
//!
//! A service is one in the sense of NATS (ADR-32): tools list, ping and count it, and all processes that offer it share the requests.
//! Nothing of this is kept: who gets no answer asks again.

use std::time::Duration;

use async_nats::service::endpoint::Endpoint;
use async_nats::service::{NATS_SERVICE_ERROR, NATS_SERVICE_ERROR_CODE, ServiceExt};
use async_nats::{HeaderMap, HeaderName, HeaderValue};
use bytes::Bytes;
use events::subject::Partition;
use futures_util::StreamExt as _;

use crate::error::LogError;
use crate::link::{Link, unavailable, unexpected};
use crate::log::Log;

/// Name and queue group of the service.
const NAME: &str = "kith";

/// Headers of a message: names with values.
pub type Headers = Vec<(String, String)>;

/// A service that this process offers, until it is dropped.
pub struct Service {
    service: Option<async_nats::service::Service>,
    requests: Endpoint,
}

/// A request of somebody.
pub struct Request {
    asked: async_nats::service::Request,
}

/// An answer to a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// What goes with it.
    pub headers: Headers,
    /// The answer itself.
    pub payload: Bytes,
    /// Where it is an error: a number and a sentence for tools that do not read the payload.
    pub error: Option<(u16, String)>,
}

impl Log {
    /// Offers a service on a subject, wildcards included.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn serve(&self, subject: &str, name: &str, description: &str) -> Result<Service, LogError> {
        let client = &self.part(Partition(0))?.link.client;
        let builder = client.service_builder().description(description).queue_group(NAME);
        let service = builder.start(NAME, env!("CARGO_PKG_VERSION")).await.map_err(unavailable)?;
        let requests = service.endpoint_builder().name(name).add(subject).await.map_err(unavailable)?;
        // The server knows of it when this returns.
        client.flush().await.map_err(unavailable)?;
        Ok(Service { service: Some(service), requests })
    }
}

impl Service {
    /// The next request; `None` when there will be none any more.
    pub async fn next(&mut self) -> Option<Request> {
        self.requests.next().await.map(|asked| Request { asked })
    }

    /// Takes no new requests from now on; [`Service::next`] still gives those that are here already.
    pub async fn stop(&mut self) {
        if let Some(service) = self.service.take() {
            // It cannot fail: it only says so.
            let _ = service.stop().await;
        }
    }
}

impl Request {
    /// The subject on which it came.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.asked.message.subject.as_str()
    }

    /// What it says.
    #[must_use]
    pub fn payload(&self) -> &Bytes {
        &self.asked.message.payload
    }

    /// A header, however its name is capitalised.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let named = |known: &HeaderName| AsRef::<str>::as_ref(known).eq_ignore_ascii_case(name);
        let (_, values) = self.asked.message.headers.as_ref()?.iter().find(|(known, _)| named(known))?;
        values.first().map(HeaderValue::as_str)
    }

    /// Answers it. Whoever asked may have said that no answer is wanted.
    ///
    /// # Errors
    /// When the answer is larger than the server takes, or the server is away.
    pub async fn answer(self, answer: Answer) -> Result<(), LogError> {
        if self.asked.message.reply.is_none() {
            return Ok(());
        }
        let mut headers = wire(&answer.headers)?;
        if let Some((code, sentence)) = &answer.error {
            headers.insert(NATS_SERVICE_ERROR_CODE, code.to_string());
            headers.insert(NATS_SERVICE_ERROR, sentence.replace(['\r', '\n'], " "));
        }
        self.asked.respond_with_headers(Ok(answer.payload), headers).await.map_err(unavailable)
    }
}

/// Somebody who asks.
#[derive(Clone)]
pub struct Client {
    client: async_nats::Client,
}

impl Client {
    /// Connects to the server at an address as [`Log::connect`] takes it.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn connect(url: &str) -> Result<Self, LogError> {
        Ok(Self { client: Link::connect(url).await?.client.clone() })
    }

    /// Asks, and waits for the answer.
    ///
    /// # Errors
    /// When nobody answers on the subject, or not within `patience`.
    pub async fn ask(&self, subject: &str, headers: &Headers, payload: Bytes, patience: Duration) -> Result<Answer, LogError> {
        let request = async_nats::Request::new().payload(payload).headers(wire(headers)?).timeout(Some(patience));
        let message = self.client.send_request(subject.to_owned(), request).await.map_err(unavailable)?;
        let mut answer = Answer { payload: message.payload, ..Answer::default() };
        let (mut code, mut sentence) = (None, None);
        for (name, values) in message.headers.iter().flat_map(HeaderMap::iter) {
            let value = values.first().map_or("", HeaderValue::as_str);
            match name.as_ref() {
                NATS_SERVICE_ERROR_CODE => code = value.parse().ok(),
                NATS_SERVICE_ERROR => sentence = Some(value.to_owned()),
                name => answer.headers.push((name.to_owned(), value.to_owned())),
            }
        }
        answer.error = code.map(|code| (code, sentence.unwrap_or_default()));
        Ok(answer)
    }
}

fn wire(headers: &Headers) -> Result<HeaderMap, LogError> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let name: HeaderName = name.parse().map_err(unexpected)?;
        let value: HeaderValue = value.parse().map_err(unexpected)?;
        map.insert(name, value);
    }
    Ok(map)
}
