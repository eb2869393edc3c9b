use backstop_client::{Event, RecoveryClaimed, address, verb};
use backstop_testkit::{Setup, World};
use solana_instruction::Instruction;

use crate::{fixtures::*, tampering::*};

/// Alice lost 50 by loss 1, the fund's protocol-owned shares 50; 30 are recovered, so 15 of hers. She is about to claim
/// them.
fn about_to_claim() -> (World, Instruction) {
    let mut world = recorded(two_collaterals());
    world.repay("bob", "bob", 30 * USDC).unwrap();
    let position = world.position_address("alice");
    world.open_claim(position, 1).unwrap();
    let claim = world.claim_recovery_instruction("alice", 1);
    (world, claim)
}

/// Alice with 1,000 and Carol with 500 lost 50, and so did the fund's protocol-owned shares.
fn two_who_lost() -> World {
    let mut world = defaulted_among(Setup::default(), &[("carol", 500 * USDC)]);
    world.record_bad_debt("bob").unwrap();
    world
}

fn claim_of(world: &mut World, who: &str, min_assets: u64) -> Instruction {
    let (owner, destination) = (world.actor(who), world.wallet(who, "USDC"));
    verb::claim_recovery(world.key(), owner, destination, 1, min_assets)
}

/// The instruction of an actor who may have nothing to claim, with its claim account open.
fn opened(world: &mut World, who: &str, loss: u32) -> Instruction {
    world.open_position(who).unwrap();
    let position = world.position_address(who);
    world.open_claim(position, loss).unwrap();
    world.claim_recovery_instruction(who, loss)
}

#[test]
fn rejects_missing_signature() {
    let (mut world, claim) = about_to_claim();
    refused(&mut world, claim.unsigned("owner"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_signature_of_another() {
    let (mut world, claim) = about_to_claim();
    let mallory = world.actor("mallory");
    refused(&mut world, claim.with("owner", mallory), &["mallory"], "WrongOwner");
}

#[test]
fn rejects_position_of_another() {
    let (mut world, _) = about_to_claim();
    let alices = world.position_address("alice");
    let claim = opened(&mut world, "mallory", 1).with("position", alices);
    refused(&mut world, claim, &["mallory"], "WrongOwner");
}

#[test]
fn rejects_claim_account_of_another() {
    // Given Mallory's own claim account of the same loss, in which nothing is claimed yet, and Alice's of another loss
    let (mut world, claim) = about_to_claim();
    opened(&mut world, "mallory", 1);
    let mallorys = address::claim(&world.position_address("mallory"), 1);
    refused(&mut world, claim.with("claim", mallorys), &["alice"], "WrongClaim");
}

#[test]
fn rejects_another_pool() {
    let (mut world, claim) = about_to_claim();
    let (other, alice) = (Neighbour::new(&mut world, &["alice"]), world.actor("alice"));
    refused(&mut world, claim.clone().with("pool", other.pool.pool), &["alice"], "WrongLossBook");
    refused(&mut world, claim.clone().with("position", other.position(&alice)), &["alice"], "WrongPool");
    refused(&mut world, claim.with("loss_book", other.pool.loss_book), &["alice"], "WrongLossBook");
}

#[test]
fn rejects_every_other_vault() {
    let (mut world, claim) = about_to_claim();
    refuses_other_vaults(&mut world, &claim, &["alice"], &["vault"]);
}

#[test]
fn rejects_other_tokens() {
    let (mut world, claim) = about_to_claim();
    refuses_other_tokens(&mut world, &claim, &["alice"], "destination");
}

#[test]
fn rejects_accounts_of_another_kind() {
    let (mut world, claim) = about_to_claim();
    refuses_other_kinds(&mut world, &claim, &["alice"], &["pool", "loss_book", "position", "claim"]);
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, claim) = about_to_claim();
    refuses_forgeries(&mut world, &claim, &["alice"], &["pool", "loss_book", "position", "claim"]);
}

#[test]
fn rejects_same_account_twice() {
    let (mut world, claim) = about_to_claim();
    refuses_twins(&mut world, &claim, &["alice"], &[("claim", "pool"), ("destination", "vault")]);
}

#[test]
fn rejects_claim_before_any_recovery() {
    let mut world = recorded(Setup::default());
    let claim = opened(&mut world, "alice", 1);
    refused(&mut world, claim, &["alice"], "NothingToClaim");
}

#[test]
fn rejects_a_loss_that_is_not_in_the_book() {
    let (mut world, _) = about_to_claim();
    for loss in [0, 2, u32::MAX] {
        let claim = opened(&mut world, "alice", loss);
        refused(&mut world, claim, &["alice"], "NothingToClaim");
    }
}

#[test]
fn rejects_claim_of_one_who_lost_nothing() {
    // Given Carol came after the loss
    let (mut world, _) = about_to_claim();
    world.deposit("carol", 500 * USDC).unwrap();
    let claim = opened(&mut world, "carol", 1);
    refused(&mut world, claim, &["carol"], "NothingToClaim");
}

#[test]
fn rejects_second_claim() {
    let (mut world, claim) = about_to_claim();
    world.execute(claim.clone(), &["alice"]).unwrap();
    refused(&mut world, claim.clone(), &["alice"], "NothingToClaim");
    world.repay("bob", "bob", 5 * USDC).unwrap();
    refused_together(&mut world, &[claim.clone(), claim], &["alice"], "NothingToClaim");
}

#[test]
fn rejects_fewer_assets_than_the_bound() {
    let (mut world, _) = about_to_claim();
    let claim = claim_of(&mut world, "alice", 15 * USDC + 1);
    refused(&mut world, claim, &["alice"], "SlippageExceeded");
    let claim = claim_of(&mut world, "alice", 15 * USDC);
    world.execute(claim, &["alice"]).unwrap();
}

#[test]
fn pays_what_was_recovered() {
    let (mut world, claim) = about_to_claim();
    let preview = world.position("alice").unwrap().claimable(&world.loss_book(), 1, 0);
    let (before, shares, book) = (world.pool(), shares_of(&mut world, "alice"), world.loss_book());
    assert_eq!(before.unclaimed, 15 * USDC);
    // When Alice claims
    let receipt = world.execute(claim, &["alice"]).unwrap();
    // Then she has 15 of her 50 back, and the pool's totals, the book and her shares are what they were
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_000 + 15));
    assert_eq!(preview.get(), 15 * USDC, "preview-is-execution");
    let pool = world.pool();
    assert_eq!((pool.totals(), pool.unclaimed), (before.totals(), 0));
    assert_eq!((world.loss_book(), shares_of(&mut world, "alice")), (book, shares));
    let position = world.position_address("alice");
    assert_eq!(world.claim_of(&position, 1).unwrap().claimed, 15 * USDC);
    let event = RecoveryClaimed { pool: world.key().pool, owner: world.actor("alice"), loss: 1, assets: 15 * USDC };
    assert_eq!(only(&receipt), Event::RecoveryClaimed(event));
    vault_holds_what_is_owed(&world);
}

