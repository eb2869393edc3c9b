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

/// A lending pool of one liquidity token. Seeds: `pool`, market, mint. Its vault: `vault`, pool.
#[account]
pub struct Pool {
    /// The pool's market.
    pub market: Address,
    /// The liquidity token's mint.
    pub mint: Address,
    /// The token account that holds cash, the insurance fund's assets and revenue, and what waits to be claimed or
    /// collected.
    pub vault: Address,
    /// Its insurance fund.
    pub insurance_fund: Address,
    /// Its loss book.
    pub loss_book: Address,
    /// The value of one debt share, in base units with 64 fractional bits.
    pub borrow_index: PodU128,
    /// The pool's liquidity in the vault. Transfers to the vault do not count.
    pub cash: u64,
    /// Shares of performing debt.
    pub debt_shares: u64,
    /// LP shares.
    pub shares: u64,
    /// Reserves: they belong to no LP and take losses first.
    pub reserves: u64,
    /// Revenue in the vault that the next instruction on the insurance fund credits to it.
    pub insurance_due: u64,
    /// Recoveries in the vault that LPs have not claimed yet.
    pub unclaimed: u64,
    /// Unix time up to which interest is accrued.
    pub accrued_at: i64,
    /// The number of recorded losses, which is the sequence number of the last one.
    pub losses: u64,
    /// The sum of losses that nobody bore.
    pub uncovered: u64,
    /// The sum of recorded losses.
    pub lost: u64,
    /// The sum of all marks: losses that are known and wait to be settled.
    pub marked: u64,
    /// LP losses that count for the breaker, as of `breaker_at`.
    pub breaker_losses: u64,
    /// The same losses as parts of NAV, each of the NAV before it, in trillionths.
    pub breaker_part: u64,
    /// Unix time of the last of these losses.
    pub breaker_at: i64,
    /// Unix time at which they have faded.
    pub breaker_fades_at: i64,
    /// Unix time until which the breaker is tripped; past if it is not.
    pub breaker_until: i64,
    /// Pauses of deposits, borrowing, collateral withdrawals and LP withdrawals, in this order.
    pub pauses: [PauseTimes; 4],
    /// The liquidity token's average price and variance.
    pub average: AveragePrice,
    /// The insurance factor: the share of interest that goes to the insurance fund.
    pub insurance_factor: RiskRamp,
    /// The loss-sharing ratio.
    pub insurance_share: RiskRamp,
    /// Losses that count for the loss rate, as of `risk_at`.
    pub risk_losses: u64,
    /// `lost` at `risk_at`.
    pub risk_lost: u64,
    /// Unix time of the last `refresh_risk`.
    pub risk_at: i64,
    /// The pool's hold: it stops deposits, withdrawals and the execution of requests.
    pub hold: HoldTimes,
    /// The fund's hold: it stops staking and leaving the fund.
    pub fund_hold: HoldTimes,
    /// The newest price read for the liquidity token.
    pub last_price: LastPrice,
    /// The parameters.
    pub parameters: PoolParameters,
    /// Revenue of the insurance fund that cash does not cover yet. Paid before anything else leaves; no part of NAV.
    pub insurance_owed: u64,
    /// The average utilisation, in billionths with 12 fractional bits.
    pub average_utilisation: u64,
    /// The average performing debt.
    pub average_debt: u64,
    /// Unix time at which the pool was opened; zero while it is closed.
    pub opened_at: i64,
    /// Amounts of executed requests in the vault that wait to be collected.
    pub payable: u64,
    /// How often losses divided all LP shares by 1,024. A loss of all NAV counts seven times.
    pub generation: u32,
    /// The number of the last loss in the loss book that LPs bore.
    pub last_loss: u32,
    /// Decimals of the mint.
    pub decimals: u8,
    /// [`ACCOUNT_VERSION`](crate::constants::ACCOUNT_VERSION).
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, reserved.
    pub spare: [u8; 45],
}

impl Pool {
    /// Returns the totals with interest accrued. Every instruction that reads totals starts with this.
    #[inline(never)]
    pub fn accrued(&self, now: i64) -> Result<Totals> {
        Ok(self.totals().accrue(&self.rates(), now).into_program_error()?.totals)
    }

