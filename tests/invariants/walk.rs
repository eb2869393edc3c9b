//! Random histories. Each is fixed by its seed; a failure prints the seed and every step.

use std::time::Duration;

use backstop_client::{CollateralParameters, PoolParameters};
use backstop_engine::price::Quote;
use backstop_testkit::Setup;

use crate::{
    choice::Choice,
    ledger::Ledger,
    preview::preview,
    properties,
    state::{Scene, State, decimals},
    step::{ACTORS, Actor, BORROWERS, COLLATERALS, LPS, Step, Symbol},
};

/// Prints the history if it ends in a panic.
struct Journal {
    seed: u64,
    steps: Vec<(Step, String)>,
}

impl Drop for Journal {
    fn drop(&mut self) {
        if std::thread::panicking() {
            for (index, (step, outcome)) in self.steps.iter().enumerate() {
                eprintln!("{index:>5} {step:?}: {outcome}");
            }
            eprintln!("seed {}, {} steps, above", self.seed, self.steps.len());
        }
    }
}

/// What happened often enough for the walk to be worth something.
#[derive(Debug, Default)]
struct Count {
    instructions: u32,
    refusals: u32,
    liquidations: u32,
    losses: u32,
    draws: u32,
    from_reserves: u32,
    wipe_outs: u32,
}

/// Where a catastrophe is: all is lent to one, prices go to almost nothing, everything is recorded.
#[derive(Clone, Copy)]
enum Mood {
    Calm,
    Catastrophe { stage: u32 },
}

struct Walk {
    scene: Scene,
    state: State,
    ledger: Ledger,
    choice: Choice,
    journal: Journal,
    count: Count,
    mood: Mood,
    /// Whether anyone gives to the fund.
    charity: bool,
    /// How many hundreds of steps lie between catastrophes.
    calm: u64,
}

impl Walk {
    fn new(seed: u64, parameters: PoolParameters, charity: bool) -> Self {
        let mut setup = Setup { parameters, ..Setup::default() };
        let CollateralParameters { max_ltv_bps, liquidation_threshold_bps, .. } = &mut setup.collaterals[0].parameters;
        (*max_ltv_bps, *liquidation_threshold_bps) = (7_000, 7_800);
        let scene = Scene::new(setup);
        let state = scene.state((0, 0));
        Self {
            scene,
            state,
            ledger: Ledger::default(),
            choice: Choice::from_seed(seed),
            journal: Journal { seed, steps: Vec::new() },
            count: Count::default(),
            mood: Mood::Calm,
            charity,
            calm: if charity { 6 } else { 2 },
        }
    }

    /// Does one step and checks everything.
    fn take(&mut self, step: Step) {
        self.journal.steps.push((step, "did not return".into()));
        let then = self.scene.world.now();
        let supply = properties::supply(&self.state);
        let expected = preview(&self.state, step, then, self.scene.slot + 1);
        let outcome = self.scene.act(step);
        let now = self.scene.world.now();
        let donated = expected.as_ref().map_or(self.state.donated, |state| state.donated);
        let after = self.scene.state(donated);
        let before = std::mem::replace(&mut self.state, after);
        let after = &self.state;
        self.journal.steps.last_mut().unwrap().1 = match &outcome {
            Ok(_) => "done".into(),
            Err(failure) => failure.refusal.name(),
        };
        self.count.instructions += u32::from(step.is_instruction());

        properties::conservation(after);
        assert_eq!(properties::supply(after), supply, "conservation: tokens");
        properties::isolation(&before, after, step);
        let events = match (outcome, expected) {
            (Ok(receipt), Ok(expected)) => {
                assert_eq!(*after, expected, "preview-is-execution");
                receipt.map(|receipt| receipt.events).unwrap_or_default()
            }
            (Err(failure), Err(error)) => {
                assert_eq!(failure.refusal.name(), error, "preview-is-execution: the refusal");
                assert_eq!(*after, before, "a refused step changed something");
                self.count.refusals += 1;
                return;
            }
            (Ok(_), Err(error)) => panic!("preview-is-execution: {error} was expected, but it was done"),
            (Err(failure), Ok(_)) => panic!("preview-is-execution: refused: {failure}\n{}", failure.logs.join("\n")),
        };

        properties::fresh_totals(&before, after, step, now);
        let (just, loss) = properties::loss_in(&events);
        properties::price_falls_only_by_loss((&before, then), (after, now), loss.as_ref());
        if then == now {
            properties::no_free_money(&before, after, step, now);
            properties::liquidation_helps(&before, after, step, &events, now);
        }
        if let Step::Liquidate { borrower, .. } = step {
            properties::no_hidden_debt(after, borrower, now, self.scene.slot);
            self.count.liquidations += 1;
        }
        if let Some(loss) = &loss {
            properties::waterfall_exact(&before, after, just, loss, now);
            properties::pro_rata(&before, after, loss, now);
            self.count.losses += 1;
            self.count.draws += u32::from(loss.from_insurance != 0);
            self.count.from_reserves += u32::from(loss.from_reserves != 0);
            self.count.wipe_outs += u32::from(after.pool.generation != before.pool.generation);
        }
        let cash = |state: &State, who: Actor| i128::from(state.wallets[&(who, "USDC")]);
        let net = step.position().map(|who| (who, cash(&before, who) - cash(after, who)));
        self.ledger.book((&before, after), now, loss.as_ref(), net);
    }

