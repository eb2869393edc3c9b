//! Holds, and what is remembered of prices, as stored.

use {
    anchor_lang::prelude::*,
    backstop_engine::{
        hold::Hold,
        mark::Evidence,
        memory::PriceMemory,
        price::{PriceTimes, Reading},
    },
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

impl LastPrice {
    /// Remembers a usable price, and says how good it is beside those before.
    pub fn remember(&mut self, reading: &Reading) -> Evidence {
        let memory = PriceMemory::from(*self);
        *self = memory.after(reading).into();
        Evidence::of(reading.times, &memory)
    }
}

impl From<HoldTimes> for Hold {
    #[inline(always)]
    fn from(stored: HoldTimes) -> Self {
        Self { on: stored.on != 0, since: stored.since, stopped: stored.stopped, spent: stored.spent }
    }
}

impl From<Hold> for HoldTimes {
    fn from(hold: Hold) -> Self {
        Self { since: hold.since, stopped: hold.stopped, spent: hold.spent, on: hold.on.into() }
    }
}

impl From<LastPrice> for PriceMemory {
    #[inline(always)]
    fn from(stored: LastPrice) -> Self {
        Self {
            price: stored.price,
            exponent: stored.exponent,
            times: PriceTimes { first: stored.first_at, second: stored.second_at },
            reported_at: stored.reported_at,
        }
    }
}

impl From<PriceMemory> for LastPrice {
    #[inline(always)]
    fn from(memory: PriceMemory) -> Self {
        Self {
            price: memory.price,
            first_at: memory.times.first,
            second_at: memory.times.second,
            reported_at: memory.reported_at,
            exponent: memory.exponent,
            spare: [0; 4],
        }
    }
}
