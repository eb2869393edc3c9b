use backstop_client::{Event, LossRecorded, verb::TOKEN_PROGRAM};
use backstop_engine::waterfall;
use backstop_testkit::{STARTING_BALANCE, Setup, World};
use solana_instruction::Instruction;

use crate::{misuse::*, scene::*};

/// Bob owes 100 against nothing; the fund holds 50; Liz is about to record it.
fn about_to_record() -> (World, Instruction) {
    let mut world = defaulted(two_collaterals());
    let record = world.record_bad_debt_instruction("liz", "bob");
    (world, record)
}

/// Bob owes 200 against 10 SOL at 5 cents and 0.1 ETH at 4 USD: 90 cents of dust, which goes to Liz.
fn two_dusts() -> (World, Instruction) {
    let mut world = lent(two_collaterals());
    world.deposit_collateral("bob", "ETH", ETH / 10).unwrap();
    set_cents(&mut world, "SOL", 5);
    world.set_dollars("ETH", 4);
    let record = world.record_bad_debt_instruction("liz", "bob");
    (world, record)
}

/// The loss of a transaction that recorded one and did nothing else.
#[track_caller]
fn loss(receipt: &backstop_testkit::Receipt) -> LossRecorded {
    let Event::LossRecorded(loss) = only(receipt) else { panic!("another event") };
    assert_eq!(loss.loss, loss.from_reserves + loss.from_insurance + loss.to_lps + loss.uncovered, "waterfall-exact");
    loss
}

#[test]
fn rejects_another_pool() {
    let (mut world, record) = about_to_record();
    let (other, bob) = (Neighbour::new(&mut world, &["bob"]), world.actor("bob"));
    refused(&mut world, record.clone().with("pool", other.pool.pool), &[], "WrongPool");
    refused(&mut world, record.with("obligation", other.obligation(&bob)), &[], "WrongPool");
}

#[test]
fn rejects_fund_of_another_pool() {
    let (mut world, record) = about_to_record();
    let other = Neighbour::new(&mut world, &[]);
    let fund = other.pool.insurance_fund;
    refused(&mut world, record.clone().with("insurance_fund", fund), &[], "WrongInsuranceFund");
    let record = record.with("insurance_fund", fund).with("loss_ledger", other.pool.loss_ledger);
    refused(&mut world, record, &[], "WrongInsuranceFund");
}

#[test]
fn rejects_loss_ledger_of_another_pool() {
    let (mut world, record) = about_to_record();
    let other = Neighbour::new(&mut world, &[]);
    refused(&mut world, record.with("loss_ledger", other.pool.loss_ledger), &[], "WrongLossLedger");
}

#[test]
fn rejects_accounts_of_another_kind() {
    let (mut world, record) = about_to_record();
    let (market, position) = (world.key().market, position_of(&mut world, "alice"));
    for account in ["pool", "obligation", "insurance_fund", "loss_ledger"] {
        for other in [market, position] {
            refused(&mut world, record.clone().with(account, other), &[], "AccountDataTooSmall");
        }
    }
    // Another pool, which is larger than they: the type decides, not the size.
    let other = Neighbour::new(&mut world, &[]);
    for account in ["obligation", "insurance_fund"] {
        refused(&mut world, record.clone().with(account, other.pool.pool), &[], "InvalidAccountData");
    }
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, record) = about_to_record();
    for account in ["pool", "obligation", "insurance_fund", "loss_ledger"] {
        let original = record.address_of(account);
        let forged = forged(&mut world, original);
        refused(&mut world, record.clone().with(account, forged), &[], "IllegalOwner");
    }
}

#[test]
fn rejects_same_account_twice() {
    let (mut world, record) = about_to_record();
    for (account, other) in
        [("obligation", "pool"), ("insurance_fund", "pool"), ("loss_ledger", "pool"), ("loss_ledger", "insurance_fund")]
    {
        let twice = record.address_of(other);
        let record = record.clone().with(account, twice);
        refused(&mut world, record, &[], "ConstraintDuplicateMutableAccount");
    }
}

