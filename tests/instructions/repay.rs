use backstop_client::{Event, Recovered, Repaid};
use backstop_engine::quantity::{Assets, DebtShares};
use backstop_testkit::{STARTING_BALANCE, Setup, World};
use solana_instruction::Instruction;

use crate::{fixtures::*, tampering::*};

/// Bob owes 200; he is about to repay 50.
fn about_to_repay() -> (World, Instruction) {
    let mut world = lent(Setup::default());
    let repay = world.repay_instruction("bob", "bob", 50 * USDC);
    (world, repay)
}

/// Bob's 100 were written off: 50 were borne by the fund's protocol-owned shares, 50 by Alice. He is about to pay 30 of
/// it.
fn about_to_recover() -> (World, Instruction) {
    let mut world = recorded(two_collaterals());
    let recover = world.repay_instruction("bob", "bob", 30 * USDC);
    (world, recover)
}

/// The split of a recovery, after checking that it adds up.
#[track_caller]
fn recovery(receipt: &backstop_testkit::Receipt) -> Recovered {
    let Event::Recovered(event) = only(receipt) else { panic!("another event") };
    let parts = event.to_lps + event.to_stakers + event.to_protocol + event.to_reserves;
    assert_eq!(event.assets, parts, "waterfall-exact");
    event
}

