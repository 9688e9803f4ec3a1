//! A client of the REST door.

use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

/// A client of one service with one access token.
#[derive(Clone)]
pub struct Api {
    http: Client,
    address: String,
    token: String,
}

/// What the service answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub text: String,
}

impl Answer {
    /// The body as JSON; `null` where it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// A header as text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// This answer, if it has this status.
    ///
    /// # Panics
    /// When it has another one.
    #[track_caller]
    #[must_use]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// The `id` in the body.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    #[must_use]
    pub fn id(&self) -> String {
        self.json()["id"].as_str().unwrap_or_else(|| panic!("no id in {}", self.text)).to_owned()
    }
}

impl Api {
    /// A client of the service at this address.
    #[must_use]
    pub fn new(address: &str, token: &str) -> Self {
        Self { http: Client::new(), address: address.to_owned(), token: token.to_owned() }
    }

    /// Signs in.
    ///
    /// # Panics
    /// When the service does not let this user in.
    pub async fn sign_in(address: &str, email: &str, password: &str) -> Self {
        let door = Self::new(address, "");
        let answer = door.post("/api/auth/token/", &json!({"email": email, "password": password})).await.expect(200);
        let token = answer.json()["access"].as_str().expect("an access token").to_owned();
        Self { token, ..door }
    }

    /// The same user at another service.
    #[must_use]
    pub fn at(&self, address: &str) -> Self {
        Self { address: address.to_owned(), ..self.clone() }
    }

    /// Where the service is.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The access token.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// A request that is yet to be sent, so that headers can be added.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.address));
        if self.token.is_empty() { request } else { request.bearer_auth(&self.token) }
    }

    /// Sends a request; `None` when the connection broke and nobody knows what became of it.
    pub async fn try_send(&self, request: RequestBuilder) -> Option<Answer> {
        let response = request.send().await.ok()?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Some(Answer { status, headers, text: response.text().await.ok()? })
    }

    /// Sends a request.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        self.try_send(request).await.expect("an answer")
    }

    /// GET; status 0 where nobody answers, so that it can be asked while a service comes and goes.
    pub async fn get(&self, path: &str) -> Answer {
        let nobody = Answer { status: 0, headers: HeaderMap::new(), text: String::new() };
        self.try_send(self.request(Method::GET, path)).await.unwrap_or(nobody)
    }

    /// POST of JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// PUT of JSON.
    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::PUT, path).json(body)).await
    }

    /// PATCH with JSON.
    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::PATCH, path).json(body)).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// Every event of a type, page after page.
    ///
    /// # Panics
    /// When a page is refused.
    pub async fn events(&self, kind: &str) -> Vec<Value> {
        let (mut events, mut next) = (Vec::new(), Some(format!("{}/api/v1/events/?type={kind}&limit=200", self.address)));
        while let Some(url) = next {
            let path = url.strip_prefix(&self.address).unwrap_or(&url);
            let body = self.get(path).await.expect(200).json();
            events.extend(body["results"].as_array().expect("results").iter().cloned());
            next = body["next"].as_str().map(str::to_owned);
        }
        events
    }

    /// Every row of a list, page after page.
    ///
    /// # Panics
    /// When a page is refused, or the rows are not as many as `count` says.
    pub async fn all(&self, path: &str) -> Vec<Value> {
        let mut rows = Vec::new();
        let join = if path.contains('?') { '&' } else { '?' };
        for page in 1.. {
            let body = self.get(&format!("{path}{join}page={page}&page_size=100")).await.expect(200).json();
            rows.extend(body["results"].as_array().expect("results").iter().cloned());
            if body["next"].is_null() {
                assert_eq!(body["count"], rows.len(), "count and rows of {path}");
                break;
            }
        }
        rows
    }
}
