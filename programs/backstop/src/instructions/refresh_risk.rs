use {
    crate::{
        errors::{BackstopError, IntoProgramError},
        events::RiskRefreshed,
        state::{Collateral, InsuranceFund, Pool},
        valuation::RemainingAccounts,
    },
    anchor_lang::{address_eq, prelude::*},
    backstop_engine::{average::Average, quantity::Assets, risk::Ramp},
};

/// Updates the risk targets of a collateral's limits and of the pool's insurance factor and loss-sharing ratio.
/// Observes the prices of the liquidity token and of the collateral.
///
/// Further accounts: the price accounts of the liquidity token, then those of the collateral token. Each token has one
/// price account for its feed and, if it has a second feed, one for that: a Pyth price update of the feed, or the
/// Switchboard feed itself.
///
/// Specification:
/// - anyone can call it, at any time; equal accounts and time give an equal outcome
/// - accrues interest first, at the insurance factor that applied until now
/// - reads averages of utilisation and debt, so a momentary state moves nothing
/// - moves no limit of the collateral now: limits ramp from their present value, at most one step a day
/// - the insurance factor and the loss-sharing ratio move by the time since the last refresh, at most one day's step;
///   the loss-sharing ratio does not move during a hold
/// - an unusable price is an error, and nothing changes
#[derive(Accounts)]
pub struct RefreshRisk {
    /// The pool.
    #[account(mut)]
    pub pool: Account<Pool>,
    /// The collateral.
    #[account(mut, constraint = address_eq(&collateral.pool, pool.address()) @ BackstopError::WrongPool)]
    pub collateral: Account<Collateral>,
    /// The pool's insurance fund.
    #[account(address = pool.insurance_fund @ BackstopError::WrongInsuranceFund)]
    pub insurance_fund: Account<InsuranceFund>,
}

pub fn refresh_risk(ctx: &mut Context<RefreshRisk>) -> Result<()> {
    let prices = ctx.remaining_accounts()?;
    let accounts = &mut ctx.accounts;
    let (pool, collateral) = (&mut accounts.pool, &mut accounts.collateral);
    let now = Clock::get()?.unix_timestamp;
    let walk = &mut RemainingAccounts::new(&prices);
    let (debt_quote, _) = pool.read_price(walk, now)?;
    let (quote, _) = collateral.read_price(walk, now)?;

    let totals = pool.count_interest(now)?;
    let horizon = pool.parameters.risk.average_seconds;
    let debt_average = Average::from(&pool.average)
        .observe(debt_quote.value().into_program_error()?, horizon, now)
        .into_program_error()?;
    let average = Average::from(&collateral.average)
        .observe(quote.value().into_program_error()?, horizon, now)
        .into_program_error()?;
    (pool.average, collateral.average) = (debt_average.into(), average.into());

    let (pool_terms, terms) = (pool.parameters.risk_terms(), collateral.parameters.terms());
    let before = pool.risk();
    let losses = before.losses_at(Assets::new(pool.lost), pool_terms.window_seconds, now).into_program_error()?;
    let (fund, _) = accounts.insurance_fund.fund().settled(&totals).into_program_error()?;
    let stress = pool_terms.stress(&totals.usage, fund.all(), losses.count).into_program_error()?;
    let volatility = terms.volatility(&average, &debt_average);
    let after = before.refresh(&pool_terms, &stress, &losses, pool.on_hold() != 0, now);
    let limits = collateral.risk().refresh(&terms, &stress, volatility, now);
    pool.store_risk(&after);
    collateral.store_risk(&limits);

    let (max_ltv, threshold) = limits.limits(now);
    let floor = |gauge: Ramp| u64::from(gauge.floor().get());
    emit!(RiskRefreshed {
        pool: *pool.address(),
        collateral: *collateral.address(),
        average_price: average.price.get().into(),
        deviation: average.deviation_with(&debt_average),
        volatility_stress_bps: volatility.get().into(),
        utilisation_stress_bps: stress.utilisation.get().into(),
        loss_stress_bps: stress.losses.get().into(),
        coverage_stress_bps: stress.coverage.get().into(),
        max_ltv_bps: max_ltv.get().into(),
        max_ltv_target_bps: limits.max_ltv.target.into(),
        threshold_bps: threshold.get().into(),
        threshold_target_bps: limits.threshold.target.into(),
        insurance_factor_before_bps: floor(before.insurance_factor),
        insurance_factor_bps: floor(after.insurance_factor),
        insurance_factor_target_bps: after.insurance_factor.target.into(),
        insurance_share_before_bps: floor(before.insurance_share),
        insurance_share_bps: floor(after.insurance_share),
        insurance_share_target_bps: after.insurance_share.target.into(),
        state: pool.state(),
    });
    Ok(())
}