    /// Accrues interest and stores the totals.
    pub fn count_interest(&mut self, now: i64) -> Result<Totals> {
        let totals = self.accrued(now)?;
        self.apply(&totals)?;
        Ok(totals)
    }

    /// Stores changed parameters. While the pool is closed, what moves with risk restarts from them.
    pub fn apply_parameters(&mut self, parameters: &PoolParameters, now: i64) {
        if parameters.oracle.is_other_feed(&self.parameters.oracle) {
            self.last_price = LastPrice::zeroed();
        }
        self.parameters = *parameters;
        let terms = parameters.risk_terms();
        let risk = if self.launch().is_open() { self.risk().bounded(&terms) } else { PoolRisk::at_rest(&terms, now) };
        self.store_risk(&risk);
    }

    /// Checks that an operation is not paused.
    #[inline(always)]
    pub fn require_open(&self, what: Pausable, now: i64) -> Result<()> {
        require!(!self.pause(what).holds(now), BackstopError::Paused);
        Ok(())
    }

    /// Stores totals, checks that NAV is not negative, and starts or ends the pool's hold.
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

    /// Replaces an obligation's mark. Call [`Pool::apply`] and [`Pool::hold_fund`] afterwards.
    pub fn mark(&mut self, obligation: &mut Obligation, mark: &Mark) -> Result<()> {
        self.marked = obligation.mark().replaced(mark, Assets::new(self.marked)).into_program_error()?.get();
        (obligation.marked, obligation.marked_at) = (mark.shortfall.get(), mark.since);
        Ok(())
    }

    /// Starts or ends the hold of a fund with these assets besides its revenue. Call [`Pool::apply`] before.
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

    /// Returns what is on hold: 1 for the pool, 2 for its fund, 3 for both.
    pub fn on_hold(&self) -> u64 {
        u64::from(self.hold.on | (self.fund_hold.on << 1))
    }

    /// Checks that the pool is not on hold. `totals` are accrued.
    #[inline(always)]
    pub fn require_no_hold(&self, totals: &Totals) -> Result<()> {
        if self.marked == 0 { Ok(()) } else { self.require_small_mark(totals) }
    }

    #[inline(never)]
    fn require_small_mark(&self, totals: &Totals) -> Result<()> {
        self.holds().require_pool_open(totals.nav().into_program_error()?).into_program_error()
    }

    /// Returns the fund with its revenue credited, and the accrued totals without that revenue.
    #[inline(never)]
    pub fn settled(&self, fund: &InsuranceFund, now: i64) -> Result<(Fund, Totals)> {
        fund.fund().settled(&self.accrued(now)?).into_program_error()
    }

    /// The same, to enter or leave the fund: also checks that the fund is not on hold.
    #[inline(never)]
    pub fn settled_and_open(&self, fund: &InsuranceFund, now: i64) -> Result<(Fund, Totals)> {
        let (settled, totals) = self.settled(fund, now)?;
        self.holds().require_fund_open(settled.all()).into_program_error()?;
        Ok((settled, totals))
    }

    /// Reads and remembers the liquidity token's price. Returns it with its quality as evidence.
    pub fn read_price(&mut self, accounts: &mut RemainingAccounts, now: i64) -> Result<(Quote, Evidence)> {
        let reading = self.parameters.oracle.read(accounts, now)?;
        let evidence = self.last_price.remember(&reading);
        Ok((reading.quote, evidence))
    }

    /// Checks that the breaker is not tripped.
    #[inline(always)]
    pub fn require_calm(&self, now: i64) -> Result<()> {
        require!(!self.breaker().is_tripped(now), BackstopError::BreakerTripped);
        Ok(())
    }

    /// Sets aside the amount of an executed request.
    pub fn set_aside(&mut self, assets: Assets) -> Result<()> {
        self.payable = Assets::new(self.payable).plus(assets).into_program_error()?.get();
        Ok(())
    }

    /// The state that every event of the pool carries.
    pub fn state(&self) -> PoolState {
        PoolState::from(&self.totals())
    }

    /// The seeds that sign for the vault.
    pub fn seeds(&self) -> [&[u8]; 4] {
        [POOL_SEED, self.market.as_ref(), self.mint.as_ref(), core::slice::from_ref(&self.bump)]
    }
}
