//! From message to request, and from response to message. JSON and MessagePack say the same.

use event_log::service::{Answer, Request as Message};
use events::{CorrelationId, CustomerId, TenantId, subject};
use poem::{Request, Response};
use serde_json::{Map, Value};

use super::commands::{self, Command, Takes};
use crate::problem::{Kind, Problem};
use crate::rest::answer::JSON;
use crate::rest::once::Once;
use crate::rest::{body, fields};

/// The headers of a message that go on to the request.
const PASSED_ON: [&str; 5] = ["authorization", "idempotency-key", "x-request-id", "prefer", "if-match"];
/// The headers of a response that go back in the answer.
const SENT_BACK: [&str; 9] = [
    "kith-position",
    "x-request-id",
    "etag",
    "location",
    "retry-after",
    "ratelimit",
    "ratelimit-policy",
    "preference-applied",
    "www-authenticate",
];
/// The header that says what a message is written in.
const CONTENT_TYPE: &str = "content-type";
/// The header of an answer with the status that REST would have given.
const STATUS: &str = "kith-status";
/// How deep a MessagePack value may be nested, as `serde_json` has it for JSON.
const MOST_NESTED: usize = 128;

/// What a message is written in, and its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    MessagePack,
}

/// What somebody asks for.
pub(super) struct Asked {
    /// The command; `-` where there is none of that name.
    pub command: &'static str,
    /// What the answer is to be written in.
    pub format: Format,
    /// The request that REST would have got.
    pub request: Result<Request, Problem>,
}

/// Reads a message.
pub(super) fn asked(message: &Message) -> Asked {
    let format = format(message);
    let found = subject::command_of(message.subject()).and_then(|(tenant, name)| Some((tenant, commands::named(name)?)));
    let (command, request) = match found {
        Some((tenant, command)) => {
            (command.name, read(message, format).and_then(|body| request(message, &tenant, command, body)))
        }
        None => ("-", Err(Problem::new(Kind::NotFound, format!("There is no such command; there are {}.", names())))),
    };
    Asked { command, format, request }
}

fn format(message: &Message) -> Format {
    let essence = message.header(CONTENT_TYPE).and_then(|text| text.split(';').next()).unwrap_or_default().trim();
    let subtype = essence.to_lowercase();
    if subtype.ends_with("msgpack") { Format::MessagePack } else { Format::Json }
}

fn names() -> String {
    commands::ALL.iter().map(|command| command.name).collect::<Vec<_>>().join(", ")
}

fn read(message: &Message, format: Format) -> Result<Map<String, Value>, Problem> {
    match format {
        Format::Json => body::object(message.payload()),
        Format::MessagePack => {
            let mut reader = rmp_serde::Deserializer::from_read_ref(message.payload());
            reader.set_max_depth(MOST_NESTED);
            match serde::Deserialize::deserialize(&mut reader) {
                Ok(Once(Value::Object(map))) => Ok(map),
                Ok(_) => Err(Problem::new(Kind::Malformed, "The body must be a map.")),
                Err(error) => {
                    Err(Problem::new(Kind::Malformed, format!("The body is not MessagePack of texts and numbers: {error}.")))
                }
            }
        }
    }
}

fn request(message: &Message, tenant: &TenantId, command: &Command, mut body: Map<String, Value>) -> Result<Request, Problem> {
    let path = if command.path.contains("{id}") {
        command.path.replace("{id}", id(&mut body)?.as_str())
    } else {
        command.path.to_owned()
    };
    match command.takes {
        Takes::Body => {}
        Takes::BodyWithTenant => drop(body.insert("tenant".to_owned(), tenant.as_str().into())),
        Takes::Nothing => fields::no_more(std::mem::take(&mut body))?,
    }
    let passed_on = PASSED_ON.into_iter().filter_map(|name| Some((name, message.header(name)?)));
    let request = Request::builder().method(command.method.clone()).uri_str(path).content_type(JSON);
    let request = request.header("x-tenant-id", tenant.as_str());
    let request = passed_on.fold(request, |request, (name, value)| request.header(name, value));
    Ok(request.body(Value::Object(body).to_string()))
}

/// The customer whom it is about. An id that cannot be one is as good as an unknown one.
fn id(body: &mut Map<String, Value>) -> Result<CustomerId, Problem> {
    match body.remove("id") {
        Some(Value::String(id)) => id.parse().map_err(|_| Problem::not_found()),
        Some(_) => Err(Problem::field(Kind::Invalid, "id", "Must be a text.")),
        None => Err(Problem::field(Kind::Invalid, "id", "This field is required.")),
    }
}

/// The response to what never got to the door.
pub(super) fn problem(problem: &Problem, message: &Message) -> Response {
    let given = message.header("x-request-id").and_then(|text| text.parse::<CorrelationId>().ok());
    let correlation_id = given.unwrap_or_else(CorrelationId::generate);
    problem.respond(message.subject(), correlation_id.as_str())
}

/// The answer that a response is.
pub(super) async fn translated(response: Response, format: Format) -> Answer {
    let (parts, body) = response.into_parts();
    let sent_back =
        SENT_BACK.into_iter().filter_map(|name| Some((name.to_owned(), parts.headers.get(name)?.to_str().ok()?.to_owned())));
    let mut headers: Vec<_> = sent_back.chain([(STATUS.to_owned(), parts.status.as_u16().to_string())]).collect();
    let json = body.into_vec().await.unwrap_or_default();
    let value: Value = serde_json::from_slice(&json).unwrap_or_default();
    let error = parts.status.is_client_error() || parts.status.is_server_error();
    let error = error.then(|| (parts.status.as_u16(), value["error"].as_str().unwrap_or_default().to_owned()));
    let packed = match format {
        Format::MessagePack if !json.is_empty() => rmp_serde::to_vec_named(&value).ok(),
        Format::MessagePack | Format::Json => None,
    };
    let media_type = match (&packed, parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok())) {
        (Some(_), _) => Some("application/msgpack"),
        (None, media_type) => media_type,
    };
    headers.extend(media_type.map(|text| (CONTENT_TYPE.to_owned(), text.to_owned())));
    Answer { headers, payload: packed.unwrap_or(json).into(), error }
}
