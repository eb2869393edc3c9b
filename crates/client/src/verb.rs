//! Every instruction with its accounts resolved. Amounts are in base units; [`ALL`] means everything.

use solana_address::{Address, address};
use solana_instruction::{AccountMeta, Instruction};

use crate::{CollateralParameters, PoolParameters, address, instruction};

mod governance;

pub use governance::*;

/// As an amount: all there is.
pub const ALL: u64 = u64::MAX;
/// By how many losses a loss book can be extended at once.
pub const MORE_RECORDS: u32 = 75;
/// How many rows a history can be extended by at once.
pub const MORE_ROWS: u32 = 256;
/// The SPL Token program.
pub const TOKEN_PROGRAM: Address = address!("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");
/// The Token-2022 program.
pub const TOKEN_2022_PROGRAM: Address = address!("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");
/// The system program.
pub const SYSTEM_PROGRAM: Address = address!("11111111111111111111111111111111");

/// A pool's address with those of the accounts that belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolKey {
    /// The market.
    pub market: Address,
    /// The liquidity mint.
    pub mint: Address,
    /// The pool.
    pub pool: Address,
    /// Its vault.
    pub vault: Address,
    /// Its insurance fund.
    pub insurance_fund: Address,
    /// Its loss book.
    pub loss_book: Address,
    /// The mint's token program.
    pub token_program: Address,
}

impl PoolKey {
    /// The pool of an SPL Token mint in a market.
    pub fn new(market: Address, mint: Address) -> Self {
        let pool = address::pool(&market, &mint);
        let insurance_fund = address::insurance_fund(&pool);
        Self {
            market,
            mint,
            pool,
            vault: address::vault(&pool),
            insurance_fund,
            loss_book: address::loss_book(&pool),
            token_program: TOKEN_PROGRAM,
        }
    }

    /// The same pool if its mint belongs to this token program.
    pub fn with_token_program(self, token_program: Address) -> Self {
        Self { token_program, ..self }
    }
}

/// A collateral's address with those of the accounts that belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollateralKey {
    /// The collateral mint.
    pub mint: Address,
    /// The collateral.
    pub collateral: Address,
    /// Its vault.
    pub vault: Address,
    /// The mint's token program.
    pub token_program: Address,
}

impl CollateralKey {
    /// The collateral of an SPL Token mint in a pool.
    pub fn new(pool: &Address, mint: Address) -> Self {
        let collateral = address::collateral(pool, &mint);
        Self { mint, collateral, vault: address::vault(&collateral), token_program: TOKEN_PROGRAM }
    }

    /// The same collateral if its mint belongs to this token program.
    pub fn with_token_program(self, token_program: Address) -> Self {
        Self { token_program, ..self }
    }
}

/// A collateral that an obligation holds, and the account with its price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PricedHolding {
    /// The collateral.
    pub key: CollateralKey,
    /// Its price.
    pub price: PriceAccounts,
}

/// The accounts with a token's price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PriceAccounts {
    /// Of its primary feed: a Pyth price update of it, or a Switchboard feed.
    pub first: Address,
    /// Of its second feed, if it has one.
    pub second: Option<Address>,
}

impl From<Address> for PriceAccounts {
    fn from(first: Address) -> Self {
        Self { first, second: None }
    }
}

impl PriceAccounts {
    /// Both, or the one that there is.
    pub fn all(&self) -> impl Iterator<Item = Address> {
        core::iter::once(self.first).chain(self.second)
    }

    fn metas(&self) -> impl Iterator<Item = AccountMeta> {
        self.all().map(readonly)
    }
}

/// The accounts that price an obligation: the liquidity token's price and all holdings, in the obligation's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prices {
    /// The liquidity token's price.
    pub liquidity: PriceAccounts,
    /// What the obligation holds.
    pub holdings: Vec<PricedHolding>,
}

impl Prices {
    /// The accounts in the order of the instruction; a collateral that it declares itself is left out.
    fn metas(&self, declared: Option<&Address>) -> Vec<AccountMeta> {
        let mut metas: Vec<_> = self.liquidity.metas().collect();
        for holding in &self.holdings {
            if declared != Some(&holding.key.collateral) {
                metas.push(AccountMeta::new(holding.key.collateral, false));
            }
            metas.extend(holding.price.metas());
        }
        metas
    }
}