#[test]
fn rejects_obligation_without_debt() {
    let (mut world, record) = about_to_record();
    world.repay("bob", "bob", u64::MAX).unwrap();
    refused(&mut world, record, &[], "NoDebt");
    world.open_obligation("carol").unwrap();
    let record = world.record_bad_debt_instruction("liz", "carol");
    refused(&mut world, record, &[], "NoDebt");
}

#[test]
fn rejects_obligation_without_debt_that_holds_collateral() {
    // Given Carol, who holds 1 SOL at 5 cents and never borrowed: it is no bounty
    let (mut world, _) = two_dusts();
    world.deposit_collateral("carol", "SOL", SOL).unwrap();
    let record = world.record_bad_debt_instruction("liz", "carol");
    refused(&mut world, record, &[], "ObligationHealthy");
}

#[test]
fn rejects_second_recording() {
    let (mut world, record) = about_to_record();
    world.execute(record.clone(), &[]).unwrap();
    refused(&mut world, record.clone(), &[], "NoDebt");
    refused_together(&mut world, &[record.clone(), record], &[], "NoDebt");
}

#[test]
fn rejects_two_recordings_in_one_transaction() {
    let (mut world, record) = about_to_record();
    refused_together(&mut world, &[record.clone(), record], &[], "NoDebt");
    assert_eq!(world.pool().losses, 0);
}

#[test]
fn rejects_healthy_obligation() {
    // Given 200 owed against 250, of which 80 % count
    let mut world = lent(Setup::default());
    world.set_dollars("SOL", 25);
    let record = world.record_bad_debt_instruction("liz", "bob");
    refused(&mut world, record, &[], "ObligationHealthy");
}

#[test]
fn rejects_healthy_dust() {
    // Given a debt of 70 cents against dust of 1 USD
    let mut world = lent(Setup::default());
    world.deposit_collateral("carol", "SOL", SOL).unwrap();
    world.borrow("carol", 700_000).unwrap();
    world.set_dollars("SOL", 1);
    let record = world.record_bad_debt_instruction("liz", "carol");
    refused(&mut world, record, &[], "ObligationHealthy");
}

#[test]
fn rejects_collateral_worth_more_than_dust() {
    // Given 10 SOL at 10.1 cents
    let mut world = about_to_be_wiped_out();
    world.set_price("SOL", backstop_engine::price::Quote { price: 101, confidence: 0, exponent: -3 }, 0);
    let record = world.record_bad_debt_instruction("liz", "bob");
    refused(&mut world, record, &[], "CollateralRemains");
}

#[test]
fn rejects_dusts_that_together_are_more() {
    // Given 60 cents of SOL and 50 cents of ETH
    let (mut world, record) = two_dusts();
    set_cents(&mut world, "SOL", 6);
    world.set_dollars("ETH", 5);
    refused(&mut world, record, &[], "CollateralRemains");
}

#[test]
fn rejects_debt_younger_than_the_minimum_age() {
    // Given a minimum of 100 slots since the last borrow
    let mut setup = Setup::default();
    setup.parameters.loss.min_default_age_slots = 100;
    let mut world = lent(setup);
    let exposed = world.obligation("bob").unwrap().exposed_at_slot;
    set_cents(&mut world, "SOL", 1);
    // When 99 slots have passed
    world.advance(0, 98);
    let record = world.record_bad_debt_instruction("liz", "bob");
    refused(&mut world, record.clone(), &[], "DefaultTooRecent");
    // Then the next is the first that counts
    world.execute(record, &[]).unwrap();
    assert_eq!(world.obligation("bob").unwrap().exposed_at_slot, exposed);
}

#[test]
fn rejects_recording_in_the_transaction_that_borrowed() {
    // Given no minimum age, and Carol, who is healthy
    let mut world = lent(Setup::default());
    world.deposit_collateral("carol", "SOL", SOL).unwrap();
    let borrow = world.borrow_instruction("carol", USDC);
    let record = world.record_bad_debt_instruction("carol", "carol");
    refused_together(&mut world, &[borrow, record], &["carol"], "DefaultTooRecent");
}

