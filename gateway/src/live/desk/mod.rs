//! `ws /ws/desk/`: where agents work at the same moment (spec 001).
//!
//! - [`request`]: what they ask for; [`answer`]: what is done and answered
//! - [`news`]: what a commit means to them; [`feed`]: the broadcasts from any place on; [`moments`]: customers as they were then

mod answer;
mod feed;
mod moments;
mod news;
mod request;

use events::Position;
use poem::web::websocket::Message;
use poem::{Response, handler};

use super::handshake::Handshake;
use super::start;
use super::{Ending, Format, Said, Source};
use crate::auth::op;
use crate::problem::{Kind, Problem};
use crate::rest::call::Call;
use crate::rest::params::named;
use answer::ErrorFrame;
use feed::{Feed, Place};
use request::Asked;

pub use moments::Moments;

/// Opens a socket at the desk. `after` (and `index`) name the last broadcast that the client has.
///
/// # Errors
/// The problem, before the upgrade, when the client may not or a parameter is wrong.
#[handler]
pub async fn open(handshake: Handshake<op::DeskStream>) -> Result<Response, Problem> {
    let given = handshake.parameters(&["after", "index"])?;
    let position = start::position(&handshake.call, given.get("after")).await?;
    let index: Option<u32> = named("index", given.get("index"))?;
    let place = place(position, index.map(u64::from));
    let has_resumed = given.get("after").is_some();
    Ok(handshake.open_with(|call| Desk { feed: Feed::new(&call, place), call, has_resumed }))
}

fn place(position: Position, index: Option<u64>) -> Place {
    index.map_or(Place::behind(position), |index| Place { position, index })
}

/// What a socket of the desk is opened for.
type DeskCall = Call<op::DeskStream>;

/// An agent's place at the desk.
struct Desk {
    call: DeskCall,
    feed: Feed,
    /// Whether the client has said where it goes on.
    has_resumed: bool,
}

impl Source for Desk {
    async fn next(&mut self, format: Format) -> Result<Vec<Message>, Ending> {
        self.feed.next(&self.call, format).await
    }

    async fn hear(&mut self, said: Said, format: Format) -> Result<Vec<Message>, Ending> {
        let (request_id, request) = match said {
            Ok(said) => {
                let Asked { request_id, request } = Asked::read(said);
                (request_id, request)
            }
            Err(problem) => (None, Err(problem)),
        };
        let answered = match request {
            Ok(request) => self.answer(request).await,
            Err(problem) => Err(problem),
        };
        let frame = match answered {
            Ok(answer) => format.frame(&answer.to(request_id)),
            Err(problem) => format.frame(&ErrorFrame::of(&problem, request_id)),
        };
        Ok(vec![frame?])
    }

    fn position(&self) -> Position {
        self.feed.position()
    }
}

impl Desk {
    /// Goes on behind an earlier place: what was missed comes next.
    async fn resume(&mut self, after: u64, index: Option<u64>) -> Result<Position, Problem> {
        if self.has_resumed {
            return Err(Problem::new(Kind::Conflict, "This socket goes on behind the place that was named first."));
        }
        let position = start::position(&self.call, Some(&after.to_string())).await?;
        self.feed = self.feed.back_to(&self.call, place(position, index));
        self.has_resumed = true;
        Ok(position)
    }
}
