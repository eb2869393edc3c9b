//! Commands that run a market: pauses, handover, reserves.

use backstop_client::{PausableOperation, verb};
use backstop_engine::{
    governance::{Pausable, Schedule},
    quantity::Assets,
};
use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser},
};
use solana_address::Address;

use super::{
    After, Plan, Verb,
    amounts::Amount,
    create::time,
    refusal::{Refused, Subject, refused},
    signer,
};
use crate::{
    context::{self, Context},
    failure::Failure,
    loaded_pool::PoolSummary,
    loaded_pool::{LoadedMarket, LoadedPool, MarketChoice, PoolChoice},
    parameters,
    view::Cell,
};

/// The default duration of a pause: the maximum for exits.
const PAUSE: &str = "72h";

fn operations() -> impl TypedValueParser<Value = PausableOperation> {
    let named = |name: String| {
        let all = PausableOperation::ALL.iter().copied();
        all.into_iter().find(|what| parameters::operation(*what) == name).ok_or("not an operation that can be paused")
    };
    PossibleValuesParser::new(parameters::OPERATIONS.iter().map(String::as_str)).try_map(named)
}

fn pausable(what: PausableOperation) -> Pausable {
    match what {
        PausableOperation::Deposit => Pausable::Deposit,
        PausableOperation::Borrow => Pausable::Borrow,
        PausableOperation::WithdrawCollateral => Pausable::WithdrawCollateral,
        PausableOperation::Withdraw => Pausable::Withdraw,
    }
}

/// `backstop pause`.
#[derive(Args, Debug)]
pub struct Pause {
    /// Operation to pause.
    #[arg(value_parser = operations())]
    operation: PausableOperation,
    /// Duration: seconds, or 30m, 12h, 2d. At most 72h for withdrawals, 30d for deposit and borrow.
    #[arg(value_name = "TIME", default_value = PAUSE, value_parser = time)]
    duration: u32,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for Pause {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let loaded = LoadedPool::open(context, &self.choice).await?;
        signer::guardian(&loaded.market.market, me)?;
        if self.duration == 0 {
            return Err(Failure::unable("a pause must last longer than zero seconds: enter a time such as 12h"));
        }
        let (what, now) = (pausable(self.operation), loaded.snapshot.now);
        let pause = loaded.snapshot.pool.pause(what).begin(what, self.duration, now);
        let pause = pause.map_err(|error| refused(&loaded, error.into(), &Subject::default()))?;
        let mut plan = Plan::new(format!("Pause {}", parameters::operation(self.operation)), loaded.event_formatter());
        plan.after = Some(After::Pool(loaded.choice()));
        plan.step(verb::pause(&loaded.key, me, self.operation, self.duration));
        plan.tell("until", "paused until", Cell::time(pause.until, now));
        if what.is_exit() {
            plan.preview.note("It cannot be paused again until it has been open for as long as it was paused.");
        }
        Ok(plan)
    }
}

/// `backstop unpause`.
#[derive(Args, Debug)]
pub struct Unpause {
    /// Operation to reopen.
    #[arg(value_parser = operations())]
    operation: PausableOperation,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for Unpause {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let loaded = LoadedPool::open(context, &self.choice).await?;
        signer::authority(&loaded.market.market, me)?;
        let (what, now) = (pausable(self.operation), loaded.snapshot.now);
        let pause = loaded.snapshot.pool.pause(what);
        if !pause.holds(now) {
            let name = parameters::operation(self.operation);
            return Err(Failure::unable(format!("{name} is not paused: there is no pause to end")));
        }
        let mut plan =
            Plan::new(format!("End the pause of {}", parameters::operation(self.operation)), loaded.event_formatter());
        plan.after = Some(After::Pool(loaded.choice()));
        plan.step(verb::unpause(&loaded.key, me, self.operation));
        plan.tell("until", "would have ended at", Cell::time(pause.until, now));
        Ok(plan)
    }
}

/// `backstop propose-authority`.
#[derive(Args, Debug)]
pub struct ProposeAuthority {
    /// Address of the next authority.
    #[arg(value_name = "ADDRESS", value_parser = context::address)]
    authority: Address,
    #[command(flatten)]
    choice: MarketChoice,
}

impl Verb for ProposeAuthority {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let market = LoadedMarket::open(context, self.choice).await?;
        signer::authority(&market.market, me)?;
        let now = market.clock.unix_timestamp;
        let schedule = Schedule::after(market.market.timelock_seconds.into(), now);
        let mut plan = Plan::new("Propose the next authority", market.event_formatter());
        plan.after = Some(After::Market(self.choice));
        plan.step(verb::propose_authority(market.address, me, self.authority));
        plan.tell("authority", "current authority", Cell::address(&market.market.authority))
            .tell("proposed", "proposed authority", Cell::address(&self.authority))
            .tell("acceptable_at", "can accept from", Cell::time(schedule.executable_at, now))
            .tell("lapses_at", "until", Cell::time(schedule.lapses_at, now));
        Ok(plan)
    }
}

/// `backstop accept-authority`.
#[derive(Args, Debug)]
pub struct AcceptAuthority {
    #[command(flatten)]
    choice: MarketChoice,
}

impl Verb for AcceptAuthority {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let market = LoadedMarket::open(context, self.choice).await?;
        signer::proposed(&market.market, me)?;
        let (account, now) = (&market.market, market.clock.unix_timestamp);
        let schedule = Schedule { executable_at: account.acceptable_at, lapses_at: account.acceptance_lapses_at };
        if let Err(error) = schedule.require_open(now) {
            let (from, until) = (Cell::time(schedule.executable_at, now), Cell::time(schedule.lapses_at, now));
            let help = Some(format!("You can accept from {} until {}.", from.text, until.text));
            return Err(Failure::refused(Refused { error: error.into(), help }));
        }
        let mut plan = Plan::new("Become the authority", market.event_formatter());
        plan.after = Some(After::Market(self.choice));
        plan.step(verb::accept_authority(market.address, me));
        plan.tell("authority", "current authority", Cell::address(&account.authority)).tell(
            "proposed",
            "new authority",
            Cell::address(&me),
        );
        Ok(plan)
    }
}

