//! What happens next: random steps by random actors, and between them episodes in which it gets bad.

mod officers;

use std::collections::VecDeque;

use backstop_client::{ExitRequest, PausableOperation};
use backstop_engine::{health::Health, price::Quote};

use crate::{
    choice::Choice,
    model::{clock, most_negligible, settles},
    pool_profile::PoolProfile,
    state::{State, reported},
    step::{ACTORS, ALL, Actor, BORROWERS, COLLATERALS, LPS, Officer, STAKERS, Step, TOKENS, Token},
};

/// What an episode has in store; what exactly it is depends on the moment.
#[derive(Clone, Copy)]
enum Intent {
    Do(Step),
    /// A price as at first.
    Restore(Token),
    /// A price of almost nothing.
    Crash(Token),
    /// A price that is too uncertain to be used.
    Die(Token),
    /// Somebody says that a price cannot be used, if so.
    Report(Token),
    /// Next to nothing of a collateral is held.
    Scrap(Actor, Token),
    /// Collateral worth several times all that can be lent.
    Secure(Actor),
    /// All cash but a little.
    BorrowAllBut(Actor, u64),
    /// A price that makes somebody's debt unhealthy.
    Endanger(Actor),
    /// The same, far below what covers it.
    Sink(Actor),
    /// Somebody's shortfall is marked; so often.
    Mark(u32),
    /// The first mark has stood for long enough.
    AwaitSettlement,
    /// Marks that are due are settled; so often.
    Settle(u32),
    /// An older price, of several that are fresh.
    Older(Token),
    /// A price that fell by a tenth.
    Slump(Token),
    /// Somebody unhealthy is liquidated or recorded; so often.
    End(u32),
    /// Somebody unhealthy is recorded, before a liquidator pays a unit for all that they hold; so often.
    Record(u32),
    /// While the breaker is tripped, anything; so often.
    Linger(u32),
    /// Some LP leaves.
    LpLeaves,
    /// Some staker leaves.
    StakerLeaves,
    /// So much of a written-off debt stays unrecovered.
    RecoverAllBut(u64),
    /// Somebody claims what was recovered; so often.
    Claim(u32),
    /// The breaker's trip ends.
    AwaitCalm,
    /// A change is queued.
    Queue,
    /// It is made.
    Execute,
}

pub(crate) struct Plan {
    choice: Choice,
    course: PoolProfile,
    agenda: VecDeque<Intent>,
    /// In the midst of an episode, one in so many steps is of others.
    others: u64,
}

/// What is known of the moment.
struct Now<'a> {
    state: &'a State,
    time: i64,
}

impl Plan {
    pub(crate) fn new(seed: u64, course: PoolProfile) -> Self {
        Self { choice: Choice::from_seed(seed), course, agenda: VecDeque::new(), others: 5 }
    }

    /// The next step.
    pub(crate) fn next(&mut self, state: &State, time: i64) -> Step {
        let now = Now { state, time };
        // In the midst of an episode others act as well.
        if !self.agenda.is_empty() && self.choice.one_in(self.others) {
            return self.anything(&now);
        }
        while let Some(intent) = self.agenda.pop_front() {
            if let Some(step) = self.turn(intent, &now) {
                return step;
            }
        }
        if self.choice.one_in(self.course.calm) {
            self.begin_episode();
        }
        self.anything(&now)
    }

