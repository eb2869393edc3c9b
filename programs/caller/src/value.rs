//! What an LP position would bring now: Backstop's accounts, read by another program and priced by the engine.
//!
//! Use this where something is decided by it, such as what a share of the vault costs. NAV is not enough: while a loss is expected, who
//! leaves gets less, and a vault that counts at NAV is emptied by those who leave it first.

use backstop_engine::{
    fixed::Q64,
    insurance::{Fund, InsuranceLimits},
    interest::RateModel,
    pool::Totals,
    provision::Provisions,
    quantity::{Assets, Bps, DebtShares, Shares},
    risk::Gauge,
};

use crate::backstop::{InsuranceFund, LpPosition, Pool, RiskGauge};

/// What all shares of the position are worth at exit NAV, with interest counted up to now: what a withdrawal of them would pay if
/// the pool had the cash and asked for no notice. What was recovered of past losses comes on top when it is claimed.
pub(crate) fn exit_value(
    pool: &Pool,
    fund: &InsuranceFund,
    position: &LpPosition,
    now: i64,
) -> backstop_engine::Result<Assets> {
    let totals = totals(pool).accrue(&rates(pool), now)?.totals;
    let provisions = Provisions { total: Assets::new(pool.provisions), count: pool.provisioned };
    let held_back = provisions.to_lps(&totals, &insurance(fund), &limits(pool), now)?;
    totals.value_of(shares(pool, position), held_back)
}

/// The shares of the position as of now. After a loss that took almost everything, the pool divides all shares by a power of two, or
/// voids them; each position follows when it is used next.
fn shares(pool: &Pool, position: &LpPosition) -> Shares {
    let ends = pool.claims.ends.iter().zip(0..pool.claims.ledger.generation);
    let missed = ends.filter(|(_, generation)| *generation >= position.holder.generation);
    missed.fold(Shares::new(position.holder.shares), |shares, (end, _)| shares.divided(end.shift))
}

fn totals(pool: &Pool) -> Totals {
    Totals {
        cash: Assets::new(pool.cash),
        debt_shares: DebtShares::new(pool.debt_shares),
        borrow_index: Q64::from_bits(pool.borrow_index),
        shares: Shares::new(pool.shares),
        reserves: Assets::new(pool.reserves),
        insurance_due: Assets::new(pool.insurance_due),
        accrued_at: pool.accrued_at,
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
    }
}

fn limits(pool: &Pool) -> InsuranceLimits {
    let loss = &pool.parameters.loss;
    InsuranceLimits {
        share: part(&pool.insurance_share),
        event_cap: Bps::new(loss.event_cap_bps),
        window_cap: Bps::new(loss.window_cap_bps),
        window_seconds: u64::from(loss.window_seconds),
    }
}

/// A part of the pool that moves with risk, as it is now.
fn part(gauge: &RiskGauge) -> Bps {
    Gauge { value: gauge.value, heading: gauge.heading_bps, step: gauge.step_bps }.floor()
}

fn insurance(fund: &InsuranceFund) -> Fund {
    Fund {
        assets: Assets::new(fund.assets),
        shares: Shares::new(fund.shares),
        founding: Shares::new(fund.founding),
        founding_claims: Assets::new(fund.founding_claims),
        drawn: Assets::new(fund.drawn),
        window_drawn: Assets::new(fund.window_drawn),
        window_at: fund.window_at,
    }
}
