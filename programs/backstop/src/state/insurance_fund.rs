use anchor_lang::prelude::*;

/// A pool's insurance fund. Seeds: `insurance`, pool.
///
/// Its tokens lie in the pool's vault. So a draw moves no token, and no token account can prevent the recording of a
/// loss.
#[account]
pub struct InsuranceFund {
    /// The pool.
    pub pool: Address,
    /// The fund's liquidity in the pool's vault.
    pub assets: u64,
    /// Stakers' shares.
    pub shares: u64,
    /// Protocol-owned shares.
    pub protocol_shares: u64,
    /// Waiting shares: minted by recoveries, and not claimed by stakers yet.
    pub waiting_shares: u64,
    /// The sum of all draws.
    pub drawn: u64,
    /// Draws that count for the draw cap, as of `window_at`.
    pub window_drawn: u64,
    /// Unix time of the last draw.
    pub window_at: i64,
    /// Unix time at which they have faded.
    pub window_ends_at: i64,
    /// Revenue that the pool owed when the fund was last settled.
    pub owed: u64,
    /// How often losses divided all shares by 1,024. A loss of the whole fund counts seven times.
    pub generation: u32,
    /// The number of the last loss in the loss book that stakers bore.
    pub last_loss: u32,
    /// [`ACCOUNT_VERSION`](crate::constants::ACCOUNT_VERSION).
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, reserved.
    pub spare: [u8; 150],
}
