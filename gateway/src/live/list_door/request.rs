//! How a request about lists is read: an object with a `type`, a `request_id` of the client's own, and the members that requests of
//! its type have. Any other member is refused by name: passed over, it would be answered with something else than was asked for.

use events::Position;
use query_api::contacts::InvalidFilter;
use serde_json::{Map, Value};

use crate::words::shown;

/// The longest name that a client may give to a subscription or a request, in characters.
const MOST_NAME_CHARS: usize = 64;
/// The members that every request may have.
const COMMON: [&str; 2] = ["type", "request_id"];

/// The members of a request.
pub type Members = Map<String, Value>;

/// A type of request.
pub struct Form<R> {
    /// The type.
    pub name: &'static str,
    /// The members that it may have, beside those that all have.
    pub members: &'static [&'static str],
    /// What they mean.
    pub read: fn(&Members) -> Result<R, InvalidFilter>,
}

/// What a client asks for in one of these forms.
///
/// # Errors
/// When there is no such request, or a member of it is wrong or unknown.
pub fn read<R>(said: &Value, forms: &[Form<R>]) -> Result<R, InvalidFilter> {
    let Some(members) = said.as_object() else {
        return Err(wrong("type", "A request is an object with a type."));
    };
    let name = members.get("type").and_then(Value::as_str);
    let form = forms.iter().find(|form| Some(form.name) == name).ok_or_else(|| no_form(forms))?;
    match members.keys().find(|name| !COMMON.iter().chain(form.members).any(|known| known == name)) {
        Some(unknown) => Err(no_member(unknown, form)),
        None => (form.read)(members),
    }
}

/// What a request calls itself, to be echoed.
///
/// # Errors
/// When it is neither a text nor a number, or too long.
pub fn id(said: &Value) -> Result<Option<Value>, InvalidFilter> {
    match said.get("request_id") {
        None | Some(Value::Null) => Ok(None),
        Some(id @ Value::Number(_)) => Ok(Some(id.clone())),
        Some(Value::String(id)) if id.chars().count() <= MOST_NAME_CHARS => Ok(Some(Value::String(id.clone()))),
        Some(_) => {
            Err(wrong("request_id", &format!("request_id is a number, or a text of at most {MOST_NAME_CHARS} characters.")))
        }
    }
}

/// The filters of a request.
///
/// # Errors
/// When they are no object.
pub fn filters(members: &Members) -> Result<Map<String, Value>, InvalidFilter> {
    match members.get("filters") {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(filters)) => Ok(filters.clone()),
        Some(_) => Err(wrong("filters", "filters is an object.")),
    }
}

/// The name of a subscription that begins, where the client gives one.
///
/// # Errors
/// When it is no text, or too long.
pub fn subscription(members: &Members) -> Result<Option<String>, InvalidFilter> {
    match members.get("subscription") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(name)) if !name.is_empty() && name.chars().count() <= MOST_NAME_CHARS => Ok(Some(name.clone())),
        Some(_) => Err(wrong("subscription", &format!("subscription is a text of 1 to {MOST_NAME_CHARS} characters."))),
    }
}

/// The name of a subscription that is there.
///
/// # Errors
/// When the client does not give it.
pub fn own_subscription(members: &Members) -> Result<String, InvalidFilter> {
    subscription(members)?.ok_or_else(|| wrong("subscription", "subscription is the name of one of yours."))
}

/// The position behind which a client goes on.
///
/// # Errors
/// When the client does not give it.
pub fn position(members: &Members) -> Result<Position, InvalidFilter> {
    let position = members.get("position").and_then(Value::as_u64).map(Position);
    position.ok_or_else(|| wrong("position", "position is that of the last frame you have."))
}

/// A member that is wrong.
pub fn wrong(field: &str, sentence: &str) -> InvalidFilter {
    InvalidFilter { field: field.to_owned(), sentence: sentence.to_owned(), allowed: Vec::new() }
}

fn no_form<R>(forms: &[Form<R>]) -> InvalidFilter {
    let allowed: Vec<_> = forms.iter().map(|form| form.name).collect();
    let sentence = format!("There is no request of this type; there are {}.", allowed.join(", "));
    InvalidFilter { field: "type".to_owned(), sentence, allowed }
}

fn no_member<R>(name: &str, form: &Form<R>) -> InvalidFilter {
    let allowed: Vec<_> = COMMON.iter().chain(form.members).copied().collect();
    let sentence = format!("{} has no member of this name; there are {}.", form.name, allowed.join(", "));
    InvalidFilter { field: shown(name), sentence, allowed }
}