#[test]
fn rejects_missing_signature() {
    let (mut world, repay) = about_to_repay();
    refused(&mut world, repay.unsigned("payer"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_paying_from_another_ones_wallet() {
    let (mut world, repay) = about_to_repay();
    let carols = world.wallet("carol", "USDC");
    refused(&mut world, repay.with("source", carols), &["bob"], "TokenOwnerMismatch");
}

#[test]
fn rejects_another_pool() {
    let (mut world, repay) = about_to_repay();
    let (other, bob) = (Neighbour::new(&mut world, &["bob"]), world.actor("bob"));
    refused(&mut world, repay.clone().with("pool", other.pool.pool), &["bob"], "WrongPool");
    refused(&mut world, repay.with("obligation", other.obligation(&bob)), &["bob"], "WrongPool");
}

#[test]
fn rejects_vault_of_another() {
    let (mut world, repay) = about_to_repay();
    let other = Neighbour::new(&mut world, &[]);
    let (sol, carols) = (world.collateral_key("SOL").vault, world.wallet("carol", "USDC"));
    for vault in [other.pool.vault, sol, carols] {
        refused(&mut world, repay.clone().with("vault", vault), &["bob"], "WrongVault");
    }
}

#[test]
fn rejects_vault_as_source() {
    let (mut world, repay) = about_to_repay();
    let vault = world.key().vault;
    refused(&mut world, repay.with("source", vault), &["bob"], "ConstraintDuplicateMutableAccount");
}

#[test]
fn rejects_other_mint() {
    let (mut world, repay) = about_to_repay();
    let sol = world.collateral_key("SOL").mint;
    refused(&mut world, repay.with("mint", sol), &["bob"], "WrongMint");
}

#[test]
fn rejects_source_of_other_mint() {
    let (mut world, repay) = about_to_repay();
    let sol = world.wallet("bob", "SOL");
    refused(&mut world, repay.with("source", sol), &["bob"], "TokenMintMismatch");
}

#[test]
fn rejects_token_program_of_another_kind() {
    let (mut world, repay) = about_to_repay();
    refused(&mut world, repay.with("token_program", TOKEN_2022_PROGRAM), &["bob"], "IncorrectProgramId");
}

#[test]
fn rejects_position_as_obligation() {
    let (mut world, repay) = about_to_repay();
    let position = position_of(&mut world, "alice");
    refused(&mut world, repay.with("obligation", position), &["bob"], "AccountDataTooSmall");
}

#[test]
fn rejects_pool_as_obligation() {
    // Another pool's, which is larger than an obligation: the type decides, not the size.
    let (mut world, repay) = about_to_repay();
    let other = Neighbour::new(&mut world, &[]);
    refused(&mut world, repay.with("obligation", other.pool.pool), &["bob"], "InvalidAccountData");
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, repay) = about_to_repay();
    for account in ["pool", "obligation"] {
        let original = repay.address_of(account);
        let forged = forged(&mut world, original);
        refused(&mut world, repay.clone().with(account, forged), &["bob"], "IllegalOwner");
    }
}

#[test]
fn rejects_nothing() {
    let (mut world, _) = about_to_repay();
    let repay = world.repay_instruction("bob", "bob", 0);
    refused(&mut world, repay, &["bob"], "AmountTooSmall");
}

#[test]
fn rejects_amount_that_pays_no_debt_share() {
    // Given a debt share worth 1.105
    let mut world = lent(with_interest());
    world.wait(YEAR);
    let repay = world.repay_instruction("bob", "bob", 1);
    refused(&mut world, repay, &["bob"], "AmountTooSmall");
}

#[test]
fn rejects_obligation_without_debt() {
    let (mut world, _) = about_to_repay();
    world.repay("bob", "bob", u64::MAX).unwrap();
    let repay = world.repay_instruction("bob", "bob", u64::MAX);
    refused(&mut world, repay, &["bob"], "NoDebt");
}

#[test]
fn rejects_obligation_of_which_all_is_recovered() {
    let (mut world, recover) = about_to_recover();
    world.repay("bob", "bob", 100 * USDC).unwrap();
    refused(&mut world, recover, &["bob"], "NoDebt");
}

#[test]
fn rejects_fund_and_book_of_another_pool() {
    // Given a debt that stands, and one that was written off
    for (mut world, repay) in [about_to_repay(), about_to_recover()] {
        let other = Neighbour::new(&mut world, &[]).pool;
        let spoilt = repay.clone().with("insurance_fund", other.insurance_fund);
        refused(&mut world, spoilt, &["bob"], "WrongInsuranceFund");
        refused(&mut world, repay.with("loss_book", other.loss_book), &["bob"], "WrongLossBook");
    }
}

#[test]
fn rejects_recovering_nothing() {
    let (mut world, _) = about_to_recover();
    let recover = world.repay_instruction("bob", "bob", 0);
    refused(&mut world, recover, &["bob"], "AmountTooSmall");
}

#[test]
fn rejects_more_than_the_wallet_holds() {
    let (mut world, repay) = about_to_repay();
    world.set_balance("bob", "USDC", 50 * USDC - 1);
    refused(&mut world, repay, &["bob"], "TokenInsufficientFunds");
}

#[test]
fn takes_what_is_offered() {
    // When Bob offers 50 of 200
    let (mut world, repay) = about_to_repay();
    let receipt = world.execute(repay, &["bob"]).unwrap();
    // Then he owes 150
    let pool = world.pool();
    assert_eq!((pool.cash, pool.debt_shares, debt_of(&mut world, "bob")), (850 * USDC, 150 * USDC, 150 * USDC));
    assert_eq!(world.balance("bob", "USDC"), STARTING_BALANCE + 150 * USDC);
    assert_eq!(world.balance_at(&world.key().vault), 900 * USDC);
    assert_eq!(nav(&world), 1_000 * USDC);
    let (obligation, assets, debt_shares) = (world.obligation_address("bob"), 50 * USDC, 150 * USDC);
    let event = Repaid { pool: world.key().pool, obligation, assets, debt_shares, marked: 0, state: state(&pool) };
    assert_eq!(only(&receipt), Event::Repaid(event));
}

#[test]
fn takes_the_whole_debt_and_no_more() {
    // Given a year of interest: 221.0333333.. are owed
    let mut world = lent(with_interest());
    world.wait(YEAR);
    let totals = world.pool().totals_at(world.now()).unwrap();
    let preview = totals.repay(DebtShares::new(200 * USDC), Assets::new(u64::MAX)).unwrap();
    // When Bob offers all he has
    world.repay("bob", "bob", u64::MAX).unwrap();
    // Then 221.033334 are taken
    assert_eq!(world.balance("bob", "USDC"), STARTING_BALANCE + 200 * USDC - 221_033_334);
    assert_eq!((world.obligation("bob").unwrap().debt_shares, world.pool().debt_shares), (0, 0));
    assert_eq!(preview.paid.get(), 221_033_334, "preview-is-execution");
    assert_eq!(world.pool().totals(), preview.totals, "preview-is-execution");
}

#[test]
fn rounds_the_debt_shares_paid_down() {
    // Given a debt share worth 1.10516666..
    let mut world = lent(with_interest());
    world.wait(YEAR);
    // When Bob pays 50: 45.242044940.. shares
    world.repay("bob", "bob", 50 * USDC).unwrap();
    // Then he is rid of 45.242044
    assert_eq!(world.obligation("bob").unwrap().debt_shares, 200 * USDC - 45_242_044);
}

#[test]
fn takes_what_the_debt_shares_cost_and_no_more() {
    // Given a debt share worth 2.666..
    let mut world = costly_shares();
    let before = world.balance("bob", "USDC");
    // When Bob offers 10 base units: three debt shares, which cost 8
    world.repay("bob", "bob", 10).unwrap();
    // Then the other two stay with him
    assert_eq!(world.obligation("bob").unwrap().debt_shares, 200 * USDC - 3);
    assert_eq!(before - world.balance("bob", "USDC"), 8);
    assert_eq!((world.pool().cash, world.balance_at(&world.key().vault)), (8, 8));
}

#[test]
fn may_be_paid_by_anyone() {
    let (mut world, _) = about_to_repay();
    world.repay("carol", "bob", 30 * USDC).unwrap();
    assert_eq!(debt_of(&mut world, "bob"), 170 * USDC);
    assert_eq!(world.balance("carol", "USDC"), STARTING_BALANCE - 30 * USDC);
}

#[test]
fn needs_no_price() {
    // Given prices a day old and collateral worth nothing: repaying is always open
    let (mut world, repay) = about_to_repay();
    set_cents(&mut world, "SOL", 0);
    world.set_price("USDC", world.quote("USDC"), 86_400);
    assert_eq!(repay.accounts.len(), 9);
    world.execute(repay, &["bob"]).unwrap();
    assert_eq!(debt_of(&mut world, "bob"), 150 * USDC);
}

#[test]
fn leaves_a_debt_below_the_minimum_if_asked_to() {
    let mut setup = Setup::default();
    setup.parameters.liquidation.min_debt = 10 * USDC;
    let mut world = lent(setup);
    world.repay("bob", "bob", 199 * USDC).unwrap();
    assert_eq!(debt_of(&mut world, "bob"), USDC);
}

#[test]
fn does_not_make_the_debt_younger() {
    let (mut world, repay) = about_to_repay();
    let before = world.obligation("bob").unwrap().last_risk_increase_slot;
    world.execute(repay, &["bob"]).unwrap();
    assert_eq!(world.obligation("bob").unwrap().last_risk_increase_slot, before);
}

#[test]
fn counts_interest() {
    counts_interest_first(|| lent(with_interest()), |world| drop(world.repay("bob", "bob", 50 * USDC).unwrap()));
}

#[test]
fn lowers_the_mark_by_what_is_paid() {
    // Given 200 owed, of which 100 are expected to stay unpaid
    let mut world = marked(Setup::default());
    // When Bob pays 30, then 70 are
    let receipt = world.repay("bob", "bob", 30 * USDC).unwrap();
    let Event::Repaid(event) = only(&receipt) else { panic!("another event") };
    assert_eq!((event.marked, world.obligation("bob").unwrap().marked), (70 * USDC, 70 * USDC));
    assert_eq!(world.pool().marked, 70 * USDC, "hold-ends");
    // And marking it anew finds the same
    world.mark("bob").unwrap();
    assert_eq!(world.pool().marked, 70 * USDC, "hold-ends");
    // When he pays 80 more, then none is, and Alice can leave at NAV
    world.repay("bob", "bob", 80 * USDC).unwrap();
    assert_eq!(world.pool().marked, 0, "hold-ends");
    world.withdraw("alice", 100 * USDC).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-900));
}

