//! The managed server.
