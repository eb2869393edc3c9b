//! Plays scenarios against the built program.

use backstop_client::{BackstopError, Event, Obligation};
use backstop_engine::quantity::{Assets, Shares, Units};
use backstop_testkit::{Failure, Receipt, Refusal, World};
use serde_json::{Map, Value};
use solana_address::Address;

use crate::{
    effect, govern,
    report::{LossReport, RecoveryReport, Report, State, StepReport},
    scenario::{Kind, Problem, Scenario, Step, Tokens, Verb, default_actor, is_name},
    state,
};

/// Plays a scenario from its first to its last step.
///
/// # Errors
/// If the program refuses the pool's parameters. A failing step is reported in the step.
pub fn play(scenario: &Scenario) -> Result<Report, Problem> {
    let mut story = Story::new(scenario)?;
    let steps = scenario.steps.iter().map(|step| story.play(step)).collect();
    let (name, problems) = (scenario.name.clone(), scenario.problems.clone());
    Ok(Report { name, problems, steps, state: story.state()? })
}

/// A scenario that is being played.
pub struct Story {
    world: World,
    actors: Vec<String>,
    losses: Vec<LossReport>,
    recoveries: Vec<RecoveryReport>,
    /// The nonces of queued changes.
    nonces: Vec<u64>,
    played: usize,
}

/// The reason a step failed.
enum Refused {
    /// A mistake in the file.
    Story(Problem),
    /// The engine's preview refused.
    Preview(backstop_engine::Error),
    /// The program refused.
    Program(Failure),
}

impl Story {
    /// The world of a scenario, before its first step.
    ///
    /// # Errors
    /// If the program refuses the pool's parameters.
    pub fn new(scenario: &Scenario) -> Result<Self, Problem> {
        let world = World::try_new(scenario.setup.clone()).map_err(|failure| {
            let message = format!("the program refuses the parameters of the pool or a collateral: {failure}");
            Problem::new(Kind::ParametersRefused, "pool, collaterals", message)
        })?;
        let (losses, recoveries, nonces) = (Vec::new(), Vec::new(), Vec::new());
        Ok(Self { world, actors: Vec::new(), losses, recoveries, nonces, played: 0 })
    }

    /// The world.
    pub const fn world(&mut self) -> &mut World {
        &mut self.world
    }

    /// All actors, in the order of their first steps.
    pub fn actors(&self) -> &[String] {
        &self.actors
    }

    /// The losses so far.
    pub fn losses(&self) -> &[LossReport] {
        &self.losses
    }

    /// Plays one step. A failed step changes nothing, and the story can continue.
    pub fn play(&mut self, step: &Value) -> StepReport {
        let index = self.played;
        self.played = self.played.saturating_add(1);
        let text = |key: &str| step.get(key).and_then(Value::as_str);
        let parsed = Step::parse(&format!("steps[{index}]"), step, self).map_err(Refused::Story);
        let who = text("who").or_else(|| text("do").and_then(default_actor));
        let receiver = match text("do") {
            Some("transfer_shares" | "propose_authority") => text("to"),
            Some("collect_reserves") => Some("treasury"),
            _ => None,
        };
        who.into_iter().chain(receiver).for_each(|name| self.note_actor(name));
        let outcome = parsed.and_then(|step| self.act(step));
        let mut report = StepReport {
            index,
            verb: text("do").unwrap_or_default().into(),
            who: who.map(Into::into),
            ok: outcome.is_ok(),
            error: None,
            message: None,
            expected: outcome.is_ok() && step.get("expect").is_none_or(Value::is_null),
            compute_units: 0,
            effect: Map::new(),
        };
        match outcome {
            Ok(receipt) => {
                report.compute_units = receipt.compute_units;
                report.effect = effect::of(&mut self.world, &receipt.events);
                self.note_events(&receipt.events, index);
            }
            Err(refused) => {
                report.error = Some(refused.name());
                report.message = Some(refused.message());
                report.expected =
                    refused.may_be_expected() && text("expect").is_some_and(|name| name == refused.name());
                report.compute_units = refused.compute_units();
            }
        }
        report
    }

