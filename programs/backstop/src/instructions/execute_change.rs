use {
    crate::{
        errors::{BackstopError, IntoProgramError},
        state::{Collateral, Market, ParameterChange, Pool, Targets},
    },
    anchor_lang::{address_eq, prelude::*},
    backstop_engine::{governance::Pausable, parameter::Scope},
};

/// Executes a queued change.
///
/// Specification:
/// - only the market's authority signs
/// - refused before the timelock has passed and after the change has lapsed; time on hold since it was queued extends
///   both, except for the feed of a token without a usable price
/// - a change of a pool or a collateral is refused until collateral withdrawals and LP withdrawals were open for a
///   whole timelock, the longer of then and now
/// - a change of a pool or a collateral that was queued before the pool opened is refused
/// - takes the accounts that the change was queued with
/// - the parameters afterwards are within their bounds of now; accrues interest first
/// - the rent is returned to its payer
#[derive(Accounts)]
pub struct ExecuteChange {
    /// The market's authority.
    #[account(address = market.authority @ BackstopError::WrongAuthority)]
    pub authority: Signer,
    /// The market.
    #[account(mut)]
    pub market: Account<Market>,
    /// The pool, for a parameter of one or of its collateral.
    #[account(mut)]
    pub pool: Option<Account<Pool>>,
    /// The collateral, for a parameter of one.
    #[account(mut)]
    pub collateral: Option<Account<Collateral>>,
    /// The change.
    #[account(
        mut,
        close = payer,
        constraint = address_eq(&change.market, market.address()) @ BackstopError::WrongMarket
    )]
    pub change: Account<ParameterChange>,
    /// Who paid the change's rent.
    #[account(mut, unsafe(dup), address = change.payer @ BackstopError::WrongOwner)] // may also be the signer
    pub payer: UncheckedAccount,
}

pub fn execute_change(ctx: &mut Context<ExecuteChange>) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    let dead = accounts.replaces_dead_feed(now)?;
    accounts.change.require_open(accounts.pool.as_deref(), dead, now)?;
    let targets =
        Targets { market: &accounts.market, pool: accounts.pool.as_ref(), collateral: accounts.collateral.as_ref() };
    let proposal = accounts.change.parameter()?.propose(&accounts.change.value, &targets)?;
    require!(address_eq(&proposal.target, &accounts.change.target), BackstopError::WrongTarget);

    let timelock = accounts.market.timelock_seconds.max(accounts.change.timelock_seconds);
    if let Some(pool) = &accounts.pool {
        if !proposal.is_of_market() {
            pool.launch().require_queued_since(accounts.change.queued_at).into_program_error()?;
        }
        for exit in Pausable::ALL.into_iter().filter(|what| what.is_exit()) {
            pool.pause(exit).require_left_open(timelock, now).into_program_error()?;
        }
    }
    proposal.make(&mut accounts.market, accounts.pool.as_mut(), accounts.collateral.as_mut(), now)
}

impl ExecuteChange {
    /// Whether it gives a feed to a token whose price is unusable: that need not wait for holds, which it helps to end.
    fn replaces_dead_feed(&self, now: i64) -> Result<bool> {
        let Some(pool) = &self.pool else { return Ok(false) };
        let last = match (self.change.parameter()?.feed_of(), &self.collateral) {
            (Some(Scope::Pool), _) => pool.last_price,
            (Some(Scope::Collateral), Some(collateral)) => collateral.last_price,
            _ => return Ok(false),
        };
        Ok(last.memory().is_unusable(pool.hold_seconds(), now))
    }
}
