use {
    super::{AveragePrice, HoldTimes, InsuranceFund, LastPrice, Obligation, PauseTimes, PoolParameters, RiskGauge},
    crate::{
        constants::POOL_SEED,
        errors::{BackstopError, OrRefuse},
        events::PoolState,
        valuation::AccountWalk,
    },
    anchor_lang::prelude::*,
    backstop_engine::{
        breaker::Breaker,
        exit::Request,
        fixed::Q64,
        governance::{Pausable, Pause},
        history::Era,
        hold::Holds,
        insurance::{Fund, InsuranceLimits},
        interest::RateModel,
        launch::Launch,
        mark::{Evidence, Mark},
        pool::Totals,
        price::Quote,
        quantity::{Assets, DebtShares, Shares},
        risk::{Gauge, PoolRisk},
        usage::Usage,
        waterfall::{Books, LossTerms},
        window::Window,
    },
    bytemuck::Zeroable as _,
};

/// One liquidity token's lending pool. Seeds: `pool`, market, mint. Its vault: `vault`, pool.
#[account]
pub struct Pool {
    /// The market that it belongs to.
    pub market: Address,
    /// The liquidity token's mint.
    pub mint: Address,
    /// The token account that holds cash, what is due to the insurance fund and what it has, and what waits to be claimed or collected.
    pub vault: Address,
    /// Its insurance fund.
    pub insurance_fund: Address,
    /// Its loss book.
    pub loss_book: Address,
    /// What one debt share is worth, 64 fractional bits.
    pub borrow_index: PodU128,
    /// Liquidity in the vault that is the pool's. Donations to the vault do not count.
    pub cash: u64,
    /// Shares of the performing debt.
    pub debt_shares: u64,
    /// LP shares.
    pub shares: u64,
    /// What belongs to no LP and takes losses first.
    pub reserves: u64,
    /// Liquidity in the vault that will be the insurance fund's when it is touched next.
    pub insurance_due: u64,
    /// What was recovered for LPs and not claimed yet; lies in the vault.
    pub unclaimed: u64,
    /// Unix time up to which interest is counted.
    pub accrued_at: i64,
    /// How many losses were recorded: the sequence number of the last one.
    pub losses: u64,
    /// All losses that nobody bore.
    pub uncovered: u64,
    /// All losses that were recorded.
    pub lost: u64,
    /// The sum of all obligations' marks: losses that are known and wait to be settled.
    pub marked: u64,
    /// What LP losses counted for at `breaker_at`.
    pub breaker_losses: u64,
    /// What parts of NAV they were together, each of NAV before it, in trillionths.
    pub breaker_part: u64,
    /// Unix time of the last LP loss that counts for the breaker.
    pub breaker_at: i64,
    /// Unix time at which those losses will have faded.
    pub breaker_fades_at: i64,
    /// Unix time at which the loss breaker's trip ends; past if there is none.
    pub breaker_until: i64,
    /// Pauses of deposits, borrowing, collateral withdrawals and LP withdrawals, in this order.
    pub pauses: [PauseTimes; 4],
    /// The liquidity token's average price and variance.
    pub average: AveragePrice,
    /// The part of interest that goes to the insurance fund.
    pub insurance_factor: RiskGauge,
    /// The loss-sharing ratio.
    pub insurance_share: RiskGauge,
    /// What losses counted for, for the loss rate, at `risk_at`.
    pub risk_losses: u64,
    /// `lost` at `risk_at`.
    pub risk_lost: u64,
    /// Unix time of the last refresh.
    pub risk_at: i64,
    /// Whether deposits, withdrawals and the execution of requests are on hold, and for how long they were.
    pub hold: HoldTimes,
    /// The same of staking and leaving the insurance fund.
    pub fund_hold: HoldTimes,
    /// The liquidity token's newest price that was read.
    pub last_price: LastPrice,
    /// Rates, loss sharing, liquidation, insurance, leaving, risk, oracle.
    pub parameters: PoolParameters,
    /// What the insurance fund has earned beyond `insurance_due` and is paid as soon as there is cash. No part of NAV.
    pub insurance_owed: u64,
    /// The average utilisation, in billionths with 12 fractional bits.
    pub average_utilisation: u64,
    /// The average performing debt.
    pub average_debt: u64,
    /// Unix time at which the market's authority opened it; zero while it is closed.
    pub opened_at: i64,
    /// What executed requests took out of pool and insurance fund and waits to be collected; lies in the vault.
    pub payable: u64,
    /// How often losses divided all LP shares by 1,024; a loss of all NAV counts seven times.
    pub generation: u32,
    /// Number of the last loss in the loss book that LPs bore.
    pub last_loss: u32,
    /// Decimals of the mint.
    pub decimals: u8,
    /// [`ACCOUNT_VERSION`](crate::constants::ACCOUNT_VERSION).
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, for what comes later.
    pub spare: [u8; 45],
}

