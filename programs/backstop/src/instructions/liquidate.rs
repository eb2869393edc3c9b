use {
    crate::{
        errors::{BackstopError, IntoProgramError},
        events,
        recognition::LossAccounts,
        state::{Book, Collateral, InsuranceFund, LossRecords, Obligation, Pool},
        transfers::{give, take},
        valuation::{PriceMode, RemainingAccounts, Valuation},
    },
    anchor_lang::{
        address_eq,
        pinocchio::{account::AccountView, sysvars::clock::Clock as ClockData},
        prelude::*,
    },
    anchor_spl::token_interface::TokenInterface,
    backstop_engine::{
        liquidation::{Debt, Liquidated, Liquidation},
        mark::Evidence,
        pool::Totals,
        quantity::Assets,
    },
};

/// Repays part of an unhealthy obligation's debt for one of its collaterals plus a bonus, and records bad debt that
/// remains.
///
/// Arguments:
/// - `max_repay`: the most to repay, in base units of the liquidity token; the insurance fund's cut is paid on top
/// - `min_seized`: the least collateral to receive, in base units; otherwise the call is refused
///
/// Further accounts: the price accounts of the liquidity token; then, for each collateral that the obligation holds, in
/// the order of its slots, the collateral (writable) and its price accounts. For the declared collateral list only its
/// price accounts. Each token has one price account for its feed and, if it has a second feed, one for that: a Pyth
/// price update of the feed, or the Switchboard feed itself.
///
/// Specification:
/// - anyone can liquidate an obligation beyond its liquidation threshold, at the prices of the further accounts
/// - repays at most `max_repay`, at most what restores the target health, and at most what the seized units are worth
///   at the bonus
/// - exchanges at the middle of both prices, in whole units, and seizes nothing beyond them
/// - refused if less than `min_seized` is seized
/// - the liquidator pays the insurance fund's cut of the bonus in liquidity
/// - records the remaining shortfall if the remaining collateral is worth at most dust; also if the obligation has an
///   unrecovered loss and the shortfall exceeds a ten-thousandth of NAV at the newest prices. Debt that the collateral
///   covers stays, with the collateral. Debt that is too recent, or meets a full loss book, is left to be recorded
///   later
/// - otherwise the remaining shortfall becomes the obligation's mark; without a payment the mark falls only at the
///   newest prices
/// - if the performing debt is within its limit, pays unrecovered written-off debt instead: at the minimum bonus,
///   without a cut, and only as far as the performing debt keeps the target health without collateral that has no
///   usable price. All of it is a recovery
/// - other collateral without a usable price counts in the borrower's favour; the prices of the liquidity token and of
///   the seized collateral must be usable
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
    /// The pool's loss book.
    #[account(mut, address = pool.loss_book @ BackstopError::WrongLossBook)]
    pub loss_book: Book,
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
    let decision = accounts.decide(&prices, Assets::new(max_repay), &clock)?;
    let taken = decision.taken();
    require!(taken.seize.get() >= min_seized, BackstopError::SlippageExceeded);

    accounts.collateral.remove(taken.seize)?;
    accounts.obligation.remove(accounts.collateral.address(), taken.seize)?;
    match decision {
        Decision::Pays(done, evidence) => {
            accounts.store(&done)?;
            accounts.exchange(&done.taken)?;
            accounts.tell(&done.taken, &done.totals);
            if done.lost.is_zero() { Ok(()) } else { accounts.record_rest(&done, evidence, clock.unix_timestamp) }
        }
        Decision::Recovers(taken, totals) => {
            accounts.pool.apply(&totals)?;
            accounts.exchange(&taken)?;
            accounts.tell(&taken, &totals);
            accounts.recover(&taken)
        }
    }
}

/// What a liquidation does.
enum Decision {
    /// Pays performing debt.
    Pays(Liquidated, Evidence),
    /// Pays debt that was written off, which changes no debt: the pool is as it is, with interest.
    Recovers(Liquidation, Totals),
}

impl Decision {
    const fn taken(&self) -> &Liquidation {
        match self {
            Self::Pays(done, _) => &done.taken,
            Self::Recovers(taken, _) => taken,
        }
    }
}