#[test]
fn rejects_recording_in_the_transaction_that_took_collateral() {
    let mut world = lent(Setup::default());
    let take = world.withdraw_collateral_instruction("bob", "SOL", SOL);
    let record = world.record_bad_debt_instruction("bob", "bob");
    refused_together(&mut world, &[take, record], &["bob"], "DefaultTooRecent");
}

#[test]
fn rejects_missing_prices() {
    // Given dust: without its price it is not known to be dust
    let (mut world, record) = two_dusts();
    for count in 0..13 {
        refused(&mut world, record.clone().with_extras(count), &[], "MissingPrice");
    }
}

#[test]
fn rejects_unusable_prices() {
    // `always-open` reads an unusable price as neither solvent nor worthless
    let (mut world, record) = two_dusts();
    refuses_unusable_prices(&mut world, &record, &[], &[(0, "USDC"), (2, "SOL"), (8, "ETH")]);
}

#[test]
fn rejects_price_of_another_token() {
    let (mut world, record) = two_dusts();
    let (usdc, sol) = (world.price_account("USDC"), world.price_account("SOL"));
    refused(&mut world, record.clone().with_extra(0, sol), &[], "WrongFeed");
    refused(&mut world, record.clone().with_extra(2, usdc), &[], "WrongFeed");
    refused(&mut world, record.with_extra(8, sol), &[], "WrongFeed");
}

#[test]
fn rejects_collaterals_in_another_order() {
    let (mut world, mut record) = two_dusts();
    for index in 0..6 {
        record.accounts.swap(5 + index, 11 + index);
    }
    refused(&mut world, record, &[], "WrongCollateral");
}

#[test]
fn rejects_one_dust_twice() {
    let (mut world, mut record) = two_dusts();
    for index in 0..6 {
        record.accounts[11 + index] = record.accounts[5 + index].clone();
    }
    refused(&mut world, record, &[], "WrongCollateral");
}

#[test]
fn rejects_other_vault_of_dust() {
    let (mut world, record) = two_dusts();
    let (eth, wallet) = (world.collateral_key("ETH").vault, world.wallet("liz", "SOL"));
    let other = Neighbour::new(&mut world, &[]);
    for vault in [eth, wallet, other.sol.vault] {
        refused(&mut world, record.clone().with_extra(3, vault), &[], "WrongVault");
    }
}

#[test]
fn rejects_other_mint_of_dust() {
    let (mut world, record) = two_dusts();
    let eth = world.collateral_key("ETH").mint;
    refused(&mut world, record.with_extra(5, eth), &[], "WrongMint");
}

#[test]
fn rejects_destination_of_other_mint() {
    let (mut world, record) = two_dusts();
    let usdc = world.wallet("liz", "USDC");
    refused(&mut world, record.with_extra(4, usdc), &[], "TokenMintMismatch");
}

#[test]
fn rejects_pool_vault_as_destination() {
    let (mut world, record) = two_dusts();
    let vault = world.key().vault;
    refused(&mut world, record.with_extra(4, vault), &[], "TokenMintMismatch");
}

#[test]
fn rejects_unknown_token_program_of_dust() {
    let (mut world, record) = two_dusts();
    let own = backstop_client::PROGRAM_ID;
    refused(&mut world, record.clone().with_extra(6, own), &[], "UnsupportedToken");
    refused(&mut world, record.with_extra(6, TOKEN_2022_PROGRAM), &[], "IncorrectProgramId");
}

#[test]
fn rejects_read_only_collateral() {
    let (mut world, mut record) = two_dusts();
    record.accounts[5].is_writable = false;
    refused(&mut world, record, &[], "ConstraintMut");
}

