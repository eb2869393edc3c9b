//! `backstop show`: reads accounts and shows them.

use std::collections::BTreeSet;

use backstop_client::{AccountData, Collateral, Obligation, ParameterChange, Pool, address};
use backstop_engine::{governance::Scope, launch::Launch};
use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};
use solana_address::Address;
use solana_signer::Signer;

use crate::{
    context::{self, Context, Output},
    desk::{Desk, DeskError, Listed, MarketChoice, MarketDesk, PoolChoice},
    failure::Failure,
    parameters,
    show::{self, Held, ObligationBooks, Queued, Unmarked},
    tokens::Token,
    verbs::After,
    view::View,
};

/// What to show.
#[derive(Debug, Subcommand)]
pub enum Look {
    /// Who runs the market, and its timelock.
    Market(InMarket),
    /// All pools of the market.
    Pools(InMarket),
    /// A pool: NAV, share price, rates, cash, debt, reserves, known losses, breaker, pauses, price accounts.
    Pool(InPool),
    /// Every account that the pool's instructions name, for an address lookup table.
    #[command(
        after_help = "Examples:\n  solana address-lookup-table create\n  solana address-lookup-table extend <TABLE> --addresses $(backstop show addresses)"
    )]
    Addresses(InPool),
    /// What the pool accepts as collateral, or one of it: limits, caps, prices and where they are read.
    Collateral(OfToken),
    /// An LP position: shares, what they are worth now and to who leaves, losses, a withdrawal request.
    Position(OfOwner),
    /// An obligation: debt, collateral, health, how much it can borrow, and what is next.
    Obligation(OfOwner),
    /// All obligations of the pool, the least healthy first.
    Obligations(Obligations),
    /// A stake in the insurance fund: shares, worth, losses, a request to leave.
    Stake(OfOwner),
    /// The insurance fund: assets, stake price, coverage, caps.
    Fund(InPool),
    /// The losses, who bore them, and what came back of them.
    Losses(InPool),
    /// Changes of parameters that wait for the timelock.
    Changes(InMarket),
    /// One change that waits.
    Change(OfNumber),
    /// All parameters of the pool, or of one collateral, in the format that create-pool and add-collateral read.
    Parameters(OfToken),
}

/// Options of what is about a market.
#[derive(Args, Debug)]
pub struct InMarket {
    #[command(flatten)]
    choice: MarketChoice,
}

/// Options of what is about a pool.
#[derive(Args, Debug)]
pub struct InPool {
    #[command(flatten)]
    choice: PoolChoice,
}

/// Options of what is about an owner.
#[derive(Args, Debug)]
pub struct OfOwner {
    /// Whose [default: the keypair's].
    #[arg(value_name = "ADDRESS", value_parser = context::address)]
    owner: Option<Address>,
    #[command(flatten)]
    choice: PoolChoice,
}

/// Options of what is about a collateral.
#[derive(Args, Debug)]
pub struct OfToken {
    /// A collateral: its symbol or mint [default: the whole pool].
    token: Option<String>,
    #[command(flatten)]
    choice: PoolChoice,
}

/// Options of what is about a queued change.
#[derive(Args, Debug)]
pub struct OfNumber {
    /// The change's number.
    number: u64,
    #[command(flatten)]
    choice: MarketChoice,
}

/// Options of `show obligations`.
#[derive(Args, Debug)]
pub struct Obligations {
    /// Only those that can be liquidated, or whose price cannot be used.
    #[arg(long)]
    unhealthy: bool,
    #[command(flatten)]
    choice: PoolChoice,
}

impl OfOwner {
    fn owner(&self, context: &Context) -> Result<Address, DeskError> {
        match self.owner {
            Some(owner) => Ok(owner),
            None => Ok(context.payer().map_err(DeskError::NoOwner)?.pubkey()),
        }
    }
}

