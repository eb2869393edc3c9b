//! Running a market: pausing, handing over, reserves.

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
    desk::{Desk, MarketChoice, MarketDesk, PoolChoice},
    failure::Failure,
    parameters,
    show::Books,
    view::Figure,
};

/// How long a pause is if nothing is said: the most for what lets people out.
const PAUSE: &str = "72h";

fn operations() -> impl TypedValueParser<Value = PausableOperation> {
    let named = |name: String| {
        let all = PausableOperation::ALL.iter().copied();
        all.into_iter().find(|what| parameters::operation(*what) == name).ok_or("it cannot be paused")
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
    /// What to pause.
    #[arg(value_parser = operations())]
    operation: PausableOperation,
    /// For how long: seconds, or 30m, 12h, 2d. At most 72h for withdrawals, 30d for deposit and borrow.
    #[arg(value_name = "TIME", default_value = PAUSE, value_parser = time)]
    duration: u32,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for Pause {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let desk = Desk::open(context, &self.choice).await?;
        signer::guardian(&desk.market.market, me)?;
        if self.duration == 0 {
            return Err(Failure::unable("a pause of no time stops nothing: give a time such as 12h"));
        }
        let (what, now) = (pausable(self.operation), desk.snapshot.now);
        let pause = desk.snapshot.pool.pause(what).begin(what, self.duration, now);
        let pause = pause.map_err(|error| refused(&desk, error.into(), &Subject::default()))?;
        let mut plan = Plan::new(format!("Pause {}", parameters::operation(self.operation)), desk.teller());
        plan.after = Some(After::Pool(desk.choice()));
        plan.step(verb::pause(&desk.key, me, self.operation, self.duration));
        plan.tell("until", "paused until", Figure::time(pause.until, now));
        if what.is_exit() {
            plan.preview.note("It cannot be paused again before it was open for as long as it was paused.");
        }
        Ok(plan)
    }
}

/// `backstop unpause`.
#[derive(Args, Debug)]
pub struct Unpause {
    /// What to open again.
    #[arg(value_parser = operations())]
    operation: PausableOperation,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for Unpause {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let desk = Desk::open(context, &self.choice).await?;
        signer::authority(&desk.market.market, me)?;
        let (what, now) = (pausable(self.operation), desk.snapshot.now);
        let pause = desk.snapshot.pool.pause(what);
        if !pause.holds(now) {
            let name = parameters::operation(self.operation);
            return Err(Failure::unable(format!("{name} is not paused: there is nothing to end")));
        }
        let mut plan = Plan::new(format!("End the pause of {}", parameters::operation(self.operation)), desk.teller());
        plan.after = Some(After::Pool(desk.choice()));
        plan.step(verb::unpause(&desk.key, me, self.operation));
        plan.tell("until", "would have ended", Figure::time(pause.until, now));
        Ok(plan)
    }
}

/// `backstop propose-authority`.
#[derive(Args, Debug)]
pub struct ProposeAuthority {
    /// Who is to be the next authority.
    #[arg(value_name = "ADDRESS", value_parser = context::address)]
    authority: Address,
    #[command(flatten)]
    choice: MarketChoice,
}

impl Verb for ProposeAuthority {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let market = MarketDesk::open(context, self.choice).await?;
        signer::authority(&market.market, me)?;
        let now = market.clock.unix_timestamp;
        let schedule = Schedule::after(market.market.timelock_seconds.into(), now);
        let mut plan = Plan::new("Propose the next authority", market.teller());
        plan.after = Some(After::Market(self.choice));
        plan.step(verb::propose_authority(market.address, me, self.authority));
        plan.tell("authority", "authority now", Figure::address(&market.market.authority))
            .tell("proposed", "proposed", Figure::address(&self.authority))
            .tell("acceptable_at", "can accept from", Figure::time(schedule.executable_at, now))
            .tell("lapses_at", "until", Figure::time(schedule.lapses_at, now));
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
        let market = MarketDesk::open(context, self.choice).await?;
        signer::proposed(&market.market, me)?;
        let (account, now) = (&market.market, market.clock.unix_timestamp);
        let schedule = Schedule { executable_at: account.acceptable_at, lapses_at: account.acceptance_lapses_at };
        if let Err(error) = schedule.require_open(now) {
            let (from, until) = (Figure::time(schedule.executable_at, now), Figure::time(schedule.lapses_at, now));
            let help = Some(format!("It can be accepted from {} until {}.", from.text, until.text));
            return Err(Failure::refused(Refused { error: error.into(), help }));
        }
        let mut plan = Plan::new("Take over as the authority", market.teller());
        plan.after = Some(After::Market(self.choice));
        plan.step(verb::accept_authority(market.address, me));
        plan.tell("authority", "authority now", Figure::address(&account.authority)).tell(
            "proposed",
            "authority then",
            Figure::address(&me),
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
        let market = MarketDesk::open(context, self.choice).await?;
        signer::guardian(&market.market, me)?;
        signer::somebody_is_proposed(&market.market)?;
        let mut plan = Plan::new("Cancel the proposal of an authority", market.teller());
        plan.after = Some(After::Market(self.choice));
        plan.step(verb::cancel_authority(market.address, me));
        plan.tell("proposed", "proposed", Figure::address(&market.market.pending_authority));
        Ok(plan)
    }
}

/// `backstop collect-reserves`.
#[derive(Args, Debug)]
pub struct CollectReserves {
    /// How much, in whole tokens; or all that can be collected.
    amount: Amount,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for CollectReserves {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let desk = Desk::open(context, &self.choice).await?;
        signer::authority(&desk.market.market, me)?;
        if let Some(why) = nothing_to_collect(&desk.books()?) {
            return Err(Failure::refused(why));
        }
        let assets = self.amount.units(&desk.token)?;
        let mut after = desk.snapshot.clone();
        let paid = after.collect_reserves(assets).map_err(|error| refused(&desk, error, &Subject::default()))?;
        let mut plan = Plan::new("Pay reserves to the treasury", desk.teller());
        plan.after = Some(After::Pool(desk.choice()));
        let treasury = desk.market.market.treasury;
        let destination = plan.receive(&desk, me, treasury, &desk.token, desk.key.token_program).await?;
        plan.step(verb::collect_reserves(&desk.key, me, destination, assets));
        let left = desk.books_of(&after)?.totals.reserves.get();
        plan.tell("paid", "paid", Figure::amount(paid, &desk.token))
            .tell("to", "to the treasury", Figure::address(&treasury))
            .tell("reserves_after", "reserves then", Figure::amount(left, &desk.token));
        Ok(plan)
    }
}

/// Why no reserves can be collected, and what would make some; nothing if some can be.
fn nothing_to_collect(books: &Books) -> Option<String> {
    let (totals, pool) = (&books.totals, &books.pool);
    let amount = |assets: Assets| Figure::amount(assets.get(), &books.token).text;
    if totals.reserves.is_zero() {
        let part = Figure::bps(pool.rates().reserve_factor.get()).text;
        let made = match (pool.rates().reserve_factor.get(), pool.debt_shares) {
            (0, _) => "`backstop queue-change reserve-factor-bps 10%` would make them a part of it",
            (_, 0) => "nothing is lent now, so none comes in",
            _ => "more comes in with time",
        };
        return Some(format!(
            "there are no reserves to collect. They are made of the interest that borrowers pay, of which reserves get {part} (reserve_factor_bps): {made}"
        ));
    }
    let (reserves, marked) = (totals.reserves, Assets::new(pool.marked));
    if reserves <= marked {
        let (reserves, marked) = (amount(reserves), amount(marked));
        return Some(format!(
            "all reserves, {reserves}, are held for known losses of {marked}: what is left of them can be collected when those are settled"
        ));
    }
    totals.cash.is_zero().then(|| {
        format!(
            "the reserves are {}, and the pool has no cash: collect them when borrowers have repaid",
            amount(reserves)
        )
    })
}

#[cfg(test)]
mod tests {
    use backstop_client::Pool;
    use solana_address::Address;

    use super::*;
    use crate::{blank::blank, tokens::Token};

    /// A pool with these reserves, marks, cash and part of interest.
    fn books(reserves: u64, marked: u64, cash: u64, factor_bps: u32) -> Books {
        let mut pool = Pool { reserves, marked, cash, ..blank() };
        pool.parameters.rates.reserve_factor_bps = factor_bps;
        let token = Token { symbol: "USDC".into(), mint: Address::default(), decimals: 6 };
        let totals = pool.totals();
        Books {
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
        let told = |books: Books| nothing_to_collect(&books).unwrap();
        let none = told(books(0, 0, 5, 1_000));
        assert!(
            none.contains("no reserves") && none.contains("get 10 %") && none.contains("nothing is lent"),
            "{none}"
        );
        let never = told(books(0, 0, 5, 0));
        assert!(never.contains("get 0 %") && never.contains("queue-change reserve-factor-bps"), "{never}");
        let held = told(books(2_000_000, 3_500_000, 5_000_000, 1_000));
        assert!(held.contains("2 USDC") && held.contains("losses of 3.5 USDC"), "{held}");
        let lent = told(books(2_000_000, 500_000, 0, 1_000));
        assert!(lent.contains("no cash"), "{lent}");
        assert_eq!(nothing_to_collect(&books(2_000_000, 500_000, 1, 1_000)), None);
    }
}
