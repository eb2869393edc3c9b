//! Holds, and what is remembered of prices, as stored.

use {
    anchor_lang::prelude::*,
    bytemuck::{Pod, Zeroable},
};

/// Whether a pool or a fund is on hold, and for how long it was.
#[derive(Clone, Copy, Pod, Zeroable, IdlType)]
#[repr(C)]
pub struct HoldTimes {
    /// Unix time since which it is on hold, or open.
    pub since: i64,
    /// Seconds of all holds that are over.
    pub stopped: u64,
    /// Seconds of those that are over and count together.
    pub spent: u32,
    /// One on hold, zero while open.
    pub on: u32,
}

/// The newest price of a token that was read. All zero before the first.
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
