//! `backstop show`: reads accounts and prints them.

use std::collections::BTreeSet;

use backstop_client::{AccountData, Collateral, Obligation, ParameterChange, Pool, address};
use backstop_engine::{launch::Launch, parameter::Scope};
use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};
use solana_address::Address;
use solana_signer::Signer;

use crate::{
    commands::instructions::After,
    commands::show::{self, Held, ObligationSummary, Queued, Unmarked},
    context::{self, Context, Output},
    failure::Failure,
    loaded_pool::{Listed, LoadError, LoadedMarket, LoadedPool, MarketChoice, PoolChoice},
    parameters,
    tokens::Token,
    view::View,
};

/// The subcommands of `backstop show`.
#[derive(Debug, Subcommand)]
pub enum ShowCommand {
    /// Show the market's roles and timelock.
    Market(InMarket),
    /// List the market's pools.
    Pools(InMarket),
    /// Show a pool: NAV, share price, rates, cash, debt, reserves, known losses, breaker, pauses, price accounts.
    Pool(InPool),
    /// List all accounts that the pool's instructions use, for an address lookup table.
    #[command(after_help = "Examples:\n  \
            solana address-lookup-table create\n  \
            solana address-lookup-table extend <TABLE> --addresses $(backstop show addresses)")]
    Addresses(InPool),
    /// List the pool's collaterals, or show one: limits, caps, prices and price accounts.
    Collateral(OfToken),
    /// Show an LP position: shares, their worth, losses, claims and the withdrawal request.
    Position(OfOwner),
    /// Show an obligation: debt, collateral, health, how much it can borrow, and what can happen next.
    Obligation(OfOwner),
    /// List the pool's obligations, least healthy first.
    Obligations(Obligations),
    /// Show a stake in the insurance fund: shares, their worth, losses and the unstake request.
    Stake(OfOwner),
    /// Show the insurance fund: assets, stake price, coverage, caps.
    Fund(InPool),
    /// List losses, who bore them, and what was recovered.
    Losses(InPool),
    /// List queued parameter changes.
    Changes(InMarket),
    /// Show one queued change.
    Change(OfNumber),
    /// Print all parameters of the pool or of one collateral, in the format that create-pool and add-collateral read.
    Parameters(OfToken),
}

/// The options of views of a market.
#[derive(Args, Debug)]
pub struct InMarket {
    #[command(flatten)]
    choice: MarketChoice,
}

/// The options of views of a pool.
#[derive(Args, Debug)]
pub struct InPool {
    #[command(flatten)]
    choice: PoolChoice,
}

/// The options of views of an owner's account.
#[derive(Args, Debug)]
pub struct OfOwner {
    /// Owner [default: you].
    #[arg(value_name = "ADDRESS", value_parser = context::address)]
    owner: Option<Address>,
    #[command(flatten)]
    choice: PoolChoice,
}

/// The options of views of a collateral.
#[derive(Args, Debug)]
pub struct OfToken {
    /// Collateral, by symbol or mint [default: the whole pool].
    token: Option<String>,
    #[command(flatten)]
    choice: PoolChoice,
}

/// The options of views of a queued change.
#[derive(Args, Debug)]
pub struct OfNumber {
    /// Number of the change.
    number: u64,
    #[command(flatten)]
    choice: MarketChoice,
}

/// The options of `show obligations`.
#[derive(Args, Debug)]
pub struct Obligations {
    /// List only those that can be liquidated, or have no usable price.
    #[arg(long)]
    unhealthy: bool,
    #[command(flatten)]
    choice: PoolChoice,
}

impl OfOwner {
    fn owner(&self, context: &Context) -> Result<Address, LoadError> {
        match self.owner {
            Some(owner) => Ok(owner),
            None => Ok(context.payer().map_err(LoadError::NoOwner)?.pubkey()),
        }
    }
}

