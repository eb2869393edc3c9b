//! What is known to be lost and waits to be recorded, and who waits for it. Each mark follows from what happened to its
//! obligation, each hold is kept as the list of all times at which it was on, and what was read of each price is noted
//! here, too.

use backstop_client::{Event, HoldTimes};

use crate::{
    model::{self, ModelPool, Sight, is_material},
    properties::{Moment, counts_interest},
    state::State,
    step::{ACTORS, Actor, Each, PerToken, Step, TOKENS, Token},
    violation::{Holds, equal, holds},
};

/// What an obligation is known to leave unpaid, and since when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Mark {
    shortfall: u64,
    since: i64,
}

/// How good prices are.
#[derive(Clone, Copy)]
struct Seen {
    /// None is older than one that was read before, none counts in the borrower's favour.
    newest: bool,
    /// None is more than ten seconds older than one that was read before.
    recent: bool,
    /// Of when the oldest is that was read.
    oldest: i64,
}

/// Where nothing better can be seen.
const BEST: Seen = Seen { newest: true, recent: true, oldest: i64::MAX };
/// Where nothing is seen.
const WORST: Seen = Seen { newest: false, recent: true, oldest: i64::MAX };

impl Mark {
    /// By the newest prices it is what they show. Else it falls by what is paid only, and rises to what they show.
    fn after(self, shown: u64, paid: u64, left: u64, seen: Seen, now: i64) -> Self {
        let kept = if seen.newest { 0 } else { self.shortfall.saturating_sub(paid) };
        match (shown.max(kept).min(left), self.shortfall) {
            (0, _) => Self::default(),
            (shortfall, 0) => Self { shortfall, since: now },
            // More than twice as much is another loss.
            (shortfall, was) if u128::from(shortfall) > 2 * u128::from(was) => Self { shortfall, since: now },
            (shortfall, _) => Self { shortfall, ..self },
        }
    }
}

/// What was read of a token's price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Memory {
    value: u128,
    first_at: i64,
    second_at: i64,
    reported_at: i64,
}

impl Memory {
    fn of(state: &State, token: Token) -> Self {
        let last = model::last_price(state, token);
        let value = model::last_value(last);
        Self { value, first_at: last.first_at, second_at: last.second_at, reported_at: last.reported_at }
    }

    fn is_newest(&self, (first, second): (i64, i64)) -> bool {
        first >= self.first_at && second >= self.second_at
    }

    /// By how many seconds such a price is older than what was read before, of the feed where that is more.
    fn behind(&self, (first, second): (i64, i64)) -> i64 {
        (self.first_at - first).max(self.second_at - second)
    }

    fn read(&mut self, value: u128, (first, second): (i64, i64)) {
        if self.is_newest((first, second)) {
            self.value = value;
        }
        (self.first_at, self.second_at) = (first.max(self.first_at), second.max(self.second_at));
        self.reported_at = 0;
    }
}

/// Of when both feeds of a token are.
fn times(state: &State, token: Token, now: i64) -> (i64, i64) {
    (now - state.ages[token].first, now - state.ages[token].second)
}

/// All times at which one was on hold: when each began, and when it ended if it did.
#[derive(Default)]
struct Waits(Vec<(i64, Option<i64>)>);

impl Waits {
    fn begun(&self) -> Option<i64> {
        self.0.last().filter(|(_, ended)| ended.is_none()).map(|(began, _)| *began)
    }

    fn turn(&mut self, waits: bool, now: i64) {
        match (waits, self.begun()) {
            (true, None) => self.0.push((now, None)),
            (false, Some(_)) => self.0.last_mut().unwrap().1 = Some(now),
            _ => {}
        }
    }

    /// Seconds of all.
    fn lasted(&self, now: i64) -> i64 {
        self.0.iter().map(|(began, ended)| ended.unwrap_or(now) - began).sum()
    }

    fn clock(&self, now: i64) -> i64 {
        now - self.lasted(now)
    }

    /// Seconds of those that are over and count together, as nobody could leave between them for so long.
    fn spent(&self, long: i64) -> i64 {
        let mut all = 0;
        let mut next = self.begun();
        for (began, ended) in self.0.iter().rev().filter_map(|(began, ended)| Some((began, (*ended)?))) {
            if next.is_some_and(|next| next - ended >= long) {
                break;
            }
            (all, next) = (all + ended - began, Some(*began));
        }
        all
    }

