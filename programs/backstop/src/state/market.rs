use anchor_lang::prelude::*;

/// A group of pools under one authority. Seeds: `market`, id (little endian).
#[account]
pub struct Market {
    /// Who may create pools and list collateral.
    pub authority: Address,
    /// The number that the address is derived from.
    pub id: u64,
    /// [`ACCOUNT_VERSION`](crate::constants::ACCOUNT_VERSION).
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, for what comes later.
    pub spare: [u8; 190],
}