impl ShowCommand {
    /// Reads and prints.
    ///
    /// # Errors
    /// If an account does not exist, or the node does not answer.
    pub async fn run(&self, context: &Context) -> Result<(), Failure> {
        if let Self::Parameters(of) = self
            && context.output == Output::Table
        {
            return Ok(context.print(&parameters_file(context, of).await?)?);
        }
        if let Self::Addresses(of) = self
            && context.output == Output::Table
        {
            let all: Vec<_> = addresses(context, &of.choice).await?.into_iter().collect();
            return Ok(context.print(&format!("{}\n", all.join(",")))?);
        }
        Ok(context.show(&self.view(context).await?)?)
    }

    async fn view(&self, context: &Context) -> Result<View, Failure> {
        Ok(match self {
            Self::Market(of) => after(context, &After::Market(of.choice)).await?,
            Self::Pools(of) => {
                let market = LoadedMarket::open(context, of.choice).await?;
                show::pools(&market.summary().await?).map_err(LoadError::from)?
            }
            Self::Pool(of) => after(context, &After::Pool(of.choice.clone())).await?,
            Self::Collateral(of) => collateral(context, of).await?,
            Self::Position(of) => after(context, &After::Position(of.choice.clone(), of.owner(context)?)).await?,
            Self::Obligation(of) => after(context, &After::Obligation(of.choice.clone(), of.owner(context)?)).await?,
            Self::Obligations(of) => obligations(context, of).await?,
            Self::Stake(of) => after(context, &After::Stake(of.choice.clone(), of.owner(context)?)).await?,
            Self::Fund(of) => after(context, &After::Fund(of.choice.clone())).await?,
            Self::Losses(of) => {
                let loaded = LoadedPool::open(context, &of.choice).await?;
                let book = &loaded.snapshot.book;
                let of: Vec<Address> = book.records.iter().map(|record| record.obligation).collect();
                let obligations = loaded.cluster().accounts::<Obligation>(&of).await.map_err(LoadError::from)?;
                let owners = of.into_iter().zip(obligations).filter_map(|(at, account)| Some((at, account?.owner)));
                show::losses(&loaded.summary()?, book, &owners.collect()).map_err(LoadError::from)?
            }
            Self::Changes(of) => after(context, &After::Changes(of.choice)).await?,
            Self::Change(of) => {
                let market = LoadedMarket::open(context, of.choice).await?;
                let at = address::change(&market.address, of.number);
                let change = context.cluster.get_optional::<ParameterChange>(&at).await.map_err(LoadError::from)?;
                let queued = queued(&market, change.ok_or(LoadError::NoChange(of.number))?).await?;
                show::change(&queued, market.clock.unix_timestamp)
            }
            Self::Parameters(of) => parameters_view(context, of).await?,
            Self::Addresses(of) => {
                let json = json!(addresses(context, &of.choice).await?);
                let mut view = View::default();
                view.figure("addresses", "addresses", crate::view::Cell { text: String::new(), json });
                view
            }
        })
    }
}

