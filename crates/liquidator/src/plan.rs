//! Plans the next actions: a pure function from a book, an inventory and rules to an ordered list of actions.
//!
//! Losses come first, because LPs who leave before a loss is recorded leave it to the other LPs. The order is:
//!
//! 1. losses to record, the largest first
//! 2. liquidations, the most profitable first
//! 3. marks that differ from the shortfall
//! 4. matured requests to leave
//! 5. averages that are too old
//!
//! An obligation is in at most one action, and in none while another one is in flight.
//!
//! Sizes are ranked by powers of two. Within a rank every bot has its own order. So in a crash two bots share the work
//! instead of racing for each obligation.

use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use backstop_client::{
    BackstopError,
    preview::{Liquidated, PricedCollateral, Snapshot},
    rpc::Clock,
};
use backstop_engine::{
    health::may_default,
    price::Value,
    quantity::{Assets, Units},
};
use solana_address::Address;

use crate::{
    book::{Book, Leaver, Row},
    rate::{Rating, Scale},
};

mod reason;
mod sizing;

pub use reason::Reason;

use sizing::Budget;

/// The limits for the bot, in the engine's types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The minimum profit of a liquidation, after all costs.
    pub profit_floor: Value,
    /// The cost of a transaction.
    pub transaction_cost: Value,
    /// The largest repayment of one liquidation.
    pub max_repay: Assets,
    /// Liquidity that the bot never spends.
    pub keep: Assets,
    /// The most collateral of one kind to hold.
    pub max_collateral: Value,
    /// The minimum value for marks and losses: updates marks that are off by at least this, and records losses of at
    /// least this. A loss of a whole debt is always recorded.
    pub mark_change: Value,
    /// Refreshes averages of this age, in seconds. Zero means never.
    pub refresh_seconds: u32,
    /// The number of threads that rate obligations.
    pub threads: usize,
    /// The bot's owner. It sets the order among actions of about equal urgency.
    pub owner: Address,
}

impl Rules {
    /// Returns the sort key: larger sizes first, by powers of two, then this bot's own order.
    fn urgency(&self, size: u128, target: &Address) -> (u32, u64) {
        let mut order = DefaultHasher::new();
        (self.owner, target).hash(&mut order);
        (size.leading_zeros(), order.finish())
    }
}

/// The funds that the bot can use, and the targets it must skip.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    /// The liquidity token, less what transactions in flight may take.
    pub liquidity: Assets,
    /// Collateral, by the address of its account in the pool. Includes what transactions in flight may bring.
    pub collateral: HashMap<Address, Units>,
    /// Targets to skip now: an action is in flight for them, or was just refused.
    pub busy: HashSet<Address>,
    /// Obligations whose liquidation or record does not fit a transaction.
    pub too_large: HashSet<Address>,
}

/// A liquidation to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Liquidate {
    /// The obligation.
    pub obligation: Address,
    /// The collateral to seize.
    pub collateral: Address,
    /// The most to repay.
    pub max_repay: Assets,
    /// The least to receive: covers the cost and the floor at current prices.
    pub min_seized: Units,
    /// The most to pay, including the insurance fund's cut.
    pub max_paid: Assets,
    /// The most to receive at current prices.
    pub max_seized: Units,
    /// The expected result.
    pub expected: Liquidated,
    /// The expected profit after costs.
    pub profit: Value,
}

/// An action to execute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Record a debt's shortfall as a loss.
    Record {
        /// The obligation.
        obligation: Address,
        /// The loss.
        loss: Assets,
    },
    /// Liquidate.
    Liquidate(Box<Liquidate>),
    /// Update a mark to the known shortfall, which may be zero.
    Mark {
        /// The obligation.
        obligation: Address,
        /// The recorded mark.
        marked: Assets,
        /// The current shortfall.
        shortfall: Assets,
    },
    /// Report that a token has no usable price.
    ReportPrice {
        /// The collateral, or the pool for its liquidity token.
        token: Address,
    },
    /// Execute a matured request to leave.
    Execute {
        /// The position or the stake.
        holder: Address,
        /// The owner.
        owner: Address,
        /// Whether it is a stake.
        of_stake: bool,
        /// The amount that becomes payable.
        assets: Assets,
    },
    /// Add a row to the full history of a position or stake, without which its request cannot be executed.
    ExtendHistory {
        /// The position or the stake.
        holder: Address,
    },
    /// Refresh a collateral's averages.
    RefreshRisk {
        /// The collateral.
        collateral: Address,
        /// The age of the average, in seconds.
        age: i64,
    },
}

