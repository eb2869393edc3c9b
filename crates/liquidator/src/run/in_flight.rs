//! Starts planned actions and handles their outcomes.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use solana_address::Address;
use tokio::task::{Id, JoinError};
use tracing::{debug, error, info, warn};

use super::{Bot, Told};
use crate::{
    act::{self, FailureKind, Outcome},
    book::{Book, Received, Row},
    plan::Action,
};

/// The pause after an action that landed but could not be reread, or that lacks a token account.
const SHORTLY: Duration = Duration::from_secs(10);
/// The pause before a dry run repeats an action.
const DRY_PAUSE: Duration = Duration::from_secs(60);

/// A planned action.
pub(super) struct Planned {
    pool: Address,
    action: Action,
    /// The obligation's row at planning.
    row: Option<Row>,
}

impl Planned {
    pub(super) fn new(pool: Address, action: Action, book: Option<&Book>) -> Self {
        let row = book.and_then(|book| book.row(&action.target())).copied();
        Self { pool, action, row }
    }

    /// Returns whether it can wait for losses.
    pub(super) const fn can_wait(&self) -> bool {
        self.action.can_wait()
    }

    /// Returns whether the obligation is unchanged since planning.
    fn holds(&self, books: &HashMap<Address, Book>) -> bool {
        books.get(&self.pool).is_some_and(|book| book.row(&self.action.target()) == self.row.as_ref())
    }
}

/// An action in flight.
pub(super) struct InFlight {
    pub(super) pool: Address,
    pub(super) action: Action,
    task: Id,
}

/// A target to leave alone for now.
pub(super) struct Paused {
    pub(super) pool: Address,
    pub(super) until: Instant,
    /// The reason to report, if the bot leaves it alone on purpose.
    pub(super) reason: Option<&'static str>,
}

/// Finished actions, and the accounts they touched as reread.
pub(super) struct Done {
    outcomes: Vec<(Address, Outcome)>,
    read: Vec<Received>,
}

impl Bot {
    /// Starts planned actions, up to `in_flight` transactions. The actions of one plan fit the inventory together. So
    /// the next one starts as soon as another ends, unless a new plan replaces it.
    pub(super) fn fill(&mut self) {
        while let Some(next) = self.queue.front() {
            // Actions that can wait leave half of the room to those that cannot, which may be planned meanwhile.
            let in_flight = self.config.timing.in_flight;
            let room = if next.can_wait() { in_flight.div_ceil(2) } else { in_flight };
            if self.tasks.len() >= room {
                break;
            }
            let mut batch: Vec<(Address, Action)> = Vec::new();
            while let Some(next) = self.queue.front() {
                let (pool, name) = (next.pool, next.action.name());
                let alike = batch.first().is_none_or(|(first, it)| *first == pool && it.name() == name);
                if !alike || batch.len() >= self.config.timing.batch {
                    break;
                }
                // Obligations changed since planning are left to the next round.
                let next = self.queue.pop_front().filter(|next| next.holds(&self.books));
                batch.extend(next.map(|next| (next.pool, next.action)));
            }
            self.begin(batch);
        }
    }

    /// Starts actions in one transaction.
    fn begin(&mut self, batch: Vec<(Address, Action)>) {
        let mut touched: Vec<_> = batch.first().map(|(pool, _)| *pool).into_iter().collect();
        let (mut instructions, mut begun) = (Vec::new(), Vec::new());
        for (pool, action) in batch {
            let target = action.target();
            let book = self.books.get(&pool);
            match book.and_then(|book| act::instruction(&action, book, &self.wallet)) {
                Some(instruction) => {
                    // A dry run repeats the same actions.
                    let again = self.hands.dry_run && !self.reported.is_news(target, action.name(), Instant::now());
                    describe(&action, again);
                    touched.push(target);
                    instructions.push((target, instruction));
                    begun.push((pool, action));
                }
                None => self.lacks_account(pool, &action),
            }
        }
        if instructions.is_empty() {
            return;
        }
        let room = act::READ_AT_ONCE.saturating_sub(touched.len());
        touched.extend(self.wallet.addresses().into_iter().take(room));
        let hands = self.hands.clone();
        let task = self.tasks.spawn(async move {
            let (outcomes, read) = hands.act(instructions, &touched).await;
            Done { outcomes, read }
        });
        for (pool, action) in begun {
            self.in_flight.insert(action.target(), InFlight { pool, action, task: task.id() });
        }
        self.metrics.figures().in_flight = self.in_flight.len();
    }

    fn lacks_account(&mut self, pool: Address, action: &Action) {
        let target = action.target();
        if self.reported.is_news(target, "no_token_account", Instant::now()) {
            let what = match self.hands.dry_run {
                true => "the wallet lacks a token account for it, and a dry run creates none",
                false => "the wallet lacks a token account for it; the account is being created",
            };
            warn!(action = action.name(), %target, reason = "no_token_account", "left alone: {what}");
        }
        self.pause(pool, target, SHORTLY, Some("no_token_account"));
    }

    pub(super) async fn finish_next(&mut self) {
        if let Some(done) = self.tasks.join_next_with_id().await {
            self.finish(done);
        }
    }

