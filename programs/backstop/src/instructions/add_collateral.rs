use {
    crate::{
        constants::{ACCOUNT_VERSION, COLLATERAL_SEED, VAULT_SEED},
        errors::{BackstopError, IntoProgramError},
        events::CollateralAdded,
        state::{Collateral, CollateralParameters, Market, Pool},
        tokens::ListableMint,
        valuation::RemainingAccounts,
    },
    anchor_lang::prelude::*,
    anchor_spl::{
        token,
        token_interface::{TokenAccount, TokenInterface},
    },
    backstop_engine::{average::Average, risk::CollateralRisk},
};

/// Lists a token as collateral of a pool.
///
/// Arguments:
/// - `parameters`: its feeds, limits, bonus and cap
///
/// Further accounts: the price accounts of the collateral token. Each token has one price account for its feed and, if
/// it has a second feed, one for that: a Pyth price update of the feed, or the Switchboard feed itself.
///
/// Specification:
/// - only the authority of the pool's market signs
/// - a mint is listed once per pool
/// - the mint is of SPL Token, or of Token-2022 with extensions that are all [harmless](crate::tokens)
/// - the token program is the mint's own
/// - every parameter is within its bounds
/// - the prices must be usable: the average price starts with them
/// - if the pool is open, deposits of the collateral open after twice the market's timelock plus the longest pause of
///   exits; so exits were open for a whole timelock before
#[derive(Accounts)]
pub struct AddCollateral {
    /// The market's authority.
    #[account(address = market.authority @ BackstopError::WrongAuthority)]
    pub authority: Signer,
    /// Pays the rent.
    #[account(mut, unsafe(dup))] // may also be another signer
    pub payer: Signer,
    /// The market.
    #[account(address = pool.market @ BackstopError::WrongMarket)]
    pub market: Account<Market>,
    /// The pool.
    pub pool: Account<Pool>,
    /// The collateral token's mint.
    pub mint: InterfaceAccount<ListableMint>,
    /// The new collateral.
    #[account(
        init,
        payer = payer,
        seeds = [COLLATERAL_SEED, pool.address().as_ref(), mint.address().as_ref()],
        bump
    )]
    pub collateral: Account<Collateral>,
    /// The collateral's new vault.
    #[account(
        init,
        payer = payer,
        seeds = [VAULT_SEED, collateral.address().as_ref()],
        bump,
        token::mint = mint,
        token::authority = collateral,
        token::token_program = token_program
    )]
    pub vault: InterfaceAccount<TokenAccount>,
    /// The mint's token program.
    pub token_program: Interface<'static, TokenInterface>,
    /// The system program.
    pub system_program: Program<System>,
}

pub fn add_collateral(ctx: &mut Context<AddCollateral>, parameters: CollateralParameters) -> Result<()> {
    let prices = ctx.remaining_accounts()?;
    let accounts = &mut ctx.accounts;
    parameters.validate()?;

    let now = Clock::get()?.unix_timestamp;
    let reading = parameters.oracle.read(&mut RemainingAccounts::new(&prices), now)?;

    let (market, pool, collateral) = (&accounts.market, &accounts.pool, &mut accounts.collateral);
    (collateral.pool, collateral.mint) = (*pool.address(), *accounts.mint.address());
    (collateral.vault, collateral.decimals) = (*accounts.vault.address(), accounts.mint.decimals());
    (collateral.version, collateral.bump) = (ACCOUNT_VERSION, ctx.bumps.collateral);
    collateral.parameters = parameters;
    collateral.average = Average::begun(reading.quote.value().into_program_error()?, now).into();
    collateral.last_price.remember(&reading);
    collateral.store_risk(&CollateralRisk::at_rest(&parameters.terms(), now));
    collateral.opens_at = pool.launch().collateral_opens_at(market.timelock_seconds, now);

    let collateral = &accounts.collateral;
    emit!(CollateralAdded {
        pool: collateral.pool,
        collateral: *collateral.address(),
        mint: *accounts.mint.address(),
        opens_at: collateral.opens_at,
    });
    Ok(())
}