    /// Whether those who wait waited for long enough.
    fn is_over(&self, long: i64, now: i64) -> bool {
        self.begun().is_some_and(|began| now - began + self.spent(long) >= long)
    }

    fn as_stored(&self, long: i64) -> HoldTimes {
        let (began, ended) = self.0.last().copied().unwrap_or_default();
        let closed = self.0.iter().filter_map(|(began, ended)| Some((*ended)? - began)).sum::<i64>();
        HoldTimes {
            since: ended.unwrap_or(began),
            stopped: u64::try_from(closed).unwrap(),
            spent: u32::try_from(self.spent(long)).unwrap_or(u32::MAX),
            on: u32::from(self.begun().is_some()),
        }
    }
}

#[derive(Default)]
pub(crate) struct Marks {
    marks: Each<Mark>,
    prices: Option<PerToken<Memory, 3>>,
    pool: Waits,
    fund: Waits,
}

/// What the fund has, is due and owed.
fn fund_of(assets: u64, pot: &ModelPool) -> u64 {
    assets + pot.insured()
}

impl Marks {
    fn all(&self) -> u64 {
        self.marks.values().map(|mark| mark.shortfall).sum()
    }

    fn hold_pool(&mut self, pot: &ModelPool, now: i64) {
        let nav = u64::try_from(pot.nav()).unwrap();
        self.pool.turn(is_material(self.all(), nav), now);
    }

    fn hold_fund(&mut self, assets: u64, now: i64) {
        self.fund.turn(is_material(self.all(), assets), now);
    }

    fn is_due(&self, who: Actor, long: i64, now: i64) -> bool {
        let mark = self.marks[who];
        mark.shortfall != 0
            && (now - mark.since >= long || self.pool.is_over(long, now) || self.fund.is_over(long, now))
    }

    /// The tokens whose prices a step reads: what can be used of that of the liquidity token and what the obligation
    /// holds that counts.
    fn read(moment: &Moment) -> Vec<Token> {
        let of = |state: &State, who: Actor| {
            let held: Vec<Token> = model::counted(state, who).map(|(token, _)| token).collect();
            [&[Token::Usdc], held.as_slice()].concat()
        };
        let (before, after) = (moment.before, moment.after);
        let needed = match moment.step {
            Step::Borrow { who, .. } => of(before, who),
            Step::WithdrawCollateral { who, .. } if before.obligations[who].owes() => of(after, who),
            Step::DepositCollateral { who, token, .. } if before.obligations[who].debt_shares != 0 => vec![token],
            Step::Mark { borrower } | Step::Liquidate { borrower, .. } => of(before, borrower),
            Step::Record { borrower } if model::counted(before, borrower).next().is_some() => of(before, borrower),
            Step::RefreshRisk { token } => vec![Token::Usdc, token],
            _ => Vec::new(),
        };
        needed.into_iter().filter(|token| model::is_usable(before, *token)).collect()
    }

    /// How good the prices are that an obligation is seen at.
    fn seen(&self, moment: &Moment, who: Actor, read: &[Token]) -> Seen {
        if read.is_empty() && model::counted(moment.before, who).next().is_none() {
            return BEST;
        }
        let (prices, state) = (self.prices.as_ref().unwrap(), moment.before);
        let newest = |token: &Token| prices[*token].is_newest(times(state, *token, moment.now));
        let dead = model::counted(state, who).any(|(token, _)| !read.contains(&token)) || !read.contains(&Token::Usdc);
        let oldest = |token: &Token| times(state, *token, moment.now).0.min(times(state, *token, moment.now).1);
        let behind = |token: &Token| prices[*token].behind(times(state, *token, moment.now));
        let recent = read.iter().all(|token| behind(token) <= 10);
        Seen {
            newest: read.iter().all(newest) && !dead,
            recent,
            oldest: read.iter().map(oldest).min().unwrap_or(i64::MAX),
        }
    }

