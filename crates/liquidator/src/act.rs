//! Doing what was planned: an action becomes a transaction, and what the chain says to it becomes an outcome.

use std::{sync::Arc, time::Duration};

use backstop_client::{
    BackstopError,
    rpc::{Cluster, Landed, Refusal, SendError, Sender, Simulated},
    verb::{self, CollateralKey, Liquidator, PoolKey, PricedHolding, Prices},
};
use solana_address::Address;
use solana_instruction::Instruction;

use crate::{
    book::{Book, Received},
    plan::Action,
    wallet::Wallet,
};

/// Why an action was not done, as far as it matters for what to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setback {
    /// Someone was faster, or prices or debts have moved: there is nothing to do any more, or something else.
    Overtaken,
    /// A price cannot be used: the next update may bring a better one.
    PriceUnusable,
    /// The debt changed too recently: a later slot will do.
    TooRecent,
    /// It does not fit into a transaction without an address lookup table.
    TooLarge,
    /// The bot lacks SOL or tokens for it.
    Unaffordable,
    /// The node or the cluster failed; nothing was done.
    Unreachable,
    /// It was sent and may yet land: it must not be sent again before it can no longer.
    Undecided,
    /// Anything else: a person should look.
    Unexpected,
}

impl Setback {
    /// What an error means.
    pub fn new(error: &SendError) -> Self {
        match error {
            SendError::Refused { refusal, .. } => Self::of_refusal(refusal),
            SendError::TooLarge { .. } => Self::TooLarge,
            SendError::Unreachable { .. } | SendError::Expired { .. } | SendError::Rejected { .. } => Self::Unreachable,
            SendError::Undecided { .. } => Self::Undecided,
            _ => Self::Unexpected,
        }
    }

    fn of_refusal(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::Backstop { error, .. } => Self::of_program(*error),
            Refusal::Fee => Self::Unaffordable,
            Refusal::Program { program, .. } if [verb::TOKEN_PROGRAM, verb::TOKEN_2022_PROGRAM].contains(program) => {
                Self::Unaffordable
            }
            refusal if !refusal.is_final() => Self::Unreachable,
            _ => Self::Unexpected,
        }
    }

    const fn of_program(error: BackstopError) -> Self {
        use BackstopError::{
            AmountTooSmall, CollateralRemains, DebtBelowMinimum, DefaultTooRecent, InsufficientCollateral,
            InvalidPrice, InvalidPriceAccount, MissingPrice, NoDebt, ObligationHealthy, PriceFromFuture,
            PriceUncertain, PricesDisagree, SlippageExceeded, StalePrice, TooFewSamples, WrongCollateral, WrongFeed,
        };
        match error {
            // The last three say that the obligation holds other collaterals than the book knew of.
            ObligationHealthy
            | NoDebt
            | CollateralRemains
            | SlippageExceeded
            | AmountTooSmall
            | DebtBelowMinimum
            | InsufficientCollateral
            | WrongCollateral
            | MissingPrice => Self::Overtaken,
            StalePrice | PriceFromFuture | InvalidPrice | InvalidPriceAccount | PriceUncertain | PricesDisagree
            | TooFewSamples | WrongFeed => Self::PriceUnusable,
            DefaultTooRecent => Self::TooRecent,
            _ => Self::Unexpected,
        }
    }

    /// Its name, as logs and metrics have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Overtaken => "overtaken",
            Self::PriceUnusable => "price_unusable",
            Self::TooRecent => "too_recent",
            Self::TooLarge => "too_large",
            Self::Unaffordable => "unaffordable",
            Self::Unreachable => "unreachable",
            Self::Undecided => "undecided",
            Self::Unexpected => "unexpected",
        }
    }

    /// For how long to leave its obligation alone.
    pub const fn pause(self) -> Duration {
        Duration::from_secs(match self {
            Self::Overtaken | Self::TooRecent | Self::PriceUnusable => 2,
            Self::Unreachable => 5,
            Self::Unaffordable | Self::Unexpected => 30,
            // A blockhash is good for 150 slots, a minute or a little more.
            Self::Undecided => 120,
            Self::TooLarge => 600,
        })
    }
}

/// How an action ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It landed.
    Landed(Landed),
    /// It would have been done: this is a dry run.
    DryRun(Simulated),
    /// It was not done.
    Failed(Setback, Arc<SendError>),
}

impl Outcome {
    /// Its name, as logs and metrics have it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Landed(_) => "landed",
            Self::DryRun(_) => "dry_run",
            Self::Failed(setback, _) => setback.name(),
        }
    }
}

/// The instruction of an action; nothing if the book or the wallet no longer knows what it names.
pub fn instruction(action: &Action, book: &Book, wallet: &Wallet) -> Option<Instruction> {
    let pool = pool_key(book, wallet)?;
    match action {
        Action::Record { obligation, .. } => {
            let prices = prices(book, wallet, obligation)?;
            let destinations: Option<Vec<_>> =
                prices.holdings.iter().map(|held| Some(wallet.account(&held.key.mint)?.address)).collect();
            Some(verb::record_bad_debt(&pool, *obligation, &prices, &destinations?))
        }
        Action::Liquidate(liquidate) => {
            let key = collateral_key(book, wallet, liquidate.collateral)?;
            let liquidator = Liquidator {
                owner: wallet.owner(),
                source: wallet.account(&pool.mint)?.address,
                destination: wallet.account(&key.mint)?.address,
            };
            let prices = prices(book, wallet, &liquidate.obligation)?;
            let (most, least) = (liquidate.max_repay.get(), liquidate.min_seized.get());
            Some(verb::liquidate(&pool, &key, liquidate.obligation, &liquidator, &prices, most, least))
        }
        Action::Provision { obligation, .. } => {
            Some(verb::provision(&pool, *obligation, &prices(book, wallet, obligation)?))
        }
        Action::RefreshRisk { collateral, .. } => {
            let price = book.price_accounts(&book.collateral(collateral)?.parameters.oracle);
            let liquidity = book.price_accounts(&book.pool().parameters.oracle);
            Some(verb::refresh_risk(&pool, *collateral, &liquidity, &price))
        }
    }
}

