//! Commands that change parameters.

use backstop_client::{
    BackstopError, Collateral, Parameter, ParameterChange, Pool, address,
    verb::{self, Target},
};
use backstop_engine::governance::Schedule;
use backstop_engine::parameter::{AtOnce, Scope, Unit};
use clap::{
    Args,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use solana_address::Address;

use super::{
    After, Plan, Verb,
    refusal::{Refused, within_bounds},
    signer,
};
use crate::{
    context::{self, Context},
    failure::Failure,
    loaded_pool::{LoadError, LoadedMarket, LoadedPool, PoolChoice},
    parameters::{self, Bytes},
    receipt::EventFormatter,
    view::Cell,
};

/// A new value for a parameter.
#[derive(Args, Debug)]
pub(super) struct NewValue {
    /// Parameter to change. `backstop show parameters` lists those of the pool, `backstop show parameters <TOKEN>`
    /// those of a collateral. The market has guardian, treasury and timelock-seconds.
    #[arg(value_parser = parameter(), hide_possible_values = true)]
    parameter: Parameter,
    /// New value: depending on the parameter, a percentage (75%) or basis points (7500bps), a time (90, 12h, 2d), whole
    /// tokens, USD, a feed or an address.
    value: String,
    /// Collateral whose parameter to change, by symbol or mint [default: the pool's only collateral].
    #[arg(long, value_name = "TOKEN")]
    of: Option<String>,
    #[command(flatten)]
    choice: PoolChoice,
}

fn parameter() -> impl TypedValueParser<Value = Parameter> {
    let names = parameters::NAMES.iter().zip(parameters::NAMES_IN_FILES.iter());
    PossibleValuesParser::new(
        names.map(|(typed, in_files)| PossibleValue::new(typed.as_str()).alias(in_files.as_str())),
    )
    .try_map(|name| parameters::named(&name).ok_or("not a parameter"))
}

/// A change with its target, and its values before and after.
struct Resolved<'a> {
    market: LoadedMarket<'a>,
    loaded: Option<LoadedPool<'a>>,
    target: Target,
    before: Bytes,
    after: Bytes,
    event_formatter: EventFormatter,
}

impl NewValue {
    async fn resolve<'a>(&self, context: &'a Context) -> Result<Resolved<'a>, Failure> {
        let market = LoadedMarket::open(context, self.choice.market).await?;
        let scope = self.parameter.rules().scope();
        let missing = || Failure::unable(format!("{} cannot be read here", parameters::name(self.parameter)));
        let parse = |decimals| {
            // As elsewhere on the command line, a keypair file stands for its address.
            let of_file = match self.parameter.rules().unit() {
                Unit::Address => context::address(&self.value).ok().map(|address| address.to_string()),
                _ => None,
            };
            let value = parameters::parse_typed(self.parameter, of_file.as_deref().unwrap_or(&self.value), decimals);
            value.map_err(Failure::unable)
        };
        if scope == Scope::Market {
            let before = parameters::value_in_market(&market.market, self.parameter).ok_or_else(missing)?;
            let event_formatter = market.event_formatter();
            return Ok(Resolved {
                market,
                loaded: None,
                target: Target::Market,
                before,
                after: parse(0)?,
                event_formatter,
            });
        }
        let mut loaded = LoadedPool::open(context, &self.choice).await?;
        let pool = loaded.key.pool;
        let (target, before, decimals) = if scope == Scope::Pool {
            let before = parameters::value_in_pool(&loaded.snapshot.pool, self.parameter);
            (Target::Pool(pool), before, loaded.token.decimals)
        } else {
            let listed = loaded.collateral(self.of.as_deref()).await?;
            let collateral = listed.key.collateral;
            let account = &loaded.snapshot.collateral(&collateral).map_err(Failure::unable)?.account;
            let before = parameters::value_in_collateral(account, self.parameter);
            (Target::Collateral { pool, collateral }, before, listed.token.decimals)
        };
        let (before, after, event_formatter) =
            (before.ok_or_else(missing)?, parse(decimals)?, loaded.event_formatter());
        Ok(Resolved { market, loaded: Some(loaded), target, before, after, event_formatter })
    }

    fn tell(&self, plan: &mut Plan, resolved: &Resolved) {
        let (decimals, symbol) = match (resolved.target, &resolved.loaded) {
            (Target::Collateral { collateral, .. }, Some(loaded)) => loaded
                .listed_at(&collateral)
                .map_or((0, String::new()), |listed| (listed.token.decimals, listed.token.symbol)),
            (_, Some(loaded)) => (loaded.token.decimals, loaded.token.symbol.clone()),
            (_, None) => (0, String::new()),
        };
        let formatted = |value| Cell::text(parameters::format_in_percent(self.parameter, value, decimals, &symbol));
        plan.tell("parameter", "parameter", Cell::text(parameters::name(self.parameter)))
            .tell("before", "current", formatted(&resolved.before))
            .tell("after", "new", formatted(&resolved.after));
    }

    /// Requires that all bounds hold with the new value.
    fn require_bounds(&self, resolved: &Resolved) -> Result<(), Failure> {
        let (parameter, value) = (self.parameter, &resolved.after);
        let broken = match (resolved.target, &resolved.loaded) {
            (Target::Market, _) | (_, None) => {
                let seconds = value.first_chunk().map_or(0, |low| u32::from_le_bytes(*low));
                let timelock = parameter == Parameter::TimelockSeconds;
                timelock.then(|| parameters::broken_in_timelock(seconds)).flatten()
            }
            (Target::Pool(_), Some(loaded)) => parameters::broken_in_pool_by(&loaded.snapshot.pool, parameter, value),
            (Target::Collateral { collateral, .. }, Some(loaded)) => {
                let listed = loaded.snapshot.collateral(&collateral).map_err(Failure::unable)?;
                parameters::broken_in_collateral_by(&listed.account, parameter, value)
            }
        };
        within_bounds(broken.map(|rule| rule.replace('_', "-")))
    }

    /// Whether the change must wait for the timelock.
    fn waits(&self, resolved: &Resolved) -> bool {
        let number = |value: &Bytes| value.first_chunk().map_or(0, |low| u64::from_le_bytes(*low));
        match self.parameter.rules().at_once() {
            AtOnce::Lower => self.parameter.rules().waits(number(&resolved.before), number(&resolved.after)),
            AtOnce::Never => resolved.before != resolved.after,
        }
    }
}

