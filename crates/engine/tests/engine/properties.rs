//! The properties that must hold over histories: several actors, interest, defaults, draws and wipe-outs, in any order.

use backstop_engine::{
    exit::Request,
    history::TOTAL_LOSS,
    insurance::InsuranceLimits,
    interest::RateModel,
    loss_book::Record,
    pool::Totals,
    quantity::{Assets, Bps, DebtShares, Shares},
    waterfall::{self, record, recover},
};
use num_bigint::BigInt;
use num_traits::Zero as _;
use proptest::prelude::*;

use crate::{
    claims::{Kind, Side},
    model::{self, LossState, Rational},
    strategies::{
        cases, fresh_pool, fund, fund_with_history, open_handed, pool_with_history, real_amount, state, terms,
        usual_rates, valid_limits, valid_rates,
    },
};

/// Who acts: each may lend, borrow and stake.
const ACTORS: usize = 4;

#[derive(Clone, Copy, Debug)]
enum Step {
    /// Offers this much to lend.
    Deposit(usize, u64),
    /// Burns this part of the shares it has, in ten-thousandths.
    Withdraw(usize, u64),
    /// Takes this part of the pool's cash.
    Borrow(usize, u64),
    /// Pays this part of its debt, or a few units.
    Repay(usize, u64),
    PayUnits(usize, u64),
    /// Time passes, in seconds.
    Wait(u32),
    /// This part of its debt is written off.
    Default(usize, u64),
    /// This part of what was written off and not recovered is paid.
    Recover(usize, u64),
    /// Claims what was recovered, as LP and as staker.
    Claim(usize),
    /// Someone gives to the fund.
    Give(u64),
    /// Offers this much to the fund for shares.
    Stake(usize, u64),
    /// Burns this part of its stake.
    Execute(usize, u64),
    Unstake(usize, u64),
}

fn actor() -> impl Strategy<Value = usize> {
    0..ACTORS
}

/// Part of something; often all of it.
fn part() -> impl Strategy<Value = u64> {
    prop_oneof![3 => 1_u64..=10_000, 1 => Just(10_000)]
}

fn trade() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (actor(), real_amount()).prop_map(|(who, amount)| Step::Deposit(who, amount)),
        2 => (actor(), part()).prop_map(|(who, part)| Step::Withdraw(who, part)),
        3 => (actor(), part()).prop_map(|(who, part)| Step::Borrow(who, part)),
        2 => (actor(), part()).prop_map(|(who, part)| Step::Repay(who, part)),
        1 => (actor(), 0_u64..10).prop_map(|(who, units)| Step::PayUnits(who, units)),
    ]
}

fn wait() -> impl Strategy<Value = Step> {
    prop_oneof![1_u32..100, 1_u32..10_000_000].prop_map(Step::Wait)
}

fn anything() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => trade(),
        2 => wait(),
        2 => (actor(), part()).prop_map(|(who, part)| Step::Default(who, part)),
        1 => (actor(), part()).prop_map(|(who, part)| Step::Recover(who, part)),
        1 => actor().prop_map(Step::Claim),
        1 => (0_u64..1_000_000).prop_map(Step::Give),
        1 => (actor(), real_amount()).prop_map(|(who, amount)| Step::Stake(who, amount)),
        1 => (actor(), part()).prop_map(|(who, part)| Step::Execute(who, part)),
        1 => (actor(), part()).prop_map(|(who, part)| Step::Unstake(who, part)),
    ]
}

fn history(step: impl Strategy<Value = Step>) -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step, 1..60)
}

/// A pool, its fund and its actors, with what every one of them has moved.
#[derive(Clone, Debug)]
struct World {
    state: waterfall::LossState,
    limits: InsuranceLimits,
    rates: RateModel,
    lps: Side<ACTORS>,
    stakers: Side<ACTORS>,
    /// The loss book, and what came back of each actor's losses in it.
    records: Vec<Record>,
    losses: [Vec<usize>; ACTORS],
    /// What came back to LPs and was not claimed.
    unclaimed: u64,
    /// Debt shares of each actor.
    debts: [u64; ACTORS],
    /// What was written off of each actor's debt and not paid later.
    written_off: [u64; ACTORS],
    /// Tokens that each actor has received less those that it has paid.
    gained: [i128; ACTORS],
    /// Tokens in the pool's vault and in the fund's, counted by transfers alone.
    vault: i128,
    fund_vault: i128,
    /// What LPs bore of all losses, what the fund paid for, and what LPs got of all interest.
    lp_loss: u128,
    drawn: u128,
    lp_interest: u128,
}

