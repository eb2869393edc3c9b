//! Commands that create markets, pools and collaterals.

use std::{fs, path::PathBuf};

use backstop_client::{
    address,
    verb::{self, CollateralKey, MarketRoles, PoolKey},
};
use backstop_engine::price::Quote;
use clap::Args;
use solana_address::Address;

use super::{
    After, Plan, Verb,
    amounts::Whole,
    refusal::{Refused, Subject, refused, within_bounds},
    signer,
};
use crate::{
    commands::show,
    context::{self, Context},
    failure::Failure,
    loaded_pool::{LoadError, LoadedMarket, LoadedPool, MarketChoice, PoolChoice, Priced, find_price, program_name},
    parameters::{self, FileError},
    view::Cell,
};

/// Parses a time such as `2d` into seconds.
pub(super) fn time(text: &str) -> Result<u32, String> {
    parameters::seconds(text).ok_or_else(|| "enter seconds, or a time such as 30m, 12h or 2d".into())
}

/// `backstop create-market`.
#[derive(Args, Debug)]
pub struct CreateMarket {
    /// Guardian: the address that may tighten, pause and cancel besides you.
    #[arg(long, value_name = "ADDRESS", value_parser = context::address)]
    guardian: Address,
    /// Treasury: the address that owns the token accounts that reserves are paid to.
    #[arg(long, value_name = "ADDRESS", value_parser = context::address)]
    treasury: Address,
    /// Delay before a queued change can execute: 1d to 30d.
    #[arg(long, value_name = "TIME", default_value = "2d", value_parser = time)]
    timelock: u32,
    #[command(flatten)]
    choice: MarketChoice,
}

impl Verb for CreateMarket {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let id = self.choice.market;
        if self.choice.creator.is_some_and(|creator| creator != me) {
            return Err(Failure::unable("a market is created by its signer: omit --creator"));
        }
        let at = address::market(&me, id);
        context.cluster.check_program().await.map_err(LoadError::from)?;
        if context.cluster.get_raw(&[at]).await.map_err(LoadError::from)?.iter().any(Option::is_some) {
            return Err(Failure::unable(format!(
                "you already have a market {id}, at {at}: choose another id with --market"
            )));
        }
        within_bounds(
            parameters::broken_in_timelock(self.timelock).map(|rule| rule.replace("timelock_seconds", "--timelock")),
        )?;
        let (guardian, treasury, timelock_seconds) = (self.guardian, self.treasury, self.timelock);
        let roles = MarketRoles { authority: me, guardian, treasury, timelock_seconds };
        let mut plan = Plan::new(format!("Create market {id}"), Default::default());
        plan.after = Some(After::Market(MarketChoice { market: id, creator: Some(me) }));
        plan.step(verb::create_market(&roles, me, id));
        plan.tell("market", "market", Cell::address(&at))
            .tell("authority", "authority", Cell::address(&me))
            .tell("guardian", "guardian", Cell::address(&guardian))
            .tell("treasury", "treasury", Cell::address(&treasury))
            .tell("timelock", "timelock", Cell::seconds(timelock_seconds));
        plan.preview.note("You pay the rent.");
        Ok(plan)
    }
}

/// A parameters file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the parameters file {path} cannot be used: {reason}")]
struct ParametersError {
    path: String,
    reason: String,
}

fn parameters_from<T>(path: &PathBuf, read: impl Fn(&str) -> Result<T, FileError>) -> Result<T, Failure> {
    let error = |reason: String| Failure::unable(ParametersError { path: path.display().to_string(), reason });
    let text = fs::read_to_string(path).map_err(|reason| error(reason.to_string()))?;
    read(&text).map_err(|reason| error(reason.to_string()))
}

/// `backstop create-pool`.
#[derive(Args, Debug)]
pub struct CreatePool {
    /// Token that the pool lends, by symbol or mint.
    token: String,
    /// File with all parameters, as printed by `backstop show parameters`.
    #[arg(long, value_name = "PATH")]
    parameters: PathBuf,
    #[command(flatten)]
    choice: MarketChoice,
}

impl Verb for CreatePool {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let market = LoadedMarket::open(context, self.choice).await?;
        signer::authority(&market.market, me)?;
        let (token, token_program) = market.token(market.mint(&self.token).await?).await?;
        let key = PoolKey::new(market.address, token.mint).with_token_program(token_program);
        let parameters = parameters_from(&self.parameters, |text| parameters::pool_from_file(text, &token))?;
        within_bounds(parameters::broken_in_pool(&parameters).map(Into::into))?;
        let now = market.clock.unix_timestamp;
        let price = find_price(&context.cluster, &parameters.oracle, now).await.map_err(LoadError::from)?;
        let quote = usable(&price, "liquidity")?;
        let mut plan = Plan::new(format!("Create a {} pool", token.symbol), market.event_formatter());
        plan.after = Some(After::Pool(PoolChoice { market: self.choice, pool: Some(key.pool.to_string()) }));
        plan.step(verb::create_pool(&key, me, me, &price.accounts, parameters));
        for step in verb::make_room_for_losses(&key, me) {
            plan.step(step);
        }
        plan.tell("pool", "pool", Cell::address(&key.pool))
            .tell("mint", "mint", Cell::address(&token.mint).noted(program_name(&token_program)))
            .tell("price", "price now", Cell::usd(quote.value().map_err(LoadError::from)?.get()));
        plan.preview.note(
            "You pay the rent of the pool, its vault, its insurance fund and its loss book with room for 256 losses.",
        );
        plan.preview.note("The pool starts closed: list its collaterals, then open it with `backstop open-pool`.");
        Ok(plan)
    }
}

