//! The accounts that a command works on, read from the cluster: a market, then a pool and its accounts.

mod error;
mod market;
mod price;
mod summary;

use backstop_client::{
    Collateral, InsuranceFund, InsuranceStake, LossBook, LossClaim, LossPart, LpPosition, Obligation, address,
    preview::{PricedCollateral, Snapshot},
    rpc::Cluster,
    verb::{CollateralKey, PoolKey, PriceAccounts, PricedHolding, Prices, TOKEN_2022_PROGRAM},
};
use clap::Args;
use solana_address::Address;

pub use error::LoadError;
pub use market::LoadedMarket;
pub use price::{Feed, Priced, find as find_price};
pub use summary::{Borne, PoolSummary};

use crate::{
    context::{self, Context},
    receipt::EventFormatter,
    tokens::{Token, Tokens},
};

type Result<T> = core::result::Result<T, LoadError>;

/// The options that select a market.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct MarketChoice {
    /// Market id, among those of its creator.
    #[arg(long, value_name = "ID", default_value_t = 0, help_heading = "Market and pool")]
    pub market: u64,
    /// Address that created the market [default: from the pool, if --pool is an address; else the actor `authority` on
    /// a local cluster; else you].
    #[arg(long, env = "BACKSTOP_CREATOR", hide_env_values = true, help_heading = "Market and pool")]
    #[arg(value_name = "ADDRESS", value_parser = context::address)]
    pub creator: Option<Address>,
}

/// The options that select a pool.
#[derive(Args, Clone, Debug, Default)]
pub struct PoolChoice {
    /// The market.
    #[command(flatten)]
    pub market: MarketChoice,
    /// Pool, by address, or by symbol or mint of the token it lends [default: the market's only pool].
    #[arg(long, value_name = "POOL", help_heading = "Market and pool")]
    pub pool: Option<String>,
}

/// A collateral, with what instructions need.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its addresses.
    pub key: CollateralKey,
    /// Its token.
    pub token: Token,
    /// The accounts of its price.
    pub price: PriceAccounts,
    /// The contents of its price accounts.
    pub feeds: Vec<Feed>,
}

/// The current state of a pool, with the requested collaterals.
#[derive(Debug)]
pub struct LoadedPool<'a> {
    /// The market.
    pub market: LoadedMarket<'a>,
    /// The pool's addresses.
    pub key: PoolKey,
    /// The liquidity token.
    pub token: Token,
    /// The accounts of its price.
    pub price: PriceAccounts,
    /// The contents of its price accounts.
    pub feeds: Vec<Feed>,
    /// The input of previews.
    pub snapshot: Snapshot,
    /// The collaterals in the snapshot.
    pub listed: Vec<Listed>,
}

impl<'a> LoadedPool<'a> {
    /// Reads a pool.
    ///
    /// # Errors
    /// If the pool does not exist, the choice is ambiguous, or the node does not answer.
    pub async fn open(context: &'a Context, choice: &PoolChoice) -> Result<Self> {
        let market = LoadedMarket::of_pool(context, choice).await?;
        let mut pools = market.pools(choice.pool.as_deref()).await?;
        let (at, pool) = match (pools.pop(), choice.pool.as_ref()) {
            (Some(pool), _) if pools.is_empty() => pool,
            (None, None) => return Err(LoadError::NoPools { market: choice.market.market }),
            (None, Some(name)) => return Err(LoadError::NoPool { name: name.clone(), market: choice.market.market }),
            (Some(last), _) => {
                let all = pools.iter().chain([&last]);
                return Err(LoadError::WhichPool(
                    all.map(|(at, pool)| named(&market.tokens, &pool.mint, at)).collect(),
                ));
            }
        };
        let now = market.clock.unix_timestamp;
        let fund = market.cluster().account::<InsuranceFund>(&pool.insurance_fund).await?;
        let book = market.cluster().account::<LossBook>(&pool.loss_book).await?;
        let price = find_price(market.cluster(), &pool.parameters.oracle, now).await?;
        let (token, token_program) = market.token(pool.mint).await?;
        let key = PoolKey::new(market.address, pool.mint).with_token_program(token_program);
        debug_assert_eq!(key.pool, at);
        let slot = market.clock.slot;
        let snapshot = Snapshot { now, slot, pool, fund, book, price: price.reading, collaterals: Vec::new() };
        Ok(Self { market, key, token, price: price.accounts, feeds: price.feeds, snapshot, listed: Vec::new() })
    }

