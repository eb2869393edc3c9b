//! The protocol's numbers, computed anew from what the accounts hold. Shares no code with the engine but its count of
//! interest, which has a model of its own in the engine's tests.

use backstop_client::{
    Collateral, HoldTimes, InsuranceFund, LastPrice, LossParameters, OracleParameters, Pool, PoolState, RiskRamp,
};
use backstop_engine::{pool::Totals, price::Quote};
use backstop_testkit::Network;
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

const DAY: u128 = 86_400;

/// How far a value moves in some seconds at so many basis points a day, in basis points with 32 fractional bits.
pub(crate) fn way(step_bps: u32, seconds: i64) -> u128 {
    (u128::from(step_bps) << 32) / DAY * u128::try_from(seconds.max(0)).unwrap()
}

/// Where a ramp is some seconds after it stood so, in basis points with 32 fractional bits.
pub(crate) fn gauge_after(ramp: &RiskRamp, seconds: i64) -> u128 {
    let (value, target) = (u128::from(ramp.value), u128::from(ramp.target_bps) << 32);
    let way = way(ramp.step_bps, seconds);
    if value < target { target.min(value + way) } else { target.max(value.saturating_sub(way)) }
}

/// Basis points of a ramp that stands still between refreshes, rounded down.
pub(crate) fn standing_bps(ramp: &RiskRamp) -> u32 {
    u32::try_from(ramp.value >> 32).unwrap()
}

/// A collateral's loan-to-value limit, rounded down, and its liquidation threshold, rounded up, in basis points.
pub(crate) fn limits(collateral: &Collateral, now: i64) -> (u32, u32) {
    let passed = now - collateral.risk_at;
    let threshold = u32::try_from(gauge_after(&collateral.threshold, passed).div_ceil(1 << 32)).unwrap();
    let limit = u32::try_from(gauge_after(&collateral.max_ltv, passed) >> 32).unwrap();
    (limit.min(threshold), threshold)
}

/// The loss-sharing ratio as it is now.
fn insurance_share_bps(pool: &Pool) -> u32 {
    standing_bps(&pool.insurance_share)
}

/// The totals of a pool at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ModelPool {
    pub(crate) cash: u64,
    pub(crate) debt_shares: u64,
    pub(crate) index: u128,
    pub(crate) shares: u64,
    pub(crate) reserves: u64,
    pub(crate) due: u64,
    pub(crate) owed: u64,
    /// Unix time up to which interest is counted; zero where an event told it.
    pub(crate) at: i64,
}

impl ModelPool {
    pub(crate) fn of(totals: &Totals) -> Self {
        Self {
            cash: totals.cash.get(),
            debt_shares: totals.debt_shares.get(),
            index: totals.borrow_index.bits(),
            shares: totals.shares.get(),
            reserves: totals.reserves.get(),
            due: totals.insurance_due.get(),
            owed: totals.insurance_owed.get(),
            at: totals.accrued_at,
        }
    }

    pub(crate) fn reported(state: &PoolState) -> Self {
        Self {
            cash: state.cash,
            debt_shares: state.debt_shares,
            index: state.borrow_index,
            shares: state.shares,
            reserves: state.reserves,
            due: state.insurance_due,
            owed: state.insurance_owed,
            at: 0,
        }
    }

    /// `cash + performing debt - reserves - owed to insurance`.
    pub(crate) fn nav(&self) -> i128 {
        let owed = times_down(self.index, self.debt_shares);
        i128::from(self.cash) + i128::from(owed) - i128::from(self.reserves) - i128::from(self.owed)
    }

    /// What is the insurance fund's besides what it has.
    pub(crate) const fn insured(&self) -> u64 {
        self.due + self.owed
    }

    /// What so many debt shares owe, rounded up.
    pub(crate) fn debt(&self, debt_shares: u64) -> u64 {
        times_up(self.index, debt_shares)
    }
}

/// What still counts of an amount that fades evenly from `at` to `end`, rounded up.
fn faded(amount: u64, at: i64, end: i64, now: i64) -> u64 {
    let seconds = |from: i64, to: i64| u64::try_from((to - from).max(0)).unwrap();
    match seconds(at, end) {
        0 => 0,
        span => amount - share_of(amount, seconds(at, now).min(span), span),
    }
}