#[test]
fn ends_the_mark_with_the_whole_debt() {
    let mut world = marked(with_interest());
    world.wait(YEAR);
    world.repay("bob", "bob", u64::MAX).unwrap();
    assert_eq!(world.pool().marked, 0, "hold-ends");
    assert_eq!(world.obligation("bob").unwrap().marked, 0, "hold-ends");
}

#[test]
fn pays_a_new_debt_before_one_that_was_written_off() {
    // Given 20 of new debt besides the 100 that were written off, which 6 SOL carry together
    let mut world = recorded(Setup::default());
    world.set_dollars("SOL", 30);
    world.deposit_collateral("bob", "SOL", 6 * SOL).unwrap();
    world.borrow("bob", 20 * USDC).unwrap();
    let left = |world: &mut World| {
        let obligation = world.obligation("bob").unwrap();
        (obligation.debt_shares, obligation.unrecovered().get())
    };
    world.repay("bob", "bob", 15 * USDC).unwrap();
    assert_eq!(left(&mut world), (5 * USDC, 100 * USDC));
    // When he pays 35 more, then 5 end the debt and 30 are recovered
    let receipt = world.repay("bob", "bob", 35 * USDC).unwrap();
    let [Event::Repaid(repaid), Event::Recovered(recovered)] = receipt.events.as_slice() else {
        panic!("{:?}", receipt.events)
    };
    assert_eq!((repaid.assets, recovered.assets, recovered.loss), (5 * USDC, 30 * USDC, 1));
    assert_eq!(left(&mut world), (0, 70 * USDC));
    // And all that he has ends both
    world.borrow("bob", 10 * USDC).unwrap();
    world.repay("bob", "bob", u64::MAX).unwrap();
    assert_eq!(left(&mut world), (0, 0));
    assert_eq!(gained(&mut world, "bob", "USDC"), usdc(200 - 100));
    vault_holds_what_is_owed(&world);
}

