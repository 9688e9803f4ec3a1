//! What a client asks on the socket (spec 000, "Supported Message Types", and live queries).

use events::Position;
use query_api::contacts::{ContactQuestion, InvalidFilter};
use serde_json::{Map, Value};

use crate::live::list_door::request::{self, Form, Members, wrong};

/// The types of requests that there are.
const FORMS: [Form<Request>; 8] = [
    Form { name: "get_customers", members: &["filters"], read: list },
    Form { name: "refresh_customers", members: &["filters"], read: list },
    Form { name: "filter_customers", members: &["filters"], read: list },
    Form { name: "search_customers", members: &["filters", "search_term"], read: search },
    Form { name: "get_filter_options", members: &[], read: |_| Ok(Request::Options) },
    Form { name: "subscribe", members: &["filters", "subscription"], read: |members| follow(members, None) },
    Form { name: "unsubscribe", members: &["subscription"], read: leave },
    Form { name: "resume", members: &["filters", "position", "subscription"], read: resume },
];

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
        /// What the client calls it.
        name: Option<String>,
        /// Everything up to here is known; `None`: nothing is.
        after: Option<Position>,
    },
    /// To follow a list no longer.
    Unsubscribe {
        /// What the client calls it.
        name: String,
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

impl Request {
    /// What a client asks for.
    ///
    /// # Errors
    /// When there is no such request, or a member of it is wrong.
    pub fn parse(said: &Value) -> Result<Self, InvalidFilter> {
        request::read(said, &FORMS)
    }
}

impl Asked {
    fn parse(filters: Map<String, Value>) -> Result<Self, InvalidFilter> {
        let question = ContactQuestion::parse(&filters)?;
        Ok(Self { filters, question })
    }
}

fn list(members: &Members) -> Result<Request, InvalidFilter> {
    Ok(Request::List(Asked::parse(request::filters(members)?)?))
}

/// The older way to search: the words stand beside the filters.
fn search(members: &Members) -> Result<Request, InvalidFilter> {
    let mut filters = request::filters(members)?;
    match members.get("search_term") {
        None | Some(Value::Null) => {}
        Some(Value::String(_)) if filters.contains_key("search") => {
            return Err(wrong("search_term", "There are words to search for in filters already."));
        }
        Some(term @ Value::String(_)) => {
            filters.insert("search".to_owned(), term.clone());
        }
        Some(_) => return Err(wrong("search_term", "search_term is a text.")),
    }
    let asked = Asked::parse(filters);
    let renamed = |error: InvalidFilter| match error.field.as_str() {
        "search" => InvalidFilter { field: "search_term".to_owned(), ..error },
        _ => error,
    };
    asked.map(Request::List).map_err(renamed)
}

fn follow(members: &Members, after: Option<Position>) -> Result<Request, InvalidFilter> {
    let (asked, name) = (Asked::parse(request::filters(members)?)?, request::subscription(members)?);
    if asked.question.page.page() != 1 {
        return Err(wrong("page", "A subscription follows the first page; ask for the others with get_customers."));
    }
    Ok(Request::Subscribe { asked, name, after })
}

fn resume(members: &Members) -> Result<Request, InvalidFilter> {
    follow(members, Some(request::position(members)?))
}

fn leave(members: &Members) -> Result<Request, InvalidFilter> {
    Ok(Request::Unsubscribe { name: request::own_subscription(members)? })
}