    fn begin_episode(&mut self) {
        use Intent::{
            AwaitCalm, AwaitSettlement, BorrowAllBut, Claim, Crash, Die, Do, End, Endanger, Execute, Linger, LpLeaves,
            Mark, Older, Queue, Record, RecoverAllBut, Report, Restore, Scrap, Secure, Settle, Sink, Slump,
            StakerLeaves,
        };
        self.others = 5;
        let (few, borrower) = (1 + self.choice.below(4), self.choice.of(&BORROWERS));
        let wait = Do(Step::Wait { seconds: 10 });
        let back = [Restore(Token::Sol), Restore(Token::Eth)];
        let episode: Vec<Intent> = match self.choice.below(22) {
            // All is lent to Bob, and lost: all of NAV, or all but a few units.
            0..3 => {
                self.others = 25;
                let left = if self.choice.one_in(3) { few } else { 0 };
                let lost =
                    [Secure(Actor::Bob), BorrowAllBut(Actor::Bob, left), wait, Crash(Token::Sol), Crash(Token::Eth)];
                let after = [Do(Step::Deposit { who: Actor::Alice, assets: self.course.largest }), Claim(2)];
                let middle = [Mark(3), LpLeaves, StakerLeaves, Record(if left == 0 { 8 } else { 0 }), End(30)];
                back.into_iter()
                    .chain([AwaitCalm, wait])
                    .chain(lost)
                    .chain(middle)
                    .chain(back)
                    .chain([Linger(30), AwaitCalm])
                    .chain(after)
                    .collect()
            }
            // Recoveries one after another, each of almost all.
            3 | 4 => [few, few * 20, few, 0].into_iter().flat_map(|left| [RecoverAllBut(left), Claim(1)]).collect(),
            5 => vec![RecoverAllBut(1), RecoverAllBut(1), RecoverAllBut(0), Claim(6)],
            // All is paused that can be, and one debt goes bad.
            6 | 20 => {
                self.others = 2;
                let pause =
                    |what: &PausableOperation| Do(Step::Pause { by: Officer::Guardian, what: *what, seconds: 10_000 });
                let unpause = |what: &PausableOperation| Do(Step::Unpause { by: Officer::Dao, what: *what });
                let bad = if self.choice.one_in(2) {
                    vec![Endanger(borrower)]
                } else {
                    vec![Crash(Token::Sol), Crash(Token::Eth)]
                };
                let during = [Mark(3), End(6), RecoverAllBut(few), Claim(3)];
                let all = PausableOperation::ALL.iter();
                all.clone().map(pause).chain(bad).chain(during).chain(all.map(unpause)).chain(back).collect()
            }
            // Two changes are queued, and made in time, but for those whom a pause kept in.
            7 => {
                self.others = 25;
                vec![Queue, Queue, Do(Step::Wait { seconds: 86_400 + self.choice.below(90_000) }), Execute, Execute]
            }
            // The price of a token dies of which somebody holds next to nothing, and their debt goes bad.
            8 | 9 => {
                self.others = 15;
                let token = self.choice.of(&COLLATERALS);
                let bad = [Scrap(borrower, token), Die(token), Endanger(borrower), Mark(2)];
                bad.into_iter().chain([End(4), RecoverAllBut(few)]).chain(back).chain([Linger(30), AwaitCalm]).collect()
            }
            // One debt goes bad, and nobody pays for what secures it. Older prices do not hide it.
            10 | 11 | 21 => {
                self.others = 4;
                let older = [Older(Token::Sol), Older(Token::Eth), Mark(2)];
                let waiting = [Mark(2), LpLeaves, StakerLeaves].into_iter().chain(older).chain([AwaitSettlement]);
                let settled = [Sink(self.choice.of(&BORROWERS)), Mark(2), Settle(4), Slump(Token::Sol)];
                let again = [Slump(Token::Eth), Record(3), RecoverAllBut(few), Claim(2)];
                [Sink(borrower)].into_iter().chain(waiting).chain(settled).chain(again).chain(back).collect()
            }
            // The price of what secures a debt dies, and counts in its borrower's favour once nobody has read it for
            // long enough.
            12 | 13 => {
                let (token, other) =
                    if self.choice.one_in(2) { (Token::Sol, Token::Eth) } else { (Token::Eth, Token::Sol) };
                let dies = [Die(token), Report(token), Do(Step::Wait { seconds: 10 + self.hold_seconds() })];
                let bad = [Crash(other), Mark(3), LpLeaves, End(3), AwaitSettlement, Settle(4)];
                dies.into_iter().chain(bad).chain(back).chain([Mark(2), Linger(10), AwaitCalm]).collect()
            }
            // A debt goes bad, and then the price of the liquidity token dies.
            14 => {
                let dies = [Sink(borrower), Mark(3), Die(Token::Usdc), Report(Token::Usdc)];
                let after = [AwaitSettlement, AwaitSettlement, Settle(4), Restore(Token::Usdc)];
                dies.into_iter().chain(after).chain(back).chain([Linger(10), AwaitCalm]).collect()
            }
            // One debt goes bad.
            _ => {
                let rest = [Mark(2), LpLeaves, StakerLeaves, End(4), RecoverAllBut(few), Claim(2)];
                [Endanger(borrower)].into_iter().chain(rest).chain(back).chain([Linger(30), AwaitCalm]).collect()
            }
        };
        self.agenda.extend(episode);
    }

