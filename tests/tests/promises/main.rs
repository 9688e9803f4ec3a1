//! What Kith promises, held end to end by the real binary on real servers.

mod bookings;
mod bus;
mod command_line;
mod contention;
mod crash;
mod demo;
mod desk;
mod desk_past;
mod fuzz;
mod import;
mod isolation;
mod outbox;
mod past;
mod rebuild;
mod replay;
mod running;
mod walk;
mod webhook;