/// Returns the price, or an error that names the unusable feeds. `whose` is the prefix of the parameters' names.
fn usable(found: &Priced, whose: &str) -> Result<Quote, Failure> {
    found.reading.map(|reading| reading.quote).map_err(|error| {
        let names = [format!("{whose}_feed"), format!("{whose}_second_feed")];
        let bad = names.iter().zip(&found.feeds).filter(|(_, feed)| feed.problem.is_some());
        let bad: Vec<String> =
            bad.map(|(name, feed)| format!("{name} is read from {}.", show::price::problem(feed))).collect();
        let formatted = if bad.is_empty() { format!("The feeds are {}.", names.join(" and ")) } else { bad.join("\n") };
        let help = Some(format!("{formatted}\nThe price must be usable when the token is listed."));
        Failure::refused(Refused { error, help })
    })
}

/// `backstop add-collateral`.
#[derive(Args, Debug)]
pub struct AddCollateral {
    /// Token to list, by symbol or mint.
    token: String,
    /// File with all parameters, as printed by `backstop show parameters <TOKEN>`.
    #[arg(long, value_name = "PATH")]
    parameters: PathBuf,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for AddCollateral {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let loaded = LoadedPool::open(context, &self.choice).await?;
        signer::authority(&loaded.market.market, me)?;
        let (token, token_program) = loaded.market.token(loaded.market.mint(&self.token).await?).await?;
        let key = CollateralKey::new(&loaded.key.pool, token.mint).with_token_program(token_program);
        let parameters = parameters_from(&self.parameters, |text| parameters::collateral_from_file(text, &token))?;
        let (snapshot, now) = (&loaded.snapshot, loaded.snapshot.now);
        within_bounds(parameters::broken_in_collateral(&parameters).map(Into::into))?;
        let price = find_price(&context.cluster, &parameters.oracle, now).await.map_err(LoadError::from)?;
        let quote = usable(&price, "collateral")?;
        let mut plan = Plan::new(format!("List {} as collateral", token.symbol), loaded.event_formatter());
        plan.after = Some(After::Collateral(loaded.choice(), token.mint));
        plan.step(verb::add_collateral(&loaded.key, &key, me, me, &price.accounts, parameters));
        plan.tell("collateral", "collateral", Cell::address(&key.collateral))
            .tell("mint", "mint", Cell::address(&token.mint).noted(program_name(&token_program)))
            .tell("price", "price now", Cell::usd(quote.value().map_err(LoadError::from)?.get()))
            .tell("max_ltv", "loan-to-value limit", Cell::bps(parameters.max_ltv_bps))
            .tell("liquidation_threshold", "liquidation threshold", Cell::bps(parameters.liquidation_threshold_bps));
        let at = snapshot.pool.launch().collateral_opens_at(loaded.market.market.timelock_seconds, now);
        if at != 0 {
            plan.tell("opens_at", "opens for deposits", Cell::time(at, now));
        }
        plan.preview.note("You pay the rent of the collateral and its vault.");
        Ok(plan)
    }
}

/// `backstop open-pool`.
#[derive(Args, Debug)]
pub struct OpenPool {
    /// Donation that founds the insurance fund, in whole tokens.
    #[arg(long, value_name = "AMOUNT")]
    donation: Whole,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for OpenPool {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let loaded = LoadedPool::open(context, &self.choice).await?;
        signer::authority(&loaded.market.market, me)?;
        let donation = self.donation.units(&loaded.token)?;
        let mut after = loaded.snapshot.clone();
        after.open_pool(donation).map_err(|error| refused(&loaded, error, &Subject::default()))?;
        let mut plan = Plan::new(format!("Open the {} pool", loaded.token.symbol), loaded.event_formatter());
        plan.after = Some(After::Pool(loaded.choice()));
        let source = plan.pay(&me, &loaded.token, &loaded.key.token_program, donation);
        plan.step(verb::open_pool(&loaded.key, me, source, donation));
        plan.tell("donation", "donation to the insurance fund", Cell::amount(donation, &loaded.token));
        plan.preview.note("The donation can never be withdrawn.").note(
            "Once the pool is open, loosening changes wait for the timelock, and changes queued before are void.",
        );
        Ok(plan)
    }
}
