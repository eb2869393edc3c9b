//! Holds, and what is remembered of prices, as stored.

use {
    anchor_lang::prelude::*,
    bytemuck::{Pod, Zeroable},
};

/// The hold of a pool or a fund.
#[derive(Clone, Copy, Pod, Zeroable, IdlType)]
#[repr(C)]
pub struct HoldTimes {
    /// Unix time since which it has been on hold, or open.
    pub since: i64,
    /// The duration of all past holds, in seconds.
    pub stopped: u64,
    /// The duration of the past holds that count together, in seconds.
    pub spent: u32,
    /// One on hold, zero otherwise.
    pub on: u32,
}

/// The newest price read for a token. All zero before the first.
#[derive(Clone, Copy, Pod, Zeroable, IdlType)]
#[repr(C)]
pub struct LastPrice {
    /// Its digits.
    pub price: u64,
    /// The newest time of its feed.
    pub first_at: i64,
    /// The newest time of its second feed.
    pub second_at: i64,
    /// Unix time at which somebody reported that there is none; zero if nobody did, or it was read since.
    pub reported_at: i64,
    /// The power of ten of its digits.
    pub exponent: i32,
    /// Zeros, for what comes later.
    pub spare: [u8; 4],
}