#[test]
fn splits_the_loss_between_insurance_and_lps() {
    // Given 100 owed against nothing, a fund of 50, no reserves
    let (mut world, record) = about_to_record();
    let (pool, fund) = (world.pool(), world.fund());
    // When it is recorded, by nobody in particular and without any price
    assert_eq!(record.accounts.len(), 4);
    let receipt = world.execute(record, &[]).unwrap();
    // Then insurance pays 50 and LPs 50
    let after = world.pool();
    assert_eq!(loss(&receipt), half_insured_loss(&mut world));
    assert_eq!((after.cash, after.debt_shares, after.losses, after.uncovered), (950 * USDC, 0, 1, 0));
    assert_eq!((after.shares, nav(&world)), (1_000 * USDC, 950 * USDC));
    let stored = world.fund();
    assert_eq!((stored.assets, stored.drawn, stored.window_drawn), (0, 50 * USDC, 50 * USDC));
    assert_eq!(stored.window_at, world.now());
    assert_eq!(world.balance_at(&world.key().vault), 950 * USDC);
    let obligation = world.obligation("bob").unwrap();
    assert_eq!((obligation.debt_shares, obligation.written_off), (0, 100 * USDC));
    // And the engine says the same
    let (books, terms) = (pool.books(&fund, &pool.totals()), pool.loss_terms());
    let preview = waterfall::record(&books, &terms, pool.totals().debt_shares, world.now()).unwrap();
    assert_eq!(after.books(&stored, &after.totals()), preview.books, "preview-is-execution");
}

#[test]
fn counts_all_that_was_ever_lost() {
    // Given 100 that nothing covers, of which the fund bears 50
    let (mut world, record) = about_to_record();
    assert_eq!(world.pool().lost, 0);
    world.execute(record, &[]).unwrap();
    assert_eq!(world.pool().lost, 100 * USDC);
    // When 40 more are lost, then they add up; what is recovered is not taken off
    lend_and_lose(&mut world, "eve", 40 * USDC);
    assert_eq!(world.pool().lost, 140 * USDC);
    world.recover("bob", "bob", 100 * USDC).unwrap();
    assert_eq!(world.pool().lost, 140 * USDC);
}

#[test]
fn counts_what_reserves_and_the_fund_bear_as_lost() {
    // Given a year's interest on 100: e^0.1 - 1 = 10.516666.. after three terms, a fifth of which was reserved
    let mut world = defaulted(with_interest());
    world.wait(YEAR);
    let loss = loss(&world.record_bad_debt("liz", "bob").unwrap());
    assert!(loss.from_reserves > 0 && loss.from_insurance > 0);
    // Then all that performing debt falls by counts, 110.516666..
    assert_eq!((world.pool().lost, loss.loss), (110_516_666, 110_516_666));
}

#[test]
fn takes_reserves_before_insurance_and_lps() {
    // Given a year in which 5.38.. of 10 % on 256 went to reserves, and half of it to insurance's due
    let mut setup = with_interest();
    setup.parameters.loss.insurance_share_bps = 5_000;
    let mut world = defaulted(setup);
    world.deposit_collateral("carol", "SOL", 100 * SOL).unwrap();
    world.borrow("carol", 156 * USDC).unwrap();
    world.wait(YEAR);
    world.accrue().unwrap();
    let (before, worth) = (world.pool(), nav(&world));
    assert_eq!((before.reserves, before.insurance_due), (5_384_533, 2_692_266));
    // When Bob's 110.516667 are recorded
    let receipt = world.record_bad_debt("liz", "bob").unwrap();
    // Then reserves pay all they have, the fund half of the rest within its 52.692266, LPs the remainder
    let loss = loss(&receipt);
    assert_eq!((loss.loss, loss.from_reserves), (110_516_667, 5_384_533));
    assert_eq!((loss.from_insurance, loss.to_lps), (52_566_067, 52_566_067));
    let pool = world.pool();
    assert_eq!((pool.reserves, pool.insurance_due, nav(&world)), (0, 0, worth - loss.to_lps));
    assert_eq!(world.fund().assets, 50 * USDC + 2_692_266 - 52_566_067);
    vault_holds_what_is_owed(&world);
}

