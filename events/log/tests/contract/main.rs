//! What the log promises, held against a real nats-server.

mod append;
mod claims;
mod crash;
mod erase;
mod group;
mod health;
mod managed;
mod pages;
mod samples;
mod secrets;
mod service;
mod tail;
mod time;