    /// What an intent is now; nothing if there is nothing to do.
    fn turn(&mut self, intent: Intent, now: &Now) -> Option<Step> {
        let state = now.state;
        match intent {
            Intent::Do(step) => Some(step),
            Intent::Restore(token) => Some(price(token, self.course.prices[token])),
            Intent::Crash(token) => Some(price(token, 1)),
            Intent::Die(token) => {
                let quote = state.quotes[token];
                Some(Step::Price { token, quote: Quote { confidence: quote.price, ..quote }, age: 0 })
            }
            Intent::Report(token) => state.quote(token).is_err().then_some(Step::ReportPrice { token }),
            Intent::Slump(token) => {
                let quote = state.quotes[token];
                Some(price(token, (quote.price - quote.price / 10).max(1)))
            }
            Intent::Older(token) => {
                let quote = Quote { price: self.course.prices[token], confidence: 0, exponent: -8 };
                Some(Step::Price { token, quote, age: 1 + i64::try_from(self.choice.below(59)).unwrap() })
            }
            Intent::Scrap(who, token) => {
                let (held, few) = (state.held(who, token), most_negligible(state, token));
                if held > few {
                    return Some(Step::WithdrawCollateral { who, token, units: held - few });
                }
                (held == 0 && few != 0).then_some(Step::DepositCollateral { who, token, units: few })
            }
            Intent::Secure(who) => {
                let all = now.totals().nav().unwrap().get() / 2 + self.course.largest / 4;
                let price = u128::from(self.course.prices[Token::Sol]);
                let dollars = u128::from(all) * 4 * 10_u128.pow(state.decimals[Token::Sol].into())
                    / 10_u128.pow(state.decimals[Token::Usdc].into());
                let units = u64::try_from(dollars * 100_000_000 / price).unwrap_or(ALL);
                Some(Step::DepositCollateral {
                    who,
                    token: Token::Sol,
                    units: units.min(state.wallets[who][Token::Sol]),
                })
            }
            Intent::BorrowAllBut(who, left) => {
                let assets = now.totals().cash.get().checked_sub(left).filter(|assets| *assets != 0)?;
                Some(Step::Borrow { who, assets })
            }
            Intent::Endanger(borrower) => self.endangering_price(now, borrower),
            Intent::Sink(borrower) => {
                let percent = 20 + self.choice.below(55);
                self.price_at(now, borrower, percent)
            }
            Intent::Mark(times) => {
                self.again(times, Intent::Mark);
                let unmarked = |who: &Actor| now.is_unhealthy(*who) && state.obligations[*who].marked == 0;
                let unmarked: Vec<Actor> = ACTORS.into_iter().filter(unmarked).collect();
                let borrower = if unmarked.is_empty() {
                    self.choice.among(&ACTORS, |who| state.obligations[*who].marked != 0)
                } else {
                    self.choice.of(&unmarked)
                };
                Some(Step::Mark { borrower })
            }
            Intent::AwaitSettlement => {
                let marked = state.obligations.values().filter(|obligation| obligation.marked != 0);
                let first = marked.map(|obligation| obligation.marked_at).min()?;
                let left = first + i64::from(state.pool.parameters.loss.hold_seconds) - now.time;
                Some(Step::Wait { seconds: u64::try_from(left).ok().filter(|seconds| *seconds != 0)? })
            }
            Intent::Settle(times) => {
                let borrower = now.due()?;
                self.again(times, Intent::Settle);
                Some(Step::Record { borrower })
            }
            Intent::End(times) => {
                let ending = ACTORS.iter().any(|who| now.is_unhealthy(*who));
                ending.then(|| self.again(times, Intent::End))?;
                Some(self.end(now))
            }
            Intent::Record(times) => {
                let ending = times != 0 && ACTORS.iter().any(|who| now.is_unhealthy(*who));
                ending.then(|| self.again(times, Intent::Record))?;
                Some(Step::Record { borrower: self.unhealthy(now) })
            }
            Intent::Linger(times) => {
                let tripped = now.time < state.pool.breaker_until;
                tripped.then(|| self.again(times, Intent::Linger))?;
                Some(self.anything(now))
            }
            Intent::LpLeaves => {
                let who = self.choice.among(&LPS, |who| state.shares(*who) != 0);
                Some(Step::Withdraw { who, shares: ALL })
            }
            Intent::StakerLeaves => {
                Some(Step::ExecuteUnstake { who: self.choice.among(&ACTORS, |who| now.may_unstake(*who)) })
            }
            Intent::RecoverAllBut(left) => {
                let borrower = self.choice.among(&ACTORS, |who| !state.obligations[*who].unrecovered().is_zero());
                let unrecovered = state.obligations[borrower].unrecovered().get();
                let oldest = state.book.loss(state.obligations[borrower].first_loss).map_or(unrecovered, |loss| {
                    loss.reserves + loss.protocol + loss.stakers + loss.lps - loss.recovered
                });
                let assets = if self.choice.one_in(2) { unrecovered } else { unrecovered.min(oldest) };
                let assets = assets.checked_sub(left).filter(|assets| *assets != 0)?;
                let owed = now.totals().debt(state.obligations[borrower].debt()).unwrap().get();
                let assets = assets.saturating_add(owed);
                Some(Step::Repay { who: self.choice.of(&ACTORS), borrower, assets })
            }
            Intent::Claim(times) => {
                self.again(times, Intent::Claim);
                Some(self.claim(now))
            }
            Intent::Queue => Some(self.queueing(now, Officer::Dao)),
            Intent::Execute => self.due_change(now, Officer::Dao, Officer::Guardian),
            Intent::AwaitCalm if self.choice.one_in(2) => None,
            Intent::AwaitCalm => {
                let seconds =
                    u64::try_from(state.pool.breaker_until - now.time).ok().filter(|seconds| *seconds != 0)?;
                Some(Step::Wait { seconds })
            }
        }
    }