#[test]
fn leaves_lps_alone_if_reserves_and_insurance_suffice() {
    let (mut world, record) = about_to_record();
    world.fund_insurance("ines", 60 * USDC).unwrap();
    let loss = loss(&world.execute(record, &[]).unwrap());
    assert_eq!((loss.from_insurance, loss.to_lps), (100 * USDC, 0));
    assert_eq!(loss.share_price_after, loss.share_price_before);
    assert_eq!((nav(&world), world.fund().assets), (1_000 * USDC, 10 * USDC));
}

#[test]
fn leaves_insurance_alone_if_it_is_empty() {
    let mut setup = Setup::default();
    setup.parameters.loss.insurance_share_bps = 0;
    let mut world = defaulted(setup);
    let loss = loss(&world.record_bad_debt("liz", "bob").unwrap());
    assert_eq!((loss.from_insurance, loss.to_lps), (0, 100 * USDC));
    assert_eq!((world.fund().assets, world.fund().window_drawn), (50 * USDC, 0));
}

#[test]
fn works_with_an_empty_fund() {
    let mut world = about_to_be_wiped_out();
    world.deposit("carol", 200 * USDC).unwrap();
    let loss = loss(&world.record_bad_debt("liz", "bob").unwrap());
    assert_eq!((loss.loss, loss.from_insurance, loss.to_lps), (200 * USDC, 0, 200 * USDC));
    assert_eq!(loss.share_price_after, 500_000_000_000);
}

#[test]
fn draws_within_the_event_cap() {
    // Given at most a tenth of the fund per loss
    let mut setup = Setup::default();
    setup.parameters.loss.event_cap_bps = 1_000;
    let mut world = defaulted(setup);
    let loss = loss(&world.record_bad_debt("liz", "bob").unwrap());
    assert_eq!((loss.from_insurance, loss.to_lps), (5 * USDC, 95 * USDC));
}

#[test]
fn draws_within_the_window_cap() {
    // Given at most 40 % of the fund per week, and three who default
    let mut setup = Setup::default();
    setup.parameters.loss.window_cap_bps = 4_000;
    let mut world = lent(setup);
    for name in ["ben", "bea"] {
        world.deposit_collateral(name, "SOL", SOL).unwrap();
        world.borrow(name, 20 * USDC).unwrap();
    }
    set_cents(&mut world, "SOL", 1);
    // When Bob's 200 are recorded, then 20 are drawn
    assert_eq!(loss(&world.record_bad_debt("liz", "bob").unwrap()).from_insurance, 20 * USDC);
    // And of Ben's at once nothing
    assert_eq!(loss(&world.record_bad_debt("liz", "ben").unwrap()).from_insurance, 0);
    // And of Bea's after half the week what faded: 40 % of 30 + 10, less 10
    world.wait(302_400);
    assert_eq!(loss(&world.record_bad_debt("liz", "bea").unwrap()).from_insurance, 6 * USDC);
}

#[test]
fn pays_the_dust_as_a_bounty() {
    // Given 50 cents of SOL and 40 cents of ETH
    let (mut world, record) = two_dusts();
    // When Liz has it recorded
    let loss = loss(&world.execute(record, &[]).unwrap());
    // Then she gets both, and Bob is rid of debt and collateral
    assert_eq!(loss.loss, 200 * USDC);
    assert_eq!(world.balance("liz", "SOL"), STARTING_BALANCE + 10 * SOL);
    assert_eq!(world.balance("liz", "ETH"), STARTING_BALANCE + ETH / 10);
    let obligation = world.obligation("bob").unwrap();
    assert_eq!((obligation.held().count(), obligation.debt_shares), (0, 0));
    assert!(obligation.collaterals.iter().all(|slot| slot.collateral.to_bytes() == [0; 32]));
    for symbol in ["SOL", "ETH"] {
        assert_eq!(world.collateral(symbol).deposited, 0);
        assert_eq!(world.balance_at(&world.collateral_key(symbol).vault), 0);
    }
}

