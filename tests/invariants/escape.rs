//! `no-escape`, `hold-ends`: at a moment at which losses are known and not recorded, who could still leave or come,
//! what would become of those who do and of those who stay until all is recorded, and whether the wait ends. Played by
//! the engine's previews, on copies of everything; no price moves.

use backstop_client::{ExitRequest, PauseTimes};
use backstop_engine::quantity::Shares;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::ToPrimitive;

use crate::{
    model::{self, ModelPool, Sight, is_material},
    preview::preview,
    properties::worth,
    state::State,
    step::{ACTORS, ALL, Actor, COLLATERALS, Step, TOKENS, Token},
    violation::{Holds, holds},
};

/// What all roundings of a dozen steps together may be worth.
const UNITS: i128 = 3;
/// How often an obligation is liquidated or recorded until nothing of it is marked, mostly.
const TIMES: i128 = 4;

/// A moment at which one may leave or stay.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    now: i64,
    slot: u64,
}

impl Moment {
    /// So much later in slots that every debt is old enough to be recorded.
    pub(crate) fn new(now: i64, slot: u64) -> Self {
        Self { now, slot: slot + 1_000_000 }
    }

    fn after(self, state: &State, step: Step) -> Option<State> {
        preview(state, step, self.now, self.slot).ok()
    }

    /// What staying may cost besides what is marked: roundings, and, for each obligation, a debt share's worth each
    /// time it is liquidated or recorded, and what is left of its collaterals so little that it counts for nothing.
    /// What is marked, where that holds nobody.
    fn allowed(self, ready: &State) -> i128 {
        let share = i128::try_from(ready.pool.borrow_index >> 64).unwrap() + 2;
        let sight = Sight::new(ready, self.now);
        let rests: BigRational =
            COLLATERALS.map(|token| sight.brings(token, model::most_negligible(ready, token))).iter().sum();
        let rests = rests.ceil().to_integer().to_i128().unwrap();
        let marked = ready.obligations.values().filter(|obligation| obligation.marked != 0).count();
        UNITS + i128::try_from(marked).unwrap() * (TIMES * share + rests) + i128::from(ready.pool.marked)
    }

    /// The state with a pool that lets everybody leave at once; Liz can pay for anything.
    fn open(state: &State) -> State {
        let mut open = state.clone();
        let exit = &mut open.pool.parameters.exit;
        (exit.notice_seconds, exit.breaker_notice_seconds, exit.breaker_limit_bps) = (0, 0, 10_000);
        (open.pool.breaker_until, open.pool.pauses) = (0, [PauseTimes { since: 0, until: 0 }; 4]);
        open.wallets[Actor::Liz][Token::Usdc] = 1 << 63;
        open
    }

    /// The state with all shortfalls marked.
    fn marked(self, state: &State) -> State {
        let mut marked = state.clone();
        for borrower in ACTORS {
            marked = self.after(&marked, Step::Mark { borrower }).unwrap_or(marked);
        }
        marked
    }

    /// The state when everything that was marked is liquidated and recorded, if that goes through.
    fn settled(self, state: &State) -> Option<State> {
        let mut state = state.clone();
        for borrower in ACTORS {
            for _ in 0..8 {
                if state.obligations[borrower].marked == 0 {
                    break;
                }
                for token in COLLATERALS {
                    let step = Step::Liquidate { who: Actor::Liz, borrower, token, max_repay: ALL };
                    state = self.after(&state, step).unwrap_or(state);
                }
                state = self.after(&state, Step::Record { borrower }).unwrap_or(state);
            }
        }
        (state.pool.marked == 0).then_some(state)
    }

