//! Liquidations that take collateral for debt that was written off, where the performing debt is within its limit: what
//! they refuse, then what they do. The least bonus is 5 % unless something else is said, so at 21 USD a SOL brings 20.

use backstop_client::{
    CollateralSlot, Event, Liquidated, Recovered,
    preview::{PricedCollateral, Snapshot},
    verb::{self, Liquidator},
};
use backstop_engine::price::{PriceTimes, Quote, Reading};
use backstop_testkit::{CollateralSetup, Receipt, STARTING_BALANCE, Setup, World, assert_error};
use solana_instruction::Instruction;

use crate::{fixtures::*, tampering::*};

/// SOL with a bonus from 5 % to 15 %, of which a fifth goes to the insurance fund, and ETH without one; insurance pays
/// half of a loss.
fn with_bonus() -> Setup {
    let mut setup = two_collaterals();
    (setup.collaterals[0].parameters.bonus_min_bps, setup.collaterals[0].parameters.bonus_max_bps) = (500, 1_500);
    setup.parameters.liquidation.insurance_cut_bps = 2_000;
    setup.parameters.loss.insurance_share_bps = 5_000;
    setup
}

/// All of Bob's 200 were written off while SOL was worth nothing: Alice bore 100, Sam 60 of his 120, the fund's
/// protocol-owned shares 40 of 80. He owes nothing else, and still has 10 SOL, which are at 30 USD again.
fn written_off() -> World {
    let mut world = World::new(with_bonus());
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.fund_insurance("ines", 80 * USDC).unwrap();
    world.stake("sam", 120 * USDC).unwrap();
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world.borrow("bob", 200 * USDC).unwrap();
    let loss = default_of(&mut world, "bob");
    assert_eq!(
        (loss.loss, loss.to_lps, loss.from_stakers, loss.from_insurance),
        (200 * USDC, 100 * USDC, 60 * USDC, 100 * USDC)
    );
    world.set_dollars("SOL", 30);
    world
}

/// The same, and then Bob borrowed 100 against that and 0.1 ETH at 2,000 USD: 500 carry 375, and 300 count as his debt.
fn borrowed_again() -> World {
    let mut world = written_off();
    world.deposit_collateral("bob", "ETH", ETH / 10).unwrap();
    world.borrow("bob", 100 * USDC).unwrap();
    world
}

/// Without a bonus. Bob's 200 against 10 SOL at 10 USD were marked, and settled an hour later: 100 are written off, 100
/// go on. Then SOL rose.
fn settled_at(dollars: u64) -> World {
    let mut world = marked(Setup::default());
    world.wait(3_600);
    world.record_bad_debt("bob").unwrap();
    assert_eq!((unrecovered(&mut world), debt_of(&mut world, "bob")), (100 * USDC, 100 * USDC));
    world.set_dollars("SOL", dollars);
    world
}

/// Makes the price of a token a day old.
fn let_die(world: &mut World, symbol: &str) {
    world.set_price(symbol, world.quote(symbol), 86_400);
}

/// The same, and reports it, which is an hour ago then.
fn let_die_for_an_hour(world: &mut World, symbol: &str) {
    let_die(world, symbol);
    world.report_price(symbol).unwrap();
    world.wait(3_600);
}

fn liquidate_of(world: &mut World, symbol: &str, max_repay: u64, min_seized: u64) -> Instruction {
    let liz = Liquidator {
        owner: world.actor("liz"),
        source: world.wallet("liz", "USDC"),
        destination: world.wallet("liz", symbol),
    };
    let (bob, prices) = (world.obligation_address("bob"), world.prices("bob"));
    verb::liquidate(world.key(), &world.collateral_key(symbol), bob, &liz, &prices, max_repay, min_seized)
}

/// Refuses Liz, whatever she offers.
#[track_caller]
fn refuses(world: &mut World, symbol: &str, error: &str) {
    let liquidate = liquidate_of(world, symbol, u64::MAX, 0);
    refused(world, liquidate, &["liz"], error);
}

/// What Liz paid and received so far.
fn traded(world: &mut World, symbol: &str) -> (u64, u64) {
    (STARTING_BALANCE - world.balance("liz", "USDC"), world.balance("liz", symbol) - STARTING_BALANCE)
}

/// What was written off of Bob's debt and has not come back.
fn unrecovered(world: &mut World) -> u64 {
    world.obligation("bob").unwrap().unrecovered().get()
}

/// How much Bob holds of a collateral.
fn held(world: &mut World, symbol: &str) -> u64 {
    let key = world.collateral_key(symbol).collateral;
    world.obligation("bob").unwrap().units_of(&key)
}

