//! Attacks that take more than one instruction, as raw transactions: what the attacker has afterwards is at most what
//! it had. The threat model says which other tests show the rest.

use backstop_client::verb;
use backstop_engine::price::Quote;
use backstop_testkit::{Setup, World};
use solana_instruction::Instruction;

use crate::{fixtures::*, tampering::*};

/// What an actor gained, USDC at 1 USD and SOL at this many USD, in base units of USDC.
fn profit(world: &mut World, actors: &[&str], sol_dollars: i128) -> i128 {
    actors.iter().map(|name| gained(world, name, "USDC") + gained(world, name, "SOL") * sol_dollars / 1_000).sum()
}

#[test]
fn a_flash_deposit_around_a_loss_is_refused() {
    // Given Bob's 100 to be recorded, and a fund that holds 50
    let mut world = defaulted(Setup::default());
    world.open_position("mallory").unwrap();
    // When Mallory deposits, records and withdraws all in one transaction
    let steps = [
        world.deposit_instruction("mallory", 1_000_000 * USDC),
        world.record_bad_debt_instruction("bob"),
        world.withdraw_instruction("mallory", u64::MAX),
    ];
    // Then she cannot enter while Bob's 100 are marked
    refused_together(&mut world, &steps, &["mallory"], "PoolOnHold");
}

#[test]
fn a_flash_deposit_around_a_recovery_gets_none_of_it() {
    // Given Alice lost 50 to Bob
    let mut world = recorded(Setup::default());
    world.open_position("mallory").unwrap();
    // When Mallory deposits, pays what Bob owes, claims what she can and withdraws in one transaction
    let steps = [
        world.deposit_instruction("mallory", 1_000_000 * USDC),
        world.repay_instruction("mallory", "bob", 50 * USDC),
        world.withdraw_instruction("mallory", u64::MAX),
    ];
    world.execute_all(&steps, &["mallory"]).unwrap();
    // Then she has nothing to claim and is short of what she paid, and at most a unit of rounding for each step
    let position = world.position_address("mallory");
    world.open_claim(position, 1).unwrap();
    let claim = world.claim_recovery_instruction("mallory", 1);
    refused(&mut world, claim, &["mallory"], "NothingToClaim");
    let lost = -profit(&mut world, &["mallory"], 10);
    assert!((50_000_000..=50_000_003).contains(&lost), "{lost}");
}

#[test]
fn leaving_recording_and_coming_back_in_one_transaction_does_not_pay() {
    // Given two LPs of 500 each, and Bob's 100 to be recorded with no insurance: 50 each
    let mut setup = Setup::default();
    setup.parameters.loss.min_default_age_slots = 100;
    let mut world = World::new(setup);
    world.deposit("alice", 500 * USDC).unwrap();
    world.deposit("mallory", 500 * USDC).unwrap();
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world.borrow("bob", 200 * USDC).unwrap();
    world.set_dollars("SOL", 10);
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    world.advance(0, 100);
    // When Mallory wants to leave before the recording and to come back after it, then that is refused
    let steps = [
        world.withdraw_instruction("mallory", u64::MAX),
        world.record_bad_debt_instruction("bob"),
        world.deposit_instruction("mallory", 450 * USDC),
    ];
    refused_together(&mut world, &steps, &["mallory"], "PoolOnHold");
    // When she records first, then she leaves with her part of the loss, and can come back
    world.execute_all(&[steps[1].clone(), steps[0].clone(), steps[2].clone()], &["mallory"]).unwrap();
    world.withdraw("mallory", u64::MAX).unwrap();
    let lost = -profit(&mut world, &["mallory"], 10);
    assert!((50_000_000..=50_000_003).contains(&lost), "{lost}");
}

