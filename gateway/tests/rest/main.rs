//! The REST interface against a real nats-server and SQLite, filed by URL.

mod as_of;
mod audit;
mod audit_rules;
mod auth;
mod bus;
mod conditions;
mod customers;
mod customers_bulk;
mod customers_files;
mod customers_history;
mod customers_points;
mod events;
mod framework;
mod house;
mod idempotency;
mod live;
mod openapi;
mod options;
mod password;
mod roles;
mod socket;
mod tenants;
mod users;
mod waiting;
