//! `ws /ws/customers/` against the real service: what spec 000 says, and subscriptions.

pub mod client;
mod load;
mod people;
mod requests;
mod slow;
mod subscriptions;
