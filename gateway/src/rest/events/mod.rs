//! `GET /api/v1/events/`: the tenant's events, straight from the log.

pub mod objects;
pub mod pages;
pub mod params;

use events::Position;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;

use self::objects::EventPage;
use self::pages::{Found, Span};
use self::params::{AfterPosition, EventLimit, EventParams, EventTypeName, Kind as KindName};
use crate::auth::op;
use crate::problem::Problem;
use crate::rest::Tag;
use crate::rest::answer::Read;
use crate::rest::call::Call;
use crate::rest::paging::ListUrl;
use crate::rest::params::{Free, Text, Time, in_order};

pub use objects::EventObject;

/// Events.
pub struct EventsApi;

#[OpenApi(prefix_path = "/api/v1/events", tag = "Tag::Events")]
impl EventsApi {
    /// List events
    ///
    /// Everything that happened to the tenant's data, oldest first, with the whole envelope. A page ends between commits, so it may
    /// hold a few events less than `limit`, or more where one commit has more. It may hold none while there is a `next`: only so
    /// much of the log is looked through at once. `ws /ws/events/` gives the same as it happens.
    #[oai(path = "/", method = "get", operation_id = "listEvents")]
    #[expect(clippy::too_many_arguments, reason = "one argument per parameter of the URL")]
    async fn list(
        &self,
        call: Call<op::EventsList>,
        url: ListUrl,
        /// Only events behind this position.
        after: Query<AfterPosition>,
        /// How many events a page has at most.
        limit: Query<EventLimit>,
        /// Only events of aggregates of this kind.
        kind: Query<Text<KindName>>,
        /// Only events of this type.
        #[oai(name = "type")]
        event_type: Query<Text<EventTypeName>>,
        /// Only events of the aggregate with this id.
        object_id: Query<Text<Free>>,
        /// Only events that the actor with this id caused.
        actor: Query<Text<Free>>,
        /// Only events recorded at this time or later.
        from: Query<Text<Time>>,
        /// Only events recorded at this time or before.
        to: Query<Text<Time>>,
    ) -> Result<Read<EventPage>, Problem> {
        let params = EventParams {
            kind: kind.as_deref(),
            event_type: event_type.as_deref(),
            object_id: object_id.as_deref(),
            actor: actor.as_deref(),
        };
        let filter = params.parse()?;
        let (from, to) = (from.time("from")?, to.time("to")?);
        in_order(("from", from), ("to", to))?;
        let span = Span::of(&call, Position(after.0.0), from, to).await?;
        let limit = usize::try_from(limit.0.0).unwrap_or(usize::MAX);
        let Found { events, next_after, ended } = pages::find(&call, &filter, span, limit).await?;
        let results = events.iter().map(EventObject::of).collect::<Result<_, _>>()?;
        let next = (!ended).then(|| url.with("after", next_after.0));
        Ok(Read::new(EventPage { results, next_after: next_after.0, next }, span.up_to))
    }
}
