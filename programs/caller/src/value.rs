//! What an LP position is worth now: Backstop's accounts, read by another program and priced by the engine.
//!
//! Use this where something is decided by it, such as what a share of the vault costs. Nothing is, while a loss is
//! known and not settled: a vault that counts at NAV then is emptied by those who leave it first.

use backstop_engine::{
    hold::{Hold, Holds},
    quantity::{Assets, Shares},
};

use crate::backstop::*;

backstop_engine::account_conversions!();

/// What all shares of the position are worth, with interest counted up to now: what a withdrawal of them would pay if
/// the pool had the cash and asked for no notice. What was recovered of past losses comes on top when it is claimed.
///
/// # Errors
/// `PoolOnHold` while nobody enters or leaves the pool.
pub(crate) fn value(pool: &Pool, position: &LpPosition, now: i64) -> backstop_engine::Result<Assets> {
    let totals = pool.totals().accrue(&pool.rates(), now)?.totals;
    let holds = Holds { marked: Assets::new(pool.marked), pool: Hold::default(), fund: Hold::default() };
    holds.require_pool_open(totals.nav()?)?;
    totals.value_of(shares(pool, position))
}

/// The shares of the position as of now. After a loss that took almost everything, the pool divides all shares by
/// powers of 1,024, or voids them; each position follows when it is used next.
fn shares(pool: &Pool, position: &LpPosition) -> Shares {
    Shares::new(position.holder.shares).rescaled(position.holder.generation, pool.generation)
}