    /// What to do next.
    fn next(&mut self) -> Step {
        if let Mood::Catastrophe { stage } = self.mood {
            self.mood = Mood::Catastrophe { stage: stage + 1 };
            if let Some(step) = self.catastrophe(stage) {
                return step;
            }
            self.mood = Mood::Calm;
        }
        match self.choice.below(100) {
            0..18 => {
                let (who, most) = (self.choice.of(&LPS), self.most_to_deposit());
                Step::Deposit { who, assets: self.choice.part_of(most) }
            }
            18..30 => {
                let holders: Vec<Actor> = LPS.into_iter().filter(|name| self.state.shares(name) != 0).collect();
                let who = if holders.is_empty() { "ann" } else { self.choice.of(&holders) };
                let held = self.state.shares(who);
                Step::Withdraw { who, shares: if self.choice.one_in(6) { u64::MAX } else { self.choice.part_of(held) } }
            }
            30..42 => {
                let (who, symbol) = (self.choice.of(&BORROWERS), self.choice.of(&COLLATERALS));
                let most = if symbol == "SOL" { 1 << 43 } else { 1 << 34 };
                Step::DepositCollateral { who, symbol, units: self.choice.part_of(most) }
            }
            42..49 => {
                let (who, symbol) = (self.choice.of(&BORROWERS), self.choice.of(&COLLATERALS));
                let held = self.state.held(who, symbol);
                let units = if self.choice.one_in(6) { u64::MAX } else { self.choice.part_of(held >> 2) };
                Step::WithdrawCollateral { who, symbol, units }
            }
            49..63 => {
                let who = self.choice.of(&BORROWERS);
                let room = self.room(who);
                Step::Borrow { who, assets: if self.choice.one_in(2) { room } else { self.choice.part_of(room) } }
            }
            63..70 => {
                let owing = |name: &Actor| self.state.obligations[name].debt_shares != 0;
                let owing: Vec<Actor> = BORROWERS.into_iter().filter(owing).collect();
                let borrower = if owing.is_empty() { "bea" } else { self.choice.of(&owing) };
                let who = self.choice.of(&ACTORS);
                let owed = self.state.totals(self.scene.world.now()).debt(self.state.obligations[borrower].debt());
                let assets = if self.choice.one_in(4) { u64::MAX } else { self.choice.part_of(owed.unwrap().get()) };
                Step::Repay { who: if self.choice.one_in(2) { borrower } else { who }, borrower, assets }
            }
            70..72 => Step::Accrue,
            72..82 => {
                let (who, borrower) = (self.choice.of(&["liz", "ines", "alice"]), self.unhealthy());
                if let Some(price) = self.price_that_endangers(borrower) {
                    return price;
                }
                let held: Vec<Symbol> =
                    COLLATERALS.into_iter().filter(|symbol| self.state.held(borrower, symbol) != 0).collect();
                let symbol = if held.is_empty() { "SOL" } else { self.choice.of(&held) };
                let max_repay = if self.choice.one_in(2) { u64::MAX } else { self.choice.part_of(1 << 38) };
                Step::Liquidate { who, borrower, symbol, max_repay }
            }
            82..85 => Step::Record { who: self.choice.of(&ACTORS), borrower: self.unhealthy() },
            85..87 => self.move_a_price(),
            87..89 if self.charity => Step::Fund { who: "ines", assets: self.choice.part_of(1 << 36) },
            89 => Step::Donate { to_fund: self.choice.one_in(2), units: self.choice.below(1 << 30) },
            90..94 => {
                let longest = if self.choice.one_in(3) { 3_000_000 } else { 3_600 };
                Step::Wait { seconds: u32::try_from(self.choice.below(longest)).unwrap() }
            }
            94..99 => self.move_a_price(),
            _ if self.choice.one_in(self.calm) => {
                self.mood = Mood::Catastrophe { stage: 0 };
                Step::Accrue
            }
            _ => Step::Accrue,
        }
    }