    /// The current state: where all funds are.
    ///
    /// # Errors
    /// If the totals overflow the engine's numbers, which the program prevents.
    pub fn state(&mut self) -> Result<State, Problem> {
        let (losses, recoveries) = (self.losses.clone(), self.recoveries.clone());
        state::read(&mut self.world, &self.actors, &self.nonces, losses, recoveries)
            .map_err(|error| Problem::new(Kind::InvalidValue, "state", format!("cannot be computed: {error:?}")))
    }

    fn act(&mut self, step: Step) -> Result<Receipt, Refused> {
        let who = step.who.as_deref().unwrap_or_default();
        let world = &mut self.world;
        let done = match step.verb {
            Verb::Deposit(assets) => world.deposit(who, assets),
            Verb::WithdrawShares(shares) => world.withdraw(who, shares),
            Verb::WithdrawAssets(assets) => {
                let shares = shares_worth(world, Assets::new(assets)).map_err(Refused::Preview)?;
                world.withdraw(who, shares.get())
            }
            Verb::RequestWithdrawal(shares) => world.request_withdrawal(who, shares),
            Verb::ExecuteWithdrawal => world.execute_withdrawal(who),
            Verb::CollectWithdrawal => world.collect_withdrawal(who),
            Verb::TransferShares(to, shares) => world.transfer_shares(who, &to, shares),
            Verb::ClaimRecovery => {
                let due = world.claimable(who);
                claim(world, &due, |world, loss| world.claim_recovery(who, loss))
            }
            Verb::DepositCollateral(of, units) => world.deposit_collateral(who, &of, units),
            Verb::WithdrawCollateral(of, units) => world.withdraw_collateral(who, &of, units),
            Verb::Borrow(assets) => world.borrow(who, assets),
            Verb::Repay(borrower, assets) => world.repay(who, &borrower, assets),
            Verb::Liquidate(borrower, of, assets) => {
                let of = of.map_or_else(|| first_held(world, &borrower), Ok).map_err(Refused::Story)?;
                world.liquidate(who, &borrower, &of, assets)
            }
            Verb::Mark(borrower) => world.mark(&borrower),
            Verb::ReportPrice(of) => world.report_price(&of),
            Verb::RecordBadDebt(borrower) => world.record_bad_debt(&borrower),
            Verb::FundInsurance(assets) => world.fund_insurance(who, assets),
            Verb::Stake(assets) => world.stake(who, assets),
            Verb::RequestUnstake(shares) => world.request_unstake(who, shares),
            Verb::ExecuteUnstake => world.execute_unstake(who),
            Verb::CollectUnstake => world.collect_unstake(who),
            Verb::ClaimStakeRecovery => {
                let due = world.stake_claimable(who);
                claim(world, &due, |world, loss| world.claim_stake_recovery(who, loss))
            }
            Verb::Accrue => world.accrue(),
            Verb::RefreshRisk(of) => world.refresh_risk(&of),
            Verb::Govern(act) => {
                let next = self.nonces.iter().max().map_or(1, |last| last.saturating_add(1));
                govern::play(world, who, act, next)
            }
            Verb::SetPrice(of, feed, quote, age_seconds) => {
                match feed {
                    Some(feed) => world.set_feed(&of, feed, quote, age_seconds),
                    None => world.set_price(&of, quote, age_seconds),
                }
                return Ok(Receipt { compute_units: 0, events: Vec::new() });
            }
            Verb::Wait(seconds) => {
                world.wait(seconds);
                return Ok(Receipt { compute_units: 0, events: Vec::new() });
            }
        };
        done.map_err(Refused::Program)
    }

    /// Adds an actor to the final report, whether the step succeeds or not.
    fn note_actor(&mut self, who: &str) {
        if is_name(who) && !self.knows(who) {
            self.actors.push(who.into());
        }
    }

    fn note_events(&mut self, events: &[Event], step: usize) {
        for event in events {
            match event {
                Event::LossRecorded(loss) => {
                    let name = self.name_of(&loss.obligation);
                    self.losses.push(effect::loss(&self.world, loss, name, step));
                }
                Event::Recovered(recovery) => {
                    let name = self.name_of(&recovery.obligation);
                    self.recoveries.push(effect::recovery(&self.world, recovery, name, step));
                }
                Event::ChangeQueued(queued) => self.nonces.extend(effect::nonce(&self.world, queued)),
                _ => {}
            }
        }
    }

