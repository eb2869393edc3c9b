//! An independent model in exact rationals, written from the documented formulas. It calls no function of the engine:
//! it reads a [`Totals`] once, computes with numbers of any size, and says what must come out.

use backstop_engine::{
    Error,
    health::Health,
    insurance::{Fund, InsuranceLimits},
    interest::RateModel,
    liquidation::{Bonus, LiquidationTerms},
    pool::Totals,
    quantity::Bps,
    window::Window,
};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One as _, ToPrimitive as _, Zero as _};

pub(crate) type Rational = BigRational;

/// A whole number.
pub(crate) fn int(value: impl Into<BigInt>) -> BigInt {
    value.into()
}

/// A whole number as a rational.
pub(crate) fn whole(value: impl Into<BigInt>) -> Rational {
    Rational::from_integer(value.into())
}

/// A fraction.
pub(crate) fn ratio(top: impl Into<BigInt>, bottom: impl Into<BigInt>) -> Rational {
    Rational::new(top.into(), bottom.into())
}

/// The value of 64.64 bits.
pub(crate) fn q64(bits: u128) -> Rational {
    ratio(bits, int(1) << 64)
}

/// The greatest multiple of 2^-64 that is not above.
pub(crate) fn q64_down(value: &Rational) -> Rational {
    let scale = whole(int(1) << 64);
    (value * &scale).floor() / scale
}

/// The greatest integer not above.
pub(crate) fn down(value: &Rational) -> BigInt {
    value.floor().to_integer()
}

/// The least integer not below.
pub(crate) fn up(value: &Rational) -> BigInt {
    value.ceil().to_integer()
}

/// Basis points as a rational.
pub(crate) fn bps(bps: Bps) -> Rational {
    ratio(bps.get(), 10_000)
}

/// `64 bits or overflow`: what every total must fit.
pub(crate) fn word(value: &BigInt) -> Result<u64, Error> {
    value.to_u64().ok_or(Error::MathOverflow)
}

fn least(values: &[BigInt]) -> BigInt {
    values.iter().min().cloned().unwrap_or_default()
}

/// The state of a pool in exact numbers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LossState {
    pub(crate) cash: BigInt,
    pub(crate) debt_shares: BigInt,
    pub(crate) index: Rational,
    pub(crate) shares: BigInt,
    pub(crate) reserves: BigInt,
    pub(crate) insurance_due: BigInt,
    pub(crate) insurance_owed: BigInt,
    pub(crate) accrued_at: i64,
}

impl From<&Totals> for LossState {
    fn from(totals: &Totals) -> Self {
        Self {
            cash: int(totals.cash.get()),
            debt_shares: int(totals.debt_shares.get()),
            index: q64(totals.borrow_index.bits()),
            shares: int(totals.shares.get()),
            reserves: int(totals.reserves.get()),
            insurance_due: int(totals.insurance_due.get()),
            insurance_owed: int(totals.insurance_owed.get()),
            accrued_at: totals.accrued_at,
        }
    }
}

/// How a loss must be split.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Split {
    pub(crate) loss: BigInt,
    pub(crate) from_reserves: BigInt,
    pub(crate) from_insurance: BigInt,
    /// The part of it that stakers bear; the rest is borne by protocol-owned shares and what waits to be claimed.
    pub(crate) from_stakers: BigInt,
    pub(crate) to_lps: BigInt,
    pub(crate) uncovered: BigInt,
    /// How often shares are divided by 1,024.
    pub(crate) rescalings: u32,
    pub(crate) state: LossState,
}

impl LossState {
    /// Whether every total fits 64 bits, and cash with debt (so NAV, too) and shares with their virtual one.
    pub(crate) fn fit(&self) -> bool {
        let totals = [
            &self.cash + self.performing_debt() + 1,
            &self.shares + 1,
            self.reserves.clone(),
            self.insurance_due.clone(),
            self.insurance_owed.clone(),
            self.debt_shares.clone(),
        ];
        totals.iter().all(|total| word(total).is_ok())
    }

    pub(crate) fn performing_debt(&self) -> BigInt {
        down(&(&self.index * whole(self.debt_shares.clone())))
    }

