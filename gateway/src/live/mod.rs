//! What happens, as it happens: the ground of every live door.
//!
//! - [`hub`]: one tail per partition, whose commits go to the subscribers of each tenant
//! - [`subscription`]: a tenant's commits from any position on, first from the log and then from the hub
//! - [`filter`]: which of them
//! - [`handshake`]: who may open a socket, and from which pages
//! - [`socket`]: what every socket does: frames, heartbeats, and a clean end
//! - [`events`]: `ws /ws/events/`

pub mod events;
pub mod filter;
pub mod handshake;
pub mod hub;
pub mod socket;
pub mod subscription;

pub use filter::EventFilter;
pub use handshake::Handshake;
pub use hub::{Batch, Hub};
pub use socket::{Ending, Format, Source};
pub use subscription::Subscription;
