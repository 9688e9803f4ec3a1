//! What it looks like now: every projection folds the log into tables, and the runner keeps them current.
//!
//! Nothing here decides anything, and nothing here can be lost: all tables can be filled again from the log.

pub mod audit_trail;
pub mod bookings;
pub mod checkpoint;
pub mod contact_list;
pub mod customer;
pub mod customer_history;
pub mod customer_list;
pub mod db;
pub mod desk;
pub mod directory;
pub mod points_ledger;
pub mod probe;
pub mod projection;
pub mod rebuild;
pub mod registry;
pub mod runner;
mod stores;
pub mod testing;
mod value;

pub use db::{DatabaseUrl, Db, DbError, DbOptions};
pub use projection::{ApplyError, Pace, Projection, Replay};
pub use runner::{Health, Progress, ProjectionHealth, Runner, RunnerHandle, RunnerOptions};
pub use stores::ReadModels;
