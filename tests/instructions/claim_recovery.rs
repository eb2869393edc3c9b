use backstop_client::{Event, RecoveryClaimed, verb};
use backstop_testkit::{Setup, World};
use solana_instruction::Instruction;

use crate::{misuse::*, scene::*};

/// Alice lost 50, of which 30 are recovered; she is about to claim them.
fn about_to_claim() -> (World, Instruction) {
    let mut world = recorded(two_collaterals());
    world.recover("bob", "bob", 30 * USDC).unwrap();
    let claim = world.claim_recovery_instruction("alice");
    (world, claim)
}

/// Alice with 1,000 and Carol with 500 lost 50.
fn two_who_lost() -> World {
    let mut world = defaulted(Setup::default());
    world.deposit("carol", 500 * USDC).unwrap();
    world.record_bad_debt("bob").unwrap();
    world
}

fn claim_of(world: &mut World, who: &str, min_assets: u64) -> Instruction {
    let (owner, destination) = (world.actor(who), world.wallet(who, "USDC"));
    verb::claim_recovery(world.key(), owner, destination, min_assets)
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
    world.open_position("mallory").unwrap();
    let alices = position_of(&mut world, "alice");
    let claim = world.claim_recovery_instruction("mallory").with("position", alices);
    refused(&mut world, claim, &["mallory"], "WrongOwner");
}

#[test]
fn rejects_another_pool() {
    let (mut world, claim) = about_to_claim();
    let (other, alice) = (Neighbour::new(&mut world, &["alice"]), world.actor("alice"));
    refused(&mut world, claim.clone().with("pool", other.pool.pool), &["alice"], "WrongPool");
    refused(&mut world, claim.with("position", other.position(&alice)), &["alice"], "WrongPool");
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
    refuses_other_kinds(&mut world, &claim, &["alice"], &["pool", "position"]);
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, claim) = about_to_claim();
    refuses_forgeries(&mut world, &claim, &["alice"], &["pool", "position"]);
}

#[test]
fn rejects_same_account_twice() {
    let (mut world, claim) = about_to_claim();
    refuses_twins(&mut world, &claim, &["alice"], &[("position", "pool"), ("destination", "vault")]);
}

#[test]
fn rejects_claim_before_any_recovery() {
    let mut world = recorded(Setup::default());
    let claim = world.claim_recovery_instruction("alice");
    refused(&mut world, claim, &["alice"], "NothingToClaim");
}

#[test]
fn rejects_claim_of_one_who_lost_nothing() {
    // Given Carol came after the loss
    let (mut world, _) = about_to_claim();
    world.deposit("carol", 500 * USDC).unwrap();
    let claim = world.claim_recovery_instruction("carol");
    refused(&mut world, claim, &["carol"], "NothingToClaim");
}

#[test]
fn rejects_second_claim() {
    let (mut world, claim) = about_to_claim();
    world.execute(claim.clone(), &["alice"]).unwrap();
    refused(&mut world, claim.clone(), &["alice"], "NothingToClaim");
    world.recover("bob", "bob", 5 * USDC).unwrap();
    refused_together(&mut world, &[claim.clone(), claim], &["alice"], "NothingToClaim");
}

#[test]
fn rejects_fewer_assets_than_the_bound() {
    let (mut world, _) = about_to_claim();
    let claim = claim_of(&mut world, "alice", 30 * USDC + 1);
    refused(&mut world, claim, &["alice"], "SlippageExceeded");
    let claim = claim_of(&mut world, "alice", 30 * USDC);
    world.execute(claim, &["alice"]).unwrap();
}

#[test]
fn pays_what_was_recovered() {
    let (mut world, claim) = about_to_claim();
    let preview = world.position("alice").unwrap().holder.claimable(&world.pool().claims);
    let (before, shares) = (world.pool(), shares_of(&mut world, "alice"));
    // When Alice claims
    let receipt = world.execute(claim, &["alice"]).unwrap();
    // Then she has 30 of her 50 back, and the pool's totals are what they were
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_000 + 30));
    assert_eq!(preview.get(), 30 * USDC, "preview-is-execution");
    let pool = world.pool();
    assert_eq!((pool.totals(), pool.claims.ledger.payable), (before.totals(), 0));
    assert_eq!((pool.claims.ledger.outstanding, shares_of(&mut world, "alice")), (20 * USDC, shares));
    let event = RecoveryClaimed { pool: world.key().pool, owner: world.actor("alice"), assets: 30 * USDC };
    assert_eq!(only(&receipt), Event::RecoveryClaimed(event));
    vault_holds_what_is_owed(&world);
}