#[test]
fn recovers_for_each_side_what_it_bore_of_it() {
    // Given 100 written off, of which Alice and the fund's protocol-owned shares bore 50 each
    let (mut world, recover) = about_to_recover();
    // When Bob pays 30
    let receipt = world.execute(recover, &["bob"]).unwrap();
    // Then 15 wait for LPs in the vault, 15 are the fund's again, and neither cash nor NAV has changed
    let (after, fund) = (world.pool(), world.fund());
    assert_eq!((after.cash, nav(&world), after.unclaimed), (950 * USDC, 950 * USDC, 15 * USDC));
    assert_eq!((fund.assets, fund.protocol_shares, fund.shares, fund.waiting_shares), (15 * USDC, 15 * USDC, 0, 0));
    assert_eq!(world.balance("bob", "USDC"), STARTING_BALANCE + 200 * USDC - 30 * USDC);
    assert_eq!(world.balance_at(&world.key().vault), 980 * USDC);
    let obligation = world.obligation("bob").unwrap();
    assert_eq!((obligation.written_off, obligation.recovered, obligation.debt_shares), (100 * USDC, 30 * USDC, 0));
    assert_eq!((obligation.first_loss, obligation.last_loss), (1, 1));
    let event = Recovered {
        pool: world.key().pool,
        obligation: world.obligation_address("bob"),
        payer: world.actor("bob"),
        loss: 1,
        assets: 30 * USDC,
        to_lps: 15 * USDC,
        to_stakers: 0,
        stake_shares: 0,
        to_protocol: 15 * USDC,
        to_reserves: 0,
        unrecovered: 70 * USDC,
        breaker_until: 0,
        state: state(&after),
    };
    assert_eq!(recovery(&receipt), event);
    assert_eq!(world.loss_book().records[0].recovered, 30 * USDC);
    vault_holds_what_is_owed(&world);
}

