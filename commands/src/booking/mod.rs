//! The booking: a customer books a provider's time for a service (spec 003). A provider's time is booked once: a booking holds
//! every cell of its time by a claim, so the log decides who was first.
//!
//! ```text
//! requested ──▶ confirmed ──▶ completed ──▶ reviewed
//!     │             ├───────▶ no_show
//!     └─────────────┴───────▶ cancelled
//! ```
//!
//! - [`state`]: what the events add up to, and `evolve`
//! - [`rules`]: what must hold, one function per sentence
//! - [`error`]: the rejections with their codes
//! - `request`, `import`: how a booking comes in
//! - `settle`: how it is confirmed, completed or missed; `cancel`, `reschedule`: how it is not, or later
//! - `record_payment`, `review`: what the customer gives and says
//! - `forget`: how it goes
//! - [`claims`]: which time changes hands with its events

mod cancel;
mod claims;
mod error;
mod forget;
mod import;
mod record_payment;
mod request;
mod reschedule;
mod review;
mod rules;
mod settle;
mod state;

use events::{BookingEvent, ClaimKey, StreamKind, StreamRef};
use serde::Serialize;

use crate::aggregate::{Aggregate, ClaimChange, Context, EventMeta, Traits};

pub use cancel::Cancel;
pub use error::BookingRejection;
pub use import::Import;
pub use record_payment::RecordPayment;
pub use request::Request;
pub use reschedule::Reschedule;
pub use review::Review;
pub use rules::limits;
pub use state::{BookingState, Standing};

/// What can be asked of a booking.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BookingCommand {
    /// Book a provider's time.
    Request(Request),
    /// Take it over from another system, with a past.
    Import(Box<Import>),
    /// Agree to it.
    Confirm,
    /// Put it at another time.
    Reschedule(Reschedule),
    /// Note that the service was given.
    Complete,
    /// Call it off.
    Cancel(Cancel),
    /// Note that the customer did not come.
    NoShow,
    /// Note that the customer paid.
    RecordPayment(RecordPayment),
    /// Say how good the service was.
    Review(Review),
    /// Forget it, with the customer: all earlier events are erased.
    Forget,
}

/// The booking aggregate.
#[derive(Debug, Clone, Copy)]
pub struct Booking;

impl Aggregate for Booking {
    type State = BookingState;
    type Command = BookingCommand;
    type Event = BookingEvent;
    type Rejection = BookingRejection;

    const KIND: StreamKind = StreamKind::Booking;
    const SNAPSHOT_SCHEMA: u32 = 1;

    fn decide(state: &BookingState, command: &BookingCommand, context: &Context) -> Result<Vec<BookingEvent>, BookingRejection> {
        match command {
            BookingCommand::Request(command) => request::decide(state, command, context),
            BookingCommand::Import(command) => import::decide(state, command, context),
            BookingCommand::Confirm => settle::confirm(state),
            BookingCommand::Reschedule(command) => reschedule::decide(state, command, context),
            BookingCommand::Complete => settle::complete(state, context),
            BookingCommand::Cancel(command) => cancel::decide(state, command),
            BookingCommand::NoShow => settle::no_show(state, context),
            BookingCommand::RecordPayment(command) => record_payment::decide(state, command, context),
            BookingCommand::Review(command) => review::decide(state, command, context),
            BookingCommand::Forget => forget::decide(state),
        }
    }

    fn evolve(state: BookingState, event: &BookingEvent, meta: &EventMeta) -> BookingState {
        state::evolve(state, event, meta)
    }

    fn claims(stream: &StreamRef, before: &BookingState, events: &[BookingEvent]) -> Vec<ClaimChange> {
        claims::changes(stream, before, events)
    }

    fn taken(_key: &ClaimKey) -> BookingRejection {
        BookingRejection::TimeTaken
    }

    fn traits(command: &BookingCommand) -> Traits {
        let day = limits::CELLS;
        match command {
            BookingCommand::Request(request) => Traits::of("booking.request").creating().claiming(claims::most(&request.slot)),
            BookingCommand::Import(import) => Traits::of("booking.import").creating().claiming(claims::most_of(import)),
            BookingCommand::Confirm => Traits::of("booking.confirm"),
            BookingCommand::Reschedule(command) => Traits::of("booking.reschedule").claiming(claims::most(&command.slot) + day),
            BookingCommand::Complete => Traits::of("booking.complete"),
            BookingCommand::Cancel(_) => Traits::of("booking.cancel").claiming(day),
            BookingCommand::NoShow => Traits::of("booking.no_show").claiming(day),
            BookingCommand::RecordPayment(_) => Traits::of("booking.record_payment"),
            BookingCommand::Review(_) => Traits::of("booking.review"),
            BookingCommand::Forget => Traits::of("booking.forget").claiming(day),
        }
    }

    fn is_erased(state: &BookingState) -> bool {
        state.standing == Standing::Forgotten
    }

    fn weight(state: &BookingState) -> usize {
        state.weight()
    }
}