#[test]
fn leaves_the_collateral_of_others_in_the_vault() {
    // Given Carol's SOL in the same vault
    let (mut world, record) = two_dusts();
    world.deposit_collateral("carol", "SOL", 7 * SOL).unwrap();
    let carols = world.obligation("carol");
    world.execute(record, &[]).unwrap();
    // Then it is still hers: isolation
    assert_eq!(world.obligation("carol"), carols, "isolation");
    assert_eq!(world.collateral("SOL").deposited, 7 * SOL);
    world.withdraw_collateral("carol", "SOL", u64::MAX).unwrap();
}

#[test]
fn takes_a_single_base_unit_of_dust() {
    // Given Bob owes 100 against nothing, and adds one base unit to be in the way
    let (mut world, _) = about_to_record();
    world.deposit_collateral("bob", "SOL", 1).unwrap();
    // Then it is recorded all the same: no-hidden-debt
    let loss = loss(&world.record_bad_debt("liz", "bob").unwrap());
    assert_eq!((loss.loss, world.balance("liz", "SOL")), (100 * USDC, STARTING_BALANCE + 10 * SOL + 1));
}

#[test]
fn works_with_eight_dusts() {
    let mut world = World::new(many_collaterals(8));
    world.deposit("alice", 1_000 * USDC).unwrap();
    for index in 0..8 {
        world.deposit_collateral("bob", &format!("C{index}"), 10 * USDC).unwrap();
    }
    world.borrow("bob", 60 * USDC).unwrap();
    for index in 0..8 {
        set_cents(&mut world, &format!("C{index}"), 1);
    }
    let receipt = world.record_bad_debt("liz", "bob").unwrap();
    assert_eq!(loss(&receipt).loss, 60 * USDC);
    assert!(receipt.compute_units < 200_000, "{} compute units", receipt.compute_units);
    for index in 0..8 {
        assert_eq!(world.balance("liz", &format!("C{index}")), STARTING_BALANCE + 10 * USDC);
    }
}

#[test]
fn lets_the_same_borrower_default_again() {
    // Given Bob's 100 were recorded
    let (mut world, record) = about_to_record();
    world.execute(record, &[]).unwrap();
    // When he borrows again and defaults again
    world.set_dollars("SOL", 30);
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world.borrow("bob", 200 * USDC).unwrap();
    set_cents(&mut world, "SOL", 1);
    world.advance(0, 100);
    let loss = loss(&world.record_bad_debt("liz", "bob").unwrap());
    // Then the second is number two, and both add up
    assert_eq!((loss.sequence, world.pool().losses), (2, 2));
    assert_eq!(world.obligation("bob").unwrap().written_off, 300 * USDC);
}

#[test]
fn wipes_the_shares_out_if_nothing_is_left() {
    // Given NAV of 200, all of it lent to Bob
    let mut world = about_to_be_wiped_out();
    let receipt = world.record_bad_debt("liz", "bob").unwrap();
    // Then the price is zero and the generation over
    let loss = loss(&receipt);
    assert_eq!((loss.to_lps, loss.uncovered, loss.shares), (200 * USDC, 0, 200 * USDC));
    assert_eq!((loss.share_price_after, loss.generation), (0, 0));
    let pool = world.pool();
    assert_eq!((pool.claims.ledger.generation, pool.shares, nav(&world)), (1, 0, 0));
    // And the next deposit starts at one to one, undiluted by the old shares: wipe-out
    world.deposit("carol", 100 * USDC).unwrap();
    assert_eq!(shares_of(&mut world, "carol"), 100 * USDC);
    world.withdraw("carol", u64::MAX).unwrap();
    assert_eq!(world.balance("carol", "USDC"), STARTING_BALANCE);
    let old = world.withdraw_instruction("alice", 200 * USDC);
    refused(&mut world, old, &["alice"], "InsufficientShares");
}