#[test]
fn a_flash_deposit_around_a_refresh_moves_no_limit() {
    // Given a pool that is lent out to 95 %, at half of the stress of utilisation: 60 % is where the limit is going
    let mut setup = Setup::default();
    setup.collaterals[0].parameters.stressed_max_ltv_bps = 4_500;
    let mut world = World::new(setup);
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.deposit_collateral("bob", "SOL", 100 * SOL).unwrap();
    world.borrow("bob", 950 * USDC).unwrap();
    always_so(&mut world);
    world.refresh_risk("SOL").unwrap();
    assert_eq!(world.collateral("SOL").max_ltv.target_bps, 6_000);
    world.wait(3_600);
    world.open_position("mallory").unwrap();
    let before = world.collateral("SOL").risk().limits(world.now());
    // When Mallory lends the pool a million for one transaction, in which she refreshes
    let steps = [
        world.deposit_instruction("mallory", 1_000_000 * USDC),
        world.refresh_risk_instruction("SOL"),
        world.withdraw_instruction("mallory", u64::MAX),
    ];
    world.execute_all(&steps, &["mallory"]).unwrap();
    // Then the limit is what it was, and so is where it heads
    assert_eq!(world.collateral("SOL").max_ltv.target_bps, 6_000);
    assert_eq!(world.collateral("SOL").risk().limits(world.now()), before, "bounded-risk");
}

#[test]
fn a_flash_loan_cannot_be_taken_without_collateral_that_stays() {
    // Given Mallory with no collateral but what she borrows, in one transaction
    let mut world = lent(Setup::default());
    world.open_obligation("mallory").unwrap();
    let steps = [
        world.deposit_collateral_instruction("mallory", "SOL", 10 * SOL),
        world.borrow_instruction("mallory", 200 * USDC),
        world.withdraw_collateral_instruction("mallory", "SOL", 10 * SOL),
    ];
    // Then the transaction is refused whole: prices are needed as long as there is debt
    refused_together(&mut world, &steps, &["mallory"], "MissingPrice");
}

#[test]
fn one_actor_in_all_roles_does_not_profit_from_its_own_default() {
    // Given Mallory, who lends 1,000, insures with 100, and borrows 700 against 31.2 SOL at 30 through Mel
    let mut setup = Setup::default();
    (setup.collaterals[0].parameters.bonus_min_bps, setup.collaterals[0].parameters.bonus_max_bps) = (500, 1_000);
    (setup.parameters.liquidation.insurance_cut_bps, setup.parameters.loss.insurance_share_bps) = (1_000, 5_000);
    let mut world = World::new(setup);
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.stake("sam", 100 * USDC).unwrap();
    world.deposit("mallory", 1_000 * USDC).unwrap();
    world.stake("mallory", 100 * USDC).unwrap();
    world.deposit_collateral("mel", "SOL", 31_200_000_000).unwrap();
    world.borrow("mel", 700 * USDC).unwrap();
    // When SOL falls to 10 and she liquidates, records, pays a part back, claims and leaves everywhere herself
    world.request_unstake("mallory", u64::MAX).unwrap();
    world.set_dollars("SOL", 10);
    world.liquidate("mallory", "mel", "SOL", u64::MAX).unwrap();
    assert_eq!(world.pool().losses, 1);
    world.repay("mel", "mel", 100 * USDC).unwrap();
    world.claim_recovery("mallory", 1).unwrap();
    world.withdraw("mallory", u64::MAX).unwrap();
    world.wait(864_000);
    leave_fund(&mut world, "mallory");
    world.claim_stake_recovery("mallory", 1).unwrap();
    // Then with the SOL at 10 that she holds again, she has what she kept back from the others: the loan less what it
    // was worth less her own part of the loss. By hand: 31.2 SOL bring 312 / 1.05 = 297.142858 (up), the cut is
    // 297.142858 * 5 % * 10 % = 1.485715 (up), so 402.857142 are lost; 100 are recovered. Half of the loss is the
    // fund's, but it holds 200 and the cut, so it pays 201.428571; LPs bear the rest. 50 come back to each side. Each
    // of two LPs is short of (201.428571 - 50) / 2 = 75.714286, each of two stakers of (201.428571 - 1.485715 - 50) / 2
    // = 74.971428. Mel has 700 - 100, Mallory paid 297.142858 + 1.485715; what is left is 700 - 100 - 298.628573 -
    // 75.714286 - 74.971428 = 150.685713 She has her part of what came back to the fund as stake, and takes it out ten
    // days later
    world.request_unstake("mallory", u64::MAX).unwrap();
    world.wait(864_000);
    world.set_dollars("SOL", 10);
    leave_fund(&mut world, "mallory");
    let kept = profit(&mut world, &["mallory", "mel"], 10);
    assert!((150_685_708..=150_685_713).contains(&kept), "{kept}");
    // And the others bore the same as she did in each role: being in all gained her nothing
    world.withdraw("alice", u64::MAX).unwrap();
    world.claim_recovery("alice", 1).unwrap();
    let alice = -profit(&mut world, &["alice"], 10);
    assert!((75_714_285..=75_714_288).contains(&alice), "{alice}");
}

