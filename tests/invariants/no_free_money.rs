//! `no-free-money`: whoever goes round in circles comes back with no more than they left with.

use backstop_testkit::Setup;

use crate::{
    choice::Choice,
    model::ModelPool,
    pool_profile::PoolProfile,
    state::{Scene, State},
    step::{ALL, Actor, COLLATERALS, Step, TOKENS, Token},
};

/// The usual pool with a second collateral.
fn setup() -> Setup {
    let usual = Setup::default();
    Setup { parameters: usual.parameters, ..PoolProfile::bare().setup }
}

/// What the shares of an LP are worth.
fn value_of(state: &State, who: Actor) -> u64 {
    let pot = ModelPool::of(&state.pool.totals());
    let worth = u128::from(state.shares(who)) * (u128::try_from(pot.nav()).unwrap() + 1) / (u128::from(pot.shares) + 1);
    u64::try_from(worth).unwrap()
}

/// Ben goes in and out of a pool in which others have some, at fixed prices and a fixed time, and closes everything.
fn round_trip(seed: u64, steps: u32) {
    let mut setup = setup();
    let rates = &mut setup.parameters.rates;
    (rates.base_bps, rates.reserve_factor_bps, rates.insurance_factor_bps) = (1_000, 1_000, 500);
    setup.parameters.insurance.cooldown_seconds = 86_400;
    let mut scene = Scene::new(&setup);
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
    let before = scene.first_state();
    // When Ben acts, and in the end pays and takes back everything
    for _ in 0..steps {
        let state = scene.first_state();
        let _refused_or_not = scene.act(any(&mut choice, &state));
    }
    let _no_debt_or_paid = scene.act(Step::Repay { who: Actor::Ben, borrower: Actor::Ben, assets: ALL });
    for token in COLLATERALS {
        let _nothing_or_all = scene.act(Step::WithdrawCollateral { who: Actor::Ben, token, units: ALL });
    }
    let _nothing_or_all = scene.act(Step::Withdraw { who: Actor::Ben, shares: ALL });
    let _nothing_or_all = scene.act(Step::RequestUnstake { who: Actor::Ben, shares: ALL });
    let after = scene.first_state();
    // And, when his cooldown has passed, leaves the fund, of which he earns nothing meanwhile
    let _nothing_or_all = scene.act(Step::Wait { seconds: 86_400 });
    let _nothing_or_all = scene.act(Step::ExecuteUnstake { who: Actor::Ben });
    let _nothing_or_all = scene.act(Step::CollectUnstake { who: Actor::Ben });
    let left = scene.first_state();
    // Then he has no more than before of anything, and nobody else has less than they had
    for token in TOKENS {
        let (was, is) = (before.wallets[Actor::Ben][token], left.wallets[Actor::Ben][token]);
        assert!(is <= was, "no-free-money: seed {seed}: {is} {token:?} out of {was}");
    }
    let (was, is) = (value_of(&before, Actor::Alice), value_of(&after, Actor::Alice));
    assert!(is >= was, "no-free-money: seed {seed}: alice's shares");
    let debt = |state: &State| ModelPool::of(&state.pool.totals()).debt(state.obligations[Actor::Bob].debt_shares);
    assert_eq!(debt(&after), debt(&before), "no-free-money: seed {seed}: bob's debt");
}

fn any(choice: &mut Choice, state: &State) -> Step {
    let (who, token) = (Actor::Ben, choice.of(&COLLATERALS));
    match choice.below(9) {
        0 => Step::Deposit { who, assets: choice.part_of(1 << 36) },
        1 => Step::Withdraw { who, shares: choice.part_of(state.shares(who)) },
        2 => Step::DepositCollateral { who, token, units: choice.part_of(1 << 40) },
        3 => Step::WithdrawCollateral { who, token, units: choice.part_of(state.held(who, token)) },
        4 => Step::Borrow { who, assets: choice.part_of(state.pool.cash) },
        5 => Step::Repay { who, borrower: who, assets: choice.part_of(state.obligations[who].debt_shares) },
        6 => Step::Stake { who, assets: choice.part_of(1 << 30) },
        7 => Step::RequestUnstake { who, shares: choice.part_of(state.staked(who)) },
        _ => Step::ExecuteUnstake { who },
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
    let mut scene = Scene::new(&setup());
    scene.world.deposit("alice", 1_000_000).unwrap();
    let before = scene.first_state();
    scene.act(Step::Donate { units: 1 << 50 }).unwrap();
    let after = scene.first_state();
    assert_eq!((after.pool, after.fund), (before.pool, before.fund), "no-free-money: a donation");
    scene.world.deposit("ann", 1_000_000).unwrap();
    assert_eq!(scene.first_state().shares(Actor::Ann), 1_000_000, "no-free-money: a donation");
}

#[test]
fn first_depositor_cannot_rob_the_second() {
    // Given Mallory (Ben), who holds one share and pumps its price with a thousand small deposits that round in its
    // favour
    let mut scene = Scene::new(&setup());
    let start = scene.first_state().wallets[Actor::Ben][Token::Usdc];
    scene.world.deposit("ben", 1).unwrap();
    for round in 0..200 {
        let _refused_or_not = scene.act(Step::Deposit { who: Actor::Ben, assets: 1 + round });
        let held = scene.first_state().shares(Actor::Ben);
        let _refused_or_not = scene.act(Step::Withdraw { who: Actor::Ben, shares: held.saturating_sub(1) });
    }
    // When Alice deposits and Mallory leaves
    scene.world.deposit("alice", 1_000_000).unwrap();
    let _nothing_or_all = scene.act(Step::Withdraw { who: Actor::Ben, shares: ALL });
    // Then Mallory has no more than before, and Alice lost at most a unit
    let state = scene.first_state();
    assert!(state.wallets[Actor::Ben][Token::Usdc] <= start, "no-free-money: the first depositor");
    assert!(value_of(&state, Actor::Alice) >= 999_999, "no-free-money: the second depositor");
}