    /// Whatever is known to be lost, the wait for it ends: at once where somebody pays, and else when marks have stood
    /// for long enough, though nobody pays anything and prices died.
    fn hold_ends(self, open: &State) -> Holds {
        let mut paid = open.clone();
        for borrower in ACTORS.into_iter().filter(|who| open.obligations[*who].marked != 0) {
            let step = Step::Repay { who: Actor::Liz, borrower, assets: ALL };
            paid.wallets[Actor::Liz][Token::Usdc] = 1 << 63;
            paid = self.after(&paid, step).unwrap_or(paid);
        }
        holds!("hold-ends", paid.pool.marked == 0, "{} are marked, though all was paid", paid.pool.marked);
        self.is_over(&paid)?;

        let mut waiting = open.clone();
        for token in TOKENS.into_iter().filter(|token| !model::is_usable(open, *token)) {
            waiting = self.after(&waiting, Step::ReportPrice { token }).unwrap_or(waiting);
        }
        let waited = self.marked(&waiting);
        let later = Self { now: self.now + i64::from(open.pool.parameters.loss.hold_seconds), ..self };
        let mut settled = waited.clone();
        for borrower in ACTORS.into_iter().filter(|who| waited.obligations[*who].marked != 0) {
            let done = preview(&settled, Step::Record { borrower }, later.now, later.slot);
            settled = match done {
                Ok(done) => done,
                Err(error) => {
                    holds!("hold-ends", false, "the mark of {borrower:?} cannot be settled: {error}");
                    settled
                }
            };
        }
        holds!("hold-ends", settled.pool.marked == 0, "{} are marked, though all is settled", settled.pool.marked);
        later.is_over(&settled)
    }

    /// Nobody waits any more.
    fn is_over(self, state: &State) -> Holds {
        let (who, assets) = (Actor::Liz, 1 + state.pool.cash / 3);
        let shares = state.shares(who);
        for step in [Step::Deposit { who, assets }, Step::Withdraw { who, shares }, Step::Stake { who, assets }] {
            let refused = preview(state, step, self.now, self.slot).err();
            let waits = refused.as_deref().is_some_and(|error| ["PoolOnHold", "FundOnHold"].contains(&error));
            holds!("hold-ends", !waits, "{step:?} is refused with {refused:?}");
        }
        Ok(())
    }

    /// What an LP's shares are worth.
    fn shares_worth(self, state: &State, who: Actor) -> i128 {
        state.totals(self.now).value_of(Shares::new(state.shares(who))).unwrap().get().into()
    }

    /// What a staker's shares are worth.
    fn stake_worth(self, state: &State, who: Actor) -> i128 {
        let (fund, _) = state.fund.fund().settled(&state.totals(self.now)).unwrap();
        fund.worth(Shares::new(state.staked(who))).unwrap().get().into()
    }

    /// What is paid out, and what is payable.
    fn cash(state: &State, who: Actor) -> i128 {
        let payable = [state.positions[who].request.payable, state.stakes[who].request.payable].map(i128::from);
        i128::from(state.wallets[who][Token::Usdc]) + payable.iter().sum::<i128>()
    }

    /// The shares of an LP that cash can pay.
    fn payable_shares(self, state: &State, who: Actor) -> u64 {
        let totals = state.totals(self.now);
        let most = totals.shares_worth(totals.cash).map_or(u64::MAX, Shares::get);
        state.shares(who).min(most.saturating_sub(1))
    }

    /// While a loss that is worth a wait is marked no LP leaves. One who leaves before others are recorded has no more
    /// in the end than by staying, nor by coming back afterwards.
    fn lp_leaves(self, ready: &State, who: Actor) -> Holds {
        let shares = self.payable_shares(ready, who);
        let Some(left) = self.after(ready, Step::Withdraw { who, shares }) else { return Ok(()) };
        let (marked, nav) = (ready.pool.marked, ready.totals(self.now).nav().unwrap().get());
        holds!("no-escape", !is_material(marked, nav), "{who:?} can leave the pool while {marked} of {nav} are marked");
        let (Some(stayed), Some(gone)) = (self.settled(ready), self.settled(&left)) else { return Ok(()) };
        let has = |state: &State| Self::cash(state, who) + self.shares_worth(state, who);
        let (stays, leaves) = (has(&stayed), has(&gone));
        holds!(
            "no-escape",
            leaves <= stays + self.allowed(ready),
            "{who:?} has {leaves} by leaving the pool, {stays} by staying"
        );
        let assets = left.wallets[who][Token::Usdc] - ready.wallets[who][Token::Usdc];
        if let Some(back) = self.after(&gone, Step::Deposit { who, assets }) {
            let returns = has(&back);
            holds!(
                "no-escape",
                returns <= stays + self.allowed(ready),
                "{who:?} has {returns} by coming back, {stays} by staying"
            );
        }
        Ok(())
    }

