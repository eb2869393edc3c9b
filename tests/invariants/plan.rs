//! What happens next: random steps by random actors, and between them episodes in which it gets bad.

mod officers;

use std::collections::VecDeque;

use backstop_client::PausableOperation;
use backstop_engine::{health::Health, price::Quote};

use crate::{
    choice::Choice,
    course::Course,
    reckoning::most_negligible,
    state::{State, told},
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
    /// Next to nothing of a collateral is held.
    Scrap(Actor, Token),
    /// Collateral worth several times all that can be lent.
    Secure(Actor),
    /// All cash but a little.
    BorrowAllBut(Actor, u64),
    /// A price that makes somebody's debt unhealthy.
    Endanger(Actor),
    /// Somebody's shortfall is marked; so often.
    Provision(u32),
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
    course: Course,
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
    pub(crate) fn new(seed: u64, course: Course) -> Self {
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
            AwaitCalm, BorrowAllBut, Claim, Crash, Die, Do, End, Endanger, Execute, Linger, LpLeaves, Provision, Queue,
            Record, RecoverAllBut, Restore, Scrap, Secure, StakerLeaves,
        };
        self.others = 5;
        let (few, borrower) = (1 + self.choice.below(4), self.choice.of(&BORROWERS));
        let wait = Do(Step::Wait { seconds: 10 });
        let back = [Restore(Token::Sol), Restore(Token::Eth)];
        let episode: Vec<Intent> = match self.choice.below(13) {
            // All is lent to Bob, and lost: all of NAV, or all but a few units.
            0 | 1 => {
                self.others = 25;
                let left = if self.choice.one_in(3) { few } else { 0 };
                let lost =
                    [Secure(Actor::Bob), BorrowAllBut(Actor::Bob, left), wait, Crash(Token::Sol), Crash(Token::Eth)];
                let after = [Do(Step::Deposit { who: Actor::Alice, assets: self.course.largest }), Claim(2)];
                let middle = [Provision(3), LpLeaves, StakerLeaves, Record(if left == 0 { 8 } else { 0 }), End(30)];
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
            2 => [few, few * 20, few, 0].into_iter().flat_map(|left| [RecoverAllBut(left), Claim(1)]).collect(),
            3 => vec![RecoverAllBut(1), RecoverAllBut(1), RecoverAllBut(0), Claim(6)],
            // All is paused that can be, and one debt goes bad.
            4 => {
                self.others = 2;
                let pause =
                    |what: &PausableOperation| Do(Step::Pause { by: Officer::Guardian, what: *what, seconds: 10_000 });
                let unpause = |what: &PausableOperation| Do(Step::Unpause { by: Officer::Dao, what: *what });
                let bad = if self.choice.one_in(2) {
                    vec![Endanger(borrower)]
                } else {
                    vec![Crash(Token::Sol), Crash(Token::Eth)]
                };
                let during = [Provision(3), End(6), RecoverAllBut(few), Claim(3)];
                let all = PausableOperation::ALL.iter();
                all.clone().map(pause).chain(bad).chain(during).chain(all.map(unpause)).chain(back).collect()
            }
            // Two changes are queued, and made in time, but for those whom a pause kept in.
            5 => {
                self.others = 25;
                vec![Queue, Queue, Do(Step::Wait { seconds: 86_400 + self.choice.below(90_000) }), Execute, Execute]
            }
            // The price of a token dies of which somebody holds next to nothing, and their debt goes bad.
            6 | 7 => {
                self.others = 15;
                let token = self.choice.of(&COLLATERALS);
                let bad = [Scrap(borrower, token), Die(token), Endanger(borrower), Provision(2)];
                bad.into_iter().chain([End(4), RecoverAllBut(few)]).chain(back).chain([Linger(30), AwaitCalm]).collect()
            }
            // One debt goes bad.
            _ => {
                let rest = [Provision(2), LpLeaves, StakerLeaves, End(4), RecoverAllBut(few), Claim(2)];
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
                Some(Step::Price { token, quote: Quote { confidence: quote.price, ..quote } })
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
            Intent::Provision(times) => {
                self.again(times, Intent::Provision);
                Some(Step::Provision { borrower: self.unhealthy(now) })
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
                let open = |who: &Actor| now.is_open(&state.stakes[*who].request);
                Some(Step::Unstake { who: self.choice.among(&ACTORS, open) })
            }
            Intent::RecoverAllBut(left) => {
                let borrower = self.choice.among(&ACTORS, |who| !state.obligations[*who].unrecovered().is_zero());
                let unrecovered = state.obligations[borrower].unrecovered().get();
                let claims = state.pool.claims.ledger.outstanding;
                let assets = if self.choice.one_in(2) { unrecovered } else { unrecovered.min(claims) };
                let assets = assets.checked_sub(left).filter(|assets| *assets != 0)?;
                Some(Step::Recover { who: self.choice.of(&ACTORS), borrower, assets })
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
                let who = if noticed {
                    self.choice.among(&LPS, |who| now.is_open(&state.positions[*who].request))
                } else {
                    who
                };
                let asked = if noticed && self.choice.one_in(2) { state.positions[who].request.shares } else { shares };
                Step::Withdraw { who, shares: asked }
            }
            17..20 if state.pool.notice_seconds(now.time) != 0 || self.choice.one_in(8) => {
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
            1..5 if now.is_unhealthy(borrower) || self.choice.one_in(3) => Step::Provision { borrower },
            5..10 if now.is_unhealthy(borrower) || self.choice.one_in(8) => self.end(now),
            5..10 => self.endangering_price(now, borrower).unwrap_or(Step::Accrue),
            10..12 => Step::Record { borrower },
            _ => {
                let state = now.state;
                let borrower = self.choice.among(&ACTORS, |who| !state.obligations[*who].unrecovered().is_zero());
                let unrecovered = state.obligations[borrower].unrecovered().get();
                let assets = if self.choice.one_in(8) { ALL } else { self.choice.part_of(unrecovered) };
                Step::Recover { who: self.choice.of(&ACTORS), borrower, assets }
            }
        }
    }

    /// Liquidates somebody, or records a debt that nothing but dust stands behind.
    fn end(&mut self, now: &Now) -> Step {
        let (who, borrower) = (self.choice.of(&[Actor::Liz, Actor::Ines, Actor::Alice]), self.unhealthy(now));
        let counts = |token: &Token| !now.state.is_negligible(*token, now.state.held(borrower, *token));
        let held: Vec<Token> = COLLATERALS.into_iter().filter(counts).collect();
        let dust = now.state.pool.parameters.loss.dust();
        let health = told(now.state.health(&now.totals(), borrower));
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
                Step::CancelUnstake { who: self.choice.among(&STAKERS, |who| state.stakes[*who].request.shares != 0) }
            }
            11..15 => match now.next_exit() {
                Some(seconds) if self.choice.one_in(3) => Step::Wait { seconds },
                _ => Step::Unstake { who: self.choice.among(&STAKERS, |who| now.is_open(&state.stakes[*who].request)) },
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
        let health = told(now.state.health(&now.totals(), borrower))?;
        if health.is_liquidatable().unwrap() || health.debt.get() == 0 {
            return None;
        }
        let counts = |token: &Token| !now.state.is_negligible(*token, now.state.held(borrower, *token));
        let token = COLLATERALS.into_iter().find(counts)?;
        let percent =
            u128::from(if self.choice.one_in(2) { 80 + self.choice.below(20) } else { 20 + self.choice.below(75) });
        let limit = health.liquidation_limit.get() / 100 / health.debt.get();
        let digits = u128::from(now.state.quotes[token].price) * percent / limit.max(1);
        Some(price(token, u64::try_from(digits).unwrap_or(ALL).clamp(1, self.course.prices[token] * 4)))
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
        Step::Price { token, quote: Quote { price, confidence, exponent: -8 } }
    }
}

/// A price in hundred-millionths of a dollar.
fn price(token: Token, digits: u64) -> Step {
    Step::Price { token, quote: Quote { price: digits, confidence: 0, exponent: -8 } }
}

impl Now<'_> {
    fn totals(&self) -> backstop_engine::pool::Totals {
        self.state.totals(self.time)
    }

    fn is_unhealthy(&self, who: Actor) -> bool {
        self.state.obligations[who].debt_shares != 0 && self.state.is_unhealthy(&self.totals(), who)
    }

    /// Whether what an obligation holds covers what it owes.
    fn is_covered(&self, who: Actor, health: &Health) -> bool {
        let debt = self.totals().debt(self.state.obligations[who].debt()).unwrap();
        health.shortfall(debt, &self.state.debt_price().unwrap()).unwrap().is_zero()
    }

    fn has_second_feed(&self) -> bool {
        TOKENS.into_iter().any(|token| self.state.second_quotes[token].is_some())
    }

    fn is_open(&self, request: &backstop_client::ExitRequest) -> bool {
        request.request().require_open(self.time).is_ok()
    }

    /// What an actor could borrow.
    fn room(&self, who: Actor) -> u64 {
        let totals = self.totals();
        let Some(health) = told(self.state.health_for_borrowing(&totals, who)) else { return 0 };
        let micro_usd = (health.borrow_limit.get() / 10_000).saturating_sub(health.debt.get()) / 1_000_000_000_000;
        u64::try_from(micro_usd).unwrap_or(u64::MAX).min(totals.cash.get())
    }

    /// How long until the next request to leave matures.
    fn next_exit(&self) -> Option<u64> {
        let stakes = self.state.stakes.values().map(|stake| stake.request);
        let positions = self.state.positions.values().map(|position| position.request);
        let waiting = stakes.chain(positions).filter(|request| request.shares != 0);
        waiting.filter_map(|request| u64::try_from(request.matures_at - self.time).ok()).filter(|wait| *wait != 0).min()
    }
}
