//! `ws /ws/provider/customers/`: lists of a provider's customers, and what changes them (spec 003, "Real-time Features").
//!
//! The requests are those of the live customer list: `get_customers` {`filters`}, `subscribe` {`filters`, `subscription`?},
//! `unsubscribe` {`subscription`} and `resume` {`filters`, `position`, `subscription`?}, each with a `request_id` that the answer repeats.
//! The filters are those of the REST list: `provider`, `search`, `status`, `sort_by`, `order`, `page`, `page_size`. A list that is
//! followed answers `subscribed` with its first page as of its `position`; then `customer_entered`, `customer_left`,
//! `customer_updated` and `customer_moved` say what changes it, each with the customer, the list's `count`, and the `position`. After
//! `resumed`, which has the page as of the position that the client names, comes what was missed: in order, and once. Of whoever is
//! forgotten only the relation's id is left to say.
//!
//! - `request`: what is asked; `frames`: what is said; `list`: a list that is followed

mod frames;
mod list;
mod request;

use events::Position;
use futures_util::future::select_all;
use poem::web::websocket::Message;
use poem::{Response, handler};
use query_api::PageRequest;
use query_api::providers::{self, RelationFilter};
use serde_json::Value;

use super::customers::frames::UnsubscribedFrame;
use super::customers::request::request_id;
use super::customers::{Refused, follower::MOST_SUBSCRIPTIONS, reply};
use super::format::Format;
use super::handshake::Handshake;
use super::socket::{Ending, Said, Source};
use crate::auth::op;
use crate::problem::{Kind, Problem};
use crate::rest::bookings::asked;
use crate::rest::call::Call;
use crate::rest::unreadable_log;
use frames::PageFrame;
use list::List;
use request::{Filters, Request};

/// Opens a socket with lists of a provider's customers.
///
/// # Errors
/// The problem, before the upgrade, when the client may not.
#[handler]
pub async fn open(handshake: Handshake<op::ProvidersRead>) -> Result<Response, Problem> {
    Ok(handshake.open_with(|call| Lists { call, lists: Vec::new(), named: 0 }))
}

/// What the socket hears and tells.
struct Lists {
    call: Call<op::ProvidersRead>,
    lists: Vec<List>,
    /// How many subscriptions got a name from here.
    named: u64,
}

impl Source for Lists {
    async fn next(&mut self, format: Format) -> Result<Vec<Message>, Ending> {
        if self.lists.is_empty() {
            return std::future::pending().await;
        }
        // Who is not the first keeps what it has taken, and is asked again.
        let (frames, _, _) = select_all(self.lists.iter_mut().map(|list| Box::pin(list.changes(format)))).await;
        frames
    }

    async fn hear(&mut self, said: Said, format: Format) -> Result<Vec<Message>, Ending> {
        let asked = said.map_err(Refused::Problem).and_then(|said| Ok((request_id(&said)?, said)));
        let (id, answer) = match asked {
            Ok((id, said)) => {
                let answer = self.answer(&said, id.as_ref(), format).await;
                (id, answer)
            }
            Err(refused) => (None, Err(refused)),
        };
        reply(answer, id.as_ref(), format)
    }

    fn position(&self) -> Position {
        self.lists.iter().map(List::told).min().unwrap_or_else(|| self.call.read_position())
    }
}

impl Lists {
    async fn answer(&mut self, said: &Value, id: Option<&Value>, format: Format) -> Result<Message, Refused> {
        match Request::parse(said)? {
            Request::List(filters) => {
                let (filter, page) = self.asked(&filters)?;
                let position = self.shown().await?;
                let (models, scope) = (&self.call.app.models, self.call.scope());
                let rows = providers::customers(models, &scope, &filter, None, page).await?;
                Ok(format.frame(&PageFrame::new("customers_list", rows, position, id))?)
            }
            Request::Subscribe { filters, name, after } => {
                let (filter, page) = self.asked(&filters)?;
                if page.page() != 1 {
                    let sentence = "A subscription follows the first page; ask for the others with get_customers.";
                    return Err(Problem::field(Kind::InvalidParameter, "page", sentence).into());
                }
                let list = self.follow(filter, name, after).await?;
                let rows = list.page(page).await?;
                let what = if after.is_some() { "resumed" } else { "subscribed" };
                let frame = format.frame(&PageFrame::new(what, rows, list.told(), id).of_subscription(&list.name))?;
                self.lists.push(list);
                Ok(frame)
            }
            Request::Unsubscribe { name } => {
                let before = self.lists.len();
                self.lists.retain(|list| list.name != name);
                if self.lists.len() == before {
                    return Err(Problem::field(Kind::InvalidParameter, "subscription", "There is no such subscription.").into());
                }
                Ok(format.frame(&UnsubscribedFrame::new(&name, id))?)
            }
        }
    }

    fn asked(&self, filters: &Filters) -> Result<(RelationFilter, PageRequest), Problem> {
        Ok((asked(&self.call, &|name| filters.get(name))?, filters.page()?))
    }

    /// The position that the read models show at least.
    async fn shown(&self) -> Result<Position, Problem> {
        let shown = self.call.read_position();
        self.call.app.reach_trailing(&self.call.tenant.id).await?;
        Ok(shown)
    }

    /// The position that a client names, if there is one.
    async fn known(&self, after: Position) -> Result<Position, Problem> {
        let head = self.call.app.horizon(&self.call.tenant.id).await.map_err(|error| unreadable_log(&error))?;
        let sentence = || format!("Must be a position: a whole number up to {head}.");
        if after > head { Err(Problem::field(Kind::InvalidParameter, "position", sentence())) } else { Ok(after) }
    }

    async fn follow(&mut self, filter: RelationFilter, name: Option<String>, after: Option<Position>) -> Result<List, Refused> {
        let wrong = |sentence: String| Problem::field(Kind::InvalidParameter, "subscription", sentence);
        if self.lists.len() >= MOST_SUBSCRIPTIONS {
            return Err(wrong(format!("A socket has at most {MOST_SUBSCRIPTIONS} subscriptions.")).into());
        }
        if name.as_ref().is_some_and(|name| self.has(name)) {
            return Err(wrong("You have a subscription of this name already.".to_owned()).into());
        }
        let told = match after {
            Some(after) => self.known(after).await?.min(self.shown().await?),
            None => self.shown().await?,
        };
        let name = name.unwrap_or_else(|| self.free_name());
        Ok(List::behind(told, name, self.call.app.clone(), self.call.scope(), filter))
    }

    fn has(&self, name: &str) -> bool {
        self.lists.iter().any(|list| list.name == name)
    }

    fn free_name(&mut self) -> String {
        loop {
            self.named += 1;
            let name = self.named.to_string();
            if !self.has(&name) {
                return name;
            }
        }
    }
}
