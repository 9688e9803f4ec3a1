//! The stores against a real log, on both databases: kept current by the runner, rebuilt, verified, replaced.

mod house;
mod rebuild;
mod runner;
mod support;
mod texts;
mod versions;