/// The most that one loss draws from the fund.
fn draw_limit(fund: &InsuranceFund, due: u64, limits: &LossParameters, now: i64) -> u64 {
    let assets = fund.assets + due;
    let recent = faded(fund.window_drawn, fund.window_at, fund.window_ends_at, now);
    bps_of(assets + recent, limits.draw_cap_bps).saturating_sub(recent).min(assets)
}

/// Whether what is marked is worth a wait: more than a ten-thousandth.
pub(crate) fn is_material(marked: u64, of: u64) -> bool {
    u128::from(marked) * 10_000 > u128::from(of)
}

/// Seconds of all holds up to now.
pub(crate) fn stopped(hold: &HoldTimes, now: i64) -> u64 {
    let lasts = if hold.on == 0 { 0 } else { u64::try_from(now - hold.since).unwrap() };
    hold.stopped + lasts
}

/// The time that notices run on for one who waits for a hold to end.
pub(crate) fn clock(hold: &HoldTimes, now: i64) -> i64 {
    now - i64::try_from(stopped(hold, now)).unwrap()
}

/// Whether recording settles the mark of an obligation: it stands for long enough, or somebody waits for as long.
pub(crate) fn settles(state: &State, who: Actor, now: i64) -> bool {
    let (pool, obligation) = (&state.pool, &state.obligations[who]);
    let long = i64::from(pool.parameters.loss.hold_seconds);
    let all = |hold: &HoldTimes| hold.on != 0 && i64::from(hold.spent) + now - hold.since >= long;
    obligation.marked != 0 && (now - obligation.marked_at >= long || all(&pool.hold) || all(&pool.fund_hold))
}

/// The fund's shares when it is settled: those of stakers, those that wait to be claimed, and its own. What belongs to
/// no share counts as shares of its own, one to one; and so does a part of revenue at the price before it: see
/// [`donation_of_revenue`].
pub(crate) fn stake_shares(fund: &InsuranceFund, due: u64, now: i64) -> [u64; 3] {
    let all = fund.shares + fund.waiting_shares + fund.protocol_shares;
    if all == 0 {
        return [0, 0, fund.assets + due];
    }
    [fund.shares, fund.waiting_shares, fund.protocol_shares + donation_of_revenue(fund, due - fund.owed, now)]
}

/// The shares of a fund's own that revenue makes: what would have been earned by what was drawn, or what its own shares
/// lack of a million units once losses divided shares, if that is more; at the price before it.
pub(crate) fn donation_of_revenue(fund: &InsuranceFund, revenue: u64, now: i64) -> u64 {
    let had = BigInt::from(fund.assets) + fund.owed;
    let all = BigInt::from(fund.shares) + fund.waiting_shares + fund.protocol_shares;
    if revenue == 0 || all == BigInt::ZERO || (fund.generation == 0 && fund.window_drawn == 0) {
        return 0;
    }
    let drawn = BigInt::from(faded(fund.window_drawn, fund.window_at, fund.window_ends_at, now));
    let lost: BigInt = &drawn * revenue / (&had + &drawn).max(BigInt::from(1));
    let worth: BigInt = BigInt::from(fund.protocol_shares) * (&had + 1) / (&all + 1);
    let missing = if fund.generation == 0 { BigInt::ZERO } else { (BigInt::from(1_000_000) - worth).max(BigInt::ZERO) };
    let minted: BigInt = lost.max(missing).min(revenue.into()) * (all + 1) / (had + 1);
    minted.to_u64().unwrap_or(0)
}

/// Who bears a loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Allocation {
    pub(crate) loss: u64,
    pub(crate) reserves: u64,
    pub(crate) insurance: u64,
    pub(crate) lps: u64,
    pub(crate) uncovered: u64,
    /// The part of `insurance` that stakers bear.
    pub(crate) stakers: u64,
}