    pub(crate) fn nav(&self) -> BigInt {
        &self.cash + self.performing_debt() - &self.reserves - &self.insurance_owed
    }

    /// `(NAV + 1) / (shares + 1)`.
    pub(crate) fn price(&self) -> Rational {
        ratio(self.nav() + 1, &self.shares + 1)
    }

    /// What one borrower owes, rounded up.
    pub(crate) fn debt(&self, debt_shares: u64) -> BigInt {
        up(&(&self.index * whole(debt_shares)))
    }

    /// What belongs to nobody joins the reserves.
    fn adopt_orphans(mut self) -> Self {
        if self.shares.is_zero() {
            self.reserves += self.nav();
        }
        self
    }

    /// What is taken, the shares minted for it, and the state afterwards.
    pub(crate) fn deposit(&self, offered: u64) -> Result<(BigInt, BigInt, Self), Error> {
        let minted = down(&(whole(offered) / self.price()));
        if minted.is_zero() {
            return Err(Error::AmountTooSmall);
        }
        let taken = up(&(whole(minted.clone()) * self.price()));
        let state = Self { cash: &self.cash + &taken, shares: &self.shares + &minted, ..self.clone() };
        // What a later price needs must fit: all that is lent and held, and shares, each with the virtual one.
        word(&(&state.cash + state.performing_debt() + 1))?;
        word(&(&state.shares + 1))?;
        Ok((taken, minted, state))
    }

    /// The assets paid out, and the state afterwards.
    pub(crate) fn withdraw(&self, shares: u64) -> Result<(BigInt, Self), Error> {
        if int(shares) > self.shares {
            return Err(Error::InsufficientShares);
        }
        let paid = down(&(whole(shares) * self.price()));
        if paid.is_zero() {
            return Err(Error::AmountTooSmall);
        }
        if paid > self.cash {
            return Err(Error::InsufficientCash);
        }
        let state = Self { cash: &self.cash - &paid, shares: &self.shares - shares, ..self.clone() };
        Ok((paid, state.adopt_orphans()))
    }

    /// The debt shares added, and the state afterwards.
    pub(crate) fn borrow(&self, held: u64, assets: u64, min_debt: u64) -> Result<(BigInt, Self), Error> {
        if assets == 0 {
            return Err(Error::AmountTooSmall);
        }
        if int(assets) > self.cash {
            return Err(Error::InsufficientCash);
        }
        let added = up(&(whole(assets) / &self.index));
        let owed = up(&(&self.index * whole(held + &added)));
        if owed < int(min_debt) {
            return Err(Error::DebtBelowMinimum);
        }
        let state = Self { cash: &self.cash - assets, debt_shares: &self.debt_shares + &added, ..self.clone() };
        Ok((added, state.adopt_orphans()))
    }

    /// What is paid, the debt shares burned, and the state afterwards.
    pub(crate) fn repay(&self, held: u64, offered: u64) -> Result<(BigInt, BigInt, Self), Error> {
        if held == 0 {
            return Err(Error::NoDebt);
        }
        let debt = self.debt(held);
        let (paid, burned) = if int(offered) >= debt {
            (debt, int(held))
        } else {
            let burned = down(&(whole(offered) / &self.index));
            (up(&(&self.index * whole(burned.clone()))), burned)
        };
        if burned.is_zero() {
            return Err(Error::AmountTooSmall);
        }
        let state = Self { cash: &self.cash + &paid, debt_shares: &self.debt_shares - &burned, ..self.clone() };
        Ok((paid, burned, state.adopt_orphans()))
    }

    /// The reserves paid out, and the state afterwards: at most those beyond what is marked, the cash, and what is
    /// released.
    pub(crate) fn collect(&self, wanted: u64, marked: u64, released: u64) -> Result<(BigInt, Self), Error> {
        let free = least(&[(&self.reserves - marked).max(BigInt::zero()), self.cash.clone(), int(released)]);
        let paid = if wanted == u64::MAX { free.clone() } else { int(wanted) };
        if paid > free {
            return Err(Error::InsufficientReserves);
        }
        if paid.is_zero() {
            return Err(Error::AmountTooSmall);
        }
        let state = Self { cash: &self.cash - &paid, reserves: &self.reserves - &paid, ..self.clone() };
        Ok((paid, state))
    }

