//! The figures that people look for, by the engine's own functions.

use backstop_client::{InsuranceStake, LpPosition, Obligation, preview::Snapshot};
use backstop_engine::{
    interest::utilisation,
    quantity::{Assets, Shares},
};
use serde_json::{Value, json};

use crate::{Failure, call::requested, number};

/// What a pool is worth, what it charges, and whether one can leave at once.
pub(crate) fn pool(snapshot: &Snapshot) -> Result<Value, Failure> {
    let (pool, now) = (&snapshot.pool, snapshot.now);
    let totals = snapshot.totals()?;
    let held_back = pool.held_back_from_lps(&snapshot.fund, &totals, now)?;
    let (settled, _) = snapshot.settled_fund()?;
    let debt = totals.performing_debt()?;
    let utilisation = utilisation(totals.cash, debt)?;
    Ok(json!({
        "cash": number(totals.cash.get()), "debt": number(debt.get()), "reserves": number(totals.reserves.get()),
        "nav": number(totals.nav()?.get()), "sharePrice": number(totals.share_price()?),
        "heldBack": number(held_back.get()), "insurance": number(settled.assets.get()),
        "utilisation": number(utilisation), "borrowRate": number(pool.rates().rate_per_year(utilisation)?),
        "breakerTripped": pool.breaker().is_tripped(now), "noticeSeconds": pool.notice_seconds(now),
    }))
}

/// What a position is worth to one who leaves, and what it can claim.
pub(crate) fn position(snapshot: &Snapshot, position: &LpPosition) -> Result<Value, Failure> {
    let (pool, totals) = (&snapshot.pool, snapshot.totals()?);
    let held_back = pool.held_back_from_lps(&snapshot.fund, &totals, snapshot.now)?;
    let shares = position.shares_in(pool);
    Ok(json!({
        "shares": number(shares.get()), "worth": number(totals.value_of(shares, held_back)?.get()),
        "claimable": number(position.holder.claimable(&pool.claims).get()),
        "request": requested(position.request_in(pool)),
    }))
}

/// What a stake is worth, what of it provisions hold back, and what it can claim.
pub(crate) fn stake(snapshot: &Snapshot, stake: &InsuranceStake) -> Result<Value, Failure> {
    let (settled, _) = snapshot.settled_fund()?;
    let (pool, fund, totals) = (&snapshot.pool, &snapshot.fund, snapshot.totals()?);
    let held_back = pool.held_back_from_stakers(fund, &totals, snapshot.now)?;
    let shares: Shares = stake.shares_in(fund);
    Ok(json!({
        "shares": number(shares.get()), "worth": number(settled.worth(shares, Assets::ZERO)?.get()),
        "exitWorth": number(settled.worth(shares, held_back)?.get()),
        "claimable": number(stake.holder.claimable(&fund.claims).get()),
        "request": requested(stake.request_in(fund)),
    }))
}

/// What an obligation owes and what stands behind it. Values are in 10^-18 USD.
pub(crate) fn obligation(snapshot: &Snapshot, obligation: &Obligation) -> Result<Value, Failure> {
    let debt = snapshot.totals()?.debt(obligation.debt())?;
    let mut figures = json!({
        "debt": number(debt.get()), "provision": number(obligation.provision),
        "unrecovered": number(obligation.unrecovered().get()),
        "mayBeRecorded": snapshot.may_be_recorded(obligation), "health": Value::Null,
    });
    if !debt.is_zero() || obligation.held().next().is_some() {
        let health = snapshot.valuation(obligation)?.health;
        let borrowing = snapshot.health_for_borrowing(obligation)?;
        if let Some(place) = figures.get_mut("health") {
            *place = json!({
                "debtValue": number(health.debt.get()), "collateralValue": number(health.collateral.get()),
                "factorBps": number(health.factor_bps()), "liquidatable": health.is_liquidatable()?,
                "borrowable": borrowing.require_borrowable().is_ok(),
            });
        }
    }
    Ok(figures)
}
