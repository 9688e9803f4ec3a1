//! The customer: who they are, whether they are active, their points, and what they bought (specs 000 and 002).
//!
//! - [`state`]: what the events add up to, and `evolve`
//! - [`rules`]: what must hold, one function per sentence
//! - [`error`]: the rejections with their codes
//! - `register`, `import`, `arrive`: how a customer comes in
//! - `change`, `change_contact`, `revert`, `activate`, `deactivate`, `tag`: what is known about them
//! - `update_points`, `record_order`: what they earn and buy
//! - `delete`, `restore`, `come_back`, `forget`: how they go, and come back
//! - [`claims`]: which unique names change hands with their events

mod activate;
mod arrive;
mod change;
mod change_contact;
mod claims;
mod come_back;
mod deactivate;
mod delete;
mod error;
mod forget;
mod import;
mod record_order;
mod register;
mod restore;
mod revert;
mod rules;
mod state;
mod tag;
mod update_points;

use events::{ClaimKey, ClaimName, CustomerEvent, StreamKind, StreamRef};
use serde::Serialize;

use crate::aggregate::{Aggregate, ClaimChange, Context, EventMeta, Traits};

pub use arrive::Arrive;
pub use change::Change;
pub use change_contact::ChangeContact;
pub use come_back::ComeBack;
pub use error::CustomerRejection;
pub use import::Import;
pub use record_order::RecordOrder;
pub use register::Register;
pub use revert::Revert;
pub use rules::{ORDER_TIME_TOLERANCE_SECONDS, limits};
pub use state::{CustomerState, Standing};
pub use tag::{PutTag, TakeTag};
pub use update_points::UpdatePoints;

/// What can be asked of a customer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerCommand {
    /// Enter them.
    Register(Register),
    /// Take them over from another system, with a past.
    Import(Import),
    /// Enter them, who wrote for the first time in a channel.
    Arrive(Arrive),
    /// Change what is written down about them.
    Change(Change),
    /// Put the profile back to what it was.
    Revert(Revert),
    /// Change what a channel tells about them.
    ChangeContact(ChangeContact),
    /// Put a tag on them.
    PutTag(PutTag),
    /// Take a tag off them.
    TakeTag(TakeTag),
    /// Give or take points.
    UpdatePoints(UpdatePoints),
    /// Note that they bought something.
    RecordOrder(RecordOrder),
    /// Make them active again.
    Activate,
    /// Make them inactive.
    Deactivate,
    /// Take them out of lists; they can be restored.
    Delete,
    /// Put them back in lists.
    Restore,
    /// Put them back in lists because they wrote again.
    ComeBack(ComeBack),
    /// Forget the person: all earlier events are erased.
    Forget,
}

/// The customer aggregate.
#[derive(Debug, Clone, Copy)]
pub struct Customer;

impl Aggregate for Customer {
    type State = CustomerState;
    type Command = CustomerCommand;
    type Event = CustomerEvent;
    type Rejection = CustomerRejection;

    const KIND: StreamKind = StreamKind::Customer;
    const SNAPSHOT_SCHEMA: u32 = 2;

    fn decide(
        state: &CustomerState,
        command: &CustomerCommand,
        context: &Context,
    ) -> Result<Vec<CustomerEvent>, CustomerRejection> {
        match command {
            CustomerCommand::Register(command) => register::decide(state, command, context),
            CustomerCommand::Import(command) => import::decide(state, command, context),
            CustomerCommand::Arrive(command) => arrive::decide(state, command),
            CustomerCommand::Change(command) => change::decide(state, command, context),
            CustomerCommand::Revert(command) => revert::decide(state, command),
            CustomerCommand::ChangeContact(command) => change_contact::decide(state, command),
            CustomerCommand::PutTag(command) => tag::put(state, command),
            CustomerCommand::TakeTag(command) => tag::take(state, command),
            CustomerCommand::UpdatePoints(command) => update_points::decide(state, command),
            CustomerCommand::RecordOrder(command) => record_order::decide(state, command, context),
            CustomerCommand::Activate => activate::decide(state),
            CustomerCommand::Deactivate => deactivate::decide(state),
            CustomerCommand::Delete => delete::decide(state),
            CustomerCommand::Restore => restore::decide(state),
            CustomerCommand::ComeBack(command) => come_back::decide(state, command),
            CustomerCommand::Forget => forget::decide(state),
        }
    }

    fn evolve(state: CustomerState, event: &CustomerEvent, meta: &EventMeta) -> CustomerState {
        state::evolve(state, event, meta)
    }

    fn claims(stream: &StreamRef, before: &CustomerState, events: &[CustomerEvent]) -> Vec<ClaimChange> {
        claims::changes(stream, before, events)
    }

    fn taken(key: &ClaimKey) -> CustomerRejection {
        match key.name {
            ClaimName::OrderNumber => CustomerRejection::OrderNumberTaken,
            ClaimName::CustomerContact => CustomerRejection::ContactTaken,
            ClaimName::CustomerEmail
            | ClaimName::UserEmail
            | ClaimName::TagName
            | ClaimName::Page
            | ClaimName::ProviderTime
            | ClaimName::Idempotency => CustomerRejection::EmailTaken,
        }
    }

    fn traits(command: &CustomerCommand) -> Traits {
        match command {
            CustomerCommand::Register(_) => Traits::of("customer.register").creating().claiming(1),
            CustomerCommand::Import(_) => Traits::of("customer.import").creating().claiming(1),
            CustomerCommand::Arrive(_) => Traits::of("customer.arrive").creating().claiming(2),
            CustomerCommand::Change(change) if change.email.is_some() => Traits::of("customer.change").claiming(2),
            CustomerCommand::Change(_) => Traits::of("customer.change"),
            CustomerCommand::Revert(_) => Traits::of("customer.revert").claiming(2),
            CustomerCommand::ChangeContact(_) => Traits::of("customer.change_contact").claiming(2),
            CustomerCommand::PutTag(_) => Traits::of("customer.put_tag"),
            CustomerCommand::TakeTag(_) => Traits::of("customer.take_tag"),
            CustomerCommand::UpdatePoints(_) => Traits::of("customer.update_points"),
            CustomerCommand::RecordOrder(_) => Traits::of("customer.record_order").claiming(1),
            CustomerCommand::Activate => Traits::of("customer.activate"),
            CustomerCommand::Deactivate => Traits::of("customer.deactivate"),
            CustomerCommand::Delete => Traits::of("customer.delete").claiming(1),
            CustomerCommand::Restore => Traits::of("customer.restore").claiming(1),
            CustomerCommand::ComeBack(_) => Traits::of("customer.come_back").claiming(1),
            CustomerCommand::Forget => Traits::of("customer.forget").claiming(2),
        }
    }

    fn is_erased(state: &CustomerState) -> bool {
        state.standing == Standing::Forgotten
    }

    fn weight(state: &CustomerState) -> usize {
        state.weight()
    }
}
