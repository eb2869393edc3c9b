//! The command against a local cluster, as people use it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // a test ends there

mod command_runner;
mod interrupt;
mod known;
mod refusals;
mod settlement;
mod story;