/// Who bears the loss of so many debt shares, in a pool that was just so and otherwise as before.
pub(crate) fn split(before: &State, just: &ModelPool, debt_shares: u64, now: i64) -> Allocation {
    let limits = &before.pool.parameters.loss;
    let loss = times_down(just.index, just.debt_shares) - times_down(just.index, just.debt_shares - debt_shares);
    let reserves = loss.min(just.reserves);
    let rest = loss - reserves;
    let nav = u64::try_from(just.nav()).unwrap();
    let covered =
        bps_of(rest, insurance_share_bps(&before.pool)).min(draw_limit(&before.fund, just.insured(), limits, now));
    // What LPs cannot bear is taken from what they owe the fund.
    let insurance = covered + (rest - covered).saturating_sub(nav).min(just.owed.saturating_sub(covered));
    let beyond = rest - insurance;
    let lps = beyond.min(nav);
    let [staked, waiting, protocol] = stake_shares(&before.fund, just.insured(), now);
    let stakers = if insurance == 0 { 0 } else { share_of(insurance, staked, staked + waiting + protocol) };
    Allocation { loss, reserves, insurance, lps, uncovered: beyond - lps, stakers }
}

/// How often a loss that leaves so much divides shares by 2^10; seven times if it leaves nothing.
pub(crate) fn rescalings(left: u64, shares: u64) -> u32 {
    match (left, shares) {
        (_, 0) => 0,
        (0, _) => 7,
        _ => (0..).find(|times| u128::from(left) << 10 >= u128::from(shares >> (10 * times))).unwrap(),
    }
}

/// A power of ten with a sign.
fn ten_to(power: i32) -> BigRational {
    BigRational::from(BigInt::from(10)).pow(power)
}

/// So many digits of an exponent, in 10^-18 USD.
fn value(digits: u64, exponent: i32) -> u128 {
    u128::from(digits) * 10_u128.pow(u32::try_from(exponent + 18).unwrap())
}

/// The exponent that a feed's digits are counted in: Switchboard's are of 10^-18 USD, or of 10^-9 where these would not
/// fit.
fn exponent(oracle: Network, quote: &Quote) -> i32 {
    let most = value(quote.price.max(quote.confidence), quote.exponent);
    match oracle {
        Network::Pyth => quote.exponent,
        Network::Switchboard if most <= 1 << 60 => -18,
        Network::Switchboard => -9,
    }
}

/// A token's price, and how far it may be off to either side, in 10^-18 USD. Where there are two feeds it is the
/// middle, rounded down to a digit, of what covers the intervals of both.
pub(crate) fn price(state: &State, token: Token) -> (u128, u128) {
    let (quote, oracles) = (state.quotes[token], state.oracles[token]);
    let Some((second, oracle)) = state.second_quotes[token].zip(oracles.second) else {
        return (value(quote.price, quote.exponent), value(quote.confidence, quote.exponent));
    };
    let side = |of: fn(&Quote) -> u64| [quote, second].map(|quote| value(of(&quote), quote.exponent));
    let [lower, upper] = [side(|quote| quote.price - quote.confidence), side(|quote| quote.price + quote.confidence)];
    let (lower, upper) = (lower[0].min(lower[1]), upper[0].max(upper[1]));
    let digit = value(1, exponent(oracles.first, &quote).min(exponent(oracle, &second)));
    let price = u128::midpoint(lower, upper) / digit * digit;
    (price, upper - price)
}

/// So many 10^-18 USD in USD.
fn dollars(value: u128) -> BigRational {
    BigRational::from(BigInt::from(value)) * ten_to(-18)
}

/// Whether a token's price can be used: no feed is too uncertain, and both agree.
pub(crate) fn is_usable(state: &State, token: Token) -> bool {
    let (oracle, first): (&OracleParameters, Quote) = (state.oracle(token), state.quotes[token]);
    let wide = |quote: Quote| {
        u128::from(quote.confidence) * 10_000 > u128::from(quote.price) * u128::from(oracle.max_confidence_bps)
    };
    let Some(second) = state.second_quotes[token] else { return !wide(first) };
    let of = |quote: Quote| value(quote.price, quote.exponent);
    let apart = of(first).abs_diff(of(second)) * 10_000 > of(first) * u128::from(oracle.max_divergence_bps);
    !wide(first) && !wide(second) && !apart
}

/// What is remembered of a token's price.
pub(crate) fn last_price(state: &State, token: Token) -> &LastPrice {
    if token == Token::Usdc { &state.pool.last_price } else { &state.collaterals[token].last_price }
}

/// Whether a token's price can be used and is no older than any that was read before, of both feeds.
pub(crate) fn is_newest(state: &State, token: Token, now: i64) -> bool {
    let (last, ages) = (last_price(state, token), &state.ages[token]);
    is_usable(state, token) && now - ages.first >= last.first_at && now - ages.second >= last.second_at
}