#[test]
fn keeps_the_pool_usable_through_many_wipe_outs() {
    let mut world = World::new(Setup::default());
    for generation in 0..16_u32 {
        world.set_dollars("SOL", 30);
        world.deposit("alice", 200 * USDC).unwrap();
        world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
        world.borrow("bob", 200 * USDC).unwrap();
        set_cents(&mut world, "SOL", 1);
        let loss = loss(&world.record_bad_debt("liz", "bob").unwrap());
        assert_eq!((loss.generation, world.pool().claims.ledger.generation), (u64::from(generation), generation + 1));
    }
}

#[test]
fn keeps_a_share_alive_if_a_unit_is_left() {
    // Given NAV of 200 and one base unit, of which Bob owes all but the unit
    let mut world = about_to_be_wiped_out();
    world.deposit("alice", 1).unwrap();
    let loss = loss(&world.record_bad_debt("liz", "bob").unwrap());
    assert_eq!((loss.to_lps, world.pool().claims.ledger.generation, nav(&world)), (200 * USDC, 0, 1));
    assert_eq!(loss.share_price_after, 4_999); // 1 / 200.000001, in trillionths
    // And the pool still takes deposits and pays them back, but for a base unit
    world.deposit("carol", 100 * USDC).unwrap();
    world.withdraw("carol", u64::MAX).unwrap();
    assert!(world.balance("carol", "USDC") >= STARTING_BALANCE - 1);
}

#[test]
fn falls_on_all_lps_alike() {
    // Given Alice with 1,000 and Carol with 500
    let (mut world, record) = about_to_record();
    world.deposit("carol", 500 * USDC).unwrap();
    // When 50 fall on them
    world.execute(record, &[]).unwrap();
    // Then each is left with 1,450 / 1,500 of what she had: pro-rata
    world.withdraw("carol", u64::MAX).unwrap();
    world.withdraw("alice", u64::MAX).unwrap();
    let (alice, carol) = (world.balance("alice", "USDC"), world.balance("carol", "USDC"));
    assert_eq!(STARTING_BALANCE - alice, 33_333_333, "pro-rata");
    assert_eq!(STARTING_BALANCE - carol, 16_666_667, "pro-rata");
}

#[test]
fn counts_interest() {
    let start = || defaulted(with_interest());
    counts_interest_first(start, |world| drop(world.record_bad_debt("liz", "bob").unwrap()));
}

#[test]
fn passes_the_token_program_of_the_dust() {
    let (_, record) = two_dusts();
    assert_eq!(record.accounts[5 + 5].pubkey, TOKEN_PROGRAM);
}

#[test]
fn releases_the_provision() {
    // Given the liquidation left 100 provisioned
    let (mut world, record) = about_to_record();
    assert_eq!((world.pool().provisions, world.pool().provisioned), (100 * USDC, 1));
    world.withdraw("alice", 100 * USDC).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_000 + 95));
    // When it is recorded
    world.execute(record, &[]).unwrap();
    // Then it counts once: the next 100 shares are worth as much
    assert_eq!((world.pool().provisions, world.pool().provisioned), (0, 0), "provision-once");
    assert_eq!(world.obligation("bob").unwrap().provision, 0, "provision-once");
    world.withdraw("alice", 100 * USDC).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_000 + 190), "provision-once");
}

#[test]
fn leaves_other_provisions_alone() {
    // Given Ben's 80 expected besides Bob's 100
    let (mut world, record) = about_to_record();
    world.set_dollars("SOL", 30);
    world.deposit_collateral("ben", "SOL", 7 * SOL).unwrap();
    world.borrow("ben", 150 * USDC).unwrap();
    world.set_dollars("SOL", 10);
    world.provision("ben").unwrap();
    assert_eq!((world.pool().provisions, world.pool().provisioned), (180 * USDC, 2));
    let bens = world.obligation("ben");
    // When Bob's is recorded, then Ben's stands
    let loss = loss(&world.execute(record, &[]).unwrap());
    assert_eq!((loss.to_lps, loss.provisions, world.pool().provisioned), (50 * USDC, 80 * USDC, 1), "provision-once");
    assert_eq!(world.obligation("ben"), bens, "isolation");
    // And exit NAV is 950 less the 80 that no fund would pay for any more
    world.withdraw("alice", 100 * USDC).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_000 + 87), "no-escape");
}

