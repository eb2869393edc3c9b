//! A bot that watches the obligations of Backstop pools, liquidates, provisions and records.
//!
//! It watches accounts ([`watch`]) and keeps what decides in a [`book`]; rates every obligation ([`rate`]) and plans what to do
//! ([`mod@plan`]), both pure; and does it ([`act`]). [`run`] is the loop around these.

pub mod act;
pub mod book;
pub mod config;
pub mod metrics;
pub mod plan;
pub mod rate;
pub mod run;
pub mod wallet;
pub mod watch;