    fn again(&mut self, times: u32, intent: fn(u32) -> Intent) {
        if times > 1 {
            self.agenda.push_front(intent(times - 1));
        }
    }

    /// Any step.
    fn anything(&mut self, now: &Now) -> Step {
        match self.choice.below(100) {
            0..26 => self.by_lp(now),
            26..49 => self.by_borrower(now),
            49..64 => self.by_keeper(now),
            64..80 => self.by_staker(now),
            80..84 => Step::RefreshRisk { token: self.choice.of(&COLLATERALS) },
            84..87 => self.by_officer(now),
            _ => self.by_nature(now),
        }
    }

    fn by_lp(&mut self, now: &Now) -> Step {
        let state = now.state;
        let who = self.choice.among(&LPS, |who| state.shares(*who) != 0);
        let held = state.shares(who);
        let shares = if self.choice.one_in(6) { ALL } else { self.choice.part_of(held) };
        match self.choice.below(28) {
            0..9 => {
                let (who, most) = (self.choice.of(&LPS), self.most_to_deposit(now));
                Step::Deposit { who, assets: self.choice.part_of(most) }
            }
            9..17 => {
                let noticed = state.pool.notice_seconds(now.time) != 0;
                let payable = |who: &Actor| state.positions[*who].request.payable != 0;
                if ACTORS.iter().any(payable) && self.choice.one_in(6) {
                    return Step::CollectWithdrawal { who: self.choice.among(&ACTORS, payable) };
                }
                if (noticed || ACTORS.iter().any(|who| now.may_withdraw(*who))) && !self.choice.one_in(8) {
                    return Step::ExecuteWithdrawal { who: self.choice.among(&ACTORS, |who| now.may_withdraw(*who)) };
                }
                Step::Withdraw { who, shares }
            }
            17..20 if state.pool.notice_seconds(now.time) != 0 || self.choice.one_in(8) => {
                let free = |who: &Actor| state.shares(*who) != 0 && state.positions[*who].request.shares == 0;
                let who = self.choice.among(&LPS, free);
                let shares = if self.choice.one_in(6) { ALL } else { self.choice.part_of(state.shares(who)) };
                Step::RequestWithdrawal { who, shares }
            }
            20..24 => Step::TransferShares { who, to: self.choice.of(&ACTORS), shares },
            _ => self.claim(now),
        }
    }