impl Pool {
    /// The totals as the engine sees them.
    pub fn totals(&self) -> Totals {
        Totals {
            cash: Assets::new(self.cash),
            debt_shares: DebtShares::new(self.debt_shares),
            borrow_index: Q64::from_bits(self.borrow_index.get()),
            shares: Shares::new(self.shares),
            generation: self.generation,
            reserves: Assets::new(self.reserves),
            insurance_due: Assets::new(self.insurance_due),
            insurance_owed: Assets::new(self.insurance_owed),
            accrued_at: self.accrued_at,
            usage: Usage { utilisation: self.average_utilisation, debt: Assets::new(self.average_debt) },
        }
    }

    /// The totals with interest counted up to now: what every instruction that reads totals starts from.
    #[inline(never)]
    pub fn accrued(&self, now: i64) -> Result<Totals> {
        Ok(self.totals().accrue(&self.rates(), now).or_refuse()?.totals)
    }

    /// Stores the totals with interest counted up to now.
    pub fn count_interest(&mut self, now: i64) -> Result<Totals> {
        let totals = self.accrued(now)?;
        self.apply(&totals)?;
        Ok(totals)
    }

    /// The interest curve, with the insurance fund's part as it is now.
    #[inline(always)]
    pub fn rates(&self) -> RateModel {
        self.parameters.rate_model(Gauge::from(self.insurance_factor).floor())
    }

    /// What limits the insurance fund's part of a loss, with the loss-sharing ratio as it is now.
    #[inline(always)]
    pub fn insurance(&self) -> InsuranceLimits {
        self.parameters.insurance_limits(Gauge::from(self.insurance_share).floor())
    }

    /// What moves with risk.
    pub fn risk(&self) -> PoolRisk {
        PoolRisk {
            insurance_factor: self.insurance_factor.into(),
            insurance_share: self.insurance_share.into(),
            losses: Assets::new(self.risk_losses),
            recorded: Assets::new(self.risk_lost),
            at: self.risk_at,
        }
    }

    /// Stores what the engine decided about it.
    pub fn apply_risk(&mut self, risk: &PoolRisk) {
        (self.insurance_factor, self.insurance_share) = (risk.insurance_factor.into(), risk.insurance_share.into());
        (self.risk_losses, self.risk_lost, self.risk_at) = (risk.losses.get(), risk.recorded.get(), risk.at);
    }

    /// Stores changed parameters. What moves with risk begins anew while the pool is closed, as it did when it was created.
    pub fn apply_parameters(&mut self, parameters: &PoolParameters, now: i64) {
        if parameters.oracle.is_other_feed(&self.parameters.oracle) {
            self.last_price = LastPrice::zeroed();
        }
        self.parameters = *parameters;
        let terms = parameters.risk_terms();
        let risk = if self.launch().is_open() { self.risk().bounded(&terms) } else { PoolRisk::at_rest(&terms, now) };
        self.apply_risk(&risk);
    }