fn readonly(address: Address) -> AccountMeta {
    AccountMeta::new_readonly(address, false)
}

fn with(mut instruction: Instruction, accounts: Vec<AccountMeta>) -> Instruction {
    instruction.accounts.extend(accounts);
    instruction
}

/// Who a market is in the roles of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarketRoles {
    /// The authority.
    pub authority: Address,
    /// The guardian.
    pub guardian: Address,
    /// Who owns the token accounts that reserves are paid to.
    pub treasury: Address,
    /// How long, in seconds, what loosens must wait.
    pub timelock_seconds: u32,
}

/// Creates the authority's market of an id.
pub fn create_market(roles: &MarketRoles, payer: Address, id: u64) -> Instruction {
    let (authority, market) = (roles.authority, address::market(&roles.authority, id));
    let accounts = instruction::CreateMarket { authority, payer, market, system_program: SYSTEM_PROGRAM };
    instruction::create_market(accounts, id, roles.guardian, roles.treasury, roles.timelock_seconds)
}

/// Creates a pool and its insurance fund, closed. `price` is the liquidity token's.
pub fn create_pool(
    key: &PoolKey,
    authority: Address,
    payer: Address,
    price: &PriceAccounts,
    parameters: PoolParameters,
) -> Instruction {
    let accounts = instruction::CreatePool {
        authority,
        payer,
        market: key.market,
        mint: key.mint,
        pool: key.pool,
        vault: key.vault,
        insurance_fund: key.insurance_fund,
        loss_book: key.loss_book,
        token_program: key.token_program,
        system_program: SYSTEM_PROGRAM,
    };
    with(instruction::create_pool(accounts, parameters), price.metas().collect())
}

/// Lists a collateral. `price` is its own.
pub fn add_collateral(
    pool: &PoolKey,
    key: &CollateralKey,
    authority: Address,
    payer: Address,
    price: &PriceAccounts,
    parameters: CollateralParameters,
) -> Instruction {
    let accounts = instruction::AddCollateral {
        authority,
        payer,
        market: pool.market,
        pool: pool.pool,
        mint: key.mint,
        collateral: key.collateral,
        vault: key.vault,
        token_program: key.token_program,
        system_program: SYSTEM_PROGRAM,
    };
    with(instruction::add_collateral(accounts, parameters), price.metas().collect())
}

/// Opens a pool, and founds its insurance fund with a donation of `assets` from `source`.
pub fn open_pool(key: &PoolKey, authority: Address, source: Address, assets: u64) -> Instruction {
    let accounts = instruction::OpenPool {
        authority,
        market: key.market,
        pool: key.pool,
        insurance_fund: key.insurance_fund,
        vault: key.vault,
        source,
        mint: key.mint,
        token_program: key.token_program,
    };
    instruction::open_pool(accounts, assets)
}

/// Opens an owner's LP position.
pub fn open_position(key: &PoolKey, owner: Address, payer: Address) -> Instruction {
    instruction::open_position(instruction::OpenPosition {
        owner,
        payer,
        pool: key.pool,
        position: address::position(&key.pool, &owner),
        system_program: SYSTEM_PROGRAM,
    })
}

/// Opens an owner's obligation.
pub fn open_obligation(key: &PoolKey, owner: Address, payer: Address) -> Instruction {
    instruction::open_obligation(instruction::OpenObligation {
        owner,
        payer,
        pool: key.pool,
        obligation: address::obligation(&key.pool, &owner),
        system_program: SYSTEM_PROGRAM,
    })
}

/// Pays at most `max_assets` from `source` for at least `min_shares`.
pub fn deposit(key: &PoolKey, owner: Address, source: Address, max_assets: u64, min_shares: u64) -> Instruction {
    let accounts = instruction::Deposit {
        owner,
        pool: key.pool,
        position: address::position(&key.pool, &owner),
        vault: key.vault,
        source,
        mint: key.mint,
        token_program: key.token_program,
    };
    instruction::deposit(accounts, max_assets, min_shares)
}