    /// What is owed to the insurance fund, and what it earns now, is paid over as far as there is cash.
    fn pay_over(mut self, earned: BigInt) -> Self {
        let owed = &self.insurance_owed + earned;
        let paid = owed.clone().min(self.cash.clone());
        self.cash -= &paid;
        self.insurance_due += &paid;
        self.insurance_owed = owed - paid;
        self
    }

    /// Interest for some seconds: the interest, what went to reserves and to the insurance fund, and the state
    /// afterwards.
    pub(crate) fn accrue(&self, rates: &RateModel, seconds: u64) -> (BigInt, BigInt, BigInt, Self) {
        let before = self.performing_debt();
        let rate = yearly_rate(rates, utilisation(&self.cash, &before));
        let growth = growth(rate, seconds);
        let index = &self.index + q64_down(&(&self.index * growth));
        let after = down(&(&index * whole(self.debt_shares.clone())));
        let fits =
            word(&(&self.cash + &after + 1)).is_ok() && (&index * whole(int(1) << 64)).to_integer().bits() <= 128;
        if seconds == 0 || self.debt_shares.is_zero() || !fits {
            return (BigInt::zero(), BigInt::zero(), BigInt::zero(), self.clone().pay_over(BigInt::zero()));
        }
        let interest = after - before;
        let earned = down(&(whole(interest.clone()) * bps(rates.insurance_factor)));
        let to_reserves = down(&(whole(interest.clone()) * bps(rates.reserve_factor)));
        let state = Self { index, reserves: &self.reserves + &to_reserves, ..self.clone() };
        (interest, to_reserves, earned.clone(), state.pay_over(earned).adopt_orphans())
    }

    /// The waterfall.
    pub(crate) fn record(&self, fund: &Fund, limits: &InsuranceLimits, debt_shares: u64, now: i64) -> Split {
        let nav = self.nav();
        let left = Self { debt_shares: &self.debt_shares - debt_shares, ..self.clone() };
        let loss = self.performing_debt() - left.performing_debt();
        let from_reserves = least(&[loss.clone(), self.reserves.clone()]);
        let rest = &loss - &from_reserves;
        let held = int(fund.assets.get()) + &self.insurance_due + &self.insurance_owed;
        let counted_at = counted;
        let counted = counted(&fund.draws, now);
        let room = down(&(whole(&held + &counted) * bps(limits.cap))) - &counted;
        let covered =
            least(&[down(&(whole(rest.clone()) * bps(limits.share))), room.max(BigInt::zero()), held.clone()]);
        // What is owed to the fund is drawn first, and beyond all limits where LPs have no more to lose.
        let beyond = (&rest - &covered - &nav).max(BigInt::zero());
        let from_insurance = &covered + beyond.min((&self.insurance_owed - &covered).max(BigInt::zero()));
        let from_owed = from_insurance.clone().min(self.insurance_owed.clone());
        let (stakers, waiting, protocol) =
            (int(fund.shares.get()), int(fund.waiting_shares.get()), int(fund.protocol_shares.get()));
        // Of revenue what was drawn would have had is a donation, at the price before it; and what protocol-owned
        // shares lack of a million, if losses divided shares.
        let all = &stakers + &waiting + &protocol;
        let before = int(fund.assets.get()) + fund.owed.get();
        let revenue = (&held - &before).max(BigInt::zero());
        let drawn = counted_at(&fund.draws, self.accrued_at);
        let lost = down(&(whole(revenue.clone()) * ratio(drawn.clone(), (&before + drawn).max(int(1)))));
        let worth = down(&(whole(protocol.clone()) * ratio(&before + 1, &all + 1)));
        let missing = if fund.generation == 0 { BigInt::zero() } else { (int(1_000_000) - worth).max(BigInt::zero()) };
        let donation = lost.max(missing).min(revenue);
        let given = down(&(whole(donation) * ratio(&all + 1, before + 1)));
        let protocol = if all.is_zero() { protocol } else { protocol + waiting + given };
        let from_stakers = if stakers.is_zero() {
            BigInt::zero()
        } else {
            down(&(whole(from_insurance.clone()) * ratio(stakers.clone(), stakers + protocol)))
        };
        let rest = rest - &from_insurance;
        let to_lps = least(&[rest.clone(), nav.clone()]);
        let rescalings = if to_lps.is_zero() { 0 } else { rescalings(&(&nav - &to_lps), &self.shares) };
        let state = Self {
            cash: &self.cash + (&from_insurance - &from_owed),
            reserves: &self.reserves - &from_reserves,
            insurance_due: BigInt::zero(),
            insurance_owed: &self.insurance_owed - from_owed,
            shares: &self.shares >> (10 * rescalings),
            ..left
        };
        Split {
            loss,
            from_reserves,
            from_insurance,
            from_stakers,
            uncovered: rest - &to_lps,
            to_lps,
            rescalings,
            state,
        }
    }
}

