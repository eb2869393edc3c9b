use backstop_client::{Event, LossRecord, Recovered};
use backstop_engine::{quantity::Assets, waterfall};
use backstop_testkit::{STARTING_BALANCE, Setup, World};
use solana_instruction::Instruction;

use crate::{misuse::*, scene::*};

/// Bob's 100 were written off: 50 were borne by the fund's gifts, 50 by Alice. He is about to pay 30 of it.
fn about_to_recover() -> (World, Instruction) {
    let mut world = recorded(two_collaterals());
    let recover = world.recover_instruction("bob", "bob", 30 * USDC);
    (world, recover)
}

/// The split of a recovery, after checking that it adds up.
#[track_caller]
fn recovery(receipt: &backstop_testkit::Receipt) -> Recovered {
    let Event::Recovered(event) = only(receipt) else { panic!("another event") };
    let parts = event.to_lps + event.to_stakers + event.to_fund + event.to_reserves;
    assert_eq!(event.assets, parts, "waterfall-exact");
    event
}

#[test]
fn rejects_missing_signature() {
    let (mut world, recover) = about_to_recover();
    refused(&mut world, recover.unsigned("payer"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_paying_from_another_ones_wallet() {
    let (mut world, recover) = about_to_recover();
    let carols = world.wallet("carol", "USDC");
    refused(&mut world, recover.with("source", carols), &["bob"], "TokenOwnerMismatch");
}

#[test]
fn rejects_another_pool() {
    let (mut world, recover) = about_to_recover();
    let (other, bob) = (Neighbour::new(&mut world, &["bob"]), world.actor("bob"));
    refused(&mut world, recover.clone().with("pool", other.pool.pool), &["bob"], "WrongPool");
    refused(&mut world, recover.with("obligation", other.obligation(&bob)), &["bob"], "WrongPool");
}

#[test]
fn rejects_fund_and_ledger_of_another_pool() {
    let (mut world, recover) = about_to_recover();
    let other = Neighbour::new(&mut world, &[]).pool;
    let spoilt = recover.clone().with("insurance_fund", other.insurance_fund);
    refused(&mut world, spoilt, &["bob"], "WrongInsuranceFund");
    refused(&mut world, recover.with("loss_ledger", other.loss_ledger), &["bob"], "WrongLossLedger");
}

#[test]
fn rejects_every_other_vault() {
    let (mut world, recover) = about_to_recover();
    refuses_other_vaults(&mut world, &recover, &["bob"], &["vault"]);
}

#[test]
fn rejects_other_tokens() {
    let (mut world, recover) = about_to_recover();
    refuses_other_tokens(&mut world, &recover, &["bob"], "source");
}

#[test]
fn rejects_accounts_of_another_kind() {
    let (mut world, recover) = about_to_recover();
    let accounts = ["pool", "obligation", "insurance_fund", "loss_ledger"];
    refuses_other_kinds(&mut world, &recover, &["bob"], &accounts);
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, recover) = about_to_recover();
    let accounts = ["pool", "obligation", "insurance_fund", "loss_ledger"];
    refuses_forgeries(&mut world, &recover, &["bob"], &accounts);
}

#[test]
fn rejects_same_account_twice() {
    let (mut world, recover) = about_to_recover();
    let pairs =
        [("obligation", "pool"), ("insurance_fund", "pool"), ("loss_ledger", "insurance_fund"), ("source", "vault")];
    refuses_twins(&mut world, &recover, &["bob"], &pairs);
}

#[test]
fn rejects_nothing() {
    let (mut world, _) = about_to_recover();
    let recover = world.recover_instruction("bob", "bob", 0);
    refused(&mut world, recover, &["bob"], "AmountTooSmall");
}

#[test]
fn rejects_obligation_of_which_nothing_was_written_off() {
    // Given Ben owes 10, which still stands: that is repaid
    let (mut world, _) = about_to_recover();
    world.set_dollars("SOL", 30);
    world.deposit_collateral("ben", "SOL", SOL).unwrap();
    world.borrow("ben", 10 * USDC).unwrap();
    let recover = world.recover_instruction("ben", "ben", USDC);
    refused(&mut world, recover, &["ben"], "NothingToRecover");
}

#[test]
fn rejects_obligation_of_which_all_is_recovered() {
    let (mut world, _) = about_to_recover();
    world.recover("bob", "bob", 100 * USDC).unwrap();
    let recover = world.recover_instruction("bob", "bob", 1);
    refused(&mut world, recover, &["bob"], "NothingToRecover");
}

#[test]
fn rejects_more_than_the_wallet_holds() {
    let (mut world, recover) = about_to_recover();
    world.set_balance("bob", "USDC", 30 * USDC - 1);
    refused(&mut world, recover, &["bob"], "TokenInsufficientFunds");
}

#[test]
fn pays_the_claims_of_lps_first() {
    // Given Alice's claim of 50 and the fund's of 50
    let (mut world, recover) = about_to_recover();
    let (pool, fund) = (world.pool(), world.fund());
    let preview = waterfall::recover(&pool.books(&fund, &pool.totals()), Assets::new(30 * USDC)).unwrap();
    // When Bob pays 30
    let receipt = world.execute(recover, &["bob"]).unwrap();
    // Then all of it waits for LPs in the vault, and neither cash nor NAV has changed
    let after = world.pool();
    assert_eq!((after.cash, nav(&world), world.fund()), (950 * USDC, 950 * USDC, fund));
    assert_eq!((after.claims.ledger.outstanding, after.claims.ledger.payable), (20 * USDC, 30 * USDC));
    assert_eq!(world.balance("bob", "USDC"), STARTING_BALANCE + 200 * USDC - 30 * USDC);
    assert_eq!(world.balance_at(&world.key().vault), 980 * USDC);
    let obligation = world.obligation("bob").unwrap();
    assert_eq!((obligation.written_off, obligation.recovered, obligation.debt_shares), (100 * USDC, 30 * USDC, 0));
    let event = Recovered {
        pool: world.key().pool,
        obligation: world.obligation_address("bob"),
        payer: world.actor("bob"),
        assets: 30 * USDC,
        to_lps: 30 * USDC,
        to_stakers: 0,
        to_fund: 0,
        to_reserves: 0,
        claims_outstanding: 20 * USDC,
        stake_claims_outstanding: 0,
        unrecovered: 70 * USDC,
        state: state(&after),
    };
    assert_eq!(recovery(&receipt), event);
    // And the engine says the same
    assert_eq!(after.books(&world.fund(), &after.totals()), preview.books, "preview-is-execution");
}

#[test]
fn is_remembered_in_the_loss_ledger() {
    let (mut world, recover) = about_to_recover();
    world.execute(recover, &["bob"]).unwrap();
    let expected = LossRecord {
        obligation: world.obligation_address("bob"),
        at: world.now(),
        sequence: 0,
        assets: 30 * USDC,
        reserves: 0,
        insurance: 0,
        lps: 30 * USDC,
        uncovered: 0,
        shares: 0,
        share_price_before: 0,
        share_price_after: 0,
        generation: 0,
        kind: 2,
        spare: [0; 3],
    };
    assert_eq!(world.loss_ledger().history().last(), Some(&expected));
}

#[test]
fn pays_the_fund_what_is_left() {
    // When Bob pays 70, then 50 are Alice's and 20 the fund's again
    let (mut world, _) = about_to_recover();
    let event = recovery(&world.recover("bob", "bob", 70 * USDC).unwrap());
    assert_eq!((event.to_lps, event.to_stakers, event.to_fund, event.to_reserves), (50 * USDC, 0, 20 * USDC, 0));
    let fund = world.fund();
    assert_eq!((fund.assets, fund.founding, fund.founding_claims), (20 * USDC, 20 * USDC, 30 * USDC));
    assert_eq!((fund.shares, fund.drawn), (0, 50 * USDC));
    vault_holds_what_is_owed(&world);
}

#[test]
fn pays_stakers_and_gifts_alike() {
    // Given a fund of 40 that was given and 60 of Sam's, and a loss of 200 that took all of it and 100 of Alice's
    let mut world = World::new(Setup::default());
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.fund_insurance("ines", 40 * USDC).unwrap();
    world.stake("sam", 60 * USDC).unwrap();
    let loss = lend_and_lose(&mut world, "bob", 200 * USDC);
    assert_eq!((loss.from_insurance, loss.to_lps), (100 * USDC, 100 * USDC));
    let fund = world.fund();
    assert_eq!((fund.founding_claims, fund.claims.ledger.outstanding), (40 * USDC, 60 * USDC));
    // When 150 come back, then of the 50 beyond the LPs' each gets half of what it lost
    let event = recovery(&world.recover("bob", "bob", 150 * USDC).unwrap());
    assert_eq!((event.to_lps, event.to_stakers, event.to_fund), (100 * USDC, 30 * USDC, 20 * USDC));
    assert_eq!((event.claims_outstanding, event.stake_claims_outstanding), (0, 30 * USDC));
    assert_eq!((world.fund().assets, world.fund().founding_claims), (20 * USDC, 20 * USDC));
    vault_holds_what_is_owed(&world);
    world.claim_stake_recovery("sam").unwrap();
    assert_eq!(gained(&mut world, "sam", "USDC"), usdc(-30), "claims-fair");
    vault_holds_what_is_owed(&world);
}

#[test]
fn pays_reserves_last() {
    // Given a loss of 110.516667 of which reserves bore 5.384533, the fund 52.566067 and LPs as much
    let mut setup = with_interest();
    setup.parameters.loss.insurance_share_bps = 5_000;
    let mut world = defaulted(setup);
    world.deposit_collateral("carol", "SOL", 100 * SOL).unwrap();
    world.borrow("carol", 156 * USDC).unwrap();
    world.wait(YEAR);
    world.record_bad_debt("bob").unwrap();
    let (before, worth) = (world.pool(), nav(&world));
    // When Bob pays all of it
    let event = recovery(&world.recover("bob", "bob", u64::MAX).unwrap());
    // Then each gets what it bore, and NAV stays
    assert_eq!((event.to_lps, event.to_fund, event.to_reserves), (52_566_067, 52_566_067, 5_384_533));
    let pool = world.pool();
    assert_eq!((pool.reserves, pool.cash - before.cash, nav(&world)), (5_384_533, 5_384_533, worth));
    assert_eq!((event.unrecovered, event.claims_outstanding), (0, 0));
    vault_holds_what_is_owed(&world);
}

#[test]
fn takes_what_is_unrecovered_and_no_more() {
    let (mut world, recover) = about_to_recover();
    world.execute(recover, &["bob"]).unwrap();
    let event = recovery(&world.recover("bob", "bob", u64::MAX).unwrap());
    assert_eq!((event.assets, event.unrecovered), (70 * USDC, 0));
    assert_eq!(gained(&mut world, "bob", "USDC"), usdc(200 - 100));
}

#[test]
fn may_be_paid_by_anyone() {
    let (mut world, _) = about_to_recover();
    let event = recovery(&world.recover("carol", "bob", 10 * USDC).unwrap());
    assert_eq!((event.payer, event.unrecovered), (world.actor("carol"), 90 * USDC));
    assert_eq!(gained(&mut world, "carol", "USDC"), usdc(-10));
}

#[test]
fn takes_a_single_unit() {
    let (mut world, _) = about_to_recover();
    let event = recovery(&world.recover("bob", "bob", 1).unwrap());
    assert_eq!((event.to_lps, event.claims_outstanding), (1, 50 * USDC - 1));
    world.claim_recovery("alice").unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_000) + 1, "claims-solvent");
}

