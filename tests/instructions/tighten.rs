use backstop_client::{
    Event, Parameter, ParameterChanged,
    verb::{self, number},
};
use backstop_engine::parameter;
use backstop_testkit::{Network, Receipt, Setup, World};
use solana_account::Account;
use solana_address::Address;
use solana_instruction::Instruction;

use crate::{
    fixtures::*,
    queue_change::{make, refuses_signers, ruled, second_pool},
    tampering::*,
};

/// Alice lent 1,000 and Bob owes 200; the guardian is about to lower what of SOL can be deposited to 20.
fn about_to_tighten() -> (World, Instruction) {
    let mut world = lent(two_collaterals());
    let tighten = tighten_of(&mut world, Some("SOL"), Parameter::DepositCap, number(20 * SOL));
    (world, tighten)
}

fn tighten_of(world: &mut World, of: Option<&str>, parameter: Parameter, value: [u8; 32]) -> Instruction {
    let (guardian, collateral) = (world.actor("guardian"), of.map(|symbol| world.collateral_key(symbol).collateral));
    verb::tighten(world.key(), guardian, collateral, parameter, value)
}

#[test]
fn rejects_missing_signature() {
    let (mut world, tighten) = about_to_tighten();
    refused(&mut world, tighten.unsigned("signer"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_all_but_guardian_and_authority() {
    let (mut world, tighten) = about_to_tighten();
    let others = ["mallory", "treasury", "alice", "bob"];
    refuses_signers(&mut world, &tighten, "signer", &others, &[], "WrongGuardian");
}

#[test]
fn rejects_another_market() {
    let (mut world, tighten) = about_to_tighten();
    let (other, mallory) = (Neighbour::new(&mut world, &[]), world.actor("mallory"));
    let hers = tighten.clone().with("market", other.pool.market).with("signer", mallory);
    refused(&mut world, hers, &["mallory"], "WrongMarket");
    refused(&mut world, tighten.with("pool", other.pool.pool), &["guardian"], "WrongMarket");
}

#[test]
fn rejects_collateral_of_another_pool() {
    let (mut world, tighten) = about_to_tighten();
    let (other, (pool, sol)) = (Neighbour::new(&mut world, &[]), second_pool(&mut world));
    for collateral in [other.sol.collateral, sol.collateral] {
        refused(&mut world, tighten.clone().with("collateral", collateral), &["guardian"], "WrongPool");
    }
    refused(&mut world, tighten.with("pool", pool.pool), &["guardian"], "WrongPool");
}

#[test]
fn rejects_parameter_of_a_collateral_without_it() {
    let (mut world, tighten) = about_to_tighten();
    refused(&mut world, tighten.with("collateral", backstop_client::PROGRAM_ID), &["guardian"], "WrongTarget");
}

#[test]
fn rejects_accounts_of_another_kind() {
    let (mut world, tighten) = about_to_tighten();
    refuses_other_kinds(&mut world, &tighten, &["guardian"], &["market", "pool", "collateral"]);
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, tighten) = about_to_tighten();
    refuses_forgeries(&mut world, &tighten, &["guardian"], &["market", "pool", "collateral"]);
}

#[test]
fn rejects_same_account_twice() {
    let (mut world, tighten) = about_to_tighten();
    refuses_twins(&mut world, &tighten, &["guardian"], &[("pool", "market"), ("collateral", "pool")]);
}

#[test]
fn rejects_unknown_parameter() {
    let (mut world, mut tighten) = about_to_tighten();
    tighten.data[8] = 61;
    refused(&mut world, tighten, &["guardian"], "InvalidInstructionData");
}

#[test]
fn rejects_value_that_is_no_number_of_its_width() {
    // Given a number of 64 bits and one of 32, and a byte beyond each
    let (mut world, _) = about_to_tighten();
    for (parameter, low, beyond) in [(Parameter::DepositCap, SOL, 8), (Parameter::MaxLtvBps, 7_500, 4)] {
        for index in [beyond, 8, 31] {
            let mut value = number(low);
            value[index] = 1;
            let tighten = tighten_of(&mut world, Some("SOL"), parameter, value);
            refused(&mut world, tighten, &["guardian"], "InvalidParameter");
        }
    }
}

#[test]
fn rejects_values_beyond_their_bounds() {
    // Given notice of a day at most, a limit of all there is, a threshold of 80 %, and numbers of 32 bits
    let (mut world, _) = about_to_tighten();
    for (parameter, value) in [
        (Parameter::BreakerNoticeSeconds, 86_401),
        (Parameter::NoticeSeconds, 86_401),
        (Parameter::NoticeSeconds, u32::MAX.into()),
        (Parameter::BreakerLimitBps, 10_001),
        (Parameter::MaxLtvBps, 8_001),
        (Parameter::MaxPremiumBps, 1 << 32),
    ] {
        let tighten = tighten_of(&mut world, Some("SOL"), parameter, number(value));
        refused(&mut world, tighten, &["guardian"], "InvalidParameter");
    }
    // And nothing is the least of what can be lowered at once
    for parameter in LOWERED_AT_ONCE {
        world.tighten("guardian", Some("SOL"), parameter, number(0)).unwrap();
    }
}

/// A pool in which every parameter has room in both directions. The timelock is two days.
fn roomy() -> World {
    let mut setup = two_collaterals();
    let token = &mut setup.collaterals[0].token;
    token.second_feed = Some(Network::Switchboard);
    setup.liquidity.second_feed = Some(Network::Switchboard);
    let sol = &mut setup.collaterals[0].parameters;
    (sol.deposit_cap, sol.stressed_max_ltv_bps, sol.stressed_threshold_bps) = (100 * SOL, 7_000, 7_600);
    (sol.bonus_min_bps, sol.bonus_max_bps) = (100, 200);
    let p = &mut setup.parameters;
    p.loss.min_default_age_slots = 10;
    (p.caps.pool_deposit_cap, p.caps.borrow_cap, p.caps.released_reserves) = (1 << 50, 1 << 49, 1 << 48);
    (p.loss.insurance_share_bps, p.loss.draw_cap_bps) = (5_000, 5_000);
    (p.liquidation.min_debt, p.liquidation.insurance_cut_bps) = (1_000, 1_000);
    (p.exit.breaker_min_losses, p.exit.breaker_limit_bps) = (1_000, 500);
    (p.exit.breaker_notice_seconds, p.exit.notice_seconds, p.loss.hold_seconds) = (3_600, 2_000, 1_800);
    (p.rates.base_bps, p.rates.slope1_bps, p.rates.slope2_bps) = (100, 200, 300);
    (p.rates.reserve_factor_bps, p.rates.insurance_factor_bps) = (2_000, 1_000);
    (p.risk.max_premium_bps, p.risk.target_coverage_bps) = (1_000, 100);
    (p.risk.stressed_insurance_factor_bps, p.risk.stressed_insurance_share_bps) = (2_000, 4_000);
    let mut world = lent(setup);
    make(&mut world, verb::Target::Market, Parameter::TimelockSeconds, number(172_800));
    world
}

/// Every parameter with the value that it has in `roomy`, feeds and addresses aside.
fn numbers() -> [(Parameter, u64); 43] {
    use Parameter::*;
    [
        (DustValue, 1_000_000),
        (MinDefaultAgeSlots, 10),
        (HoldSeconds, 1_800),
        (WindowSeconds, 604_800),
        (InsuranceShareBps, 5_000),
        (DrawCapBps, 5_000),
        (MinDebt, 1_000),
        (InsuranceCutBps, 1_000),
        (TargetHealthBps, 11_000),
        (BreakerMinLosses, 1_000),
        (BreakerLimitBps, 500),
        (BreakerNoticeSeconds, 3_600),
        (NoticeSeconds, 2_000),
        (CooldownSeconds, 864_000),
        (BaseBps, 100),
        (Slope1Bps, 200),
        (KinkBps, 8_000),
        (Slope2Bps, 300),
        (ReserveFactorBps, 2_000),
        (InsuranceFactorBps, 1_000),
        (AverageSeconds, 86_400),
        (MaxPremiumBps, 1_000),
        (TargetCoverageBps, 100),
        (StressedInsuranceFactorBps, 2_000),
        (StressedInsuranceShareBps, 4_000),
        (LiquidityMaxAgeSeconds, 60),
        (LiquidityMaxConfidenceBps, 200),
        (LiquidityMaxDivergenceBps, 300),
        (PoolDepositCap, 1 << 50),
        (BorrowCap, 1 << 49),
        (ReleasedReserves, 1 << 48),
        (DepositCap, 100 * SOL),
        (MaxLtvBps, 7_500),
        (StressedMaxLtvBps, 7_000),
        (LiquidationThresholdBps, 8_000),
        (StressedThresholdBps, 7_600),
        (BonusMinBps, 100),
        (BonusMaxBps, 200),
        (StressedDeviationBps, 2_500),
        (CollateralMaxAgeSeconds, 60),
        (CollateralMaxConfidenceBps, 200),
        (CollateralMaxDivergenceBps, 300),
        (TimelockSeconds, 172_800),
    ]
}

/// The parameters that can be lowered at once. No other can, and none can be raised: longer notice would keep LPs in.
const LOWERED_AT_ONCE: [Parameter; 7] = [
    Parameter::DepositCap,
    Parameter::MaxLtvBps,
    Parameter::StressedMaxLtvBps,
    Parameter::MaxPremiumBps,
    Parameter::PoolDepositCap,
    Parameter::BorrowCap,
    Parameter::ReleasedReserves,
];

/// The value before and after, as the event says.
fn changed(receipt: &Receipt) -> ([u8; 32], [u8; 32]) {
    let Event::ParameterChanged(event) = only(receipt) else { panic!("another event") };
    (event.before, event.after)
}

/// Puts accounts back as they were.
fn restore(world: &mut World, accounts: &[(Address, Account)]) {
    for (address, account) in accounts {
        world.set_account(*address, account.clone());
    }
}

#[test]
fn makes_at_once_only_what_can_take_nothing_from_anyone() {
    let mut world = roomy();
    let (key, sol) = (*world.key(), world.collateral_key("SOL").collateral);
    let kept: Vec<_> = [key.market, key.pool, sol].map(|at| (at, world.account(&at).unwrap())).into();
    let rows = numbers();
    for (parameter, start) in rows {
        let rules = parameter::Parameter::ALL[usize::from(parameter as u8)];
        assert_eq!(format!("{rules:?}"), format!("{parameter:?}"));
        for step in [-1, 1] {
            let value = start.checked_add_signed(step).unwrap();
            let allowed = step == -1 && LOWERED_AT_ONCE.contains(&parameter);
            println!("{parameter:?} from {start} to {value}");
            assert_eq!(rules.waits(start, value), !allowed, "{parameter:?} from {start} to {value}");
            for name in ["guardian", "dao"] {
                let signer = world.actor(name);
                let tighten = tighten_of(&mut world, Some("SOL"), parameter, number(value)).with("signer", signer);
                if allowed {
                    let receipt = world.execute(tighten.clone(), &[name]).expect("a change that need not wait");
                    assert_eq!(changed(&receipt), (number(start), number(value)));
                    // And the value is in place: the same again is no change
                    let again = world.execute(tighten, &[name]).unwrap();
                    assert_eq!(changed(&again), (number(value), number(value)));
                    restore(&mut world, &kept);
                } else {
                    refused(&mut world, tighten, &[name], "ChangeMustWait");
                }
            }
        }
        // And no change need not wait
        let same = tighten_of(&mut world, Some("SOL"), parameter, number(start));
        let receipt = world.execute(same, &["guardian"]).unwrap();
        assert_eq!(changed(&receipt), (number(start), number(start)));
        restore(&mut world, &kept);
    }
    // The rest are feeds and addresses
    let rest: Vec<_> = Parameter::ALL.iter().filter(|all| !rows.iter().any(|(row, _)| row == *all)).collect();
    assert_eq!((rest.len(), Parameter::ALL.len(), parameter::Parameter::ALL.len()), (6, 49, 49));
    let (pool, sol, market) =
        (world.pool().parameters.oracle, world.collateral("SOL").parameters.oracle, world.market());
    let starts = [
        (Parameter::LiquidityFeed, pool.feed),
        (Parameter::LiquiditySecondFeed, pool.second_feed),
        (Parameter::CollateralFeed, sol.feed),
        (Parameter::CollateralSecondFeed, sol.second_feed),
        (Parameter::Guardian, market.guardian.to_bytes()),
        (Parameter::Treasury, market.treasury.to_bytes()),
    ];
    for (parameter, start) in starts {
        assert!(rest.contains(&&parameter));
        assert_eq!(parameter::Parameter::ALL[usize::from(parameter as u8)].at_once(), parameter::AtOnce::Never);
        for index in [0, 31] {
            for step in [1, 255] {
                let mut value = start;
                value[index] = value[index].wrapping_add(step);
                let tighten = tighten_of(&mut world, Some("SOL"), parameter, value);
                refused(&mut world, tighten, &["guardian"], "ChangeMustWait");
            }
        }
        let same = tighten_of(&mut world, Some("SOL"), parameter, start);
        assert_eq!(changed(&world.execute(same, &["guardian"]).unwrap()), (start, start));
    }
    // Also none that takes a second feed away
    for parameter in [Parameter::LiquiditySecondFeed, Parameter::CollateralSecondFeed] {
        let tighten = tighten_of(&mut world, Some("SOL"), parameter, [0; 32]);
        refused(&mut world, tighten, &["guardian"], "ChangeMustWait");
    }
}

#[test]
fn makes_the_change_and_changes_nothing_else() {
    for name in ["guardian", "dao"] {
        let (mut world, tighten) = about_to_tighten();
        let (mut expected, pool, eth) = (world.collateral("SOL"), world.pool(), world.collateral("ETH"));
        let (market, signer) = (world.market(), world.actor(name));
        let receipt = world.execute(tighten.with("signer", signer), &[name]).unwrap();
        expected.parameters.deposit_cap = 20 * SOL;
        // Then the cap is lower, and the limits rest where they were: the steps are those by which they would rise
        (expected.max_ltv.step_bps, expected.threshold.step_bps) = (100, 100);
        assert_eq!((world.collateral("SOL"), world.collateral("ETH")), (expected, eth));
        assert_eq!((world.pool(), world.market()), (backstop_client::Pool { accrued_at: world.now(), ..pool }, market));
        let event = ParameterChanged {
            market: world.key().market,
            target: world.collateral_key("SOL").collateral,
            parameter: 33,
            before: number(u64::MAX),
            after: number(20 * SOL),
        };
        assert_eq!(only(&receipt), Event::ParameterChanged(event));
    }
}

#[test]
fn needs_no_collateral_for_a_parameter_of_the_pool() {
    let mut world = lent(two_collaterals());
    let receipt = world.tighten("guardian", None, Parameter::MaxPremiumBps, number(60)).unwrap();
    let Event::ParameterChanged(event) = only(&receipt) else { panic!("another event") };
    assert_eq!((event.target, world.pool().parameters.risk.max_premium_bps), (world.key().pool, 60));
}

/// SOL's limit was lowered to 67 %, and with it what it is under stress.
fn lowered_limit() -> World {
    let mut world = lent(two_collaterals());
    world.tighten("guardian", Some("SOL"), Parameter::MaxLtvBps, number(6_700)).unwrap();
    world
}

#[test]
fn lowers_a_limit_for_the_next_borrow_at_once() {
    // Given Bob's 200 against 300: 67 % are 201
    let mut world = lowered_limit();
    let too_much = world.borrow_instruction("bob", USDC + 1);
    refused(&mut world, too_much, &["bob"], "LoanToValueExceeded");
    let (withdraw, borrow) =
        (world.withdraw_collateral_instruction("bob", "SOL", SOL), world.borrow_instruction("bob", USDC));
    refused(&mut world, withdraw, &["bob"], "LoanToValueExceeded");
    world.execute(borrow, &["bob"]).unwrap();
    // And it does not rise again by itself or by a refresh
    world.wait(YEAR);
    world.refresh_risk("SOL").unwrap();
    world.wait(YEAR);
    assert_eq!(world.collateral("SOL").risk().limits(world.now()).0.get(), 6_700);
}

#[test]
fn makes_nobody_liquidatable() {
    // Given a limit of 60 %, under which Bob's 200 of 300 are
    let mut world = lowered_limit();
    world.tighten("guardian", Some("SOL"), Parameter::MaxLtvBps, number(6_000)).unwrap();
    for instruction in [world.borrow_instruction("bob", 1), world.withdraw_collateral_instruction("bob", "SOL", SOL)] {
        refused(&mut world, instruction, &["bob"], "LoanToValueExceeded");
    }
    for seconds in [0, YEAR] {
        world.wait(seconds);
        let liquidate = world.liquidate_instruction("liz", "bob", "SOL", u64::MAX);
        refused(&mut world, liquidate, &["liz"], "ObligationHealthy");
        let record = world.record_bad_debt_instruction("bob");
        refused(&mut world, record, &[], "ObligationHealthy");
    }
    // And he can repay and leave
    world.repay("bob", "bob", u64::MAX).unwrap();
    world.withdraw_collateral("bob", "SOL", u64::MAX).unwrap();
    assert_eq!((gained(&mut world, "bob", "USDC"), gained(&mut world, "bob", "SOL")), (0, 0));
}

#[test]
fn lowers_a_cap_for_the_next_deposit_and_keeps_what_is_held() {
    let (mut world, _) = about_to_tighten();
    world.tighten("guardian", Some("SOL"), Parameter::DepositCap, number(0)).unwrap();
    let deposit = world.deposit_collateral_instruction("bob", "SOL", 1);
    refused(&mut world, deposit, &["bob"], "DepositCapExceeded");
    world.borrow("bob", 25 * USDC).unwrap();
    world.repay("bob", "bob", u64::MAX).unwrap();
    world.withdraw_collateral("bob", "SOL", u64::MAX).unwrap();
}

#[test]
fn keeps_nobody_in() {
    // Given no notice at any time, and an hour of it while the breaker is tripped, which it is
    let mut setup = with_breaker();
    (setup.parameters.exit.breaker_notice_seconds, setup.parameters.loss.hold_seconds) = (3_600, 600);
    let mut world = recorded(setup);
    assert_eq!(world.pool().parameters.exit.notice_seconds, 0);
    world.request_withdrawal("alice", 100 * USDC).unwrap();
    // When anyone asks for more or less of either at once, then that must wait
    for (parameter, seconds) in [
        (Parameter::NoticeSeconds, 600),
        (Parameter::NoticeSeconds, 86_400),
        (Parameter::BreakerNoticeSeconds, 600),
        (Parameter::BreakerNoticeSeconds, 3_599),
        (Parameter::BreakerNoticeSeconds, 3_601),
        (Parameter::BreakerNoticeSeconds, 86_400),
    ] {
        for name in ["guardian", "dao"] {
            let signer = world.actor(name);
            let tighten = tighten_of(&mut world, None, parameter, number(seconds)).with("signer", signer);
            refused(&mut world, tighten, &[name], "ChangeMustWait");
        }
    }
    // And Alice leaves after the hour that she was asked for
    let execute = world.execute_withdrawal_instruction("alice");
    world.wait(3_599);
    refused(&mut world, execute.clone(), &[], "ExitNotMature");
    world.wait(1);
    world.execute(execute, &[]).unwrap();
}

#[test]
fn counts_interest() {
    counts_interest_first(
        || lent(with_interest()),
        |world| drop(world.tighten("guardian", None, Parameter::MaxPremiumBps, number(60)).unwrap()),
    );
    counts_interest_first(
        || lent(with_interest()),
        |world| drop(world.tighten("guardian", Some("SOL"), Parameter::DepositCap, number(0)).unwrap()),
    );
}

#[test]
fn needs_no_price() {
    let (mut world, tighten) = about_to_tighten();
    for symbol in ["USDC", "SOL"] {
        world.set_price(symbol, world.quote(symbol), 86_400);
    }
    let before = ruled(&mut world);
    world.execute(tighten, &["guardian"]).unwrap();
    assert_ne!(ruled(&mut world), before);
}

#[test]
fn makes_no_change_of_a_default_pool_wait_for_nothing() {
    // Given the values of a pool as it is by default, passed as they are
    let mut world = World::new(Setup::default());
    let risk = world.pool().parameters.risk;
    world.tighten("dao", None, Parameter::MaxPremiumBps, number(risk.max_premium_bps.into())).unwrap();
    world.tighten("dao", None, Parameter::MaxPremiumBps, number(0)).unwrap();
    let back = tighten_of(&mut world, None, Parameter::MaxPremiumBps, number(1));
    refused(&mut world, back, &["guardian"], "ChangeMustWait");
}
