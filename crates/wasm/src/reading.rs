//! The figures that people look for, by the engine's own functions.

use backstop_client::{InsuranceStake, LossPart, LpPosition, Obligation, preview::Snapshot};
use serde_json::{Value, json};

use crate::{Failure, call::requested, number};

/// What a pool is worth, what it charges and pays, and whether one can leave at once.
pub(crate) fn pool(snapshot: &Snapshot) -> Result<Value, Failure> {
    let (pool, now) = (&snapshot.pool, snapshot.now);
    let totals = snapshot.totals()?;
    let (settled, _) = snapshot.settled_fund()?;
    let (nav, debt) = (totals.nav()?, totals.performing_debt()?);
    let (rates, holds) = (pool.yearly_rates(&totals)?, pool.holds());
    Ok(json!({
        "cash": number(totals.cash.get()), "debt": number(debt.get()), "reserves": number(totals.reserves.get()),
        "nav": number(nav.get()), "sharePrice": number(totals.share_price()?),
        "marked": number(pool.marked), "onHold": holds.require_pool_open(nav).is_err(),
        "holdEndsAt": holds.pool.settles_all_at(pool.hold_seconds()).map(number),
        "insurance": number(settled.assets.get()),
        "fundOnHold": holds.require_fund_open(settled.all()).is_err(),
        "fundHoldEndsAt": holds.fund.settles_all_at(pool.hold_seconds()).map(number),
        "utilisation": number(rates.utilisation), "borrowRate": number(rates.borrow),
        // A figure that is only told: one that does not fit must stop nothing.
        "supplyRate": number(rates.supply.unwrap_or(u64::MAX)),
        "breakerTripped": pool.breaker().is_tripped(now), "noticeSeconds": pool.notice_seconds(now),
    }))
}

/// What a position is worth as a part of NAV, and what it bore of each loss, and can have claimed of it in all.
pub(crate) fn position(snapshot: &Snapshot, position: &LpPosition) -> Result<Value, Failure> {
    let (pool, totals) = (&snapshot.pool, snapshot.totals()?);
    let shares = position.shares_in(pool);
    Ok(json!({
        "shares": number(shares.get()), "worth": number(totals.value_of(shares)?.get()),
        "mostLeaving": number(snapshot.most_leaving(position)), "losses": losses(&position.losses(&snapshot.book)),
        "request": requested(position.request_in(pool, snapshot.now)), "payable": number(position.request.payable),
    }))
}

/// The same of a stake, as a part of the fund.
pub(crate) fn stake(snapshot: &Snapshot, stake: &InsuranceStake) -> Result<Value, Failure> {
    let (settled, _) = snapshot.settled_fund()?;
    let fund = &snapshot.fund;
    let shares = stake.shares_in(fund);
    Ok(json!({
        "shares": number(shares.get()), "worth": number(settled.worth(shares)?.get()),
        "losses": losses(&stake.losses(&snapshot.book)),
        "request": requested(stake.request_in(&snapshot.pool, fund, snapshot.now)),
        "payable": number(stake.request.payable),
    }))
}

/// Losses that a holder bore, each with its part of it and of what came back of it.
fn losses(parts: &[LossPart]) -> Value {
    let reported = |part: &LossPart| {
        let (lost, recovered) = (number(part.lost.get()), number(part.recovered.get()));
        json!({ "loss": part.loss, "lost": lost, "recovered": recovered })
    };
    parts.iter().map(reported).collect()
}

/// What an obligation owes and what stands behind it. Values are in 10^-18 USD.
pub(crate) fn obligation(snapshot: &Snapshot, obligation: &Obligation) -> Result<Value, Failure> {
    let debt = snapshot.totals()?.debt(obligation.debt())?;
    let mut figures = json!({
        "debt": number(debt.get()), "marked": number(obligation.marked), "markedAt": number(obligation.marked_at),
        "unrecovered": number(obligation.unrecovered().get()),
        "mayBeRecorded": snapshot.may_be_recorded(obligation), "settles": snapshot.settles(obligation),
        "mostBorrowable": number(snapshot.most_borrowable(obligation)), "health": Value::Null,
    });
    if !debt.is_zero() || obligation.held().next().is_some() {
        let health = snapshot.valuation(obligation)?.health;
        let borrowing = snapshot.health_for_borrowing(obligation)?;
        if let Some(place) = figures.get_mut("health") {
            *place = json!({
                "debtValue": number(health.debt.get()), "collateralValue": number(health.collateral.get()),
                "factorBps": number(health.factor_bps()), "shortfall": number(snapshot.shortfall(obligation)?),
                "liquidatable": health.is_liquidatable()?,
                "borrowable": borrowing.require_borrowable().is_ok(),
            });
        }
    }
    Ok(figures)
}