/// The liquidation and the recoveries that a transaction told of, nothing else, after checking that all that was paid
/// is recovered, that nobody was asked for a cut, and that every recovery adds up.
#[track_caller]
fn reported(receipt: &Receipt) -> (Liquidated, Vec<Recovered>) {
    let [Event::Liquidated(liquidated), rest @ ..] = receipt.events.as_slice() else { panic!("{:?}", receipt.events) };
    let recovered: Vec<_> = rest
        .iter()
        .map(|event| if let Event::Recovered(event) = event { *event } else { panic!("{:?}", receipt.events) })
        .collect();
    for event in &recovered {
        let parts = event.to_lps + event.to_stakers + event.to_protocol + event.to_reserves;
        assert_eq!(event.assets, parts, "waterfall-exact");
    }
    let back: u64 = recovered.iter().map(|event| event.assets).sum();
    assert_eq!((liquidated.repaid, liquidated.insurance_cut), (back, 0), "waterfall-exact");
    (*liquidated, recovered)
}

/// What the client's preview reads.
fn preview_of(world: &World) -> Snapshot {
    let now = world.now();
    let price = |symbol: &str| {
        let times = PriceTimes { first: now, second: now };
        Ok(Reading { quote: world.quote(symbol), times })
    };
    let collaterals = ["SOL", "ETH"].map(|symbol| PricedCollateral {
        address: world.collateral_key(symbol).collateral,
        account: world.collateral(symbol),
        price: price(symbol),
    });
    Snapshot {
        now,
        slot: world.slot(),
        pool: world.pool(),
        fund: world.fund(),
        book: world.loss_book(),
        price: price("USDC"),
        collaterals: collaterals.into(),
    }
}

/// Liz offers so much. `preview-is-execution`: the client says before what is taken, and what every account is
/// afterwards.
#[track_caller]
fn liquidates_as_previewed(world: &mut World, symbol: &str, max_repay: u64) -> (Liquidated, Vec<Recovered>) {
    let (mut preview, mut bob) = (preview_of(world), world.obligation("bob").unwrap());
    let key = world.collateral_key(symbol).collateral;
    let said = preview.liquidate(&mut bob, &key, max_repay).unwrap();
    let before = traded(world, symbol);
    let receipt = world.liquidate("liz", "bob", symbol, max_repay).unwrap();
    let (liquidated, recovered) = reported(&receipt);
    let after = traded(world, symbol);
    assert_eq!((said.paid, said.taken.seize.get()), (after.0 - before.0, after.1 - before.1), "preview-is-execution");
    let taken = (said.taken.repay.get(), said.taken.insurance_cut.get(), u64::from(said.taken.bonus.get()));
    assert_eq!(taken, (liquidated.repaid, liquidated.insurance_cut, liquidated.bonus_bps), "preview-is-execution");
    assert_eq!((said.recorded, said.left), (None, debt_of(world, "bob")), "preview-is-execution");
    let said: Vec<_> = said
        .recovered
        .iter()
        .map(|paid| {
            let to = [paid.to_lps, paid.to_stakers, paid.stake_shares, paid.to_protocol, paid.to_reserves];
            (u64::from(paid.loss), paid.assets, to)
        })
        .collect();
    let done: Vec<_> = recovered
        .iter()
        .map(|paid| {
            let to = [paid.to_lps, paid.to_stakers, paid.stake_shares, paid.to_protocol, paid.to_reserves];
            (paid.loss, paid.assets, to)
        })
        .collect();
    assert_eq!(said, done, "preview-is-execution");
    assert_eq!((preview.pool, preview.fund), (world.pool(), world.fund()), "preview-is-execution");
    assert_eq!((preview.book, bob), (world.loss_book(), world.obligation("bob").unwrap()), "preview-is-execution");
    for (listed, symbol) in preview.collaterals.iter().zip(["SOL", "ETH"]) {
        assert_eq!(listed.account, world.collateral(symbol), "preview-is-execution");
    }
    (liquidated, recovered)
}

#[test]
fn rejects_a_healthy_obligation_of_which_nothing_is_unrecovered() {
    // Given all 200 that were written off have come back, and 100 are owed against 300
    let mut world = written_off();
    world.repay("bob", "bob", 200 * USDC).unwrap();
    refuses(&mut world, "SOL", "ObligationHealthy");
    world.borrow("bob", 100 * USDC).unwrap();
    refuses(&mut world, "SOL", "ObligationHealthy");
}