    /// Mostly someone who has something to claim.
    fn claim(&mut self, now: &Now) -> Step {
        let state = now.state;
        let of_stake = |who: &Actor| state.stake_claimable(*who) != 0;
        if self.choice.one_in(2) && ACTORS.iter().any(of_stake) {
            return Step::ClaimStakeRecovery { who: self.choice.among(&ACTORS, of_stake) };
        }
        Step::ClaimRecovery { who: self.choice.among(&ACTORS, |who| state.claimable(*who) != 0) }
    }

    fn by_borrower(&mut self, now: &Now) -> Step {
        let state = now.state;
        let (who, token) = (self.choice.of(&BORROWERS), self.choice.of(&COLLATERALS));
        match self.choice.below(28) {
            0..8 => {
                let few = self.choice.one_in(12);
                let most = if few { most_negligible(state, token) } else { self.course.most_collateral[token] };
                Step::DepositCollateral { who, token, units: self.choice.part_of(most) }
            }
            8..13 => {
                let (few, held) = (most_negligible(state, token), state.held(who, token));
                let units = match self.choice.below(6) {
                    0 => ALL,
                    1 => held.saturating_sub(few),
                    _ => self.choice.part_of(held >> 2),
                };
                Step::WithdrawCollateral { who, token, units }
            }
            13..21 => {
                let room = now.room(who);
                Step::Borrow { who, assets: if self.choice.one_in(2) { room } else { self.choice.part_of(room) } }
            }
            _ => {
                let borrower = self.choice.among(&BORROWERS, |who| state.obligations[*who].debt_shares != 0);
                let owed = now.totals().debt(state.obligations[borrower].debt()).unwrap().get();
                let assets = if self.choice.one_in(4) { ALL } else { self.choice.part_of(owed) };
                let who = if self.choice.one_in(2) { borrower } else { self.choice.of(&ACTORS) };
                Step::Repay { who, borrower, assets }
            }
        }
    }

    fn by_keeper(&mut self, now: &Now) -> Step {
        let borrower = self.unhealthy(now);
        match self.choice.below(16) {
            0 => Step::Accrue,
            1..5 if now.is_unhealthy(borrower) || self.choice.one_in(5) => Step::Mark { borrower },
            1 => {
                let token = self.choice.among(&TOKENS, |token| now.state.quote(*token).is_err());
                Step::ReportPrice { token }
            }
            5..8 if now.due().is_some() => Step::Record { borrower: now.due().unwrap() },
            // What was marked may be covered again: whoever wants to leave says so.
            10 if now.recovered().is_some() => Step::Mark { borrower: now.recovered().unwrap() },
            5..10 if now.is_unhealthy(borrower) || self.choice.one_in(8) => self.end(now),
            5..10 => self.endangering_price(now, borrower).unwrap_or(Step::Accrue),
            10..12 => Step::Record { borrower },
            12 if now.secured_loss().is_some() => {
                let (borrower, token) = now.secured_loss().unwrap();
                let max_repay = if self.choice.one_in(2) { ALL } else { self.choice.part_of(self.course.largest) };
                Step::Liquidate { who: self.choice.of(&[Actor::Liz, Actor::Ines]), borrower, token, max_repay }
            }
            _ => {
                let state = now.state;
                let borrower = self.choice.among(&ACTORS, |who| !state.obligations[*who].unrecovered().is_zero());
                let unrecovered = state.obligations[borrower].unrecovered().get();
                let owed = now.totals().debt(state.obligations[borrower].debt()).unwrap().get();
                let part = self.choice.part_of(unrecovered).saturating_add(owed);
                let assets = if self.choice.one_in(8) { ALL } else { part };
                Step::Repay { who: self.choice.of(&ACTORS), borrower, assets }
            }
        }
    }