#[test]
fn pays_all_losses_alike() {
    // Given Alice alone lost 100 by Bob; then Carol paid 900 for as many shares, and both lost 100 by Ben
    let mut world = World::new(Setup::default());
    world.deposit("alice", 1_000 * USDC).unwrap();
    assert_eq!(lend_and_lose(&mut world, "bob", 100 * USDC).to_lps, 100 * USDC);
    world.deposit("carol", 900 * USDC).unwrap();
    assert_eq!(shares_of(&mut world, "carol"), 1_000 * USDC - 1); // a third of a unit less, by the virtual share
    assert_eq!(lend_and_lose(&mut world, "ben", 200 * USDC).to_lps, 200 * USDC);
    // When Bob pays his 100
    assert_eq!(recovery(&world.recover("bob", "bob", u64::MAX).unwrap()).claims_outstanding, 200 * USDC);
    // Then Alice, who is short of 200, gets two thirds, and Carol, who is short of 100, one: claims-fair
    world.claim_recovery("alice").unwrap();
    world.claim_recovery("carol").unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_000) + 66_666_666, "claims-fair");
    assert_eq!(gained(&mut world, "carol", "USDC"), usdc(-900) + 33_333_333, "claims-fair");
    assert_eq!(world.pool().claims.ledger.payable, 1, "claims-solvent");
}