impl Action {
    /// Returns the name in logs and metrics.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Record { .. } => "record",
            Self::Liquidate(_) => "liquidate",
            Self::Mark { .. } => "mark",
            Self::ReportPrice { .. } => "report_price",
            Self::Execute { .. } => "execute",
            Self::ExtendHistory { .. } => "extend_history",
            Self::RefreshRisk { .. } => "refresh_risk",
        }
    }

    /// Returns whether it can wait for losses: exits and refreshes can.
    pub const fn can_wait(&self) -> bool {
        matches!(self, Self::Execute { .. } | Self::ExtendHistory { .. } | Self::RefreshRisk { .. })
    }

    /// Returns the target that no second action may touch meanwhile: the obligation, the position or stake, the
    /// reported token, or the refreshed collateral.
    pub const fn target(&self) -> Address {
        match self {
            Self::Record { obligation, .. } | Self::Mark { obligation, .. } => *obligation,
            Self::Liquidate(liquidate) => liquidate.obligation,
            Self::ReportPrice { token } => *token,
            Self::Execute { holder, .. } | Self::ExtendHistory { holder, .. } => *holder,
            Self::RefreshRisk { collateral, .. } => *collateral,
        }
    }
}

/// The actions of a round, and its findings.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The actions, in order.
    pub actions: Vec<Action>,
    /// The number of rated obligations.
    pub rated: usize,
    /// The number of obligations that can be liquidated.
    pub liquidatable: usize,
    /// The number of obligations not rated because they need an unusable price.
    pub unpriced: usize,
    /// The number of obligations whose values overflow the program's arithmetic.
    pub uncountable: usize,
    /// Obligations that can be liquidated, but not by this bot, and why.
    pub left_alone: Vec<(Address, Reason)>,
    /// The mints with unusable prices, and why.
    pub unusable_prices: Vec<(Address, BackstopError)>,
}

/// Plans a round.
///
/// # Errors
/// If the pool's interest cannot be computed.
pub fn plan(book: &Book, inventory: &Inventory, rules: &Rules, clock: Clock) -> Result<Plan, BackstopError> {
    let snapshot = book.snapshot(clock);
    let scale = book.scale(&snapshot)?;
    let ratings = scale.rate(book.rows(), rules.threads);
    let mut plan = Plan {
        rated: book.rows().len().saturating_sub(ratings.unpriced).saturating_sub(ratings.uncountable),
        liquidatable: ratings.due.iter().filter(|rating| rating.liquidatable).count(),
        unpriced: ratings.unpriced,
        uncountable: ratings.uncountable,
        unusable_prices: unusable_prices(&snapshot),
        ..Plan::default()
    };
    let round = Round { book, snapshot: &snapshot, scale: &scale, rules };
    let due = ratings.due.iter().filter_map(|rating| Due::new(book, rating));
    let (records, rest): (Vec<_>, Vec<_>) = due.filter(|due| !inventory.busy.contains(&due.address)).partition(|due| {
        // An obligation too large for a transaction is still marked.
        round.is_to_be_recorded(due) && !inventory.too_large.contains(&due.address)
    });

    plan.actions.extend(round.records(records));
    let (liquidations, taken, left_alone) = round.liquidations(&rest, inventory);
    plan.actions.extend(liquidations);
    plan.left_alone = left_alone;
    plan.actions.extend(round.marks(rest.iter().filter(|due| !taken.contains(&due.address))));
    if ratings.unpriced != 0 {
        plan.actions.extend(round.reports(inventory));
    }
    plan.actions.extend(round.exits(inventory));
    plan.actions.extend(round.refreshes(inventory));
    Ok(plan)
}

