//! What happens when losses make shares cheap or void: rescaling, and that there is no last time.

use backstop_testkit::{Setup, World};

use crate::{fixtures::*, tampering::*};

/// How often everything is lost: more often than an earlier edition had generations for.
const TIMES: u32 = 20;

/// The LP, or staker, who came before a loss.
fn name_of(loss: u32) -> String {
    format!("before loss {loss}")
}

/// Deposits of 200, one LP each, all lent to Bob and lost, again and again.
fn wiped_out_again_and_again() -> World {
    let mut world = World::new(Setup::default());
    for loss in 1..=TIMES {
        world.deposit(&name_of(loss), 200 * USDC).unwrap();
        let recorded = lend_and_lose(&mut world, "bob", 200 * USDC);
        assert_eq!((recorded.to_lps, recorded.number), (200 * USDC, u64::from(loss)), "wipe-out");
        assert_eq!((world.pool().generation, world.pool().last_loss), (7 * loss, loss), "wipe-out");
        assert_eq!((world.pool().shares, nav(&world)), (0, 0), "wipe-out");
    }
    world
}

#[test]
fn a_pool_is_never_closed() {
    let mut world = wiped_out_again_and_again();
    // The next deposit is one to one, and leaves as it came
    world.deposit("carol", 100 * USDC).unwrap();
    assert_eq!(shares_of(&mut world, "carol"), 100 * USDC, "wipe-out");
    world.withdraw("carol", u64::MAX).unwrap();
    assert_eq!(gained(&mut world, "carol", "USDC"), 0, "wipe-out");
}

#[test]
fn everybody_is_paid_its_own_loss() {
    // Given twenty LPs who lost 200 each
    let mut world = wiped_out_again_and_again();
    // When half of the 4,000 is recovered, then it is all of the ten oldest losses, since Bob's debt is recovered in
    // its order
    world.repay("bob", "bob", 2_000 * USDC).unwrap();
    for loss in 1..=TIMES {
        let name = name_of(loss);
        if loss <= TIMES / 2 {
            world.claim_recovery(&name, loss).unwrap();
            assert_eq!(gained(&mut world, &name, "USDC"), 0, "claims-follow");
        } else {
            let position = world.position_address(&name);
            world.open_claim(position, loss).unwrap();
            let claim = world.claim_recovery_instruction(&name, loss);
            refused(&mut world, claim, &[name.as_str()], "NothingToClaim");
        }
        let withdraw = world.withdraw_instruction(&name, u64::MAX);
        refused(&mut world, withdraw, &[name.as_str()], "AmountTooSmall");
    }
    assert_eq!(world.pool().unclaimed, 0, "claims-solvent");
    // And when the rest is, then the others are whole, too
    world.repay("bob", "bob", u64::MAX).unwrap();
    for loss in TIMES / 2 + 1..=TIMES {
        let name = name_of(loss);
        world.claim_recovery(&name, loss).unwrap();
        assert_eq!(gained(&mut world, &name, "USDC"), 0, "claims-follow");
    }
    assert_eq!(world.balance_at(&world.key().vault), 0, "conservation");
}

#[test]
fn a_wiped_out_lp_comes_back_with_its_history() {
    // Given Alice lost 200 of 200, came back with 100, lost those, and came back again
    let mut world = World::new(Setup::default());
    for amount in [200, 100, 50] {
        world.deposit("alice", amount * USDC).unwrap();
        lend_and_lose(&mut world, "bob", amount * USDC);
    }
    world.deposit("alice", 10 * USDC).unwrap();
    let position = world.position("alice").unwrap();
    assert_eq!((position.holder.shares, position.holder.generation, position.holder.since), (10 * USDC, 21, 3));
    let rows: Vec<_> = position.history.iter().map(|row| (row.from, row.to, row.generation, row.shares)).collect();
    assert_eq!(rows, [(1, 1, 0, 200 * USDC), (2, 2, 7, 100 * USDC), (3, 3, 14, 50 * USDC)], "wipe-out");
    // When all is recovered, then she has it all
    world.repay("bob", "bob", u64::MAX).unwrap();
    for loss in 1..=3 {
        world.claim_recovery("alice", loss).unwrap();
    }
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-10), "claims-follow");
}

#[test]
fn what_reserves_lend_after_a_wipe_out_can_be_lost() {
    // Given all interest goes to reserves, and the pool earned 10 % on 200 before it was lost
    let mut setup = with_interest();
    (setup.parameters.rates.reserve_factor_bps, setup.parameters.rates.insurance_factor_bps) = (10_000, 0);
    let mut world = World::new(setup);
    world.deposit("alice", 200 * USDC).unwrap();
    world.set_dollars("SOL", 30);
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world.borrow("bob", 200 * USDC).unwrap();
    world.wait(YEAR);
    let loss = default_of(&mut world, "bob");
    // 1 + 0.1 + 0.005 + 0.000166...: 21.033333 of interest
    assert_eq!((loss.from_reserves, loss.to_lps), (21_033_333, 200 * USDC));
    // When all is recovered, then what is beyond the LPs' 200 is the reserves'
    world.repay("bob", "bob", u64::MAX).unwrap();
    assert_eq!((world.pool().reserves, world.pool().cash, nav(&world)), (21_033_333, 21_033_333, 0));
    // And when 20 of it are lent and lost, then reserves bear it, and nothing is rescaled
    let loss = lend_and_lose(&mut world, "ben", 20 * USDC);
    assert_eq!((loss.from_reserves, loss.to_lps, loss.uncovered), (20 * USDC, 0, 0), "wipe-out");
    assert_eq!((world.pool().generation, world.pool().reserves), (7, 1_033_333), "wipe-out");
    assert_eq!(world.pool().last_loss, 1, "constant-cost: no LP's history grows by a loss that LPs did not bear");
    vault_holds_what_is_owed(&world);
}

