use {
    crate::{
        errors::{BackstopError, OrRefuse},
        events::Liquidated,
        recognition::LossAccounts,
        state::{Collateral, InsuranceFund, LossLedger, Obligation, Pool},
        transfers::TokenKind,
        valuation::{AccountWalk, Purpose, Valuation},
    },
    anchor_lang::{
        address_eq,
        pinocchio::{account::AccountView, sysvars::clock::Clock as ClockData},
        prelude::*,
    },
    anchor_spl::token_interface::TokenInterface,
    backstop_engine::{
        health::{Health, Holding},
        liquidation::Liquidation,
        pool::Totals,
        provision::shortfall,
        quantity::{Assets, Units},
    },
};

/// Repays part of an unhealthy obligation's debt for one of its collaterals and a bonus, and records what bad debt it leaves.
///
/// Arguments:
/// - `max_repay`: the most that is repaid, in base units of the liquidity token; the cut for insurance comes on top
/// - `min_seized`: the least collateral that must be received, in base units; else the call is refused
///
/// Further accounts: the price accounts of the liquidity token, then for each collateral that the obligation holds, in the
/// order of its slots, the collateral and its price accounts; of the collateral that is declared, only its price accounts.
/// Price accounts of a token are one for its feed and, if it has a second feed, one for that: a Pyth price update account of
/// the feed, or the Switchboard feed itself.
///
/// Specification:
/// - anyone may liquidate an obligation beyond its liquidation threshold, at the prices of the further accounts
/// - repays at most `max_repay`, at most what restores the target health, at most what the collateral pays for
/// - less collateral than `min_seized` is refused
/// - the insurance fund's cut of the bonus is paid on top, in liquidity
/// - if debt is left and no collateral worth more than dust, the loss is recorded in the same step and what dust there is of
///   this collateral goes to the liquidator; a debt that is too recent stays, to be recorded later
/// - else what the debt left is expected to leave unpaid becomes the obligation's provision
#[derive(Accounts)]
pub struct Liquidate {
    /// Who repays and receives the collateral.
    pub liquidator: Signer,
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
    /// The collateral to seize.
    #[account(mut, constraint = address_eq(&collateral.pool, pool.address()) @ BackstopError::WrongPool)]
    pub collateral: Account<Collateral>,
    /// The pool's vault.
    #[account(mut, address = pool.vault @ BackstopError::WrongVault)]
    pub vault: UncheckedAccount,
    /// The collateral's vault.
    #[account(mut, address = collateral.vault @ BackstopError::WrongVault)]
    pub collateral_vault: UncheckedAccount,
    /// The liquidator's account of the liquidity token.
    #[account(mut)]
    pub source: UncheckedAccount,
    /// The account that receives the collateral.
    #[account(mut)]
    pub destination: UncheckedAccount,
    /// The liquidity token's mint.
    #[account(address = pool.mint @ BackstopError::WrongMint)]
    pub mint: UncheckedAccount,
    /// The collateral token's mint.
    #[account(address = collateral.mint @ BackstopError::WrongMint)]
    pub collateral_mint: UncheckedAccount,
    /// The liquidity mint's token program.
    pub token_program: Interface<'static, TokenInterface>,
    /// The collateral mint's token program.
    pub collateral_token_program: Interface<'static, TokenInterface>,
}

pub fn liquidate(ctx: &mut Context<Liquidate>, max_repay: u64, min_seized: u64) -> Result<()> {
    let prices = ctx.remaining_accounts()?;
    let accounts = &mut ctx.accounts;
    let clock = Clock::get()?;
    let plan = accounts.plan(&prices, Assets::new(max_repay), &clock)?;
    require!(plan.seize.get() >= min_seized, BackstopError::SlippageExceeded);

    accounts.store(&plan)?;
    accounts.exchange(&plan)?;
    accounts.tell(&plan);
    if plan.records_loss { accounts.record_rest(&plan.totals, clock.unix_timestamp) } else { Ok(()) }
}

/// What a liquidation will do.
struct Plan {
    taken: Liquidation,
    /// What is seized, with the dust that is left if the rest is recorded.
    seize: Units,
    /// The obligation's debt shares afterwards.
    debt_shares: u64,
    /// The obligation's provision afterwards.
    provision: u64,
    /// The pool afterwards.
    totals: Totals,
    records_loss: bool,
}