fn of(whole: u64, part: u64) -> u64 {
    u64::try_from(u128::from(whole) * u128::from(part) / 10_000).unwrap()
}

impl World {
    fn new(limits: InsuranceLimits, rates: RateModel) -> Self {
        Self {
            state: state(&Totals::empty(0), &fund(0)),
            limits,
            rates,
            lps: Side::new(Kind::Lps),
            stakers: Side::new(Kind::Stakers),
            records: Vec::new(),
            losses: std::array::from_fn(|_| Vec::new()),
            unclaimed: 0,
            debts: [0; ACTORS],
            written_off: [0; ACTORS],
            gained: [0; ACTORS],
            vault: 0,
            fund_vault: 0,
            lp_loss: 0,
            drawn: 0,
            lp_interest: 0,
        }
    }

    fn shares(&self, who: usize) -> u64 {
        self.lps.shares(who)
    }

    /// Moves tokens from an actor to the pool, or back.
    fn pay(&mut self, who: usize, amount: i128) {
        self.gained[who] -= amount;
        self.vault += amount;
    }

    /// Moves tokens from an actor to the fund, or back.
    fn insure(&mut self, who: usize, amount: i128) {
        self.gained[who] -= amount;
        self.fund_vault += amount;
    }

    /// Takes a step, if the engine allows it. Says whether it did.
    fn take(&mut self, step: Step) -> bool {
        let totals = self.state.totals;
        match step {
            Step::Deposit(who, amount) => {
                let Ok(done) = totals.deposit(Assets::new(amount)) else { return false };
                self.state.totals = done.totals;
                self.lps.change(who, |shares| shares + done.shares.get());
                self.pay(who, i128::from(done.assets.get()));
            }
            Step::Withdraw(who, part) => {
                let burned = of(self.shares(who), part);
                let Ok(done) = totals.withdraw(Shares::new(burned)) else { return false };
                self.state.totals = done.totals;
                self.lps.change(who, |shares| shares - burned);
                self.pay(who, -i128::from(done.assets.get()));
            }
            Step::Execute(who, part) => {
                let shares = Shares::new(of(self.shares(who), part));
                let request = Request { shares, ..Request::default() };
                if shares.is_zero() {
                    return false;
                }
                let Ok((exit, totals)) = totals.execute(&request) else { return false };
                self.state.totals = totals;
                self.lps.change(who, |shares| shares - exit.shares.get());
                self.pay(who, -i128::from(exit.assets.get()));
            }
            Step::Borrow(who, part) => {
                let amount = of(totals.cash.get(), part);
                let Ok(done) = totals.borrow(DebtShares::new(self.debts[who]), Assets::new(amount), Assets::ZERO)
                else {
                    return false;
                };
                self.state.totals = done.totals;
                self.debts[who] = done.debt_shares.get();
                self.pay(who, -i128::from(amount));
            }
            Step::Repay(who, part) => {
                let debt = totals.debt(DebtShares::new(self.debts[who])).unwrap().get();
                return self.take(Step::PayUnits(who, of(debt, part)));
            }
            Step::PayUnits(who, offered) => {
                let Ok(done) = totals.repay(DebtShares::new(self.debts[who]), Assets::new(offered)) else {
                    return false;
                };
                self.state.totals = done.totals;
                self.debts[who] = done.debt_shares.get();
                self.pay(who, i128::from(done.paid.get()));
            }
            Step::Wait(seconds) => {
                let done = totals.accrue(&self.rates, totals.accrued_at + i64::from(seconds)).unwrap();
                self.state.totals = done.totals;
                self.lp_interest += u128::from(done.interest.get() - done.to_reserves.get() - done.to_insurance.get());
            }
            Step::Default(who, part) => {
                let lost = of(self.debts[who], part);
                if lost == 0 {
                    return false;
                }
                self.write_off(who, lost);
            }
            Step::Recover(who, part) => {
                self.settle();
                self.recover(who, of(self.written_off[who], part));
            }
            Step::Claim(who) => {
                let from_pool = self.lps.claim(who, &self.records);
                let back = self.stakers.claim(who, &self.records);
                self.unclaimed -= from_pool;
                self.pay(who, -i128::from(from_pool));
                self.state.fund = self.state.fund.claim(Shares::new(back)).unwrap();
                self.stakers.change(who, |shares| shares + back);
            }
            Step::Give(amount) => {
                self.settle();
                let Ok(done) = self.state.fund.donate(Assets::new(amount)) else { return false };
                self.state.fund = done.fund;
                self.fund_vault += i128::from(done.assets.get());
            }
            Step::Stake(who, amount) => {
                self.settle();
                let Ok(done) = self.state.fund.stake(Assets::new(amount)) else { return false };
                self.state.fund = done.fund;
                self.stakers.change(who, |shares| shares + done.shares.get());
                self.insure(who, i128::from(done.assets.get()));
            }
            Step::Unstake(who, part) => {
                self.settle();
                let burned = of(self.stakers.shares(who), part);
                let request = Request::new(Shares::new(burned), Assets::new(u64::MAX), 0, 0_u32);
                if burned == 0 {
                    return false;
                }
                let Ok((exit, fund)) = self.state.fund.execute(&request) else { return false };
                self.state.fund = fund;
                self.stakers.change(who, |shares| shares - exit.shares.get());
                self.insure(who, -i128::from(exit.assets.get()));
            }
        }
        true
    }

