//! The REST interface against a real nats-server and SQLite, filed by URL.

mod auth;
mod conditions;
mod customers;
mod customers_bulk;
mod customers_files;
mod customers_points;
mod framework;
mod house;
mod idempotency;
mod openapi;
mod roles;
mod tenants;
mod users;