#[test]
fn pays_each_in_proportion_to_its_shares_at_the_loss() {
    // Given LPs bore 50 of the 100, over 1,500 shares, and 60 of it are recovered: 30 of theirs
    for order in [["alice", "carol"], ["carol", "alice"]] {
        let mut world = two_who_lost();
        world.repay("bob", "bob", 60 * USDC).unwrap();
        for who in order {
            world.claim_recovery(who, 1).unwrap();
        }
        // Then Alice gets 20 and Carol 10, in whatever order they claim
        assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_000 + 20), "claims-follow");
        assert_eq!(gained(&mut world, "carol", "USDC"), usdc(-500 + 10), "claims-follow");
        assert_eq!(world.pool().unclaimed, 0, "claims-solvent");
    }
}

#[test]
fn pays_the_same_in_many_steps_as_in_one() {
    // Given Carol claims after each of thirty recoveries of 2, and Alice once
    let mut world = two_who_lost();
    for _ in 0..30 {
        world.repay("bob", "bob", 2 * USDC).unwrap();
        world.claim_recovery("carol", 1).unwrap();
    }
    world.claim_recovery("alice", 1).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_000 + 20), "claims-follow");
    assert_eq!(gained(&mut world, "carol", "USDC"), usdc(-500 + 10), "claims-follow");
}

#[test]
fn pays_one_who_has_left_as_one_who_stayed() {
    // Given Carol withdrew all after the loss, and Alice did not
    let mut world = two_who_lost();
    world.withdraw("carol", u64::MAX).unwrap();
    let left = gained(&mut world, "carol", "USDC");
    // When all of it is recovered
    world.repay("bob", "bob", u64::MAX).unwrap();
    world.claim_recovery("carol", 1).unwrap();
    world.claim_recovery("alice", 1).unwrap();
    // Then both get back what they lost: 50 * 500 / 1,500 and 50 * 1,000 / 1,500, rounded down
    assert_eq!(gained(&mut world, "carol", "USDC") - left, 16_666_666, "claims-follow");
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_000) + 33_333_333, "claims-follow");
    assert_eq!(world.pool().unclaimed, 1, "claims-solvent");
    vault_holds_what_is_owed(&world);
}