#[test]
fn a_stakers_own_default_that_is_paid_back_shelters_no_stake_and_uses_up_no_cap() {
    // Given a fund of Sam's 50 and Mallory's 50, of which a week's losses draw half at most
    let after = |own_default: bool| {
        let mut setup = Setup::default();
        setup.parameters.loss.draw_cap_bps = 5_000;
        let mut world = World::new(setup);
        world.deposit("alice", 1_000 * USDC).unwrap();
        world.stake("sam", 50 * USDC).unwrap();
        world.stake("mallory", 50 * USDC).unwrap();
        // When she borrows 40 as Mel, has them drawn in a dip of the price, and pays them back before Ben's 200 are
        // lost; she claims after that
        if own_default {
            assert_eq!(lend_and_lose(&mut world, "mel", 40 * USDC).from_stakers, 40 * USDC);
            world.repay("mel", "mel", u64::MAX).unwrap();
            assert_eq!((world.fund().assets, world.fund().window_drawn), (100 * USDC, 0), "one-hand");
        }
        let loss = lend_and_lose(&mut world, "ben", 200 * USDC);
        if own_default {
            world.claim_stake_recovery("sam", 1).unwrap();
            world.claim_stake_recovery("mallory", 1).unwrap();
        }
        vault_holds_what_is_owed(&world);
        (loss.from_insurance, loss.to_lps, ["sam", "mallory", "mel"].map(|name| kept(&mut world, name)))
    };
    // Then the fund pays half of its 100 for it, LPs bear the rest, and she half of what the fund pays, as if she had
    // not. By hand: the 40 bought 40 * 100.000001 / 60.000001 = 66.666666 shares, rounded down, half of them hers;
    // 83.333333 of 166.666666 are worth half of the 50 that are left
    let without = (50 * USDC, 150 * USDC, [usdc(-25), usdc(-25), 0]);
    assert_eq!(after(false), without);
    assert_eq!(after(true), without, "one-hand");
}