#[test]
fn rejects_collateral_that_the_performing_debt_needs() {
    // Given 100 that go on, which need 110 / 80 % = 137.50: at 13.75 USD that is all of the 10 SOL, though they are
    // within their limit
    let mut world = settled_at(20);
    set_cents(&mut world, "SOL", 1_375);
    refuses(&mut world, "SOL", "ObligationHealthy");
    // When SOL costs a cent more, then 137.50 / 13.76 = 9.992732559 SOL are needed, rounded up, and the others can be
    // taken
    set_cents(&mut world, "SOL", 1_376);
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    assert_eq!(held(&mut world, "SOL"), 9_992_732_559);
}

#[test]
fn rejects_collateral_that_is_not_held() {
    let mut world = written_off();
    refuses(&mut world, "ETH", "InsufficientCollateral");
}

#[test]
fn rejects_paying_nothing() {
    let mut world = written_off();
    let liquidate = liquidate_of(&mut world, "SOL", 0, 0);
    refused(&mut world, liquidate, &["liz"], "AmountTooSmall");
}

#[test]
fn rejects_less_collateral_than_the_bound() {
    // Given 200 * 1.05 / 30 = 7 SOL to be had
    let mut world = written_off();
    let liquidate = liquidate_of(&mut world, "SOL", u64::MAX, 7 * SOL + 1);
    refused(&mut world, liquidate, &["liz"], "SlippageExceeded");
    let liquidate = liquidate_of(&mut world, "SOL", u64::MAX, 7 * SOL);
    world.execute(liquidate, &["liz"]).unwrap();
}

#[test]
fn rejects_more_than_the_wallet_holds() {
    let mut world = written_off();
    world.set_balance("liz", "USDC", 200 * USDC - 1);
    refuses(&mut world, "SOL", "TokenInsufficientFunds");
}

#[test]
fn rejects_leaving_prices_out() {
    let mut world = borrowed_again();
    let liquidate = liquidate_of(&mut world, "SOL", u64::MAX, 0);
    for count in 0..4 {
        refused(&mut world, liquidate.clone().with_extras(count), &["liz"], "MissingPrice");
    }
}

#[test]
fn rejects_unusable_prices() {
    // Whether there is performing debt or not: what is seized has to be exchanged
    let mut world = borrowed_again();
    let liquidate = liquidate_of(&mut world, "SOL", u64::MAX, 0);
    refuses_unusable_prices(&mut world, &liquidate, &["liz"], &[(0, "USDC"), (1, "SOL"), (3, "ETH")]);
    let mut world = written_off();
    let liquidate = liquidate_of(&mut world, "SOL", u64::MAX, 0);
    refuses_unusable_prices(&mut world, &liquidate, &["liz"], &[(0, "USDC"), (1, "SOL")]);
}

#[test]
fn rejects_a_dead_price_of_what_is_seized() {
    let mut world = borrowed_again();
    let_die_for_an_hour(&mut world, "SOL");
    refuses(&mut world, "SOL", "StalePrice");
}

#[test]
fn rejects_a_dead_price_of_the_liquidity_token() {
    for start in [borrowed_again, written_off] {
        let mut world = start();
        let_die_for_an_hour(&mut world, "USDC");
        refuses(&mut world, "SOL", "StalePrice");
    }
}

#[test]
fn takes_all_collateral_where_nothing_else_is_owed() {
    // Given 10 SOL at 10.50 USD: at a bonus of 5 % they pay 100 of the 200
    let mut world = written_off();
    set_cents(&mut world, "SOL", 1_050);
    let before = world.pool();
    // When Liz offers all she has
    let (liquidated, recovered) = liquidates_as_previewed(&mut world, "SOL", u64::MAX);
    // Then she pays 100 for them, and nothing to the fund on top: nothing-for-nothing
    assert_eq!(traded(&mut world, "SOL"), (100 * USDC, 10 * SOL), "nothing-for-nothing");
    let after = world.pool();
    let event = Liquidated {
        pool: world.key().pool,
        obligation: world.obligation_address("bob"),
        collateral: world.collateral_key("SOL").collateral,
        liquidator: world.actor("liz"),
        repaid: 100 * USDC,
        insurance_cut: 0,
        seized: 10 * SOL,
        bonus_bps: 500,
        debt_shares: 0,
        marked: 0,
        state: state(&before),
    };
    assert_eq!(liquidated, event);
    // And half of what each side bore comes back to it; neither cash nor NAV changes. At 100.000001 / 200.000001 Sam's
    // 30 pay for 59.9999997 shares, and at 130.000001 / 260 the protocol-owned shares' 20 for 39.9999997, both rounded
    // down
    let event = Recovered {
        pool: world.key().pool,
        obligation: world.obligation_address("bob"),
        payer: world.actor("liz"),
        loss: 1,
        assets: 100 * USDC,
        to_lps: 50 * USDC,
        to_stakers: 30 * USDC,
        stake_shares: 59_999_999,
        to_protocol: 20 * USDC,
        to_reserves: 0,
        unrecovered: 100 * USDC,
        breaker_until: 0,
        state: state(&after),
    };
    assert_eq!(recovered, [event]);
    assert_eq!((after.cash, nav(&world), after.unclaimed), (900 * USDC, 900 * USDC, 50 * USDC));
    let fund = world.fund();
    assert_eq!((fund.assets, fund.shares, after.insurance_due), (150 * USDC, 120 * USDC, 0));
    assert_eq!((fund.waiting_shares, fund.protocol_shares), (59_999_999, 80 * USDC + 39_999_999));
    let obligation = world.obligation("bob").unwrap();
    assert_eq!((obligation.written_off, obligation.recovered, obligation.debt_shares), (200 * USDC, 100 * USDC, 0));
    assert_eq!((obligation.held().count(), world.collateral("SOL").deposited), (0, 0));
    assert_eq!(world.balance_at(&world.collateral_key("SOL").vault), 0);
    vault_holds_what_is_owed(&world);
    // And claims pay it out
    world.claim_recovery("alice", 1).unwrap();
    world.claim_stake_recovery("sam", 1).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_000 + 50), "claims-follow");
    assert_eq!(kept(&mut world, "sam"), usdc(-30), "claims-follow");
    vault_holds_what_is_owed(&world);
    // And nothing is left to take
    refuses(&mut world, "SOL", "InsufficientCollateral");
}