    /// What an actor could borrow.
    fn room(&self, who: Actor) -> u64 {
        let totals = self.state.totals(self.scene.world.now());
        let health = self.state.health(&totals, who).unwrap();
        let micro_usd = (health.borrow_limit.get() / 10_000).saturating_sub(health.debt.get()) / 1_000_000_000_000;
        u64::try_from(micro_usd).unwrap_or(u64::MAX).min(totals.cash.get())
    }

    /// A million, or what can be paid in for shares that fit 64 bits.
    fn most_to_deposit(&self) -> u64 {
        let totals = self.state.totals(self.scene.world.now());
        let per_share = u128::from(totals.nav().unwrap().get()) + 1;
        let most = (1_u128 << 62) * per_share / (u128::from(totals.shares.get()) + 1);
        u64::try_from(most.min(1 << 40)).unwrap()
    }

    /// A price of SOL or ETH at which a healthy borrower's health is a little below one; nothing for one who owes nothing.
    fn price_that_endangers(&mut self, borrower: Actor) -> Option<Step> {
        let health = self.state.health(&self.state.totals(self.scene.world.now()), borrower).unwrap();
        if health.is_liquidatable().unwrap() || health.debt.get() == 0 || self.choice.one_in(8) {
            return None;
        }
        let symbol = COLLATERALS.into_iter().find(|symbol| self.state.held(borrower, symbol) != 0)?;
        let quote = self.state.quotes[symbol];
        let (percent, limit) = (u128::from(80 + self.choice.below(20)), health.liquidation_limit.get() / 100);
        let price = u128::from(quote.price) * percent / (limit / health.debt.get()).max(1);
        Some(Step::Price {
            symbol,
            quote: Quote { price: u64::try_from(price).unwrap().max(1), confidence: 0, exponent: -8 },
        })
    }

    /// A borrower who can be liquidated, or anyone if there is none.
    fn unhealthy(&mut self) -> Actor {
        let totals = self.state.totals(self.scene.world.now());
        let is_unhealthy = |name: &Actor| self.state.health(&totals, name).unwrap().is_liquidatable().unwrap();
        let unhealthy: Vec<Actor> = BORROWERS.into_iter().filter(is_unhealthy).collect();
        if unhealthy.is_empty() { self.choice.of(&BORROWERS) } else { self.choice.of(&unhealthy) }
    }

    /// Usually somewhere around the first price; at times far below it.
    fn move_a_price(&mut self) -> Step {
        let symbol = self.choice.of(&["SOL", "SOL", "ETH", "ETH", "USDC"]);
        let (first, spread) = match symbol {
            "SOL" => (3_000_000_000, 80),
            "ETH" => (200_000_000_000, 80),
            _ => (100_000_000, 4),
        };
        let percent = if symbol != "USDC" && self.choice.one_in(6) {
            1 + self.choice.below(30)
        } else {
            100 - spread / 2 + self.choice.below(spread)
        };
        let price = first / 100 * percent + self.choice.below(1_000);
        let confidence = if self.choice.one_in(3) { self.choice.below(price / 50) } else { 0 };
        Step::Price { symbol, quote: Quote { price, confidence, exponent: -8 } }
    }

