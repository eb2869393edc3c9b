//! What an LP position is worth now: Backstop's accounts, read by another program and priced by the engine.
//!
//! Use this where something is decided by it, such as what a share of the vault costs. Nothing is, while a loss is known and not settled:
//! a vault that counts at NAV then is emptied by those who leave it first.

use backstop_engine::{
    fixed::Q64,
    hold::{Hold, Holds},
    interest::RateModel,
    pool::Totals,
    quantity::{Assets, Bps, DebtShares, Shares},
    risk::Gauge,
    usage::Usage,
};

use crate::backstop::{LpPosition, Pool, RiskGauge};

/// What all shares of the position are worth, with interest counted up to now: what a withdrawal of them would pay if the pool had the
/// cash and asked for no notice. What was recovered of past losses comes on top when it is claimed.
///
/// # Errors
/// `PoolOnHold` while nobody enters or leaves the pool.
pub(crate) fn value(pool: &Pool, position: &LpPosition, now: i64) -> backstop_engine::Result<Assets> {
    let totals = totals(pool).accrue(&rates(pool), now)?.totals;
    let holds = Holds { marked: Assets::new(pool.marked), pool: Hold::default(), fund: Hold::default() };
    holds.require_pool_open(totals.nav()?)?;
    totals.value_of(shares(pool, position))
}

/// The shares of the position as of now. After a loss that took almost everything, the pool divides all shares by powers of 1,024, or
/// voids them; each position follows when it is used next.
fn shares(pool: &Pool, position: &LpPosition) -> Shares {
    Shares::new(position.holder.shares).rescaled(position.holder.generation, pool.generation)
}

fn totals(pool: &Pool) -> Totals {
    Totals {
        cash: Assets::new(pool.cash),
        debt_shares: DebtShares::new(pool.debt_shares),
        borrow_index: Q64::from_bits(pool.borrow_index),
        shares: Shares::new(pool.shares),
        generation: pool.generation,
        reserves: Assets::new(pool.reserves),
        insurance_due: Assets::new(pool.insurance_due),
        insurance_owed: Assets::new(pool.insurance_owed),
        accrued_at: pool.accrued_at,
        usage: Usage { utilisation: pool.average_utilisation, debt: Assets::new(pool.average_debt) },
    }
}

fn rates(pool: &Pool) -> RateModel {
    let rates = &pool.parameters.rates;
    RateModel {
        base: Bps::new(rates.base_bps),
        slope1: Bps::new(rates.slope1_bps),
        kink: Bps::new(rates.kink_bps),
        slope2: Bps::new(rates.slope2_bps),
        reserve_factor: Bps::new(rates.reserve_factor_bps),
        insurance_factor: part(&pool.insurance_factor),
        average_seconds: pool.parameters.risk.average_seconds,
    }
}

/// A part of the pool that moves with risk, as it is now.
fn part(gauge: &RiskGauge) -> Bps {
    Gauge { value: gauge.value, heading: gauge.heading_bps, step: gauge.step_bps }.floor()
}
