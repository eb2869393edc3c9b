//! Seeds, versions and limits. Those marked `#[constant]` stand in the IDL.

use anchor_lang::prelude::*;

/// Version byte of every account that this program writes.
#[constant]
pub const ACCOUNT_VERSION: u8 = 1;
/// How many collaterals an obligation can hold.
pub const MAX_COLLATERALS: usize = 8;
/// How many losses a new loss book has room for. It is extended by those who create a pool, and by anyone.
pub const FIRST_RECORDS: u32 = 64;
/// By how many losses a loss book can be extended at once: the runtime lets an account grow by 10,240 bytes an
/// instruction.
#[constant]
pub const MORE_RECORDS: u32 = 75;
/// How many rows a history can be extended by at once.
#[constant]
pub const MORE_ROWS: u32 = 256;
/// As an amount: all there is.
#[constant]
pub const ALL: u64 = u64::MAX;

/// Seed of a market: `market`, who creates it, id (little endian).
#[constant]
pub const MARKET_SEED: &[u8] = b"market";
/// Seed of a pool: `pool`, market, liquidity mint.
#[constant]
pub const POOL_SEED: &[u8] = b"pool";
/// Seed of a vault: `vault`, the pool or collateral that owns it.
#[constant]
pub const VAULT_SEED: &[u8] = b"vault";
/// Seed of a collateral: `collateral`, pool, collateral mint.
#[constant]
pub const COLLATERAL_SEED: &[u8] = b"collateral";
/// Seed of an LP position: `lp`, pool, owner.
#[constant]
pub const LP_SEED: &[u8] = b"lp";
/// Seed of an obligation: `obligation`, pool, owner.
#[constant]
pub const OBLIGATION_SEED: &[u8] = b"obligation";
/// Seed of an insurance stake: `stake`, insurance fund, owner.
#[constant]
pub const STAKE_SEED: &[u8] = b"stake";
/// Seed of a loss book: `losses`, pool.
#[constant]
pub const LOSSES_SEED: &[u8] = b"losses";
/// Seed of what was claimed of a loss: `claim`, position or stake, number of the loss (little endian).
#[constant]
pub const CLAIM_SEED: &[u8] = b"claim";
/// Seed of a queued change: `change`, market, nonce (little endian).
#[constant]
pub const CHANGE_SEED: &[u8] = b"change";
/// Seed of an insurance fund: `insurance`, pool.
#[constant]
pub const INSURANCE_SEED: &[u8] = b"insurance";
