use {
    crate::{
        errors::{BackstopError, OrRefuse},
        events,
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
        liquidation::{Liquidated, Liquidation},
        quantity::Assets,
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
/// - repays at most `max_repay`, at most what restores the target health, at most what the units received are worth at the bonus
/// - exchanges at the middle of both prices; whole units only, and none on top
/// - less collateral than `min_seized` is refused
/// - the insurance fund's cut of the bonus is paid on top, in liquidity
/// - if the collateral left is worth at most dust, the shortfall of the debt left is recorded in the same step; the rest of the
///   debt and the collateral stay; a debt that is too recent is left to be recorded later
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
    let done = accounts.decide(&prices, Assets::new(max_repay), &clock)?;
    require!(done.taken.seize.get() >= min_seized, BackstopError::SlippageExceeded);

    accounts.store(&done)?;
    accounts.exchange(&done.taken)?;
    accounts.tell(&done);
    if done.lost.is_zero() { Ok(()) } else { accounts.record_rest(&done, clock.unix_timestamp) }
}

impl Liquidate {
    fn decide(&self, prices: &[AccountView], offered: Assets, clock: &ClockData) -> Result<Liquidated> {
        let (pool, obligation, now) = (&self.pool, &self.obligation, clock.unix_timestamp);
        let totals = pool.accrued(now)?;
        let amount = totals.debt(obligation.debt()).or_refuse()?;
        let walk = &mut AccountWalk::new(prices);
        let valuation = Valuation::of_obligation(
            pool,
            obligation,
            amount,
            Purpose::Liquidating,
            Some(&self.collateral),
            walk,
            now,
        )?;
        let holding = valuation.declared.ok_or(BackstopError::InsufficientCollateral)?;
        let debt = valuation.debt(pool, obligation, amount, clock.slot)?;
        let terms = pool.parameters.liquidation_terms();
        let counts = |units| !self.collateral.is_negligible(units, terms.dust);
        terms.liquidate(&totals, &debt, &holding, &valuation.health, offered, counts).or_refuse()
    }

    fn store(&mut self, done: &Liquidated) -> Result<()> {
        self.pool.apply(&done.totals)?;
        self.collateral.remove(done.taken.seize)?;
        self.obligation.remove(self.collateral.address(), done.taken.seize)?;
        self.pool.provision(self.obligation.provision, done.provision.get())?;
        (self.obligation.debt_shares, self.obligation.provision) = (done.debt_shares.get(), done.provision.get());
        Ok(())
    }

    fn exchange(&mut self, taken: &Liquidation) -> Result<()> {
        let paid = taken.repay.plus(taken.insurance_cut).or_refuse()?;
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
            taken.seize.get(),
            &[&self.collateral.seeds()],
        )
    }

    fn tell(&self, done: &Liquidated) {
        emit!(events::Liquidated {
            pool: *self.pool.address(),
            obligation: *self.obligation.address(),
            collateral: *self.collateral.address(),
            liquidator: *self.liquidator.address(),
            repaid: done.taken.repay.get(),
            insurance_cut: done.taken.insurance_cut.get(),
            seized: done.taken.seize.get(),
            bonus_bps: u64::from(done.taken.bonus.get()),
            debt_shares: done.debt_shares.get(),
            provision: done.provision.get(),
            state: self.pool.state(),
        });
    }

    fn record_rest(&mut self, done: &Liquidated, now: i64) -> Result<()> {
        let mut loss = LossAccounts {
            pool: &mut self.pool,
            insurance_fund: &mut self.insurance_fund,
            loss_ledger: &mut self.loss_ledger,
            obligation: &mut self.obligation,
        };
        loss.record(&done.totals, done.lost, now)
    }
}