#[test]
fn takes_no_more_than_what_is_unrecovered() {
    // Given 10 SOL at 30 USD: 200 * 1.05 / 30 = 7 pay for all that was written off
    let mut world = written_off();
    let (liquidated, recovered) = liquidates_as_previewed(&mut world, "SOL", u64::MAX);
    assert_eq!((liquidated.repaid, liquidated.seized, recovered[0].unrecovered), (200 * USDC, 7 * SOL, 0));
    assert_eq!(recovered.len(), 1);
    // Then nobody takes more, everybody has what they lost, and Bob has the other 3
    refuses(&mut world, "SOL", "ObligationHealthy");
    world.claim_recovery("alice", 1).unwrap();
    world.claim_stake_recovery("sam", 1).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-900), "claims-follow");
    assert_eq!(kept(&mut world, "sam"), 0, "claims-follow");
    assert_eq!((nav(&world), world.fund().assets), (900 * USDC, 100 * USDC + 40 * USDC + 60 * USDC));
    world.withdraw_collateral("bob", "SOL", u64::MAX).unwrap();
    assert_eq!(gained(&mut world, "bob", "SOL"), -7 * i128::from(SOL));
    vault_holds_what_is_owed(&world);
}

#[test]
fn takes_no_more_than_what_is_offered() {
    // 30 * 1.05 / 30 = 1.05 SOL; then what a base unit pays for: 0.000001 * 1.05 / 30 = 0.000000035 SOL
    let mut world = written_off();
    let (liquidated, _) = liquidates_as_previewed(&mut world, "SOL", 30 * USDC);
    assert_eq!((liquidated.repaid, liquidated.seized), (30 * USDC, 1_050_000_000));
    let (liquidated, recovered) = liquidates_as_previewed(&mut world, "SOL", 1);
    assert_eq!((liquidated.repaid, liquidated.seized, recovered[0].unrecovered), (1, 35, 170 * USDC - 1));
    vault_holds_what_is_owed(&world);
}

#[test]
fn pays_the_least_bonus_however_low_the_price() {
    for cents in [100, 1_050, 3_000] {
        let mut world = written_off();
        set_cents(&mut world, "SOL", cents);
        let (liquidated, _) = liquidates_as_previewed(&mut world, "SOL", USDC);
        // A dollar buys 1.05 USD worth, rounded down to a unit of SOL: 1.05, 0.1, 0.035
        assert_eq!((liquidated.bonus_bps, liquidated.repaid), (500, USDC));
        assert_eq!(liquidated.seized, 105 * SOL / cents, "nothing-for-nothing");
    }
}

#[test]
fn nobody_receives_collateral_below_its_price_less_the_bonus() {
    // Given an uneven price, 12.34 USD for 1.05, and offers from a unit to all there is
    let mut world = written_off();
    set_cents(&mut world, "SOL", 1_234);
    for offer in [1, 7, 999, 1_000_003, 33_333_333, u64::MAX] {
        let (liquidated, _) = liquidates_as_previewed(&mut world, "SOL", offer);
        // In 10^-11 of a dollar, a unit of SOL is 1,234 and a unit of USDC 100,000, that buys 105,000
        let (paid, got) = (u128::from(liquidated.repaid) * 105_000, u128::from(liquidated.seized) * 1_234);
        assert!(paid >= got && paid < got + 105_000, "nothing-for-nothing: {paid} for {got}");
    }
    // 123.40 / 1.05 = 117.523809.. in all, each payment rounded up to a unit
    assert_eq!(held(&mut world, "SOL"), 0);
    let paid = 200 * USDC - unrecovered(&mut world);
    assert!((117_523_810..117_523_810 + 6).contains(&paid), "nothing-for-nothing: {paid}");
    vault_holds_what_is_owed(&world);
}