    /// Moves to the fund what is due to it.
    fn settle(&mut self) {
        let due = i128::from(self.state.totals.insurance_due.get());
        (self.state.fund, self.state.totals) = self.state.fund.settled(&self.state.totals).unwrap();
        self.vault -= due;
        self.fund_vault += due;
    }

    /// Never refused, whatever the history.
    fn write_off(&mut self, who: usize, lost: u64) {
        let terms = terms(&self.limits);
        let now = self.state.totals.accrued_at;
        let done = record(&self.state, &terms, DebtShares::new(lost), now).unwrap();
        if let Some(record) = done.record {
            self.losses[who].push(self.records.len());
            self.records.push(record);
        }
        let number = u32::try_from(self.records.len()).unwrap();
        let recorded = done.record.as_ref().map(|record| (number, record));
        self.lps.lose(recorded, done.loss.rescalings);
        self.stakers.lose(recorded, done.loss.stake_rescalings);
        assert_eq!(self.lps.era.generation, done.state.totals.generation, "wipe-out");
        assert_eq!(self.stakers.era.generation, done.state.fund.generation, "wipe-out");
        let (settled, owed) = (self.state.totals.insurance_due.get(), self.state.totals.insurance_owed.get());
        self.state = done.state;
        self.debts[who] -= lost;
        self.written_off[who] = self.written_off[who].saturating_add(done.loss.loss.get());
        let owed = owed - self.state.totals.insurance_owed.get();
        let moved = i128::from(settled) + i128::from(owed) - i128::from(done.loss.from_insurance.get());
        self.vault -= moved;
        self.fund_vault += moved;
        self.lp_loss += u128::from(done.loss.to_lps.get());
        self.drawn += u128::from(done.loss.from_insurance.get());
    }

    /// Pays towards one actor's losses, the oldest first; what has no record comes last.
    fn recover(&mut self, who: usize, paid: u64) {
        self.written_off[who] -= paid;
        self.gained[who] -= i128::from(paid);
        let mut left = Assets::new(paid);
        for index in self.losses[who].clone() {
            left = left.minus(self.recover_one(Some(index), left)).unwrap();
        }
        self.recover_one(None, left);
    }

    /// Pays towards one loss, and says how much it takes.
    fn recover_one(&mut self, index: Option<usize>, offered: Assets) -> Assets {
        let record = index.map(|index| self.records[index]);
        let now = self.state.totals.accrued_at;
        let done = recover(&self.state, &terms(&self.limits), record.as_ref(), offered, now).unwrap();
        if let (Some(index), Some(record)) = (index, done.record) {
            self.records[index] = record;
            self.stakers.restored(u32::try_from(index).unwrap() + 1, done.stake_shares);
        }
        self.unclaimed += done.to_lps.get();
        self.vault += i128::from(done.to_lps.get()) + i128::from(done.to_reserves.get());
        self.fund_vault += i128::from(done.to_stakers.get()) + i128::from(done.to_protocol.get());
        // What came back counts no longer, and what counted before counts for no more.
        let (before, after) = (&self.state, &done.state);
        assert!(after.breaker.until <= before.breaker.until.max(now), "breaker");
        let counted = |state: &waterfall::LossState| {
            [state.breaker.losses, state.fund.draws].map(|window| window.counted_at(now).unwrap())
        };
        assert!(counted(after).iter().zip(counted(before)).all(|(after, before)| *after <= before), "breaker");
        self.state = done.state;
        done.paid
    }