impl Look {
    /// Reads and prints.
    ///
    /// # Errors
    /// If an account is not there, or the node does not answer.
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
                let market = MarketDesk::open(context, of.choice).await?;
                show::pools(&market.books().await?).map_err(DeskError::from)?
            }
            Self::Pool(of) => after(context, &After::Pool(of.choice.clone())).await?,
            Self::Collateral(of) => collateral(context, of).await?,
            Self::Position(of) => after(context, &After::Position(of.choice.clone(), of.owner(context)?)).await?,
            Self::Obligation(of) => after(context, &After::Obligation(of.choice.clone(), of.owner(context)?)).await?,
            Self::Obligations(of) => obligations(context, of).await?,
            Self::Stake(of) => after(context, &After::Stake(of.choice.clone(), of.owner(context)?)).await?,
            Self::Fund(of) => after(context, &After::Fund(of.choice.clone())).await?,
            Self::Losses(of) => {
                let desk = Desk::open(context, &of.choice).await?;
                let book = &desk.snapshot.book;
                let of: Vec<Address> = book.records.iter().map(|record| record.obligation).collect();
                let obligations = desk.cluster().accounts::<Obligation>(&of).await.map_err(DeskError::from)?;
                let owners = of.into_iter().zip(obligations).filter_map(|(at, account)| Some((at, account?.owner)));
                show::losses(&desk.books()?, book, &owners.collect()).map_err(DeskError::from)?
            }
            Self::Changes(of) => after(context, &After::Changes(of.choice)).await?,
            Self::Change(of) => {
                let market = MarketDesk::open(context, of.choice).await?;
                let at = address::change(&market.address, of.number);
                let change = context.cluster.find::<ParameterChange>(&at).await.map_err(DeskError::from)?;
                let queued = queued(&market, change.ok_or(DeskError::NoChange(of.number))?).await?;
                show::change(&queued, market.clock.unix_timestamp)
            }
            Self::Parameters(of) => parameters_view(context, of).await?,
            Self::Addresses(of) => {
                let json = json!(addresses(context, &of.choice).await?);
                let mut view = View::default();
                view.figure("addresses", "addresses", crate::view::Figure { text: String::new(), json });
                view
            }
        })
    }
}

/// The view of what a command changed.
///
/// # Errors
/// If an account is not there, or the node does not answer.
pub async fn after(context: &Context, after: &After) -> Result<View, Failure> {
    Ok(match after {
        After::Market(choice) => {
            let market = MarketDesk::open(context, *choice).await?;
            show::market(&market.address, &market.market, market.clock.unix_timestamp)
        }
        After::Pool(choice) => {
            let mut desk = Desk::open(context, choice).await?;
            let unmarked = unmarked(&mut desk).await;
            show::pool(&desk.books()?, desk.snapshot.price, &desk.feeds, unmarked).map_err(DeskError::from)?
        }
        After::Fund(choice) => show::fund(&Desk::open(context, choice).await?.books()?).map_err(DeskError::from)?,
        After::Collateral(choice, mint) => {
            let of = OfToken { token: Some(mint.to_string()), choice: choice.clone() };
            collateral(context, &of).await?
        }
        After::Position(choice, owner) => {
            let desk = Desk::open(context, choice).await?;
            let position = desk.position(owner).await?.ok_or(DeskError::NoPosition { owner: *owner })?;
            let at = address::position(&desk.key.pool, owner);
            let losses = desk.position_losses(&position).await?;
            show::position(&desk.books()?, &at, &position, &losses).map_err(DeskError::from)?
        }
        After::Obligation(choice, owner) => {
            let mut desk = Desk::open(context, choice).await?;
            let obligation = desk.obligation(owner).await?.ok_or(DeskError::NoObligation { owner: *owner })?;
            let at = address::obligation(&desk.key.pool, owner);
            show::obligation(&obligation_books(&desk)?, &at, &obligation).map_err(DeskError::from)?
        }
        After::Stake(choice, owner) => {
            let desk = Desk::open(context, choice).await?;
            let stake = desk.stake(owner).await?.ok_or(DeskError::NoStake { owner: *owner })?;
            let at = address::stake(&desk.key.insurance_fund, owner);
            let losses = desk.stake_losses(&stake).await?;
            show::stake(&desk.books()?, &at, &stake, &losses).map_err(DeskError::from)?
        }
        After::Changes(choice) => {
            let market = MarketDesk::open(context, *choice).await?;
            let all = context.cluster.all::<ParameterChange>(Some(&market.address)).await.map_err(DeskError::from)?;
            let mut list = Vec::new();
            for (_, change) in all {
                list.push(queued(&market, change).await?);
            }
            show::changes(&mut list, market.clock.unix_timestamp)
        }
    })
}

/// What nobody has marked; nothing if the node lists no obligations, as many public nodes do not.
async fn unmarked(desk: &mut Desk<'_>) -> Option<Unmarked> {
    let all = desk.cluster().all::<Obligation>(Some(&desk.key.pool)).await.ok()?;
    if all.iter().any(|(_, obligation)| obligation.debt_shares != 0) {
        desk.list_all().await.ok()?;
    }
    Some(Unmarked::of(&desk.snapshot, all.iter().map(|(_, obligation)| obligation)))
}