#[test]
fn recovers_for_stakers_and_donations_alike() {
    // Given a fund of 40 that was given and 60 of Sam's, and a loss of 200 that took all of it and 100 of Alice's
    let mut world = World::new(Setup::default());
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.fund_insurance("ines", 40 * USDC).unwrap();
    world.stake("sam", 60 * USDC).unwrap();
    let loss = lend_and_lose(&mut world, "bob", 200 * USDC);
    assert_eq!((loss.from_insurance, loss.from_stakers, loss.to_lps), (100 * USDC, 60 * USDC, 100 * USDC));
    // When 150 come back, then each has three quarters of what it lost
    let event = recovery(&world.repay("bob", "bob", 150 * USDC).unwrap());
    assert_eq!((event.to_lps, event.to_stakers, event.to_protocol), (75 * USDC, 45 * USDC, 30 * USDC));
    // And what the fund has back is in it at once: stakers' as shares that wait for them, one to one
    let fund = world.fund();
    assert_eq!((fund.assets, fund.protocol_shares, fund.shares), (75 * USDC, 30 * USDC, 0));
    assert_eq!((fund.waiting_shares, event.stake_shares), (45 * USDC, 45 * USDC), "one-hand");
    let record = world.loss_book().records[0];
    assert_eq!((record.back_shares, record.back_generation), (45 * USDC, 7));
    vault_holds_what_is_owed(&world);
    world.claim_stake_recovery("sam", 1).unwrap();
    assert_eq!(kept(&mut world, "sam"), usdc(-15), "claims-follow");
    vault_holds_what_is_owed(&world);
}

#[test]
fn gives_back_the_room_that_a_draw_took_of_the_cap() {
    // Given at most 40 % of the fund of 50 a week, and three who default; Bob's 200 draw 20, and so much is the cap
    let mut setup = Setup::default();
    setup.parameters.loss.draw_cap_bps = 4_000;
    let mut world = lent(setup);
    for name in ["ben", "bea"] {
        world.deposit_collateral(name, "SOL", SOL).unwrap();
        world.borrow(name, 20 * USDC).unwrap();
    }
    assert_eq!(default_of(&mut world, "bob").from_insurance, 20 * USDC);
    assert_eq!((world.fund().window_drawn, world.fund().drawn), (20 * USDC, 20 * USDC));
    // When half of it comes back, then 10 of the 20 are the fund's again, and count no longer: so 40 % of 40 + 10, less
    // 10, are there for Ben's 20
    world.repay("bob", "bob", 100 * USDC).unwrap();
    let fund = world.fund();
    assert_eq!((fund.assets, fund.window_drawn, fund.drawn), (40 * USDC, 10 * USDC, 20 * USDC), "one-hand");
    assert_eq!(default_of(&mut world, "ben").from_insurance, 10 * USDC, "one-hand");
    // And when all of both came back, then 40 % of 50 for Bea's
    world.repay("bob", "bob", u64::MAX).unwrap();
    world.repay("ben", "ben", u64::MAX).unwrap();
    assert_eq!((world.fund().assets, world.fund().window_drawn), (50 * USDC, 0), "one-hand");
    assert_eq!(default_of(&mut world, "bea").from_insurance, 20 * USDC, "one-hand");
}

#[test]
fn gives_back_of_the_cap_only_what_still_counts() {
    // Given 20 that were drawn half a week ago, of which 10 count still
    let mut setup = Setup::default();
    setup.parameters.loss.draw_cap_bps = 4_000;
    let mut world = lent(setup);
    world.deposit_collateral("ben", "SOL", SOL).unwrap();
    world.borrow("ben", 20 * USDC).unwrap();
    assert_eq!(default_of(&mut world, "bob").from_insurance, 20 * USDC);
    world.wait(302_400);
    // When half comes back, then 5 count: 40 % of 40 + 5, less 5
    world.repay("bob", "bob", 100 * USDC).unwrap();
    assert_eq!((world.fund().assets, world.fund().window_drawn), (40 * USDC, 5 * USDC), "one-hand");
    assert_eq!(default_of(&mut world, "ben").from_insurance, 13 * USDC, "one-hand");
}

