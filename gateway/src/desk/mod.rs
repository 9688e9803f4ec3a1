//! The agent desk: where people take over from the bot.
//!
//! - [`assignment`]: customers who want a person are given to agents, where the tenant wants that
//! - [`detector`]: whether a message asks for a person
//! - [`gauges`]: how the desk is doing, for Prometheus

pub mod assignment;
pub mod detector;
pub mod gauges;