    /// While a loss that is worth a wait is marked no staker leaves. One who leaves before others are recorded has no
    /// more in the end than by staying, and nobody else has less.
    fn staker_leaves(self, ready: &State, who: Actor) -> Holds {
        let mut asked = ready.clone();
        let shares = ready.staked(who);
        let request = &mut asked.stakes[who].request;
        *request = ExitRequest { shares, worth: u64::MAX, asked_at: i64::MIN, matures_at: i64::MIN, ..*request };
        let Some(left) = self.after(&asked, Step::ExecuteUnstake { who }) else { return Ok(()) };
        let (marked, has) = (ready.pool.marked, ready.fund.assets + ready.totals(self.now).insurance_due.get());
        holds!("no-escape", !is_material(marked, has), "{who:?} can leave the fund while {marked} of {has} are marked");
        let (Some(stayed), Some(gone)) = (self.settled(ready), self.settled(&left)) else { return Ok(()) };
        for other in ACTORS.into_iter().filter(|other| *other != Actor::Liz) {
            let has = |state: &State| {
                Self::cash(state, other) + self.shares_worth(state, other) + self.stake_worth(state, other)
            };
            let (stays, leaves) = (has(&stayed), has(&gone));
            if other == who {
                holds!(
                    "no-escape",
                    leaves <= stays + self.allowed(ready),
                    "{who:?} has {leaves} by leaving the fund, {stays} by staying"
                );
            } else {
                holds!(
                    "no-escape",
                    leaves >= stays - self.allowed(ready),
                    "{other:?} has {leaves} if {who:?} leaves the fund, else {stays}"
                );
            }
        }
        Ok(())
    }

    /// One who comes just before a recovery has no part of it, but of what would not pay for a whole share of
    /// protocol-owned shares.
    fn newcomer(self, ready: &State, who: Actor, assets: u64) -> Holds {
        let owes = |borrower: &Actor| !ready.obligations[*borrower].unrecovered().is_zero();
        let Some(borrower) = ACTORS.into_iter().find(owes) else { return Ok(()) };
        let recover = Step::Repay { who: Actor::Liz, borrower, assets: ALL };
        let Some(without) = self.after(ready, recover) else { return Ok(()) };
        for step in [Step::Deposit { who, assets }, Step::Stake { who, assets }] {
            let Some(come) = self.after(ready, step) else { continue };
            let Some(with) = self.after(&come, recover) else { continue };
            // Of what comes back to stakers one has as many shares as the price of the moment gives: what they are
            // worth is below.
            let claims = |state: &State| (state.claimable(who), state.stake_claimable(who) != 0);
            holds!("no-escape", claims(&with) == claims(&without), "{who:?} has a claim after {step:?}");
            let has = |state: &State| worth(state, who, &ModelPool::of(&state.totals(self.now)));
            let gained: BigInt = (has(&with) - has(&without)) >> 128;
            let (fund, due) = (&come.fund, come.pool.insurance_due);
            let share = i128::from(fund.assets + due) / (i128::from(fund.fund().all_shares().unwrap().get()) + 1);
            let allowed = BigInt::from(UNITS + share);
            holds!("no-escape", gained <= allowed, "{who:?} gains {gained} of a recovery by {step:?}");
        }
        Ok(())
    }

    /// What some would gain by leaving or coming just now; whether anybody had anything to escape from.
    pub(crate) fn check(self, state: &State, who: Actor, assets: u64) -> Result<bool, crate::violation::Violation> {
        let open = Self::open(state);
        self.hold_ends(&open)?;
        if who != Actor::Liz {
            self.newcomer(&open, who, assets)?;
        }
        let ready = self.marked(&open);
        if ready.pool.marked == 0 {
            return Ok(false);
        }
        // While prices cannot be used nothing is liquidated.
        for who in ACTORS.into_iter().filter(|who| *who != Actor::Liz && state.has_prices()) {
            self.lp_leaves(&ready, who)?;
            self.staker_leaves(&ready, who)?;
        }
        Ok(true)
    }
}