/// The newest price of a token that was read; zero before the first.
pub(crate) fn last_value(last: &LastPrice) -> u128 {
    if last.price == 0 { 0 } else { value(last.price, last.exponent) }
}

/// Below this many 10^-18 USD every digit of a price counts, from it on only those of 10^-9 USD.
const FINE: u128 = 1 << 60;
const GIGA: u128 = 1_000_000_000;

/// A side of a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// What collateral counts at.
    Low,
    /// What is exchanged at.
    Middle,
    /// What debt counts at.
    High,
}

/// How a liquidation, a mark or a loss sees collateral and debt at a moment: a price that was reported, and not read
/// for as long as a mark stands, counts in the borrower's favour; that of the liquidity token at settlement only.
#[derive(Clone, Copy)]
pub(crate) struct Sight<'a> {
    state: &'a State,
    now: i64,
    settles: bool,
}

impl<'a> Sight<'a> {
    pub(crate) fn new(state: &'a State, now: i64) -> Self {
        Self { state, now, settles: false }
    }

    /// As settling a mark sees it.
    pub(crate) fn settling(self, settles: bool) -> Self {
        Self { settles, ..self }
    }

    /// Whether a token counts in the borrower's favour.
    pub(crate) fn favours(&self, token: Token) -> bool {
        let reported = last_price(self.state, token).reported_at;
        let long = i64::from(self.state.pool.parameters.loss.hold_seconds);
        let may = token != Token::Usdc || self.settles;
        may && !is_usable(self.state, token) && reported != 0 && self.now - reported >= long
    }

    /// What a whole token counts at, in 10^-18 USD: twice the greater of its average and its newest price, or of the
    /// liquidity token half the lesser. What is finer than prices can tell is rounded, and widens the interval.
    fn side(&self, token: Token, side: Side) -> u128 {
        if !self.favours(token) {
            let (price, width) = price(self.state, token);
            return match side {
                Side::Low => price - width,
                Side::Middle => price,
                Side::High => price + width,
            };
        }
        let (last, average) = (last_value(last_price(self.state, token)), average_value(self.state, token));
        let exact = match token {
            Token::Usdc if last == 0 => average / 2,
            Token::Usdc => last.min(average) / 2,
            _ => last.max(average) * 2,
        };
        let (coarse, rest) = if exact <= FINE { (exact, 0) } else { (exact / GIGA * GIGA, exact % GIGA) };
        let width = if rest == 0 { 0 } else { GIGA };
        match side {
            Side::Low => coarse - width,
            Side::Middle => coarse,
            Side::High => coarse + width,
        }
    }

    /// What a base unit of a token is worth in USD, on a side of its price.
    pub(crate) fn unit_price(&self, token: Token, side: Side) -> BigRational {
        dollars(self.side(token, side)) * ten_to(-i32::from(self.state.decimals[token]))
    }

    /// What is paid for so many units of a collateral at the least bonus, at the conservative sides of prices, in units
    /// of liquidity.
    pub(crate) fn brings(&self, token: Token, units: u64) -> BigRational {
        let least = bps(10_000 + self.state.collaterals[token].parameters.bonus_min_bps);
        self.unit_price(token, Side::Low) * whole(units) / least / self.unit_price(Token::Usdc, Side::High)
    }

    /// What is paid for all collateral of an obligation that counts at the least bonuses, in units of liquidity.
    pub(crate) fn covered(&self, who: Actor) -> BigRational {
        counted(self.state, who).map(|(token, units)| self.brings(token, units)).sum()
    }

    /// What all collateral of an obligation that counts is worth, in USD at its lower prices.
    pub(crate) fn collateral_worth(&self, who: Actor) -> BigRational {
        counted(self.state, who).map(|(token, units)| self.unit_price(token, Side::Low) * whole(units)).sum()
    }