/// The fewest divisions by 1,024 after which no more than 1,024 shares come on a unit of `left`; seven where nothing is
/// left.
pub(crate) fn rescalings(left: &BigInt, shares: &BigInt) -> u32 {
    if shares.is_zero() {
        return 0;
    }
    if left.is_zero() {
        return 7;
    }
    (0..7).find(|times| shares >> (10 * times) <= left * 1_024).unwrap_or(7)
}

/// What amounts of a window still count for: they fade evenly from the last one to the end; rounded up.
pub(crate) fn counted(window: &Window, now: i64) -> BigInt {
    let span = int(window.ends_at) - window.at;
    let left = (int(window.ends_at) - now).min(span.clone());
    if left <= BigInt::zero() { BigInt::zero() } else { up(&(whole(window.counted.get()) * ratio(left, span))) }
}

/// When a window ends after an amount: the average of both ends, weighted by what each counts for; rounded up.
pub(crate) fn window_end(window: &Window, amount: u64, seconds: u64, now: i64) -> BigInt {
    let earlier = counted(window, now);
    let end = int(now) + seconds;
    let before = if earlier.is_zero() { int(now) } else { int(window.ends_at).min(end.clone()) };
    up(&ratio(&earlier * before + end * amount, earlier + amount))
}

/// Borrowed over borrowed plus cash, in billionths.
pub(crate) fn utilisation(cash: &BigInt, debt: &BigInt) -> u64 {
    if debt.is_zero() {
        return 0;
    }
    word(&down(&(ratio(debt.clone(), cash + debt) * whole(1_000_000_000)))).unwrap()
}

/// The two-slope curve, in billionths a year. The gain is rounded down.
pub(crate) fn yearly_rate(rates: &RateModel, utilisation: u64) -> u64 {
    let billion = whole(1_000_000_000);
    let used = whole(utilisation) / &billion;
    let kink = bps(rates.kink);
    let gain = if used < kink {
        bps(rates.slope1) * used / kink
    } else {
        bps(rates.slope2) * (used - &kink) / (Rational::one() - kink) + bps(rates.slope1)
    };
    word(&down(&((gain + bps(rates.base)) * billion))).unwrap()
}

/// The most that one accrual charges for, as rate times time: `1 - 2^-64`.
pub(crate) fn most_charged() -> Rational {
    Rational::one() - ratio(1, int(1) << 64)
}

/// `x + x^2/2 + x^3/6`, where `x = rate * time`, of at most 2^29 - 1 seconds, is at most `1 - 2^-64`; every term is
/// rounded down to 2^-64.
pub(crate) fn growth(rate: u64, seconds: u64) -> Rational {
    let seconds = seconds.min((1 << 29) - 1);
    let x = q64_down(&exponent(rate, seconds).min(most_charged()));
    let square = q64_down(&(&x * &x));
    let cube = q64_down(&(&square * &x));
    q64_down(&(square / whole(2))) + q64_down(&(cube / whole(6))) + x
}

/// Rate times time, in years.
pub(crate) fn exponent(rate: u64, seconds: u64) -> Rational {
    ratio(rate, 1_000_000_000) * ratio(seconds, 31_536_000)
}