/// The accounts that price an obligation.
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
        loss_ledger: pool.loss_ledger,
        token_program: wallet.account(&pool.mint)?.program,
    })
}

fn collateral_key(book: &Book, wallet: &Wallet, address: Address) -> Option<CollateralKey> {
    let collateral = book.collateral(&address)?;
    let token_program = wallet.account(&collateral.mint)?.program;
    Some(CollateralKey { mint: collateral.mint, collateral: address, vault: collateral.vault, token_program })
}

/// Does actions together, in one transaction if it has room for them. One that is refused is left out and the rest tried again, so
/// none keeps others from being done. What they touched is then read again, at least as of the slot that the last landed in.
pub async fn act(
    sender: &Sender,
    actions: Vec<(Address, Instruction)>,
    dry_run: bool,
    touched: &[Address],
) -> (Vec<(Address, Outcome)>, Vec<Received>) {
    let (mut outcomes, mut least) = (Vec::new(), 0);
    let mut batches = vec![actions];
    while let Some(mut batch) = batches.pop() {
        if batch.is_empty() {
            continue;
        }
        let error = match attempt(sender, &batch, dry_run).await {
            Ok(outcome) => {
                if let Outcome::Landed(landed) = &outcome {
                    least = landed.slot.max(least);
                }
                outcomes.extend(batch.into_iter().map(|(target, _)| (target, outcome.clone())));
                continue;
            }
            Err(error) => Arc::new(error),
        };
        let failed = Outcome::Failed(Setback::new(&error), error.clone());
        match refused(&error).filter(|index| *index < batch.len()) {
            Some(index) => {
                let (target, _) = batch.remove(index);
                outcomes.push((target, failed));
                batches.push(batch);
            }
            None if matches!(*error, SendError::TooLarge { .. }) && batch.len() > 1 => {
                let rest = batch.split_off(batch.len().div_ceil(2));
                batches.extend([rest, batch]);
            }
            None => outcomes.extend(batch.into_iter().map(|(target, _)| (target, failed.clone()))),
        }
    }
    (outcomes, read_again(sender.cluster(), touched, least).await)
}

async fn attempt(sender: &Sender, batch: &[(Address, Instruction)], dry_run: bool) -> Result<Outcome, SendError> {
    let instructions: Vec<_> = batch.iter().map(|(_, instruction)| instruction.clone()).collect();
    if dry_run {
        return sender.simulate(&instructions, &[]).await.map(Outcome::DryRun);
    }
    sender.send(&instructions, &[]).await.map(Outcome::Landed)
}

/// Which instruction is to blame.
fn refused(error: &SendError) -> Option<usize> {
    match error.refusal()? {
        Refusal::Backstop { instruction, .. } | Refusal::Program { instruction, .. } => Some(*instruction),
        _ => None,
    }
}

/// Reads accounts from a node that has come as far as a slot; nothing if it does not within some tries.
async fn read_again(cluster: &Cluster, addresses: &[Address], least: u64) -> Vec<Received> {
    for _ in 0..20 {
        match read(cluster, addresses).await {
            Ok((slot, accounts)) if slot >= least => return accounts,
            _ => tokio::time::sleep(Duration::from_millis(250)).await,
        }
    }
    Vec::new()
}

/// How many accounts a node gives for one request.
pub(crate) const READ_AT_ONCE: usize = 100;

/// Reads accounts, at most [`READ_AT_ONCE`], with the slot that they are of. An account that is not there has no bytes and the
/// system program as owner.
///
/// # Errors
/// If the node does not answer.
pub(crate) async fn read(
    cluster: &Cluster,
    addresses: &[Address],
) -> Result<(u64, Vec<Received>), solana_rpc_client_api::client_error::Error> {
    let answer = cluster.rpc().get_multiple_accounts_with_commitment(addresses, cluster.commitment()).await?;
    let slot = answer.context.slot;
    let received = addresses.iter().zip(answer.value).map(|(address, account)| {
        let (owner, data) = account.map(|account| (account.owner, account.data)).unwrap_or_default();
        Received { address: *address, owner, data, slot }
    });
    Ok((slot, received.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(error: BackstopError) -> SendError {
        SendError::Refused {
            refusal: Box::new(Refusal::Backstop { instruction: 0, error }),
            logs: Vec::new(),
            signature: None,
        }
    }

    #[test]
    fn refusals_say_what_to_do_next() {
        for (error, setback) in [
            (BackstopError::ObligationHealthy, Setback::Overtaken),
            (BackstopError::SlippageExceeded, Setback::Overtaken),
            (BackstopError::StalePrice, Setback::PriceUnusable),
            (BackstopError::DefaultTooRecent, Setback::TooRecent),
            (BackstopError::InvariantViolated, Setback::Unexpected),
        ] {
            assert_eq!(Setback::new(&refused(error)), setback, "{}", error.name());
        }
    }

    #[test]
    fn what_may_yet_land_is_left_alone_for_longer_than_a_blockhash_lives() {
        let undecided = SendError::Undecided {
            signature: solana_signature::Signature::default(),
            last_valid_block_height: 1,
            url: String::new(),
        };
        assert_eq!(Setback::new(&undecided), Setback::Undecided);
        assert!(Setback::Undecided.pause() > Duration::from_millis(150 * 400));
    }
}
