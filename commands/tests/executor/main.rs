//! The executor against a real nats-server.
//!
//! Needs nats-server on the PATH, or `KITH_NATS_SERVER`.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

mod bulk;
mod claims;
mod contention;
mod desk;
mod idempotency;
mod import;
mod lifecycle;
mod reading;
mod slots;
mod support;
mod tenants;
mod together;