#[test]
fn pays_each_in_proportion_to_its_loss() {
    // Given losses of 33.33.. and 16.66.., and 30 of the 50 recovered
    for order in [["alice", "carol"], ["carol", "alice"]] {
        let mut world = two_who_lost();
        world.recover("bob", "bob", 30 * USDC).unwrap();
        for who in order {
            world.claim_recovery(who).unwrap();
        }
        // Then Alice gets 20 and Carol 10, in whatever order they claim
        assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_000 + 20), "claims-fair");
        assert_eq!(gained(&mut world, "carol", "USDC"), usdc(-500 + 10), "claims-fair");
        assert_eq!(world.pool().claims.ledger.payable, 0, "claims-solvent");
    }
}

#[test]
fn pays_the_same_in_many_steps_as_in_one() {
    // Given Carol claims after each of thirty recoveries of 1, and Alice once
    let mut world = two_who_lost();
    for _ in 0..30 {
        world.recover("bob", "bob", USDC).unwrap();
        world.claim_recovery("carol").unwrap();
    }
    world.claim_recovery("alice").unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_000 + 20), "claims-fair");
    assert_eq!(gained(&mut world, "carol", "USDC"), usdc(-500 + 10), "claims-fair");
}

#[test]
fn pays_one_who_has_left_as_one_who_stayed() {
    // Given Carol withdrew all after the loss, and Alice did not
    let mut world = two_who_lost();
    world.withdraw("carol", u64::MAX).unwrap();
    let left = gained(&mut world, "carol", "USDC");
    // When all of it is recovered
    world.recover("bob", "bob", u64::MAX).unwrap();
    world.claim_recovery("carol").unwrap();
    world.claim_recovery("alice").unwrap();
    // Then both get back what they lost: 16.666666.. and 33.333333..
    assert_eq!(gained(&mut world, "carol", "USDC") - left, 16_666_666, "claims-fair");
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_000) + 33_333_333, "claims-fair");
    assert_eq!(world.pool().claims.ledger.payable, 1, "claims-solvent");
    vault_holds_what_is_owed(&world);
}

#[test]
fn pays_nothing_to_who_comes_just_before_a_recovery() {
    // Given Mallory deposits just before the recovery and leaves just after
    let mut world = two_who_lost();
    world.deposit("mallory", 10_000 * USDC).unwrap();
    world.recover("bob", "bob", 50 * USDC).unwrap();
    let claim = world.claim_recovery_instruction("mallory");
    refused(&mut world, claim, &["mallory"], "NothingToClaim");
    world.withdraw("mallory", u64::MAX).unwrap();
    assert!(gained(&mut world, "mallory", "USDC") <= 0, "no-escape");
}

#[test]
fn pays_for_losses_of_a_past_generation() {
    // Given all of Alice's 200 were lost, and Carol's 100 are of the next generation
    let mut world = wiped_out();
    world.deposit("carol", 100 * USDC).unwrap();
    // When 120 of it are recovered
    world.recover("bob", "bob", 120 * USDC).unwrap();
    // Then they are Alice's, whose shares are void, and none Carol's
    let claim = world.claim_recovery_instruction("carol");
    refused(&mut world, claim, &["carol"], "NothingToClaim");
    world.claim_recovery("alice").unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-200 + 120), "wipe-out");
    assert_eq!((shares_of(&mut world, "alice"), shares_of(&mut world, "carol")), (0, 100 * USDC), "wipe-out");
    vault_holds_what_is_owed(&world);
}

#[test]
fn pays_for_losses_before_and_after_a_deposit() {
    // Given Alice lost 50 of 1,000, paid in 950 more for as many shares, and lost 100 of 1,900
    let mut world = recorded(Setup::default());
    world.deposit("alice", 950 * USDC).unwrap();
    assert_eq!(lend_and_lose(&mut world, "ben", 100 * USDC).to_lps, 100 * USDC);
    // When all is recovered
    world.recover("bob", "bob", 50 * USDC).unwrap();
    world.recover("ben", "ben", u64::MAX).unwrap();
    // Then she gets 150
    world.claim_recovery("alice").unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_950 + 150), "claims-fair");
}

#[test]
fn pays_a_friend() {
    let (mut world, claim) = about_to_claim();
    let carols = world.wallet("carol", "USDC");
    world.execute(claim.with("destination", carols), &["alice"]).unwrap();
    assert_eq!(gained(&mut world, "carol", "USDC"), usdc(30));
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