#[test]
fn pays_nothing_to_who_comes_just_before_a_recovery() {
    // Given Mallory deposits just before the recovery and leaves just after
    let mut world = two_who_lost();
    world.deposit("mallory", 10_000 * USDC).unwrap();
    world.repay("bob", "bob", 50 * USDC).unwrap();
    let claim = opened(&mut world, "mallory", 1);
    refused(&mut world, claim, &["mallory"], "NothingToClaim");
    world.withdraw("mallory", u64::MAX).unwrap();
    assert!(gained(&mut world, "mallory", "USDC") <= 0, "no-windfall");
}

#[test]
fn pays_for_losses_before_a_wipe_out() {
    // Given all of Alice's 200 were lost, and Carol's 100 came afterwards
    let mut world = wiped_out();
    world.deposit("carol", 100 * USDC).unwrap();
    // When 120 of it are recovered
    world.repay("bob", "bob", 120 * USDC).unwrap();
    // Then they are Alice's, whose shares are void, and none Carol's
    let claim = opened(&mut world, "carol", 1);
    refused(&mut world, claim, &["carol"], "NothingToClaim");
    world.claim_recovery("alice", 1).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-200 + 120), "wipe-out");
    let alices = world.position("alice").unwrap().shares_in(&world.pool()).get();
    assert_eq!((alices, shares_of(&mut world, "carol")), (0, 100 * USDC), "wipe-out");
    vault_holds_what_is_owed(&world);
}

#[test]
fn pays_each_loss_to_those_who_bore_it() {
    // Given Alice lost 50 of 1,000 by loss 1, paid in 950 more for as many shares, and lost 100 of 1,900 by loss 2
    let mut world = recorded(Setup::default());
    world.deposit("alice", 950 * USDC).unwrap();
    assert_eq!(lend_and_lose(&mut world, "ben", 100 * USDC).to_lps, 100 * USDC);
    assert_eq!(world.loss_book().count(), 2);
    // When all of the second is recovered, then she gets that, and nothing of the first
    world.repay("ben", "ben", u64::MAX).unwrap();
    let first = opened(&mut world, "alice", 1);
    refused(&mut world, first, &["alice"], "NothingToClaim");
    world.claim_recovery("alice", 2).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_950 + 100), "claims-follow");
    // And when all of the first is, then the other 50
    world.repay("bob", "bob", u64::MAX).unwrap();
    world.claim_recovery("alice", 1).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_950 + 150), "claims-follow");
    assert_eq!(world.pool().unclaimed, 0, "claims-solvent");
}

#[test]
fn several_losses_fit_one_transaction() {
    // Given six losses of 10 that Alice alone bore, all recovered
    let mut world = World::new(Setup::default());
    world.deposit("alice", 1_000 * USDC).unwrap();
    for _ in 0..6 {
        lend_and_lose(&mut world, "bob", 10 * USDC);
    }
    world.repay("bob", "bob", u64::MAX).unwrap();
    let (position, payer) = (world.position_address("alice"), world.payer());
    let together: Vec<Instruction> = (1..=6)
        .flat_map(|loss| [verb::open_claim(position, payer, loss), world.claim_recovery_instruction("alice", loss)])
        .collect();
    world.execute_all(&together, &["alice"]).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_000 + 60), "claims-follow");
}

#[test]
fn pays_a_friend() {
    let (mut world, claim) = about_to_claim();
    let carols = world.wallet("carol", "USDC");
    world.execute(claim.with("destination", carols), &["alice"]).unwrap();
    assert_eq!(gained(&mut world, "carol", "USDC"), usdc(15));
}

#[test]
fn needs_neither_price_nor_cash() {
    // Given Alice took out all she had, so that there is no cash
    let (mut world, claim) = about_to_claim();
    world.withdraw("alice", u64::MAX).unwrap();
    assert_eq!(world.pool().cash, 0);
    world.set_price("USDC", world.quote("USDC"), 86_400);
    world.execute(claim, &["alice"]).unwrap();
    vault_holds_what_is_owed(&world);
}
