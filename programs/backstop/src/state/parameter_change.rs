use {
    super::{Parameter, Pool},
    crate::errors::IntoProgramError,
    anchor_lang::prelude::*,
    backstop_engine::governance::{Schedule, waited},
};

/// A queued change of a parameter. Seeds: `change`, market, nonce (little endian).
#[account]
pub struct ParameterChange {
    /// The market whose authority queued it.
    pub market: Address,
    /// The market, pool or collateral that it changes.
    pub target: Address,
    /// Who paid the rent and gets it back.
    pub payer: Address,
    /// The new value, as in [`Parameter`].
    pub value: [u8; 32],
    /// The number that the address is derived from.
    pub nonce: u64,
    /// Unix time from which it can be executed.
    pub executable_at: i64,
    /// Unix time from which it cannot be executed any more.
    pub lapses_at: i64,
    /// For how many seconds the pool had been on hold in all when it was queued. Later holds lengthen both times.
    pub pool_stopped: u64,
    /// The same of its insurance fund.
    pub fund_stopped: u64,
    /// Unix time at which it was queued.
    pub queued_at: i64,
    /// The market's timelock when it was queued.
    pub timelock_seconds: u32,
    /// The number of the [`Parameter`].
    pub parameter: u8,
    /// [`ACCOUNT_VERSION`](crate::constants::ACCOUNT_VERSION).
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, for what comes later.
    pub spare: [u8; 41],
}

impl ParameterChange {
    /// What it changes.
    pub fn parameter(&self) -> Result<Parameter> {
        Parameter::of_number(self.parameter)
    }

    /// Allows it to be executed. Holds of the pool lengthen the waiting, but not for a feed in place of one whose price
    /// is unusable.
    pub fn require_open(&self, pool: Option<&Pool>, replaces_dead_feed: bool, now: i64) -> Result<()> {
        let queued = [self.pool_stopped, self.fund_stopped];
        let now = pool.filter(|_| !replaces_dead_feed).map_or(now, |pool| waited(&pool.holds(), queued, now));
        Schedule { executable_at: self.executable_at, lapses_at: self.lapses_at }.require_open(now).into_program_error()
    }
}
