use anchor_lang::prelude::*;

/// What pays for losses before LPs do. Seeds: `insurance`, pool.
///
/// Its tokens lie in the pool's vault, counted here and never as the pool's cash, so that a draw moves no token and
/// nothing that happens to a token account can keep a loss from being recorded.
#[account]
pub struct InsuranceFund {
    /// The pool that it insures.
    pub pool: Address,
    /// Liquidity in the pool's vault that is the fund's.
    pub assets: u64,
    /// Stakers' shares.
    pub shares: u64,
    /// Shares of the fund itself: protocol-owned shares.
    pub protocol_shares: u64,
    /// Shares that came back of stakers' losses and wait to be claimed.
    pub waiting_shares: u64,
    /// All that was ever drawn.
    pub drawn: u64,
    /// What recent draws still counted for at `window_at`.
    pub window_drawn: u64,
    /// Unix time of the last draw.
    pub window_at: i64,
    /// Unix time at which all of them will have faded.
    pub window_ends_at: i64,
    /// What the pool owed it when it was last settled.
    pub owed: u64,
    /// How often losses divided all shares by 1,024; a loss of the whole fund counts seven times.
    pub generation: u32,
    /// Number of the last loss in the loss book that stakers bore.
    pub last_loss: u32,
    /// [`ACCOUNT_VERSION`](crate::constants::ACCOUNT_VERSION).
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, for what comes later.
    pub spare: [u8; 150],
}