    /// The cluster.
    pub fn cluster(&self) -> &'a Cluster {
        self.market.cluster()
    }

    /// The choice that selects this pool.
    pub fn choice(&self) -> PoolChoice {
        PoolChoice { market: self.market.choice(), pool: Some(self.key.pool.to_string()) }
    }

    /// The formatter for events of the pool.
    pub fn event_formatter(&self) -> EventFormatter {
        EventFormatter {
            liquidity: Some(self.token.clone()),
            collaterals: self.listed.iter().map(|listed| (listed.key.collateral, listed.token.clone())).collect(),
            ..self.market.event_formatter()
        }
    }

    /// The input of views, for the current state.
    ///
    /// # Errors
    /// If the accounts hold values that the program never stores.
    pub fn summary(&self) -> Result<PoolSummary> {
        self.summary_of(&self.snapshot)
    }

    /// The input of views, for the state after a preview.
    ///
    /// # Errors
    /// As [`Self::summary`].
    pub fn summary_of(&self, after: &Snapshot) -> Result<PoolSummary> {
        Ok(PoolSummary::new(self.key.pool, after.pool, after.fund, self.token.clone(), after.now)?)
    }

    /// Adds collaterals and their prices to the snapshot.
    ///
    /// # Errors
    /// If one does not exist, or the node does not answer.
    pub async fn list(&mut self, collaterals: &[Address]) -> Result<()> {
        let missing: Vec<Address> =
            collaterals.iter().copied().filter(|at| self.snapshot.collateral(at).is_err()).collect();
        for at in missing {
            let account = self.cluster().account::<Collateral>(&at).await?;
            self.add(at, account).await?;
        }
        Ok(())
    }

    async fn add(&mut self, at: Address, account: Collateral) -> Result<()> {
        let price = find_price(self.cluster(), &account.parameters.oracle, self.snapshot.now).await?;
        let (token, token_program) = self.market.token(account.mint).await?;
        let key = CollateralKey::new(&self.key.pool, account.mint).with_token_program(token_program);
        self.snapshot.collaterals.push(PricedCollateral { address: at, account, price: price.reading });
        self.listed.push(Listed { key, token, price: price.accounts, feeds: price.feeds });
        Ok(())
    }

    /// Adds all collaterals of the pool to the snapshot.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn list_all(&mut self) -> Result<()> {
        for (at, account) in self.cluster().all::<Collateral>(Some(&self.key.pool)).await? {
            if self.snapshot.collateral(&at).is_err() {
                self.add(at, account).await?;
            }
        }
        Ok(())
    }

    /// Returns the collateral with a symbol or mint, or the pool's only collateral. Adds it to the snapshot.
    ///
    /// # Errors
    /// If it does not exist, or the choice is ambiguous.
    pub async fn collateral(&mut self, name: Option<&str>) -> Result<Listed> {
        let Some(name) = name else {
            self.list_all().await?;
            return match self.listed.as_slice() {
                [only] => Ok(only.clone()),
                [] => Err(LoadError::NoCollaterals),
                all => Err(LoadError::WhichCollateral(all.iter().map(|one| one.token.symbol.clone()).collect())),
            };
        };
        let places: Vec<Address> =
            self.market.tokens.mints(name).iter().map(|mint| address::collateral(&self.key.pool, mint)).collect();
        let found = self.cluster().accounts::<Collateral>(&places).await?;
        let found = places.into_iter().zip(found).find(|(_, account)| account.is_some());
        let Some((at, _)) = found else { return Err(LoadError::NoCollateral(name.into())) };
        self.list(&[at]).await?;
        self.listed_at(&at)
    }

    /// A collateral of the snapshot.
    ///
    /// # Errors
    /// If it is not in the snapshot.
    pub fn listed_at(&self, at: &Address) -> Result<Listed> {
        let found = self.listed.iter().find(|listed| listed.key.collateral == *at);
        found.cloned().ok_or_else(|| LoadError::NoCollateral(at.to_string()))
    }

    /// An owner's LP position.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn position(&self, owner: &Address) -> Result<Option<LpPosition>> {
        Ok(self.cluster().get_optional(&address::position(&self.key.pool, owner)).await?)
    }

    /// An owner's stake.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn stake(&self, owner: &Address) -> Result<Option<InsuranceStake>> {
        Ok(self.cluster().get_optional(&address::stake(&self.key.insurance_fund, owner)).await?)
    }

    /// A position's share of each loss, oldest first.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn position_losses(&self, position: &LpPosition) -> Result<Vec<Borne>> {
        let (holder, book) = (address::position(&self.key.pool, &position.owner), &self.snapshot.book);
        let due = |loss, claim: Option<&LossClaim>| {
            let due = position.claimable(book, loss, claim.map_or(0, |claim| claim.claimed)).get();
            (due, due)
        };
        self.borne(&holder, position.losses(book), due).await
    }

    /// A stake's share of each loss, oldest first.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn stake_losses(&self, stake: &InsuranceStake) -> Result<Vec<Borne>> {
        let (holder, book) = (address::stake(&self.key.insurance_fund, &stake.owner), &self.snapshot.book);
        let insured = self.summary()?.insured;
        let due = |loss, claim: Option<&LossClaim>| {
            let claimed = claim.map(LossClaim::claimed_shares).unwrap_or_default();
            let shares = stake.claimable(book, &self.snapshot.fund, loss, &claimed);
            (shares.get(), insured.worth(shares).unwrap_or_default().get())
        };
        self.borne(&holder, stake.losses(book), due).await
    }

    async fn borne(
        &self,
        holder: &Address,
        parts: Vec<LossPart>,
        due: impl Fn(u32, Option<&LossClaim>) -> (u64, u64),
    ) -> Result<Vec<Borne>> {
        let claims: Vec<Address> = parts.iter().map(|part| address::claim(holder, part.loss)).collect();
        let claims = self.cluster().accounts::<LossClaim>(&claims).await?;
        let borne = |(part, claim): (LossPart, Option<LossClaim>)| {
            let (claimable, due) = due(part.loss, claim.as_ref());
            Borne { number: part.loss, lost: part.lost.get(), recovered: part.recovered.get(), claim, claimable, due }
        };
        Ok(parts.into_iter().zip(claims).map(borne).collect())
    }

    /// Returns an owner's obligation. Adds the collaterals that it holds to the snapshot.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn obligation(&mut self, owner: &Address) -> Result<Option<Obligation>> {
        let at = address::obligation(&self.key.pool, owner);
        let Some(obligation) = self.cluster().get_optional::<Obligation>(&at).await? else { return Ok(None) };
        let held: Vec<Address> = obligation.held().map(|slot| slot.collateral).collect();
        self.list(&held).await?;
        Ok(Some(obligation))
    }

    /// The price accounts that an instruction on an obligation takes.
    ///
    /// # Errors
    /// If it holds a collateral that is not in the snapshot.
    pub fn prices(&self, obligation: &Obligation) -> Result<Prices> {
        let priced = |at: &Address| {
            let listed = self.listed_at(at)?;
            Ok(PricedHolding { key: listed.key, price: listed.price })
        };
        let holdings = obligation.held().map(|slot| priced(&slot.collateral)).collect::<Result<_>>()?;
        Ok(Prices { liquidity: self.price, holdings })
    }
}

/// A pool's name in a list of choices: `USDC <address>`.
fn named(tokens: &Tokens, mint: &Address, at: &Address) -> String {
    format!("{} {at}", tokens.symbol(mint))
}

/// A token program's name.
pub fn program_name(program: &Address) -> &'static str {
    if *program == TOKEN_2022_PROGRAM { "Token-2022" } else { "SPL Token" }
}