#[test]
fn leaves_a_new_debt_alone() {
    // Given Bob borrowed again after his default
    let (mut world, recover) = about_to_recover();
    world.set_dollars("SOL", 30);
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world.borrow("bob", 20 * USDC).unwrap();
    // When he pays 30 of the old debt and all of the new
    world.execute(recover, &["bob"]).unwrap();
    assert_eq!(debt_of(&mut world, "bob"), 20 * USDC);
    world.repay("bob", "bob", u64::MAX).unwrap();
    // Then 70 of the old are left
    let obligation = world.obligation("bob").unwrap();
    assert_eq!((obligation.debt_shares, obligation.unrecovered().get()), (0, 70 * USDC));
}

#[test]
fn needs_no_price() {
    let (mut world, recover) = about_to_recover();
    for symbol in ["USDC", "SOL"] {
        world.set_price(symbol, world.quote(symbol), 86_400);
    }
    world.execute(recover, &["bob"]).unwrap();
}

#[test]
fn works_after_all_have_left() {
    // Given Alice withdrew all after the loss
    let (mut world, _) = about_to_recover();
    world.withdraw("alice", u64::MAX).unwrap();
    assert_eq!(world.pool().shares, 0);
    // When Bob pays, then it is still hers
    world.recover("bob", "bob", 50 * USDC).unwrap();
    world.claim_recovery("alice").unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), 0, "claims-alive");
}

