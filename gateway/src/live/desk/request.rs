//! What agents ask for over the socket (spec 001, "WebSocket Messages"): the members of `data`, or those beside `type`.

use events::MessageId;
use events::conversation::Priority;
use query_api::desk::Window;
use serde_json::{Map, Value};

use crate::problem::{Kind, Problem};
use crate::rest::desk::lists;
use crate::rest::desk::sent::Outgoing;
use crate::rest::fields::{Fields, read_with};

/// What an agent asks for.
pub(super) enum Request {
    /// Who wants a person.
    GetStopped { page: Option<String>, is_assigned: Option<bool>, window: Window },
    /// Give me a customer.
    Assign(Whom),
    /// I let go of a customer, who is helped or waits for the next agent.
    Unassign { whom: Whom, is_helped: bool },
    /// Say something to a customer.
    Send { whom: Whom, message: Outgoing },
    /// What was written.
    GetConversation { whom: Whom, before: Option<u64>, limit: u64 },
    /// How soon a customer wants a person.
    SetPriority { whom: Whom, priority: Priority },
    /// Whether customers may be given to me.
    SetAvailability { is_available: bool },
    /// What was told behind a place.
    Resume { after: u64, index: Option<u64> },
}

/// Which customer, and through which page.
pub(super) struct Whom {
    pub customer: String,
    pub page: Option<String>,
}

/// A request that can be read or not, and what its answer is to be marked with.
pub(super) struct Asked {
    pub request_id: Option<Value>,
    pub request: Result<Request, Problem>,
}

/// How the rest of a message of some type is read; what gives nothing has said why in the fields.
type Form = fn(&mut Fields) -> Option<Request>;

/// The types of messages.
const TYPES: &[(&str, Form)] = &[
    ("get_stopped_customers", get_stopped),
    ("assign_agent", |fields| Some(Request::Assign(whom(fields)))),
    ("unassign_agent", unassign),
    ("send_message", send),
    ("get_conversation", get_conversation),
    ("set_priority", set_priority),
    ("set_availability", set_availability),
    ("resume", resume),
];

impl Asked {
    /// Reads what somebody said.
    pub fn read(said: Value) -> Self {
        let Value::Object(mut map) = said else {
            let problem = Problem::new(Kind::Malformed, "A message is an object with a type.");
            return Self { request_id: None, request: Err(problem) };
        };
        let request_id = map.remove("request_id");
        Self { request_id, request: read(map) }
    }
}

fn read(mut map: Map<String, Value>) -> Result<Request, Problem> {
    let wrong = |field: &str, sentence: String| Problem::field(Kind::Invalid, field, sentence);
    let names = || TYPES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let form = match map.remove("type") {
        Some(Value::String(name)) => {
            let known = TYPES.iter().find(|(known, _)| *known == name);
            known.ok_or_else(|| wrong("type", format!("Unknown message type; there are {}.", names())))?.1
        }
        Some(_) | None => return Err(wrong("type", format!("A message has a type: one of {}.", names()))),
    };
    match map.remove("data") {
        None | Some(Value::Null) => {}
        Some(Value::Object(data)) => {
            if let Some(twice) = data.keys().find(|name| map.contains_key(*name)) {
                return Err(wrong(twice, "It stands in data and beside it.".to_owned()));
            }
            map.extend(data);
        }
        Some(_) => return Err(wrong("data", "Must be an object.".to_owned())),
    }
    read_with(map, form)?.ok_or_else(|| Problem::new(Kind::Malformed, "The message cannot be read."))
}

fn whom(fields: &mut Fields) -> Whom {
    let customer = fields.required_text("customer_id");
    Whom { customer, page: fields.text("page_id").filter(|page| !page.is_empty()) }
}

fn get_stopped(fields: &mut Fields) -> Option<Request> {
    let page = fields.text("page_id").filter(|page| !page.is_empty());
    let is_assigned = fields.flag("is_assigned");
    let limit = bounded(fields, "limit", 1, lists::MOST).unwrap_or(lists::DEFAULT);
    let skip = bounded(fields, "skip", 0, u32::MAX.into()).unwrap_or_default();
    Some(Request::GetStopped { page, is_assigned, window: Window { skip, limit } })
}

fn unassign(fields: &mut Fields) -> Option<Request> {
    let is_helped = fields.flag("helped").unwrap_or(true);
    Some(Request::Unassign { whom: whom(fields), is_helped })
}

