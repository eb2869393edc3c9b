//! `no-free-money`: whoever goes round in circles comes back with no more than they left with.

use backstop_testkit::Setup;

use crate::{
    choice::Choice,
    state::{Scene, State},
    step::{COLLATERALS, Step, TOKENS},
};

/// Ben goes in and out of a pool in which others have some, at fixed prices and a fixed time, and closes everything.
fn round_trip(seed: u64, steps: u32) {
    let mut parameters = Setup::default().parameters;
    let rates = &mut parameters.rates;
    (rates.base_bps, rates.reserve_factor_bps, rates.insurance_factor_bps) = (1_000, 1_000, 500);
    let mut scene = Scene::new(Setup { parameters, ..Setup::default() });
    let mut choice = Choice::from_seed(seed);
    // Given others, and an odd share price and borrow index
    let world = &mut scene.world;
    let size = 1 << (2 + choice.below(38));
    world.deposit("alice", 1_000 + choice.below(size)).unwrap();
    world.deposit_collateral("bob", "ETH", 1 << 40).unwrap();
    let lent = 1 + choice.below(world.pool().cash);
    world.borrow("bob", lent).unwrap();
    world.wait(1 + choice.below(100_000_000));
    world.accrue().unwrap();
    let before = scene.state((0, 0));
    // When Ben acts, and in the end pays and takes back everything
    for _ in 0..steps {
        let state = scene.state((0, 0));
        let _refused_or_not = scene.act(any(&mut choice, &state));
    }
    let _no_debt_or_paid = scene.act(Step::Repay { who: "ben", borrower: "ben", assets: u64::MAX });
    for symbol in COLLATERALS {
        let _nothing_or_all = scene.act(Step::WithdrawCollateral { who: "ben", symbol, units: u64::MAX });
    }
    let _nothing_or_all = scene.act(Step::Withdraw { who: "ben", shares: u64::MAX });
    let after = scene.state((0, 0));
    // Then he has no more than before of anything, and nobody else has less than they had
    for symbol in TOKENS {
        let (was, is) = (before.wallets[&("ben", symbol)], after.wallets[&("ben", symbol)]);
        assert!(is <= was, "no-free-money: seed {seed}: {is} {symbol} out of {was}");
    }
    let exit = |state: &State| state.pool.totals().value_of(state.positions["alice"].shares_in(&state.pool)).unwrap();
    assert!(exit(&after) >= exit(&before), "no-free-money: seed {seed}: alice's shares");
    let debt = |state: &State| state.pool.totals().debt(state.obligations["bob"].debt()).unwrap();
    assert_eq!(debt(&after), debt(&before), "no-free-money: seed {seed}: bob's debt");
}

fn any(choice: &mut Choice, state: &State) -> Step {
    let (who, symbol) = ("ben", choice.of(&COLLATERALS));
    match choice.below(6) {
        0 => Step::Deposit { who, assets: choice.part_of(1 << 36) },
        1 => Step::Withdraw { who, shares: choice.part_of(state.shares(who)) },
        2 => Step::DepositCollateral { who, symbol, units: choice.part_of(1 << 40) },
        3 => Step::WithdrawCollateral { who, symbol, units: choice.part_of(state.held(who, symbol)) },
        4 => Step::Borrow { who, assets: choice.part_of(state.pool.cash) },
        _ => Step::Repay { who, borrower: who, assets: choice.part_of(state.obligations[who].debt_shares) },
    }
}

#[test]
fn round_trips_never_pay() {
    for seed in 0..60 {
        round_trip(seed, 25);
    }
}

#[test]
fn donations_change_no_price() {
    let mut scene = Scene::new(Setup::default());
    scene.world.deposit("alice", 1_000_000).unwrap();
    let before = scene.state((0, 0));
    scene.act(Step::Donate { to_fund: false, units: 1 << 50 }).unwrap();
    scene.act(Step::Donate { to_fund: true, units: 1 << 50 }).unwrap();
    let after = scene.state((0, 0));
    assert_eq!((after.pool, after.fund), (before.pool, before.fund), "no-free-money: a donation");
    scene.world.deposit("ann", 1_000_000).unwrap();
    assert_eq!(scene.state((0, 0)).shares("ann"), 1_000_000, "no-free-money: a donation");
}

#[test]
fn first_depositor_cannot_rob_the_second() {
    // Given Mallory (Ben), who holds one share and pumps its price with a thousand small deposits that round in its favour
    let mut scene = Scene::new(Setup::default());
    let start = scene.state((0, 0)).wallets[&("ben", "USDC")];
    scene.world.deposit("ben", 1).unwrap();
    for round in 0..200 {
        let _refused_or_not = scene.act(Step::Deposit { who: "ben", assets: 1 + round });
        let held = scene.state((0, 0)).shares("ben");
        let _refused_or_not = scene.act(Step::Withdraw { who: "ben", shares: held.saturating_sub(1) });
    }
    // When Alice deposits and Mallory leaves
    scene.world.deposit("alice", 1_000_000).unwrap();
    let _nothing_or_all = scene.act(Step::Withdraw { who: "ben", shares: u64::MAX });
    // Then Mallory has no more than before, and Alice lost at most a unit
    let state = scene.state((0, 0));
    assert!(state.wallets[&("ben", "USDC")] <= start, "no-free-money: the first depositor");
    let alices = state.positions["alice"].shares_in(&state.pool);
    assert!(state.pool.totals().value_of(alices).unwrap().get() >= 999_999, "no-free-money: the second depositor");
}
