use {
    crate::{
        errors::{BackstopError, IntoProgramError},
        events::Repaid,
        recognition::{LossAccounts, load_for_recovery},
        state::{InsuranceFund, Obligation, Pool},
        transfers::take,
    },
    anchor_lang::{address_eq, prelude::*},
    anchor_spl::token_interface::TokenInterface,
    backstop_engine::{mark::Evidence, quantity::Assets},
};

/// Repays an obligation's debt, then what was written off of it. Needs no price.
///
/// Arguments:
/// - `max_assets`: the most to pay, in base units; 2^64 - 1 for the whole debt and everything unrecovered
///
/// Specification:
/// - anyone can pay, for any obligation of the pool
/// - takes what whole debt shares cost, at most `max_assets`, or the whole debt if that is less
/// - the mark falls by what is repaid of the debt
/// - an amount beyond the debt recovers written-off debt, the oldest loss first. Each loss pays LPs, stakers and
///   protocol-owned shares pro rata to what they bore, then reserves. Losses without a record come last, as a donation
///   to the fund
/// - refused if nothing is owed, and if the amount pays no debt share or nothing
#[derive(Accounts)]
pub struct Repay {
    /// Who pays.
    pub payer: Signer,
    /// The pool.
    #[account(mut)]
    pub pool: Account<Pool>,
    /// The obligation.
    #[account(mut, constraint = address_eq(&obligation.pool, pool.address()) @ BackstopError::WrongPool)]
    pub obligation: Account<Obligation>,
    /// The pool's insurance fund.
    #[account(mut, address = pool.insurance_fund @ BackstopError::WrongInsuranceFund)]
    pub insurance_fund: UncheckedAccount,
    /// The pool's loss book.
    #[account(mut, address = pool.loss_book @ BackstopError::WrongLossBook)]
    pub loss_book: UncheckedAccount,
    /// The pool's vault.
    #[account(mut, address = pool.vault @ BackstopError::WrongVault)]
    pub vault: UncheckedAccount,
    /// The payer's token account.
    #[account(mut)]
    pub source: UncheckedAccount,
    /// The liquidity token's mint.
    #[account(address = pool.mint @ BackstopError::WrongMint)]
    pub mint: UncheckedAccount,
    /// The mint's token program.
    pub token_program: Interface<'static, TokenInterface>,
}

pub fn repay(ctx: &mut Context<Repay>, max_assets: u64) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    let repaid = accounts.repay(Assets::new(max_assets), now)?;
    let recovered = accounts.recover(Assets::new(max_assets).minus(repaid).into_program_error()?)?;
    let paid = repaid.plus(recovered).into_program_error()?;
    require!(!paid.is_zero(), BackstopError::AmountTooSmall);

    take(
        &accounts.payer,
        (&accounts.token_program, &accounts.mint, accounts.pool.decimals),
        &mut accounts.source,
        &mut accounts.vault,
        paid.get(),
    )
}

impl Repay {
    /// Pays the debt, if there is any, or counts interest. Returns what is taken.
    fn repay(&mut self, offered: Assets, now: i64) -> Result<Assets> {
        let (pool, obligation) = (&mut self.pool, &mut self.obligation);
        let totals = pool.accrued(now)?;
        if obligation.debt_shares == 0 && !obligation.unrecovered().is_zero() {
            pool.apply(&totals)?;
            return Ok(Assets::ZERO);
        }
        let repaid = totals.repay(obligation.debt(), offered).into_program_error()?;

        obligation.debt_shares = repaid.debt_shares.get();
        if obligation.marked == 0 {
            pool.apply(&repaid.totals)?;
        } else {
            let left = repaid.totals.debt(repaid.debt_shares).into_program_error()?;
            let mark = obligation.mark().after(Assets::ZERO, repaid.paid, left, Evidence::FAVOUR, now);
            pool.mark(obligation, &mark)?;
            pool.apply(&repaid.totals)?;
            pool.hold_fund(Account::<InsuranceFund>::load(*self.insurance_fund.account())?.assets)?;
        }
        emit!(Repaid {
            pool: *pool.address(),
            obligation: *obligation.address(),
            assets: repaid.paid.get(),
            debt_shares: obligation.debt_shares,
            marked: obligation.marked,
            state: pool.state(),
        });
        Ok(repaid.paid)
    }

    /// Pays what was written off, if no debt is left. Returns what is taken.
    #[inline(always)]
    fn recover(&mut self, offered: Assets) -> Result<Assets> {
        if self.obligation.debt_shares != 0 || offered.is_zero() || self.obligation.unrecovered().is_zero() {
            return Ok(Assets::ZERO);
        }
        let (mut fund, mut book) = load_for_recovery(&self.insurance_fund, &self.loss_book)?;
        let mut loss = LossAccounts {
            pool: &mut self.pool,
            insurance_fund: &mut fund,
            loss_book: &mut book,
            obligation: &mut self.obligation,
        };
        loss.recover(offered, self.payer.address())
    }
}