#[test]
fn one_who_pays_its_own_loss_back_does_not_leave_before_the_others_can() {
    // Given two LPs of 1,000 each, and Mallory's default on 50 as Mel, 2.5 %, that tripped the breaker: it fades to 1 %
    // in three fifths of a week
    let mut world = World::new(with_breaker());
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.deposit("mallory", 1_000 * USDC).unwrap();
    assert_eq!(lend_and_lose(&mut world, "mel", 50 * USDC).to_lps, 50 * USDC);
    assert_eq!(world.pool().breaker_until, world.now() + 362_880);
    // When she pays it back and withdraws in one transaction, then she is to wait
    let repay = world.repay_instruction("mallory", "mel", u64::MAX);
    let leave = ["alice", "mallory"].map(|name| (name, world.withdraw_instruction(name, u64::MAX)));
    refused_together(&mut world, &[repay.clone(), leave[1].1.clone()], &["mallory"], "NoticeDue");
    // When she only pays, then nothing of it counts any more, and yet it goes on for an hour, for her as for Alice
    world.execute(repay, &["mallory"]).unwrap();
    assert_eq!((world.pool().breaker_losses, world.pool().breaker_until), (0, world.now() + 3_600), "breaker");
    for seconds in [0, 3_599] {
        world.wait(seconds);
        for (name, withdraw) in leave.clone() {
            refused(&mut world, withdraw, &[name], "NoticeDue");
        }
    }
    world.wait(1);
    for (name, withdraw) in leave {
        world.execute(withdraw, &[name]).unwrap();
    }
    // And with their claims, 25 each, both have what they had: 975 were left of their 1,000
    for name in ["alice", "mallory"] {
        world.claim_recovery(name, 1).unwrap();
    }
    assert_eq!(gained(&mut world, "alice", "USDC"), 0);
    assert_eq!(gained(&mut world, "mallory", "USDC") + gained(&mut world, "mel", "USDC"), 0);
    vault_holds_what_is_owed(&world);
}

#[test]
fn a_first_depositor_cannot_inflate_the_share_price() {
    // Given Mallory's first share, and a million that she sends to the vault past the program
    let mut world = World::new(Setup::default());
    world.deposit("mallory", 1).unwrap();
    let (vault, sent) = (world.key().vault, 1_000_000 * USDC);
    let mut account = world.account(&vault).unwrap();
    account.data[64..72].copy_from_slice(&(sent + 1).to_le_bytes());
    world.set_account(vault, account);
    // When Alice deposits, then she gets what she pays for
    world.deposit("alice", 1_000 * USDC).unwrap();
    assert_eq!(shares_of(&mut world, "alice"), 1_000 * USDC);
    world.withdraw("alice", u64::MAX).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), 0);
    // And Mallory gets her unit back and no more
    world.withdraw("mallory", u64::MAX).unwrap();
    assert_eq!(gained(&mut world, "mallory", "USDC"), 0);
}

#[test]
fn a_first_staker_cannot_inflate_the_share_price() {
    // Given Mallory's first share of the fund, and a donation of a million, which buys shares that are the fund's own
    let mut world = World::new(Setup::default());
    world.stake("mallory", 1).unwrap();
    world.fund_insurance("mallory", 1_000_000 * USDC).unwrap();
    // When Sam stakes 1,000, then he gets what he pays for
    world.stake("sam", 1_000 * USDC).unwrap();
    assert_eq!(world.stake_of("sam").unwrap().holder.shares, 1_000 * USDC, "no-windfall");
    world.request_unstake("sam", u64::MAX).unwrap();
    world.request_unstake("mallory", u64::MAX).unwrap();
    world.wait(864_000);
    leave_fund(&mut world, "sam");
    assert_eq!(gained(&mut world, "sam", "USDC"), 0, "no-free-money");
    // And Mallory gets her unit back, and nothing of her donation
    leave_fund(&mut world, "mallory");
    assert_eq!(gained(&mut world, "mallory", "USDC"), usdc(-1_000_000), "no-windfall");
    assert_eq!(world.fund().assets, 1_000_000 * USDC, "no-windfall");
}