#[test]
fn pays_for_whole_units_of_what_cannot_be_divided() {
    // Given 300 written off against 10 gems at 210 USD, of which each brings 200
    let mut gem = CollateralSetup::new("GEM", 0, 1_000);
    (gem.parameters.bonus_min_bps, gem.parameters.bonus_max_bps) = (500, 500);
    let mut world = World::new(Setup { collaterals: vec![gem], ..Setup::default() });
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.deposit_collateral("bob", "GEM", 10).unwrap();
    world.borrow("bob", 300 * USDC).unwrap();
    make_worthless(&mut world, "GEM");
    world.record_bad_debt("bob").unwrap();
    world.set_dollars("GEM", 210);
    // When Liz offers all she has, then she gets one of the one and a half, and then no second for the last 100
    let bought = world.balance("liz", "GEM");
    world.liquidate("liz", "bob", "GEM", u64::MAX).unwrap();
    assert_eq!((world.balance("liz", "GEM") - bought, gained(&mut world, "liz", "USDC")), (1, usdc(-200)));
    refuses(&mut world, "GEM", "AmountTooSmall");
}

#[test]
fn leaves_what_the_performing_debt_needs_for_its_target() {
    // Given a settlement left 100 written off and 100 against 10 SOL, now at 20 USD: 110 / 80 % / 20 = 6.875 are needed
    let mut world = settled_at(20);
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    // Then 3.125 are taken for 62.50: Bob's debt is at its target, 80 % of 137.50, and 37.50 are unrecovered
    assert_eq!(traded(&mut world, "SOL"), (62_500_000, 3_125_000_000));
    assert_eq!((debt_of(&mut world, "bob"), unrecovered(&mut world)), (100 * USDC, 37_500_000));
    refuses(&mut world, "SOL", "ObligationHealthy");
    // When SOL rises to 25 USD, then 5.5 are needed, and the other 1.375 bring 34.375
    world.set_dollars("SOL", 25);
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    assert_eq!((held(&mut world, "SOL"), unrecovered(&mut world)), (5_500_000_000, 3_125_000));
    // And at 100 USD the last 3.125 cost 0.03125 SOL, of which 1.375 are needed only
    world.set_dollars("SOL", 100);
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    assert_eq!((held(&mut world, "SOL"), unrecovered(&mut world)), (5_468_750_000, 0));
    assert_eq!((debt_of(&mut world, "bob"), world.pool().losses), (100 * USDC, 1));
    vault_holds_what_is_owed(&world);
}

#[test]
fn needs_what_other_collateral_does_not_carry() {
    // Given 100 owed, 10 SOL at 12 USD, and 0.1 ETH at 500 USD, which carries 40 of the 110: the other 70 need 70 / 80
    // % / 12 = 7.291666667 SOL, rounded up
    let mut world = borrowed_again();
    world.set_dollars("SOL", 12);
    world.set_dollars("ETH", 500);
    let (liquidated, recovered) = liquidates_as_previewed(&mut world, "SOL", u64::MAX);
    // Then the other 2.708333333, worth 32.499999996, are taken for 30.952380949 (rounded up) of what was written off
    assert_eq!((liquidated.repaid, liquidated.seized, liquidated.debt_shares), (30_952_381, 2_708_333_333, 100 * USDC));
    assert_eq!(recovered[0].unrecovered, 200 * USDC - 30_952_381);
    assert_eq!(debt_of(&mut world, "bob"), 100 * USDC);
    // And of neither can more be taken: ETH has to carry what SOL does not
    refuses(&mut world, "SOL", "ObligationHealthy");
    refuses(&mut world, "ETH", "ObligationHealthy");
    vault_holds_what_is_owed(&world);
}

#[test]
fn takes_all_of_one_collateral_where_the_other_carries_the_debt() {
    // Given 0.1 ETH at 1,375 USD, which carries 110, exactly the target of 100; at 12 USD, 10 SOL bring 120 / 1.05 =
    // 114.285715 (rounded up)
    let mut world = borrowed_again();
    world.set_dollars("SOL", 12);
    world.set_dollars("ETH", 1_375);
    let (liquidated, _) = liquidates_as_previewed(&mut world, "SOL", u64::MAX);
    assert_eq!((liquidated.repaid, liquidated.seized, held(&mut world, "SOL")), (114_285_715, 10 * SOL, 0));
    refuses(&mut world, "ETH", "ObligationHealthy");
}

