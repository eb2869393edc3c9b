use {
    crate::constants::INSURANCE_SEED,
    anchor_lang::prelude::*,
    backstop_engine::{quantity::Assets, waterfall::Fund},
};

/// What pays for losses before LPs do. Seeds: `insurance`, pool. Its vault: `vault`, insurance fund.
#[account]
pub struct InsuranceFund {
    /// The pool that it insures.
    pub pool: Address,
    /// Its token account.
    pub vault: Address,
    /// Liquidity in the vault that is the fund's. Donations to the vault do not count.
    pub assets: u64,
    /// All that was ever drawn.
    pub drawn: u64,
    /// What recent draws still counted for at `window_at`.
    pub window_drawn: u64,
    /// Unix time of the last draw.
    pub window_at: i64,
    /// [`ACCOUNT_VERSION`](crate::constants::ACCOUNT_VERSION).
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, for what comes later.
    pub spare: [u8; 254],
}

impl InsuranceFund {
    /// The fund as the engine sees it.
    pub fn fund(&self) -> Fund {
        Fund {
            assets: Assets::new(self.assets),
            drawn: Assets::new(self.drawn),
            window_drawn: Assets::new(self.window_drawn),
            window_at: self.window_at,
        }
    }

    /// Seeds with which the fund signs for its vault.
    pub fn seeds(&self) -> [&[u8]; 3] {
        [INSURANCE_SEED, self.pool.as_ref(), core::slice::from_ref(&self.bump)]
    }

    /// Stores what the engine decided.
    pub fn apply(&mut self, fund: &Fund) {
        self.assets = fund.assets.get();
        self.drawn = fund.drawn.get();
        self.window_drawn = fund.window_drawn.get();
        self.window_at = fund.window_at;
    }
}
