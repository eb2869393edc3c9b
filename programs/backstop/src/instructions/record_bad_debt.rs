use {
    crate::{
        errors::{BackstopError, OrRefuse},
        recognition::LossAccounts,
        state::{InsuranceFund, Obligation, Pool},
        transfers::TokenKind,
        valuation::{AccountWalk, Valuation},
    },
    anchor_lang::{address_eq, pinocchio::account::AccountView, prelude::*},
    anchor_spl::token_interface::TokenInterface,
    backstop_engine::{pool::Totals, quantity::Units},
};

/// Records the debt of an obligation that has nothing left to pay it with, and runs the loss through the waterfall.
///
/// Without collateral no further account is needed. With dust, these follow the declared accounts: the price of the
/// liquidity token, then for each collateral held, in the obligation's order, its account, its price, its vault, the token
/// account that receives the dust, its mint and its token program. The dust is the caller's bounty.
///
/// Specification:
/// - anyone may call it
/// - an obligation without debt, within its threshold, or with collateral worth more than dust is refused
/// - so is one that borrowed or took collateral in this slot or within the minimum default age
/// - a missing or unusable price is an error, never a reading of "worthless"
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
    /// The pool's vault.
    #[account(mut, address = pool.vault @ BackstopError::WrongVault)]
    pub vault: UncheckedAccount,
    /// The fund's vault.
    #[account(mut, address = insurance_fund.vault @ BackstopError::WrongVault)]
    pub insurance_vault: UncheckedAccount,
    /// The liquidity token's mint.
    #[account(address = pool.mint @ BackstopError::WrongMint)]
    pub mint: UncheckedAccount,
    /// The mint's token program.
    pub token_program: Interface<'static, TokenInterface>,
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

    let token = TokenKind::new(&accounts.token_program, &accounts.mint, accounts.pool.decimals);
    let mut loss = LossAccounts {
        pool: &mut accounts.pool,
        insurance_fund: &mut accounts.insurance_fund,
        obligation: &mut accounts.obligation,
        vault: &mut accounts.vault,
        insurance_vault: &mut accounts.insurance_vault,
    };
    loss.record(&totals, &token, clock.unix_timestamp)
}

impl RecordBadDebt {
    /// Refuses collateral worth more than dust.
    fn require_dust(&self, totals: &Totals, beyond: &[AccountView], now: i64) -> Result<()> {
        let walk = &mut AccountWalk::new(beyond);
        let debt = totals.debt(self.obligation.debt()).or_refuse()?;
        let mut valuation = Valuation::of_debt(&self.pool, debt, walk, now)?;
        for slot in self.obligation.held() {
            let collateral = walk.next_collateral(&slot.collateral)?;
            valuation.count(&collateral, slot.units, walk, now)?;
            for _vault_destination_mint_program in 0..4 {
                walk.next_account()?;
            }
        }
        valuation.health.require_unrecoverable(self.pool.parameters.loss.dust()).or_refuse()
    }

    /// Pays out what is left of every collateral.
    fn pay_bounty(&mut self, beyond: &[AccountView]) -> Result<()> {
        let walk = &mut AccountWalk::new(beyond);
        let _liquidity_price = walk.next_account()?;
        for slot in self.obligation.collaterals.iter_mut().filter(|slot| slot.units != 0) {
            let mut collateral = walk.next_collateral_mut(&slot.collateral)?;
            let _price = walk.next_account()?;
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
