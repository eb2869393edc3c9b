use {
    crate::{
        errors::BackstopError,
        state::{Collateral, Market, Parameter, Pool, Targets},
    },
    anchor_lang::{address_eq, prelude::*},
};

/// Changes a parameter at once, where that takes nothing from anyone: a change that tightens, or any change before the
/// pool opens.
///
/// Arguments:
/// - `parameter`: the parameter
/// - `value`: its new value, in 32 bytes: a number in little endian followed by zeros
///
/// Specification:
/// - the market's guardian or authority signs
/// - refused for a change that waits for the timelock (see `governance` in the engine); before the pool opens the
///   authority can make any change of the pool and its collaterals
/// - the parameters afterwards are within their bounds
/// - accrues interest first
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
