//! The protocol's properties, by their names, on the built program: through long random histories, and at a cost that
//! does not depend on how many take part.
//!
//! A history is random instructions by random actors, with prices and time moving, officers pausing and changing what
//! they may, and what goes wrong happening often ([`plan`]). After each step everything is read once ([`state`]) and
//! every property is checked: against the engine's preview ([`preview`]), against numbers computed anew ([`model`],
//! [`properties`]), against a ledger that visits everybody ([`ledger`]), and, now and then, against what leaving would
//! have brought ([`escape`]). A history in which a property does not hold is made as short as a minute allows
//! ([`shrink`]) and printed as a scenario file ([`story`]) for `backstop run`.
//!
//! The usual run plays more than a hundred thousand instructions. For hours of it:
//!
//! ```text
//! SEEDS=1000 INSTRUCTIONS=5000 cargo test -p backstop-tests --test invariants -- --ignored --nocapture
//! ```
//!
//! plays `SEEDS` histories (a hundred) of `INSTRUCTIONS` instructions (two thousand) each, from the seed `FIRST` (a
//! million) on. One history alone: `FIRST=1000017 SEEDS=1`.
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
mod count;
mod escape;
mod ledger;
mod model;
mod no_free_money;
mod plan;
mod play;
mod pool_profile;
mod preview;
mod properties;
mod scenario_files;
mod shrink;
mod state;
mod step;
mod story;
mod violation;
mod walk;
