use {
    crate::{
        constants::{ACCOUNT_VERSION, FIRST_RECORDS, INSURANCE_SEED, LOSSES_SEED, POOL_SEED, VAULT_SEED},
        errors::{BackstopError, IntoProgramError},
        events::PoolCreated,
        state::{Book, InsuranceFund, Market, Pool, PoolParameters},
        tokens::ListableMint,
        valuation::RemainingAccounts,
    },
    anchor_lang::prelude::*,
    anchor_spl::{
        token,
        token_interface::{TokenAccount, TokenInterface},
    },
    backstop_engine::{average::Average, pool::Totals, risk::PoolRisk},
};

/// Creates a pool with its insurance fund and its loss book, all empty. The pool is closed until the market's authority
/// opens it.
///
/// Arguments:
/// - `parameters`: its feeds, and everything that governance can change later
///
/// Further accounts: the price accounts of the liquidity token. Each token has one price account for its feed and, if
/// it has a second feed, one for that: a Pyth price update of the feed, or the Switchboard feed itself.
///
/// Specification:
/// - only the market's authority signs
/// - one pool per market and mint
/// - the mint is of SPL Token, or of Token-2022 with extensions that are all [harmless](crate::tokens)
/// - the token program is the mint's own
/// - every parameter is within its bounds
/// - the prices must be usable: the average price starts with them
#[derive(Accounts)]
pub struct CreatePool {
    /// The market's authority.
    #[account(address = market.authority @ BackstopError::WrongAuthority)]
    pub authority: Signer,
    /// Pays the rent.
    #[account(mut, unsafe(dup))] // may also be another signer
    pub payer: Signer,
    /// The market.
    pub market: Account<Market>,
    /// The liquidity token's mint.
    pub mint: InterfaceAccount<ListableMint>,
    /// The new pool.
    #[account(
        init,
        payer = payer,
        seeds = [POOL_SEED, market.address().as_ref(), mint.address().as_ref()],
        bump
    )]
    pub pool: Account<Pool>,
    /// The pool's new vault.
    #[account(
        init,
        payer = payer,
        seeds = [VAULT_SEED, pool.address().as_ref()],
        bump,
        token::mint = mint,
        token::authority = pool,
        token::token_program = token_program
    )]
    pub vault: InterfaceAccount<TokenAccount>,
    /// The new insurance fund.
    #[account(init, payer = payer, seeds = [INSURANCE_SEED, pool.address().as_ref()], bump)]
    pub insurance_fund: Account<InsuranceFund>,
    /// The new loss book.
    #[account(
        init,
        payer = payer,
        space = Book::space_for(FIRST_RECORDS),
        seeds = [LOSSES_SEED, pool.address().as_ref()],
        bump
    )]
    pub loss_book: Book,
    /// The mint's token program.
    pub token_program: Interface<'static, TokenInterface>,
    /// The system program.
    pub system_program: Program<System>,
}

pub fn create_pool(ctx: &mut Context<CreatePool>, parameters: PoolParameters) -> Result<()> {
    let prices = ctx.remaining_accounts()?;
    let accounts = &mut ctx.accounts;
    parameters.validate()?;
    let now = Clock::get()?.unix_timestamp;
    let reading = parameters.oracle.read(&mut RemainingAccounts::new(&prices), now)?;

    let fund = &mut accounts.insurance_fund;
    fund.pool = *accounts.pool.address();
    (fund.version, fund.bump) = (ACCOUNT_VERSION, ctx.bumps.insurance_fund);

    let book = &mut accounts.loss_book;
    (book.pool, book.room) = (*accounts.pool.address(), FIRST_RECORDS);
    (book.version, book.bump) = (ACCOUNT_VERSION, ctx.bumps.loss_book);

    let pool = &mut accounts.pool;
    (pool.market, pool.mint) = (*accounts.market.address(), *accounts.mint.address());
    (pool.vault, pool.insurance_fund) = (*accounts.vault.address(), *accounts.insurance_fund.address());
    pool.loss_book = *accounts.loss_book.address();
    (pool.parameters, pool.decimals) = (parameters, accounts.mint.decimals());
    (pool.version, pool.bump) = (ACCOUNT_VERSION, ctx.bumps.pool);
    pool.average = Average::begun(reading.quote.value().into_program_error()?, now).into();
    pool.last_price.remember(&reading);
    pool.store_risk(&PoolRisk::at_rest(&parameters.risk_terms(), now));
    pool.apply(&Totals::empty(now))?;

    emit!(PoolCreated { market: pool.market, pool: *accounts.pool.address(), mint: *accounts.mint.address() });
    Ok(())
}
