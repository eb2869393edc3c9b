//! A round: planning in all pools, beginning what was planned, and what becomes of it.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use backstop_client::BackstopError;
use backstop_engine::quantity::{Assets, Units};
use solana_address::Address;
use tracing::{debug, info, warn};

use super::{Bot, Done, UnderWay};
use crate::{
    act::{self, Outcome},
    book::Book,
    metrics::PoolFigures,
    plan::{Action, Inventory, plan},
};

impl Bot {
    /// Plans anew, unless planning took so long that there was little time for anything else since.
    pub(super) fn round(&mut self) {
        let now = Instant::now();
        if !self.metrics.figures().connected || self.planned_until.is_some_and(|until| now < until) {
            return;
        }
        self.queue = self.plan_round().into();
        self.planned_until = Instant::now().checked_add(now.elapsed().saturating_mul(3));
        self.fill();
    }

    /// Begins what was planned, as much as may be under way at once. All of a plan fits the inventory together, so what is next
    /// can begin as soon as something has ended, unless it is planned anew before.
    pub(super) fn fill(&mut self) {
        while self.tasks.len() < self.config.timing.in_flight && !self.queue.is_empty() {
            let mut batch: Vec<(Address, Action)> = Vec::new();
            while let Some((pool, action)) = self.queue.front() {
                let alike = batch.first().is_none_or(|(first, it)| first == pool && it.name() == action.name());
                if !alike || batch.len() >= self.config.timing.batch {
                    break;
                }
                batch.extend(self.queue.pop_front());
            }
            self.begin(batch);
        }
    }

    /// What to do next in all pools.
    pub(super) fn plan_round(&mut self) -> Vec<(Address, Action)> {
        let Some(clock) = self.clock else { return Vec::new() };
        let now = Instant::now();
        self.left_alone.retain(|_, until| *until > now);
        let mut reserved = Reserved::default();
        for under_way in self.under_way.values() {
            if let Some(book) = self.books.get(&under_way.pool) {
                reserved.add(book, &under_way.action);
            }
        }
        let mut all = Vec::new();
        for (address, book) in &self.books {
            let Some(rules) = self.rules.get(address) else { continue };
            let started = Instant::now();
            match plan(book, &self.inventory(book, &reserved), rules, clock) {
                Ok(plan) => {
                    let tell =
                        |(mint, error): &(Address, BackstopError)| format!("the price of {mint}: {}", error.message());
                    let figures = PoolFigures {
                        obligations: book.rows().len(),
                        rated: plan.rated,
                        liquidatable: plan.liquidatable,
                        unpriced: plan.unpriced,
                        uncountable: plan.uncountable,
                        left_alone: plan.left_alone,
                        planned_in: started.elapsed(),
                        unusable_prices: plan.unusable_prices.iter().map(tell).collect(),
                        liquidity: self.wallet.units(&book.pool().mint),
                    };
                    debug!(pool = %address, actions = plan.actions.len(), liquidatable = plan.liquidatable, "planned");
                    self.metrics.figures().pools.insert(*address, figures);
                    plan.actions.iter().for_each(|action| reserved.add(book, action));
                    all.extend(plan.actions.into_iter().map(|action| (*address, action)));
                }
                Err(error) => warn!(pool = %address, error = error.message(), "cannot plan"),
            }
        }
        all
    }

    /// What is at hand for a pool: the wallet without what is reserved.
    fn inventory(&self, book: &Book, reserved: &Reserved) -> Inventory {
        let mint = &book.pool().mint;
        let held = |mint: &Address| self.wallet.units(mint).saturating_add(reserved.incoming(mint));
        let collateral = book.collaterals().map(|(address, it)| (*address, Units::new(held(&it.mint))));
        Inventory {
            liquidity: Assets::new(self.wallet.units(mint).saturating_sub(reserved.outgoing(mint))),
            collateral: collateral.collect(),
            busy: self.under_way.keys().chain(self.left_alone.keys()).copied().collect(),
        }
    }