    /// Bob takes all cash, then nothing is worth anything, then all that is owed is recorded, then the prices are back.
    fn catastrophe(&mut self, stage: u32) -> Option<Step> {
        let first = |symbol: Symbol, price| Step::Price { symbol, quote: Quote { price, confidence: 0, exponent: -8 } };
        let nothing = |symbol: Symbol| first(symbol, 1);
        let step = match stage {
            0 => first("SOL", 3_000_000_000),
            1 => first("ETH", 200_000_000_000),
            2 => Step::Wait { seconds: 10 },
            3 => {
                // SOL worth four times what he will owe
                let owed = u128::from(self.state.pool.totals().nav().unwrap().get()) + 1_000_000;
                let sol = owed * 4 / 30 * 10_u128.pow(u32::from(decimals("SOL") - decimals("USDC")));
                Step::DepositCollateral { who: "bob", symbol: "SOL", units: u64::try_from(sol).unwrap() }
            }
            4 => Step::Borrow { who: "bob", assets: self.state.totals(self.scene.world.now()).cash.get() },
            5 => Step::Wait { seconds: 10 },
            6 => nothing("SOL"),
            7 => nothing("ETH"),
            8..30 => {
                let owing = BORROWERS.iter().find(|name| self.state.obligations[*name].debt_shares != 0);
                match owing {
                    Some(borrower) if stage % 4 == 3 => {
                        let symbol = self.choice.of(&COLLATERALS);
                        Step::Liquidate { who: "liz", borrower, symbol, max_repay: u64::MAX }
                    }
                    Some(borrower) => Step::Record { who: "liz", borrower },
                    None => {
                        self.mood = Mood::Catastrophe { stage: 31 };
                        first("SOL", 3_000_000_000)
                    }
                }
            }
            30 => first("SOL", 3_000_000_000),
            31 => first("ETH", 200_000_000_000),
            _ => return None,
        };
        Some(step)
    }

    fn run(mut self, instructions: u32) -> Count {
        while self.count.instructions < instructions {
            let step = self.next();
            self.take(step);
        }
        self.ledger.check(&self.state);
        assert!(self.count.losses == 0 || self.ledger.to_lps() > &0.into());
        self.count
    }
}

/// Interest, bonus and caps, none of them round.
fn full_parameters() -> PoolParameters {
    let mut parameters = Setup::default().parameters;
    let loss = &mut parameters.loss;
    (loss.min_default_age_slots, loss.window_seconds) = (5, 86_400);
    (loss.insurance_share_bps, loss.event_cap_bps, loss.window_cap_bps) = (8_000, 5_000, 7_000);
    let terms = &mut parameters.liquidation;
    (terms.bonus_min_bps, terms.bonus_max_bps, terms.insurance_cut_bps) = (500, 1_500, 2_000);
    (terms.full_below_value, terms.min_debt) = (50_000_000, 1_000_000);
    let rates = &mut parameters.rates;
    (rates.base_bps, rates.slope1_bps, rates.slope2_bps) = (150, 850, 9_000);
    (rates.reserve_factor_bps, rates.insurance_factor_bps) = (1_000, 500);
    parameters
}

/// No interest to insurance, no bonus: what the fund is given is all it has, and a loss can take all of NAV.
fn bare_parameters() -> PoolParameters {
    let mut parameters = Setup::default().parameters;
    let rates = &mut parameters.rates;
    (rates.base_bps, rates.slope1_bps, rates.slope2_bps, rates.reserve_factor_bps) = (300, 700, 20_000, 1_500);
    parameters
}

#[test]
fn random_walk_with_interest_bonus_and_caps() {
    let count = Walk::new(2022, full_parameters(), true).run(3_000);
    println!("{count:?}");
    assert!(count.losses >= 20 && count.draws >= 10 && count.from_reserves >= 10, "{count:?}");
    assert!(count.liquidations >= 30 && count.refusals < count.instructions / 2, "{count:?}");
}

#[test]
fn random_walk_through_wipe_outs() {
    let count = Walk::new(11, bare_parameters(), false).run(3_000);
    println!("{count:?}");
    assert!(count.wipe_outs >= 3 && count.losses >= 20, "{count:?}");
}

/// A soak for those who have the time: `SEEDS=100 cargo test -p backstop-tests --test invariants -- --ignored`.
#[test]
#[ignore = "takes as long as it is told to"]
fn random_walks_from_many_seeds() {
    let seeds = std::env::var("SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(10);
    let start = std::time::Instant::now();
    for seed in 1_000..1_000 + seeds {
        let charity = seed % 2 == 0;
        let parameters = if charity { full_parameters() } else { bare_parameters() };
        let count = Walk::new(seed, parameters, charity).run(1_000);
        println!("seed {seed}: {count:?}");
    }
    assert!(start.elapsed() < Duration::from_secs(3_600), "an hour is enough");
}