impl Liquidate {
    fn plan(&self, prices: &[AccountView], offered: Assets, clock: &ClockData) -> Result<Plan> {
        let (pool, obligation, now) = (&self.pool, &self.obligation, clock.unix_timestamp);
        let totals = pool.accrued(now)?;
        let debt = totals.debt(obligation.debt()).or_refuse()?;
        let walk = &mut AccountWalk::new(prices);
        let valuation =
            Valuation::of_obligation(pool, obligation, debt, Purpose::Liquidating, Some(&self.collateral), walk, now)?;
        let holding = valuation.declared.ok_or(BackstopError::InsufficientCollateral)?;
        let terms = pool.parameters.liquidation.terms();
        let taken = terms.size(debt, &valuation.debt_price, &holding, &valuation.health, offered).or_refuse()?;
        let repaid = totals.repay_exactly(obligation.debt(), taken.repay).or_refuse()?;
        let due = repaid.totals.insurance_due.plus(taken.insurance_cut).or_refuse()?;

        let left = repaid.totals.debt(repaid.debt_shares).or_refuse()?;
        let health = self.health_after(&valuation, &holding, &taken, left)?;
        let dust = pool.parameters.loss.dust();
        let old_enough = obligation.may_default(clock.slot, pool.parameters.loss.min_default_age_slots);
        let records_loss = old_enough && !left.is_zero() && health.require_unrecoverable(dust).is_ok();
        let provision = if records_loss || !obligation.may_be_provisioned(clock.slot) {
            Assets::new(obligation.provision).saturating_sub(taken.repay)
        } else {
            shortfall(left, &valuation.debt_price, &health, &terms, dust).or_refuse()?
        };
        Ok(Plan {
            seize: if records_loss { holding.units } else { taken.seize },
            taken,
            debt_shares: repaid.debt_shares.get(),
            provision: provision.min(left).get(),
            totals: Totals { insurance_due: due, ..repaid.totals },
            records_loss,
        })
    }

    /// The obligation's health with the debt left and without what is taken. What is left as a scrap counts for nothing.
    fn health_after(&self, before: &Valuation, holding: &Holding, taken: &Liquidation, left: Assets) -> Result<Health> {
        let debt = before.debt_price.value_up(left.get()).or_refuse()?;
        let rest = holding.units.saturating_sub(taken.seize);
        let counted = if self.collateral.is_scrap(rest.get()) { Units::ZERO } else { rest };
        before.health.after(debt, holding, counted).or_refuse()
    }

    fn store(&mut self, plan: &Plan) -> Result<()> {
        self.pool.apply(&plan.totals)?;
        self.collateral.remove(plan.seize)?;
        self.obligation.remove(self.collateral.address(), plan.seize)?;
        self.pool.provision(self.obligation.provision, plan.provision)?;
        (self.obligation.debt_shares, self.obligation.provision) = (plan.debt_shares, plan.provision);
        Ok(())
    }

    fn exchange(&mut self, plan: &Plan) -> Result<()> {
        let paid = plan.taken.repay.plus(plan.taken.insurance_cut).or_refuse()?;
        TokenKind::new(&self.token_program, &self.mint, self.pool.decimals).transfer(
            &mut self.source,
            &mut self.vault,
            &self.liquidator,
            paid.get(),
            &[],
        )?;
        TokenKind::new(&self.collateral_token_program, &self.collateral_mint, self.collateral.decimals).transfer(
            &mut self.collateral_vault,
            &mut self.destination,
            &self.collateral,
            plan.seize.get(),
            &[&self.collateral.seeds()],
        )
    }

    fn tell(&self, plan: &Plan) {
        emit!(Liquidated {
            pool: *self.pool.address(),
            obligation: *self.obligation.address(),
            collateral: *self.collateral.address(),
            liquidator: *self.liquidator.address(),
            repaid: plan.taken.repay.get(),
            insurance_cut: plan.taken.insurance_cut.get(),
            seized: plan.seize.get(),
            bonus_bps: u64::from(plan.taken.bonus.get()),
            debt_shares: plan.debt_shares,
            provision: plan.provision,
            state: self.pool.state(),
        });
    }

    fn record_rest(&mut self, totals: &Totals, now: i64) -> Result<()> {
        let mut loss = LossAccounts {
            pool: &mut self.pool,
            insurance_fund: &mut self.insurance_fund,
            loss_ledger: &mut self.loss_ledger,
            obligation: &mut self.obligation,
        };
        loss.record(totals, now)
    }
}