#[test]
fn recovers_for_reserves_last() {
    // Given a loss of 110.516667 of which reserves bore 5.384533, the fund 52.566067 and LPs as much
    let mut setup = with_interest();
    setup.parameters.loss.insurance_share_bps = 5_000;
    let mut world = defaulted(setup);
    world.deposit_collateral("carol", "SOL", 100 * SOL).unwrap();
    world.borrow("carol", 156 * USDC).unwrap();
    world.wait(YEAR);
    world.record_bad_debt("bob").unwrap();
    let (before, worth) = (world.pool(), nav(&world));
    // When Bob pays all but the last 5, then the others have all that is theirs
    let event = recovery(&world.repay("bob", "bob", 110_516_667 - 5 * USDC).unwrap());
    assert_eq!((event.to_lps, event.to_protocol, event.to_reserves), (52_566_067, 52_566_067, 384_533));
    // And then reserves theirs, and NAV stays
    let event = recovery(&world.repay("bob", "bob", u64::MAX).unwrap());
    assert_eq!((event.to_lps, event.to_protocol, event.to_reserves, event.unrecovered), (0, 0, 5 * USDC, 0));
    let pool = world.pool();
    assert_eq!((pool.reserves, pool.cash - before.cash, nav(&world)), (5_384_533, 5_384_533, worth));
    vault_holds_what_is_owed(&world);
}

#[test]
fn recovers_what_is_unrecovered_and_no_more() {
    let (mut world, recover) = about_to_recover();
    world.execute(recover, &["bob"]).unwrap();
    let event = recovery(&world.repay("bob", "bob", u64::MAX).unwrap());
    assert_eq!((event.assets, event.unrecovered), (70 * USDC, 0));
    assert_eq!(gained(&mut world, "bob", "USDC"), usdc(200 - 100));
    assert_eq!(world.obligation("bob").unwrap().first_loss, 0);
}

#[test]
fn may_be_recovered_by_anyone() {
    let (mut world, _) = about_to_recover();
    let event = recovery(&world.repay("carol", "bob", 10 * USDC).unwrap());
    assert_eq!((event.payer, event.unrecovered), (world.actor("carol"), 90 * USDC));
    assert_eq!(gained(&mut world, "carol", "USDC"), usdc(-10));
}

#[test]
fn recovers_to_the_unit_in_whatever_steps() {
    // Given three payments of a unit and one of the rest
    let (mut world, _) = about_to_recover();
    for to_lps in [0, 1, 0] {
        assert_eq!(recovery(&world.repay("bob", "bob", 1).unwrap()).to_lps, to_lps, "claims-solvent");
    }
    world.repay("bob", "bob", u64::MAX).unwrap();
    world.claim_recovery("alice", 1).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_000 + 50), "claims-follow");
    assert_eq!(world.fund().assets, 50 * USDC, "claims-follow");
}

#[test]
fn recovers_without_a_price() {
    let (mut world, recover) = about_to_recover();
    for symbol in ["USDC", "SOL"] {
        world.set_price(symbol, world.quote(symbol), 86_400);
    }
    world.execute(recover, &["bob"]).unwrap();
}

#[test]
fn recovers_after_all_have_left() {
    // Given Alice withdrew all after the loss
    let (mut world, _) = about_to_recover();
    world.withdraw("alice", u64::MAX).unwrap();
    assert_eq!(world.pool().shares, 0);
    // When Bob pays, then her half of it is still hers
    world.repay("bob", "bob", 50 * USDC).unwrap();
    world.claim_recovery("alice", 1).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-25), "claims-follow");
}

#[test]
fn counts_interest_when_recovering() {
    let start = || {
        let mut world = recorded(with_interest());
        world.set_dollars("SOL", 30);
        world.deposit_collateral("ben", "SOL", 10 * SOL).unwrap();
        world.borrow("ben", 100 * USDC).unwrap();
        world
    };
    counts_interest_first(start, |world| drop(world.repay("bob", "bob", 30 * USDC).unwrap()));
}
