//! `ws /ws/customers/`: the live customer list (spec 000), and subscriptions to it.
//!
//! Every request is an object with a `type`, `filters` where it asks for a list, and a `request_id` of the client's own that the
//! answer repeats. Beside what spec 000 says:
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
//! - `live_query`: what a change means to a list that is followed; `follower`: the subscriptions of a socket
//! - [`feed`]: the changes of a tenant, read once for all who follow

pub mod feed;
pub(super) mod follower;
pub(super) mod frames;
mod live_query;
mod options;
pub(super) mod request;
mod shape;

use std::future::Future;
use std::time::Duration;

use events::Position;
use poem::web::websocket::Message;
use poem::{Response, handler};
use query_api::contacts::{self, InvalidFilter, Listed};
use query_api::{QueryError, Scope};
use serde_json::Value;

use super::format::Format;
use super::handshake::Handshake;
use super::socket::{Ending, Said, Source};
use crate::app::AppState;
use crate::auth::op;
use crate::problem::{Kind, Problem};
use crate::rest::unreadable_log;
use follower::{Follower, MOST_SUBSCRIPTIONS};
use frames::{ErrorFrame, Occasion, PageFrame, UnsubscribedFrame};
use options::OptionsFrame;
use request::{Asked, Request, request_id};

/// How long a list may take (spec 000, "Performance Considerations").
const LIST_PATIENCE: Duration = Duration::from_secs(10);
/// How long the filter options may take.
const OPTIONS_PATIENCE: Duration = Duration::from_secs(5);

/// Opens a socket with the tenant's customer list.
///
/// # Errors
/// The problem, before the upgrade, when the client may not.
#[handler]
pub async fn open(handshake: Handshake<op::CustomersList>) -> Result<Response, Problem> {
    let (app, scope) = (handshake.call.app.clone(), handshake.call.scope());
    let follower = Follower::new(app.clone(), scope.clone());
    Ok(handshake.open(Customers { app, scope, follower, named: 0 }))
}

/// What the socket hears and tells.
struct Customers {
    app: AppState,
    scope: Scope,
    follower: Follower,
    /// How many subscriptions got a name from here.
    named: u64,
}

/// Why a request is not answered.
pub(super) enum Refused {
    /// A member of it is wrong.
    Member(InvalidFilter),
    /// Something else is.
    Problem(Problem),
    /// The socket cannot go on.
    Ending(Ending),
}

impl Source for Customers {
    async fn next(&mut self, format: Format) -> Result<Vec<Message>, Ending> {
        self.follower.next(format).await
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
        let shown = || self.app.trailing.position(self.app.log.partition_of(self.scope.id()));
        self.follower.position().unwrap_or_else(shown)
    }
}

impl Customers {
    async fn answer(&mut self, said: &Value, id: Option<&Value>, format: Format) -> Result<Message, Refused> {
        match Request::parse(said)? {
            Request::List(asked) => {
                let listed = within(LIST_PATIENCE, self.list(&asked)).await?;
                Ok(format.frame(&PageFrame::new(Occasion::Answer, &asked, &listed).answering(id))?)
            }
            Request::Options => {
                let options = within(OPTIONS_PATIENCE, async {
                    self.app.reach_trailing(self.scope.id()).await?;
                    Ok(contacts::options(&self.app.models, &self.scope).await?)
                });
                Ok(format.frame(&OptionsFrame::new(&options.await?, id))?)
            }
            Request::Subscribe { asked, id: name, after } => {
                let (name, occasion, listed) = within(LIST_PATIENCE, self.follow(name, asked.clone(), after)).await?;
                Ok(format.frame(&PageFrame::new(occasion, &asked, &listed).of_subscription(&name).answering(id))?)
            }
            Request::Unsubscribe { id: name } if self.follower.leave(&name) => {
                Ok(format.frame(&UnsubscribedFrame::new(&name, id))?)
            }
            Request::Unsubscribe { .. } => {
                Err(Refused::Problem(Problem::field(Kind::InvalidParameter, "subscription", "There is no such subscription.")))
            }
        }
    }

    async fn list(&self, asked: &Asked) -> Result<Listed, Refused> {
        self.app.reach_trailing(self.scope.id()).await?;
        Ok(self.follower.list(asked).await?)
    }

    /// Follows a list, under the client's name for it or one from here.
    async fn follow(
        &mut self,
        name: Option<String>,
        asked: Asked,
        after: Option<Position>,
    ) -> Result<(String, Occasion, Listed), Refused> {
        let wrong = |field, sentence: String| Refused::Problem(Problem::field(Kind::InvalidParameter, field, sentence));
        if self.follower.len() >= MOST_SUBSCRIPTIONS {
            return Err(wrong("subscription", format!("A socket has at most {MOST_SUBSCRIPTIONS} subscriptions.")));
        }
        if name.as_ref().is_some_and(|name| self.follower.has(name)) {
            return Err(wrong("subscription", "You have a subscription of this name already.".to_owned()));
        }
        if let Some(after) = after {
            let head = self.app.horizon(self.scope.id()).await.map_err(|error| unreadable_log(&error))?;
            if after > head {
                return Err(wrong("position", format!("Must be a position: a whole number up to {head}.")));
            }
        }
        self.app.reach_trailing(self.scope.id()).await?;
        let name = name.unwrap_or_else(|| self.free_name());
        let (occasion, listed) = self.follower.follow(name.clone(), asked, after).await?;
        Ok((name, occasion, listed))
    }

    fn free_name(&mut self) -> String {
        loop {
            self.named += 1;
            let name = self.named.to_string();
            if !self.follower.has(&name) {
                return name;
            }
        }
    }
}

/// What comes within the time; otherwise what spec 000 says then.
async fn within<T>(patience: Duration, asked: impl Future<Output = Result<T, Refused>>) -> Result<T, Refused> {
    let late = |_| Refused::Problem(Problem::unavailable("Request timeout - please try again"));
    tokio::time::timeout(patience, asked).await.map_err(late)?
}

/// The frame of an answer, or of why there is none.
///
/// # Errors
/// When the socket cannot go on.
pub(super) fn reply(answer: Result<Message, Refused>, id: Option<&Value>, format: Format) -> Result<Vec<Message>, Ending> {
    let frame = match answer {
        Ok(frame) => frame,
        Err(Refused::Member(invalid)) => format.frame(&ErrorFrame::of_member(&invalid, id))?,
        Err(Refused::Problem(problem)) => format.frame(&ErrorFrame::of_problem(&problem, id))?,
        Err(Refused::Ending(ending)) => return Err(ending),
    };
    Ok(vec![frame])
}

impl From<InvalidFilter> for Refused {
    fn from(invalid: InvalidFilter) -> Self {
        Self::Member(invalid)
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<Ending> for Refused {
    fn from(ending: Ending) -> Self {
        Self::Ending(ending)
    }
}

impl From<QueryError> for Refused {
    fn from(error: QueryError) -> Self {
        tracing::warn!(error = &error as &dyn std::error::Error, "the customer list cannot be read");
        Self::Problem(Problem::unavailable("The customer list cannot be read at the moment."))
    }
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
