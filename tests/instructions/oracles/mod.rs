//! Prices as the program reads them: real accounts of both oracle networks and malformed ones, two feeds of a token,
//! the average guard, and what needs no price.

mod always_open;
mod average;
mod captured;
mod decode;
mod fixtures;
mod flips;
mod pyth;
mod switchboard;
mod two_feeds;
