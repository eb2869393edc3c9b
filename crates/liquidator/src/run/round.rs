//! One round: plans for all pools, and reports obligations left alone.

use std::{collections::BTreeMap, time::Instant};

use backstop_client::{BackstopError, rpc::Clock, token::WRAPPED_SOL};
use backstop_engine::{
    price::Value,
    quantity::{Assets, Units},
};
use solana_address::Address;
use tracing::{debug, info, warn};

use super::{
    Bot,
    in_flight::{Planned, Reserved},
};
use crate::{
    book::Book,
    metrics::PoolFigures,
    plan::{Inventory, Plan, Reason, Rules, plan},
};

impl Bot {
    /// Plans a round, unless the last planning took so long that other work needs time first, or not everything is
    /// read.
    pub(super) fn round(&mut self) {
        let now = Instant::now();
        if !self.metrics.figures().connected || self.planned_until.is_some_and(|until| now < until) {
            return;
        }
        self.plan_now();
    }

    pub(super) fn plan_now(&mut self) {
        let now = Instant::now();
        self.queue = self.plan_round().into();
        self.planned_until = Instant::now().checked_add(now.elapsed().saturating_mul(3));
        self.fill();
        self.open_accounts();
    }

    /// Returns the next actions in all pools.
    pub(super) fn plan_round(&mut self) -> Vec<Planned> {
        let Some(clock) = self.clock else { return Vec::new() };
        let now = Instant::now();
        self.paused.retain(|_, paused| paused.until > now);
        self.too_large.retain(|_, until| *until > now);
        self.reported.forget(now);
        let mut reserved = Reserved::default();
        for in_flight in self.in_flight.values() {
            if let Some(book) = self.books.get(&in_flight.pool) {
                reserved.add(book, &in_flight.action);
            }
        }
        let cost = self.config.transaction_cost(self.sol(clock));
        let (mut all, mut plans) = (Vec::new(), Vec::new());
        for (address, book) in &self.books {
            let Some(rules) = self.rules.get(address) else { continue };
            let rules = Rules { transaction_cost: cost, ..*rules };
            let started = Instant::now();
            let planned = plan(book, &self.inventory(book, &reserved), &rules, clock);
            if let Ok(plan) = &planned {
                plan.actions.iter().for_each(|action| reserved.add(book, action));
            }
            plans.push((*address, rules, started.elapsed(), planned));
        }
        for (pool, rules, planned_in, planned) in plans {
            match planned {
                Ok(plan) => {
                    debug!(%pool, actions = plan.actions.len(), liquidatable = plan.liquidatable, "planned");
                    self.tell(pool, &rules, &plan);
                    let figures = PoolFigures { planned_in, ..self.figures_of(pool, &plan) };
                    self.metrics.figures().pools.insert(pool, figures);
                    let book = self.books.get(&pool);
                    all.extend(plan.actions.into_iter().map(|action| Planned::new(pool, action, book)));
                }
                Err(error) => {
                    if self.reported.is_news(pool, error.name(), now) {
                        warn!(%pool, error = error.message(), "cannot plan");
                    }
                    let problem = Some(format!("cannot plan for {pool}: {}", error.message()));
                    self.metrics.figures().pools.entry(pool).or_default().problem = problem;
                }
            }
        }
        // Actions for losses of all pools come first.
        all.sort_by_key(Planned::can_wait);
        let mut figures = self.metrics.figures();
        figures.rounds = figures.rounds.saturating_add(1);
        drop(figures);
        all
    }

    /// Returns the price of a whole SOL: the highest usable price in any pool, or else the configured one.
    fn sol(&self, clock: Clock) -> Value {
        let reported = self.books.values().filter_map(|book| book.value_of(&WRAPPED_SOL, clock.unix_timestamp)).max();
        reported.unwrap_or(self.config.sol_usd)
    }

    /// Returns the inventory for a pool: liquidity less reserved outgoing amounts, collateral plus reserved
    /// incoming amounts.
    fn inventory(&self, book: &Book, reserved: &Reserved) -> Inventory {
        let mint = &book.pool().mint;
        let held = |mint: &Address| self.wallet.units(mint).saturating_add(reserved.incoming(mint));
        let collateral = book.collaterals().map(|(address, it)| (*address, Units::new(held(&it.mint))));
        Inventory {
            liquidity: Assets::new(self.wallet.units(mint).saturating_sub(reserved.outgoing(mint))),
            collateral: collateral.collect(),
            busy: self.in_flight.keys().chain(self.paused.keys()).copied().collect(),
            too_large: self.too_large.keys().copied().collect(),
        }
    }

    fn figures_of(&self, pool: Address, plan: &Plan) -> PoolFigures {
        let book = self.books.get(&pool);
        let tell = |(mint, error): &(Address, BackstopError)| format!("the price of {mint}: {}", error.message());
        PoolFigures {
            obligations: book.map_or(0, |book| book.rows().len()),
            rated: plan.rated,
            liquidatable: plan.liquidatable,
            unpriced: plan.unpriced,
            uncountable: plan.uncountable,
            left_alone: self.left_alone(pool, plan),
            unusable_prices: plan.unusable_prices.iter().map(tell).collect(),
            liquidity: book.map_or(0, |book| self.wallet.units(&book.pool().mint)),
            ..PoolFigures::default()
        }
    }

    /// Returns the number of obligations left alone, by reason.
    fn left_alone(&self, pool: Address, plan: &Plan) -> BTreeMap<&'static str, usize> {
        let mut by_reason: BTreeMap<_, usize> = Reason::NAMES.into_iter().map(|name| (name, 0)).collect();
        by_reason.extend([("price_unusable", plan.unpriced), ("dry_run", 0), ("no_token_account", 0)]);
        let paused = self.paused.values().filter(|paused| paused.pool == pool).filter_map(|paused| paused.reason);
        for name in plan.left_alone.iter().map(|(_, reason)| reason.name()).chain(paused) {
            let number = by_reason.entry(name).or_default();
            *number = number.saturating_add(1);
        }
        by_reason
    }

    /// Logs obligations left alone and unusable prices, each once.
    fn tell(&mut self, pool: Address, rules: &Rules, plan: &Plan) {
        let Some(book) = self.books.get(&pool) else { return };
        let (now, decimals) = (Instant::now(), book.pool().decimals);
        for (obligation, reason) in &plan.left_alone {
            if self.reported.is_news(*obligation, reason.name(), now) {
                let words = reason.words(rules, decimals);
                info!(%obligation, %pool, reason = reason.name(), "left alone: {words}");
            }
        }
        let listed = book.collaterals().map(|(address, collateral)| (*address, collateral.mint));
        for (whose, mint) in listed.chain([(pool, book.pool().mint)]) {
            let unusable = plan.unusable_prices.iter().find(|(of, _)| *of == mint).map(|(_, error)| *error);
            match unusable {
                Some(error) if self.reported.is_news(whose, "price_unusable", now) => warn!(
                    %mint, %pool, reason = "price_unusable", obligations = plan.unpriced,
                    "left alone: obligations that need this token's price, which is unusable: {}", error.message()
                ),
                None if self.reported.ends(whose, "price_unusable") => {
                    info!(%mint, %pool, "the price is usable again")
                }
                _ => {}
            }
        }
    }
}