/// `backstop cancel-authority`.
#[derive(Args, Debug)]
pub struct CancelAuthority {
    #[command(flatten)]
    choice: MarketChoice,
}

impl Verb for CancelAuthority {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let market = LoadedMarket::open(context, self.choice).await?;
        signer::guardian(&market.market, me)?;
        signer::somebody_is_proposed(&market.market)?;
        let mut plan = Plan::new("Cancel the proposal of an authority", market.event_formatter());
        plan.after = Some(After::Market(self.choice));
        plan.step(verb::cancel_authority(market.address, me));
        plan.tell("proposed", "proposed authority", Cell::address(&market.market.pending_authority));
        Ok(plan)
    }
}

/// `backstop collect-reserves`.
#[derive(Args, Debug)]
pub struct CollectReserves {
    /// Amount, in whole tokens, or `all` that can be collected.
    amount: Amount,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for CollectReserves {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let loaded = LoadedPool::open(context, &self.choice).await?;
        signer::authority(&loaded.market.market, me)?;
        if let Some(why) = nothing_to_collect(&loaded.summary()?) {
            return Err(Failure::refused(why));
        }
        let assets = self.amount.units(&loaded.token)?;
        let mut after = loaded.snapshot.clone();
        let paid = after.collect_reserves(assets).map_err(|error| refused(&loaded, error, &Subject::default()))?;
        let mut plan = Plan::new("Pay reserves to the treasury", loaded.event_formatter());
        plan.after = Some(After::Pool(loaded.choice()));
        let treasury = loaded.market.market.treasury;
        let destination = plan.receive(&loaded, me, treasury, &loaded.token, loaded.key.token_program).await?;
        plan.step(verb::collect_reserves(&loaded.key, me, destination, assets));
        let left = loaded.summary_of(&after)?.totals.reserves.get();
        plan.tell("paid", "paid", Cell::amount(paid, &loaded.token))
            .tell("to", "to the treasury", Cell::address(&treasury))
            .tell("reserves_after", "reserves after", Cell::amount(left, &loaded.token));
        Ok(plan)
    }
}

/// Explains why no reserves can be collected, and what would change that. `None` if some can.
fn nothing_to_collect(summary: &PoolSummary) -> Option<String> {
    let (totals, pool) = (&summary.totals, &summary.pool);
    let amount = |assets: Assets| Cell::amount(assets.get(), &summary.token).text;
    if totals.reserves.is_zero() {
        let part = Cell::bps(pool.rates().reserve_factor.get()).text;
        let made = match (pool.rates().reserve_factor.get(), pool.debt_shares) {
            (0, _) => "To collect a share, run `backstop queue-change reserve-factor-bps 10%`",
            (_, 0) => "Nothing is lent now, so no interest accrues",
            _ => "They grow as interest accrues",
        };
        return Some(format!(
            "there are no reserves to collect. Reserves get {part} of the interest that borrowers pay \
             (reserve_factor_bps). {made}"
        ));
    }
    let (reserves, marked) = (totals.reserves, Assets::new(pool.marked));
    if reserves <= marked {
        let (reserves, marked) = (amount(reserves), amount(marked));
        return Some(format!(
            "all reserves, {reserves}, are held for known losses of {marked}: collect the rest once those are settled"
        ));
    }
    totals.cash.is_zero().then(|| {
        format!("the reserves are {}, but the pool has no cash: collect them when borrowers repay", amount(reserves))
    })
}

#[cfg(test)]
mod tests {
    use backstop_client::Pool;
    use solana_address::Address;

    use super::*;
    use crate::{blank::blank, tokens::Token};

    /// A pool with these reserves, marks, cash and reserve factor.
    fn summary(reserves: u64, marked: u64, cash: u64, factor_bps: u32) -> PoolSummary {
        let mut pool = Pool { reserves, marked, cash, ..blank() };
        pool.parameters.rates.reserve_factor_bps = factor_bps;
        let token = Token { symbol: "USDC".into(), mint: Address::default(), decimals: 6 };
        let totals = pool.totals();
        PoolSummary {
            address: Address::default(),
            insured: blank::<backstop_client::InsuranceFund>().fund(),
            pool,
            fund: blank(),
            token,
            now: 0,
            totals,
        }
    }

    #[test]
    fn what_keeps_reserves_from_being_collected_is_told() {
        let formatted = |summary: PoolSummary| nothing_to_collect(&summary).unwrap();
        let none = formatted(summary(0, 0, 5, 1_000));
        assert!(
            none.contains("no reserves") && none.contains("get 10 %") && none.contains("Nothing is lent"),
            "{none}"
        );
        let never = formatted(summary(0, 0, 5, 0));
        assert!(never.contains("get 0 %") && never.contains("queue-change reserve-factor-bps"), "{never}");
        let held = formatted(summary(2_000_000, 3_500_000, 5_000_000, 1_000));
        assert!(held.contains("2 USDC") && held.contains("losses of 3.5 USDC"), "{held}");
        let lent = formatted(summary(2_000_000, 500_000, 0, 1_000));
        assert!(lent.contains("no cash"), "{lent}");
        assert_eq!(nothing_to_collect(&summary(2_000_000, 500_000, 1, 1_000)), None);
    }
}