    /// Liquidates somebody, or records a debt that nothing but dust stands behind.
    fn end(&mut self, now: &Now) -> Step {
        let (who, borrower) = (self.choice.of(&[Actor::Liz, Actor::Ines, Actor::Alice]), self.unhealthy(now));
        let counts = |token: &Token| !now.state.is_negligible(*token, now.state.held(borrower, *token));
        let held: Vec<Token> = COLLATERALS.into_iter().filter(counts).collect();
        let dust = now.state.pool.parameters.loss.dust();
        let health = reported(now.state.health(&now.totals(), borrower));
        let anyway = self.choice.one_in(6);
        let is_lost = |health: Health| health.collateral <= dust && (anyway || !now.is_covered(borrower, &health));
        let hopeless = health.is_some_and(is_lost);
        if (held.is_empty() || hopeless) && !self.choice.one_in(4) {
            return Step::Record { borrower };
        }
        let token = if held.is_empty() { Token::Sol } else { self.choice.of(&held) };
        let max_repay = if self.choice.one_in(3) { self.choice.part_of(self.course.largest) } else { ALL };
        Step::Liquidate { who, borrower, token, max_repay }
    }

    fn by_staker(&mut self, now: &Now) -> Step {
        let state = now.state;
        let who = self.choice.among(&STAKERS, |who| state.staked(*who) != 0);
        let most = self.course.largest >> 3;
        match self.choice.below(18) {
            0..6 => Step::Stake { who: self.choice.of(&STAKERS), assets: self.choice.part_of(most) },
            6..10 => {
                let who = self
                    .choice
                    .among(&STAKERS, |who| state.staked(*who) != 0 && state.stakes[*who].request.shares == 0);
                let shares = if self.choice.one_in(3) { ALL } else { self.choice.part_of(state.staked(who)) };
                Step::RequestUnstake { who, shares }
            }
            10 => {
                let payable = |who: &Actor| state.stakes[*who].request.payable != 0;
                Step::CollectUnstake { who: self.choice.among(&ACTORS, payable) }
            }
            11..15 => match now.next_exit() {
                Some(seconds) if self.choice.one_in(3) => Step::Wait { seconds },
                _ => Step::ExecuteUnstake { who: self.choice.among(&STAKERS, |who| now.may_unstake(*who)) },
            },
            15 if self.course.charity => Step::Fund { who, assets: self.choice.part_of(most >> 3) },
            _ => self.claim(now),
        }
    }

    fn by_nature(&mut self, now: &Now) -> Step {
        match self.choice.below(14) {
            0..2 if now.has_second_feed() => self.move_a_second_price(now),
            0..7 => self.move_a_price(now),
            7..12 => {
                let seconds = match self.choice.below(8) {
                    0 if self.choice.one_in(2) => self.choice.below(200_000),
                    0 => self.choice.below(3_000_000),
                    1 => now.next_exit().unwrap_or(60),
                    _ => self.choice.below(3_600),
                };
                Step::Wait { seconds }
            }
            12 => Step::Donate { units: self.choice.below(self.course.largest >> 8) },
            _ => Step::Accrue,
        }
    }

