//! Addresses of accounts, derived from their seeds.

use solana_address::Address;

use crate::PROGRAM_ID;

fn find(seeds: &[&[u8]]) -> Address {
    Address::find_program_address(seeds, &PROGRAM_ID).0
}

/// A market, by who created it and its id.
pub fn market(creator: &Address, id: u64) -> Address {
    find(&[b"market", creator.as_ref(), &id.to_le_bytes()])
}

/// The pool of a liquidity mint in a market.
pub fn pool(market: &Address, mint: &Address) -> Address {
    find(&[b"pool", market.as_ref(), mint.as_ref()])
}

/// The vault of a pool or a collateral.
pub fn vault(owner: &Address) -> Address {
    find(&[b"vault", owner.as_ref()])
}

/// A collateral of a pool, by its mint.
pub fn collateral(pool: &Address, mint: &Address) -> Address {
    find(&[b"collateral", pool.as_ref(), mint.as_ref()])
}

/// An owner's LP position in a pool.
pub fn position(pool: &Address, owner: &Address) -> Address {
    find(&[b"lp", pool.as_ref(), owner.as_ref()])
}

/// An owner's obligation in a pool.
pub fn obligation(pool: &Address, owner: &Address) -> Address {
    find(&[b"obligation", pool.as_ref(), owner.as_ref()])
}

/// The loss book of a pool.
pub fn loss_book(pool: &Address) -> Address {
    find(&[b"losses", pool.as_ref()])
}

/// An owner's stake in an insurance fund.
pub fn stake(insurance_fund: &Address, owner: &Address) -> Address {
    find(&[b"stake", insurance_fund.as_ref(), owner.as_ref()])
}

/// The insurance fund of a pool.
pub fn insurance_fund(pool: &Address) -> Address {
    find(&[b"insurance", pool.as_ref()])
}

/// What a position or a stake claimed of a loss.
pub fn claim(holder: &Address, loss: u32) -> Address {
    find(&[b"claim", holder.as_ref(), &loss.to_le_bytes()])
}

/// The change that is queued in a market under a nonce.
pub fn change(market: &Address, nonce: u64) -> Address {
    find(&[b"change", market.as_ref(), &nonce.to_le_bytes()])
}
