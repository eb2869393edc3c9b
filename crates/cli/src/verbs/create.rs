//! Creating markets, pools and collaterals.

use std::{fs, path::PathBuf};

use backstop_client::{
    address,
    verb::{self, CollateralKey, Hands, PoolKey},
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
    context::{self, Context},
    desk::{Desk, DeskError, MarketChoice, MarketDesk, PoolChoice, Priced, find_price, program_name},
    failure::Failure,
    parameters::{self, FileError},
    show,
    view::Figure,
};

/// A time as people write it, in seconds.
pub(super) fn time(text: &str) -> Result<u32, String> {
    parameters::seconds(text).ok_or_else(|| "give seconds, or a time such as 30m, 12h or 2d".into())
}

/// `backstop create-market`.
#[derive(Args, Debug)]
pub struct CreateMarket {
    /// Who may tighten, pause and cancel besides you: an address.
    #[arg(long, value_name = "ADDRESS", value_parser = context::address)]
    guardian: Address,
    /// Who owns the token accounts that reserves are paid to: an address.
    #[arg(long, value_name = "ADDRESS", value_parser = context::address)]
    treasury: Address,
    /// How long changes wait: a day to thirty days.
    #[arg(long, value_name = "TIME", default_value = "2d", value_parser = time)]
    timelock: u32,
    #[command(flatten)]
    choice: MarketChoice,
}

impl Verb for CreateMarket {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let id = self.choice.market;
        if self.choice.creator.is_some_and(|creator| creator != me) {
            return Err(Failure::unable("a market is created by who signs: leave out --creator"));
        }
        let at = address::market(&me, id);
        context.cluster.check_program().await.map_err(DeskError::from)?;
        if context.cluster.raw(&[at]).await.map_err(DeskError::from)?.iter().any(Option::is_some) {
            return Err(Failure::unable(format!(
                "you have a market {id} already, at {at}: choose another number with --market"
            )));
        }
        within_bounds(
            parameters::broken_in_timelock(self.timelock).map(|rule| rule.replace("timelock_seconds", "--timelock")),
        )?;
        let (guardian, treasury, timelock_seconds) = (self.guardian, self.treasury, self.timelock);
        let hands = Hands { authority: me, guardian, treasury, timelock_seconds };
        let mut plan = Plan::new(format!("Create market {id}"), Default::default());
        plan.after = Some(After::Market(MarketChoice { market: id, creator: Some(me) }));
        plan.step(verb::create_market(&hands, me, id));
        plan.tell("market", "market", Figure::address(&at))
            .tell("authority", "authority", Figure::address(&me))
            .tell("guardian", "guardian", Figure::address(&guardian))
            .tell("treasury", "treasury", Figure::address(&treasury))
            .tell("timelock", "timelock", Figure::seconds(timelock_seconds));
        plan.preview.note("You pay its rent.");
        Ok(plan)
    }
}

/// A file that cannot be used.
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
    /// The token that it lends: its symbol or mint.
    token: String,
    /// A file with all parameters, as `backstop show parameters` prints them.
    #[arg(long, value_name = "PATH")]
    parameters: PathBuf,
    #[command(flatten)]
    choice: MarketChoice,
}

impl Verb for CreatePool {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let market = MarketDesk::open(context, self.choice).await?;
        signer::authority(&market.market, me)?;
        let (token, token_program) = market.token(market.mint(&self.token).await?).await?;
        let key = PoolKey::new(market.address, token.mint).with_token_program(token_program);
        let parameters = parameters_from(&self.parameters, |text| parameters::pool_from_file(text, &token))?;
        within_bounds(parameters::broken_in_pool(&parameters).map(Into::into))?;
        let now = market.clock.unix_timestamp;
        let price = find_price(&context.cluster, &parameters.oracle, now).await.map_err(DeskError::from)?;
        let quote = usable(&price, "liquidity")?;
        let mut plan = Plan::new(format!("Create a pool of {}", token.symbol), market.teller());
        plan.after = Some(After::Pool(PoolChoice { market: self.choice, pool: Some(key.pool.to_string()) }));
        plan.step(verb::create_pool(&key, me, me, &price.accounts, parameters));
        for step in verb::make_room_for_losses(&key, me) {
            plan.step(step);
        }
        plan.tell("pool", "pool", Figure::address(&key.pool))
            .tell("mint", "mint", Figure::address(&token.mint).noted(program_name(&token_program)))
            .tell("price", "price now", Figure::usd(quote.value().map_err(DeskError::from)?.get()));
        plan.preview.note(
            "You pay the rent of the pool, its vault, its insurance fund and its loss book, with room for 256 losses.",
        );
        plan.preview.note("It is closed: list its collaterals, then open it with `backstop open-pool`.");
        Ok(plan)
    }
}