#[test]
fn a_borrower_cannot_put_recording_off_with_collateral() {
    // Given Bob, who has nothing left
    let mut world = defaulted(Setup::default());
    // When he adds dust before a keeper comes, then all but that is recorded, and he cannot take it back
    world.deposit_collateral("bob", "SOL", SOL / 20).unwrap(); // half a dollar
    world.record_bad_debt("bob").unwrap();
    assert_eq!((world.pool().losses, world.pool().lost), (1, 99_500_000));
    let take = world.withdraw_collateral_instruction("bob", "SOL", u64::MAX);
    refused(&mut world, take, &["bob"], "LoanToValueExceeded");
    // And more than dust, of another borrower in the same place, is seized by whoever comes, and the rest recorded with
    // it
    let mut world = defaulted(Setup::default());
    world.deposit_collateral("bob", "SOL", SOL).unwrap(); // ten dollars
    let record = world.record_bad_debt_instruction("bob");
    refused(&mut world, record, &[], "CollateralRemains");
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    assert_eq!(world.pool().losses, 1);
    // While a stranger can add nothing to one who holds nothing
    let mut world = defaulted(Setup::default());
    let bob = world.obligation_address("bob");
    let (mallory, wallet, key) = (world.actor("mallory"), world.wallet("mallory", "SOL"), world.collateral_key("SOL"));
    let top_up = verb::deposit_collateral(&key, bob, mallory, wallet, SOL);
    refused(&mut world, top_up, &["mallory"], "WrongOwner");
}

#[test]
fn one_who_holds_a_mark_open_is_recorded_by_anyone() {
    // Given Mallory's debt of 100 with nothing behind it, which keeps Sam in, whose request has matured, while it is
    // marked. She borrowed less than a day ago, which is too recent to be recorded.
    let mut setup = Setup::default();
    setup.parameters.loss.draw_cap_bps = 5_000;
    setup.parameters.loss.min_default_age_slots = 216_000;
    let mut world = staked(setup);
    world.request_unstake("sam", u64::MAX).unwrap();
    world.wait(864_000);
    world.repay("bob", "bob", USDC).unwrap();
    world.borrow("bob", USDC).unwrap();
    world.set_dollars("SOL", 10);
    world.liquidate("mallory", "bob", "SOL", u64::MAX).unwrap();
    let (unstake, record) = (world.execute_unstake_instruction("sam"), world.record_bad_debt_instruction("bob"));
    refused(&mut world, unstake.clone(), &[], "FundOnHold");
    refused(&mut world, record.clone(), &[], "DefaultTooRecent");
    // When she marks it again and again, then that does not make it younger
    for _ in 0..6 {
        world.wait(600);
        world.mark("bob").unwrap();
    }
    // When it was marked an hour ago and Sam records it himself, then he can leave, with his part of the 50 that the
    // fund bore
    world.execute(record, &[]).unwrap();
    world.execute(unstake, &[]).unwrap();
    world.collect_unstake("sam").unwrap();
    assert_eq!(gained(&mut world, "sam", "USDC"), usdc(-30), "hold-ends");
}

#[test]
fn a_borrower_cannot_shield_a_debt_with_a_collateral_that_has_no_price() {
    // Given Bob owes 200 against SOL, and nobody prices ETH for an hour
    let mut world = lent(two_collaterals());
    let eth = world.quote("ETH");
    world.set_price("ETH", eth, 3_600);
    // When he adds ETH, which would keep the SOL from being liquidated, then that is refused, with the price or without
    let shield = world.deposit_collateral_instruction("bob", "ETH", ETH);
    refused(&mut world, shield.clone(), &["bob"], "StalePrice");
    let accounts = shield.accounts[..7].to_vec();
    refused(&mut world, Instruction { accounts, ..shield.clone() }, &["bob"], "MissingPrice");
    // And the debt is liquidated when SOL falls
    world.set_dollars("SOL", 10);
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    // While one who owes nothing needs no price
    world.deposit_collateral("carol", "ETH", ETH).unwrap();
    // And one who holds some ETH cannot add to that, either: it would count as soon as it is more than next to nothing
    let mut world = lent(two_collaterals());
    world.deposit_collateral("bob", "ETH", 1).unwrap();
    world.set_price("ETH", eth, 3_600);
    let shield = world.deposit_collateral_instruction("bob", "ETH", ETH);
    refused(&mut world, shield, &["bob"], "StalePrice");
}

