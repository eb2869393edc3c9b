//! A program that calls Backstop, `programs/caller`: a vault that lends. What it refuses, what Backstop refuses through
//! it, what it earns and loses, what it says that its position is worth. Amounts in comments are whole tokens.
#![allow(missing_docs)]
// Tests compute with plain operators and stop at the first surprise.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::integer_division,
    clippy::unwrap_used
)]

mod fixtures;

mod claim;
mod deposit;
mod open;
mod value;
mod withdraw;
