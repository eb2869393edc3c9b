//! Accounts into the engine's types.

use backstop_engine::{
    average::Average,
    breaker::{Breaker, BreakerTerms},
    exit::{NoticeTerms, Request},
    fixed::Q64,
    governance::{self, Pausable, Pause},
    health::{Holding, debt_to_secure, is_negligible},
    history::{Era, GenerationShares, Holder, Row},
    hold::{Hold, Holds},
    insurance::{Fund, InsuranceLimits},
    interest::RateModel,
    launch::Launch,
    liquidation::{Bonus, LiquidationTerms},
    mark::Mark,
    memory::PriceMemory,
    pool::Totals,
    price::{PriceTimes, Quote, Reading, Value},
    quantity::{Assets, Bps, DebtShares, Shares, Units},
    risk::{CollateralRisk, CollateralTerms, Gauge, PoolRisk, Range, RiskTerms},
    usage::Usage,
    waterfall::{Books, LossTerms},
    window::Window,
};
use solana_address::Address;

use crate::{
    AveragePrice, BackstopError, Collateral, CollateralParameters, CollateralSlot, ExitParameters, ExitRequest,
    HistoryRow, HoldTimes, InsuranceFund, InsuranceStake, LastPrice, LossClaim, LossParameters, LpPosition, Obligation,
    Parameter, Pool, PoolParameters, RiskGauge, ShareHolder,
};

impl From<backstop_engine::Error> for BackstopError {
    fn from(error: backstop_engine::Error) -> Self {
        match error {
            backstop_engine::Error::MathOverflow => Self::MathOverflow,
            backstop_engine::Error::AmountTooSmall => Self::AmountTooSmall,
            backstop_engine::Error::InsufficientShares => Self::InsufficientShares,
            backstop_engine::Error::InsufficientCash => Self::InsufficientCash,
            backstop_engine::Error::InsufficientCollateral => Self::InsufficientCollateral,
            backstop_engine::Error::NoDebt => Self::NoDebt,
            backstop_engine::Error::LoanToValueExceeded => Self::LoanToValueExceeded,
            backstop_engine::Error::DebtBelowMinimum => Self::DebtBelowMinimum,
            backstop_engine::Error::ObligationHealthy => Self::ObligationHealthy,
            backstop_engine::Error::CollateralRemains => Self::CollateralRemains,
            backstop_engine::Error::InvalidParameter => Self::InvalidParameter,
            backstop_engine::Error::InvalidPrice => Self::InvalidPrice,
            backstop_engine::Error::NothingToClaim => Self::NothingToClaim,
            backstop_engine::Error::BreakerTripped => Self::BreakerTripped,
            backstop_engine::Error::ExitNotRequested => Self::ExitNotRequested,
            backstop_engine::Error::ExitNotMature => Self::ExitNotMature,
            backstop_engine::Error::NoticeDue => Self::NoticeDue,
            backstop_engine::Error::ExitPending => Self::ExitPending,
            backstop_engine::Error::FundOnHold => Self::FundOnHold,
            backstop_engine::Error::PriceUncertain => Self::PriceUncertain,
            backstop_engine::Error::PricesDisagree => Self::PricesDisagree,
            backstop_engine::Error::InsufficientReserves => Self::InsufficientReserves,
            backstop_engine::Error::PauseTooLong => Self::PauseTooLong,
            backstop_engine::Error::PauseTooSoon => Self::PauseTooSoon,
            backstop_engine::Error::ChangeNotReady => Self::ChangeNotReady,
            backstop_engine::Error::ChangeLapsed => Self::ChangeLapsed,
            backstop_engine::Error::DebtCovered => Self::DebtCovered,
            backstop_engine::Error::PoolOnHold => Self::PoolOnHold,
            backstop_engine::Error::PriceBeforeMark => Self::PriceBeforeMark,
            backstop_engine::Error::DepositCapExceeded => Self::DepositCapExceeded,
            backstop_engine::Error::BorrowCapExceeded => Self::BorrowCapExceeded,
            backstop_engine::Error::PoolNotOpen => Self::PoolNotOpen,
            backstop_engine::Error::PoolAlreadyOpen => Self::PoolAlreadyOpen,
            backstop_engine::Error::FoundingGiftTooSmall => Self::FoundingGiftTooSmall,
            backstop_engine::Error::ChangeVoid => Self::ChangeVoid,
        }
    }
}

