//! A market.

use backstop_client::{
    AccountData, InsuranceFund, Market, PROGRAM_ID, Pool, address,
    rpc::{Clock, Cluster, Network},
};
use solana_address::Address;
use solana_signer::Signer;

use super::{DeskError, MarketChoice, PoolChoice, Result};
use crate::{
    context::Context,
    receipt::Teller,
    show::Books,
    tokens::{Token, Tokens, is_local},
};

/// A market as it is now.
#[derive(Debug)]
pub struct MarketDesk<'a> {
    /// The cluster and who types.
    pub context: &'a Context,
    /// What was asked for.
    choice: MarketChoice,
    /// What tokens are called.
    pub tokens: Tokens,
    /// The market's address.
    pub address: Address,
    /// The market.
    pub market: Market,
    /// The chain's clock.
    pub clock: Clock,
}

impl<'a> MarketDesk<'a> {
    /// Reads a market.
    ///
    /// # Errors
    /// If it is not there, or the node does not answer.
    pub async fn open(context: &'a Context, choice: MarketChoice) -> Result<Self> {
        let cluster = &context.cluster;
        let creator = match choice.creator {
            Some(creator) => creator,
            None => usual_creator(context, cluster.network().await?)?,
        };
        let address = address::market(&creator, choice.market);
        let Some(market) = cluster.find::<Market>(&address).await? else {
            cluster.check_program().await?;
            return Err(DeskError::NoMarket { id: choice.market, creator, url: context.url.clone() });
        };
        let tokens = Tokens::of_cluster(cluster.network().await?, &context.url)?;
        Ok(Self { context, choice, tokens, address, market, clock: cluster.clock().await? })
    }

    /// Reads the market of a pool: if nobody says whose it is and the pool is given by its address, the one that this pool is in.
    ///
    /// # Errors
    /// If it is not there, or the node does not answer.
    pub async fn of_pool(context: &'a Context, choice: &PoolChoice) -> Result<Self> {
        let mut market = choice.market;
        let named = choice.pool.as_deref().and_then(|name| name.parse().ok());
        if let (None, Some(at)) = (market.creator, named) {
            // A mint can be named, too.
            let account = context.cluster.raw(&[at]).await?.pop().flatten();
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

    /// What tells of events of the market.
    pub fn teller(&self) -> Teller {
        let Market { id, creator, .. } = &self.market;
        let market = Some(format!("market {id} of {creator}"));
        Teller { market, now: self.clock.unix_timestamp, ..Teller::default() }
    }

    /// The choice that leads here again.
    pub const fn choice(&self) -> MarketChoice {
        self.choice
    }

    /// The mint of a name or address, of those that are on this cluster.
    ///
    /// # Errors
    /// If there is none.
    pub async fn mint(&self, name: &str) -> Result<Address> {
        let meant = self.tokens.mints(name);
        let there = self.cluster().raw(&meant).await?;
        let found = meant.into_iter().zip(there).find_map(|(mint, account)| account.map(|_| mint));
        found.ok_or_else(|| match name.parse() {
            Ok(mint) => DeskError::NoMint(mint),
            Err(_) => DeskError::UnknownToken { name: name.into(), url: self.context.url.clone() },
        })
    }

    /// A mint's decimals and token program.
    ///
    /// # Errors
    /// If there is no mint at the address.
    pub async fn token(&self, mint: Address) -> Result<(Token, Address)> {
        let account = self.cluster().raw(&[mint]).await?.pop().flatten();
        // An authority (36 bytes), the supply (8), the decimals.
        let decimals = account.as_ref().and_then(|account| account.data.get(44).copied());
        match (account, decimals) {
            (Some(account), Some(decimals)) => {
                Ok((Token { symbol: self.tokens.symbol(&mint), mint, decimals }, account.owner))
            }
            _ => Err(DeskError::NoMint(mint)),
        }
    }

    /// The pools of the market that a choice may mean.
    pub(super) async fn pools(&self, choice: Option<&str>) -> Result<Vec<(Address, Pool)>> {
        let Some(name) = choice else { return Ok(self.cluster().all::<Pool>(Some(&self.address)).await?) };
        let mut places: Vec<Address> = name.parse().into_iter().collect();
        places.extend(self.tokens.mints(name).iter().map(|mint| address::pool(&self.address, mint)));
        let owned = self.cluster().raw(&places).await?;
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
    pub async fn books(&self) -> Result<Vec<Books>> {
        let pools = self.pools(None).await?;
        let funds: Vec<Address> = pools.iter().map(|(_, pool)| pool.insurance_fund).collect();
        let funds = self.cluster().accounts::<InsuranceFund>(&funds).await?;
        let read = pools.into_iter().zip(funds).filter_map(|((at, pool), fund)| {
            let token = Token { symbol: self.tokens.symbol(&pool.mint), mint: pool.mint, decimals: pool.decimals };
            Some(Books::new(at, pool, fund?, token, self.clock.unix_timestamp).map_err(Into::into))
        });
        read.collect()
    }
}

/// The actor `authority` of every local cluster, who creates its markets.
const LOCAL_AUTHORITY: Address = solana_address::address!("HkHQ68dU5ZXHEch8M2LnCP5YmuvwC68AarZ3BzyZZQjc");

/// Whose a market is if nobody says: on a cluster of this machine the actor's, else the signer's.
fn usual_creator(context: &Context, network: Network) -> Result<Address> {
    if network == Network::Other && is_local(&context.url) {
        Ok(LOCAL_AUTHORITY)
    } else {
        Ok(context.payer().map_err(DeskError::NoCreator)?.pubkey())
    }
}

#[cfg(all(test, feature = "localnet"))]
mod tests {
    use super::*;

    #[test]
    fn the_authority_of_local_clusters_is_the_actor() {
        assert_eq!(LOCAL_AUTHORITY, backstop_localnet::keypair("authority").pubkey());
    }
}
