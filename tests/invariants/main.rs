//! The protocol's properties, by their names, on the built program: through long random histories, and at a cost that does
//! not depend on how many take part.
#![allow(missing_docs)]
// Tests compute with plain operators and stop at the first surprise.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::integer_division,
    clippy::unwrap_used
)]

mod choice;
mod constant_cost;
mod ledger;
mod no_free_money;
mod preview;
mod properties;
mod state;
mod step;
mod walk;
