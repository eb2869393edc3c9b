//! What happens when losses end generations of shares, up to the last: sixteen for LPs, and sixteen for stakers.

use backstop_testkit::{Setup, World};

use crate::{misuse::*, scene::*};

/// How many generations can end.
const LAST: u32 = 16;

/// The LP, or staker, of a generation.
fn name_of(generation: u32) -> String {
    format!("of generation {generation}")
}

/// Deposits of 200, one LP each, all lent to Bob and lost, this many times.
fn wiped_out_times(setup: Setup, count: u32) -> World {
    let mut world = World::new(setup);
    for generation in 0..count {
        world.deposit(&name_of(generation), 200 * USDC).unwrap();
        let loss = lend_and_lose(&mut world, "bob", 200 * USDC);
        assert_eq!((loss.to_lps, loss.generation), (200 * USDC, u64::from(generation)), "wipe-out");
        assert_eq!(world.pool().claims.ledger.generation, generation + 1, "wipe-out");
        assert_eq!((world.pool().shares, nav(&world)), (0, 0), "wipe-out");
    }
    world
}

#[test]
fn nobody_deposits_after_the_last() {
    let mut world = wiped_out_times(Setup::default(), LAST);
    world.open_position("carol").unwrap();
    let deposit = world.deposit_instruction("carol", 100 * USDC);
    refused(&mut world, deposit, &["carol"], "Closed");
}

#[test]
fn everybody_is_paid_after_the_last() {
    // Given sixteen LPs who lost 200 each, one a generation
    let mut world = wiped_out_times(Setup::default(), LAST);
    // When half of the 3,200 is recovered, then each gets half of its 200, whatever its generation
    world.recover("bob", "bob", 1_600 * USDC).unwrap();
    for generation in 0..LAST {
        let name = name_of(generation);
        world.claim_recovery(&name).unwrap();
        assert_eq!(gained(&mut world, &name, "USDC"), usdc(-100), "wipe-out");
        let withdraw = world.withdraw_instruction(&name, u64::MAX);
        refused(&mut world, withdraw, &[name.as_str()], "AmountTooSmall");
    }
    assert_eq!(world.pool().claims.ledger.payable, 0, "claims-solvent");
    // And when the rest is, then the other half
    world.recover("bob", "bob", u64::MAX).unwrap();
    for generation in 0..LAST {
        let name = name_of(generation);
        world.claim_recovery(&name).unwrap();
        assert_eq!(gained(&mut world, &name, "USDC"), 0, "wipe-out");
    }
    assert_eq!(world.balance_at(&world.key().vault), 0, "conservation");
}

#[test]
fn those_who_were_away_are_paid_across_all() {
    // Given half of each loss is recovered before the next, and nobody claims
    let mut world = World::new(Setup::default());
    for generation in 0..LAST {
        world.deposit(&name_of(generation), 200 * USDC).unwrap();
        lend_and_lose(&mut world, "bob", 200 * USDC);
        world.recover("bob", "bob", 100 * USDC).unwrap();
    }
    // When the rest is recovered, then all are whole, those of the first generation as those of the last
    world.recover("bob", "bob", u64::MAX).unwrap();
    for generation in 0..LAST {
        world.claim_recovery(&name_of(generation)).unwrap();
        assert_eq!(gained(&mut world, &name_of(generation), "USDC"), 0, "claims-alive");
    }
    assert_eq!(world.balance_at(&world.key().vault), 0, "claims-solvent");
}

#[test]
fn what_reserves_lend_after_the_last_can_be_lost() {
    // Given all interest goes to reserves, and the last generation earned 10 % on 200 before it was lost
    let mut setup = with_interest();
    (setup.parameters.rates.reserve_factor_bps, setup.parameters.rates.insurance_factor_bps) = (10_000, 0);
    let mut world = wiped_out_times(setup, LAST - 1);
    world.deposit(&name_of(LAST - 1), 200 * USDC).unwrap();
    world.set_dollars("SOL", 30);
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world.borrow("bob", 200 * USDC).unwrap();
    world.wait(YEAR);
    let loss = default_of(&mut world, "bob");
    assert_eq!((loss.from_reserves, loss.to_lps), (21_033_333, 200 * USDC));
    assert_eq!(world.pool().claims.ledger.generation, LAST, "wipe-out");
    // When all is recovered, then what is beyond the LPs' 3,200 is the reserves'
    world.recover("bob", "bob", u64::MAX).unwrap();
    assert_eq!((world.pool().reserves, world.pool().cash, nav(&world)), (21_033_333, 21_033_333, 0));
    // And when 20 of it are lent and lost, then reserves bear it, and no generation ends
    let loss = lend_and_lose(&mut world, "ben", 20 * USDC);
    assert_eq!((loss.from_reserves, loss.to_lps, loss.uncovered), (20 * USDC, 0, 0), "wipe-out");
    assert_eq!((world.pool().claims.ledger.generation, world.pool().reserves), (LAST, 1_033_333), "wipe-out");
    vault_holds_what_is_owed(&world);
}

