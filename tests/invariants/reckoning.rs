//! The protocol's numbers, computed anew from what the accounts hold. Shares no code with the engine but its count of interest,
//! which has a model of its own in the engine's tests.

use backstop_client::{InsuranceFund, LossParameters, PoolState};
use backstop_engine::pool::Totals;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::ToPrimitive;

use crate::{
    state::State,
    step::{Actor, Token},
};

/// `all * part / whole`, rounded down.
pub(crate) fn share_of(all: u64, part: u64, whole: u64) -> u64 {
    u64::try_from(u128::from(all) * u128::from(part) / u128::from(whole)).unwrap()
}

fn bps_of(amount: u64, bps: u32) -> u64 {
    share_of(amount, bps.into(), 10_000)
}

/// `count * index / 2^64`, rounded down.
pub(crate) fn times_down(index: u128, count: u64) -> u64 {
    let product: BigInt = BigInt::from(index) * count;
    (product >> 64_u32).to_u64().unwrap()
}

/// The same, rounded up.
fn times_up(index: u128, count: u64) -> u64 {
    let product: BigInt = BigInt::from(index) * count + ((BigInt::from(1) << 64) - 1);
    (product >> 64_u32).to_u64().unwrap()
}

/// The totals of a pool at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pot {
    pub(crate) cash: u64,
    pub(crate) debt_shares: u64,
    pub(crate) index: u128,
    pub(crate) shares: u64,
    pub(crate) reserves: u64,
    pub(crate) due: u64,
}

impl Pot {
    pub(crate) fn of(totals: &Totals) -> Self {
        Self {
            cash: totals.cash.get(),
            debt_shares: totals.debt_shares.get(),
            index: totals.borrow_index.bits(),
            shares: totals.shares.get(),
            reserves: totals.reserves.get(),
            due: totals.insurance_due.get(),
        }
    }

    pub(crate) fn told(state: &PoolState) -> Self {
        Self {
            cash: state.cash,
            debt_shares: state.debt_shares,
            index: state.borrow_index,
            shares: state.shares,
            reserves: state.reserves,
            due: state.insurance_due,
        }
    }

    /// `cash + performing debt - reserves`.
    pub(crate) fn nav(&self) -> i128 {
        let owed = times_down(self.index, self.debt_shares);
        i128::from(self.cash) + i128::from(owed) - i128::from(self.reserves)
    }

    /// What so many debt shares owe, rounded up.
    pub(crate) fn debt(&self, debt_shares: u64) -> u64 {
        times_up(self.index, debt_shares)
    }
}

/// What still counts of an amount that fades evenly over a window.
fn faded(amount: u64, at: i64, window: u32, now: i64) -> u64 {
    let passed = u64::try_from((now - at).max(0)).unwrap().min(window.into());
    amount - share_of(amount, passed, window.into())
}

/// The most that one loss draws from the fund.
fn draw_limit(fund: &InsuranceFund, due: u64, limits: &LossParameters, now: i64) -> u64 {
    let assets = fund.assets + due;
    let recent = faded(fund.window_drawn, fund.window_at, limits.window_seconds, now);
    let in_window = bps_of(assets + recent, limits.window_cap_bps).saturating_sub(recent);
    bps_of(assets, limits.event_cap_bps).min(in_window).min(assets)
}

/// The part of all provisions that LPs who leave leave behind.
pub(crate) fn held_back_from_lps(state: &State, pot: &Pot, now: i64) -> u64 {
    let (loss, limits) = (state.pool.provisions.saturating_sub(pot.reserves), &state.pool.parameters.loss);
    let drawn = bps_of(loss, limits.insurance_share_bps).min(draw_limit(&state.fund, pot.due, limits, now));
    loss - drawn
}

/// NAV without that part.
pub(crate) fn exit_nav(state: &State, pot: &Pot, now: i64) -> i128 {
    (pot.nav() - i128::from(held_back_from_lps(state, pot, now))).max(0)
}

/// The part of all provisions that stakers who leave leave behind: what the fund would pay of them as one loss now.
pub(crate) fn held_back_from_stakers(state: &State, pot: &Pot, now: i64) -> u64 {
    let (loss, limits) = (state.pool.provisions.saturating_sub(pot.reserves), &state.pool.parameters.loss);
    bps_of(loss, limits.insurance_share_bps).min(draw_limit(&state.fund, pot.due, limits, now))
}

