//! Killed servers and cut connections.