    /// What an obligation that owes so much leaves unpaid: what exceeds that which its collateral brings after the
    /// least bonus; nothing within its threshold. Values are rounded as prices tell them: to 10^-18 USD, then to a
    /// unit.
    pub(crate) fn shortfall(&self, who: Actor, debt: u64) -> u64 {
        if debt == 0 {
            return 0;
        }
        let power = |token: Token| BigInt::from(10).pow(self.state.decimals[token].into());
        let (mut limit, mut proceeds) = (BigInt::ZERO, BigInt::ZERO);
        for (token, units) in counted(self.state, who) {
            let collateral = &self.state.collaterals[token];
            let value = BigInt::from(self.side(token, Side::Low)) * units / power(token);
            limit += &value * limits(collateral, self.now).1;
            proceeds += value * 10_000 / (10_000 + collateral.parameters.bonus_min_bps);
        }
        let price = BigInt::from(self.side(Token::Usdc, Side::High));
        let owed = (&price * debt + power(Token::Usdc) - 1) / power(Token::Usdc);
        if owed * 10_000 <= limit {
            return 0;
        }
        let paid: BigInt = proceeds * power(Token::Usdc) / price;
        debt.saturating_sub(paid.to_u64().unwrap_or(u64::MAX))
    }
}

/// The same when borrowing: a price farther than the limit from its average, on the side that lets borrow more, counts
/// the average.
fn guarded_unit_price(state: &State, token: Token) -> BigRational {
    let (price, width) = price(state, token);
    let (price, width) = (dollars(price), dollars(width));
    let debt = token == Token::Usdc;
    let average = average(state, token);
    let premium = bps(state.pool.parameters.risk.max_premium_bps);
    let one = ten_to(0);
    let side = if debt { &price + width } else { &price - width };
    let is_far = if debt { price < &average * (one - premium) } else { price > &average * (one + premium) };
    let counts = match (is_far, debt) {
        (false, _) => side,
        (true, true) => side.max(average),
        (true, false) => side.min(average),
    };
    counts * ten_to(-i32::from(state.decimals[token]))
}

fn average_value(state: &State, token: Token) -> u128 {
    if token == Token::Usdc { state.pool.average.price } else { state.collaterals[token].average.price }
}

fn average(state: &State, token: Token) -> BigRational {
    dollars(average_value(state, token))
}

/// A part in basis points.
pub(crate) fn bps(part: impl Into<BigInt>) -> BigRational {
    BigRational::new(part.into(), 10_000.into())
}

pub(crate) fn whole(number: impl Into<BigInt>) -> BigRational {
    BigRational::from(number.into())
}

/// Up to what value, in USD, collateral is dust.
pub(crate) fn dust(state: &State) -> BigRational {
    BigRational::new(state.pool.parameters.loss.dust_value.into(), 1_000_000.into())
}

/// Whether a holding counts: it is worth more than a tenth of dust at twice its average price.
pub(crate) fn counts(state: &State, token: Token, units: u64) -> bool {
    let worth = average(state, token) * ten_to(-i32::from(state.decimals[token])) * whole(units);
    worth * whole(20) > dust(state)
}

/// The most of a collateral that does not count.
pub(crate) fn most_negligible(state: &State, token: Token) -> u64 {
    let unit = average(state, token) * ten_to(-i32::from(state.decimals[token]));
    (dust(state) / unit / whole(20)).floor().to_integer().to_u64().unwrap_or(u64::MAX)
}

/// The holdings of an obligation that count.
pub(crate) fn counted(state: &State, who: Actor) -> impl Iterator<Item = (Token, u64)> {
    let held = state.obligations[who].held().map(move |slot| (state.token(&slot.collateral), slot.units));
    held.filter(move |(token, units)| counts(state, *token, *units))
}

/// Whether an obligation owes no more than its collateral lets borrow, exactly. What was written off and not recovered
/// counts as debt, and any debt as at least the pool's minimum.
pub(crate) fn may_owe(state: &State, who: Actor, pot: &ModelPool, now: i64) -> bool {
    let obligation = &state.obligations[who];
    let owed = u128::from(pot.debt(obligation.debt_shares)) + u128::from(obligation.written_off - obligation.recovered);
    let owed = if owed == 0 { 0 } else { owed.max(state.pool.parameters.liquidation.min_debt.into()) };
    let carries: BigRational = counted(state, who)
        .map(|(token, units)| {
            let (limit, _) = limits(&state.collaterals[token], now);
            guarded_unit_price(state, token) * whole(units) * bps(limit)
        })
        .sum();
    whole(owed) * guarded_unit_price(state, Token::Usdc) <= carries
}
