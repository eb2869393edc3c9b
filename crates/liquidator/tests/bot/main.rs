//! Tests of the bot's pure parts, of what it serves, and of its command.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::integer_division,
    clippy::cast_sign_loss,
    reason = "a test may stop at once"
)]

mod binary;
mod book;
mod endpoint;
mod given;
mod planning;
mod rating;
