//! The door: REST, authentication, and what stands around every request. The binary `kith` is made of it.

pub mod app;
pub mod armour;
pub mod auth;
pub mod bus;
pub mod channel;
pub mod csv;
pub mod desk;
pub mod live;
pub mod openapi;
pub mod point;
pub mod problem;
pub mod rest;
pub mod server;
pub mod words;

pub use app::{AppState, DoorOptions, Parts, build};
