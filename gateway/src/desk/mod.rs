//! The agent desk: where people take over from the bot.
//!
//! - [`detector`]: whether a message asks for a person

pub mod detector;
