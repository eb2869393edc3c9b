use {
    super::PoolParameters,
    crate::{
        constants::POOL_SEED,
        errors::{BackstopError, OrRefuse},
        events::PoolState,
    },
    anchor_lang::prelude::*,
    backstop_engine::{
        fixed::Q64,
        pool::Totals,
        quantity::{Assets, DebtShares, Shares},
    },
};

/// One liquidity token's lending pool. Seeds: `pool`, market, mint. Its vault: `vault`, pool.
#[account]
pub struct Pool {
    /// The market that it belongs to.
    pub market: Address,
    /// The liquidity token's mint.
    pub mint: Address,
    /// The token account that holds cash and what is due to the insurance fund.
    pub vault: Address,
    /// Its insurance fund.
    pub insurance_fund: Address,
    /// What one debt share is worth, 64 fractional bits.
    pub borrow_index: PodU128,
    /// Liquidity in the vault that is the pool's. Donations to the vault do not count.
    pub cash: u64,
    /// Shares of the performing debt.
    pub debt_shares: u64,
    /// LP shares of the present generation.
    pub shares: u64,
    /// What belongs to no LP and takes losses first.
    pub reserves: u64,
    /// Liquidity in the vault that waits to be moved to the insurance fund.
    pub insurance_due: u64,
    /// Unix time up to which interest is counted.
    pub accrued_at: i64,
    /// How many losses were recorded: the sequence number of the last one.
    pub losses: u64,
    /// All losses that nobody bore.
    pub uncovered: u64,
    /// Rates, loss sharing, liquidation, oracle.
    pub parameters: PoolParameters,
    /// How often a loss took all of NAV. Shares of past generations are void.
    pub generation: u32,
    /// Decimals of the mint.
    pub decimals: u8,
    /// [`ACCOUNT_VERSION`](crate::constants::ACCOUNT_VERSION).
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, for what comes later.
    pub spare: [u8; 513],
}

impl Pool {
    /// The totals as the engine sees them.
    pub fn totals(&self) -> Totals {
        Totals {
            cash: Assets::new(self.cash),
            debt_shares: DebtShares::new(self.debt_shares),
            borrow_index: Q64::from_bits(self.borrow_index.get()),
            shares: Shares::new(self.shares),
            reserves: Assets::new(self.reserves),
            insurance_due: Assets::new(self.insurance_due),
            accrued_at: self.accrued_at,
        }
    }

    /// The totals with interest counted up to now: what every instruction that reads totals starts from.
    pub fn accrued(&self, now: i64) -> Result<Totals> {
        Ok(self.totals().accrue(&self.parameters.rates.model(), now).or_refuse()?.totals)
    }

    /// Stores what the engine decided, and checks the invariant: NAV is not negative.
    #[inline(never)]
    pub fn apply(&mut self, totals: &Totals) -> Result<()> {
        self.cash = totals.cash.get();
        self.debt_shares = totals.debt_shares.get();
        self.borrow_index = totals.borrow_index.bits().into();
        self.shares = totals.shares.get();
        self.reserves = totals.reserves.get();
        self.insurance_due = totals.insurance_due.get();
        self.accrued_at = totals.accrued_at;
        require!(totals.is_sound(), BackstopError::InvariantViolated);
        Ok(())
    }

    /// The state that every event of the pool carries.
    pub fn state(&self) -> PoolState {
        PoolState {
            borrow_index: self.borrow_index,
            cash: self.cash,
            debt_shares: self.debt_shares,
            shares: self.shares,
            reserves: self.reserves,
            insurance_due: self.insurance_due,
        }
    }

    /// Seeds with which the pool signs for its vault.
    pub fn seeds(&self) -> [&[u8]; 4] {
        [POOL_SEED, self.market.as_ref(), self.mint.as_ref(), core::slice::from_ref(&self.bump)]
    }
}
