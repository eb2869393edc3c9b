use {
    crate::{
        errors::BackstopError,
        state::{Collateral, Market, Parameter, Pool, Targets},
    },
    anchor_lang::{address_eq, prelude::*},
};

/// Changes a parameter at once, where that can take nothing from anyone: because it tightens, or because the pool is not open yet.
///
/// Arguments:
/// - `parameter`: what is changed
/// - `value`: what it becomes, in 32 bytes: a number in little endian and zeros
///
/// Specification:
/// - the market's guardian or authority signs
/// - a change that must wait for the timelock is refused: see `governance` in the engine; none must of a pool that is not open yet and of its
///   collaterals, if the authority signs
/// - the parameters afterwards are within their bounds
/// - interest is counted first
#[derive(Accounts)]
pub struct Tighten {
    /// The guardian or the authority.
    pub signer: Signer,
    /// The market.
    #[account(mut, constraint = market.is_guarded_by(signer.address()) @ BackstopError::WrongGuardian)]
    pub market: Account<Market>,
    /// The pool.
    #[account(mut, constraint = address_eq(&pool.market, market.address()) @ BackstopError::WrongMarket)]
    pub pool: Account<Pool>,
    /// The collateral, for a parameter of one.
    #[account(mut)]
    pub collateral: Option<Account<Collateral>>,
}

pub fn tighten(ctx: &mut Context<Tighten>, parameter: Parameter, value: [u8; 32]) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    let targets =
        Targets { market: &accounts.market, pool: Some(&accounts.pool), collateral: accounts.collateral.as_ref() };
    let proposal = parameter.propose(&value, &targets)?;
    let by_authority = address_eq(accounts.signer.address(), &accounts.market.authority);
    let closed = !accounts.pool.launch().is_open() && !proposal.is_of_market();
    require!(!proposal.waits || (closed && by_authority), BackstopError::ChangeMustWait);
    proposal.make(&mut accounts.market, Some(&mut accounts.pool), accounts.collateral.as_mut(), now)
}
