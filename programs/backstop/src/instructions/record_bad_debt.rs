use {
    crate::{
        errors::{BackstopError, OrRefuse},
        recognition::LossAccounts,
        state::{InsuranceFund, LossLedger, Obligation, Pool},
        transfers::TokenKind,
        valuation::{AccountWalk, Purpose, Valuation},
    },
    anchor_lang::{address_eq, pinocchio::account::AccountView, prelude::*},
    backstop_engine::{pool::Totals, quantity::Units},
};

/// Records the debt of an obligation that has nothing left to pay it with, and runs the loss through the waterfall.
///
/// Further accounts: none where nothing is held as collateral. Else the price accounts of the liquidity token, then for each
/// collateral that the obligation holds, in the order of its slots, the collateral (writable), its price accounts, its vault
/// (writable), the token account that receives the dust (writable), its mint and its token program. The dust is the caller's
/// bounty. Price accounts of a token are one for its feed and, if it has a second feed, one for that: a Pyth price update
/// account of the feed, or the Switchboard feed itself.
///
/// Specification:
/// - anyone may call it
/// - an obligation without debt, within its threshold, or with collateral worth more than dust is refused
/// - so is one that borrowed or took collateral in this slot or within the minimum default age
/// - a missing or unusable price is an error, never a reading of "worthless"
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
    let beyond = ctx.remaining_accounts()?;
    let accounts = &mut ctx.accounts;
    let clock = Clock::get()?;
    let min_age = accounts.pool.parameters.loss.min_default_age_slots;
    require!(accounts.obligation.may_default(clock.slot, min_age), BackstopError::DefaultTooRecent);
    let totals = accounts.pool.accrued(clock.unix_timestamp)?;
    if accounts.obligation.held().next().is_some() {
        accounts.require_dust(&totals, &beyond, clock.unix_timestamp)?;
        accounts.pay_bounty(&beyond)?;
    }

    let mut loss = LossAccounts {
        pool: &mut accounts.pool,
        insurance_fund: &mut accounts.insurance_fund,
        loss_ledger: &mut accounts.loss_ledger,
        obligation: &mut accounts.obligation,
    };
    loss.record(&totals, clock.unix_timestamp)
}

impl RecordBadDebt {
    /// Refuses collateral worth more than dust.
    fn require_dust(&self, totals: &Totals, beyond: &[AccountView], now: i64) -> Result<()> {
        let walk = &mut AccountWalk::new(beyond);
        let debt = totals.debt(self.obligation.debt()).or_refuse()?;
        let mut valuation = Valuation::of_debt(&self.pool, debt, Purpose::Liquidating, walk, now)?;
        for slot in self.obligation.held() {
            let collateral = walk.next_collateral(&slot.collateral)?;
            valuation.count(&collateral, slot.units, walk)?;
            for _vault_destination_mint_program in 0..4 {
                walk.next_account()?;
            }
        }
        valuation.health.require_unrecoverable(self.pool.parameters.loss.dust()).or_refuse()
    }

    /// Pays out what is left of every collateral.
    fn pay_bounty(&mut self, beyond: &[AccountView]) -> Result<()> {
        let walk = &mut AccountWalk::new(beyond);
        self.pool.parameters.oracle.skip(walk)?;
        for slot in self.obligation.collaterals.iter_mut().filter(|slot| slot.units != 0) {
            let mut collateral = walk.next_collateral_mut(&slot.collateral)?;
            collateral.oracle().skip(walk)?;
            let (mut vault, mut destination) = (*walk.next_account()?, *walk.next_account()?);
            let (mint, program) = (walk.next_account()?, walk.next_account()?);
            require!(address_eq(vault.address(), &collateral.vault), BackstopError::WrongVault);
            require!(address_eq(mint.address(), &collateral.mint), BackstopError::WrongMint);
            collateral.remove(Units::new(slot.units))?;
            let token = TokenKind::from_views(program, mint, collateral.decimals)?;
            token.transfer(&mut vault, &mut destination, &collateral, slot.units, &[&collateral.seeds()])?;
            slot.clear();
        }
        Ok(())
    }
}