impl Liquidate {
    fn decide(&mut self, prices: &[AccountView], offered: Assets, clock: &ClockData) -> Result<Decision> {
        let now = clock.unix_timestamp;
        let totals = self.pool.accrued(now)?;
        let amount = totals.debt(self.obligation.debt()).into_program_error()?;
        let valuation = self.value(amount, PriceMode::Liquidating, prices, now)?;
        let terms = self.pool.parameters.liquidation_terms();
        let unrecovered = self.obligation.unrecovered();
        if !unrecovered.is_zero() && !valuation.health.is_liquidatable().into_program_error()? {
            let valuation = self.value(amount, PriceMode::Recovering, prices, now)?;
            let holding = valuation.declared.ok_or(BackstopError::InsufficientCollateral)?;
            let middle = valuation.debt_middle()?;
            let (health, counts) = (&valuation.health, |units| !self.collateral.is_negligible(units, terms.dust));
            let taken =
                terms.size_recovery(&middle, unrecovered, &holding, health, offered, counts).into_program_error()?;
            return Ok(Decision::Recovers(taken, totals));
        }
        let holding = valuation.declared.ok_or(BackstopError::InsufficientCollateral)?;
        let debt = valuation.debt(&self.pool, &self.obligation, amount, clock.slot)?;
        let debt = Debt { may_default: debt.may_default && self.loss_book.takes_another(), ..debt };
        let counts = |units| !self.collateral.is_negligible(units, terms.dust);
        let done =
            terms.liquidate(&totals, &debt, &holding, &valuation.health, offered, counts).into_program_error()?;
        Ok(Decision::Pays(done, valuation.evidence))
    }

    fn value(&mut self, debt: Assets, purpose: PriceMode, prices: &[AccountView], now: i64) -> Result<Valuation> {
        let (walk, declared) = (&mut RemainingAccounts::new(prices), Some(&mut self.collateral));
        Valuation::of_obligation(&mut self.pool, &self.obligation, debt, purpose, declared, walk, now)
    }

    /// Stores what the liquidation does; of the pool only where no loss is recorded, which stores that with its own.
    fn store(&mut self, done: &Liquidated) -> Result<()> {
        self.obligation.debt_shares = done.debt_shares.get();
        self.pool.mark(&mut self.obligation, &done.mark)?;
        if !done.lost.is_zero() {
            return Ok(());
        }
        self.pool.apply(&done.totals)?;
        self.pool.hold_fund(self.insurance_fund.assets)
    }

    fn exchange(&mut self, taken: &Liquidation) -> Result<()> {
        let paid = taken.repay.plus(taken.insurance_cut).into_program_error()?;
        take(
            &self.liquidator,
            (&self.token_program, &self.mint, self.pool.decimals),
            &mut self.source,
            &mut self.vault,
            paid.get(),
        )?;
        give(
            &self.collateral,
            (&self.collateral_token_program, &self.collateral_mint),
            &mut self.collateral_vault,
            &mut self.destination,
            taken.seize.get(),
        )
    }

    fn tell(&self, taken: &Liquidation, totals: &Totals) {
        emit!(events::Liquidated {
            pool: *self.pool.address(),
            obligation: *self.obligation.address(),
            collateral: *self.collateral.address(),
            liquidator: *self.liquidator.address(),
            repaid: taken.repay.get(),
            insurance_cut: taken.insurance_cut.get(),
            seized: taken.seize.get(),
            bonus_bps: u64::from(taken.bonus.get()),
            debt_shares: self.obligation.debt_shares,
            marked: self.obligation.marked,
            state: totals.into(),
        });
    }

    fn record_rest(&mut self, done: &Liquidated, evidence: Evidence, now: i64) -> Result<()> {
        self.loss().record(&done.totals, done.lost, evidence, now)
    }

    fn recover(&mut self, taken: &Liquidation) -> Result<()> {
        let payer = *self.liquidator.address();
        self.loss().recover(taken.repay, &payer).map(drop)
    }

    fn loss(&mut self) -> LossAccounts<'_> {
        LossAccounts {
            pool: &mut self.pool,
            insurance_fund: &mut self.insurance_fund,
            loss_book: &mut self.loss_book,
            obligation: &mut self.obligation,
        }
    }
}