impl Pool {
    /// When it was opened, as the engine sees it.
    pub const fn launch(&self) -> Launch {
        Launch { opened_at: self.opened_at }
    }

    /// The totals, with interest counted up to `accrued_at`.
    pub const fn totals(&self) -> Totals {
        Totals {
            cash: Assets::new(self.cash),
            debt_shares: DebtShares::new(self.debt_shares),
            borrow_index: Q64::from_bits(self.borrow_index),
            shares: Shares::new(self.shares),
            generation: self.generation,
            reserves: Assets::new(self.reserves),
            insurance_due: Assets::new(self.insurance_due),
            insurance_owed: Assets::new(self.insurance_owed),
            accrued_at: self.accrued_at,
            usage: Usage { utilisation: self.average_utilisation, debt: Assets::new(self.average_debt) },
        }
    }

    /// The totals as an instruction at `now` finds them.
    ///
    /// # Errors
    /// As [`Totals::accrue`].
    pub fn totals_at(&self, now: i64) -> backstop_engine::Result<Totals> {
        Ok(self.totals().accrue(&self.rates(), now)?.totals)
    }

    /// The interest curve, with the insurance fund's part as it is now.
    pub const fn rates(&self) -> RateModel {
        self.parameters.rate_model(self.insurance_factor.gauge().floor())
    }

    /// How much of a loss insurance takes, with the loss-sharing ratio as it is now.
    pub fn insurance(&self) -> InsuranceLimits {
        self.parameters.insurance_limits(self.insurance_share.gauge().floor())
    }

    /// How losses are shared, and when they trip the breaker.
    pub fn loss_terms(&self) -> LossTerms {
        LossTerms { insurance: self.insurance(), breaker: self.parameters.exit.breaker(self.hold_seconds()) }
    }

    /// What moves with risk.
    pub const fn risk(&self) -> PoolRisk {
        PoolRisk {
            insurance_factor: self.insurance_factor.gauge(),
            insurance_share: self.insurance_share.gauge(),
            losses: Assets::new(self.risk_losses),
            recorded: Assets::new(self.risk_lost),
            at: self.risk_at,
        }
    }

    /// The last pause of something.
    pub fn pause(&self, what: Pausable) -> Pause {
        let [deposit, borrow, withdraw_collateral, withdraw] = &self.pauses;
        let times = match what {
            Pausable::Deposit => deposit,
            Pausable::Borrow => borrow,
            Pausable::WithdrawCollateral => withdraw_collateral,
            Pausable::Withdraw => withdraw,
        };
        Pause { since: times.since, until: times.until }
    }

    /// What the liquidity token counts for when borrowing: see [`Average::floor`].
    ///
    /// # Errors
    /// As [`Average::floor`].
    pub fn quote_for_borrowing(&self, quote: Quote) -> backstop_engine::Result<Quote> {
        self.average.average().floor(quote, Bps::new(self.parameters.risk.max_premium_bps))
    }

    /// What is marked and on hold.
    pub const fn holds(&self) -> Holds {
        Holds { marked: Assets::new(self.marked), pool: self.hold.hold(), fund: self.fund_hold.hold() }
    }

    /// Stores what the engine decided about it.
    pub fn store_holds(&mut self, holds: &Holds) {
        self.marked = holds.marked.get();
        (self.hold, self.fund_hold) = (stored_hold(&holds.pool), stored_hold(&holds.fund));
    }

    /// How long a mark stands before it is settled.
    pub const fn hold_seconds(&self) -> u32 {
        self.parameters.loss.hold_seconds
    }