#[test]
fn shares_are_consolidated_only_if_a_generation_is_left() {
    // Given fifteen generations are over, and the sixteenth lost all but a unit of 200 million
    let mut world = wiped_out_times(Setup::default(), LAST - 1);
    world.deposit("alice", 200 * USDC + 1).unwrap();
    lend_and_lose(&mut world, "bob", 200 * USDC);
    assert_eq!((world.pool().claims.ledger.generation, nav(&world)), (LAST - 1, 1));
    // When Carol deposits a million, whose shares would not fit, then it is refused, and less is not
    world.open_position("carol").unwrap();
    let large = world.deposit_instruction("carol", 1_000_000 * USDC);
    refused(&mut world, large, &["carol"], "MathOverflow");
    world.deposit("carol", 10_000 * USDC).unwrap();
    world.withdraw("carol", u64::MAX).unwrap();
    assert!(gained(&mut world, "carol", "USDC") >= -1, "wipe-out");
}

/// Stakes of 50, Sue's in the fourth generation, else Sam's, all drawn by losses of 60 that Bob leaves, this many times.
fn drained_times(count: u32) -> World {
    let mut world = World::new(Setup::default());
    world.deposit("alice", 10_000 * USDC).unwrap();
    for generation in 0..count {
        world.stake(if generation == 3 { "sue" } else { "sam" }, 50 * USDC).unwrap();
        let loss = lend_and_lose(&mut world, "bob", 60 * USDC);
        assert_eq!((loss.from_insurance, loss.to_lps), (50 * USDC, 10 * USDC), "wipe-out");
        assert_eq!(world.fund().claims.ledger.generation, generation + 1, "wipe-out");
        assert_eq!((world.fund().assets, world.fund().shares), (0, 0), "wipe-out");
    }
    world
}

#[test]
fn nobody_stakes_after_the_last() {
    let mut world = drained_times(LAST);
    let stake = world.stake_instruction("sam", 50 * USDC);
    refused(&mut world, stake, &["sam"], "Closed");
    let ask = world.request_unstake_instruction("sue", u64::MAX);
    refused(&mut world, ask, &["sue"], "AmountTooSmall");
    // And the pool is as open as it was
    world.deposit("carol", 100 * USDC).unwrap();
    world.withdraw("carol", u64::MAX).unwrap();
}

#[test]
fn stakers_are_paid_after_the_last() {
    // Given Sam lost fifteen times 50, Sue once, and Alice sixteen times 10
    let mut world = drained_times(LAST);
    // When her 160 and half of the 800 are recovered
    world.recover("bob", "bob", 560 * USDC).unwrap();
    for (name, expected) in [("sam", -375), ("sue", -25)] {
        world.claim_stake_recovery(name).unwrap();
        assert_eq!(gained(&mut world, name, "USDC"), usdc(expected), "wipe-out");
    }
    // And when the rest is
    world.recover("bob", "bob", u64::MAX).unwrap();
    for name in ["sam", "sue"] {
        world.claim_stake_recovery(name).unwrap();
        assert_eq!(gained(&mut world, name, "USDC"), 0, "wipe-out");
    }
    vault_holds_what_is_owed(&world);
}

#[test]
fn gifts_still_insure_after_the_last() {
    let mut world = drained_times(LAST);
    world.fund_insurance("ines", 5 * USDC).unwrap();
    let loss = lend_and_lose(&mut world, "ben", 12 * USDC);
    assert_eq!((loss.from_insurance, loss.to_lps), (5 * USDC, 7 * USDC), "wipe-out");
    assert_eq!((world.fund().claims.ledger.generation, world.fund().founding_claims), (LAST, 5 * USDC), "wipe-out");
    // And the gift comes back as one
    world.recover("bob", "bob", u64::MAX).unwrap();
    world.recover("ben", "ben", u64::MAX).unwrap();
    assert_eq!((world.fund().assets, world.fund().founding_claims), (5 * USDC, 0), "claims-fair");
    vault_holds_what_is_owed(&world);
}