    /// Refuses what is paused.
    #[inline(always)]
    pub fn require_open(&self, what: Pausable, now: i64) -> Result<()> {
        require!(!Pause::from(*self.pause(what)).holds(now), BackstopError::Paused);
        Ok(())
    }

    /// The last pause of something.
    #[inline(always)]
    pub fn pause(&self, what: Pausable) -> &PauseTimes {
        let [deposit, borrow, withdraw_collateral, withdraw] = &self.pauses;
        match what {
            Pausable::Deposit => deposit,
            Pausable::Borrow => borrow,
            Pausable::WithdrawCollateral => withdraw_collateral,
            Pausable::Withdraw => withdraw,
        }
    }

    /// Stores a pause.
    pub fn apply_pause(&mut self, what: Pausable, pause: Pause) {
        let [deposit, borrow, withdraw_collateral, withdraw] = &mut self.pauses;
        *match what {
            Pausable::Deposit => deposit,
            Pausable::Borrow => borrow,
            Pausable::WithdrawCollateral => withdraw_collateral,
            Pausable::Withdraw => withdraw,
        } = pause.into();
    }

    /// Stores what the engine decided, and checks the invariant: NAV is not negative.
    #[inline(never)]
    pub fn apply(&mut self, totals: &Totals) -> Result<()> {
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
        require!(totals.is_sound(), BackstopError::InvariantViolated);
        if self.marked != 0 || self.hold.on != 0 {
            let holds = self.holds().of_pool(totals.nav().or_refuse()?, self.hold_seconds(), totals.accrued_at);
            self.hold = holds.pool.into();
        }
        Ok(())
    }

    /// Where LP shares stand.
    #[inline(always)]
    pub fn era(&self) -> Era {
        Era { generation: self.generation, last_loss: self.last_loss }
    }

    /// What is marked and on hold, as the engine sees it.
    pub fn holds(&self) -> Holds {
        Holds { marked: Assets::new(self.marked), pool: self.hold.into(), fund: self.fund_hold.into() }
    }

    /// How long a mark stands before it is settled.
    pub fn hold_seconds(&self) -> u32 {
        self.parameters.loss.hold_seconds
    }

    /// Replaces an obligation's mark. The pool is applied afterwards, and the fund's hold.
    pub fn mark(&mut self, obligation: &mut Obligation, mark: &Mark) -> Result<()> {
        self.marked = obligation.mark().replaced(mark, Assets::new(self.marked)).or_refuse()?.get();
        (obligation.marked, obligation.marked_at) = (mark.shortfall.get(), mark.since);
        Ok(())
    }

    /// Begins or ends the hold of a fund that has this much beside what it is due and owed. The pool is applied.
    #[inline(always)]
    pub fn hold_fund(&mut self, assets: u64) -> Result<()> {
        if self.marked != 0 || self.fund_hold.on != 0 { self.turn_fund_hold(assets) } else { Ok(()) }
    }

    #[inline(never)]
    fn turn_fund_hold(&mut self, assets: u64) -> Result<()> {
        let due = Assets::new(self.insurance_due).plus(Assets::new(self.insurance_owed)).or_refuse()?;
        let assets = Assets::new(assets).plus(due).or_refuse()?;
        self.fund_hold = self.holds().of_fund(assets, self.hold_seconds(), self.accrued_at).fund.into();
        Ok(())
    }

    /// What is on hold: 1 the pool, 2 its fund, 3 both.
    pub fn on_hold(&self) -> u64 {
        u64::from(self.hold.on | (self.fund_hold.on << 1))
    }

    /// Refuses entering and leaving the pool while a loss that is worth a wait is marked. `totals` are the pool's, accrued.
    #[inline(always)]
    pub fn require_no_hold(&self, totals: &Totals) -> Result<()> {
        if self.marked == 0 { Ok(()) } else { self.require_small_mark(totals) }
    }

