//! Opens the bot's token accounts: at the start, when a collateral is listed, and after an account was closed.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use solana_address::Address;
use tokio::task::JoinError;
use tracing::{info, warn};

use super::{Bot, RunError};
use crate::{
    act::{self, Executor},
    book::Book,
    wallet::Wallet,
    watch::{WatchError, Wish},
};

/// The pause before a retry.
const PAUSE: Duration = Duration::from_secs(30);
/// The most accounts that one transaction creates.
const AT_ONCE: usize = 4;

/// The wallet after opening accounts, and the result.
pub(super) struct Opened {
    pub(super) wallet: Wallet,
    pub(super) result: Result<(), RunError>,
}

/// Adds mints to the wallet and creates missing accounts. A dry run creates none.
pub(super) async fn open(hands: Executor, mut wallet: Wallet, mints: Vec<Address>) -> Opened {
    let result = async {
        let learned = wallet.learn(hands.sender.cluster(), &mints).await;
        read(&hands, &mut wallet).await?;
        let missing = wallet.missing();
        if !missing.is_empty() && !hands.dry_run {
            for some in missing.chunks(AT_ONCE) {
                let failed = |error| RunError::TokenAccounts(Box::new(error));
                let landed = hands.sender.send(some, &[]).await.map_err(failed)?;
                info!(signature = %landed.signature, accounts = some.len(), "created token accounts");
            }
            read(&hands, &mut wallet).await?;
        }
        Ok(learned?)
    }
    .await;
    Opened { wallet, result }
}

async fn read(hands: &Executor, wallet: &mut Wallet) -> Result<(), WatchError> {
    for batch in wallet.addresses().chunks(act::READ_AT_ONCE) {
        for received in act::read(hands.sender.cluster(), batch).await.map_err(Box::new)?.1 {
            wallet.apply(&received);
        }
    }
    Ok(())
}

impl Bot {
    /// Returns the mints of the liquidity tokens and the collaterals.
    pub(super) fn mints(&self) -> Vec<Address> {
        let of_book = |book: &Book| {
            let collaterals = book.collaterals().map(|(_, collateral)| collateral.mint);
            collaterals.chain([book.pool().mint]).collect::<Vec<_>>()
        };
        self.books.values().flat_map(of_book).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Opens missing token accounts in the background: for newly listed collaterals, or after an account was closed.
    pub(super) fn open_accounts(&mut self) {
        let now = Instant::now();
        if self.opening.is_some() || self.opened_until.is_some_and(|until| now < until) {
            return;
        }
        let mints = self.mints();
        if !self.wallet.is_complete(&mints) {
            self.opened_until = now.checked_add(PAUSE);
            self.opening = Some(tokio::spawn(open(self.hands.clone(), self.wallet.clone(), mints)));
        }
    }

    pub(super) fn take_opened(&mut self, opened: Result<Opened, JoinError>) {
        let Ok(Opened { wallet, result }) = opened else { return };
        for address in self.wallet.merge(wallet) {
            info!(%address, "watching the token account of a newly listed collateral");
            // If the watch has ended, so does the bot.
            let _ = self.wishes.send(Wish::Watch(address));
        }
        if let Err(error) = result {
            warn!(%error, "retrying in {} s", PAUSE.as_secs());
        }
    }
}