/// The view of the accounts that a command changed.
///
/// # Errors
/// If an account does not exist, or the node does not answer.
pub(crate) async fn after(context: &Context, after: &After) -> Result<View, Failure> {
    Ok(match after {
        After::Market(choice) => {
            let market = LoadedMarket::open(context, *choice).await?;
            show::market(&market.address, &market.market, market.clock.unix_timestamp)
        }
        After::Pool(choice) => {
            let mut loaded = LoadedPool::open(context, choice).await?;
            let unmarked = unmarked(&mut loaded).await;
            show::pool(&loaded.summary()?, loaded.snapshot.price, &loaded.feeds, unmarked).map_err(LoadError::from)?
        }
        After::Fund(choice) => {
            show::fund(&LoadedPool::open(context, choice).await?.summary()?).map_err(LoadError::from)?
        }
        After::Collateral(choice, mint) => {
            let of = OfToken { token: Some(mint.to_string()), choice: choice.clone() };
            collateral(context, &of).await?
        }
        After::Position(choice, owner) => {
            let loaded = LoadedPool::open(context, choice).await?;
            let position = loaded.position(owner).await?.ok_or(LoadError::NoPosition { owner: *owner })?;
            let at = address::position(&loaded.key.pool, owner);
            let losses = loaded.position_losses(&position).await?;
            show::position(&loaded.summary()?, &at, &position, &losses).map_err(LoadError::from)?
        }
        After::Obligation(choice, owner) => {
            let mut loaded = LoadedPool::open(context, choice).await?;
            let obligation = loaded.obligation(owner).await?.ok_or(LoadError::NoObligation { owner: *owner })?;
            let at = address::obligation(&loaded.key.pool, owner);
            show::obligation(&obligation_summary(&loaded)?, &at, &obligation).map_err(LoadError::from)?
        }
        After::Stake(choice, owner) => {
            let loaded = LoadedPool::open(context, choice).await?;
            let stake = loaded.stake(owner).await?.ok_or(LoadError::NoStake { owner: *owner })?;
            let at = address::stake(&loaded.key.insurance_fund, owner);
            let losses = loaded.stake_losses(&stake).await?;
            show::stake(&loaded.summary()?, &at, &stake, &losses).map_err(LoadError::from)?
        }
        After::Changes(choice) => {
            let market = LoadedMarket::open(context, *choice).await?;
            let all = context.cluster.all::<ParameterChange>(Some(&market.address)).await.map_err(LoadError::from)?;
            let mut list = Vec::new();
            for (_, change) in all {
                list.push(queued(&market, change).await?);
            }
            show::changes(&mut list, market.clock.unix_timestamp)
        }
    })
}

/// The unmarked shortfalls. `None` if the node does not list obligations, as many public nodes do not.
async fn unmarked(loaded: &mut LoadedPool<'_>) -> Option<Unmarked> {
    let all = loaded.cluster().all::<Obligation>(Some(&loaded.key.pool)).await.ok()?;
    if all.iter().any(|(_, obligation)| obligation.debt_shares != 0) {
        loaded.list_all().await.ok()?;
    }
    Some(Unmarked::of(&loaded.snapshot, all.iter().map(|(_, obligation)| obligation)))
}

/// All accounts that a pool's instructions use, for a lookup table.
async fn addresses(context: &Context, choice: &PoolChoice) -> Result<BTreeSet<String>, Failure> {
    let mut loaded = LoadedPool::open(context, choice).await?;
    loaded.list_all().await?;
    let key = &loaded.key;
    let own = [key.market, key.pool, key.mint, key.vault, key.insurance_fund, key.loss_book, key.token_program];
    let of_collaterals = loaded.listed.iter().flat_map(|Listed { key, price, .. }| {
        [key.collateral, key.mint, key.vault, key.token_program].into_iter().chain(price.all())
    });
    let all = own.into_iter().chain(loaded.price.all()).chain(of_collaterals);
    Ok(all.map(|address| address.to_string()).collect())
}

fn obligation_summary<'a>(loaded: &'a LoadedPool<'_>) -> Result<ObligationSummary<'a>, LoadError> {
    let held = |listed: &Listed| Held { collateral: listed.key.collateral, token: listed.token.clone() };
    Ok(ObligationSummary {
        summary: loaded.summary()?,
        snapshot: &loaded.snapshot,
        tokens: loaded.listed.iter().map(held).collect(),
    })
}

async fn collateral(context: &Context, of: &OfToken) -> Result<View, Failure> {
    let mut loaded = LoadedPool::open(context, &of.choice).await?;
    if let Some(name) = &of.token {
        let listed = loaded.collateral(Some(name)).await?;
        let priced = loaded.snapshot.collateral(&listed.key.collateral).map_err(Failure::unable)?;
        let view = show::collateral(&loaded.snapshot, priced, &listed.token, &listed.feeds);
        return Ok(view.map_err(LoadError::from)?);
    }
    loaded.list_all().await?;
    let priced = loaded.snapshot.collaterals.iter().zip(&loaded.listed);
    let all: Vec<_> = priced.map(|(priced, listed)| (priced, &listed.token, listed.feeds.as_slice())).collect();
    Ok(show::collaterals(&loaded.snapshot, &all))
}

