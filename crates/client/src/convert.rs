//! Accounts into the engine's types.

use backstop_engine::{
    average::Average,
    breaker::{Breaker, BreakerTerms},
    claims::{End, Holder, Ledger, Mark},
    exit::{NoticeTerms, Request},
    fixed::Q64,
    governance::{self, Pausable, Pause},
    health::{Holding, debt_to_secure, is_negligible},
    insurance::{Fund, InsuranceLimits},
    interest::RateModel,
    liquidation::{Bonus, LiquidationTerms},
    pool::Totals,
    price::{Quote, Value},
    provision::Provisions,
    quantity::{Assets, Bps, DebtShares, Shares, Units},
    risk::{CollateralRisk, CollateralTerms, Gauge, PoolRisk, Range, RiskTerms},
    waterfall::{Books, LossTerms},
};
use solana_address::Address;

use crate::{
    AveragePrice, BackstopError, ClaimBook, ClaimHolder, Collateral, CollateralParameters, CollateralSlot,
    ExitParameters, ExitRequest, InsuranceFund, InsuranceStake, LossLedger, LossParameters, LossRecord, LpPosition,
    Obligation, Parameter, Pool, PoolParameters, RateParameters, RiskGauge,
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
            backstop_engine::Error::Closed => Self::Closed,
            backstop_engine::Error::NothingToClaim => Self::NothingToClaim,
            backstop_engine::Error::NothingToRecover => Self::NothingToRecover,
            backstop_engine::Error::BreakerTripped => Self::BreakerTripped,
            backstop_engine::Error::ExitNotRequested => Self::ExitNotRequested,
            backstop_engine::Error::ExitNotMature => Self::ExitNotMature,
            backstop_engine::Error::ExitLapsed => Self::ExitLapsed,
            backstop_engine::Error::HeldForProvisions => Self::HeldForProvisions,
            backstop_engine::Error::PriceUncertain => Self::PriceUncertain,
            backstop_engine::Error::PricesDisagree => Self::PricesDisagree,
            backstop_engine::Error::InsufficientReserves => Self::InsufficientReserves,
            backstop_engine::Error::PauseTooLong => Self::PauseTooLong,
            backstop_engine::Error::PauseTooSoon => Self::PauseTooSoon,
            backstop_engine::Error::ChangeNotReady => Self::ChangeNotReady,
            backstop_engine::Error::ChangeLapsed => Self::ChangeLapsed,
            backstop_engine::Error::DebtCovered => Self::DebtCovered,
        }
    }
}