    /// The loss breaker.
    pub const fn breaker(&self) -> Breaker {
        Breaker {
            losses: Window {
                counted: Assets::new(self.breaker_losses),
                at: self.breaker_at,
                ends_at: self.breaker_fades_at,
            },
            part: self.breaker_part,
            until: self.breaker_until,
        }
    }

    /// What a request to withdraw is at `now`: see [`Request::under`].
    pub fn due_request(&self, request: &Request, now: i64) -> Request {
        request.under(&self.parameters.exit.notices(), self.breaker().is_tripped(now))
    }

    /// How long ahead a withdrawal must be requested at `now`, in seconds; zero if it need not be.
    pub fn notice_seconds(&self, now: i64) -> u32 {
        self.parameters.exit.notices().seconds(self.breaker().is_tripped(now))
    }

    /// What a loss moves. `totals` are this pool's at the time.
    pub const fn books(&self, fund: &InsuranceFund, totals: &Totals) -> Books {
        Books { totals: *totals, fund: fund.fund(), breaker: self.breaker() }
    }

    /// Where LP shares stand.
    pub const fn era(&self) -> Era {
        Era { generation: self.generation, last_loss: self.last_loss }
    }
}

impl PoolParameters {
    /// How much of a loss insurance takes, at this loss-sharing ratio.
    pub fn insurance_limits(&self, share: Bps) -> InsuranceLimits {
        let window_seconds = u64::from(self.exit.window_seconds);
        InsuranceLimits { share, cap: Bps::new(self.loss.draw_cap_bps), window_seconds }
    }

    /// How obligations are liquidated.
    pub const fn liquidation_terms(&self) -> LiquidationTerms {
        LiquidationTerms {
            insurance_cut: Bps::new(self.liquidation.insurance_cut_bps),
            target_health: Bps::new(self.liquidation.target_health_bps),
            min_debt: Assets::new(self.liquidation.min_debt),
            dust: self.loss.dust(),
        }
    }

    /// The interest curve, with this part for the insurance fund.
    pub const fn rate_model(&self, insurance_factor: Bps) -> RateModel {
        let rates = &self.rates;
        RateModel {
            base: Bps::new(rates.base_bps),
            slope1: Bps::new(rates.slope1_bps),
            kink: Bps::new(rates.kink_bps),
            slope2: Bps::new(rates.slope2_bps),
            reserve_factor: Bps::new(rates.reserve_factor_bps),
            insurance_factor,
            average_seconds: self.risk.average_seconds,
        }
    }

    /// The rules for what moves with risk.
    pub const fn risk_terms(&self) -> RiskTerms {
        let (risk, rates) = (&self.risk, &self.rates);
        RiskTerms {
            insurance_factor: range(rates.insurance_factor_bps, risk.stressed_insurance_factor_bps),
            insurance_share: range(self.loss.insurance_share_bps, risk.stressed_insurance_share_bps),
            kink: Bps::new(rates.kink_bps),
            target_coverage: Bps::new(risk.target_coverage_bps),
            window_seconds: self.exit.window_seconds,
        }
    }
}

impl CollateralParameters {
    /// What its liquidator gets on top.
    pub const fn bonus(&self) -> Bonus {
        Bonus { min: Bps::new(self.bonus_min_bps), max: Bps::new(self.bonus_max_bps) }
    }

    /// The rules for its limits.
    pub fn terms(&self) -> CollateralTerms {
        CollateralTerms {
            max_ltv: Range::falling(Bps::new(self.max_ltv_bps), Bps::new(self.stressed_max_ltv_bps)),
            threshold: range(self.liquidation_threshold_bps, self.stressed_threshold_bps),
            stressed_deviation: Bps::new(self.stressed_deviation_bps),
        }
    }
}

impl Parameter {
    /// The rules for changing it: both lists have one order.
    #[allow(clippy::indexing_slicing)] // the compiler sees that both lists are as long
    pub const fn rules(self) -> governance::Parameter {
        const { assert!(governance::Parameter::ALL.len() == Self::ALL.len()) };
        governance::Parameter::ALL[self as usize]
    }
}

const fn range(calm: u32, stressed: u32) -> Range {
    Range { calm: Bps::new(calm), stressed: Bps::new(stressed) }
}