    fn exact(&self) -> LossState {
        LossState::from(&self.state.totals)
    }

    /// All that is the fund's: what it holds, is due and is owed.
    fn insured(&self) -> u64 {
        let totals = &self.state.totals;
        self.state.fund.assets.get() + totals.insurance_due.get() + totals.insurance_owed.get()
    }

    /// What a share of the fund is worth, if so many shares that revenue makes after losses are rounded away.
    fn stake_price(&self, rounded: u64) -> Rational {
        let (fund, _) = self.state.fund.settled(&self.state.totals).unwrap();
        let value = model::int(self.insured()) + 1;
        let shares = fund.all_shares().unwrap().get();
        let rounded = if fund.generation == 0 && fund.draws.counted.is_zero() { 0 } else { rounded.min(shares) };
        model::ratio(value, model::int(shares) + 1 - rounded)
    }

    /// `conservation`, and that the parts are the whole.
    fn check_conservation(&self) -> Result<(), TestCaseError> {
        let exact = self.exact();
        let waterfall::LossState { totals, fund, .. } = &self.state;
        let nav = totals.nav().unwrap();
        prop_assert_eq!(
            &exact.cash + exact.performing_debt() - &exact.reserves - &exact.insurance_owed,
            model::int(nav.get()),
            "conservation"
        );
        let in_pool = &exact.cash + &exact.insurance_due + self.unclaimed;
        prop_assert_eq!(model::int(self.vault), in_pool, "conservation");
        prop_assert_eq!(self.fund_vault, i128::from(fund.assets.get()), "conservation");

        let shares: [u64; ACTORS] = std::array::from_fn(|who| self.shares(who));
        let stakes: [u64; ACTORS] = std::array::from_fn(|who| self.stakers.shares(who));
        // What rescaling rounds away is under a share for each holder and rescaling, and nobody's.
        for (held, all, generation) in
            [(shares, totals.shares, totals.generation), (stakes, fund.shares, fund.generation)]
        {
            let held = held.iter().sum::<u64>();
            let nobodys = all.get().checked_sub(held);
            let most = ACTORS as u64 * u64::from(generation);
            prop_assert!(nobodys.is_some_and(|nobodys| nobodys <= most), "wipe-out: {} of {:?}", held, all);
        }
        prop_assert_eq!(self.debts.iter().sum::<u64>(), totals.debt_shares.get(), "conservation");
        let worth = shares.map(|shares| totals.value_of(Shares::new(shares)).unwrap().get());
        prop_assert!(worth.iter().sum::<u64>() <= nav.get() + 1, "conservation");
        let worth = stakes.map(|shares| fund.worth(Shares::new(shares)).unwrap().get());
        let waits = fund.worth(fund.waiting_shares).unwrap().get();
        prop_assert!(worth.iter().sum::<u64>() + waits <= fund.all().get() + 1, "conservation");
        let owed = self.debts.map(|debt| totals.debt(DebtShares::new(debt)).unwrap().get());
        prop_assert!(owed.iter().sum::<u64>() >= totals.performing_debt().unwrap().get(), "conservation");
        prop_assert!(!totals.shares.is_zero() || nav.is_zero(), "orphans");

        self.lps.check(&self.records);
        self.stakers.check(&self.records);
        let claims = [self.lps.unclaimed(&self.records), self.stakers.unclaimed(&self.records)];
        let waits = [self.unclaimed, fund.waiting_shares.get()];
        prop_assert!(claims[0] <= waits[0] && claims[1] <= waits[1], "claims-solvent: {:?} of {:?}", claims, waits);
        Ok(())
    }

    /// Everyone pays all it owes, then everyone leaves.
    fn unwind(&mut self) {
        for who in 0..ACTORS {
            self.take(Step::Repay(who, 10_000));
        }
        for who in 0..ACTORS {
            self.take(Step::Withdraw(who, 10_000));
        }
    }
}

