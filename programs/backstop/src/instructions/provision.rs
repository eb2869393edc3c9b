use {
    crate::{
        errors::{BackstopError, OrRefuse},
        events::Provisioned,
        state::{Obligation, Pool},
        valuation::{AccountWalk, Purpose, Valuation},
    },
    anchor_lang::{address_eq, prelude::*},
};

/// Marks, updates or releases an obligation's expected shortfall. The exit price of LPs and stakers moves with it at once.
///
/// Further accounts: the price accounts of the liquidity token, then for each collateral that the obligation holds, in the
/// order of its slots, the collateral and its price accounts. Price accounts of a token are one for its feed and, if it has a
/// second feed, one for that: a Pyth price update account of the feed, or the Switchboard feed itself.
///
/// Specification:
/// - anyone may call it
/// - the provision becomes what the debt exceeds the proceeds of the collateral by, at the prices of the further accounts, and
///   nothing for an obligation that cannot be liquidated
/// - an obligation that has no provision and needs none is refused
/// - so is one that borrowed or took collateral in this slot
/// - a missing or unusable price is an error, never a reading of "worthless"
#[derive(Accounts)]
pub struct Provision {
    /// The pool.
    #[account(mut)]
    pub pool: Account<Pool>,
    /// The obligation.
    #[account(mut, constraint = address_eq(&obligation.pool, pool.address()) @ BackstopError::WrongPool)]
    pub obligation: Account<Obligation>,
}

pub fn provision(ctx: &mut Context<Provision>) -> Result<()> {
    let prices = ctx.remaining_accounts()?;
    let accounts = &mut ctx.accounts;
    let (pool, obligation) = (&mut accounts.pool, &mut accounts.obligation);
    let clock = Clock::get()?;
    let now = clock.unix_timestamp;
    require!(obligation.may_be_provisioned(clock.slot), BackstopError::DefaultTooRecent);
    let totals = pool.accrued(now)?;
    let debt = totals.debt(obligation.debt()).or_refuse()?;
    let valuation = Valuation::of_obligation(
        pool,
        obligation,
        debt,
        Purpose::Liquidating,
        None,
        &mut AccountWalk::new(&prices),
        now,
    )?;
    let after = valuation.health.shortfall(debt, &valuation.debt_price).or_refuse()?.get();
    let before = obligation.provision;
    require!(before != 0 || after != 0, BackstopError::ObligationHealthy);

    pool.apply(&totals)?;
    pool.provision(before, after)?;
    obligation.provision = after;

    emit!(Provisioned {
        pool: *pool.address(),
        obligation: *obligation.address(),
        before,
        after,
        provisions: pool.provisions,
        state: pool.state(),
    });
    Ok(())
}
