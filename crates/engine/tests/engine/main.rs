//! Tests of the engine: tables of values derived by hand, an independent model in exact rationals, and the properties
//! that must hold over random histories.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::integer_division,
    clippy::unwrap_used,
    reason = "a test may stop at the first surprise"
)]

mod average;
mod bounded_risk;
mod breaker;
mod claims;
mod covered;
mod exit;
mod fixed;
mod governance;
mod health;
mod hold;
mod insurance;
mod interest;
mod liquidation;
mod liquidation_helps;
mod mark;
mod memory;
mod model;
mod obligation;
mod pool;
mod price;
mod properties;
mod risk;
mod strategies;
mod usage;
mod waterfall;
mod window;