proptest! {
    #![proptest_config(cases(1_500))]

    /// `conservation` and `price-falls-only-by-loss`, over any history.
    #[test]
    fn conservation(limits in valid_limits(), rates in valid_rates(), steps in history(anything())) {
        let mut world = World::new(limits, rates);
        for step in steps {
            let before = world.clone();
            let taken = world.take(step);
            world.check_conservation()?;
            if !taken {
                prop_assert_eq!(before.insured(), world.insured());
                prop_assert_eq!(before.exact().price(), world.exact().price());
            }
            prop_assert!(world.state.totals.borrow_index >= before.state.totals.borrow_index);
            // With no shares left the price is one again: it is nobody's.
            let fell = world.exact().price() < before.exact().price() && !world.state.totals.shares.is_zero();
            prop_assert_eq!(
                fell && world.lp_loss == before.lp_loss,
                false,
                "price-falls-only-by-loss: it fell by {:?}",
                step
            );
            // Nor does a share of the fund, but where nobody has one.
            let nobody = [&before, &world].iter().any(|world| world.state.fund.shares.is_zero());
            let fell = world.stake_price(1) < before.stake_price(0) && !nobody;
            prop_assert_eq!(fell && world.drawn == before.drawn, false, "slash-only: the price fell by {:?}", step);
        }
    }

    /// `price-falls-only-by-loss`: and by exactly the loss that LPs bear.
    #[test]
    fn price_falls_only_by_loss(
        pool in pool_with_history(), fund in fund_with_history(), limits in valid_limits(), rates in valid_rates(),
        amount in real_amount(), lost in any::<u64>(), seconds in 0_i64..10_000_000,
    ) {
        let price = |totals: &Totals| LossState::from(totals).price();
        let before = price(&pool);
        let debt_shares = pool.debt_shares;
        let steps = [
            pool.deposit(Assets::new(amount)).map(|done| done.totals),
            pool.withdraw(Shares::new(amount % pool.shares.get())).map(|done| done.totals),
            pool.borrow(debt_shares, Assets::new(amount), Assets::ZERO).map(|done| done.totals),
            pool.repay(debt_shares, Assets::new(amount)).map(|done| done.totals),
            pool.accrue(&rates, pool.accrued_at + seconds).map(|done| done.totals),
        ];
        for after in steps.iter().flatten() {
            prop_assert!(price(after) >= before);
        }
        let lost = DebtShares::new(lost % debt_shares.get() + 1);
        let done = record(&state(&pool, &fund), &terms(&limits), lost, 0).unwrap();
        if done.loss.rescalings == 0 {
            let fall = model::ratio(done.loss.to_lps.get(), model::int(pool.shares.get()) + 1);
            prop_assert_eq!(before - price(&done.state.totals), fall);
        }
    }

    /// `pro-rata`: what two LPs lose is in proportion to their shares, to less than one unit each.
    #[test]
    fn pro_rata(pool in pool_with_history(), lost in any::<u64>(), (a, b) in (any::<u64>(), any::<u64>())) {
        let lost = DebtShares::new(lost % pool.debt_shares.get() + 1);
        let done = record(&state(&pool, &fund(0)), &terms(&open_handed()), lost, 0).unwrap();
        prop_assume!(done.loss.rescalings == 0);
        let per_share = model::ratio(done.loss.to_lps.get(), model::int(pool.shares.get()) + 1);
        for shares in [a % pool.shares.get() + 1, b % pool.shares.get() + 1, pool.shares.get()] {
            let worth = |totals: &Totals| model::whole(totals.value_of(Shares::new(shares)).unwrap().get());
            let apart = worth(&pool) - worth(&done.state.totals) - &per_share * model::whole(shares);
            prop_assert!(apart > model::whole(-1) && apart < model::whole(1));
        }
    }

    /// `no-free-money`: alone against any pool, at a fixed price and with time standing still, nobody profits, and
    /// nobody who stays loses.
    #[test]
    fn no_free_money(pool in pool_with_history(), steps in history(trade())) {
        let mut world = World::new(open_handed(), usual_rates());
        world.state.totals = pool;
        // One actor does it all; the shares and debts that were there before stay with others.
        for step in steps {
            let before = world.state.totals;
            world.take(match step {
                Step::Deposit(_, amount) => Step::Deposit(0, amount),
                Step::Withdraw(_, part) => Step::Withdraw(0, part),
                Step::Borrow(_, part) => Step::Borrow(0, part),
                Step::Repay(_, part) => Step::Repay(0, part),
                other => other,
            });
            prop_assert!(LossState::from(&world.state.totals).price() >= LossState::from(&before).price());
        }
        world.take(Step::Repay(0, 10_000));
        prop_assert_eq!(world.debts[0], 0);
        world.take(Step::Withdraw(0, 10_000));
        prop_assert!(world.gained[0] <= 0, "profit of {}", world.gained[0]);
    }

    /// `no-free-money`: several actors around one share price. Nobody gains more than the others lose by rounding,
    /// which is under one unit a call.
    #[test]
    fn no_free_money_among_several(steps in history(trade())) {
        // The pool stands at one to one, with 10^9 that stay.
        let mut world = World::new(open_handed(), usual_rates());
        world.state.totals = fresh_pool(1_000_000_000, 0);
        let mut calls = 0_i128;
        for step in steps {
            let before = world.clone();
            calls += i128::from(world.take(step));
            // What the call cost its caller by rounding is what the worth of all others rose by.
            let who = match step {
                Step::Deposit(who, _) | Step::Withdraw(who, _) => who,
                _ => continue,
            };
            let worth = |world: &World| {
                world.exact().price() * model::whole(world.shares(who)) + model::whole(world.gained[who])
            };
            let cost = worth(&before) - worth(&world);
            prop_assert!(cost >= Rational::zero() && cost < model::whole(1), "{:?} cost {}", step, cost);
        }
        world.unwind();
        for gained in world.gained {
            prop_assert!(gained <= calls, "gained {} in {} calls", gained, calls);
        }
        prop_assert!(world.gained.iter().sum::<i128>() <= 0);
    }

    /// `no-free-money` with interest: each LP ends with at most what it put in and what its shares rose by while others
    /// acted or time passed; no borrower profits; all LPs together get at most the interest and what callers lost by
    /// rounding.
    #[test]
    fn no_free_money_with_interest(steps in history(prop_oneof![4 => trade(), 1 => wait()])) {
        // Actors 0 and 1 lend, 2 and 3 borrow; 10^9 shares stay throughout.
        let mut world = World::new(open_handed(), usual_rates());
        world.state.totals = fresh_pool(1_000_000_000, 0);
        let mut due = [Rational::zero(), Rational::zero()];
        let mut rounding = Rational::zero();
        let mut step_and_count = |world: &mut World, step| {
            let step = match step {
                Step::Deposit(who, amount) => Step::Deposit(who % 2, amount),
                Step::Withdraw(who, part) => Step::Withdraw(who % 2, part),
                Step::Borrow(who, part) => Step::Borrow(2 + who % 2, part),
                Step::Repay(who, part) => Step::Repay(2 + who % 2, part),
                Step::PayUnits(who, units) => Step::PayUnits(2 + who % 2, units),
                other => other,
            };
            let before = world.clone();
            world.take(step);
            let acting = match step {
                Step::Deposit(who, _) | Step::Withdraw(who, _) => Some(who),
                _ => None,
            };
            let rise = world.exact().price() - before.exact().price();
            for (who, due) in due.iter_mut().enumerate() {
                if acting != Some(who) {
                    *due += model::whole(world.shares(who)) * &rise;
                }
            }
            if let Step::Borrow(..) | Step::Repay(..) | Step::PayUnits(..) = step {
                // A loan is rounded to debt shares: it costs less than one share's worth and one unit.
                let cost = world.exact().nav() - before.exact().nav();
                assert!(cost >= BigInt::zero() && model::whole(cost.clone()) < world.exact().index + model::whole(1));
                rounding += model::whole(cost);
            }
        };
        for step in steps {
            step_and_count(&mut world, step);
        }
        for who in 0..ACTORS {
            step_and_count(&mut world, Step::Repay(who, 10_000));
            step_and_count(&mut world, Step::Repay(who + 1, 10_000));
        }
        prop_assert!(world.state.totals.debt_shares.is_zero());
        for who in 0..2 {
            step_and_count(&mut world, Step::Withdraw(who, 10_000));
        }
        for (gained, due) in world.gained.iter().zip(&due) {
            prop_assert!(model::whole(*gained) <= *due, "{} beyond {}", gained, due);
        }
        prop_assert!(world.gained[2] <= 0 && world.gained[3] <= 0, "a borrower profits");
        let lent = model::whole(world.gained[0] + world.gained[1]);
        prop_assert!(lent <= model::whole(world.lp_interest) + rounding);
    }

    /// `wipe-out`: nothing divides by zero, old shares are void, and the next deposit starts at one to one.
    #[test]
    fn wipe_out(lent in real_amount(), shares in real_amount(), rates in valid_rates(), next in real_amount()) {
        let pool = Totals { shares: Shares::new(shares), ..fresh_pool(0, lent) };
        let done = record(&state(&pool, &fund(0)), &terms(&open_handed()), DebtShares::new(lent), 0).unwrap();
        prop_assert_eq!(done.loss.rescalings, TOTAL_LOSS);
        prop_assert_eq!(
            (done.loss.to_lps.get(), done.loss.share_price_after, done.state.totals.shares.get()),
            (lent, 0, 0)
        );

        let dead = done.state.totals;
        prop_assert_eq!((dead.nav().unwrap(), dead.value_of(Shares::ZERO).unwrap()), (Assets::ZERO, Assets::ZERO));
        prop_assert!(dead.share_price().is_ok() && dead.withdraw(Shares::new(shares)).is_err());
        let later = dead.accrue(&rates, 1_000_000).unwrap().totals;
        let born = later.deposit(Assets::new(next)).unwrap();
        prop_assert_eq!(born.shares.get(), next);
        let used = born.totals.borrow(DebtShares::ZERO, Assets::new(next), Assets::ZERO).unwrap();
        let back = used.totals.repay(used.debt_shares, Assets::new(u64::MAX)).unwrap();
        prop_assert_eq!(back.totals.withdraw(born.shares).unwrap().assets.get(), next);
    }

    /// `wipe-out` of a pool in which debt and reserves remain: what remains is no LP's, and new money is not diluted.
    #[test]
    fn wipe_out_with_other_debt(pool in pool_with_history(), next in real_amount(), insured in 0_u64..1_000) {
        // Lend all the cash, so that the loss of all debt takes all of NAV, unless the fund pays a part.
        let lent = pool.borrow(pool.debt_shares, pool.cash, Assets::ZERO).map_or(pool, |done| done.totals);
        let cover = InsuranceLimits { share: Bps::new(5_000), ..open_handed() };
        let lent = Totals { insurance_due: Assets::ZERO, insurance_owed: Assets::ZERO, ..lent };
        let done = record(&state(&lent, &fund(insured)), &terms(&cover), lent.debt_shares, 0).unwrap();
        let wiped_out = done.loss.rescalings == TOTAL_LOSS;
        prop_assert_eq!(wiped_out, done.loss.from_insurance.is_zero());
        if wiped_out {
            prop_assert_eq!(done.state.totals.deposit(Assets::new(next)).unwrap().shares.get(), next);
        } else {
            prop_assert_eq!(done.state.totals.nav().unwrap(), done.loss.from_insurance);
        }
    }
}

