use {
    super::ClaimBook,
    anchor_lang::prelude::*,
    backstop_engine::{
        insurance::Fund,
        quantity::{Assets, Shares},
    },
};

/// What pays for losses before LPs do. Seeds: `insurance`, pool.
///
/// Its tokens lie in the pool's vault, counted here and never as the pool's cash, so that a draw moves no token and nothing
/// that happens to a token account can keep a loss from being recorded.
#[account]
pub struct InsuranceFund {
    /// The pool that it insures.
    pub pool: Address,
    /// Liquidity in the pool's vault that is the fund's.
    pub assets: u64,
    /// Stakers' shares of the present generation.
    pub shares: u64,
    /// Shares that belong to nobody: gifts that founded the fund.
    pub founding: u64,
    /// What draws took from the founding shares and was not recovered.
    pub founding_claims: u64,
    /// All that was ever drawn.
    pub drawn: u64,
    /// What recent draws still counted for at `window_at`.
    pub window_drawn: u64,
    /// Unix time of the last draw.
    pub window_at: i64,
    /// The stakers' claims on what is recovered of losses.
    pub claims: ClaimBook,
    /// [`ACCOUNT_VERSION`](crate::constants::ACCOUNT_VERSION).
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, for what comes later.
    pub spare: [u8; 166],
}

impl InsuranceFund {
    /// The fund as the engine sees it.
    pub fn fund(&self) -> Fund {
        Fund {
            assets: Assets::new(self.assets),
            shares: Shares::new(self.shares),
            founding: Shares::new(self.founding),
            founding_claims: Assets::new(self.founding_claims),
            drawn: Assets::new(self.drawn),
            window_drawn: Assets::new(self.window_drawn),
            window_at: self.window_at,
        }
    }

    /// Stores what the engine decided.
    pub fn apply(&mut self, fund: &Fund) {
        self.assets = fund.assets.get();
        self.shares = fund.shares.get();
        self.founding = fund.founding.get();
        self.founding_claims = fund.founding_claims.get();
        self.drawn = fund.drawn.get();
        self.window_drawn = fund.window_drawn.get();
        self.window_at = fund.window_at;
    }
}
