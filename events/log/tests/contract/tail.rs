//! Tails: everything once and in order.