    /// The name of an obligation's owner.
    fn name_of(&mut self, obligation: &Address) -> String {
        let world = &mut self.world;
        let name = self.actors.iter().find(|name| world.obligation_address(name) == *obligation);
        name.cloned().unwrap_or_else(|| obligation.to_string())
    }
}

/// The fewest shares that pay this much on withdrawal now.
fn shares_worth(world: &World, assets: Assets) -> backstop_engine::Result<Shares> {
    let (pool, now) = (world.pool(), world.now());
    let totals = pool.totals_at(now)?;
    totals.shares_worth(assets)
}

/// Claims every loss with an amount due. If there is none, claims the last loss, which the program refuses. Skips
/// claims too small for one share of stake, if another claim succeeded.
fn claim(
    world: &mut World,
    due: &[(u32, u64)],
    mut of: impl FnMut(&mut World, u32) -> Result<Receipt, Failure>,
) -> Result<Receipt, Failure> {
    let last = world.loss_book().count().max(1);
    let losses = if due.is_empty() { vec![last] } else { due.iter().map(|(loss, _)| *loss).collect() };
    let mut all = Receipt { compute_units: 0, events: Vec::new() };
    let mut too_small = None;
    for loss in losses {
        let done = match of(world, loss) {
            Err(failure) if failure.refusal == Refusal::Backstop(BackstopError::AmountTooSmall) => {
                too_small = Some(failure);
                continue;
            }
            done => done?,
        };
        all.compute_units = all.compute_units.saturating_add(done.compute_units);
        all.events.extend(done.events);
    }
    match too_small {
        Some(failure) if all.events.is_empty() => Err(failure),
        _ => Ok(all),
    }
}

/// The default collateral of a liquidation: the borrower's first that is more than dust, else the first listed.
fn first_held(world: &mut World, borrower: &str) -> Result<String, Problem> {
    let dust = world.pool().parameters.loss.dust();
    let slots: Vec<_> = world.obligation(borrower).iter().flat_map(Obligation::held).copied().collect();
    let held = slots
        .iter()
        .filter_map(|slot| world.symbol_of(&slot.collateral).map(|symbol| (symbol, slot.units)))
        .find(|(symbol, units)| !world.collateral(symbol).is_negligible(Units::new(*units), dust));
    held.map(|(symbol, _)| symbol)
        .or_else(|| collaterals(world).next())
        .map(Into::into)
        .ok_or_else(|| Problem::new(Kind::UnknownToken, "collaterals", "there is no collateral to seize in this story"))
}

fn collaterals(world: &World) -> impl Iterator<Item = &str> {
    world.symbols().filter(|symbol| *symbol != world.liquidity())
}

impl Tokens for Story {
    fn decimals_of(&self, symbol: &str) -> Option<u8> {
        self.world.symbols().any(|known| known == symbol).then(|| self.world.decimals(symbol))
    }

    fn liquidity_symbol(&self) -> &str {
        self.world.liquidity()
    }

    fn only_collateral(&self) -> Option<&str> {
        let mut collaterals = collaterals(&self.world);
        collaterals.next().filter(|_| collaterals.next().is_none())
    }

    fn has_second_feed(&self, symbol: &str) -> bool {
        self.world.has_second_feed(symbol)
    }

    fn knows(&self, actor: &str) -> bool {
        self.actors.iter().any(|known| known == actor)
    }
}

impl Refused {
    fn name(&self) -> String {
        match self {
            Self::Story(problem) => problem.error.name().into(),
            Self::Preview(error) => format!("{error:?}"),
            Self::Program(failure) => failure.refusal.name(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Story(problem) => problem.to_string(),
            Self::Preview(error) => format!("{error:?}: the amount cannot be turned into shares"),
            Self::Program(failure) => failure.to_string(),
        }
    }

    /// Whether a file can expect this. It cannot expect its own mistakes.
    const fn may_be_expected(&self) -> bool {
        !matches!(self, Self::Story(_))
    }

    const fn compute_units(&self) -> u64 {
        match self {
            Self::Program(failure) => failure.compute_units,
            _ => 0,
        }
    }
}
