//! `price-falls-only-by-loss`, `slash-only`, `no-free-money`.

use backstop_client::Event;
use num_bigint::BigInt;

use super::Moment;
use crate::{
    model::{self, ModelPool},
    state::State,
    step::{Actor, COLLATERALS, Step, Token},
    violation::{Holds, equal, holds},
};

pub(super) fn check(moment: &Moment) -> Holds {
    price_falls_only_by_loss(moment)?;
    slash_only(moment)?;
    if moment.is_still() { no_free_money(moment) } else { Ok(()) }
}

/// Assets over shares, one virtual unit and one virtual share added.
#[derive(Clone, Copy, Debug)]
struct Price {
    assets: u128,
    shares: u128,
}

impl Price {
    fn new(assets: i128, shares: u64) -> Self {
        Self { assets: u128::try_from(assets).unwrap() + 1, shares: u128::from(shares) + 1 }
    }

    fn is_below(&self, other: &Self) -> bool {
        // Both factors fit 64 bits, as the program makes sure.
        self.assets * other.shares < other.assets * self.shares
    }

    /// What so many shares are worth, with 128 fractional bits.
    fn of(&self, shares: u64) -> BigInt {
        ((BigInt::from(shares) * self.assets) << 128) / self.shares
    }
}

/// The price falls only if LPs lost, and rises only if they did not.
fn price_falls_only_by_loss(moment: &Moment) -> Holds {
    let (before, after) = (moment.before, moment.after);
    let divided = before.pool.generation != after.pool.generation;
    if divided || moment.was.shares.is_zero() || moment.is.shares.is_zero() {
        return Ok(());
    }
    let (was, is) = (ModelPool::of(&moment.was), ModelPool::of(&moment.is));
    let (entry, left) = (Price::new(was.nav(), was.shares), Price::new(is.nav(), is.shares));
    // What a liquidation rounds in favour of the pool it does before it records a loss.
    let just = if moment.loss().is_some() { moment.just() } else { is };
    let just = Price::new(just.nav(), just.shares);
    holds!("price-falls-only-by-loss", !just.is_below(&entry), "from {entry:?} to {just:?} without a loss");
    let lost = moment.loss().is_some_and(|loss| loss.to_lps != 0);
    let fits = if lost { left.is_below(&just) } else { !left.is_below(&just) };
    holds!("price-falls-only-by-loss", fits, "from {just:?} to {left:?}, a loss: {lost}");
    Ok(())
}

fn stake_price(state: &State, pot: &ModelPool) -> Price {
    let [staked, waiting, protocol] = model::stake_shares(&state.fund, pot.insured(), pot.at);
    Price::new(i128::from(state.fund.assets + pot.insured()), staked + waiting + protocol)
}

/// The price of stake falls by a draw and by nothing else.
fn slash_only(moment: &Moment) -> Holds {
    let (before, after) = (moment.before, moment.after);
    let divided = before.fund.generation != after.fund.generation;
    let drawn = moment.loss().is_some_and(|loss| loss.from_insurance != 0);
    if divided || drawn || before.fund.shares == 0 || after.fund.shares == 0 {
        return Ok(());
    }
    let (was, mut is) =
        (stake_price(before, &ModelPool::of(&moment.was)), stake_price(after, &ModelPool::of(&moment.is)));
    // After losses a part of revenue makes shares of the fund's own, a whole number of them.
    if before.fund.generation != 0 || before.fund.window_drawn != 0 {
        is.shares -= 1;
    }
    holds!("slash-only", !is.is_below(&was), "the price of stake from {was:?} to {is:?} without a draw");
    Ok(())
}

/// What an actor has, in units of the liquidity token with 128 fractional bits: wallet, shares and stake at full price,
/// what can be claimed or collected, less debt. Collateral is not counted.
pub(crate) fn worth(state: &State, who: Actor, pot: &ModelPool) -> BigInt {
    let owed = (BigInt::from(state.obligations[who].debt_shares) * BigInt::from(pot.index)) << 64;
    let claimable = BigInt::from(state.claimable(who));
    let payable = BigInt::from(state.positions[who].request.payable) + state.stakes[who].request.payable;
    let shares = Price::new(pot.nav(), pot.shares).of(state.shares(who));
    let staked = stake_price(state, pot).of(state.staked(who) + state.stake_claimable(who));
    ((claimable + payable + state.wallets[who][Token::Usdc]) << 128) + shares + staked - owed
}

/// How many losses a step recovered, of each something.
fn recoveries(moment: &Moment) -> i32 {
    moment.events.iter().map(|event| i32::from(matches!(event, Event::Recovered(_)))).sum()
}

/// At a fixed price and time no step but a liquidation makes its caller richer: not at all by paying in or taking
/// out, by less than a unit of rounding by borrowing or repaying.
fn no_free_money(moment: &Moment) -> Holds {
    let Some(who) = moment.step.who() else { return Ok(()) };
    let generations = |state: &State| (state.pool.generation, state.fund.generation);
    // Shares that were divided are cut off.
    let divided = generations(moment.before) != generations(moment.after);
    let allowed = match moment.step {
        Step::Liquidate { .. } => return Ok(()),
        Step::Borrow { .. } => 1,
        // What was a fraction of a claim becomes a unit, of an LP's and of a staker's; and so for each loss.
        Step::Repay { borrower, .. } => i32::from(who == borrower) + 2 * recoveries(moment),
        _ if divided => 2,
        _ => 0,
    };
    for token in COLLATERALS {
        let all = |state: &State| u128::from(state.wallets[who][token]) + u128::from(state.held(who, token));
        equal!("no-free-money", all(moment.after), all(moment.before), "{who:?}'s {token:?}");
    }
    let gained =
        worth(moment.after, who, &ModelPool::of(&moment.is)) - worth(moment.before, who, &ModelPool::of(&moment.was));
    // Each value is cut after 128 fractional bits.
    let limit = (BigInt::from(allowed) << 128) + 4;
    holds!("no-free-money", gained <= limit, "{who:?} gained {} units by {:?}", gained >> 128, moment.step);
    Ok(())
}