#[test]
fn takes_any_collateral_that_is_held() {
    // Given 10 SOL at 30 USD, which carry 240: ETH is not needed. It has no bonus: 0.1 at 1,500 USD for 150
    let mut world = borrowed_again();
    world.set_dollars("ETH", 1_500);
    let (liquidated, recovered) = liquidates_as_previewed(&mut world, "ETH", u64::MAX);
    assert_eq!((liquidated.repaid, liquidated.seized, liquidated.bonus_bps), (150 * USDC, ETH / 10, 0));
    assert_eq!(recovered[0].unrecovered, 50 * USDC);
    assert_eq!((held(&mut world, "ETH"), held(&mut world, "SOL")), (0, 10 * SOL));
}

#[test]
fn judges_the_need_at_the_sides_and_exchanges_at_the_middle() {
    // Given 100 owed against 10 SOL at 20 USD give or take 40 cents: 137.50 / 19.60 = 7.015306123 SOL are needed,
    // rounded up
    let mut world = settled_at(20);
    world.set_price("SOL", Quote { price: 2_000, confidence: 40, exponent: -2 }, 0);
    // Then the other 2.984693877 are exchanged at 20: for 59.69387754
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    assert_eq!(traded(&mut world, "SOL"), (59_693_878, 2_984_693_877));
    // And with USDC at 1 USD give or take a cent, 101 are to be secured: 138.875 / 19.60 would be more than there are
    world.set_price("USDC", Quote { price: 100, confidence: 1, exponent: -2 }, 0);
    refuses(&mut world, "SOL", "ObligationHealthy");
}

#[test]
fn performing_debt_beyond_its_limit_comes_first() {
    // Given 100 owed against 10 SOL at 7 USD and 0.1 ETH at 500 USD: 80 % of 120 are 96, so the bonus is 5 % + 4 %
    let mut world = borrowed_again();
    world.set_dollars("SOL", 7);
    world.set_dollars("ETH", 500);
    // When Liz offers 10, then that is an ordinary liquidation: 10 * 1.09 / 7 SOL, a fifth of 0.90 to the fund, and
    // nothing is recovered
    let receipt = world.liquidate("liz", "bob", "SOL", 10 * USDC).unwrap();
    let Event::Liquidated(event) = only(&receipt) else { panic!("another event") };
    assert_eq!((event.repaid, event.seized, event.bonus_bps), (10 * USDC, 1_557_142_857, 900));
    assert_eq!((event.insurance_cut, event.debt_shares), (180_000, 90 * USDC));
    assert_eq!(unrecovered(&mut world), 200 * USDC);
}

#[test]
fn a_dead_price_of_other_collateral_counts_for_nothing() {
    // Given 100 owed against 10 SOL at 30 USD and 0.1 ETH that nobody prices any more
    let mut world = borrowed_again();
    let_die(&mut world, "ETH");
    refuses(&mut world, "SOL", "StalePrice");
    world.report_price("ETH").unwrap();
    world.wait(3_599);
    refuses(&mut world, "SOL", "StalePrice");
    world.wait(1);
    // When that is known for an hour, then the debt needs 137.50 / 30 = 4.583333334 SOL, rounded up: ETH would carry it
    // all, but may be worth nothing
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    // Then the other 5.416666666, worth 162.49999998, are taken for 154.761905, rounded up
    assert_eq!(traded(&mut world, "SOL"), (154_761_905, 5_416_666_666));
    assert_eq!((debt_of(&mut world, "bob"), unrecovered(&mut world)), (100 * USDC, 200 * USDC - 154_761_905));
    vault_holds_what_is_owed(&world);
}

#[test]
fn a_dead_price_is_in_nobodys_favour_twice() {
    // Given SOL at 12 USD, of which 96 count: it is the dead ETH, at twice its average, that keeps the 100 from being
    // liquidated
    let mut world = borrowed_again();
    world.set_dollars("SOL", 12);
    let_die_for_an_hour(&mut world, "ETH");
    // Then it does not let SOL be taken for what was written off
    refuses(&mut world, "SOL", "ObligationHealthy");
    // And when ETH has a price again, then 10 SOL bring 114.285715, and 0.1 ETH at 2,000 USD secures what is owed
    world.set_dollars("ETH", 2_000);
    let (liquidated, _) = liquidates_as_previewed(&mut world, "SOL", u64::MAX);
    assert_eq!((liquidated.repaid, liquidated.seized), (114_285_715, 10 * SOL));
}