/// Burns `shares` for at least `min_assets`, paid to `destination`, where no notice is due.
pub fn withdraw(key: &PoolKey, owner: Address, destination: Address, shares: u64, min_assets: u64) -> Instruction {
    let accounts = instruction::Withdraw {
        owner,
        pool: key.pool,
        position: address::position(&key.pool, &owner),
        vault: key.vault,
        destination,
        mint: key.mint,
        token_program: key.token_program,
    };
    instruction::withdraw(accounts, shares, min_assets)
}

/// Executes the matured request of an owner to withdraw.
pub fn execute_withdrawal(key: &PoolKey, owner: &Address) -> Instruction {
    let position = address::position(&key.pool, owner);
    instruction::execute_withdrawal(instruction::ExecuteWithdrawal { pool: key.pool, position })
}

/// Pays an LP or a staker, whose position or stake is `holder`, what executed requests left, to `destination`.
pub fn collect(key: &PoolKey, holder: Address, owner: Address, destination: Address) -> Instruction {
    instruction::collect(instruction::Collect {
        owner,
        pool: key.pool,
        holder,
        vault: key.vault,
        destination,
        mint: key.mint,
        token_program: key.token_program,
    })
}

/// Makes room for `rows` more rows in the history of a position or a stake. Anyone may pay.
pub fn extend_history(holder: Address, payer: Address, rows: u32) -> Instruction {
    let accounts = instruction::ExtendHistory { payer, holder, system_program: SYSTEM_PROGRAM };
    instruction::extend_history(accounts, rows)
}

/// Gives up the rows of losses up to the number `through` in the history of the owner's position or stake.
pub fn trim_history(holder: Address, owner: Address, through: u32) -> Instruction {
    instruction::trim_history(instruction::TrimHistory { owner, holder }, through)
}

/// Pays collateral from `source` into an obligation.
pub fn deposit_collateral(
    key: &CollateralKey,
    obligation: Address,
    payer: Address,
    source: Address,
    units: u64,
) -> Instruction {
    let accounts = instruction::DepositCollateral {
        payer,
        obligation,
        collateral: key.collateral,
        vault: key.vault,
        source,
        mint: key.mint,
        token_program: key.token_program,
    };
    instruction::deposit_collateral(accounts, units)
}

/// The same with the collateral's price, which it takes where the obligation is in debt.
pub fn deposit_collateral_priced(
    key: &CollateralKey,
    obligation: Address,
    payer: Address,
    source: Address,
    price: &PriceAccounts,
    units: u64,
) -> Instruction {
    with(deposit_collateral(key, obligation, payer, source, units), price.metas().collect())
}

/// Takes collateral out of the owner's obligation. `prices` (all holdings that stay, in order) are needed with debt
/// only, also if it was written off and is not recovered.
pub fn withdraw_collateral(
    pool: &PoolKey,
    key: &CollateralKey,
    owner: Address,
    destination: Address,
    prices: Option<&Prices>,
    units: u64,
) -> Instruction {
    let accounts = instruction::WithdrawCollateral {
        owner,
        pool: pool.pool,
        obligation: address::obligation(&pool.pool, &owner),
        collateral: key.collateral,
        vault: key.vault,
        destination,
        mint: key.mint,
        token_program: key.token_program,
    };
    let metas = prices.map(|prices| prices.metas(Some(&key.collateral))).unwrap_or_default();
    with(instruction::withdraw_collateral(accounts, units), metas)
}

/// Borrows `assets` to `destination`.
pub fn borrow(key: &PoolKey, owner: Address, destination: Address, prices: &Prices, assets: u64) -> Instruction {
    let accounts = instruction::Borrow {
        owner,
        pool: key.pool,
        obligation: address::obligation(&key.pool, &owner),
        vault: key.vault,
        destination,
        mint: key.mint,
        token_program: key.token_program,
    };
    with(instruction::borrow(accounts, assets), prices.metas(None))
}