/// What these wallets hold of USDC and of SOL at a price in hundredths of a cent, in base units of USDC.
fn worth(world: &mut World, names: &[String], sol: i128) -> i128 {
    names.iter().map(|name| gained(world, name, "USDC") + gained(world, name, "SOL") * sol / 10_000_000).sum()
}

#[test]
fn a_borrower_takes_nothing_for_free_by_debts_that_dust_covers() {
    // Given shipped limits: 65 % are lent, 75 % liquidated, a bonus of 5 to 10 %, dust of 10 USD; and no minimum of
    // debts
    let mut setup = Setup::default();
    setup.parameters.loss.dust_value = 10_000_000;
    let sol = &mut setup.collaterals[0].parameters;
    (sol.max_ltv_bps, sol.liquidation_threshold_bps) = (6_500, 7_500);
    (sol.bonus_min_bps, sol.bonus_max_bps) = (500, 1_000);
    let mut world = World::new(setup);
    world.deposit("alice", 100_000 * USDC).unwrap();
    let wallets: Vec<String> = (0..10).map(|number| format!("m{number}")).collect();
    // When ten wallets of Mallory's owe 7.497114 each against 11.54 of SOL, which falls by 13.4 %, three times
    let falls = [(300_000, 259_800), (259_800, 224_987), (224_987, 194_839)];
    for ((before, after), units) in falls.into_iter().zip([384_526_559, 444_026_050, 512_731_703]) {
        world.set_price("SOL", Quote { price: before, confidence: 0, exponent: -4 }, 0);
        for name in &wallets {
            world.deposit_collateral(name, "SOL", units).unwrap();
            world.borrow(name, 7_497_114).unwrap();
        }
        world.set_price("SOL", Quote { price: after, confidence: 0, exponent: -4 }, 0);
        world.advance(0, 1);
        let before = worth(&mut world, &wallets, i128::from(after));
        for name in &wallets {
            // Then 9.99 cover that after the least bonus: nobody loses anything
            let record = world.record_bad_debt_instruction(name);
            refused(&mut world, record, &[], "DebtCovered");
            world.liquidate("liz", name, "SOL", u64::MAX).unwrap();
            world.repay(name, name, u64::MAX).unwrap();
            world.withdraw_collateral(name, "SOL", u64::MAX).unwrap();
        }
        // And Mallory has what was hers less the debts and the bonus, which is 5.07 % of 2.4185 each
        let held = i128::from(units) * i128::from(after) / 10_000_000 - 7_497_114;
        let bonus = worth(&mut world, &wallets, i128::from(after)) - before - 10 * held;
        assert!((-1_227_000..=-1_226_000).contains(&bonus), "no-free-money: {bonus}");
    }
    assert_eq!((world.pool().lost, world.pool().debt_shares, nav(&world)), (0, 0, 100_000 * USDC));
}

#[test]
fn a_borrower_cannot_leave_a_debt_behind_that_is_too_small_to_be_liquidated() {
    // Given a minimum of 100, which 5.592859559 SOL at 30 USD carry, of which Mallory repays 92.502886
    let mut setup = Setup::default();
    setup.parameters.liquidation.min_debt = 100 * USDC;
    let mut world = World::new(setup);
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.deposit_collateral("mallory", "SOL", 5_592_859_559).unwrap();
    world.borrow("mallory", 100 * USDC).unwrap();
    world.repay("mallory", "mallory", 92_502_886).unwrap();
    // When she wants to take all but what carries the 7.497114, then what stays must carry 100: 4.444444445 SOL
    let take = world.withdraw_collateral_instruction("mallory", "SOL", 5_208_333_000);
    refused(&mut world, take, &["mallory"], "LoanToValueExceeded");
    let take = world.withdraw_collateral_instruction("mallory", "SOL", 5_592_859_559 - 4_444_444_444);
    refused(&mut world, take, &["mallory"], "LoanToValueExceeded");
    world.withdraw_collateral("mallory", "SOL", 5_592_859_559 - 4_444_444_445).unwrap();
}