impl RiskGauge {
    /// The value and where it is going.
    pub const fn gauge(&self) -> Gauge {
        Gauge { value: self.value, heading: self.heading_bps, step: self.step_bps }
    }
}

impl HoldTimes {
    /// Whether it is on hold, and for how long it was.
    pub const fn hold(&self) -> Hold {
        Hold { on: self.on != 0, since: self.since, stopped: self.stopped, spent: self.spent }
    }
}

fn stored_hold(hold: &Hold) -> HoldTimes {
    HoldTimes { since: hold.since, stopped: hold.stopped, spent: hold.spent, on: hold.on.into() }
}

impl LastPrice {
    /// The newest price that was read, and since when there is none.
    pub const fn memory(&self) -> PriceMemory {
        PriceMemory {
            price: self.price,
            exponent: self.exponent,
            times: PriceTimes { first: self.first_at, second: self.second_at },
            reported_at: self.reported_at,
        }
    }

    /// Stores what the engine decided about it.
    pub const fn store(&mut self, memory: &PriceMemory) {
        (self.price, self.exponent) = (memory.price, memory.exponent);
        (self.first_at, self.second_at) = (memory.times.first, memory.times.second);
        self.reported_at = memory.reported_at;
    }

    /// Remembers a usable price.
    pub fn remember(&mut self, reading: &Reading) {
        self.store(&self.memory().after(reading));
    }
}

impl AveragePrice {
    /// The average and variance.
    pub const fn average(&self) -> Average {
        Average { price: Value::new(self.price), variance: self.variance, at: self.at }
    }
}

impl ExitParameters {
    /// When the breaker trips.
    pub fn breaker(&self, hold_seconds: u32) -> BreakerTerms {
        BreakerTerms {
            limit: Bps::new(self.breaker_limit_bps),
            window_seconds: u64::from(self.window_seconds),
            min_losses: Assets::new(self.breaker_min_losses),
            ends_in_seconds: hold_seconds.into(),
        }
    }

    /// How long ahead LPs must ask to leave.
    pub const fn notices(&self) -> NoticeTerms {
        NoticeTerms { always: self.notice_seconds, tripped: self.breaker_notice_seconds }
    }
}

impl ShareHolder {
    /// The holder as its shares changed last.
    pub const fn holder(&self) -> Holder {
        Holder { shares: Shares::new(self.shares), generation: self.generation, since: self.since }
    }
}

impl HistoryRow {
    /// The row.
    pub const fn row(&self) -> Row {
        Row { shares: Shares::new(self.shares), from: self.from, to: self.to, generation: self.generation }
    }
}

impl LpPosition {
    /// Its shares now.
    pub const fn shares_in(&self, pool: &Pool) -> Shares {
        self.holder.holder().now(&pool.era())
    }

    /// The request to withdraw as of `now`, in Unix time: it matures by the notice that is due now.
    pub fn request_in(&self, pool: &Pool, now: i64) -> Request {
        let request = self.request.request().rescaled(self.holder.generation, pool.generation);
        pool.due_request(&request, now).in_unix_time(&pool.holds().pool, now)
    }
}

impl InsuranceStake {
    /// Its shares now.
    pub const fn shares_in(&self, fund: &InsuranceFund) -> Shares {
        self.holder.holder().now(&fund.era())
    }

    /// The request to leave as of `now`, in Unix time.
    pub fn request_in(&self, pool: &Pool, fund: &InsuranceFund, now: i64) -> Request {
        let request = self.request.request().rescaled(self.holder.generation, fund.generation);
        request.in_unix_time(&pool.holds().fund, now)
    }
}

impl ExitRequest {
    /// The request.
    pub const fn request(&self) -> Request {
        Request {
            shares: Shares::new(self.shares),
            worth: Assets::new(self.worth),
            asked_at: self.asked_at,
            matures_at: self.matures_at,
        }
    }
}