/// The fund's shares, those of stakers and those of nobody. What belongs to no share counts as shares of nobody, one to one.
pub(crate) fn stake_shares(fund: &InsuranceFund, due: u64) -> (u64, u64) {
    match (fund.shares, fund.founding) {
        (0, 0) => (0, fund.assets + due),
        shares => shares,
    }
}

/// Who bears a loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Split {
    pub(crate) loss: u64,
    pub(crate) reserves: u64,
    pub(crate) insurance: u64,
    pub(crate) lps: u64,
    pub(crate) uncovered: u64,
    /// The part of `insurance` that stakers bear.
    pub(crate) stakers: u64,
}

/// Who bears the loss of so many debt shares, in a pool that was just so and otherwise as before.
pub(crate) fn split(before: &State, just: &Pot, debt_shares: u64, now: i64) -> Split {
    let limits = &before.pool.parameters.loss;
    let loss = times_down(just.index, just.debt_shares) - times_down(just.index, just.debt_shares - debt_shares);
    let reserves = loss.min(just.reserves);
    let rest = loss - reserves;
    let insurance = bps_of(rest, limits.insurance_share_bps).min(draw_limit(&before.fund, just.due, limits, now));
    let beyond = rest - insurance;
    let lps = beyond.min(u64::try_from(just.nav()).unwrap());
    let (staked, founding) = stake_shares(&before.fund, just.due);
    let stakers = if insurance == 0 { 0 } else { share_of(insurance, staked, staked + founding) };
    Split { loss, reserves, insurance, lps, uncovered: beyond - lps, stakers }
}

/// Who gets what is recovered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refund {
    pub(crate) lps: u64,
    pub(crate) stakers: u64,
    pub(crate) fund: u64,
    pub(crate) reserves: u64,
}

/// Who gets a recovery, with so much unrecovered by LPs, by stakers and by gifts.
pub(crate) fn refund(paid: u64, lps: u64, stakers: u64, gifts: u64) -> Refund {
    let to_lps = paid.min(lps);
    let insured = u128::from(stakers) + u128::from(gifts);
    let to_insurance = u64::try_from(u128::from(paid - to_lps).min(insured)).unwrap();
    let to_fund = match insured {
        0 => 0,
        all => u64::try_from(u128::from(to_insurance) * u128::from(gifts) / all).unwrap(),
    };
    Refund { lps: to_lps, stakers: to_insurance - to_fund, fund: to_fund, reserves: paid - to_lps - to_insurance }
}

/// A power of ten with a sign.
fn ten_to(power: i32) -> BigRational {
    BigRational::from(BigInt::from(10)).pow(power)
}

/// What a base unit of a token is worth in USD, on the low or the high side of its price.
fn unit_price(state: &State, token: Token, high: bool) -> BigRational {
    let quote = state.quotes[token];
    let digits = if high { quote.price + quote.confidence } else { quote.price - quote.confidence };
    BigRational::from(BigInt::from(digits)) * ten_to(quote.exponent - i32::from(state.decimals[token]))
}

/// What an obligation owes beyond what its collateral would bring, exactly.
pub(crate) fn shortfall(state: &State, who: Actor, pot: &Pot) -> BigRational {
    let zero = BigRational::from(BigInt::from(0));
    let owed = BigRational::from(BigInt::from(pot.debt(state.obligations[who].debt_shares)));
    let (mut worth, mut carries) = (zero.clone(), zero.clone());
    for slot in state.obligations[who].held() {
        let token = state.token(&slot.collateral);
        let parameters = state.collaterals[token].parameters;
        if slot.units > parameters.scrap_units {
            let value = unit_price(state, token, false) * BigInt::from(slot.units);
            carries += &value * BigRational::new(parameters.liquidation_threshold_bps.into(), 10_000.into());
            worth += value;
        }
    }
    let price = unit_price(state, Token::Usdc, true);
    let (terms, loss) = (state.pool.parameters.liquidation, state.pool.parameters.loss);
    if &owed * &price <= carries {
        return zero;
    }
    if worth <= BigRational::new(loss.dust_value.into(), 1_000_000.into()) {
        return owed;
    }
    let brings = worth * BigRational::new(10_000.into(), (10_000 + terms.bonus_min_bps).into()) / price;
    (owed - brings).max(zero)
}