/// Pays at most `max_assets` of an obligation's debt, then towards what was written off of it.
pub fn repay(key: &PoolKey, obligation: Address, payer: Address, source: Address, max_assets: u64) -> Instruction {
    let accounts = instruction::Repay {
        payer,
        pool: key.pool,
        obligation,
        insurance_fund: key.insurance_fund,
        loss_book: key.loss_book,
        vault: key.vault,
        source,
        mint: key.mint,
        token_program: key.token_program,
    };
    instruction::repay(accounts, max_assets)
}

/// Counts interest.
pub fn accrue(key: &PoolKey) -> Instruction {
    instruction::accrue(instruction::Accrue { pool: key.pool })
}

/// Who liquidates, out of and into which token accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Liquidator {
    /// Signs.
    pub owner: Address,
    /// Pays liquidity.
    pub source: Address,
    /// Receives collateral.
    pub destination: Address,
}

/// Repays at most `max_repay` of an obligation's debt for at least `min_seized` of a collateral.
pub fn liquidate(
    pool: &PoolKey,
    key: &CollateralKey,
    obligation: Address,
    liquidator: &Liquidator,
    prices: &Prices,
    max_repay: u64,
    min_seized: u64,
) -> Instruction {
    let accounts = instruction::Liquidate {
        liquidator: liquidator.owner,
        pool: pool.pool,
        obligation,
        insurance_fund: pool.insurance_fund,
        loss_book: pool.loss_book,
        collateral: key.collateral,
        vault: pool.vault,
        collateral_vault: key.vault,
        source: liquidator.source,
        destination: liquidator.destination,
        mint: pool.mint,
        collateral_mint: key.mint,
        token_program: pool.token_program,
        collateral_token_program: key.token_program,
    };
    with(instruction::liquidate(accounts, max_repay, min_seized), prices.metas(Some(&key.collateral)))
}

/// Records what an obligation's collateral does not cover of its debt as a loss, or settles its mark.
pub fn record_bad_debt(pool: &PoolKey, obligation: Address, prices: &Prices) -> Instruction {
    let instruction = instruction::record_bad_debt(instruction::RecordBadDebt {
        pool: pool.pool,
        obligation,
        insurance_fund: pool.insurance_fund,
        loss_book: pool.loss_book,
    });
    if prices.holdings.is_empty() { instruction } else { with(instruction, prices.metas(None)) }
}

/// Gives to the insurance fund.
pub fn fund_insurance(key: &PoolKey, donor: Address, source: Address, assets: u64) -> Instruction {
    let accounts = instruction::FundInsurance {
        donor,
        pool: key.pool,
        insurance_fund: key.insurance_fund,
        vault: key.vault,
        source,
        mint: key.mint,
        token_program: key.token_program,
    };
    instruction::fund_insurance(accounts, assets)
}

/// Marks what an obligation is known to leave unpaid.
pub fn mark(pool: &PoolKey, obligation: Address, prices: &Prices) -> Instruction {
    let accounts = instruction::Mark { pool: pool.pool, obligation, insurance_fund: pool.insurance_fund };
    with(instruction::mark(accounts), prices.metas(None))
}

/// Says that a collateral, or without one the liquidity token, has no usable price.
pub fn report_price(pool: &PoolKey, collateral: Option<Address>) -> Instruction {
    instruction::report_price(instruction::ReportPrice { pool: pool.pool, collateral })
}

/// Opens the account that remembers what a position or a stake claims of a loss.
pub fn open_claim(holder: Address, payer: Address, loss: u32) -> Instruction {
    let claim = address::claim(&holder, loss);
    let accounts = instruction::OpenClaim { holder, payer, claim, system_program: SYSTEM_PROGRAM };
    instruction::open_claim(accounts, loss)
}

/// Pays an LP what was recovered of a loss, at least `min_assets`, to `destination`.
pub fn claim_recovery(key: &PoolKey, owner: Address, destination: Address, loss: u32, min_assets: u64) -> Instruction {
    let position = address::position(&key.pool, &owner);
    let accounts = instruction::ClaimRecovery {
        owner,
        pool: key.pool,
        loss_book: key.loss_book,
        position,
        claim: address::claim(&position, loss),
        vault: key.vault,
        destination,
        mint: key.mint,
        token_program: key.token_program,
    };
    instruction::claim_recovery(accounts, min_assets)
}