    /// Somewhere around the first price, mostly within what feeds may be apart.
    fn move_a_second_price(&mut self, now: &Now) -> Step {
        let state = now.state;
        let token = self.choice.among(&TOKENS, |token| state.second_quotes[*token].is_some());
        let (first, apart) = (state.quotes[token], u64::from(state.oracle(token).max_divergence_bps));
        let apart = if self.choice.one_in(6) { apart * 2 } else { apart };
        let off = u128::from(first.price) * u128::from(self.choice.below(apart)) / 10_000;
        let off = u64::try_from(off).unwrap();
        let price = if self.choice.one_in(2) { first.price + off } else { first.price - off };
        Step::SecondPrice { token, quote: Quote { price, confidence: self.choice.below(price / 100), ..first } }
    }

    /// A good deal, or what can be paid in for shares that fit 64 bits, or, where shares are cheap, beyond.
    fn most_to_deposit(&mut self, now: &Now) -> u64 {
        let totals = now.totals();
        let per_share = u128::from(totals.nav().unwrap().get()) + 1;
        let most = (1_u128 << 62) * per_share / (u128::from(totals.shares.get()) + 1);
        if self.choice.one_in(4) {
            return self.course.largest;
        }
        u64::try_from(most.min(self.course.largest.into())).unwrap()
    }

    /// A price of a collateral at which a healthy borrower's health is below one, a little or much.
    fn endangering_price(&mut self, now: &Now, borrower: Actor) -> Option<Step> {
        let percent = if self.choice.one_in(2) { 80 + self.choice.below(20) } else { 20 + self.choice.below(75) };
        self.price_at(now, borrower, percent)
    }

    /// A price of a collateral at which a healthy borrower's health is so many percent.
    fn price_at(&mut self, now: &Now, borrower: Actor, percent: u64) -> Option<Step> {
        let health = reported(now.state.health(&now.totals(), borrower))?;
        if health.is_liquidatable().unwrap() || health.debt.get() == 0 {
            return None;
        }
        let counts = |token: &Token| !now.state.is_negligible(*token, now.state.held(borrower, *token));
        let token = COLLATERALS.into_iter().find(counts)?;
        let limit = health.liquidation_limit.get() / 100 / health.debt.get();
        let digits = u128::from(now.state.quotes[token].price) * u128::from(percent) / limit.max(1);
        let digits = u64::try_from(digits).unwrap_or(ALL).clamp(1, self.course.prices[token] * 4);
        let age = self.age();
        Some(Step::Price { token, quote: Quote { price: digits, confidence: 0, exponent: -8 }, age })
    }

    /// A borrower who can be liquidated, or anyone if there is none.
    fn unhealthy(&mut self, now: &Now) -> Actor {
        let unhealthy = ACTORS.into_iter().filter(|who| now.is_unhealthy(*who)).collect::<Vec<_>>();
        if unhealthy.is_empty() { self.choice.of(&BORROWERS) } else { self.choice.of(&unhealthy) }
    }

    /// Usually somewhere around the first price; at times far below it. At times as uncertain as may be, or more.
    fn move_a_price(&mut self, now: &Now) -> Step {
        let token = self.choice.of(&[Token::Sol, Token::Sol, Token::Eth, Token::Eth, Token::Usdc]);
        let spread = if token == Token::Usdc { 4 } else { 80 };
        let percent = if token != Token::Usdc && self.choice.one_in(6) {
            1 + self.choice.below(30)
        } else {
            100 - spread / 2 + self.choice.below(spread)
        };
        let price = self.course.prices[token] / 100 * percent + self.choice.below(1_000);
        let limit = u128::from(now.state.oracle(token).max_confidence_bps);
        let widest = u64::try_from(u128::from(price) * limit / 10_000).unwrap();
        let confidence = match self.choice.below(12) {
            0..4 => self.choice.below(widest),
            4 if token != Token::Usdc && self.choice.one_in(8) => widest + 1 + self.choice.below(widest),
            _ => 0,
        };
        let age = self.age();
        Step::Price { token, quote: Quote { price, confidence, exponent: -8 }, age }
    }

    /// Of when a price is: now, or some seconds ago.
    fn age(&mut self) -> i64 {
        if self.choice.one_in(4) { i64::try_from(self.choice.below(60)).unwrap() } else { 0 }
    }