#[test]
fn cheap_shares_are_rescaled_by_the_loss_that_made_them_cheap() {
    // Given Alice holds all but one of 200,000,001 shares, and all but a unit is lost
    let mut world = World::new(Setup::default());
    world.deposit("alice", 200 * USDC).unwrap();
    world.deposit("zed", 1).unwrap();
    let loss = lend_and_lose(&mut world, "bob", 200 * USDC);
    assert_eq!((loss.to_lps, loss.shares, nav(&world)), (200 * USDC, 200 * USDC + 1, 1));
    // Then shares were divided by 1,024 twice: 190 are left, all of them Alice's, and Zed's one is none
    let pool = world.pool();
    assert_eq!((pool.shares, pool.generation), (190, 2), "always-open");
    let shares = |world: &mut World, who: &str| world.position(who).unwrap().shares_in(&world.pool()).get();
    assert_eq!((shares(&mut world, "alice"), shares(&mut world, "zed")), (190, 0));
    assert_eq!((shares_of(&mut world, "alice"), world.position("alice").unwrap().history.len()), (200 * USDC, 0));
    // When Carol deposits a million, then it fits, and she can leave with it
    world.deposit("carol", 1_000_000 * USDC).unwrap();
    world.withdraw("carol", u64::MAX).unwrap();
    assert!(gained(&mut world, "carol", "USDC") >= -1, "no-free-money");
    // And what comes back is theirs by the shares that they had: 200 * 200,000,000 / 200,000,001 is a unit short, and
    // Zed's part 0.99
    world.repay("bob", "bob", u64::MAX).unwrap();
    world.claim_recovery("alice", 1).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), -1, "claims-follow");
    let zeds = world.position_address("zed");
    world.open_claim(zeds, 1).unwrap();
    let claim = world.claim_recovery_instruction("zed", 1);
    refused(&mut world, claim, &["zed"], "NothingToClaim");
    assert_eq!(world.pool().unclaimed, 1, "claims-solvent");
}

/// Stakes of 50 by Sam, or by Sue before the fourth loss, all drawn by losses of 60 that Bob leaves, again and again.
fn drained_again_and_again() -> World {
    let mut world = World::new(Setup::default());
    world.deposit("alice", 10_000 * USDC).unwrap();
    for loss in 1..=TIMES {
        let who = if loss == 4 { "sue" } else { "sam" };
        if loss == 9 || loss == 17 {
            world.extend_stake_history("sam", 8).unwrap();
        }
        world.stake(who, 50 * USDC).unwrap();
        let recorded = lend_and_lose(&mut world, "bob", 60 * USDC);
        assert_eq!((recorded.from_insurance, recorded.to_lps), (50 * USDC, 10 * USDC), "wipe-out");
        assert_eq!((world.fund().generation, world.fund().last_loss), (7 * loss, loss), "wipe-out");
        assert_eq!((world.fund().assets, world.fund().shares), (0, 0), "wipe-out");
    }
    world
}

#[test]
fn staking_is_never_closed() {
    let mut world = drained_again_and_again();
    world.extend_stake_history("sam", 8).unwrap();
    world.stake("sam", 50 * USDC).unwrap();
    let sams = world.stake_of("sam").unwrap();
    assert_eq!((sams.holder.shares, sams.holder.generation), (50 * USDC, 7 * TIMES), "wipe-out");
    let ask = world.request_unstake_instruction("sue", u64::MAX);
    refused(&mut world, ask, &["sue"], "AmountTooSmall");
}

#[test]
fn stakers_are_paid_their_own_losses() {
    // Given Sam lost nineteen times 50, Sue once by the fourth loss, and Alice twenty times 10
    let mut world = drained_again_and_again();
    // When the first four losses of 60 are recovered
    world.repay("bob", "bob", 240 * USDC).unwrap();
    for loss in 1..=3 {
        world.claim_stake_recovery("sam", loss).unwrap();
    }
    world.claim_stake_recovery("sue", 4).unwrap();
    assert_eq!(kept(&mut world, "sam"), usdc(-19 * 50 + 150), "claims-follow");
    assert_eq!(kept(&mut world, "sue"), 0, "claims-follow");
    // And when the rest is
    world.repay("bob", "bob", u64::MAX).unwrap();
    for loss in 5..=TIMES {
        world.claim_stake_recovery("sam", loss).unwrap();
    }
    assert_eq!(kept(&mut world, "sam"), 0, "claims-follow");
    let waiting = (world.fund().waiting_shares, world.pool().unclaimed);
    assert_eq!(waiting, (0, u64::from(TIMES) * 10 * USDC), "claims-solvent");
    vault_holds_what_is_owed(&world);
}

#[test]
fn donations_insure_after_the_fund_was_drained() {
    let mut world = drained_again_and_again();
    world.fund_insurance("ines", 5 * USDC).unwrap();
    assert_eq!((world.fund().protocol_shares, world.fund().shares), (5 * USDC, 0), "wipe-out");
    let loss = lend_and_lose(&mut world, "ben", 12 * USDC);
    assert_eq!((loss.from_insurance, loss.from_stakers, loss.to_lps), (5 * USDC, 0, 7 * USDC), "wipe-out");
    assert_eq!((world.fund().generation, world.fund().last_loss), (7 * TIMES + 7, TIMES), "wipe-out");
    // And the donation comes back as one
    world.repay("ben", "ben", u64::MAX).unwrap();
    assert_eq!((world.fund().assets, world.fund().protocol_shares), (5 * USDC, 5 * USDC), "claims-follow");
    vault_holds_what_is_owed(&world);
}