    #[inline(never)]
    fn require_small_mark(&self, totals: &Totals) -> Result<()> {
        self.holds().require_pool_open(totals.nav().or_refuse()?).or_refuse()
    }

    /// The pool's fund with the revenue that is due to it, and the pool's totals without, with interest counted up to now.
    #[inline(never)]
    pub fn settled(&self, fund: &InsuranceFund, now: i64) -> Result<(Fund, Totals)> {
        fund.fund().settled(&self.accrued(now)?).or_refuse()
    }

    /// The same, to enter or leave the fund: refused while a loss that is worth a wait is marked.
    #[inline(never)]
    pub fn settled_and_open(&self, fund: &InsuranceFund, now: i64) -> Result<(Fund, Totals)> {
        let (settled, totals) = self.settled(fund, now)?;
        self.holds().require_fund_open(settled.all()).or_refuse()?;
        Ok((settled, totals))
    }

    /// Reads the liquidity token's price, remembers it, and says how good it is as evidence.
    pub fn read_price(&mut self, accounts: &mut AccountWalk, now: i64) -> Result<(Quote, Evidence)> {
        let reading = self.parameters.oracle.read(accounts, now)?;
        let evidence = self.last_price.remember(&reading);
        Ok((reading.quote, evidence))
    }

    /// The loss breaker as the engine sees it.
    pub fn breaker(&self) -> Breaker {
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

    /// What a loss or a recovery moves.
    pub fn books(&self, fund: &InsuranceFund) -> Books {
        Books { totals: self.totals(), fund: fund.fund(), breaker: self.breaker() }
    }

    /// How losses are shared, and when they trip the breaker.
    pub fn loss_terms(&self) -> LossTerms {
        let breaker = self.parameters.exit.breaker(self.hold_seconds());
        LossTerms { insurance: self.insurance(), breaker }
    }

    /// Stores what the engine decided about the breaker.
    pub fn apply_breaker(&mut self, breaker: &Breaker) {
        let losses = &breaker.losses;
        (self.breaker_losses, self.breaker_at, self.breaker_fades_at) =
            (losses.counted.get(), losses.at, losses.ends_at);
        (self.breaker_part, self.breaker_until) = (breaker.part, breaker.until);
    }

    /// When it was opened, as the engine sees it.
    #[inline(always)]
    pub fn launch(&self) -> Launch {
        Launch { opened_at: self.opened_at }
    }

    /// Refuses borrows while the breaker is tripped.
    #[inline(always)]
    pub fn require_calm(&self, now: i64) -> Result<()> {
        require!(!self.breaker().is_tripped(now), BackstopError::BreakerTripped);
        Ok(())
    }

    /// What a request to withdraw is at `now`: see [`Request::under`].
    pub fn due_request(&self, request: &Request, now: i64) -> Request {
        request.under(&self.parameters.exit.notices(), self.breaker().is_tripped(now))
    }

    /// How long ahead a withdrawal must be requested; zero if it need not be.
    #[inline(always)]
    pub fn notice_seconds(&self, now: i64) -> u32 {
        self.parameters.exit.notices().seconds(self.breaker().is_tripped(now))
    }

    /// Sets aside what executing a request took out of the pool or its fund.
    pub fn set_aside(&mut self, assets: Assets) -> Result<()> {
        self.payable = Assets::new(self.payable).plus(assets).or_refuse()?.get();
        Ok(())
    }

    /// The state that every event of the pool carries.
    pub fn state(&self) -> PoolState {
        PoolState::from(&self.totals())
    }

    /// Seeds with which the pool signs for its vault.
    pub fn seeds(&self) -> [&[u8]; 4] {
        [POOL_SEED, self.market.as_ref(), self.mint.as_ref(), core::slice::from_ref(&self.bump)]
    }
}