    /// Begins actions that go into one transaction.
    fn begin(&mut self, batch: Vec<(Address, Action)>) {
        let mut touched: Vec<_> = batch.first().map(|(pool, _)| *pool).into_iter().collect();
        let mut instructions = Vec::new();
        for (pool, action) in batch {
            let target = action.target();
            let book = self.books.get(&pool);
            match book.and_then(|book| act::instruction(&action, book, &self.wallet)) {
                Some(instruction) => {
                    describe(&action);
                    touched.push(target);
                    instructions.push((target, instruction));
                    self.under_way.insert(target, UnderWay { pool, action });
                }
                None => {
                    // A collateral that was listed after the start: its token account is not there yet.
                    warn!(action = action.name(), %target, "a token account is missing: start the bot anew to create it");
                    self.leave_alone(target, Duration::from_secs(600));
                }
            }
        }
        let room = act::READ_AT_ONCE.saturating_sub(touched.len());
        touched.extend(self.wallet.addresses().into_iter().take(room));
        self.metrics.figures().under_way = self.under_way.len();
        let (sender, dry_run) = (self.sender.clone(), self.dry_run);
        self.tasks.spawn(async move {
            let (outcomes, read) = act::act(&sender, instructions, dry_run, &touched).await;
            Done { outcomes, read }
        });
    }

    pub(super) async fn finish_next(&mut self) {
        if let Some(Ok(done)) = self.tasks.join_next().await {
            self.finish(done);
        }
    }

    pub(super) fn finish(&mut self, done: Done) {
        let unseen = done.read.is_empty();
        for received in done.read {
            self.take_account(received);
        }
        for (target, outcome) in done.outcomes {
            self.end(target, &outcome, unseen);
        }
        self.metrics.figures().under_way = self.under_way.len();
    }

    /// Ends an action. What landed, but could not be read again, is left alone until it is told of.
    fn end(&mut self, target: Address, outcome: &Outcome, unseen: bool) {
        let Some(UnderWay { action, .. }) = self.under_way.remove(&target) else { return };
        let action = action.name();
        match outcome {
            Outcome::Landed(landed) => {
                info!(action, %target, signature = %landed.signature, slot = landed.slot, "landed");
                if unseen {
                    self.leave_alone(target, Duration::from_secs(10));
                }
            }
            Outcome::DryRun(_) => {
                info!(action, %target, "would land (dry run)");
                self.leave_alone(target, Duration::from_secs(60));
            }
            Outcome::Failed(setback, error) => {
                warn!(action, %target, setback = setback.name(), %error, "not done");
                self.leave_alone(target, setback.pause());
            }
        }
        let mut figures = self.metrics.figures();
        let count = figures.actions.entry((action, outcome.name())).or_default();
        *count = count.saturating_add(1);
    }

    fn leave_alone(&mut self, target: Address, pause: Duration) {
        if let Some(until) = Instant::now().checked_add(pause) {
            self.left_alone.insert(target, until);
        }
    }
}

/// What transactions that are planned or under way may take and bring, by mint.
#[derive(Default)]
struct Reserved {
    outgoing: HashMap<Address, u64>,
    incoming: HashMap<Address, u64>,
}

impl Reserved {
    fn add(&mut self, book: &Book, action: &Action) {
        let Action::Liquidate(liquidate) = action else { return };
        let out = self.outgoing.entry(book.pool().mint).or_default();
        *out = out.saturating_add(liquidate.max_paid.get());
        if let Some(collateral) = book.collateral(&liquidate.collateral) {
            let incoming = self.incoming.entry(collateral.mint).or_default();
            *incoming = incoming.saturating_add(liquidate.max_seized.get());
        }
    }

    fn outgoing(&self, mint: &Address) -> u64 {
        self.outgoing.get(mint).copied().unwrap_or(0)
    }

    fn incoming(&self, mint: &Address) -> u64 {
        self.incoming.get(mint).copied().unwrap_or(0)
    }
}

fn describe(action: &Action) {
    match action {
        Action::Record { obligation, loss } => info!(%obligation, loss = loss.get(), "recording a loss"),
        Action::Liquidate(it) => info!(
            obligation = %it.obligation,
            collateral = %it.collateral,
            repay = it.expected.taken.repay.get(),
            max_repay = it.max_repay.get(),
            seize = it.expected.seized,
            min_seized = it.min_seized.get(),
            records = it.expected.recorded.is_some(),
            "liquidating"
        ),
        Action::Provision { obligation, marked, shortfall } => {
            info!(%obligation, marked = marked.get(), shortfall = shortfall.get(), "provisioning");
        }
        Action::RefreshRisk { collateral, age } => info!(%collateral, age, "refreshing averages"),
    }
}