    /// Books a step, and compares.
    pub(super) fn book(&mut self, moment: &Moment) -> Holds {
        let (before, after, now) = (moment.before, moment.after, moment.now);
        let long = i64::from(before.pool.parameters.loss.hold_seconds);
        self.prices.get_or_insert_with(|| PerToken::new(|token| Memory::of(before, token)));
        let read = Self::read(moment);
        let (was, is) = (ModelPool::of(&moment.was), ModelPool::of(&after.pool.totals()));
        match moment.step {
            Step::Deposit { .. } | Step::Withdraw { .. } | Step::ExecuteWithdrawal { .. } => {
                let nav = u64::try_from(was.nav()).unwrap();
                let waits = is_material(self.all(), nav);
                holds!("no-escape", !waits, "{:?} was done while {} of {nav} were marked", moment.step, self.all());
            }
            Step::Stake { .. } | Step::ExecuteUnstake { .. } => {
                let has = fund_of(before.fund.assets, &was);
                let waits = is_material(self.all(), has);
                holds!("no-escape", !waits, "{:?} was done while {} of {has} were marked", moment.step, self.all());
            }
            Step::Mark { borrower } => {
                let seen = self.seen(moment, borrower, &read);
                let left = was.debt(before.obligations[borrower].debt_shares);
                let shown = Sight::new(before, now).shortfall(borrower, left);
                self.marks[borrower] = self.marks[borrower].after(shown, 0, left, seen, now);
            }
            Step::Repay { borrower, .. } => {
                let mark = self.marks[borrower];
                let left = is.debt(after.obligations[borrower].debt_shares);
                let owed = was.debt(before.obligations[borrower].debt_shares);
                self.marks[borrower] = mark.after(0, repaid(moment), left, WORST, now);
                holds!("conservation", repaid(moment) <= owed, "{} were repaid of {owed}", repaid(moment));
                if mark.shortfall != 0 {
                    self.hold_fund(fund_of(before.fund.assets, &was), now);
                }
                if moment.recoveries().next().is_some() {
                    self.hold_fund(fund_of(after.fund.assets, &is), now);
                }
            }
            Step::Liquidate { borrower, .. } => self.liquidate(moment, borrower, &read),
            Step::Record { borrower } => self.record(moment, borrower, long, &read)?,
            _ => {}
        }
        if counts_interest(moment.step, before) {
            self.hold_pool(&is, now);
        }
        if matches!(
            moment.step,
            Step::Stake { .. }
                | Step::ExecuteUnstake { .. }
                | Step::Fund { .. }
                | Step::Mark { .. }
                | Step::Liquidate { .. }
                | Step::Record { .. }
        ) {
            self.hold_fund(fund_of(after.fund.assets, &is), now);
        }
        self.remember(moment, &read);
        self.clocks(moment)?;
        self.check(after, long)
    }

    /// What is left unpaid of a liquidated debt is marked, unless it was lent just now; what is recorded of it in the
    /// same step is not. What pays written-off debt changes no mark.
    fn liquidate(&mut self, moment: &Moment, borrower: Actor, read: &[Token]) {
        if moment.recoveries().next().is_some() {
            return;
        }
        let (before, after, now) = (moment.before, moment.after, moment.now);
        let mut events = moment.events.iter();
        let done =
            events.find_map(|event| if let Event::Liquidated(done) = event { Some(done) } else { None }).unwrap();
        let (just, seen) = (moment.just(), self.seen(moment, borrower, read));
        let left = just.debt(done.debt_shares);
        let (shown, seen) = if moment.slot > before.obligations[borrower].last_risk_increase_slot {
            (Sight::new(after, now).shortfall(borrower, left), seen)
        } else {
            (0, WORST)
        };
        // What is paid at a price that is not the newest takes no shortfall away.
        self.marks[borrower] = self.marks[borrower].after(shown, 0, left, seen, now);
        if moment.loss().is_some() {
            self.lose(moment, borrower, seen);
        }
    }

    fn lose(&mut self, moment: &Moment, borrower: Actor, seen: Seen) {
        let left = ModelPool::of(&moment.after.pool.totals()).debt(moment.after.obligations[borrower].debt_shares);
        let lost = moment.loss().unwrap().loss;
        self.marks[borrower] = self.marks[borrower].after(0, lost, left, seen, moment.now);
    }

