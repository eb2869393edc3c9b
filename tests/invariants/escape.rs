//! `no-escape`: at a moment at which losses are expected, what would become of those who leave and of those who stay until all
//! of them are recorded. Played by the engine's previews, on copies of everything; no time passes and no price moves.

use backstop_client::{ExitRequest, PauseTimes};
use backstop_engine::quantity::{Assets, Shares};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::ToPrimitive;

use crate::{
    preview::preview,
    properties::worth,
    reckoning::{self, Pot},
    state::State,
    step::{ACTORS, ALL, Actor, COLLATERALS, Step, Token},
    violation::{Holds, holds},
};

/// What all roundings of a dozen steps together may be worth.
const UNITS: i128 = 3;
/// How often an obligation is liquidated or recorded until nothing of it is provisioned, mostly.
const TIMES: i128 = 4;

/// What staying may cost besides what is provisioned: roundings, and, for each obligation, a debt share's worth each time it is
/// liquidated or recorded, and what is left of its collaterals so little that it counts for nothing.
fn allowed(ready: &State) -> i128 {
    let share = i128::try_from(ready.pool.borrow_index >> 64).unwrap() + 2;
    let rests: BigRational =
        COLLATERALS.map(|token| reckoning::brings(ready, token, reckoning::most_negligible(ready, token))).iter().sum();
    let rests = rests.ceil().to_integer().to_i128().unwrap();
    UNITS + i128::from(ready.pool.provisioned) * (TIMES * share + rests)
}

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

    /// The state with all shortfalls provisioned, in a pool that lets everybody leave at once; Liz can pay for anything.
    fn ready(self, state: &State) -> State {
        let mut ready = *state;
        let exit = &mut ready.pool.parameters.exit;
        (exit.notice_seconds, exit.breaker_notice_seconds, exit.breaker_limit_bps) = (0, 0, 10_000);
        (ready.pool.breaker_until, ready.pool.pauses) = (0, [PauseTimes { since: 0, until: 0 }; 4]);
        ready.wallets[Actor::Liz][Token::Usdc] = 1 << 63;
        for borrower in ACTORS {
            ready = self.after(&ready, Step::Provision { borrower }).unwrap_or(ready);
        }
        ready
    }

    /// The state when everything that was provisioned is liquidated and recorded, if that goes through.
    fn settled(self, state: &State) -> Option<State> {
        let mut state = *state;
        for borrower in ACTORS {
            for _ in 0..8 {
                if state.obligations[borrower].provision == 0 {
                    break;
                }
                for token in COLLATERALS {
                    let step = Step::Liquidate { who: Actor::Liz, borrower, token, max_repay: ALL };
                    state = self.after(&state, step).unwrap_or(state);
                }
                state = self.after(&state, Step::Record { borrower }).unwrap_or(state);
            }
        }
        (state.pool.provisions == 0).then_some(state)
    }

    /// What an LP's shares are worth to one who leaves.
    fn shares_worth(self, state: &State, who: Actor) -> i128 {
        let totals = state.totals(self.now);
        let held_back = state.pool.held_back_from_lps(&state.fund, &totals, self.now).unwrap();
        totals.value_of(Shares::new(state.shares(who)), held_back).unwrap().get().into()
    }

    /// What a staker's shares are worth to one who leaves.
    fn stake_worth(self, state: &State, who: Actor) -> i128 {
        let totals = state.totals(self.now);
        let held_back = state.pool.held_back_from_stakers(&state.fund, &totals, self.now).unwrap();
        let (fund, _) = state.fund.fund().settled(&totals).unwrap();
        fund.worth(Shares::new(state.staked(who)), held_back).unwrap().get().into()
    }

    fn cash(state: &State, who: Actor) -> i128 {
        state.wallets[who][Token::Usdc].into()
    }

    /// The shares of an LP that cash can pay.
    fn payable_shares(self, state: &State, who: Actor) -> u64 {
        let totals = state.totals(self.now);
        let held_back = state.pool.held_back_from_lps(&state.fund, &totals, self.now).unwrap();
        let most = totals.shares_worth(totals.cash, held_back).map_or(u64::MAX, Shares::get);
        state.shares(who).min(most.saturating_sub(1))
    }

    /// An LP who leaves before losses are recorded has no more in the end than by staying, nor by coming back afterwards.
    fn lp_leaves(self, ready: &State, who: Actor) -> Holds {
        let shares = self.payable_shares(ready, who);
        let Some(left) = self.after(ready, Step::Withdraw { who, shares }) else { return Ok(()) };
        let (Some(stayed), Some(gone)) = (self.settled(ready), self.settled(&left)) else { return Ok(()) };
        let has = |state: &State| Self::cash(state, who) + self.shares_worth(state, who);
        let (stays, leaves) = (has(&stayed), has(&gone));
        holds!(
            "no-escape",
            leaves <= stays + allowed(ready),
            "{who:?} has {leaves} by leaving the pool, {stays} by staying"
        );
        let assets = left.wallets[who][Token::Usdc] - ready.wallets[who][Token::Usdc];
        if let Some(back) = self.after(&gone, Step::Deposit { who, assets }) {
            let returns = has(&back);
            holds!(
                "no-escape",
                returns <= stays + allowed(ready),
                "{who:?} has {returns} by coming back, {stays} by staying"
            );
        }
        Ok(())
    }

    /// A staker who leaves has no more in the end than by staying, and nobody else has less.
    fn staker_leaves(self, ready: &State, who: Actor) -> Holds {
        let mut asked = *ready;
        let (shares, lapses_at) = (ready.staked(who), self.now + 1);
        asked.stakes[who].request = ExitRequest { shares, worth: u64::MAX, matures_at: self.now, lapses_at };
        let Some(left) = self.after(&asked, Step::Unstake { who }) else { return Ok(()) };
        let (Some(stayed), Some(gone)) = (self.settled(ready), self.settled(&left)) else { return Ok(()) };
        for other in ACTORS.into_iter().filter(|other| *other != Actor::Liz) {
            let has = |state: &State| {
                Self::cash(state, other) + self.shares_worth(state, other) + self.stake_worth(state, other)
            };
            let (stays, leaves) = (has(&stayed), has(&gone));
            if other == who {
                holds!(
                    "no-escape",
                    leaves <= stays + allowed(ready),
                    "{who:?} has {leaves} by leaving the fund, {stays} by staying"
                );
            } else {
                holds!(
                    "no-escape",
                    leaves >= stays - allowed(ready),
                    "{other:?} has {leaves} if {who:?} leaves the fund, else {stays}"
                );
            }
        }
        Ok(())
    }

    /// One who comes just before a recovery has no part of it, but of what would not pay for a whole share of gifts.
    fn newcomer(self, ready: &State, who: Actor, assets: u64) -> Holds {
        let owes = |borrower: &Actor| !ready.obligations[*borrower].unrecovered().is_zero();
        let Some(borrower) = ACTORS.into_iter().find(owes) else { return Ok(()) };
        let recover = Step::Recover { who: Actor::Liz, borrower, assets: ALL };
        let Some(without) = self.after(ready, recover) else { return Ok(()) };
        for step in [Step::Deposit { who, assets }, Step::Stake { who, assets }] {
            let Some(come) = self.after(ready, step) else { continue };
            let Some(with) = self.after(&come, recover) else { continue };
            let claims = |state: &State| (state.claimable(who), state.stake_claimable(who));
            holds!("no-escape", claims(&with) == claims(&without), "{who:?} has a claim after {step:?}");
            let has = |state: &State| worth(state, who, &Pot::of(&state.totals(self.now)));
            let gained: BigInt = (has(&with) - has(&without)) >> 128;
            let (fund, due) = (&come.fund, come.pool.insurance_due);
            let share = i128::from(fund.assets + due) / (i128::from(fund.shares) + i128::from(fund.founding) + 1);
            let allowed = BigInt::from(UNITS + share);
            holds!("no-escape", gained <= allowed, "{who:?} gains {gained} of a recovery by {step:?}");
        }
        Ok(())
    }

    /// What some would gain by leaving or coming just now; whether anybody had anything to escape from.
    pub(crate) fn check(self, state: &State, who: Actor, assets: u64) -> Result<bool, crate::violation::Violation> {
        // While feeds disagree nothing more is expected, and nothing recorded.
        if !state.has_prices() {
            return Ok(false);
        }
        let ready = self.ready(state);
        if who != Actor::Liz {
            self.newcomer(&ready, who, assets)?;
        }
        if ready.pool.provisions == 0 {
            return Ok(false);
        }
        for who in ACTORS.into_iter().filter(|who| *who != Actor::Liz) {
            self.lp_leaves(&ready, who)?;
            self.staker_leaves(&ready, who)?;
        }
        Ok(Assets::new(ready.pool.provisions) > Assets::ZERO)
    }
}