/// Makes room for 256 losses in the loss book of a pool that is just created, which begins with 64.
pub fn make_room_for_losses(key: &PoolKey, payer: Address) -> [Instruction; 3] {
    const REST: u32 = 256 - 64 - 2 * MORE_RECORDS;
    [MORE_RECORDS, MORE_RECORDS, REST].map(|records| extend_loss_book(key, payer, records))
}

/// Makes room for more losses in the loss book, at most [`MORE_RECORDS`] at once.
pub fn extend_loss_book(key: &PoolKey, payer: Address, records: u32) -> Instruction {
    let accounts =
        instruction::ExtendLossBook { payer, pool: key.pool, loss_book: key.loss_book, system_program: SYSTEM_PROGRAM };
    instruction::extend_loss_book(accounts, records)
}

/// Gives LP shares to another owner's position. Both sign.
pub fn transfer_shares(key: &PoolKey, owner: Address, to: Address, shares: u64) -> Instruction {
    let accounts = instruction::TransferShares {
        owner,
        pool: key.pool,
        position: address::position(&key.pool, &owner),
        receiver: to,
        recipient: address::position(&key.pool, &to),
    };
    instruction::transfer_shares(accounts, shares)
}

/// Asks to withdraw shares.
pub fn request_withdrawal(key: &PoolKey, owner: Address, shares: u64) -> Instruction {
    let position = address::position(&key.pool, &owner);
    instruction::request_withdrawal(instruction::RequestWithdrawal { owner, pool: key.pool, position }, shares)
}

/// Opens an owner's insurance stake.
pub fn open_stake(key: &PoolKey, owner: Address, payer: Address) -> Instruction {
    instruction::open_stake(instruction::OpenStake {
        owner,
        payer,
        insurance_fund: key.insurance_fund,
        stake: address::stake(&key.insurance_fund, &owner),
        system_program: SYSTEM_PROGRAM,
    })
}

/// Pays at most `max_assets` from `source` into the insurance fund for at least `min_shares`.
pub fn stake(key: &PoolKey, owner: Address, source: Address, max_assets: u64, min_shares: u64) -> Instruction {
    let accounts = instruction::Stake {
        owner,
        pool: key.pool,
        insurance_fund: key.insurance_fund,
        stake: address::stake(&key.insurance_fund, &owner),
        vault: key.vault,
        source,
        mint: key.mint,
        token_program: key.token_program,
    };
    instruction::stake(accounts, max_assets, min_shares)
}

/// Asks to leave the insurance fund with these shares.
pub fn request_unstake(key: &PoolKey, owner: Address, shares: u64) -> Instruction {
    let accounts = instruction::RequestUnstake {
        owner,
        pool: key.pool,
        insurance_fund: key.insurance_fund,
        stake: address::stake(&key.insurance_fund, &owner),
    };
    instruction::request_unstake(accounts, shares)
}

/// Executes the matured request of an owner to leave the insurance fund.
pub fn execute_unstake(key: &PoolKey, owner: &Address) -> Instruction {
    instruction::execute_unstake(instruction::ExecuteUnstake {
        pool: key.pool,
        insurance_fund: key.insurance_fund,
        stake: address::stake(&key.insurance_fund, owner),
    })
}

/// Gives a staker its part of the shares that came back of a loss.
pub fn claim_stake_recovery(key: &PoolKey, owner: Address, loss: u32) -> Instruction {
    let stake = address::stake(&key.insurance_fund, &owner);
    let accounts = instruction::ClaimStakeRecovery {
        owner,
        insurance_fund: key.insurance_fund,
        loss_book: key.loss_book,
        stake,
        claim: address::claim(&stake, loss),
    };
    instruction::claim_stake_recovery(accounts)
}

/// Heads limits and parts for where risk puts them. The prices are the liquidity token's and the collateral's.
pub fn refresh_risk(
    pool: &PoolKey,
    collateral: Address,
    liquidity_price: &PriceAccounts,
    price: &PriceAccounts,
) -> Instruction {
    let accounts = instruction::RefreshRisk { pool: pool.pool, collateral, insurance_fund: pool.insurance_fund };
    with(instruction::refresh_risk(accounts), liquidity_price.metas().chain(price.metas()).collect())
}
