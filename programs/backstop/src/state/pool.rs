use {
    super::{AveragePrice, HoldTimes, InsuranceFund, LastPrice, Obligation, PauseTimes, PoolParameters, RiskRamp},
    crate::{
        constants::POOL_SEED,
        errors::{BackstopError, IntoProgramError},
        events::PoolState,
        valuation::RemainingAccounts,
    },
    anchor_lang::prelude::*,
    backstop_engine::{
        governance::Pausable,
        insurance::Fund,
        mark::{Evidence, Mark},
        pool::Totals,
        price::Quote,
        quantity::Assets,
        risk::PoolRisk,
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
    /// The token account that holds cash, what is due to the insurance fund and what it has, and what waits to be
    /// claimed or collected.
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
    pub insurance_factor: RiskRamp,
    /// The loss-sharing ratio.
    pub insurance_share: RiskRamp,
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
    /// The totals with interest counted up to now: what every instruction that reads totals starts from.
    #[inline(never)]
    pub fn accrued(&self, now: i64) -> Result<Totals> {
        Ok(self.totals().accrue(&self.rates(), now).into_program_error()?.totals)
    }

    /// Stores the totals with interest counted up to now.
    pub fn count_interest(&mut self, now: i64) -> Result<Totals> {
        let totals = self.accrued(now)?;
        self.apply(&totals)?;
        Ok(totals)
    }

    /// Stores changed parameters. What moves with risk begins anew while the pool is closed, as it did when it was
    /// created.
    pub fn apply_parameters(&mut self, parameters: &PoolParameters, now: i64) {
        if parameters.oracle.is_other_feed(&self.parameters.oracle) {
            self.last_price = LastPrice::zeroed();
        }
        self.parameters = *parameters;
        let terms = parameters.risk_terms();
        let risk = if self.launch().is_open() { self.risk().bounded(&terms) } else { PoolRisk::at_rest(&terms, now) };
        self.store_risk(&risk);
    }

    /// Refuses what is paused.
    #[inline(always)]
    pub fn require_open(&self, what: Pausable, now: i64) -> Result<()> {
        require!(!self.pause(what).holds(now), BackstopError::Paused);
        Ok(())
    }

    /// Stores what the engine decided, and checks the invariant: NAV is not negative.
    #[inline(never)]
    pub fn apply(&mut self, totals: &Totals) -> Result<()> {
        self.store_totals(totals);
        require!(totals.is_sound(), BackstopError::InvariantViolated);
        if self.marked != 0 || self.hold.on != 0 {
            let holds =
                self.holds().of_pool(totals.nav().into_program_error()?, self.hold_seconds(), totals.accrued_at);
            self.hold = holds.pool.into();
        }
        Ok(())
    }

    /// Replaces an obligation's mark. The pool is applied afterwards, and the fund's hold.
    pub fn mark(&mut self, obligation: &mut Obligation, mark: &Mark) -> Result<()> {
        self.marked = obligation.mark().replaced(mark, Assets::new(self.marked)).into_program_error()?.get();
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
        let due = Assets::new(self.insurance_due).plus(Assets::new(self.insurance_owed)).into_program_error()?;
        let assets = Assets::new(assets).plus(due).into_program_error()?;
        self.fund_hold = self.holds().of_fund(assets, self.hold_seconds(), self.accrued_at).fund.into();
        Ok(())
    }

    /// What is on hold: 1 the pool, 2 its fund, 3 both.
    pub fn on_hold(&self) -> u64 {
        u64::from(self.hold.on | (self.fund_hold.on << 1))
    }

    /// Refuses entering and leaving the pool while a loss that is worth a wait is marked. `totals` are the pool's,
    /// accrued.
    #[inline(always)]
    pub fn require_no_hold(&self, totals: &Totals) -> Result<()> {
        if self.marked == 0 { Ok(()) } else { self.require_small_mark(totals) }
    }

    #[inline(never)]
    fn require_small_mark(&self, totals: &Totals) -> Result<()> {
        self.holds().require_pool_open(totals.nav().into_program_error()?).into_program_error()
    }

    /// The pool's fund with the revenue that is due to it, and the pool's totals without, with interest counted up to
    /// now.
    #[inline(never)]
    pub fn settled(&self, fund: &InsuranceFund, now: i64) -> Result<(Fund, Totals)> {
        fund.fund().settled(&self.accrued(now)?).into_program_error()
    }

    /// The same, to enter or leave the fund: refused while a loss that is worth a wait is marked.
    #[inline(never)]
    pub fn settled_and_open(&self, fund: &InsuranceFund, now: i64) -> Result<(Fund, Totals)> {
        let (settled, totals) = self.settled(fund, now)?;
        self.holds().require_fund_open(settled.all()).into_program_error()?;
        Ok((settled, totals))
    }

    /// Reads the liquidity token's price, remembers it, and says how good it is as evidence.
    pub fn read_price(&mut self, accounts: &mut RemainingAccounts, now: i64) -> Result<(Quote, Evidence)> {
        let reading = self.parameters.oracle.read(accounts, now)?;
        let evidence = self.last_price.remember(&reading);
        Ok((reading.quote, evidence))
    }

    /// Refuses borrows while the breaker is tripped.
    #[inline(always)]
    pub fn require_calm(&self, now: i64) -> Result<()> {
        require!(!self.breaker().is_tripped(now), BackstopError::BreakerTripped);
        Ok(())
    }

    /// Sets aside what executing a request took out of the pool or its fund.
    pub fn set_aside(&mut self, assets: Assets) -> Result<()> {
        self.payable = Assets::new(self.payable).plus(assets).into_program_error()?.get();
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
