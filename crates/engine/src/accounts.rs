//! Conversions between the program's accounts and the engine's types.
//!
//! Anchor 2 declares accounts in the crate of the program, for the versions of the Solana crates that it needs, so a
//! client generates its own account types from the IDL. The fields have the same names.
//! [`account_conversions!`](crate::account_conversions) therefore writes the conversions once, for every crate that has
//! the types in scope: the program, the client, a program that calls Backstop.

/// Implements the conversions for the account types in scope: `Pool`, `Collateral`, `InsuranceFund`, `Obligation`, and
/// those that they are made of.
///
/// A field of the program that is unaligned (`PodU128`) is a plain number in a client. `From` reads and writes both.
#[macro_export]
macro_rules! account_conversions {
    () => {
        $crate::parameter_table!($crate::parameter_fields);

        #[allow(dead_code)] // not every crate needs all
        impl Pool {
            /// The totals as they are stored.
            pub fn totals(&self) -> $crate::pool::Totals {
                $crate::pool::Totals {
                    cash: $crate::quantity::Assets::new(self.cash),
                    debt_shares: $crate::quantity::DebtShares::new(self.debt_shares),
                    borrow_index: $crate::fixed::Q64::from_bits(self.borrow_index.into()),
                    shares: $crate::quantity::Shares::new(self.shares),
                    generation: self.generation,
                    reserves: $crate::quantity::Assets::new(self.reserves),
                    insurance_due: $crate::quantity::Assets::new(self.insurance_due),
                    insurance_owed: $crate::quantity::Assets::new(self.insurance_owed),
                    accrued_at: self.accrued_at,
                    usage: $crate::usage::Usage {
                        utilisation: self.average_utilisation,
                        debt: $crate::quantity::Assets::new(self.average_debt),
                    },
                }
            }

            /// Stores totals.
            #[inline(always)]
            pub fn store_totals(&mut self, totals: &$crate::pool::Totals) {
                self.cash = totals.cash.get();
                self.debt_shares = totals.debt_shares.get();
                self.borrow_index = totals.borrow_index.bits().into();
                (self.shares, self.generation) = (totals.shares.get(), totals.generation);
                self.reserves = totals.reserves.get();
                self.insurance_due = totals.insurance_due.get();
                self.insurance_owed = totals.insurance_owed.get();
                self.accrued_at = totals.accrued_at;
                self.average_utilisation = totals.usage.utilisation;
                self.average_debt = totals.usage.debt.get();
            }

            /// The interest curve, with the insurance fund's part as it is now.
            #[inline(always)]
            pub fn rates(&self) -> $crate::interest::RateModel {
                self.parameters.rate_model($crate::risk::Ramp::from(&self.insurance_factor).floor())
            }

            /// The limits of the insurance fund's part of a loss, with the loss-sharing ratio as it is now.
            #[inline(always)]
            pub fn insurance(&self) -> $crate::insurance::InsuranceLimits {
                self.parameters.insurance_limits($crate::risk::Ramp::from(&self.insurance_share).floor())
            }

            /// How losses are shared, and when they trip the breaker.
            pub fn loss_terms(&self) -> $crate::waterfall::LossTerms {
                let breaker = self.parameters.exit.breaker(self.hold_seconds());
                $crate::waterfall::LossTerms { insurance: self.insurance(), breaker }
            }

            /// What a loss or a recovery changes.
            pub fn loss_state(&self, fund: &InsuranceFund) -> $crate::waterfall::LossState {
                $crate::waterfall::LossState { totals: self.totals(), fund: fund.fund(), breaker: self.breaker() }
            }

            /// The outputs that move with risk.
            pub fn risk(&self) -> $crate::risk::PoolRisk {
                $crate::risk::PoolRisk {
                    insurance_factor: (&self.insurance_factor).into(),
                    insurance_share: (&self.insurance_share).into(),
                    losses: $crate::quantity::Assets::new(self.risk_losses),
                    recorded: $crate::quantity::Assets::new(self.risk_lost),
                    at: self.risk_at,
                }
            }

            /// Stores the outputs that move with risk.
            pub fn store_risk(&mut self, risk: &$crate::risk::PoolRisk) {
                self.insurance_factor = risk.insurance_factor.into();
                self.insurance_share = risk.insurance_share.into();
                (self.risk_losses, self.risk_lost, self.risk_at) = (risk.losses.get(), risk.recorded.get(), risk.at);
            }

            /// The last pause of an operation.
            #[inline(always)]
            pub fn pause(&self, what: $crate::governance::Pausable) -> $crate::governance::Pause {
                let [deposit, borrow, withdraw_collateral, withdraw] = &self.pauses;
                let times = match what {
                    $crate::governance::Pausable::Deposit => deposit,
                    $crate::governance::Pausable::Borrow => borrow,
                    $crate::governance::Pausable::WithdrawCollateral => withdraw_collateral,
                    $crate::governance::Pausable::Withdraw => withdraw,
                };
                $crate::governance::Pause { since: times.since, until: times.until }
            }

            /// Stores a pause.
            pub fn store_pause(&mut self, what: $crate::governance::Pausable, pause: $crate::governance::Pause) {
                let [deposit, borrow, withdraw_collateral, withdraw] = &mut self.pauses;
                let times = match what {
                    $crate::governance::Pausable::Deposit => deposit,
                    $crate::governance::Pausable::Borrow => borrow,
                    $crate::governance::Pausable::WithdrawCollateral => withdraw_collateral,
                    $crate::governance::Pausable::Withdraw => withdraw,
                };
                (times.since, times.until) = (pause.since, pause.until);
            }

            /// The generation of LP shares, and the last loss that LPs bore.
            #[inline(always)]
            pub fn era(&self) -> $crate::history::Era {
                $crate::history::Era { generation: self.generation, last_loss: self.last_loss }
            }

            /// What is marked, and the holds of pool and fund.
            pub fn holds(&self) -> $crate::hold::Holds {
                $crate::hold::Holds {
                    marked: $crate::quantity::Assets::new(self.marked),
                    pool: (&self.hold).into(),
                    fund: (&self.fund_hold).into(),
                }
            }

            /// How long a mark stands before it is settled, in seconds.
            pub fn hold_seconds(&self) -> u32 {
                self.parameters.loss.hold_seconds
            }

            /// The loss breaker.
            pub fn breaker(&self) -> $crate::breaker::Breaker {
                $crate::breaker::Breaker {
                    losses: $crate::window::Window {
                        counted: $crate::quantity::Assets::new(self.breaker_losses),
                        at: self.breaker_at,
                        ends_at: self.breaker_fades_at,
                    },
                    part: self.breaker_part,
                    until: self.breaker_until,
                }
            }

            /// Stores the loss breaker.
            pub fn store_breaker(&mut self, breaker: &$crate::breaker::Breaker) {
                let losses = &breaker.losses;
                (self.breaker_losses, self.breaker_at) = (losses.counted.get(), losses.at);
                self.breaker_fades_at = losses.ends_at;
                (self.breaker_part, self.breaker_until) = (breaker.part, breaker.until);
            }

            /// When the pool was opened.
            #[inline(always)]
            pub fn launch(&self) -> $crate::launch::Launch {
                $crate::launch::Launch { opened_at: self.opened_at }
            }

            /// A withdrawal request as it counts at `now`. See `Request::under`.
            pub fn due_request(&self, request: &$crate::exit::Request, now: i64) -> $crate::exit::Request {
                request.under(&self.parameters.exit.notices(), self.breaker().is_tripped(now))
            }

            /// The notice that a withdrawal takes now, in seconds; zero for none.
            #[inline(always)]
            pub fn notice_seconds(&self, now: i64) -> u32 {
                self.parameters.exit.notices().seconds(self.breaker().is_tripped(now))
            }
        }

        #[allow(dead_code)]
        impl PoolParameters {
            /// The interest curve, with the insurance fund's part as it is now.
            #[inline(always)]
            pub fn rate_model(&self, insurance_factor: $crate::quantity::Bps) -> $crate::interest::RateModel {
                let rates = &self.rates;
                $crate::interest::RateModel {
                    base: $crate::quantity::Bps::new(rates.base_bps),
                    slope1: $crate::quantity::Bps::new(rates.slope1_bps),
                    kink: $crate::quantity::Bps::new(rates.kink_bps),
                    slope2: $crate::quantity::Bps::new(rates.slope2_bps),
                    reserve_factor: $crate::quantity::Bps::new(rates.reserve_factor_bps),
                    insurance_factor,
                    average_seconds: self.risk.average_seconds,
                }
            }

            /// The rules of the outputs that move with risk.
            pub fn risk_terms(&self) -> $crate::risk::RiskTerms {
                let (risk, bps) = (&self.risk, $crate::quantity::Bps::new);
                $crate::risk::RiskTerms {
                    insurance_factor: $crate::risk::Range {
                        calm: bps(self.rates.insurance_factor_bps),
                        stressed: bps(risk.stressed_insurance_factor_bps),
                    },
                    insurance_share: $crate::risk::Range {
                        calm: bps(self.loss.insurance_share_bps),
                        stressed: bps(risk.stressed_insurance_share_bps),
                    },
                    kink: bps(self.rates.kink_bps),
                    target_coverage: bps(risk.target_coverage_bps),
                    window_seconds: self.exit.window_seconds,
                }
            }

            /// How obligations are liquidated.
            pub fn liquidation_terms(&self) -> $crate::liquidation::LiquidationTerms {
                $crate::liquidation::LiquidationTerms {
                    insurance_cut: $crate::quantity::Bps::new(self.liquidation.insurance_cut_bps),
                    target_health: $crate::quantity::Bps::new(self.liquidation.target_health_bps),
                    min_debt: $crate::quantity::Assets::new(self.liquidation.min_debt),
                    dust: self.loss.dust(),
                }
            }

            /// The limits of the insurance fund's part of a loss, at a loss-sharing ratio.
            pub fn insurance_limits(&self, share: $crate::quantity::Bps) -> $crate::insurance::InsuranceLimits {
                let (cap, window) = (self.loss.draw_cap_bps, self.exit.window_seconds);
                $crate::insurance::InsuranceLimits {
                    share,
                    cap: $crate::quantity::Bps::new(cap),
                    window_seconds: window.into(),
                }
            }
        }

        #[allow(dead_code)]
        impl LossParameters {
            /// The dust value.
            pub fn dust(&self) -> $crate::price::Value {
                $crate::price::Value::from_micro_usd(self.dust_value)
            }
        }

        #[allow(dead_code)]
        impl ExitParameters {
            /// When the breaker trips.
            pub fn breaker(&self, hold_seconds: u32) -> $crate::breaker::BreakerTerms {
                $crate::breaker::BreakerTerms {
                    limit: $crate::quantity::Bps::new(self.breaker_limit_bps),
                    window_seconds: self.window_seconds.into(),
                    min_losses: $crate::quantity::Assets::new(self.breaker_min_losses),
                    ends_in_seconds: hold_seconds.into(),
                }
            }

            /// The notices that withdrawals take.
            pub fn notices(&self) -> $crate::exit::NoticeTerms {
                $crate::exit::NoticeTerms { always: self.notice_seconds, tripped: self.breaker_notice_seconds }
            }
        }

        #[allow(dead_code)]
        impl CollateralParameters {
            /// The rules of the limits that move with risk.
            pub fn terms(&self) -> $crate::risk::CollateralTerms {
                let bps = $crate::quantity::Bps::new;
                $crate::risk::CollateralTerms {
                    max_ltv: $crate::risk::Range::falling(bps(self.max_ltv_bps), bps(self.stressed_max_ltv_bps)),
                    threshold: $crate::risk::Range {
                        calm: bps(self.liquidation_threshold_bps),
                        stressed: bps(self.stressed_threshold_bps),
                    },
                    stressed_deviation: bps(self.stressed_deviation_bps),
                }
            }

            /// The liquidation bonus.
            pub fn bonus(&self) -> $crate::liquidation::Bonus {
                $crate::liquidation::Bonus {
                    min: $crate::quantity::Bps::new(self.bonus_min_bps),
                    max: $crate::quantity::Bps::new(self.bonus_max_bps),
                }
            }
        }

        #[allow(dead_code)]
        impl Collateral {
            /// The limits that move with risk.
            pub fn risk(&self) -> $crate::risk::CollateralRisk {
                $crate::risk::CollateralRisk {
                    max_ltv: (&self.max_ltv).into(),
                    threshold: (&self.threshold).into(),
                    at: self.risk_at,
                }
            }

            /// Stores the limits that move with risk.
            pub fn store_risk(&mut self, risk: &$crate::risk::CollateralRisk) {
                (self.max_ltv, self.threshold) = (risk.max_ltv.into(), risk.threshold.into());
                self.risk_at = risk.at;
            }

            /// Whether a holding is worth so little, at the average price, that it counts for nothing and needs no
            /// price.
            pub fn is_negligible(&self, units: $crate::quantity::Units, dust: $crate::price::Value) -> bool {
                let price = $crate::price::Value::new(self.average.price.into());
                $crate::health::is_negligible(units, self.decimals, price, dust)
            }

            /// A holding at a price, with the limits of `now`.
            ///
            /// # Errors
            /// If the price does not fit the engine's values.
            pub fn holding(
                &self,
                units: $crate::quantity::Units,
                quote: $crate::price::Quote,
                now: i64,
            ) -> $crate::Result<$crate::health::Holding> {
                let (max_ltv, liquidation_threshold) = self.risk().limits(now);
                let price = quote.lower(self.decimals)?;
                let middle = quote.middle(&price)?;
                let bonus = self.parameters.bonus();
                Ok($crate::health::Holding { units, price, middle, max_ltv, liquidation_threshold, bonus })
            }
        }

        #[allow(dead_code)]
        impl InsuranceFund {
            /// The fund.
            pub fn fund(&self) -> $crate::insurance::Fund {
                $crate::insurance::Fund {
                    assets: $crate::quantity::Assets::new(self.assets),
                    owed: $crate::quantity::Assets::new(self.owed),
                    shares: $crate::quantity::Shares::new(self.shares),
                    waiting_shares: $crate::quantity::Shares::new(self.waiting_shares),
                    protocol_shares: $crate::quantity::Shares::new(self.protocol_shares),
                    generation: self.generation,
                    drawn: $crate::quantity::Assets::new(self.drawn),
                    draws: $crate::window::Window {
                        counted: $crate::quantity::Assets::new(self.window_drawn),
                        at: self.window_at,
                        ends_at: self.window_ends_at,
                    },
                }
            }

            /// Stores the fund.
            pub fn store(&mut self, fund: &$crate::insurance::Fund) {
                (self.assets, self.owed) = (fund.assets.get(), fund.owed.get());
                self.shares = fund.shares.get();
                (self.waiting_shares, self.protocol_shares) = (fund.waiting_shares.get(), fund.protocol_shares.get());
                self.generation = fund.generation;
                self.drawn = fund.drawn.get();
                (self.window_drawn, self.window_at) = (fund.draws.counted.get(), fund.draws.at);
                self.window_ends_at = fund.draws.ends_at;
            }

            /// The generation of the fund's shares, and the last loss that stakers bore.
            pub fn era(&self) -> $crate::history::Era {
                $crate::history::Era { generation: self.generation, last_loss: self.last_loss }
            }
        }

        #[allow(dead_code)]
        impl Obligation {
            /// The shares of performing debt.
            pub fn debt(&self) -> $crate::quantity::DebtShares {
                $crate::quantity::DebtShares::new(self.debt_shares)
            }

            /// The collateral slots in use.
            pub fn held(&self) -> impl Iterator<Item = &CollateralSlot> {
                self.collaterals.iter().filter(|slot| slot.units != 0)
            }

            /// The mark.
            pub fn mark(&self) -> $crate::mark::Mark {
                $crate::mark::Mark { shortfall: $crate::quantity::Assets::new(self.marked), since: self.marked_at }
            }

            /// Written-off debt that is not recovered.
            pub fn unrecovered(&self) -> $crate::quantity::Assets {
                $crate::quantity::Assets::new(self.written_off)
                    .saturating_sub($crate::quantity::Assets::new(self.recovered))
            }

            /// Whether it owes anything, performing or written off.
            pub fn owes(&self) -> bool {
                self.debt_shares != 0 || !self.unrecovered().is_zero()
            }

            /// What performing and unrecovered debt count for when the owner borrows or takes collateral out.
            ///
            /// # Errors
            /// `MathOverflow` if the sum does not fit.
            pub fn debt_to_secure(
                &self,
                performing: $crate::quantity::Assets,
                min_debt: $crate::quantity::Assets,
            ) -> $crate::Result<$crate::quantity::Assets> {
                $crate::health::debt_to_secure(performing, self.unrecovered(), min_debt)
            }
        }

        #[allow(dead_code)]
        impl ShareHolder {
            /// The shares, their generation, and the loss since which they are held.
            pub fn holder(&self) -> $crate::history::Holder {
                $crate::history::Holder {
                    shares: $crate::quantity::Shares::new(self.shares),
                    generation: self.generation,
                    since: self.since,
                }
            }
        }

        #[allow(dead_code)]
        impl HistoryRow {
            /// The shares that were held between two losses.
            pub fn row(&self) -> $crate::history::Row {
                $crate::history::Row {
                    shares: $crate::quantity::Shares::new(self.shares.into()),
                    from: self.from,
                    to: self.to,
                    generation: self.generation,
                }
            }
        }

        #[allow(dead_code)]
        impl ExitRequest {
            /// The request.
            pub fn request(&self) -> $crate::exit::Request {
                $crate::exit::Request {
                    shares: $crate::quantity::Shares::new(self.shares),
                    worth: $crate::quantity::Assets::new(self.worth),
                    asked_at: self.asked_at,
                    matures_at: self.matures_at,
                }
            }

            /// Stores the request.
            pub fn store(&mut self, request: &$crate::exit::Request) {
                (self.shares, self.worth) = (request.shares.get(), request.worth.get());
                (self.asked_at, self.matures_at) = (request.asked_at, request.matures_at);
            }
        }

        #[allow(dead_code)]
        impl LossClaim {
            /// What an LP claimed.
            pub fn claimed(&self) -> $crate::quantity::Assets {
                $crate::quantity::Assets::new(self.claimed)
            }

            /// The shares of the fund that a staker claimed.
            pub fn claimed_shares(&self) -> $crate::history::GenerationShares {
                $crate::history::GenerationShares {
                    shares: $crate::quantity::Shares::new(self.claimed),
                    generation: self.generation,
                }
            }
        }

        #[allow(dead_code)]
        impl LossRecord {
            /// The record.
            pub fn record(&self) -> $crate::loss_book::Record {
                $crate::loss_book::Record {
                    at: self.at.into(),
                    generation: self.generation,
                    stake_generation: self.stake_generation,
                    shares: $crate::quantity::Shares::new(self.shares.into()),
                    stake_shares: $crate::quantity::Shares::new(self.stake_shares.into()),
                    reserves: $crate::quantity::Assets::new(self.reserves.into()),
                    protocol: $crate::quantity::Assets::new(self.protocol.into()),
                    stakers: $crate::quantity::Assets::new(self.stakers.into()),
                    lps: $crate::quantity::Assets::new(self.lps.into()),
                    share_price_before: self.share_price_before.into(),
                    share_price_after: self.share_price_after.into(),
                    recovered: $crate::quantity::Assets::new(self.recovered.into()),
                    back: $crate::history::GenerationShares {
                        shares: $crate::quantity::Shares::new(self.back_shares.into()),
                        generation: self.back_generation,
                    },
                }
            }

            /// Stores what came back.
            pub fn store_recovery(&mut self, after: &$crate::loss_book::Record) {
                self.recovered = after.recovered.get().into();
                (self.back_shares, self.back_generation) = (after.back.shares.get().into(), after.back.generation);
            }
        }

        #[allow(dead_code)]
        impl LastPrice {
            /// The newest price that was read, and when.
            #[inline(always)]
            pub fn memory(&self) -> $crate::memory::PriceMemory {
                $crate::memory::PriceMemory {
                    price: self.price,
                    exponent: self.exponent,
                    times: $crate::price::PriceTimes { first: self.first_at, second: self.second_at },
                    reported_at: self.reported_at,
                }
            }

            /// Stores it.
            #[inline(always)]
            pub fn store(&mut self, memory: &$crate::memory::PriceMemory) {
                (self.price, self.exponent) = (memory.price, memory.exponent);
                (self.first_at, self.second_at) = (memory.times.first, memory.times.second);
                self.reported_at = memory.reported_at;
            }

            /// Takes in a reading, and says how good it is as evidence beside what was read before.
            pub fn remember(&mut self, reading: &$crate::price::Reading) -> $crate::mark::Evidence {
                let memory = self.memory();
                self.store(&memory.after(reading));
                $crate::mark::Evidence::of(reading.times, &memory)
            }
        }

        impl From<&HoldTimes> for $crate::hold::Hold {
            #[inline(always)]
            fn from(stored: &HoldTimes) -> Self {
                Self { on: stored.on != 0, since: stored.since, stopped: stored.stopped, spent: stored.spent }
            }
        }

        impl From<$crate::hold::Hold> for HoldTimes {
            fn from(hold: $crate::hold::Hold) -> Self {
                Self { since: hold.since, stopped: hold.stopped, spent: hold.spent, on: hold.on.into() }
            }
        }

        impl From<&AveragePrice> for $crate::average::Average {
            fn from(stored: &AveragePrice) -> Self {
                let price = $crate::price::Value::new(stored.price.into());
                Self { price, variance: stored.variance, at: stored.at }
            }
        }

        impl From<$crate::average::Average> for AveragePrice {
            fn from(average: $crate::average::Average) -> Self {
                Self { price: average.price.get().into(), variance: average.variance, at: average.at }
            }
        }

        impl From<&RiskRamp> for $crate::risk::Ramp {
            #[inline(always)]
            fn from(stored: &RiskRamp) -> Self {
                Self { value: stored.value, target: stored.target_bps, step: stored.step_bps }
            }
        }

        impl From<$crate::risk::Ramp> for RiskRamp {
            fn from(ramp: $crate::risk::Ramp) -> Self {
                Self { value: ramp.value, target_bps: ramp.target, step_bps: ramp.step }
            }
        }
    };
}