#[test]
fn a_negligible_holding_is_not_taken_and_needs_no_price() {
    // Given 0.000025 ETH, worth 10 cents at twice 2,000 USD, a tenth of the dust value
    let mut world = written_off();
    world.deposit_collateral("bob", "ETH", 2_500).unwrap();
    refuses(&mut world, "ETH", "InsufficientCollateral");
    let_die(&mut world, "ETH");
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    assert_eq!(traded(&mut world, "SOL"), (200 * USDC, 7 * SOL));
    assert_eq!(held(&mut world, "ETH"), 2_500);
}

#[test]
fn pays_the_oldest_loss_first() {
    // Given Bob's losses 1 and 3 of 10 and 20, Ben's 2 of 40, all borne by Alice. Bob has 1.52 SOL, of which each
    // brings 20 at 21 USD
    let mut world = World::new(with_bonus());
    world.deposit("alice", 1_000 * USDC).unwrap();
    for (who, loss) in [("bob", 10), ("ben", 40), ("bob", 20)] {
        lend_and_lose(&mut world, who, loss * USDC);
    }
    world.set_dollars("SOL", 21);
    // When Liz pays 14 for 0.7 SOL, then 10 end the first loss, and 4 begin the third
    let (liquidated, recovered) = liquidates_as_previewed(&mut world, "SOL", 14 * USDC);
    assert_eq!((liquidated.repaid, liquidated.seized), (14 * USDC, 700_000_000));
    let split = |events: &[Recovered]| -> Vec<_> {
        events.iter().map(|paid| (paid.loss, paid.assets, paid.to_lps, paid.unrecovered)).collect()
    };
    assert_eq!(
        split(&recovered),
        [(1, 10 * USDC, 10 * USDC, 20 * USDC), (3, 4 * USDC, 4 * USDC, 16 * USDC)],
        "claims-follow"
    );
    // And the other 16 cost 0.8; the last 0.02 SOL are Bob's, and Ben's loss is Ben's
    let (liquidated, recovered) = liquidates_as_previewed(&mut world, "SOL", u64::MAX);
    assert_eq!((liquidated.repaid, liquidated.seized), (16 * USDC, 800_000_000));
    assert_eq!(split(&recovered), [(3, 16 * USDC, 16 * USDC, 0)], "claims-follow");
    let records: Vec<u64> = world.loss_book().records.iter().map(|record| record.recovered).collect();
    assert_eq!((records, held(&mut world, "SOL")), (vec![10 * USDC, 0, 20 * USDC], 20_000_000));
    assert_eq!(world.obligation("bob").unwrap().first_loss, 0);
    for (loss, assets) in [(1, 10), (3, 20)] {
        let before = world.balance("alice", "USDC");
        world.claim_recovery("alice", loss).unwrap();
        assert_eq!(world.balance("alice", "USDC") - before, assets * USDC, "claims-follow");
    }
    assert_error(world.claim_recovery("alice", 2), "NothingToClaim");
    vault_holds_what_is_owed(&world);
}

#[test]
fn a_loss_without_a_record_comes_back_as_a_donation() {
    // Given a loss below a millionth of 1,000,000, against 0.059999950 SOL
    let mut world = World::new(with_bonus());
    world.deposit("alice", 1_000_000 * USDC).unwrap();
    lend_and_lose(&mut world, "bob", USDC - 1);
    assert_eq!(world.loss_book().count(), 0);
    // When SOL is at 21 USD, then 0.999999 cost 0.04999995 SOL
    world.set_dollars("SOL", 21);
    let (liquidated, recovered) = liquidates_as_previewed(&mut world, "SOL", u64::MAX);
    assert_eq!((liquidated.repaid, liquidated.seized), (USDC - 1, 49_999_950));
    assert_eq!((recovered[0].loss, recovered[0].to_protocol, world.fund().assets), (0, USDC - 1, USDC - 1));
    vault_holds_what_is_owed(&world);
}

#[test]
fn is_open_to_anyone_and_to_the_borrower() {
    let mut world = written_off();
    world.set_dollars("SOL", 21);
    world.liquidate("mallory", "bob", "SOL", 20 * USDC).unwrap();
    assert_eq!(gained(&mut world, "mallory", "SOL"), i128::from(SOL));
    world.liquidate("bob", "bob", "SOL", 20 * USDC).unwrap();
    assert_eq!((gained(&mut world, "bob", "SOL"), unrecovered(&mut world)), (-9 * i128::from(SOL), 160 * USDC));
}