/// What an attacker can do to the share price of a new pool that earned one unit: it leaves with all shares but one,
/// then offers just too little for a second share more, leaves with one, and begins anew, so that what rounding keeps
/// back stays. Since a call costs less than one unit, so many calls raise the price of the share and the virtual one by
/// less than half as many units: a price of tens of millions is as many calls away, where taking the whole offer made
/// it 64.
#[test]
fn share_price_cannot_be_pumped_by_rounding() {
    let earned = Totals { cash: Assets::new(1_001), ..fresh_pool(1_000, 0) };
    // 999 * 1,002 / 1,001 = 999.998: two units and one share stay, at a price of 3/2.
    let new = earned.withdraw(Shares::new(999)).unwrap().totals;
    // It offers what two shares cost, less one, up to three shares more.
    for more in 1_u64..=3 {
        let mut pool = new;
        for calls in (2_u64..=2_000).step_by(2) {
            let next = LossState::from(&pool).price() * model::whole(more + 1);
            let offered = model::word(&model::up(&next)).unwrap() - 1;
            let Ok(deposited) = pool.deposit(Assets::new(offered)) else { break };
            let left = deposited.totals.withdraw(deposited.shares).unwrap();
            assert!(left.assets <= deposited.assets && deposited.assets.get() - left.assets.get() < 2);
            pool = left.totals;
            let price = LossState::from(&pool).price();
            assert!(price < model::ratio(3 + calls, 2), "{price} per share after {calls} calls");
        }
    }
}