/// `backstop tighten`.
#[derive(Args, Debug)]
pub struct Tighten {
    #[command(flatten)]
    new: NewValue,
}

impl Verb for Tighten {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let resolved = self.new.resolve(context).await?;
        signer::guardian(&resolved.market.market, me)?;
        let help = "Queue it with `backstop queue-change`. Once a pool is open, only max-ltv-bps, \
            stressed-max-ltv-bps, deposit-cap and \
                    max-premium-bps can be lowered at once.";
        let must_wait = || Failure::refused(Refused { error: BackstopError::ChangeMustWait, help: Some(help.into()) });
        let Some(loaded) = &resolved.loaded else { return Err(must_wait()) };
        let by_authority = resolved.market.market.authority == me;
        if self.new.waits(&resolved) && (loaded.snapshot.pool.launch().is_open() || !by_authority) {
            return Err(must_wait());
        }
        self.new.require_bounds(&resolved)?;
        let mut plan = Plan::new("Change a parameter at once", resolved.event_formatter.clone());
        let collateral = match resolved.target {
            Target::Collateral { collateral, .. } => Some(collateral),
            Target::Market | Target::Pool(_) => None,
        };
        plan.after = Some(match collateral {
            Some(collateral) => After::Collateral(loaded.choice(), loaded.listed_at(&collateral)?.key.mint),
            None => After::Pool(loaded.choice()),
        });
        plan.step(verb::tighten(&loaded.key, me, collateral, self.new.parameter, resolved.after));
        self.new.tell(&mut plan, &resolved);
        Ok(plan)
    }
}

/// `backstop queue-change`.
#[derive(Args, Debug)]
pub struct QueueChange {
    #[command(flatten)]
    new: NewValue,
    /// Number for the change [default: one more than the highest queued].
    #[arg(long, value_name = "NUMBER")]
    number: Option<u64>,
}

impl Verb for QueueChange {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let resolved = self.new.resolve(context).await?;
        let market = &resolved.market;
        signer::authority(&market.market, me)?;
        self.new.require_bounds(&resolved)?;
        let nonce = match self.number {
            Some(number) => number,
            None => {
                let all = context.cluster.all::<ParameterChange>(Some(&market.address)).await;
                let all = all.map_err(LoadError::from)?;
                all.iter().map(|(_, change)| change.nonce).max().map_or(0, |last| last.saturating_add(1))
            }
        };
        let mut plan = Plan::new("Queue a parameter change", resolved.event_formatter.clone());
        plan.after = Some(After::Changes(market.choice()));
        let (at, parameter) = (market.address, self.new.parameter);
        plan.step(verb::queue_change(at, me, me, resolved.target, nonce, parameter, resolved.after));
        self.new.tell(&mut plan, &resolved);
        let now = market.clock.unix_timestamp;
        let cooldown =
            resolved.loaded.as_ref().map_or(0, |loaded| loaded.snapshot.pool.parameters.insurance.cooldown_seconds);
        let wait = parameter.rules().wait_seconds(market.market.timelock_seconds, cooldown);
        let schedule = Schedule::after(wait, now);
        plan.tell("number", "number", Cell::count(nonce))
            .tell("executable_at", "executable from", Cell::time(schedule.executable_at, now))
            .tell("lapses_at", "until", Cell::time(schedule.lapses_at, now));
        plan.preview
            .note(format!("Then execute it with `backstop execute-change {nonce}`. You pay the rent until then."));
        Ok(plan)
    }
}