/// `e^x - 1` for `x <= 1`, by so many terms that the rest is below 2^-100.
pub(crate) fn exponential_growth(x: &Rational) -> Rational {
    let scale = whole(int(1) << 160);
    let (mut sum, mut term) = (Rational::zero(), Rational::one());
    for n in 1..120 {
        // Cut to 160 bits below the point; 120 cuts are far below 2^-100 together.
        term = (term * x / whole(n) * &scale).floor() / &scale;
        sum += &term;
    }
    sum
}

/// `digits * 10^exponent` USD for a whole token with these decimals, per base unit, in 10^-18 USD.
pub(crate) fn unit_price(digits: u64, exponent: i32, decimals: u8) -> Rational {
    let power = exponent + 18 - i32::from(decimals);
    let ten = whole(10);
    whole(digits) * ten.pow(power)
}

/// Health: the liquidation limit over the debt, exact.
pub(crate) fn health_factor(health: &Health) -> Rational {
    ratio(health.liquidation_limit.get(), int(health.debt.get()) * 10_000)
}

/// One and basis points.
pub(crate) fn one_and(part: Bps) -> Rational {
    bps(part) + whole(1)
}

/// How often what the collateral brings at the least bonuses contains the debt, exact.
pub(crate) fn cover(health: &Health) -> Rational {
    ratio(health.proceeds.get(), health.debt.get())
}

/// The documented bonus: `min + (100 % - health)`; at most `max`, at most `(1 + min) * proceeds / debt - 1`, and at
/// most `health / threshold - 1`, with health of at most 100 %; at least `min`. Health and the quotients are taken in
/// basis points, rounded down. A collateral that carries no debt sets no bound.
pub(crate) fn bonus(bonus: &Bonus, health: &Rational, cover: &Rational, threshold: Bps) -> BigInt {
    let one = int(10_000);
    let factor = down(&(health * whole(one.clone())));
    let lost = (&one - &factor).max(BigInt::zero());
    let mut found = (lost + bonus.min.get()).min(int(bonus.max.get()));
    found = found.min(down(&(cover * one_and(bonus.min) * whole(one.clone()))) - &one);
    if threshold.get() > 0 {
        found = found.min(down(&ratio(factor.min(one.clone()) * &one, threshold.get())) - &one);
    }
    found.max(int(bonus.min.get()))
}

/// One collateral of an obligation, its prices in 10^-18 USD a base unit.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) units: BigInt,
    pub(crate) lower: Rational,
    pub(crate) middle: Rational,
    pub(crate) threshold: Bps,
    pub(crate) bonus: Bonus,
}

/// Someone in debt, in exact numbers.
#[derive(Clone, Debug)]
pub(crate) struct Debtor {
    pub(crate) shares: BigInt,
    pub(crate) index: Rational,
    pub(crate) upper: Rational,
    pub(crate) middle: Rational,
    pub(crate) held: Vec<Held>,
}

/// What a liquidation must do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seizure {
    pub(crate) paid: BigInt,
    pub(crate) burned: BigInt,
    pub(crate) seized: BigInt,
    pub(crate) bonus: BigInt,
}

impl Held {
    /// At the lower price, rounded down to 10^-18 USD.
    fn value(&self) -> BigInt {
        down(&(&self.lower * whole(self.units.clone())))
    }

    /// What so many units are worth to one who gets this bonus: in 10^-18 USD, not rounded.
    pub(crate) fn price_of(&self, units: &BigInt, bonus: &Rational) -> Rational {
        &self.middle * whole(units.clone()) / (bonus + whole(1))
    }
}

impl Debtor {
    /// What so many debt shares cost, rounded up.
    pub(crate) fn cost(&self, shares: &BigInt) -> BigInt {
        up(&(&self.index * whole(shares.clone())))
    }

    /// The fewest debt shares that are worth at least so many units.
    pub(crate) fn shares_for(&self, units: &BigInt) -> BigInt {
        up(&(whole(units.clone()) / &self.index))
    }

    pub(crate) fn owed(&self) -> BigInt {
        self.cost(&self.shares)
    }

