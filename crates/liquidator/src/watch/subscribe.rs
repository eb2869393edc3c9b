//! What is subscribed to.

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

/// All subscriptions together. Each says that it ends by telling nothing.
pub(super) type Told<'a> = SelectAll<BoxStream<'a, Option<Update>>>;

impl Watch {
    /// Subscribes to slots, to the pools with their funds, collaterals and obligations, with positions and stakes where requests to leave are executed, and
    /// to the bot's own accounts.
    pub(super) async fn subscribe<'a>(&self, client: &'a PubsubClient) -> Result<Told<'a>, PubsubClientError> {
        let mut told = SelectAll::new();
        let (slots, _) = client.slot_subscribe().await?;
        told.push(to_its_end(slots.map(|slot| Update::Slot(slot.slot))));
        for pool in &self.pools {
            for discriminator in [Obligation::DISCRIMINATOR, Collateral::DISCRIMINATOR] {
                told.push(self.subscribe_children(client, &discriminator, pool).await?);
            }
            if self.leavers_of.contains(pool) {
                let fund = address::insurance_fund(pool);
                told.push(self.subscribe_children(client, &LpPosition::DISCRIMINATOR, pool).await?);
                told.push(self.subscribe_children(client, &InsuranceStake::DISCRIMINATOR, &fund).await?);
            }
            for account in [pool, &address::insurance_fund(pool)] {
                told.push(subscribe_account(client, account, self.account_config()).await?);
            }
        }
        for other in &self.others {
            told.push(subscribe_account(client, other, self.account_config()).await?);
        }
        Ok(told)
    }

    pub(super) fn account_config(&self) -> RpcAccountInfoConfig {
        RpcAccountInfoConfig {
            encoding: Some(UiAccountEncoding::Base64Zstd),
            commitment: Some(self.cluster.commitment()),
            ..RpcAccountInfoConfig::default()
        }
    }

    /// Accounts of one kind of a pool or of its fund: each kind begins with that address.
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
        let (told, _) = client.program_subscribe(&PROGRAM_ID, Some(config)).await?;
        let told = told.filter_map(|told| async move {
            received(told.value.pubkey.parse().ok()?, &told.value.account, told.context.slot)
        });
        Ok(to_its_end(told.map(Update::Changed)))
    }
}

pub(super) async fn subscribe_account<'a>(
    client: &'a PubsubClient,
    address: &Address,
    config: RpcAccountInfoConfig,
) -> Result<BoxStream<'a, Option<Update>>, PubsubClientError> {
    let (told, _) = client.account_subscribe(address, Some(config)).await?;
    let address = *address;
    let told = told.filter_map(move |told| async move { received(address, &told.value, told.context.slot) });
    Ok(to_its_end(told.map(Update::Changed)))
}

/// What is told, and nothing at its end.
fn to_its_end<'a>(told: impl Stream<Item = Update> + Send + 'a) -> BoxStream<'a, Option<Update>> {
    told.map(Some).chain(stream::once(future::ready(None))).boxed()
}

fn received(address: Address, account: &UiAccount, slot: u64) -> Option<Received> {
    Some(Received { address, owner: account.owner.parse().ok()?, data: account.data.decode()?, slot })
}
