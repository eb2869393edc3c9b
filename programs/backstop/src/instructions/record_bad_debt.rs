use {
    crate::{
        errors::{BackstopError, OrRefuse},
        recognition::LossAccounts,
        state::{InsuranceFund, LossLedger, Obligation, Pool},
        valuation::{AccountWalk, Purpose, Valuation},
    },
    anchor_lang::{
        address_eq,
        pinocchio::{account::AccountView, sysvars::clock::Clock as ClockData},
        prelude::*,
    },
    backstop_engine::{pool::Totals, quantity::DebtShares},
};

/// Records what an obligation's collateral does not cover of its debt, and runs the loss through the waterfall.
///
/// Further accounts: none where nothing is held as collateral. Else the price accounts of the liquidity token, then for each
/// collateral that the obligation holds, in the order of its slots, the collateral and its price accounts. Price accounts of a token
/// are one for its feed and, if it has a second feed, one for that: a Pyth price update account of the feed, or the Switchboard feed
/// itself.
///
/// Specification:
/// - anyone may call it
/// - an obligation without debt, within its threshold, or with collateral worth more than dust is refused
/// - so is one whose collateral covers its debt after the least bonus: a liquidation pays it
/// - so is one that borrowed or took collateral in this slot or within the minimum default age
/// - what is lost is the shortfall, to a debt share; the rest of the debt and all collateral stay
/// - collateral that is worth next to nothing at its average price counts for nothing, and its price is not read; where nothing else is
///   held, no price is
/// - any other missing or unusable price is an error, never a reading of "worthless"
/// - releases the obligation's provision
/// - loss = from reserves + from insurance + to LPs + uncovered, in that order, to the unit
#[derive(Accounts)]
pub struct RecordBadDebt {
    /// The pool.
    #[account(mut)]
    pub pool: Account<Pool>,
    /// The obligation.
    #[account(mut, constraint = address_eq(&obligation.pool, pool.address()) @ BackstopError::WrongPool)]
    pub obligation: Account<Obligation>,
    /// The pool's insurance fund.
    #[account(mut, address = pool.insurance_fund @ BackstopError::WrongInsuranceFund)]
    pub insurance_fund: Account<InsuranceFund>,
    /// The pool's loss ledger.
    #[account(mut, address = pool.loss_ledger @ BackstopError::WrongLossLedger)]
    pub loss_ledger: Account<LossLedger>,
}

pub fn record_bad_debt(ctx: &mut Context<RecordBadDebt>) -> Result<()> {
    let prices = ctx.remaining_accounts()?;
    let accounts = &mut ctx.accounts;
    let clock = Clock::get()?;
    let min_age = accounts.pool.parameters.loss.min_default_age_slots;
    require!(accounts.obligation.may_default(clock.slot, min_age), BackstopError::DefaultTooRecent);
    let totals = accounts.pool.accrued(clock.unix_timestamp)?;
    let lost = accounts.lost(&totals, &prices, &clock)?;

    let mut loss = LossAccounts {
        pool: &mut accounts.pool,
        insurance_fund: &mut accounts.insurance_fund,
        loss_ledger: &mut accounts.loss_ledger,
        obligation: &mut accounts.obligation,
    };
    loss.record(&totals, lost, clock.unix_timestamp)
}

impl RecordBadDebt {
    /// Which of the obligation's debt shares are lost.
    fn lost(&self, totals: &Totals, prices: &[AccountView], clock: &ClockData) -> Result<DebtShares> {
        let (pool, obligation) = (&self.pool, &self.obligation);
        let walk = || AccountWalk::new(prices);
        let bare = obligation.debt_shares == 0 || obligation.held().next().is_none();
        if bare || !Valuation::holds_anything(pool, obligation, &mut walk())? {
            return Ok(obligation.debt());
        }
        let (amount, now) = (totals.debt(obligation.debt()).or_refuse()?, clock.unix_timestamp);
        let valuation =
            Valuation::of_obligation(pool, obligation, amount, Purpose::Liquidating, None, &mut walk(), now)?;
        let debt = valuation.debt(pool, obligation, amount, clock.slot)?;
        pool.parameters.liquidation_terms().lost(totals, &debt, &valuation.health).or_refuse()
    }
}