fn unusable_prices(snapshot: &Snapshot) -> Vec<(Address, BackstopError)> {
    let own = snapshot.price.err().map(|error| (snapshot.pool.mint, error));
    let others = snapshot.collaterals.iter().filter_map(|listed| Some((listed.account.mint, listed.price.err()?)));
    own.into_iter().chain(others).collect()
}

/// An obligation that may need an action.
struct Due<'a> {
    address: Address,
    row: &'a Row,
    rating: &'a Rating,
}

impl<'a> Due<'a> {
    fn new(book: &'a Book, rating: &'a Rating) -> Option<Self> {
        Some(Self { address: book.address_of(rating.row)?, row: book.rows().get(rating.row)?, rating })
    }
}

/// The inputs of a round of planning.
struct Round<'a> {
    book: &'a Book,
    snapshot: &'a Snapshot,
    scale: &'a Scale,
    rules: &'a Rules,
}

impl Round<'_> {
    /// Returns whether to record now: to settle a mark, or for a recordable loss that is large enough. After a record
    /// the collateral covers the rest of the debt, but not for long: each second's interest and each fall of a price is
    /// a loss again.
    fn is_to_be_recorded(&self, due: &Due) -> bool {
        let whole = due.rating.shortfall == due.rating.debt || self.scale.settles(due.row);
        due.rating.recordable && (whole || self.matters(due.rating.shortfall))
    }

    /// Returns whether the amount is worth a transaction that earns nothing.
    fn matters(&self, assets: Assets) -> bool {
        self.is_worth(assets, self.rules.mark_change)
    }

    /// Returns whether the amount is not zero, and worth at least `least`.
    fn is_worth(&self, assets: Assets, least: Value) -> bool {
        let value = self.scale.debt_price.and_then(|price| price.value_up(assets.get()).ok());
        !assets.is_zero() && value.is_some_and(|value| value >= least)
    }

    fn records(&self, mut due: Vec<Due>) -> Vec<Action> {
        due.sort_by_cached_key(|due| self.rules.urgency(due.rating.shortfall.get().into(), &due.address));
        due.iter().map(|due| Action::Record { obligation: due.address, loss: due.rating.shortfall }).collect()
    }

    /// Returns the profitable liquidations within the inventory, the most profitable first. Also returns their
    /// obligations, and the obligations left alone.
    fn liquidations(
        &self,
        due: &[Due],
        inventory: &Inventory,
    ) -> (Vec<Action>, HashSet<Address>, Vec<(Address, Reason)>) {
        let mut budget = Budget {
            liquidity: inventory.liquidity.saturating_sub(self.rules.keep),
            collateral: inventory.collateral.clone(),
        };
        let (mut candidates, mut left_alone) = (Vec::new(), Vec::new());
        for due in due.iter().filter(|due| due.rating.liquidatable) {
            if inventory.too_large.contains(&due.address) {
                left_alone.push((due.address, Reason::TooLarge));
                continue;
            }
            match self.best(due, &budget) {
                Ok(liquidate) => candidates.push((due, liquidate)),
                Err(reason) => left_alone.push((due.address, reason)),
            }
        }
        candidates.sort_by_cached_key(|(due, it)| self.rules.urgency(it.profit.get(), &due.address));
        let (mut actions, mut taken) = (Vec::new(), HashSet::new());
        for (due, first) in candidates {
            // Earlier liquidations used some inventory: another choice may now be best, or none.
            let chosen = if budget.allows(self, &first) { Ok(first) } else { self.best(due, &budget) };
            match chosen {
                Ok(liquidate) => {
                    budget.reserve(&liquidate);
                    taken.insert(due.address);
                    actions.push(Action::Liquidate(Box::new(liquidate)));
                }
                Err(reason) => left_alone.push((due.address, reason)),
            }
        }
        (actions, taken, left_alone)
    }

    fn marks<'b>(&self, due: impl Iterator<Item = &'b Due<'b>>) -> Vec<Action> {
        let change = |due: &Due| due.rating.shortfall.get().abs_diff(due.row.mark.shortfall.get());
        let due = due.filter(|due| self.matters(Assets::new(change(due))));
        let mut due: Vec<_> =
            due.filter(|due| may_default(due.row.last_risk_increase_slot, self.scale.slot, 0)).collect();
        due.sort_by_cached_key(|due| self.rules.urgency(change(due).into(), &due.address));
        let mark = |due: &&Due| Action::Mark {
            obligation: due.address,
            marked: due.row.mark.shortfall,
            shortfall: due.rating.shortfall,
        };
        due.iter().map(mark).collect()
    }

    /// Returns reports for tokens without a usable price: not yet reported, while the pool has debt.
    fn reports(&self, inventory: &Inventory) -> Vec<Action> {
        let pool = &self.snapshot.pool;
        let own = (self.book.address(), self.snapshot.price.is_err() && pool.last_price.reported_at == 0);
        let listed = self.snapshot.collaterals.iter().map(|listed| {
            let account = &listed.account;
            let bad = listed.price.is_err() && account.last_price.reported_at == 0 && account.deposited != 0;
            (listed.address, bad)
        });
        let all = std::iter::once(own).chain(listed);
        let bad = all.filter(|(token, bad)| *bad && pool.debt_shares != 0 && !inventory.busy.contains(token));
        bad.map(|(token, _)| Action::ReportPrice { token }).collect()
    }

    /// Returns actions for matured requests. Previews run in order, each with the cash that the earlier ones leave.
    ///
    /// A request without enough cash waits until a part of it is worth a transaction. A request that costs more than it
    /// pays is left to its owner.
    fn exits(&self, inventory: &Inventory) -> Vec<Action> {
        let snapshot = &self.snapshot;
        let mut leavers: Vec<_> = self
            .book
            .leavers()
            .filter(|(holder, leaver)| {
                leaver.is_due(&snapshot.pool, &snapshot.fund, snapshot.now) && !inventory.busy.contains(*holder)
            })
            .collect();
        // Usually there are none.
        if leavers.is_empty() {
            return Vec::new();
        }
        leavers.sort_by_cached_key(|(holder, _)| self.rules.urgency(0, holder));
        let mut after = self.snapshot.clone();
        leavers.into_iter().filter_map(|(holder, leaver)| self.exit(&mut after, *holder, leaver.clone())).collect()
    }

    /// Returns the action for a matured request, and updates `snapshot` to the state after it.
    fn exit(&self, snapshot: &mut Snapshot, holder: Address, mut leaver: Leaver) -> Option<Action> {
        let mut after = snapshot.clone();
        let mut moved = leaver.execute(&mut after);
        let full = moved == Err(BackstopError::HistoryFull);
        if full {
            leaver.make_room();
            after = snapshot.clone();
            moved = leaver.execute(&mut after);
        }
        let assets = Assets::new(moved.ok()?.assets);
        let pays_all = leaver.request().shares == 0 && self.is_worth(assets, self.rules.transaction_cost);
        if !(pays_all || self.matters(assets)) {
            return None;
        }
        *snapshot = after;
        if full {
            return Some(Action::ExtendHistory { holder });
        }
        let (owner, of_stake) = leaver.owner();
        Some(Action::Execute { holder, owner, of_stake, assets })
    }

    fn refreshes(&self, inventory: &Inventory) -> Vec<Action> {
        let (snapshot, interval) = (&self.snapshot, i64::from(self.rules.refresh_seconds));
        let priced = snapshot.collaterals.iter().filter(|listed| snapshot.price.is_ok() && listed.price.is_ok());
        let due = |listed: &PricedCollateral| {
            let age = snapshot.now.saturating_sub(listed.account.average.at);
            // A refresh reads the prices, which ends a report.
            let reported = listed.account.last_price.reported_at != 0 || snapshot.pool.last_price.reported_at != 0;
            let due = interval != 0 && age >= interval || reported;
            due.then_some(Action::RefreshRisk { collateral: listed.address, age })
        };
        priced.filter(|listed| !inventory.busy.contains(&listed.address)).filter_map(due).collect()
    }
}