#[test]
fn pool_survives_the_loss_of_all_but_one_unit() {
    // A million tokens of nine decimals are lent, one base unit is not.
    let mut world = World::new(open_handed(), usual_rates());
    for (who, amount) in [1, 400_000_000_000_000, 600_000_000_000_000].into_iter().enumerate() {
        assert!(world.take(Step::Deposit(who, amount)));
    }
    let cash = world.state.totals.cash.get();
    let lent = world.state.totals.borrow(DebtShares::ZERO, Assets::new(cash - 1), Assets::ZERO).unwrap();
    (world.state.totals, world.debts[3]) = (lent.totals, lent.debt_shares.get());
    world.vault -= i128::from(cash - 1);
    world.write_off(3, cash - 1);
    // 10^15 + 1 shares are left with a unit: four times divided by 1,024 they are 909, of which the holders have 0, 363
    // and 545.
    let totals = world.state.totals;
    assert_eq!((totals.nav().unwrap(), totals.shares, totals.generation), (Assets::new(1), Shares::new(909), 4));
    assert_eq!([0, 1, 2].map(|who| world.shares(who)), [0, 363, 545], "always-open");
    world.check_conservation().unwrap();

    // A thousand tokens, then a million.
    for amount in [1_000_000_000_000, 1_000_000_000_000_000] {
        assert!(world.take(Step::Deposit(3, amount)), "always-open: a deposit of {amount}");
        world.check_conservation().unwrap();
    }
    // All of it leaves, but for what rounding keeps.
    assert!(world.take(Step::Withdraw(3, 10_000)));
    assert!(world.gained[3] >= -3, "always-open: {:?}", world.gained);
    // The old holders' claims are those of all that was lost: their shares of cash - 1, rounded down; the newcomer has
    // none.
    world.recover(3, cash - 1);
    for who in 0..ACTORS {
        world.take(Step::Claim(who));
    }
    // 10^15 lost of 10^15 + 1 shares: 1 - 10^-15, 4 * 10^14 - 0.4, 6 * 10^14 - 0.6. So two units wait for nobody.
    let paid = [-1, -400_000_000_000_000 + 399_999_999_999_999, -600_000_000_000_000 + 599_999_999_999_999];
    assert_eq!(world.gained[..3], paid, "claims-follow");
    assert_eq!(world.unclaimed, 2, "claims-solvent");
}

