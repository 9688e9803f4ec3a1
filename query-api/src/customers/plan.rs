//! How a filter is answered.