async fn obligations(context: &Context, of: &Obligations) -> Result<View, Failure> {
    let mut loaded = LoadedPool::open(context, &of.choice).await?;
    loaded.list_all().await?;
    let all = loaded.cluster().all::<Obligation>(Some(&loaded.key.pool)).await.map_err(LoadError::from)?;
    Ok(show::obligations(&obligation_summary(&loaded)?, &all, of.unhealthy).map_err(LoadError::from)?)
}

/// A change, with details of its target.
///
/// # Errors
/// If the node does not answer.
pub(crate) async fn queued(market: &LoadedMarket<'_>, change: ParameterChange) -> Result<Queued, LoadError> {
    let account = market.cluster().get_raw(&[change.target]).await?.pop().flatten();
    let data = account.map(|account| account.data).unwrap_or_default();
    let mut launch = Launch::default();
    let (target, token) = if change.target == market.address {
        ("the market".into(), (0, String::new()))
    } else if let Some(pool) = Pool::from_account_data(&data) {
        let symbol = market.tokens.symbol(&pool.mint);
        launch = pool.launch();
        (format!("the {symbol} pool"), (pool.decimals, symbol))
    } else if let Some(collateral) = Collateral::from_account_data(&data) {
        let symbol = market.tokens.symbol(&collateral.mint);
        launch = market.cluster().account::<Pool>(&collateral.pool).await?.launch();
        (format!("collateral {symbol}"), (collateral.decimals, symbol))
    } else {
        (change.target.to_string(), (0, String::new()))
    };
    let void = launch.require_queued_since(change.queued_at).is_err();
    Ok(Queued { change, target, token, void })
}

/// The token of a pool or a collateral, and the names and values of all its parameters.
async fn all_parameters(context: &Context, of: &OfToken) -> Result<(Token, Vec<(String, String)>), Failure> {
    let mut loaded = LoadedPool::open(context, &of.choice).await?;
    let Some(name) = &of.token else {
        let (pool, decimals) = (&loaded.snapshot.pool, loaded.token.decimals);
        let all = written(Scope::Pool, decimals, |parameter| parameters::value_in_pool(pool, parameter));
        return Ok((loaded.token.clone(), all));
    };
    let listed = loaded.collateral(Some(name)).await?;
    let account = &loaded.snapshot.collateral(&listed.key.collateral).map_err(Failure::unable)?.account;
    let value = |parameter| parameters::value_in_collateral(account, parameter);
    let all = written(Scope::Collateral, listed.token.decimals, value);
    Ok((listed.token, all))
}

fn written(
    scope: Scope,
    decimals: u8,
    value: impl Fn(backstop_client::Parameter) -> Option<parameters::Bytes>,
) -> Vec<(String, String)> {
    let all = parameters::all_of(scope);
    all.filter_map(|parameter| {
        let written = parameters::written(parameter, &value(parameter)?, decimals);
        Some((parameters::name(parameter), written))
    })
    .collect()
}

async fn parameters_file(context: &Context, of: &OfToken) -> Result<String, Failure> {
    let (token, lines) = all_parameters(context, of).await?;
    let mut text = format!("# Parameters for {}; refused for any other token.\n", token.symbol);
    for (name, value) in std::iter::once((parameters::MINT.to_owned(), token.mint.to_string())).chain(lines) {
        text += &format!("{name} = \"{value}\"\n");
    }
    Ok(text)
}

async fn parameters_view(context: &Context, of: &OfToken) -> Result<View, Failure> {
    let (token, all) = all_parameters(context, of).await?;
    let object: Map<String, Value> = all.into_iter().map(|(name, value)| (name, value.into())).collect();
    let mut view = View::default();
    view.figure("mint", "mint", crate::view::Cell::address(&token.mint));
    view.figure("parameters", "parameters", crate::view::Cell { text: String::new(), json: Value::Object(object) });
    Ok(view)
}