proptest! {
    #![proptest_config(cases(500))]

    /// `no-free-money`: the rounding error is in favour of the pool, and under one unit per call at any share price and
    /// index. A loan is the exception: who borrows wants an exact amount and owes whole debt shares, so it costs up to
    /// one of them, which is worth the index.
    #[test]
    fn rounding_costs_less_than_one_unit(pool in pool_with_history(), amount in real_amount(), part in part()) {
        let state = LossState::from(&pool);
        let within = |cost: &Rational, bound: &Rational| *cost >= Rational::zero() && cost < bound;
        let one = model::whole(1);
        if let Ok(done) = pool.deposit(Assets::new(amount)) {
            prop_assert!(done.assets.get() <= amount);
            let price = state.price();
            let cost = model::whole(done.assets.get()) - model::whole(done.shares.get()) * &price;
            prop_assert!(within(&cost, &one), "no-free-money: a deposit of {} costs {}", done.assets.get(), cost);
            // No more would have been minted for the whole offer.
            prop_assert!(model::whole(amount) < model::whole(done.shares.get() + 1) * price);
        }
        let burned = of(pool.shares.get(), part);
        if let Ok(done) = pool.withdraw(Shares::new(burned)) {
            let cost = model::whole(burned) * state.price() - model::whole(done.assets.get());
            prop_assert!(within(&cost, &one), "a withdrawal of {} costs {}", done.assets.get(), cost);
        }
        for offered in [amount, of(pool.debt(pool.debt_shares).unwrap().get(), part)] {
            let Ok(done) = pool.repay(pool.debt_shares, Assets::new(offered)) else { continue };
            prop_assert!(done.paid.get() <= offered);
            let burned = pool.debt_shares.get() - done.debt_shares.get();
            let cost = model::whole(done.paid.get()) - model::whole(burned) * &state.index;
            prop_assert!(within(&cost, &one), "a repayment of {} costs {}", done.paid.get(), cost);
        }
        for assets in [amount, of(pool.cash.get(), part)] {
            let Ok(done) = pool.borrow(pool.debt_shares, Assets::new(assets), Assets::ZERO) else { continue };
            let added = done.debt_shares.get() - pool.debt_shares.get();
            let cost = model::whole(added) * &state.index - model::whole(assets);
            prop_assert!(within(&cost, &state.index), "a loan of {} costs {}", assets, cost);
        }
    }
}
