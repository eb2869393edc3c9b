//! Reading and sending, by real requests to a node that plays a script.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod node;
mod read;
mod send;
