//! Builds the instruction of an action, with all accounts.

use backstop_client::verb::{self, CollateralKey, Liquidator, PoolKey, PricedHolding, Prices};
use solana_address::Address;
use solana_instruction::Instruction;

use crate::{book::Book, plan::Action, wallet::Wallet};

/// Builds the instruction of an action. Returns nothing if the wallet lacks a token account for it.
pub fn instruction(action: &Action, book: &Book, wallet: &Wallet) -> Option<Instruction> {
    let pool = pool_key(book, wallet)?;
    match action {
        Action::Record { obligation, .. } => {
            Some(verb::record_bad_debt(&pool, *obligation, &prices(book, wallet, obligation)?))
        }
        Action::Liquidate(liquidate) => {
            let key = collateral_key(book, wallet, liquidate.collateral)?;
            let liquidator = Liquidator {
                owner: wallet.owner(),
                source: wallet.open(&pool.mint)?.address,
                destination: wallet.open(&key.mint)?.address,
            };
            let prices = prices(book, wallet, &liquidate.obligation)?;
            let (most, least) = (liquidate.max_repay.get(), liquidate.min_seized.get());
            Some(verb::liquidate(&pool, &key, liquidate.obligation, &liquidator, &prices, most, least))
        }
        Action::ReportPrice { token } => Some(verb::report_price(&pool, (*token != pool.pool).then_some(*token))),
        Action::Mark { obligation, .. } => Some(verb::mark(&pool, *obligation, &prices(book, wallet, obligation)?)),
        Action::Execute { owner, of_stake: false, .. } => Some(verb::execute_withdrawal(&pool, owner)),
        Action::Execute { owner, of_stake: true, .. } => Some(verb::execute_unstake(&pool, owner)),
        Action::ExtendHistory { holder } => Some(verb::extend_history(*holder, wallet.owner(), 1)),
        Action::RefreshRisk { collateral, .. } => {
            let price = book.price_accounts(&book.collateral(collateral)?.parameters.oracle);
            let liquidity = book.price_accounts(&book.pool().parameters.oracle);
            Some(verb::refresh_risk(&pool, *collateral, &liquidity, &price))
        }
    }
}

/// Returns the accounts that price an obligation.
fn prices(book: &Book, wallet: &Wallet, obligation: &Address) -> Option<Prices> {
    let holdings = book.row(obligation)?.holdings().map(|(index, _)| {
        let address = book.collateral_address(index)?;
        let price = book.price_accounts(&book.collateral(&address)?.parameters.oracle);
        Some(PricedHolding { key: collateral_key(book, wallet, address)?, price })
    });
    let liquidity = book.price_accounts(&book.pool().parameters.oracle);
    Some(Prices { liquidity, holdings: holdings.collect::<Option<_>>()? })
}

fn pool_key(book: &Book, wallet: &Wallet) -> Option<PoolKey> {
    let pool = book.pool();
    Some(PoolKey {
        market: pool.market,
        mint: pool.mint,
        pool: book.address(),
        vault: pool.vault,
        insurance_fund: pool.insurance_fund,
        loss_book: pool.loss_book,
        token_program: wallet.account(&pool.mint)?.program,
    })
}

fn collateral_key(book: &Book, wallet: &Wallet, address: Address) -> Option<CollateralKey> {
    let collateral = book.collateral(&address)?;
    let token_program = wallet.account(&collateral.mint)?.program;
    Some(CollateralKey { mint: collateral.mint, collateral: address, vault: collateral.vault, token_program })
}
