//! The figures that people look for, by the engine's own functions.

use backstop_client::{InsuranceStake, LpPosition, Obligation, preview::Snapshot};
use backstop_engine::{pool::share_price, quantity::Assets};
use serde_json::{Value, json};

use crate::{Failure, call::requested, number};

/// What a pool is worth, what it charges and pays, and whether one can leave at once.
pub(crate) fn pool(snapshot: &Snapshot) -> Result<Value, Failure> {
    let (pool, now) = (&snapshot.pool, snapshot.now);
    let totals = snapshot.totals()?;
    let held_back = pool.held_back_from_lps(&snapshot.fund, &totals, now)?;
    let (settled, _) = snapshot.settled_fund()?;
    let (nav, debt) = (totals.nav()?, totals.performing_debt()?);
    let rates = pool.yearly_rates(&totals)?;
    Ok(json!({
        "cash": number(totals.cash.get()), "debt": number(debt.get()), "reserves": number(totals.reserves.get()),
        "nav": number(nav.get()), "sharePrice": number(totals.share_price()?),
        "exitPrice": number(share_price(nav.saturating_sub(held_back), totals.shares)),
        "heldBack": number(held_back.get()), "insurance": number(settled.assets.get()),
        "utilisation": number(rates.utilisation), "borrowRate": number(rates.borrow),
        // A figure that is only told: one that does not fit must stop nothing.
        "supplyRate": number(rates.supply.unwrap_or(u64::MAX)),
        "breakerTripped": pool.breaker().is_tripped(now), "noticeSeconds": pool.notice_seconds(now),
    }))
}

/// What a position is worth as a part of NAV and to one who leaves, and what it lost and can claim.
pub(crate) fn position(snapshot: &Snapshot, position: &LpPosition) -> Result<Value, Failure> {
    let (pool, totals) = (&snapshot.pool, snapshot.totals()?);
    let held_back = pool.held_back_from_lps(&snapshot.fund, &totals, snapshot.now)?;
    let (holder, ledger) = (position.holder.settled(&pool.claims), pool.claims.ledger());
    Ok(json!({
        "shares": number(holder.shares.get()), "worth": number(totals.value_of(holder.shares, Assets::ZERO)?.get()),
        "exitWorth": number(totals.value_of(holder.shares, held_back)?.get()),
        "claimable": number(holder.payable(&ledger).get()), "unrecovered": number(holder.unrecovered(&ledger).get()),
        "request": requested(position.request_in(pool).at_most(holder.shares)),
    }))
}

/// The same of a stake, as a part of the fund.
pub(crate) fn stake(snapshot: &Snapshot, stake: &InsuranceStake) -> Result<Value, Failure> {
    let (settled, _) = snapshot.settled_fund()?;
    let (pool, fund, totals) = (&snapshot.pool, &snapshot.fund, snapshot.totals()?);
    let held_back = pool.held_back_from_stakers(fund, &totals, snapshot.now)?;
    let (holder, ledger) = (stake.holder.settled(&fund.claims), fund.claims.ledger());
    Ok(json!({
        "shares": number(holder.shares.get()), "worth": number(settled.worth(holder.shares, Assets::ZERO)?.get()),
        "exitWorth": number(settled.worth(holder.shares, held_back)?.get()),
        "claimable": number(holder.payable(&ledger).get()), "unrecovered": number(holder.unrecovered(&ledger).get()),
        "request": requested(stake.request_in(fund).at_most(holder.shares)),
    }))
}

/// What an obligation owes and what stands behind it. Values are in 10^-18 USD.
pub(crate) fn obligation(snapshot: &Snapshot, obligation: &Obligation) -> Result<Value, Failure> {
    let debt = snapshot.totals()?.debt(obligation.debt())?;
    let mut figures = json!({
        "debt": number(debt.get()), "provision": number(obligation.provision),
        "unrecovered": number(obligation.unrecovered().get()),
        "mayBeRecorded": snapshot.may_be_recorded(obligation),
        "mostBorrowable": number(snapshot.most_borrowable(obligation)), "health": Value::Null,
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