#[test]
fn gives_lps_claims_for_what_they_bear() {
    let (mut world, record) = about_to_record();
    world.deposit("carol", 1_000 * USDC).unwrap();
    world.execute(record, &[]).unwrap();
    let (pool, fund) = (world.pool(), world.fund());
    assert_eq!((pool.claims.ledger.outstanding, pool.claims.ledger.payable), (50 * USDC, 0));
    assert_eq!((fund.founding_claims, fund.claims.ledger.outstanding), (50 * USDC, 0));
    for who in ["alice", "carol"] {
        let holder = world.position(who).unwrap().holder.settled(&pool.claims);
        assert_eq!(holder.unrecovered(&pool.claims.ledger()).get(), 25 * USDC, "claims-fair");
        assert_eq!(holder.payable(&pool.claims.ledger()).get(), 0, "claims-solvent");
    }
}

#[test]
fn counts_nothing_for_a_breaker_that_never_trips() {
    let (mut world, record) = about_to_record();
    world.execute(record, &[]).unwrap();
    assert_eq!((world.pool().breaker_losses, world.pool().breaker_until), (0, 0), "breaker");
}

#[test]
fn settles_revenue_that_is_due_before_the_draw() {
    // Given 2.103333 of a year's interest due to a fund of Sam's and Sue's 100
    let mut world = staked(with_interest());
    world.wait(YEAR);
    world.accrue().unwrap();
    assert_eq!(world.pool().insurance_due, 2_103_333);
    // When 221.033333 are lost, then reserves pay 4.206666, the fund 102.103333 and LPs the rest
    let loss = default_of(&mut world, "bob");
    assert_eq!((loss.from_reserves, loss.from_insurance, loss.to_lps), (4_206_666, 102_103_333, 114_723_334));
    assert_eq!((world.pool().insurance_due, world.fund().assets), (0, 0));
    assert_eq!(world.fund().claims.ledger.outstanding, 102_103_333, "slash-only");
    vault_holds_what_is_owed(&world);
}

#[test]
fn pays_no_bounty_beyond_dust() {
    // Given a unit of value more than dust in two collaterals together, then exactly dust
    let (mut world, record) = two_dusts();
    world.set_price("SOL", backstop_engine::price::Quote { price: 60_001, confidence: 0, exponent: -6 }, 0);
    refused(&mut world, record.clone(), &[], "CollateralRemains");
    set_cents(&mut world, "SOL", 6);
    world.execute(record, &[]).unwrap();
    assert_eq!(world.balance("liz", "SOL"), STARTING_BALANCE + 10 * SOL);
}

#[test]
fn draws_within_the_event_cap_whoever_left_under_another_provision() {
    // Given 1 of Bob's is provisioned, and Mallory passes through the fund with 10,000, of which she leaves 0.99 behind
    let mut setup = Setup::default();
    (setup.parameters.loss.event_cap_bps, setup.parameters.insurance.cooldown_seconds) = (5_000, 0);
    let mut world = staked(setup);
    world.set_price("SOL", backstop_engine::price::Quote { price: 199, confidence: 0, exponent: -1 }, 0);
    world.provision("bob").unwrap();
    assert_eq!(world.pool().provisions, USDC);
    world.stake("mallory", 10_000 * USDC).unwrap();
    world.request_unstake("mallory", u64::MAX).unwrap();
    world.unstake("mallory").unwrap();
    assert_eq!(world.fund().assets, 100_990_100);
    // When Ben defaults, of whom nothing was expected, then half of what is there is the most that is drawn
    let loss = lend_and_lose(&mut world, "ben", 200 * USDC);
    assert_eq!(loss.from_insurance, 50_495_050, "slash-only");
}