/// Every account that instructions of a pool name, for a lookup table.
async fn addresses(context: &Context, choice: &PoolChoice) -> Result<BTreeSet<String>, Failure> {
    let mut desk = Desk::open(context, choice).await?;
    desk.list_all().await?;
    let key = &desk.key;
    let own = [key.market, key.pool, key.mint, key.vault, key.insurance_fund, key.loss_book, key.token_program];
    let of_collaterals = desk.listed.iter().flat_map(|Listed { key, price, .. }| {
        [key.collateral, key.mint, key.vault, key.token_program].into_iter().chain(price.all())
    });
    let all = own.into_iter().chain(desk.price.all()).chain(of_collaterals);
    Ok(all.map(|address| address.to_string()).collect())
}

fn obligation_books<'a>(desk: &'a Desk<'_>) -> Result<ObligationBooks<'a>, DeskError> {
    let held = |listed: &Listed| Held { collateral: listed.key.collateral, token: listed.token.clone() };
    Ok(ObligationBooks {
        books: desk.books()?,
        snapshot: &desk.snapshot,
        tokens: desk.listed.iter().map(held).collect(),
    })
}

async fn collateral(context: &Context, of: &OfToken) -> Result<View, Failure> {
    let mut desk = Desk::open(context, &of.choice).await?;
    if let Some(name) = &of.token {
        let listed = desk.collateral(Some(name)).await?;
        let priced = desk.snapshot.collateral(&listed.key.collateral).map_err(Failure::unable)?;
        let view = show::collateral(&desk.snapshot, priced, &listed.token, &listed.feeds);
        return Ok(view.map_err(DeskError::from)?);
    }
    desk.list_all().await?;
    let priced = desk.snapshot.collaterals.iter().zip(&desk.listed);
    let all: Vec<_> = priced.map(|(priced, listed)| (priced, &listed.token, listed.feeds.as_slice())).collect();
    Ok(show::collaterals(&desk.snapshot, &all))
}

async fn obligations(context: &Context, of: &Obligations) -> Result<View, Failure> {
    let mut desk = Desk::open(context, &of.choice).await?;
    desk.list_all().await?;
    let all = desk.cluster().all::<Obligation>(Some(&desk.key.pool)).await.map_err(DeskError::from)?;
    Ok(show::obligations(&obligation_books(&desk)?, &all, of.unhealthy).map_err(DeskError::from)?)
}

/// A change with what is known of its target.
///
/// # Errors
/// If the node does not answer.
pub async fn queued(market: &MarketDesk<'_>, change: ParameterChange) -> Result<Queued, DeskError> {
    let account = market.cluster().raw(&[change.target]).await?.pop().flatten();
    let data = account.map(|account| account.data).unwrap_or_default();
    let mut launch = Launch::default();
    let (target, token) = if change.target == market.address {
        ("the market".into(), (0, String::new()))
    } else if let Some(pool) = Pool::from_account_data(&data) {
        let symbol = market.tokens.symbol(&pool.mint);
        launch = pool.launch();
        (format!("the pool of {symbol}"), (pool.decimals, symbol))
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

/// The token of a pool or a collateral, and names and values of all parameters.
async fn all_parameters(context: &Context, of: &OfToken) -> Result<(Token, Vec<(String, String)>), Failure> {
    let mut desk = Desk::open(context, &of.choice).await?;
    let Some(name) = &of.token else {
        let (pool, decimals) = (&desk.snapshot.pool, desk.token.decimals);
        let all = written(Scope::Pool, decimals, |parameter| parameters::value_in_pool(pool, parameter));
        return Ok((desk.token.clone(), all));
    };
    let listed = desk.collateral(Some(name)).await?;
    let account = &desk.snapshot.collateral(&listed.key.collateral).map_err(Failure::unable)?.account;
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
    let mut text = format!("# Of {}, and refused for another token.\n", token.symbol);
    for (name, value) in std::iter::once((parameters::MINT.to_owned(), token.mint.to_string())).chain(lines) {
        text += &format!("{name} = \"{value}\"\n");
    }
    Ok(text)
}

async fn parameters_view(context: &Context, of: &OfToken) -> Result<View, Failure> {
    let (token, all) = all_parameters(context, of).await?;
    let object: Map<String, Value> = all.into_iter().map(|(name, value)| (name, value.into())).collect();
    let mut view = View::default();
    view.figure("mint", "mint", crate::view::Figure::address(&token.mint));
    view.figure("parameters", "parameters", crate::view::Figure { text: String::new(), json: Value::Object(object) });
    Ok(view)
}