    /// The debt at its upper price, rounded up to 10^-18 USD.
    pub(crate) fn debt(&self) -> BigInt {
        up(&(&self.upper * whole(self.owed())))
    }

    /// What the collateral carries.
    pub(crate) fn limit(&self) -> Rational {
        self.held.iter().map(|held| whole(held.value()) * bps(held.threshold)).sum()
    }

    pub(crate) fn collateral(&self) -> BigInt {
        self.held.iter().map(Held::value).sum()
    }

    /// What the collateral brings at the least bonuses: rounded down to 10^-18 USD for each.
    pub(crate) fn proceeds(&self) -> BigInt {
        self.held.iter().map(|held| down(&(whole(held.value()) / one_and(held.bonus.min)))).sum()
    }

    pub(crate) fn is_liquidatable(&self) -> bool {
        whole(self.debt()) > self.limit()
    }

    /// How many units of the debt the collateral covers, rounded down.
    pub(crate) fn covered(&self) -> BigInt {
        down(&(whole(self.proceeds()) / &self.upper))
    }

    /// `debt - proceeds`, at least zero, beyond the limit.
    pub(crate) fn shortfall(&self) -> BigInt {
        if self.is_liquidatable() { (self.owed() - self.covered()).max(BigInt::zero()) } else { BigInt::zero() }
    }

    /// The fewest debt shares without which the collateral covers the rest.
    pub(crate) fn shares_short(&self) -> BigInt {
        if self.shortfall().is_zero() {
            return BigInt::zero();
        }
        &self.shares - down(&(whole(self.covered()) / &self.index))
    }

    /// What repaying brings health back to the target, in whole debt shares; all that leave no debt, or one below the
    /// minimum.
    fn wanted(&self, terms: &LiquidationTerms, held: &Held, bonus: &Rational) -> BigInt {
        let weight = bps(held.threshold) * (bonus + whole(1));
        let weight = whole(up(&(weight * whole(10_000)))) / whole(10_000);
        let restored = bps(terms.target_health) - weight;
        if self.collateral() <= self.debt() || restored <= Rational::zero() {
            return self.shares.clone();
        }
        let missing = bps(terms.target_health) * whole(self.debt()) - self.limit();
        let units = up(&(whole(up(&(missing / restored))) / &self.upper));
        let wanted = self.shares_for(&units).min(self.shares.clone());
        let left = self.cost(&(&self.shares - &wanted));
        if left < int(terms.min_debt.get()) { self.shares.clone() } else { wanted }
    }

    /// The documented liquidation, exact between whole units, whole debt shares and what is paid for them.
    pub(crate) fn liquidate(&self, terms: &LiquidationTerms, which: usize, offered: u64) -> Result<Seizure, Error> {
        if !self.is_liquidatable() {
            return Err(Error::ObligationHealthy);
        }
        let held = &self.held[which];
        if held.units.is_zero() {
            return Err(Error::InsufficientCollateral);
        }
        let (health, cover) = (self.limit() / whole(self.debt()), ratio(self.proceeds(), self.debt()));
        let found = bonus(&held.bonus, &health, &cover, held.threshold);
        let bonus = ratio(found.clone(), 10_000);
        let affordable =
            if int(offered) >= self.owed() { self.shares.clone() } else { down(&(whole(offered) / &self.index)) };
        let most = self.wanted(terms, held, &bonus).min(affordable);
        let needed = |units: &BigInt| self.shares_for(&up(&(held.price_of(units, &bonus) / &self.middle)));
        let (burned, seized) = if needed(&held.units) <= most {
            (needed(&held.units), held.units.clone())
        } else {
            let left = self.cost(&(&self.shares - &most));
            if !left.is_zero() && left < int(terms.min_debt.get()) {
                return Err(Error::DebtBelowMinimum);
            }
            let worth = whole(down(&(&self.index * whole(most)))) * &self.middle;
            let seized = down(&(worth * (&bonus + whole(1)) / &held.middle));
            (needed(&seized), seized)
        };
        if burned.is_zero() || seized.is_zero() {
            return Err(Error::AmountTooSmall);
        }
        Ok(Seizure { paid: self.cost(&burned), burned, seized, bonus: found })
    }
}