impl LossClaim {
    /// What a stake claimed already.
    pub const fn claimed_shares(&self) -> GenerationShares {
        GenerationShares { shares: Shares::new(self.claimed), generation: self.generation }
    }
}

impl LossParameters {
    /// The value up to which collateral is dust.
    pub const fn dust(&self) -> Value {
        Value::from_micro_usd(self.dust_value)
    }
}

impl Collateral {
    /// Whether so little of it counts for nothing: see [`is_negligible`].
    pub fn is_negligible(&self, units: Units, dust: Value) -> bool {
        is_negligible(units, self.decimals, Value::new(self.average.price), dust)
    }

    /// What `units` of it count for at this quote and time.
    ///
    /// # Errors
    /// As [`Quote::lower`] and [`Quote::middle`].
    pub fn holding(&self, units: Units, quote: Quote, now: i64) -> backstop_engine::Result<Holding> {
        let (max_ltv, liquidation_threshold) = self.risk().limits(now);
        let price = quote.lower(self.decimals)?;
        let middle = quote.middle(&price)?;
        Ok(Holding { units, price, middle, max_ltv, liquidation_threshold, bonus: self.parameters.bonus() })
    }

    /// The same when borrowing in `pool`: see [`Average::cap`].
    ///
    /// # Errors
    /// As [`Average::cap`] and [`Quote::lower`].
    pub fn holding_for_borrowing(
        &self,
        pool: &Pool,
        units: Units,
        quote: Quote,
        now: i64,
    ) -> backstop_engine::Result<Holding> {
        let limit = Bps::new(pool.parameters.risk.max_premium_bps);
        self.holding(units, self.average.average().cap(quote, limit)?, now)
    }

    /// Its limits and where they are going.
    pub const fn risk(&self) -> CollateralRisk {
        CollateralRisk { max_ltv: self.max_ltv.gauge(), threshold: self.threshold.gauge(), at: self.risk_at }
    }
}

impl InsuranceFund {
    /// The fund.
    pub const fn fund(&self) -> Fund {
        Fund {
            assets: Assets::new(self.assets),
            owed: Assets::new(self.owed),
            shares: Shares::new(self.shares),
            waiting_shares: Shares::new(self.waiting_shares),
            gift_shares: Shares::new(self.gift_shares),
            generation: self.generation,
            drawn: Assets::new(self.drawn),
            draws: Window { counted: Assets::new(self.window_drawn), at: self.window_at, ends_at: self.window_ends_at },
        }
    }

    /// Where stakers' shares stand.
    pub const fn era(&self) -> Era {
        Era { generation: self.generation, last_loss: self.last_loss }
    }
}

impl Obligation {
    /// Its debt shares.
    pub const fn debt(&self) -> DebtShares {
        DebtShares::new(self.debt_shares)
    }

    /// Its mark.
    pub const fn mark(&self) -> Mark {
        Mark { shortfall: Assets::new(self.marked), since: self.marked_at }
    }

    /// The written-off debt that is not recovered.
    pub const fn unrecovered(&self) -> Assets {
        Assets::new(self.written_off).saturating_sub(Assets::new(self.recovered))
    }

    /// Whether it owes anything, performing or written off: then taking collateral out needs prices.
    pub const fn owes(&self) -> bool {
        self.debt_shares != 0 || !self.unrecovered().is_zero()
    }

    /// What its performing debt and what it left unrecovered count for when it borrows or takes collateral out.
    ///
    /// # Errors
    /// As [`debt_to_secure`].
    pub fn debt_to_secure(&self, performing: Assets, min_debt: Assets) -> backstop_engine::Result<Assets> {
        debt_to_secure(performing, self.unrecovered(), min_debt)
    }

    /// The collaterals it holds, in the order in which instructions want them.
    pub fn held(&self) -> impl Iterator<Item = &CollateralSlot> {
        self.collaterals.iter().filter(|slot| slot.units != 0)
    }

    /// How much it holds of a collateral.
    pub fn units_of(&self, collateral: &Address) -> u64 {
        self.held().find(|slot| slot.collateral == *collateral).map_or(0, |slot| slot.units)
    }
}
