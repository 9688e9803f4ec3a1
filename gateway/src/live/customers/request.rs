//! What a client asks on the socket (spec 000, "Supported Message Types", and live queries).

use events::Position;
use query_api::contacts::{ContactQuestion, InvalidFilter};
use serde_json::{Map, Value};

/// The types of requests that there are.
const TYPES: [&str; 8] = [
    "get_customers",
    "refresh_customers",
    "filter_customers",
    "search_customers",
    "get_filter_options",
    "subscribe",
    "unsubscribe",
    "resume",
];
/// The longest id that a client may give to a subscription or a request, in characters.
const MAX_ID_CHARS: usize = 64;

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// A page of a list.
    List(Asked),
    /// What there is to filter by.
    Options,
    /// To follow a list.
    Subscribe {
        /// The list.
        asked: Asked,
        /// The name that the client gives it.
        id: Option<String>,
        /// Everything up to here is known; `None`: nothing is.
        after: Option<Position>,
    },
    /// To follow a list no longer.
    Unsubscribe {
        /// Its name.
        id: String,
    },
}

/// A list, as the client asked for it and as it is understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The filters as they came, for the echo.
    pub filters: Map<String, Value>,
    /// What they mean.
    pub question: ContactQuestion,
}

/// The id that a request gave itself, to be echoed.
///
/// # Errors
/// When it is neither a text nor a number, or too long.
pub fn request_id(said: &Value) -> Result<Option<Value>, InvalidFilter> {
    match said.get("request_id") {
        None | Some(Value::Null) => Ok(None),
        Some(id @ Value::Number(_)) => Ok(Some(id.clone())),
        Some(Value::String(id)) if id.chars().count() <= MAX_ID_CHARS => Ok(Some(Value::String(id.clone()))),
        Some(_) => Err(wrong("request_id", format!("request_id is a number, or a text of at most {MAX_ID_CHARS} characters."))),
    }
}

impl Request {
    /// What a client asks for.
    ///
    /// # Errors
    /// When there is no such request, or a member of it is wrong.
    pub fn parse(said: &Value) -> Result<Self, InvalidFilter> {
        let Some(members) = said.as_object() else {
            return Err(wrong("type", "A request is an object with a type.".to_owned()));
        };
        match members.get("type").and_then(Value::as_str) {
            Some("get_customers" | "refresh_customers" | "filter_customers") => Ok(Self::List(Asked::parse(filters(members)?)?)),
            Some("search_customers") => search(members),
            Some("get_filter_options") => Ok(Self::Options),
            Some("subscribe") => Ok(Self::Subscribe { asked: followed(members)?, id: id(members)?, after: None }),
            Some("resume") => {
                let after = members.get("position").and_then(Value::as_u64).map(Position);
                let after = after.ok_or_else(|| wrong("position", "position is that of the last frame you have.".to_owned()))?;
                Ok(Self::Subscribe { asked: followed(members)?, id: id(members)?, after: Some(after) })
            }
            Some("unsubscribe") => {
                let missing = || wrong("subscription", "subscription is the id of one of yours.".to_owned());
                Ok(Self::Unsubscribe { id: id(members)?.ok_or_else(missing)? })
            }
            _ => Err(no_type()),
        }
    }
}

impl Asked {
    fn parse(filters: Map<String, Value>) -> Result<Self, InvalidFilter> {
        let question = ContactQuestion::parse(&filters)?;
        Ok(Self { filters, question })
    }
}

/// The older way to search: the words stand beside the filters.
fn search(members: &Map<String, Value>) -> Result<Request, InvalidFilter> {
    let mut filters = filters(members)?;
    let term = members.get("search_term").cloned().unwrap_or_default();
    if !matches!(term, Value::String(_) | Value::Null) {
        return Err(wrong("search_term", "search_term is a text.".to_owned()));
    }
    filters.insert("search".to_owned(), term);
    let asked = Asked::parse(filters);
    let renamed = |error: InvalidFilter| match error.field.as_str() {
        "search" => InvalidFilter { field: "search_term".to_owned(), ..error },
        _ => error,
    };
    asked.map(Request::List).map_err(renamed)
}

/// A list that is followed is followed from its first page on.
fn followed(members: &Map<String, Value>) -> Result<Asked, InvalidFilter> {
    let asked = Asked::parse(filters(members)?)?;
    if asked.question.page.page() != 1 {
        return Err(wrong("page", "A subscription follows the first page; ask for the others with get_customers.".to_owned()));
    }
    Ok(asked)
}

/// The filters of a request.
///
/// # Errors
/// When they are no object.
pub fn filters(members: &Map<String, Value>) -> Result<Map<String, Value>, InvalidFilter> {
    match members.get("filters") {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(filters)) => Ok(filters.clone()),
        Some(_) => Err(wrong("filters", "filters is an object.".to_owned())),
    }
}

/// The name of a subscription, as `subscription` or `id`.
///
/// # Errors
/// When it is no text, or too long.
pub fn id(members: &Map<String, Value>) -> Result<Option<String>, InvalidFilter> {
    match members.get("subscription").or_else(|| members.get("id")) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(id)) if !id.is_empty() && id.chars().count() <= MAX_ID_CHARS => Ok(Some(id.clone())),
        Some(_) => Err(wrong("subscription", format!("subscription is a text of 1 to {MAX_ID_CHARS} characters."))),
    }
}

fn no_type() -> InvalidFilter {
    let sentence = format!("There is no request of this type; there are {}.", TYPES.join(", "));
    InvalidFilter { field: "type".to_owned(), sentence, allowed: TYPES.to_vec() }
}

fn wrong(field: &str, sentence: String) -> InvalidFilter {
    InvalidFilter { field: field.to_owned(), sentence, allowed: Vec::new() }
}