/// The price, or which of the file's feeds cannot be used. `whose` is what the names of the parameters begin with.
fn usable(found: &Priced, whose: &str) -> Result<Quote, Failure> {
    found.reading.map(|reading| reading.quote).map_err(|error| {
        let names = [format!("{whose}_feed"), format!("{whose}_second_feed")];
        let bad = names.iter().zip(&found.feeds).filter(|(_, feed)| feed.problem.is_some());
        let bad: Vec<String> =
            bad.map(|(name, feed)| format!("{name} is read from {}.", show::price::problem(feed))).collect();
        let told = if bad.is_empty() { format!("They are {}.", names.join(" and ")) } else { bad.join("\n") };
        let help = Some(format!("{told}\nThe price must be usable when the token is listed."));
        Failure::refused(Refused { error, help })
    })
}

/// `backstop add-collateral`.
#[derive(Args, Debug)]
pub struct AddCollateral {
    /// The token: its symbol or mint.
    token: String,
    /// A file with all parameters, as `backstop show parameters <TOKEN>` prints them.
    #[arg(long, value_name = "PATH")]
    parameters: PathBuf,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for AddCollateral {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let desk = Desk::open(context, &self.choice).await?;
        signer::authority(&desk.market.market, me)?;
        let (token, token_program) = desk.market.token(desk.market.mint(&self.token).await?).await?;
        let key = CollateralKey::new(&desk.key.pool, token.mint).with_token_program(token_program);
        let parameters = parameters_from(&self.parameters, |text| parameters::collateral_from_file(text, &token))?;
        let (snapshot, now) = (&desk.snapshot, desk.snapshot.now);
        within_bounds(parameters::broken_in_collateral(&parameters).map(Into::into))?;
        let price = find_price(&context.cluster, &parameters.oracle, now).await.map_err(DeskError::from)?;
        let quote = usable(&price, "collateral")?;
        let mut plan = Plan::new(format!("List {} as collateral", token.symbol), desk.teller());
        plan.after = Some(After::Collateral(desk.choice(), token.mint));
        plan.step(verb::add_collateral(&desk.key, &key, me, me, &price.accounts, parameters));
        plan.tell("collateral", "collateral", Figure::address(&key.collateral))
            .tell("mint", "mint", Figure::address(&token.mint).noted(program_name(&token_program)))
            .tell("price", "price now", Figure::usd(quote.value().map_err(DeskError::from)?.get()))
            .tell("max_ltv", "loan-to-value limit", Figure::bps(parameters.max_ltv_bps))
            .tell("liquidation_threshold", "liquidation threshold", Figure::bps(parameters.liquidation_threshold_bps));
        let at = snapshot.pool.launch().collateral_opens_at(desk.market.market.timelock_seconds, now);
        if at != 0 {
            plan.tell("opens_at", "opens for deposits", Figure::time(at, now));
        }
        plan.preview.note("You pay the rent of the collateral and its vault.");
        Ok(plan)
    }
}

/// `backstop open-pool`.
#[derive(Args, Debug)]
pub struct OpenPool {
    /// The gift that founds the insurance fund, in whole tokens.
    #[arg(long, value_name = "AMOUNT")]
    gift: Whole,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for OpenPool {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let desk = Desk::open(context, &self.choice).await?;
        signer::authority(&desk.market.market, me)?;
        let gift = self.gift.units(&desk.token)?;
        let mut after = desk.snapshot.clone();
        after.open_pool(gift).map_err(|error| refused(&desk, error, &Subject::default()))?;
        let mut plan = Plan::new(format!("Open the pool of {}", desk.token.symbol), desk.teller());
        plan.after = Some(After::Pool(desk.choice()));
        let source = plan.pay(&me, &desk.token, &desk.key.token_program, gift);
        plan.step(verb::open_pool(&desk.key, me, source, gift));
        plan.tell("gift", "you give to its insurance fund", Figure::amount(gift, &desk.token));
        plan.preview
            .note("Nobody can take the gift out again.")
            .note("From then on what loosens waits for the timelock, and changes that are queued now are void.");
        Ok(plan)
    }
}
