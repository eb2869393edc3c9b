//! The properties, each asserted under its name.

use backstop_client::{Event, LossRecorded, PoolState};
use backstop_engine::quantity::Bps;
use num_bigint::BigInt;
use num_rational::BigRational;

use crate::{
    state::State,
    step::{ACTORS, Actor, COLLATERALS, Step, TOKENS},
};

/// `count * index / 2^64`, rounded down.
fn times_down(index: u128, count: u64) -> i128 {
    i128::try_from((BigInt::from(index) * count) >> 64).unwrap()
}

/// `cash + performing debt - reserves`.
fn nav_of(cash: u64, debt_shares: u64, index: u128, reserves: u64) -> i128 {
    i128::from(cash) + times_down(index, debt_shares) - i128::from(reserves)
}

fn nav_told(state: &PoolState) -> i128 {
    nav_of(state.cash, state.debt_shares, state.borrow_index, state.reserves)
}

/// Holds at any moment.
pub(crate) fn conservation(state: &State) {
    let pool = &state.pool;
    let due = i128::from(pool.cash) + i128::from(pool.insurance_due) + i128::from(state.donated.0);
    assert_eq!(i128::from(state.vault), due, "conservation: the vault is cash and what is due to insurance");
    let assets = i128::from(state.fund.assets) + i128::from(state.donated.1);
    assert_eq!(i128::from(state.insurance_vault), assets, "conservation: the fund's vault is its assets");
    for symbol in COLLATERALS {
        let held: u64 = ACTORS.iter().map(|name| state.held(name, symbol)).sum();
        let (deposited, vault) = (state.collaterals[symbol].deposited, state.collateral_vaults[symbol]);
        assert_eq!((deposited, vault), (held, held), "conservation: {symbol} in obligations, counted, in the vault");
    }
    let shares: u64 = ACTORS.iter().map(|name| state.shares(name)).sum();
    assert_eq!(pool.shares, shares, "conservation: LP shares");
    let debt_shares: u64 = state.obligations.values().map(|obligation| obligation.debt_shares).sum();
    assert_eq!(pool.debt_shares, debt_shares, "conservation: debt shares; no-interest-on-bad-debt: nobody else's");
    let nav = nav_of(pool.cash, pool.debt_shares, pool.borrow_index, pool.reserves);
    assert_eq!(Ok(nav), pool.totals().nav().map(|nav| i128::from(nav.get())), "conservation: NAV");
    let dead = pool.shares == 0 && nav != 0;
    assert!(!dead, "wipe-out: NAV of {nav} without shares");
}

/// All tokens there are, of each kind.
pub(crate) fn supply(state: &State) -> Vec<u128> {
    let sum = |symbol| ACTORS.iter().map(|name| u128::from(state.wallets[&(*name, symbol)])).sum::<u128>();
    TOKENS
        .map(|symbol| match state.collateral_vaults.get(symbol) {
            Some(vault) => sum(symbol) + u128::from(*vault),
            None => {
                let vaults = u128::from(state.vault) + u128::from(state.insurance_vault);
                sum(symbol) + vaults - u128::from(state.donated.0) - u128::from(state.donated.1)
            }
        })
        .to_vec()
}

/// A step touches nobody but whom it names.
pub(crate) fn isolation(before: &State, after: &State, step: Step) {
    for name in ACTORS {
        if step.obligation() != Some(name) {
            assert_eq!(before.obligations[name], after.obligations[name], "isolation: the obligation of {name}");
        }
        if step.position() != Some(name) {
            assert_eq!(before.positions[name], after.positions[name], "isolation: the position of {name}");
        }
    }
    assert_eq!(before.pool.parameters, after.pool.parameters, "isolation: parameters");
}

/// A step that changed totals counted interest first.
pub(crate) fn fresh_totals(before: &State, after: &State, step: Step, now: i64) {
    let reads = match step {
        Step::DepositCollateral { .. } | Step::Fund { .. } => false,
        Step::WithdrawCollateral { who, .. } => before.obligations[who].debt_shares != 0,
        other => other.is_instruction(),
    };
    if reads {
        assert_eq!(after.pool.accrued_at, now, "fresh-totals");
    }
}

/// The exact price at which shares are minted and burned, or nothing if there are none.
fn price(state: &State, now: i64) -> Option<BigRational> {
    let totals = state.totals(now);
    let (nav, shares): (BigInt, BigInt) = (totals.nav().unwrap().get().into(), totals.shares.get().into());
    (!totals.shares.is_zero()).then(|| BigRational::new(nav + 1, shares + 1))
}