    fn hold_seconds(&self) -> u64 {
        self.course.setup.parameters.loss.hold_seconds.into()
    }
}

/// A price in hundred-millionths of a dollar.
fn price(token: Token, digits: u64) -> Step {
    Step::Price { token, quote: Quote { price: digits, confidence: 0, exponent: -8 }, age: 0 }
}

impl Now<'_> {
    fn totals(&self) -> backstop_engine::pool::Totals {
        self.state.totals(self.time)
    }

    fn is_unhealthy(&self, who: Actor) -> bool {
        self.state.obligations[who].debt_shares != 0 && self.state.is_unhealthy(&self.totals(), who)
    }

    /// Somebody whose mark is due.
    fn due(&self) -> Option<Actor> {
        ACTORS.into_iter().find(|who| settles(self.state, *who, self.time))
    }

    /// Somebody who left a loss behind and is healthy now, and what secures it.
    fn secured_loss(&self) -> Option<(Actor, Token)> {
        let all = ACTORS.into_iter().flat_map(|who| COLLATERALS.map(|token| (who, token)));
        let left = |who: Actor| !self.state.obligations[who].unrecovered().is_zero() && !self.is_unhealthy(who);
        let counts = |who, token| !self.state.is_negligible(token, self.state.held(who, token));
        all.into_iter().find(|(who, token)| left(*who) && counts(*who, *token))
    }

    /// Somebody who is marked, and healthy again.
    fn recovered(&self) -> Option<Actor> {
        ACTORS.into_iter().find(|who| self.state.obligations[*who].marked != 0 && !self.is_unhealthy(*who))
    }

    /// Whether what an obligation holds covers what it owes.
    fn is_covered(&self, who: Actor, health: &Health) -> bool {
        let debt = self.totals().debt(self.state.obligations[who].debt()).unwrap();
        health.shortfall(debt, &self.state.debt_price().unwrap()).unwrap().is_zero()
    }

    fn has_second_feed(&self) -> bool {
        TOKENS.into_iter().any(|token| self.state.second_quotes[token].is_some())
    }

    /// The times that requests of LPs and of stakers run on.
    fn pool_clock(&self) -> i64 {
        clock(&self.state.pool.hold, self.time)
    }

    fn fund_clock(&self) -> i64 {
        clock(&self.state.pool.fund_hold, self.time)
    }

    /// Whether an LP can leave by its request.
    fn may_withdraw(&self, who: Actor) -> bool {
        let request = self.state.positions[who].request.request();
        self.state.pool.due_request(&request, self.time).require_mature(self.pool_clock()).is_ok()
    }

    /// Whether a staker can.
    fn may_unstake(&self, who: Actor) -> bool {
        self.state.stakes[who].request.request().require_mature(self.fund_clock()).is_ok()
    }

    /// What an actor could borrow.
    fn room(&self, who: Actor) -> u64 {
        let totals = self.totals();
        let Some(health) = reported(self.state.health_for_borrowing(&totals, who)) else { return 0 };
        let micro_usd = (health.borrow_limit.get() / 10_000).saturating_sub(health.debt.get()) / 1_000_000_000_000;
        u64::try_from(micro_usd).unwrap_or(u64::MAX).min(totals.cash.get())
    }

    /// How long until the next request to leave matures.
    fn next_exit(&self) -> Option<u64> {
        let (pool, fund) = (self.pool_clock(), self.fund_clock());
        let stakes = self.state.stakes.values().map(|stake| (stake.request, fund));
        let due = |request: ExitRequest| {
            let matures_at = self.state.pool.due_request(&request.request(), self.time).matures_at;
            ExitRequest { matures_at, ..request }
        };
        let positions = self.state.positions.values().map(|position| (due(position.request), pool));
        let waiting = stakes.chain(positions).filter(|(request, _)| request.shares != 0);
        let left = waiting.filter_map(|(request, clock)| u64::try_from(request.matures_at - clock).ok());
        left.filter(|wait| *wait != 0).min()
    }
}
