//! The subscriptions of a session.

use backstop_client::{AccountData, Collateral, InsuranceStake, LpPosition, Obligation, PROGRAM_ID, address};
use futures_util::{
    StreamExt, future, stream,
    stream::{BoxStream, SelectAll, Stream},
};
use solana_account_decoder_client_types::{UiAccount, UiAccountEncoding};
use solana_address::Address;
use solana_pubsub_client::nonblocking::pubsub_client::{PubsubClient, PubsubClientError};
use solana_rpc_client_api::{
    config::{RpcAccountInfoConfig, RpcProgramAccountsConfig},
    filter::{Memcmp, RpcFilterType},
};

use super::{Update, Watch};
use crate::book::Received;

/// All subscriptions together. Each yields `None` when it ends.
pub(super) type Told<'a> = SelectAll<BoxStream<'a, Option<Update>>>;

impl Watch {
    /// Subscribes to slots, to the pools with their funds, collaterals and obligations, with positions and stakes where
    /// requests to leave are executed, and to the bot's own accounts.
    pub(super) async fn subscribe<'a>(&self, client: &'a PubsubClient) -> Result<Told<'a>, PubsubClientError> {
        let mut reported = SelectAll::new();
        let (slots, _) = client.slot_subscribe().await?;
        reported.push(to_its_end(slots.map(|slot| Update::Slot(slot.slot))));
        for pool in &self.pools {
            for discriminator in [Obligation::DISCRIMINATOR, Collateral::DISCRIMINATOR] {
                reported.push(self.subscribe_children(client, &discriminator, pool).await?);
            }
            if self.leavers_of.contains(pool) {
                let fund = address::insurance_fund(pool);
                reported.push(self.subscribe_children(client, &LpPosition::DISCRIMINATOR, pool).await?);
                reported.push(self.subscribe_children(client, &InsuranceStake::DISCRIMINATOR, &fund).await?);
            }
            for account in [pool, &address::insurance_fund(pool)] {
                reported.push(subscribe_account(client, account, self.account_config()).await?);
            }
        }
        for other in &self.others {
            reported.push(subscribe_account(client, other, self.account_config()).await?);
        }
        Ok(reported)
    }

    pub(super) fn account_config(&self) -> RpcAccountInfoConfig {
        RpcAccountInfoConfig {
            encoding: Some(UiAccountEncoding::Base64Zstd),
            commitment: Some(self.cluster.commitment()),
            ..RpcAccountInfoConfig::default()
        }
    }

    /// Subscribes to the accounts of one kind that belong to a pool or a fund. Their data starts with the discriminator
    /// and that address.
    async fn subscribe_children<'a>(
        &self,
        client: &'a PubsubClient,
        discriminator: &[u8; 8],
        pool: &Address,
    ) -> Result<BoxStream<'a, Option<Update>>, PubsubClientError> {
        let begin = [discriminator.as_slice(), pool.as_ref()].concat();
        let config = RpcProgramAccountsConfig {
            filters: Some(vec![RpcFilterType::Memcmp(Memcmp::new_base58_encoded(0, &begin))]),
            account_config: self.account_config(),
            ..RpcProgramAccountsConfig::default()
        };
        let (reported, _) = client.program_subscribe(&PROGRAM_ID, Some(config)).await?;
        let reported = reported.filter_map(|reported| async move {
            received(reported.value.pubkey.parse().ok()?, &reported.value.account, reported.context.slot)
        });
        Ok(to_its_end(reported.map(Update::Changed)))
    }
}

pub(super) async fn subscribe_account<'a>(
    client: &'a PubsubClient,
    address: &Address,
    config: RpcAccountInfoConfig,
) -> Result<BoxStream<'a, Option<Update>>, PubsubClientError> {
    let (reported, _) = client.account_subscribe(address, Some(config)).await?;
    let address = *address;
    let reported =
        reported.filter_map(move |reported| async move { received(address, &reported.value, reported.context.slot) });
    Ok(to_its_end(reported.map(Update::Changed)))
}

/// Appends a `None` to a subscription, to report its end.
fn to_its_end<'a>(reported: impl Stream<Item = Update> + Send + 'a) -> BoxStream<'a, Option<Update>> {
    reported.map(Some).chain(stream::once(future::ready(None))).boxed()
}

fn received(address: Address, account: &UiAccount, slot: u64) -> Option<Received> {
    Some(Received { address, owner: account.owner.parse().ok()?, data: account.data.decode()?, slot })
}