/// Between two states and times, the price falls only if LPs lost, and rises only if they did not.
pub(crate) fn price_falls_only_by_loss(before: (&State, i64), after: (&State, i64), loss: Option<&LossRecorded>) {
    if before.0.pool.generation != after.0.pool.generation {
        return;
    }
    let (Some(was), Some(is)) = (price(before.0, before.1), price(after.0, after.1)) else { return };
    match loss.filter(|loss| loss.to_lps != 0) {
        None => assert!(is >= was, "price-falls-only-by-loss: from {was} to {is} without a loss"),
        // A liquidation may round a unit in favour of the pool before it records a loss of as little.
        Some(_) => assert!(is <= was, "price-falls-only-by-loss: from {was} to {is} with a loss"),
    }
}

/// The events of a step that recorded a loss: what the pool told just before it, if anything, and the loss.
pub(crate) fn loss_in(events: &[Event]) -> (Option<PoolState>, Option<LossRecorded>) {
    match events {
        [Event::Liquidated(liquidated), Event::LossRecorded(loss)] => (Some(liquidated.state), Some(*loss)),
        [Event::LossRecorded(loss)] => (None, Some(*loss)),
        _ => (None, None),
    }
}

/// The split of a loss, computed anew from the accounts before it.
pub(crate) fn waterfall_exact(before: &State, after: &State, just: Option<PoolState>, loss: &LossRecorded, now: i64) {
    let totals = before.totals(now);
    let just = just.unwrap_or(PoolState {
        borrow_index: totals.borrow_index.bits(),
        cash: totals.cash.get(),
        debt_shares: totals.debt_shares.get(),
        shares: totals.shares.get(),
        reserves: totals.reserves.get(),
        insurance_due: totals.insurance_due.get(),
    });
    let split = loss.from_reserves + loss.from_insurance + loss.to_lps + loss.uncovered;
    assert_eq!(loss.loss, split, "waterfall-exact: the parts add up");
    let fell = times_down(just.borrow_index, just.debt_shares) - times_down(just.borrow_index, after.pool.debt_shares);
    assert_eq!(i128::from(loss.loss), fell, "waterfall-exact: the loss is what performing debt fell by");
    assert_eq!(loss.from_reserves, loss.loss.min(just.reserves), "waterfall-exact: reserves pay first, all they have");

    let limits = &before.pool.parameters.loss;
    let part = |amount: u64, bps: u32| u64::try_from(u128::from(amount) * u128::from(bps) / 10_000).unwrap();
    let (rest, assets) = (loss.loss - loss.from_reserves, before.fund.assets + just.insurance_due);
    let (window, passed) = (u64::from(limits.window_seconds), u64::try_from(now - before.fund.window_at).unwrap());
    let faded = u128::from(before.fund.window_drawn) * u128::from(passed.min(window)) / u128::from(window);
    let recent = before.fund.window_drawn - u64::try_from(faded).unwrap();
    let in_window = part(assets + recent, limits.window_cap_bps).saturating_sub(recent);
    let share = part(rest, limits.insurance_share_bps);
    let drawn = share.min(part(assets, limits.event_cap_bps)).min(in_window).min(assets);
    assert_eq!(loss.from_insurance, drawn, "waterfall-exact: insurance pays its share within its caps");
    assert_eq!(after.fund.assets, assets - drawn, "slash-only: the fund falls by the draw");

    let nav = nav_told(&just);
    let beyond = i128::from(rest - drawn);
    assert_eq!(i128::from(loss.to_lps), beyond.min(nav), "waterfall-exact: LPs bear the rest, at most NAV");
    assert_eq!(i128::from(loss.uncovered), (beyond - nav).max(0), "waterfall-exact: nobody bears what exceeds NAV");
    let now_nav = nav_told(&loss.state);
    assert_eq!(nav - now_nav, i128::from(loss.to_lps), "price-falls-only-by-loss: NAV falls by what LPs bear");
    let wiped = loss.to_lps != 0 && now_nav == 0;
    let (generation, shares) = (before.pool.generation + u32::from(wiped), if wiped { 0 } else { just.shares });
    assert_eq!((after.pool.generation, after.pool.shares), (generation, shares), "wipe-out");
    assert_eq!(
        (loss.shares, loss.generation),
        (just.shares, u64::from(before.pool.generation)),
        "waterfall-exact: told"
    );
    assert_eq!((loss.sequence, after.pool.losses), (before.pool.losses + 1, before.pool.losses + 1), "sequence");
}

