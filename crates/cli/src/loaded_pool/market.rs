//! A market and its accounts.

use backstop_client::{
    AccountData, InsuranceFund, Market, PROGRAM_ID, Pool, address,
    rpc::{Clock, Cluster, Network},
};
use solana_address::Address;
use solana_signer::Signer;

use super::{LoadError, MarketChoice, PoolChoice, PoolSummary, Result};
use crate::{
    context::Context,
    receipt::EventFormatter,
    tokens::{Token, Tokens, is_local},
};

/// The current state of a market.
#[derive(Debug)]
pub struct LoadedMarket<'a> {
    /// The cluster and the signer.
    pub context: &'a Context,
    /// The choice that selected it.
    choice: MarketChoice,
    /// The names of tokens.
    pub tokens: Tokens,
    /// The market's address.
    pub address: Address,
    /// The market.
    pub market: Market,
    /// The chain's clock.
    pub clock: Clock,
}

impl<'a> LoadedMarket<'a> {
    /// Reads a market.
    ///
    /// # Errors
    /// If it does not exist, or the node does not answer.
    pub async fn open(context: &'a Context, choice: MarketChoice) -> Result<Self> {
        let cluster = &context.cluster;
        let creator = match choice.creator {
            Some(creator) => creator,
            None => usual_creator(context, cluster.network().await?)?,
        };
        let address = address::market(&creator, choice.market);
        let Some(market) = cluster.get_optional::<Market>(&address).await? else {
            cluster.check_program().await?;
            return Err(LoadError::NoMarket { id: choice.market, creator, url: context.url.clone() });
        };
        let tokens = Tokens::of_cluster(cluster.network().await?, &context.url)?;
        Ok(Self { context, choice, tokens, address, market, clock: cluster.clock().await? })
    }

    /// Reads the market of a pool. Without a creator, a pool given by address determines its market.
    ///
    /// # Errors
    /// If it does not exist, or the node does not answer.
    pub async fn of_pool(context: &'a Context, choice: &PoolChoice) -> Result<Self> {
        let mut market = choice.market;
        let named = choice.pool.as_deref().and_then(|name| name.parse().ok());
        if let (None, Some(at)) = (market.creator, named) {
            // The address can also be a mint.
            let account = context.cluster.get_raw(&[at]).await?.pop().flatten();
            let account = account.filter(|account| account.owner == PROGRAM_ID);
            if let Some(pool) = account.and_then(|account| Pool::from_account_data(&account.data)) {
                let Market { id, creator, .. } = context.cluster.account(&pool.market).await?;
                market = MarketChoice { market: id, creator: Some(creator) };
            }
        }
        Self::open(context, market).await
    }

    /// The cluster.
    pub fn cluster(&self) -> &'a Cluster {
        &self.context.cluster
    }

    /// The formatter for events of the market.
    pub fn event_formatter(&self) -> EventFormatter {
        let Market { id, creator, .. } = &self.market;
        let market = Some(format!("market {id} of {creator}"));
        EventFormatter { market, now: self.clock.unix_timestamp, ..EventFormatter::default() }
    }

    /// The choice that selects this market.
    pub const fn choice(&self) -> MarketChoice {
        self.choice
    }

    /// Returns the mint with a name or address, if it exists on this cluster.
    ///
    /// # Errors
    /// If there is no such mint.
    pub async fn mint(&self, name: &str) -> Result<Address> {
        let meant = self.tokens.mints(name);
        let there = self.cluster().get_raw(&meant).await?;
        let found = meant.into_iter().zip(there).find_map(|(mint, account)| account.map(|_| mint));
        found.ok_or_else(|| match name.parse() {
            Ok(mint) => LoadError::NoMint(mint),
            Err(_) => LoadError::UnknownToken { name: name.into(), url: self.context.url.clone() },
        })
    }

    /// Returns a mint's token, and its token program.
    ///
    /// # Errors
    /// If there is no mint at the address.
    pub async fn token(&self, mint: Address) -> Result<(Token, Address)> {
        let account = self.cluster().get_raw(&[mint]).await?.pop().flatten();
        // Layout: authority (36 bytes), supply (8), decimals.
        let decimals = account.as_ref().and_then(|account| account.data.get(44).copied());
        match (account, decimals) {
            (Some(account), Some(decimals)) => {
                Ok((Token { symbol: self.tokens.symbol(&mint), mint, decimals }, account.owner))
            }
            _ => Err(LoadError::NoMint(mint)),
        }
    }

    /// The pools of the market that match a choice.
    pub(super) async fn pools(&self, choice: Option<&str>) -> Result<Vec<(Address, Pool)>> {
        let Some(name) = choice else { return Ok(self.cluster().all::<Pool>(Some(&self.address)).await?) };
        let mut places: Vec<Address> = name.parse().into_iter().collect();
        places.extend(self.tokens.mints(name).iter().map(|mint| address::pool(&self.address, mint)));
        let owned = self.cluster().get_raw(&places).await?;
        let found = places.into_iter().zip(owned).filter_map(|(at, account)| {
            let account = account.filter(|account| account.owner == PROGRAM_ID)?;
            Some((at, AccountData::from_account_data(&account.data)?))
        });
        Ok(found.filter(|(_, pool): &(Address, Pool)| pool.market == self.address).collect())
    }

    /// All pools of the market, with their funds.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn summary(&self) -> Result<Vec<PoolSummary>> {
        let pools = self.pools(None).await?;
        let funds: Vec<Address> = pools.iter().map(|(_, pool)| pool.insurance_fund).collect();
        let funds = self.cluster().accounts::<InsuranceFund>(&funds).await?;
        let read = pools.into_iter().zip(funds).filter_map(|((at, pool), fund)| {
            let token = Token { symbol: self.tokens.symbol(&pool.mint), mint: pool.mint, decimals: pool.decimals };
            Some(PoolSummary::new(at, pool, fund?, token, self.clock.unix_timestamp).map_err(Into::into))
        });
        read.collect()
    }
}

/// The actor `authority`, who creates the markets of every local cluster.
const LOCAL_AUTHORITY: Address = solana_address::address!("HkHQ68dU5ZXHEch8M2LnCP5YmuvwC68AarZ3BzyZZQjc");

/// The default creator of a market: the actor `authority` on a local cluster, else the signer.
fn usual_creator(context: &Context, network: Network) -> Result<Address> {
    if network == Network::Other && is_local(&context.url) {
        Ok(LOCAL_AUTHORITY)
    } else {
        Ok(context.payer().map_err(LoadError::NoCreator)?.pubkey())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_authority_of_local_clusters_is_the_actor() {
        assert_eq!(LOCAL_AUTHORITY, backstop_localnet::keypair("authority").pubkey());
    }
}