#[test]
fn works_while_the_pool_is_on_hold() {
    // Given a mark of Carol's that holds pool and fund
    let mut world = written_off();
    world.deposit_collateral("carol", "SOL", 10 * SOL).unwrap();
    world.borrow("carol", 200 * USDC).unwrap();
    world.set_dollars("SOL", 10);
    world.mark("carol").unwrap();
    // When Liz takes 2 of Bob's SOL at 10.50 USD, then that pays 20, and the mark stays
    set_cents(&mut world, "SOL", 1_050);
    liquidates_as_previewed(&mut world, "SOL", 20 * USDC);
    assert_eq!((held(&mut world, "SOL"), unrecovered(&mut world)), (8 * SOL, 180 * USDC), "always-open");
    assert!(world.pool().marked > 0 && world.obligation("carol").unwrap().marked > 0, "no-hidden-debt");
    vault_holds_what_is_owed(&world);
}

#[test]
fn secures_a_new_debt_before_the_old_is_paid() {
    // Given 200 written off and 10 SOL at 30 USD, which carry 225: Bob may borrow 25
    let mut world = written_off();
    let borrow = world.borrow_instruction("bob", 25 * USDC + 1);
    refused(&mut world, borrow, &["bob"], "LoanToValueExceeded");
    world.borrow("bob", 25 * USDC).unwrap();
    // When Liz takes what the 200 cost, then 3 SOL are left, which carry 67.50: he can add 42.50
    let (liquidated, _) = liquidates_as_previewed(&mut world, "SOL", u64::MAX);
    assert_eq!((liquidated.seized, liquidated.debt_shares), (7 * SOL, 25 * USDC));
    let borrow = world.borrow_instruction("bob", 42_500_001);
    refused(&mut world, borrow, &["bob"], "LoanToValueExceeded");
    world.borrow("bob", 42_500_000).unwrap();
}

#[test]
fn counts_interest() {
    let start = || {
        let mut setup = with_interest();
        setup.parameters.loss.insurance_share_bps = 5_000;
        let mut world = lent(setup);
        default_of(&mut world, "bob");
        world.set_dollars("SOL", 30);
        world.deposit_collateral("carol", "SOL", 10 * SOL).unwrap();
        world.borrow("carol", 100 * USDC).unwrap();
        world
    };
    counts_interest_first(start, |world| drop(reported(&world.liquidate("liz", "bob", "SOL", 50 * USDC).unwrap())));
}

#[test]
fn needs_interest_to_be_counted_to_see_what_the_debt_needs() {
    // Given 100 that bear 10 % a year besides 100 that were written off, against 10 SOL at 15 USD: 137.50 / 15 are
    // needed, and 0.83 SOL are not
    let start = || {
        let mut setup = Setup::default();
        setup.parameters.rates.base_bps = 1_000;
        let mut world = marked(setup);
        world.wait(3_600);
        world.record_bad_debt("bob").unwrap();
        world.set_dollars("SOL", 15);
        world
    };
    reported(&start().liquidate("liz", "bob", "SOL", u64::MAX).unwrap());
    // When a year passes, then 110.52 are owed, which need 151.96 of 150: within the limit of 120, and nothing is spare
    let mut world = start();
    world.wait(YEAR);
    refuses(&mut world, "SOL", "ObligationHealthy");
    // And at 16 USD something is
    world.set_dollars("SOL", 16);
    let receipt = world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    let (liquidated, _) = reported(&receipt);
    let needed = held(&mut world, "SOL");
    let owed = debt_of(&mut world, "bob");
    // 16 USD are 16,000 base units of USDC for a million of SOL; 80 % of them carry 110 % of the debt, and a unit of
    // SOL less does not
    let carries = |units: u64| u128::from(units) * 16 * 8_000 >= u128::from(owed) * 1_000 * 11_000;
    assert!(carries(needed) && !carries(needed - 1), "{needed} for {owed}");
    assert!(liquidated.repaid > 0 && owed > 110 * USDC);
}

/// Slots that are empty say nothing of a collateral.
#[test]
fn an_emptied_slot_is_free_again() {
    let mut world = written_off();
    set_cents(&mut world, "SOL", 1_050);
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    let slots = world.obligation("bob").unwrap().collaterals;
    assert!(slots.iter().all(|slot: &CollateralSlot| slot.units == 0));
    world.deposit_collateral("bob", "ETH", ETH / 10).unwrap();
    // And what is put there pays the rest: 0.05 ETH at 2,000 USD for 100
    let (liquidated, _) = liquidates_as_previewed(&mut world, "ETH", u64::MAX);
    assert_eq!((liquidated.repaid, liquidated.seized, unrecovered(&mut world)), (100 * USDC, ETH / 20, 0));
}
