//! What a client asks for on the socket with a provider's customers: the same requests as on that of all customers, with the
//! filters of the REST list.

use std::collections::BTreeMap;

use events::Position;
use query_api::PageRequest;
use query_api::contacts::InvalidFilter;
use serde_json::{Map, Value};

use crate::live::list_door::request::{self, Form, Members};
use crate::problem::{Kind, Problem};

/// The types of requests that there are.
const FORMS: [Form<Request>; 4] = [
    Form { name: "get_customers", members: &["filters"], read: list },
    Form { name: "subscribe", members: &["filters", "subscription"], read: |members| follow(members, None) },
    Form { name: "unsubscribe", members: &["subscription"], read: leave },
    Form { name: "resume", members: &["filters", "position", "subscription"], read: resume },
];
/// The filters that there are.
const FILTERS: [&str; 7] = ["provider", "search", "status", "sort_by", "order", "page", "page_size"];
/// How many customers a page has when the client does not say.
const PAGE_SIZE: u64 = 10;
/// The most that it may have.
const MOST_ON_PAGE: u64 = 100;

/// What is asked for.
#[derive(Debug)]
pub enum Request {
    /// A page of a list.
    List(Filters),
    /// To follow a list.
    Subscribe {
        /// The list.
        filters: Filters,
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

/// The filters as texts.
#[derive(Debug)]
pub struct Filters(BTreeMap<String, String>);

impl Request {
    /// What a client asks for.
    ///
    /// # Errors
    /// When there is no such request, or a member of it is wrong.
    pub fn parse(said: &Value) -> Result<Self, InvalidFilter> {
        request::read(said, &FORMS)
    }
}

fn list(members: &Members) -> Result<Request, InvalidFilter> {
    Ok(Request::List(Filters::parse(&request::filters(members)?)?))
}

fn follow(members: &Members, after: Option<Position>) -> Result<Request, InvalidFilter> {
    let (filters, name) = (Filters::parse(&request::filters(members)?)?, request::subscription(members)?);
    Ok(Request::Subscribe { filters, name, after })
}

fn resume(members: &Members) -> Result<Request, InvalidFilter> {
    follow(members, Some(request::position(members)?))
}

fn leave(members: &Members) -> Result<Request, InvalidFilter> {
    Ok(Request::Unsubscribe { name: request::own_subscription(members)? })
}

impl Filters {
    fn parse(members: &Map<String, Value>) -> Result<Self, InvalidFilter> {
        let mut texts = BTreeMap::new();
        for (name, value) in members {
            let wrong = |sentence| InvalidFilter { field: name.chars().take(100).collect(), sentence, allowed: Vec::new() };
            if !FILTERS.contains(&name.as_str()) {
                let sentence = format!("There is no filter of this name; there are {}.", FILTERS.join(", "));
                return Err(InvalidFilter { allowed: FILTERS.to_vec(), ..wrong(sentence) });
            }
            let text = match value {
                Value::Null => continue,
                Value::String(text) if text.is_empty() => continue,
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                Value::Bool(_) | Value::Array(_) | Value::Object(_) => return Err(wrong(format!("{name} is a text."))),
            };
            texts.insert(name.clone(), text);
        }
        Ok(Self(texts))
    }

    /// A filter, where it is given.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The page that is asked for.
    ///
    /// # Errors
    /// The problem when there is no such page.
    pub fn page(&self) -> Result<PageRequest, Problem> {
        let number = |name: &str, usual: u64, most: u64| {
            let sentence = format!("Must be a whole number from 1 to {most}.");
            let given = self.get(name).map_or(Ok(usual), str::parse).ok().filter(|number| (1..=most).contains(number));
            given.ok_or_else(|| Problem::field(Kind::InvalidParameter, name, sentence))
        };
        let (page, size) = (number("page", 1, u32::MAX.into())?, number("page_size", PAGE_SIZE, MOST_ON_PAGE)?);
        PageRequest::new(page, size).map_err(|_| Problem::field(Kind::InvalidParameter, "page", "There is no such page."))
    }
}