/// A queued change, by its number.
#[derive(Args, Debug)]
pub(super) struct QueuedNumber {
    /// Number of the change; `backstop show changes` lists them.
    number: u64,
    #[command(flatten)]
    choice: crate::loaded_pool::MarketChoice,
}

impl QueuedNumber {
    async fn find<'a>(&self, context: &'a Context) -> Result<(LoadedMarket<'a>, ParameterChange), LoadError> {
        let market = LoadedMarket::open(context, self.choice).await?;
        let found = context.cluster.get_optional(&address::change(&market.address, self.number)).await?;
        Ok((market, found.ok_or(LoadError::NoChange(self.number))?))
    }

    async fn plan(&self, market: &LoadedMarket<'_>, change: &ParameterChange, title: &str) -> Result<Plan, LoadError> {
        let queued = crate::commands::show::queued(market, *change).await?;
        let now = market.clock.unix_timestamp;
        let mut plan = Plan::new(title, market.event_formatter());
        plan.after = Some(After::Changes(market.choice()));
        plan.preview.view("change", crate::commands::show::change(&queued, now));
        Ok(plan)
    }
}

/// The target of a queued change.
async fn target(market: &LoadedMarket<'_>, change: &ParameterChange) -> Result<Target, LoadError> {
    if change.target == market.address {
        return Ok(Target::Market);
    }
    let account = market.cluster().get_raw(&[change.target]).await?.pop().flatten();
    let data = account.map(|account| account.data).unwrap_or_default();
    let collateral: Option<Collateral> = backstop_client::AccountData::from_account_data(&data);
    Ok(match collateral {
        Some(collateral) => Target::Collateral { pool: collateral.pool, collateral: change.target },
        None => Target::Pool(change.target),
    })
}

/// `backstop execute-change`.
#[derive(Args, Debug)]
pub struct ExecuteChange {
    #[command(flatten)]
    queued: QueuedNumber,
}

impl Verb for ExecuteChange {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let (market, change) = self.queued.find(context).await?;
        signer::authority(&market.market, me)?;
        let now = market.clock.unix_timestamp;
        let schedule = Schedule { executable_at: change.executable_at, lapses_at: change.lapses_at };
        if let Err(error) = schedule.require_open(now) {
            let (what, at) = match now < change.executable_at {
                true => ("becomes executable", change.executable_at),
                false => ("lapsed", change.lapses_at),
            };
            let help = Some(format!("The change {what} at {}.", Cell::time(at, now).text));
            return Err(Failure::refused(Refused { error: error.into(), help }));
        }
        let target = target(&market, &change).await?;
        if let Target::Pool(pool) | Target::Collateral { pool, .. } = target {
            left_open(&market, &pool, &change).await?;
        }
        let mut plan = self.queued.plan(&market, &change, "Execute a queued change").await?;
        plan.step(verb::execute_change(market.address, me, change.payer, target, change.nonce));
        Ok(plan)
    }
}

/// Checks that a pool's change can execute. It is void if it was queued before the pool opened. It waits until both
/// kinds of exit have been open for a whole timelock.
async fn left_open(market: &LoadedMarket<'_>, pool: &Address, change: &ParameterChange) -> Result<(), Failure> {
    let now = market.clock.unix_timestamp;
    let pool: Pool = market.cluster().account(pool).await.map_err(LoadError::from)?;
    if let Err(error) = pool.launch().require_queued_since(change.queued_at) {
        let help = Some(format!("Cancel it with `backstop cancel-change {}`, which refunds its rent.", change.nonce));
        return Err(Failure::refused(Refused { error: error.into(), help }));
    }
    for what in backstop_engine::governance::Pausable::ALL.into_iter().filter(|what| what.is_exit()) {
        let pause = pool.pause(what);
        if let Err(error) = pause.require_left_open(change.timelock_seconds, now) {
            let until = Cell::time(pause.until, now).text;
            let help = Some(format!("Exits were paused until {until}. They must be open for a whole timelock first."));
            return Err(Failure::refused(Refused { error: error.into(), help }));
        }
    }
    Ok(())
}

/// `backstop cancel-change`.
#[derive(Args, Debug)]
pub struct CancelChange {
    #[command(flatten)]
    queued: QueuedNumber,
}

impl Verb for CancelChange {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let (market, change) = self.queued.find(context).await?;
        // The guardian cannot cancel its own replacement.
        if change.parameter == Parameter::Guardian as u8 {
            signer::authority(&market.market, me)?;
        } else {
            signer::guardian(&market.market, me)?;
        }
        let mut plan = self.queued.plan(&market, &change, "Cancel a queued change").await?;
        plan.step(verb::cancel_change(market.address, me, change.payer, change.nonce));
        Ok(plan)
    }
}
