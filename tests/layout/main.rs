//! What other programs, indexers and bots rely on: sizes, offsets, discriminators, seeds, error codes, the order of
//! accounts. None of it is computed by the code under test. A change here breaks those who read it.
#![allow(missing_docs)]
#![allow(clippy::arithmetic_side_effects, clippy::expect_used, clippy::indexing_slicing, clippy::unwrap_used)]

mod accounts;
mod interface;
mod price;
mod threat_model;