    /// A loss is recorded where there is nothing to wait for, or the wait is over; then the mark ends in any case.
    fn record(&mut self, moment: &Moment, borrower: Actor, long: i64, read: &[Token]) -> Holds {
        let (before, now, mark) = (moment.before, moment.now, self.marks[borrower]);
        let seen = self.seen(moment, borrower, read);
        let due = self.is_due(borrower, long, now);
        equal!("hold-ends", model::settles(before, borrower, now), due, "whether {mark:?} of {borrower:?} is settled");
        if due {
            holds!("hold-ends", seen.oldest >= mark.since, "{mark:?} is settled by a price of {}", seen.oldest);
            holds!("no-escape", seen.recent, "{mark:?} is settled by a price that was more than ten seconds behind");
            let owed = ModelPool::of(&moment.was).debt(before.obligations[borrower].debt_shares);
            let shown = Sight::new(before, now).settling(true).shortfall(borrower, owed);
            equal!("hold-ends", moment.loss().is_some(), shown != 0, "whether settling {shown} is a loss");
            self.marks[borrower] = Mark::default();
        } else {
            holds!("no-default-no-loss", moment.loss().is_some(), "{:?} was done, and nothing was lost", moment.step);
            self.lose(moment, borrower, seen);
        }
        Ok(())
    }

    fn remember(&mut self, moment: &Moment, read: &[Token]) {
        let (state, now) = (moment.before, moment.now);
        let prices = self.prices.as_mut().unwrap();
        for token in read {
            prices[*token].read(model::price(state, *token).0, times(state, *token, now));
        }
        if let Step::ReportPrice { token } = moment.step
            && prices[token].reported_at == 0
        {
            prices[token].reported_at = now;
        }
    }

    /// Requests to leave mature on a clock that stands still while nobody can leave. Where a notice is due nothing
    /// leaves but by one.
    fn clocks(&self, moment: &Moment) -> Holds {
        let (before, after, now) = (moment.before, moment.after, moment.now);
        let (pool, fund) = (self.pool.clock(now), self.fund.clock(now));
        let exit = &before.pool.parameters.exit;
        let tripped = now < before.pool.breaker_until;
        let notice = exit.notice_seconds.max(if tripped { exit.breaker_notice_seconds } else { 0 });
        match moment.step {
            Step::RequestWithdrawal { who, .. } => {
                let matures = after.positions[who].request.matures_at;
                equal!("no-stale-exit", matures, pool + i64::from(notice), "when {who:?} can withdraw");
            }
            Step::Withdraw { who, .. } => {
                holds!("no-stale-exit", notice == 0, "{who:?} withdrew without the notice of {notice} seconds");
            }
            Step::ExecuteWithdrawal { who } => {
                let request = &before.positions[who].request;
                let asked = !tripped || request.asked_at + i64::from(notice) <= pool;
                let due = notice == 0 || request.matures_at <= pool && asked;
                holds!("no-stale-exit", due, "{who:?} left at {pool} by {request:?}, tripped: {tripped}");
            }
            Step::RequestUnstake { who, .. } => {
                let matures = after.stakes[who].request.matures_at;
                let cooldown = i64::try_from(before.pool.parameters.insurance.cooldown_seconds).unwrap();
                equal!("no-stale-exit", matures, fund + cooldown, "when {who:?} can leave the fund");
            }
            Step::ExecuteUnstake { who } => {
                let request = &before.stakes[who].request;
                holds!("no-stale-exit", request.matures_at <= fund, "{who:?} left the fund at {fund} by {request:?}");
            }
            _ => {}
        }
        Ok(())
    }

    /// Compares with the accounts.
    fn check(&self, state: &State, long: i64) -> Holds {
        for who in ACTORS {
            let obligation = &state.obligations[who];
            let reported = Mark { shortfall: obligation.marked, since: obligation.marked_at };
            equal!("no-escape", reported, self.marks[who], "the mark of {who:?}");
        }
        let reported = (state.pool.hold, state.pool.fund_hold);
        let held = (self.pool.as_stored(long), self.fund.as_stored(long));
        equal!("hold-ends", reported, held, "holds of pool and fund, and all their times");
        for token in TOKENS {
            let (reported, read) = (Memory::of(state, token), self.prices.as_ref().unwrap()[token]);
            equal!("no-escape", reported, read, "what is remembered of the price of {token:?}");
        }
        Ok(())
    }
}

/// What of a payment paid a debt: what recovered no loss.
fn repaid(moment: &Moment) -> u64 {
    let Step::Repay { who, .. } = moment.step else { return 0 };
    let wallet = |state: &State| state.wallets[who][Token::Usdc];
    wallet(moment.before) - wallet(moment.after) - moment.recoveries().map(|paid| paid.assets).sum::<u64>()
}