fn send(fields: &mut Fields) -> Option<Request> {
    let whom = whom(fields);
    let text = fields.required_text("message");
    let id = fields.parsed::<MessageId>("message_id").unwrap_or_else(MessageId::generate);
    Some(Request::Send { whom, message: Outgoing { id, text: text.trim().to_owned() } })
}

fn get_conversation(fields: &mut Fields) -> Option<Request> {
    let whom = whom(fields);
    let before = bounded(fields, "before", 1, u32::MAX.into());
    let limit = bounded(fields, "limit", 1, lists::MOST).unwrap_or(lists::DEFAULT);
    Some(Request::GetConversation { whom, before, limit })
}

fn set_priority(fields: &mut Fields) -> Option<Request> {
    let whom = whom(fields);
    fields.require("priority");
    Some(Request::SetPriority { whom, priority: fields.parsed("priority")? })
}

fn set_availability(fields: &mut Fields) -> Option<Request> {
    fields.require("is_available");
    Some(Request::SetAvailability { is_available: fields.flag("is_available")? })
}

fn resume(fields: &mut Fields) -> Option<Request> {
    fields.require("after");
    let after = bounded(fields, "after", 0, u64::MAX)?;
    Some(Request::Resume { after, index: bounded(fields, "index", 0, u32::MAX.into()) })
}

/// A whole number within bounds.
fn bounded(fields: &mut Fields, name: &str, least: u64, most: u64) -> Option<u64> {
    match fields.raw(name)? {
        Value::Null => None,
        value => {
            let number = value.as_u64().filter(|number| (least..=most).contains(number));
            if number.is_none() {
                fields.wrong(name, format!("Must be a whole number from {least} to {most}."));
            }
            number
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refused(said: Value) -> (String, String) {
        let problem = Asked::read(said).request.err().expect("refused");
        (problem.errors().keys().next().cloned().unwrap_or_default(), problem.sentence().to_owned())
    }

    #[test]
    fn members_stand_in_data_or_beside_the_type() {
        let inside = json!({ "type": "send_message", "request_id": 7,
            "data": { "customer_id": "c", "page_id": "p", "message": " Hello " } });
        let beside = json!({ "type": "send_message", "request_id": 7, "customer_id": "c", "page_id": "p", "message": "Hello" });
        for said in [inside, beside] {
            let asked = Asked::read(said);
            let Ok(Request::Send { whom, message }) = asked.request else { panic!("not sent") };
            assert_eq!((whom.customer.as_str(), whom.page.as_deref(), message.text.as_str()), ("c", Some("p"), "Hello"));
            assert_eq!(asked.request_id, Some(json!(7)));
        }
    }

    #[test]
    fn a_list_has_50_customers_and_at_most_200() {
        let window = |data: Value| match Asked::read(json!({ "type": "get_stopped_customers", "data": data })).request {
            Ok(Request::GetStopped { window, .. }) => Some((window.limit, window.skip)),
            _ => None,
        };
        assert_eq!(window(Value::Null), Some((50, 0)));
        assert_eq!(window(json!({ "limit": 200, "skip": 3, "page_id": "" })), Some((200, 3)));
        for wrong in [json!({ "limit": 201 }), json!({ "limit": 0 }), json!({ "skip": -1 }), json!({ "limit": "x" }), json!([])] {
            assert_eq!(window(wrong.clone()), None, "{wrong}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_by_field() {
        for said in [json!(1), json!([]), json!(null), json!("assign_agent")] {
            assert_eq!(refused(said).0, "");
        }
        assert_eq!(refused(json!({})).0, "type");
        assert!(refused(json!({ "type": "dance" })).1.starts_with("Unknown message type; there are get_stopped_customers,"));
        assert_eq!(refused(json!({ "type": "assign_agent" })).0, "customer_id");
        assert_eq!(refused(json!({ "type": "assign_agent", "customer_id": 7 })).0, "customer_id");
        assert_eq!(refused(json!({ "type": "send_message", "customer_id": "c" })).0, "message");
        assert_eq!(refused(json!({ "type": "set_priority", "customer_id": "c", "priority": "soon" })).0, "priority");
        assert_eq!(refused(json!({ "type": "resume" })).0, "after");
        assert_eq!(refused(json!({ "type": "resume", "after": 1, "until": 2 })).0, "until");
        assert_eq!(refused(json!({ "type": "get_stopped_customers", "limit": 1, "data": { "limit": 2 } })).0, "limit");
    }
}
