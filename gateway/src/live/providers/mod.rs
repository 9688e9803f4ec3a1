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

use super::format::Format;
use super::handshake::Handshake;
use super::list_door::frames::UnsubscribedFrame;
use super::list_door::names::Names;
use super::list_door::{self, Answers, Refused};
use super::socket::{Ending, Said, Source};
use super::start;
use crate::auth::op;
use crate::problem::{Kind, Problem};
use crate::rest::bookings::asked;
use crate::rest::call::Call;
use frames::PageFrame;
use list::List;
use request::{Filters, Request};

/// Opens a socket with lists of a provider's customers.
///
/// # Errors
/// The problem, before the upgrade, when the client may not or a parameter is wrong.
#[handler]
pub async fn open(handshake: Handshake<op::ProvidersRead>) -> Result<Response, Problem> {
    handshake.parameters(&[])?;
    Ok(handshake.open_with(|call| Lists { call, lists: Vec::new(), names: Names::default() }))
}

/// What the socket hears and tells.
struct Lists {
    call: Call<op::ProvidersRead>,
    lists: Vec<List>,
    names: Names,
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
        list_door::hear(self, said, format).await
    }

    fn position(&self) -> Position {
        self.lists.iter().map(List::told).min().unwrap_or_else(|| self.call.read_position())
    }
}

impl Answers for Lists {
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
                    return Err(list_door::no_subscription());
                }
                Ok(format.frame(&UnsubscribedFrame::new(&name, id))?)
            }
        }
    }
}

impl Lists {
    fn asked(&self, filters: &Filters) -> Result<(RelationFilter, PageRequest), Problem> {
        Ok((asked(&self.call, &|name| filters.get(name))?, filters.page()?))
    }

    /// The position that the read models show at least.
    async fn shown(&self) -> Result<Position, Problem> {
        let shown = self.call.read_position();
        self.call.app.reach_trailing(&self.call.tenant.id).await?;
        Ok(shown)
    }

    async fn follow(&mut self, filter: RelationFilter, name: Option<String>, after: Option<Position>) -> Result<List, Refused> {
        let name = self.names.next(name, self.lists.iter().map(|list| list.name.as_str()))?;
        let told = match after {
            Some(after) => {
                let after = start::known(&self.call.app, &self.call.tenant.id, "position", after).await?;
                after.min(self.shown().await?)
            }
            None => self.shown().await?,
        };
        Ok(List::behind(told, name, self.call.app.clone(), self.call.scope(), filter))
    }
}
