//! Tests of the bot's pure parts, of what it serves, and of its command.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::integer_division,
    clippy::unwrap_used,
    reason = "a test may stop at the first surprise"
)]

mod binary;
mod book;
mod bounds;
mod endpoint;
mod instruction;
mod leaving;
mod left_alone;
mod planning;
mod rating;
mod strategies;
mod watching;