/// Every LP's exit value falls by their part of the loss, within a unit of rounding to each side.
pub(crate) fn pro_rata(before: &State, after: &State, loss: &LossRecorded, now: i64) {
    let (was, is) = (before.totals(now), after.totals(now));
    for name in ACTORS {
        let shares = before.positions[name].shares_in(&before.pool);
        if shares.is_zero() {
            continue;
        }
        let kept = if after.pool.generation == before.pool.generation { is.value_of(shares).unwrap().get() } else { 0 };
        let fell = i128::from(was.value_of(shares).unwrap().get()) - i128::from(kept);
        let part =
            i128::try_from(u128::from(shares.get()) * u128::from(loss.to_lps) / u128::from(loss.shares)).unwrap();
        assert!((fell - part).abs() <= 2, "pro-rata: {name} lost {fell}, their part is {part}");
    }
}

/// No obligation keeps a debt against nothing but dust after a liquidation, unless it is too recent.
pub(crate) fn no_hidden_debt(after: &State, borrower: Actor, now: i64, slot: u64) {
    let (totals, obligation) = (after.totals(now), &after.obligations[borrower]);
    let age = slot - obligation.exposed_at_slot;
    let old = age > 0 && age >= after.pool.parameters.loss.min_default_age_slots;
    if obligation.debt_shares == 0 || !old {
        return;
    }
    let unrecoverable =
        after.health(&totals, borrower).unwrap().require_unrecoverable(after.pool.parameters.loss.dust());
    assert!(unrecoverable.is_err(), "no-hidden-debt: {borrower} owes against nothing but dust");
}

/// Where the collateral pays the bonus, a liquidation improves health.
pub(crate) fn liquidation_helps(before: &State, after: &State, step: Step, events: &[Event], now: i64) {
    let (Step::Liquidate { borrower, symbol, .. }, [Event::Liquidated(liquidated)]) = (step, events) else { return };
    let was = before.health(&before.totals(now), borrower).unwrap();
    let is = after.health(&after.totals(now), borrower).unwrap();
    let threshold = u128::from(before.collaterals[symbol].parameters.liquidation_threshold_bps);
    let paid =
        was.debt.weighted(Bps::ONE).unwrap().get() / 10_000 * threshold * u128::from(10_000 + liquidated.bonus_bps);
    if was.liquidation_limit.get() > paid / 10_000 {
        assert!(is.factor_bps().saturating_add(1) >= was.factor_bps(), "liquidation-helps: from {was:?} to {is:?}");
    }
}

/// What an actor has, in exact units of the liquidity token: wallet, shares, less debt. Collateral is not counted.
fn worth(state: &State, who: Actor, now: i64) -> BigRational {
    let totals = state.totals(now);
    let (nav, shares): (BigInt, BigInt) = (totals.nav().unwrap().get().into(), totals.shares.get().into());
    let deposit = BigRational::new(BigInt::from(state.shares(who)) * (nav + 1), shares + 1);
    let owed = BigInt::from(state.obligations[who].debt_shares) * BigInt::from(totals.borrow_index.bits());
    let wallet = BigRational::from(BigInt::from(state.wallets[&(who, "USDC")]));
    wallet + deposit - BigRational::new(owed, BigInt::from(1) << 64)
}

/// At a fixed price and time no step but a liquidation or a loss makes its caller richer: not at all by paying in or taking
/// out, by less than a unit of rounding by borrowing or repaying.
pub(crate) fn no_free_money(before: &State, after: &State, step: Step, now: i64) {
    let (who, allowed) = match step {
        Step::Deposit { who, .. } | Step::Withdraw { who, .. } | Step::Fund { who, .. } => (who, 0),
        Step::Borrow { who, .. } => (who, 1),
        Step::Repay { who, borrower, .. } if who == borrower => (who, 1),
        Step::DepositCollateral { who, .. } | Step::WithdrawCollateral { who, .. } => {
            for symbol in COLLATERALS {
                let all =
                    |state: &State| u128::from(state.wallets[&(who, symbol)]) + u128::from(state.held(who, symbol));
                assert_eq!(all(before), all(after), "no-free-money: {who}'s {symbol}");
            }
            (who, 0)
        }
        _ => return,
    };
    let gained = worth(after, who, now) - worth(before, who, now);
    let limit = BigRational::from(BigInt::from(allowed));
    assert!(gained <= limit, "no-free-money: {who} gained {gained} by {step:?}");
}