impl Pool {
    /// The totals, with interest counted up to `accrued_at`.
    pub const fn totals(&self) -> Totals {
        Totals {
            cash: Assets::new(self.cash),
            debt_shares: DebtShares::new(self.debt_shares),
            borrow_index: Q64::from_bits(self.borrow_index),
            shares: Shares::new(self.shares),
            reserves: Assets::new(self.reserves),
            insurance_due: Assets::new(self.insurance_due),
            accrued_at: self.accrued_at,
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
        self.parameters.rates.model(self.insurance_factor.gauge().floor())
    }

    /// How much of a loss insurance takes, with the loss-sharing ratio as it is now.
    pub fn insurance(&self) -> InsuranceLimits {
        self.parameters.loss.insurance(self.insurance_share.gauge().floor())
    }

    /// How losses are shared, and when they trip the breaker.
    pub fn loss_terms(&self) -> LossTerms {
        LossTerms { insurance: self.insurance(), breaker: self.parameters.exit.breaker() }
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

    /// The losses that are expected.
    pub const fn provisions(&self) -> Provisions {
        Provisions { total: Assets::new(self.provisions), count: self.provisioned }
    }

    /// The loss breaker.
    pub const fn breaker(&self) -> Breaker {
        Breaker {
            losses: Assets::new(self.breaker_losses),
            nav_before: Assets::new(self.breaker_nav_before),
            at: self.breaker_at,
            fades_at: self.breaker_fades_at,
            until: self.breaker_until,
        }
    }

    /// How long ahead a withdrawal must be requested at `now`, in seconds; zero if it need not be.
    pub fn notice_seconds(&self, now: i64) -> u32 {
        self.parameters.exit.notice().seconds(self.breaker().is_tripped(now))
    }

    /// What a loss or a recovery moves. `totals` are this pool's at the time.
    pub fn books(&self, fund: &InsuranceFund, totals: &Totals) -> Books {
        Books {
            totals: *totals,
            claims: self.claims.ledger(),
            fund: fund.fund(),
            fund_claims: fund.claims.ledger(),
            breaker: self.breaker(),
        }
    }

    /// The part of the provisions that LPs who leave at `now` leave behind: NAV less this is exit NAV. `totals` are this pool's then.
    ///
    /// # Errors
    /// As [`Provisions::to_lps`].
    pub fn held_back_from_lps(
        &self,
        fund: &InsuranceFund,
        totals: &Totals,
        now: i64,
    ) -> backstop_engine::Result<Assets> {
        self.provisions().to_lps(totals, &fund.fund(), &self.insurance(), now)
    }

    /// The part of the provisions that stakers who leave leave behind.
    ///
    /// # Errors
    /// As [`Provisions::to_stakers`].
    pub fn held_back_from_stakers(
        &self,
        fund: &InsuranceFund,
        totals: &Totals,
        now: i64,
    ) -> backstop_engine::Result<Assets> {
        self.provisions().to_stakers(totals, &fund.fund(), &self.insurance(), now)
    }
}

impl PoolParameters {
    /// How obligations are liquidated.
    pub const fn liquidation_terms(&self) -> LiquidationTerms {
        LiquidationTerms {
            insurance_cut: Bps::new(self.liquidation.insurance_cut_bps),
            target_health: Bps::new(self.liquidation.target_health_bps),
            min_debt: Assets::new(self.liquidation.min_debt),
            dust: self.loss.dust(),
        }
    }

    /// The rules for what moves with risk.
    pub const fn risk_terms(&self) -> RiskTerms {
        let (risk, rates) = (&self.risk, &self.rates);
        RiskTerms {
            insurance_factor: range(rates.insurance_factor_bps, risk.stressed_insurance_factor_bps),
            insurance_share: range(self.loss.insurance_share_bps, risk.stressed_insurance_share_bps),
            tighten_step: Bps::new(risk.tighten_step_bps),
            loosen_step: Bps::new(risk.loosen_step_bps),
            threshold_step: Bps::new(risk.threshold_step_bps),
            hysteresis: Bps::new(risk.hysteresis_bps),
            calm_utilisation: Bps::new(risk.calm_utilisation_bps),
            stressed_utilisation: Bps::new(risk.stressed_utilisation_bps),
            target_coverage: Bps::new(risk.target_coverage_bps),
            calm_loss: Bps::new(risk.calm_loss_bps),
            stressed_loss: Bps::new(risk.stressed_loss_bps),
            loss_seconds: risk.loss_seconds,
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
            calm_deviation: Bps::new(self.calm_deviation_bps),
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

impl AveragePrice {
    /// The average and variance.
    pub const fn average(&self) -> Average {
        Average { price: Value::new(self.price), variance: self.variance, at: self.at }
    }
}

impl ExitParameters {
    /// When the breaker trips.
    pub fn breaker(&self) -> BreakerTerms {
        BreakerTerms {
            limit: Bps::new(self.breaker_limit_bps),
            window_seconds: u64::from(self.breaker_window_seconds),
            min_losses: Assets::new(self.breaker_min_losses),
        }
    }

    /// How long ahead LPs must ask to leave.
    pub const fn notice(&self) -> NoticeTerms {
        NoticeTerms { always: self.notice_seconds, tripped: self.breaker_notice_seconds }
    }
}

impl ClaimBook {
    /// The ledger.
    pub const fn ledger(&self) -> Ledger {
        let ledger = &self.ledger;
        Ledger {
            loss_per_share: ledger.loss_per_share,
            claims_per_share: ledger.claims_per_share,
            claims: ledger.claims,
            outstanding: Assets::new(ledger.outstanding),
            payable: Assets::new(ledger.payable),
            rate: ledger.rate,
            epoch: ledger.epoch,
            scale: ledger.scale,
            generation: ledger.generation,
        }
    }

    /// How a past generation ended.
    pub fn end_of(&self, generation: u32) -> End {
        let end = usize::try_from(generation).ok().and_then(|index| self.ends.get(index));
        end.map_or_else(End::default, |end| End {
            mark: Mark {
                loss_per_share: end.loss_per_share,
                claims_per_share: end.claims_per_share,
                epoch: end.epoch,
                scale: end.scale,
            },
            shift: end.shift,
        })
    }
}

impl ClaimHolder {
    /// The holder as it settled last.
    pub const fn holder(&self) -> Holder {
        Holder {
            shares: Shares::new(self.shares),
            generation: self.generation,
            seen: Mark {
                loss_per_share: self.loss_per_share,
                claims_per_share: self.claims_per_share,
                epoch: self.epoch,
                scale: self.scale,
            },
            nominal: self.nominal,
            claims: self.claims,
        }
    }

    /// The holder as of now.
    pub fn settled(&self, book: &ClaimBook) -> Holder {
        self.holder().settle(&book.ledger(), |generation| book.end_of(generation))
    }

    /// What it could claim now.
    pub fn claimable(&self, book: &ClaimBook) -> Assets {
        self.settled(book).payable(&book.ledger())
    }
}

impl LpPosition {
    /// The request to withdraw as of now.
    pub fn request_in(&self, pool: &Pool) -> Request {
        self.request.settled(&self.holder, &pool.claims)
    }
}

impl InsuranceStake {
    /// The request to leave as of now.
    pub fn request_in(&self, fund: &InsuranceFund) -> Request {
        self.request.settled(&self.holder, &fund.claims)
    }
}

impl ExitRequest {
    /// The request as of now: for what the ends of generations since the holder settled made of its shares.
    pub fn settled(&self, holder: &ClaimHolder, book: &ClaimBook) -> Request {
        let past = holder.generation..book.ledger.generation;
        past.fold(self.request(), |request, generation| request.divided(book.end_of(generation).shift))
    }

    /// The request.
    pub const fn request(&self) -> Request {
        Request {
            shares: Shares::new(self.shares),
            worth: Assets::new(self.worth),
            matures_at: self.matures_at,
            lapses_at: self.lapses_at,
        }
    }
}

impl LossLedger {
    /// The losses and recoveries that are still remembered, the oldest first.
    pub fn history(&self) -> impl Iterator<Item = &LossRecord> {
        let size = self.records.len();
        let count = usize::try_from(self.count).unwrap_or(usize::MAX);
        let first = count.saturating_sub(size);
        (first..count).filter_map(move |index| self.records.get(index.checked_rem(size)?))
    }
}

impl RateParameters {
    /// The interest curve, with this part for the insurance fund.
    pub const fn model(&self, insurance_factor: Bps) -> RateModel {
        RateModel {
            base: Bps::new(self.base_bps),
            slope1: Bps::new(self.slope1_bps),
            kink: Bps::new(self.kink_bps),
            slope2: Bps::new(self.slope2_bps),
            reserve_factor: Bps::new(self.reserve_factor_bps),
            insurance_factor,
        }
    }
}

impl LossParameters {
    /// How much of a loss insurance takes, at this loss-sharing ratio.
    pub fn insurance(&self, share: Bps) -> InsuranceLimits {
        InsuranceLimits {
            share,
            event_cap: Bps::new(self.event_cap_bps),
            window_cap: Bps::new(self.window_cap_bps),
            window_seconds: u64::from(self.window_seconds),
        }
    }

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
            shares: Shares::new(self.shares),
            founding: Shares::new(self.founding),
            founding_claims: Assets::new(self.founding_claims),
            drawn: Assets::new(self.drawn),
            window_drawn: Assets::new(self.window_drawn),
            window_at: self.window_at,
        }
    }
}

impl LpPosition {
    /// The shares that count: those of past generations are what their end made of them.
    pub fn shares_in(&self, pool: &Pool) -> Shares {
        self.holder.settled(&pool.claims).shares
    }
}

impl InsuranceStake {
    /// The shares that count: those of past generations are what their end made of them.
    pub fn shares_in(&self, fund: &InsuranceFund) -> Shares {
        self.holder.settled(&fund.claims).shares
    }
}

impl Obligation {
    /// Its debt shares.
    pub const fn debt(&self) -> DebtShares {
        DebtShares::new(self.debt_shares)
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