    pub(super) fn finish(&mut self, done: Result<(Id, Done), JoinError>) {
        match done {
            Ok((_, done)) => {
                let unseen = done.read.is_empty();
                for received in done.read {
                    self.take_account(received);
                }
                for (target, outcome) in done.outcomes {
                    self.end(target, &outcome, unseen);
                }
            }
            Err(broken) => self.break_off(&broken),
        }
        self.metrics.figures().in_flight = self.in_flight.len();
    }

    /// Handles the outcome of an action. A target that landed but could not be reread is left alone for a while.
    fn end(&mut self, target: Address, outcome: &Outcome, unseen: bool) {
        let Some(InFlight { pool, action, .. }) = self.in_flight.remove(&target) else { return };
        let name = action.name();
        let news = |reported: &mut Told| reported.is_news(target, outcome.name(), Instant::now());
        match outcome {
            Outcome::Landed(landed) => {
                info!(action = name, %target, signature = %landed.signature, slot = landed.slot, "landed");
                if unseen {
                    self.pause(pool, target, SHORTLY, None);
                }
            }
            Outcome::DryRun(_) => {
                if news(&mut self.reported) {
                    info!(action = name, %target, "would land (dry run)");
                }
                self.pause(pool, target, DRY_PAUSE, Some("dry_run"));
            }
            Outcome::Failed(failure_kind, error) => {
                if news(&mut self.reported) {
                    warn!(action = name, %target, failure_kind = failure_kind.name(), %error, "not done");
                } else {
                    debug!(action = name, %target, failure_kind = failure_kind.name(), %error, "not done");
                }
                let fits_otherwise = matches!(action, Action::Record { .. } | Action::Liquidate(_));
                if *failure_kind == FailureKind::TooLarge && fits_otherwise {
                    self.too_large
                        .extend(Instant::now().checked_add(failure_kind.pause()).map(|until| (target, until)));
                } else {
                    self.pause(pool, target, failure_kind.pause(), None);
                }
            }
        }
        let mut figures = self.metrics.figures();
        let count = figures.actions.entry((name, outcome.name())).or_default();
        *count = count.saturating_add(1);
    }

    /// Releases the actions of a task that panicked.
    fn break_off(&mut self, broken: &JoinError) {
        let held = self.in_flight.iter().filter(|(_, it)| it.task == broken.id());
        let held: Vec<_> = held.map(|(target, it)| (*target, it.pool)).collect();
        error!(%broken, actions = held.len(), "a bug in the bot ended actions: report the log");
        for (target, pool) in held {
            self.in_flight.remove(&target);
            // A sent transaction expires within this pause.
            self.pause(pool, target, FailureKind::Undecided.pause(), None);
        }
    }

    fn pause(&mut self, pool: Address, target: Address, pause: Duration, reason: Option<&'static str>) {
        if let Some(until) = Instant::now().checked_add(pause) {
            self.paused.insert(target, Paused { pool, until, reason });
        }
    }
}

/// The amounts that planned and in-flight actions may take and bring, by mint.
#[derive(Default)]
pub(super) struct Reserved {
    outgoing: HashMap<Address, u64>,
    incoming: HashMap<Address, u64>,
}

impl Reserved {
    pub(super) fn add(&mut self, book: &Book, action: &Action) {
        let Action::Liquidate(liquidate) = action else { return };
        let out = self.outgoing.entry(book.pool().mint).or_default();
        *out = out.saturating_add(liquidate.max_paid.get());
        if let Some(collateral) = book.collateral(&liquidate.collateral) {
            let incoming = self.incoming.entry(collateral.mint).or_default();
            *incoming = incoming.saturating_add(liquidate.max_seized.get());
        }
    }

    pub(super) fn outgoing(&self, mint: &Address) -> u64 {
        self.outgoing.get(mint).copied().unwrap_or(0)
    }

    pub(super) fn incoming(&self, mint: &Address) -> u64 {
        self.incoming.get(mint).copied().unwrap_or(0)
    }
}

fn describe(action: &Action, again: bool) {
    if again {
        return debug!(action = action.name(), target = %action.target(), "repeated");
    }
    match action {
        Action::Record { obligation, loss } => info!(%obligation, loss = loss.get(), "recording a loss"),
        Action::Liquidate(it) => info!(
            obligation = %it.obligation,
            collateral = %it.collateral,
            repay = it.expected.taken.repay.get(),
            max_repay = it.max_repay.get(),
            seize = it.expected.taken.seize.get(),
            min_seized = it.min_seized.get(),
            records = it.expected.recorded.is_some(),
            "liquidating"
        ),
        Action::ReportPrice { token } => info!(%token, "reporting that there is no usable price"),
        Action::Mark { obligation, marked, shortfall } => {
            info!(%obligation, marked = marked.get(), shortfall = shortfall.get(), "marking");
        }
        Action::Execute { holder, owner, of_stake, assets } => {
            info!(%holder, %owner, of_stake, assets = assets.get(), "executing a matured request");
        }
        Action::ExtendHistory { holder } => info!(%holder, "adding a history row for a matured request"),
        Action::RefreshRisk { collateral, age } => info!(%collateral, age, "refreshing averages"),
    }
}
