//! What the sockets with lists have in common, `ws /ws/customers/` and `ws /ws/provider/customers/`: a client asks, names its request,
//! follows lists under names, and is told why a request is not answered.
//!
//! - [`request`]: how a request is read; [`names`]: what subscriptions are called; [`frames`]: what both say in the same words

pub mod frames;
pub mod names;
pub mod request;

use std::future::Future;

use poem::web::websocket::Message;
use query_api::QueryError;
use query_api::contacts::InvalidFilter;
use serde_json::Value;

use super::format::Format;
use super::socket::{Ending, Said};
use crate::problem::{Kind, Problem};
use frames::ErrorFrame;

/// Why a request is not answered.
pub enum Refused {
    /// A member of it is wrong.
    Member(InvalidFilter),
    /// Something else is.
    Problem(Problem),
    /// The socket cannot go on.
    Ending(Ending),
}

/// A socket that answers requests about lists.
pub trait Answers: Send {
    /// The frame that answers a request; `id` is what the request calls itself.
    fn answer(
        &mut self,
        said: &Value,
        id: Option<&Value>,
        format: Format,
    ) -> impl Future<Output = Result<Message, Refused>> + Send;
}

/// Answers what a client said, or says why not.
///
/// # Errors
/// When the socket cannot go on.
pub async fn hear(socket: &mut impl Answers, said: Said, format: Format) -> Result<Vec<Message>, Ending> {
    let asked = said.map_err(Refused::Problem).and_then(|said| Ok((request::id(&said)?, said)));
    let (id, answer) = match asked {
        Ok((id, said)) => {
            let answer = socket.answer(&said, id.as_ref(), format).await;
            (id, answer)
        }
        Err(refused) => (None, Err(refused)),
    };
    let frame = match answer {
        Ok(frame) => frame,
        Err(Refused::Member(invalid)) => format.frame(&ErrorFrame::of_member(&invalid, id.as_ref()))?,
        Err(Refused::Problem(problem)) => format.frame(&ErrorFrame::of_problem(&problem, id.as_ref()))?,
        Err(Refused::Ending(ending)) => return Err(ending),
    };
    Ok(vec![frame])
}

/// There is no subscription of the name that a client wants to end.
pub fn no_subscription() -> Refused {
    Refused::Problem(Problem::field(Kind::InvalidParameter, "subscription", "There is no such subscription."))
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
        tracing::warn!(error = &error as &dyn std::error::Error, "a list cannot be read");
        Self::Problem(Problem::unavailable("The customer list cannot be read at the moment."))
    }
}