#[test]
fn never_wears_claims_out() {
    // Given recoveries of all but a unit, three times over, each after another loss of 100
    let mut world = World::new(Setup::default());
    world.deposit("alice", 1_000 * USDC).unwrap();
    for round in 0..3_u64 {
        lend_and_lose(&mut world, "bob", 100 * USDC);
        let left = world.obligation("bob").unwrap().unrecovered().get();
        world.recover("bob", "bob", left - 1).unwrap();
        assert_eq!(world.pool().claims.ledger.outstanding, 1, "claims-alive");
        world.claim_recovery("alice").unwrap();
        // Then Alice has got back all she lost but the unit
        assert_eq!(world.pool().claims.ledger.payable, 0, "claims-solvent in round {round}");
    }
    world.recover("bob", "bob", u64::MAX).unwrap();
    world.claim_recovery("alice").unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-700), "claims-alive"); // 700 are still in the pool
}

#[test]
fn counts_interest() {
    let start = || {
        let mut world = recorded(with_interest());
        world.set_dollars("SOL", 30);
        world.deposit_collateral("ben", "SOL", 10 * SOL).unwrap();
        world.borrow("ben", 100 * USDC).unwrap();
        world
    };
    counts_interest_first(start, |world| drop(world.recover("bob", "bob", 30 * USDC).unwrap()));
}
