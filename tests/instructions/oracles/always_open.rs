//! `always-open`: what lets people out, and repaying, reads no price. So it works when every feed is dead. Adding
//! collateral to a debt does not: what nobody prices would shield it.

use backstop_engine::price::Quote;
use backstop_testkit::{Network, Setup, World};
use solana_instruction::Instruction;

use crate::{fixtures::*, tampering::*};

/// Bob owes 200 against 10 SOL, Carol holds 10 SOL and owes nothing, Dan's 100 are left of a default, Sam has staked
/// 100, and insurance pays half. Every token has a feed of each network.
fn before_the_end() -> World {
    let mut setup = Setup::default();
    for token in [&mut setup.liquidity, &mut setup.collaterals[0].token] {
        token.second_feed = Some(Network::Switchboard);
    }
    (setup.parameters.loss.min_default_age_slots, setup.parameters.loss.insurance_share_bps) = (10, 5_000);
    let mut world = World::new(setup);
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.stake("sam", 100 * USDC).unwrap();
    world.request_unstake("sam", 30 * USDC).unwrap();
    world.wait(864_000);
    for who in ["bob", "dan"] {
        world.deposit_collateral(who, "SOL", 10 * SOL).unwrap();
        world.borrow(who, 200 * USDC).unwrap();
    }
    world.deposit_collateral("carol", "SOL", 10 * SOL).unwrap();
    world.set_dollars("SOL", 10);
    world.liquidate("liz", "dan", "SOL", u64::MAX).unwrap();
    world.advance(0, 10);
    for holder in [world.position_address("alice"), world.stake_address("sam")] {
        world.open_claim(holder, 1).unwrap();
    }
    world
}

/// Ways for feeds to end: old, ahead of time, nothing, nothing certain.
const ENDS: [(Quote, i64); 4] = [
    (Quote { price: 10, confidence: 0, exponent: 0 }, 86_400),
    (Quote { price: 10, confidence: 0, exponent: 0 }, -86_400),
    (Quote { price: 0, confidence: 0, exponent: 0 }, 0),
    (Quote { price: 1_000, confidence: 999, exponent: -2 }, 0),
];

/// What needs a price, in that world.
fn closed(world: &mut World) -> Vec<(Instruction, &'static [&'static str])> {
    vec![
        (world.borrow_instruction("bob", 1), &["bob"]),
        (world.deposit_collateral_instruction("bob", "SOL", 1), &["bob"]),
        (world.withdraw_collateral_instruction("bob", "SOL", 1), &["bob"]),
        (world.liquidate_instruction("liz", "bob", "SOL", u64::MAX), &["liz"]),
        (world.mark_instruction("bob"), &[]),
        (world.refresh_risk_instruction("SOL"), &[]),
    ]
}

/// What needs none.
fn open(world: &mut World) -> Vec<(Instruction, &'static [&'static str])> {
    vec![
        // Until this is done, nobody enters or leaves.
        (world.record_bad_debt_instruction("dan"), &[]),
        (world.repay_instruction("bob", "bob", 50 * USDC), &["bob"]),
        (world.deposit_collateral_instruction("carol", "SOL", SOL), &["carol"]),
        (world.withdraw_instruction("alice", 100 * USDC), &["alice"]),
        (world.deposit_instruction("alice", 100 * USDC), &["alice"]),
        (world.transfer_shares_instruction("alice", "ann", USDC), &["alice", "ann"]),
        (world.withdraw_collateral_instruction("carol", "SOL", 4 * SOL), &["carol"]),
        (world.withdraw_collateral_instruction("carol", "SOL", u64::MAX), &["carol"]),
        (world.execute_unstake_instruction("sam"), &[]),
        (world.stake_instruction("sam", USDC), &["sam"]),
        (world.fund_insurance_instruction("ines", USDC), &["ines"]),
        (world.repay_instruction("dan", "dan", 10 * USDC), &["dan"]),
        (world.claim_recovery_instruction("alice", 1), &["alice"]),
        (world.claim_stake_recovery_instruction("sam", 1), &["sam"]),
        (world.repay_instruction("bob", "bob", u64::MAX), &["bob"]),
    ]
}

#[test]
fn what_lets_people_out_passes_no_price() {
    let mut world = before_the_end();
    world.open_position("ann").unwrap();
    let prices = ["USDC", "SOL"].map(|symbol| world.price_accounts(symbol));
    for (instruction, _) in open(&mut world) {
        assert_eq!(instruction.accounts.len(), declared(&instruction).len(), "always-open");
        for price in prices {
            let is_price = |meta: &solana_instruction::AccountMeta| {
                meta.pubkey == price.first || Some(meta.pubkey) == price.second
            };
            assert!(!instruction.accounts.iter().any(is_price), "always-open");
        }
    }
}

#[test]
fn it_works_when_every_feed_is_dead() {
    for (quote, age) in ENDS {
        let mut world = before_the_end();
        world.open_position("ann").unwrap();
        world.set_price("USDC", quote, age);
        world.set_price("SOL", quote, age);
        for (instruction, signers) in closed(&mut world) {
            let refusal = world.execute(instruction, signers).err().map(|failure| failure.refusal.name()).unwrap();
            let expected = ["StalePrice", "PriceFromFuture", "InvalidPrice", "PriceUncertain"];
            assert!(expected.contains(&refusal.as_str()), "{refusal}");
        }
        for (number, (instruction, signers)) in open(&mut world).into_iter().enumerate() {
            let outcome = world.execute(instruction, signers).map(drop);
            assert!(outcome.is_ok(), "always-open: {number}: {}", outcome.unwrap_err());
        }
        // Bob owes nothing any more: what he holds is his
        world.withdraw_collateral("bob", "SOL", u64::MAX).unwrap();
        assert_eq!((gained(&mut world, "bob", "SOL"), gained(&mut world, "carol", "SOL")), (0, 0), "always-open");
    }
}
