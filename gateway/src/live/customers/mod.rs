//! `ws /ws/customers/`: the live customer list (spec 000), and subscriptions to it.
//!
//! Every request is an object with a `type`, `filters` where it asks for a list, and a `request_id` of the client's own that the
//! answer repeats; a member that requests of its type do not have is refused by name. Beside what spec 000 says:
//!
//! - `subscribe` {`filters`, `subscription`?} answers `subscribed` with the first page, and from then on says what changes it:
//!   `customer_entered`, `customer_left`, `customer_updated`, `customer_moved`, each with the customer, the list's `count`, the
//!   `position`, and the `index` on the page, from 0, where the customer stands there.
//! - `customers_page` brings the whole page anew where single changes cannot keep it.
//! - `resume` {`filters`, `position`, `subscription`?} answers `resumed` with the first page as it is now, then what was missed, in
//!   order and once, and goes on. What is too long ago is answered with `resync` in its place: the page to start over from.
//! - `unsubscribe` {`subscription`} ends it.
//!
//! How a client keeps its page: a frame with `customers` is the page, as of its `position`. Another frame whose `position` is behind
//! that of the page: take the customer out, put it in at `index` where there is one, cut to the page's size. A frame that is not
//! behind it tells something that the page shows already. `count` is always the list's newest.
//!
//! - `request`: what is asked; `frames`, `options`, `shape`: what is said
//! - `live_query`: what a change means to a list that is followed; `follower`: the subscriptions of a socket; `look`: pages of lists
//! - [`feed`]: the changes of a tenant, read once for all who follow

pub mod feed;
mod follower;
mod frames;
mod live_query;
mod look;
mod options;
mod request;
mod shape;

use std::future::Future;
use std::time::Duration;

use events::Position;
use poem::web::websocket::Message;
use poem::{Response, handler};
use query_api::Scope;
use query_api::contacts;
use serde_json::Value;

use super::format::Format;
use super::handshake::Handshake;
use super::list_door::frames::UnsubscribedFrame;
use super::list_door::names::Names;
use super::list_door::{self, Answers, Refused};
use super::socket::{Ending, Said, Source};
use super::start;
use crate::app::AppState;
use crate::auth::op;
use crate::problem::Problem;
use follower::Follower;
use frames::{Occasion, PageFrame};
use look::Look;
use options::OptionsFrame;
use request::{Asked, Request};

/// How long a list may take (spec 000, "Performance Considerations").
const LIST_PATIENCE: Duration = Duration::from_secs(10);
/// How long the filter options may take.
const OPTIONS_PATIENCE: Duration = Duration::from_secs(5);

/// Opens a socket with the tenant's customer list.
///
/// # Errors
/// The problem, before the upgrade, when the client may not or a parameter is wrong.
#[handler]
pub async fn open(handshake: Handshake<op::CustomersList>) -> Result<Response, Problem> {
    handshake.parameters(&[])?;
    let (app, scope) = (handshake.call.app.clone(), handshake.call.scope());
    let follower = Follower::new(app.clone(), scope.clone());
    Ok(handshake.open(Customers { app, scope, follower, names: Names::default() }))
}

/// What the socket hears and tells.
struct Customers {
    app: AppState,
    scope: Scope,
    follower: Follower,
    names: Names,
}

impl Source for Customers {
    async fn next(&mut self, format: Format) -> Result<Vec<Message>, Ending> {
        self.follower.next(format).await
    }

    async fn hear(&mut self, said: Said, format: Format) -> Result<Vec<Message>, Ending> {
        list_door::hear(self, said, format).await
    }

    fn position(&self) -> Position {
        let shown = || self.app.trailing.position(self.app.log.partition_of(self.scope.id()));
        self.follower.position().unwrap_or_else(shown)
    }
}

impl Answers for Customers {
    async fn answer(&mut self, said: &Value, id: Option<&Value>, format: Format) -> Result<Message, Refused> {
        match Request::parse(said)? {
            Request::List(asked) => {
                let look = within(LIST_PATIENCE, self.list(&asked)).await?;
                Ok(format.frame(&PageFrame::new(Occasion::Answer, &asked, &look).answering(id))?)
            }
            Request::Options => {
                let options = within(OPTIONS_PATIENCE, async {
                    self.app.reach_trailing(self.scope.id()).await?;
                    Ok(contacts::options(&self.app.models, &self.scope).await?)
                });
                Ok(format.frame(&OptionsFrame::new(&options.await?, id))?)
            }
            Request::Subscribe { asked, name, after } => {
                let (name, occasion, look) = within(LIST_PATIENCE, self.follow(name, asked.clone(), after)).await?;
                Ok(format.frame(&PageFrame::new(occasion, &asked, &look).of_subscription(&name).answering(id))?)
            }
            Request::Unsubscribe { name } if self.follower.leave(&name) => Ok(format.frame(&UnsubscribedFrame::new(&name, id))?),
            Request::Unsubscribe { .. } => Err(list_door::no_subscription()),
        }
    }
}

impl Customers {
    async fn list(&self, asked: &Asked) -> Result<Look, Refused> {
        self.app.reach_trailing(self.scope.id()).await?;
        Ok(self.follower.look(asked).await?)
    }

    /// Follows a list, under the client's name for it or one from here.
    async fn follow(
        &mut self,
        name: Option<String>,
        asked: Asked,
        after: Option<Position>,
    ) -> Result<(String, Occasion, Look), Refused> {
        let name = self.names.next(name, self.follower.names())?;
        if let Some(after) = after {
            start::known(&self.app, self.scope.id(), "position", after).await?;
        }
        self.app.reach_trailing(self.scope.id()).await?;
        let (occasion, look) = self.follower.follow(name.clone(), asked, after).await?;
        Ok((name, occasion, look))
    }
}

/// What comes within the time; otherwise what spec 000 says then.
async fn within<T>(patience: Duration, asked: impl Future<Output = Result<T, Refused>>) -> Result<T, Refused> {
    let late = |_| Refused::Problem(Problem::unavailable("Request timeout - please try again"));
    tokio::time::timeout(patience, asked).await.map_err(late)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_takes_too_long_is_given_up_with_the_document_s_words() {
        for patience in [LIST_PATIENCE, OPTIONS_PATIENCE] {
            let begin = tokio::time::Instant::now();
            let never = std::future::pending::<Result<(), Refused>>();
            let Err(Refused::Problem(problem)) = within(patience, never).await else { panic!("it came") };
            assert_eq!(problem.sentence(), "Request timeout - please try again");
            assert_eq!(begin.elapsed(), patience);
        }
        assert_eq!((LIST_PATIENCE.as_secs(), OPTIONS_PATIENCE.as_secs()), (10, 5));
    }
}
