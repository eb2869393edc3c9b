use backstop_client::{
    Event, Liquidated,
    verb::{self, Liquidator},
};
use backstop_engine::{
    health::Health,
    liquidation::{Debt, Liquidation},
    mark::{Evidence, Mark},
    price::Quote,
    quantity::{Assets, Units},
    waterfall::{self, LossState},
};
use backstop_testkit::{CollateralSetup, Feed, Network, STARTING_BALANCE, Setup, World};
use solana_instruction::Instruction;

use crate::{fixtures::*, tampering::*};

/// SOL fell to 24 USD: Bob owes 200 against 240, of which 80 % count. Liz is about to liquidate him.
fn about_to_liquidate(setup: Setup) -> (World, Instruction) {
    let mut world = lent(setup);
    world.set_dollars("SOL", 24);
    let liquidate = world.liquidate_instruction("liz", "bob", "SOL", u64::MAX);
    (world, liquidate)
}

/// A bonus from 5 % to 15 %, of which a fifth goes to the insurance fund.
fn with_bonus() -> Setup {
    let mut setup = Setup::default();
    (setup.collaterals[0].parameters.bonus_min_bps, setup.collaterals[0].parameters.bonus_max_bps) = (500, 1_500);
    setup.parameters.liquidation.insurance_cut_bps = 2_000;
    setup
}

/// Bob owes 350 against 10 SOL at 20 USD and 0.1 ETH at 2,000 USD. Priced by USDC, SOL, ETH.
fn two_held() -> World {
    two_held_of(two_collaterals())
}

/// The same with rules of one's own.
fn two_held_of(setup: Setup) -> World {
    let mut world = lent(setup);
    world.deposit_collateral("bob", "ETH", ETH / 10).unwrap();
    world.borrow("bob", 150 * USDC).unwrap();
    world.set_dollars("SOL", 20);
    world
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

/// What the engine says of Bob, who holds SOL only.
fn preview(world: &mut World, max_repay: u64) -> Liquidation {
    let (pool, obligation, sol) = (world.pool(), world.obligation("bob").unwrap(), world.collateral("SOL"));
    let usdc = world.quote("USDC");
    let totals = pool.totals_at(world.now()).unwrap();
    let debt = Debt {
        shares: obligation.debt(),
        amount: totals.debt(obligation.debt()).unwrap(),
        price: usdc.upper(6).unwrap(),
        middle: usdc.middle(&usdc.upper(6).unwrap()).unwrap(),
        mark: Mark::NONE,
        evidence: Evidence::BEGUN,
        may_be_marked: true,
        may_default: true,
        defaulted: false,
    };
    let units = Units::new(obligation.units_of(&world.collateral_key("SOL").collateral));
    let holding = sol.holding(units, world.quote("SOL"), world.now()).unwrap();
    let health = Health::of_debt(debt.price.value_up(debt.amount.get()).unwrap()).with(&holding).unwrap();
    let terms = pool.parameters.liquidation_terms();
    terms.size(&totals, &debt, &holding, &health, Assets::new(max_repay)).unwrap()
}

/// What Liz paid and received so far.
fn traded(world: &mut World) -> (u64, u64) {
    (STARTING_BALANCE - world.balance("liz", "USDC"), world.balance("liz", "SOL") - STARTING_BALANCE)
}

#[test]
fn rejects_missing_signature() {
    let (mut world, liquidate) = about_to_liquidate(Setup::default());
    refused(&mut world, liquidate.unsigned("liquidator"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_paying_from_another_ones_wallet() {
    let (mut world, liquidate) = about_to_liquidate(Setup::default());
    let bobs = world.wallet("bob", "USDC");
    refused(&mut world, liquidate.clone().with("source", bobs), &["liz"], "TokenOwnerMismatch");
    let mallory = world.actor("mallory");
    refused(&mut world, liquidate.with("liquidator", mallory), &["mallory"], "TokenOwnerMismatch");
}

#[test]
fn rejects_another_pool() {
    let (mut world, liquidate) = about_to_liquidate(Setup::default());
    let (other, bob) = (Neighbour::new(&mut world, &["bob"]), world.actor("bob"));
    refused(&mut world, liquidate.clone().with("pool", other.pool.pool), &["liz"], "WrongPool");
    refused(&mut world, liquidate.clone().with("obligation", other.obligation(&bob)), &["liz"], "WrongPool");
    refused(&mut world, liquidate.with("collateral", other.sol.collateral), &["liz"], "WrongPool");
}

#[test]
fn rejects_fund_of_another_pool() {
    let (mut world, liquidate) = about_to_liquidate(Setup::default());
    let other = Neighbour::new(&mut world, &[]);
    let fund = other.pool.insurance_fund;
    refused(&mut world, liquidate.with("insurance_fund", fund), &["liz"], "WrongInsuranceFund");
}

#[test]
fn rejects_loss_book_of_another_pool() {
    let (mut world, liquidate) = about_to_liquidate(Setup::default());
    let other = Neighbour::new(&mut world, &[]);
    refused(&mut world, liquidate.with("loss_book", other.pool.loss_book), &["liz"], "WrongLossBook");
}

#[test]
fn rejects_every_other_vault() {
    let (mut world, liquidate) = about_to_liquidate(Setup::default());
    let other = Neighbour::new(&mut world, &[]);
    let wallet = world.wallet("mallory", "USDC");
    for account in ["vault", "collateral_vault"] {
        for vault in [other.pool.vault, other.sol.vault, wallet] {
            refused(&mut world, liquidate.clone().with(account, vault), &["liz"], "WrongVault");
        }
    }
}

#[test]
fn rejects_vaults_as_wallets() {
    let (mut world, liquidate) = about_to_liquidate(Setup::default());
    for (wallet, vault) in [("source", "vault"), ("destination", "collateral_vault"), ("destination", "vault")] {
        let vault = liquidate.address_of(vault);
        let spoilt = liquidate.clone().with(wallet, vault);
        refused(&mut world, spoilt, &["liz"], "ConstraintDuplicateMutableAccount");
    }
}

#[test]
fn rejects_other_mints() {
    let (mut world, liquidate) = about_to_liquidate(Setup::default());
    let (usdc, sol) = (world.key().mint, world.collateral_key("SOL").mint);
    refused(&mut world, liquidate.clone().with("mint", sol), &["liz"], "WrongMint");
    refused(&mut world, liquidate.with("collateral_mint", usdc), &["liz"], "WrongMint");
}

#[test]
fn rejects_token_programs_of_another_kind() {
    let (mut world, liquidate) = about_to_liquidate(Setup::default());
    for account in ["token_program", "collateral_token_program"] {
        refused(&mut world, liquidate.clone().with(account, TOKEN_2022_PROGRAM), &["liz"], "IncorrectProgramId");
    }
}

#[test]
fn rejects_accounts_of_another_kind() {
    let (mut world, liquidate) = about_to_liquidate(Setup::default());
    refuses_other_kinds(
        &mut world,
        &liquidate,
        &["liz"],
        &["pool", "obligation", "insurance_fund", "loss_book", "collateral"],
    );
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, liquidate) = about_to_liquidate(Setup::default());
    for account in ["pool", "obligation", "insurance_fund", "loss_book", "collateral"] {
        let original = liquidate.address_of(account);
        let forged = forged(&mut world, original);
        refused(&mut world, liquidate.clone().with(account, forged), &["liz"], "IllegalOwner");
    }
}

#[test]
fn rejects_healthy_obligation() {
    // Given 80 % of 250, exactly the 200 owed
    let (mut world, liquidate) = about_to_liquidate(Setup::default());
    world.set_dollars("SOL", 25);
    refused(&mut world, liquidate.clone(), &["liz"], "ObligationHealthy");
    // When SOL costs a cent less, then it is liquidated
    set_cents(&mut world, "SOL", 2_499);
    world.execute(liquidate, &["liz"]).unwrap();
}

#[test]
fn rejects_obligation_without_debt() {
    let (mut world, _) = about_to_liquidate(Setup::default());
    world.repay("bob", "bob", u64::MAX).unwrap();
    let liquidate = world.liquidate_instruction("liz", "bob", "SOL", u64::MAX);
    refused(&mut world, liquidate, &["liz"], "ObligationHealthy");
}

#[test]
fn rejects_collateral_that_is_not_held() {
    let (mut world, _) = about_to_liquidate(two_collaterals());
    let liquidate = world.liquidate_instruction("liz", "bob", "ETH", u64::MAX);
    refused(&mut world, liquidate, &["liz"], "InsufficientCollateral");
}

#[test]
fn rejects_repaying_nothing() {
    let (mut world, _) = about_to_liquidate(Setup::default());
    let liquidate = liquidate_of(&mut world, "SOL", 0, 0);
    refused(&mut world, liquidate, &["liz"], "AmountTooSmall");
}

#[test]
fn rejects_repayment_that_seizes_nothing() {
    // Given a collateral of few decimals that costs more than a base unit of USDC per base unit
    let collaterals = vec![CollateralSetup::new("SOL", 2, 30)];
    let mut world = World::new(Setup { collaterals, ..Setup::default() });
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.deposit_collateral("bob", "SOL", 1_000).unwrap();
    world.borrow("bob", 200 * USDC).unwrap();
    world.set_dollars("SOL", 24);
    // When Liz offers less than the 24 cents that a hundredth of a SOL costs
    let liquidate = liquidate_of(&mut world, "SOL", 239_999, 0);
    refused(&mut world, liquidate, &["liz"], "AmountTooSmall");
}

#[test]
fn rejects_less_collateral_than_the_bound() {
    let (mut world, _) = about_to_liquidate(Setup::default());
    let liquidate = liquidate_of(&mut world, "SOL", u64::MAX, 3_888_888_917);
    refused(&mut world, liquidate, &["liz"], "SlippageExceeded");
    let liquidate = liquidate_of(&mut world, "SOL", u64::MAX, 3_888_888_916);
    world.execute(liquidate, &["liz"]).unwrap();
}

#[test]
fn rejects_leaving_a_debt_below_the_minimum() {
    // Given a minimum of 150: restoring the target would leave 106.67, so all must be paid
    let mut setup = Setup::default();
    setup.parameters.liquidation.min_debt = 150 * USDC;
    let (mut world, liquidate) = about_to_liquidate(setup);
    let half = liquidate_of(&mut world, "SOL", 100 * USDC, 0);
    refused(&mut world, half, &["liz"], "DebtBelowMinimum");
    world.execute(liquidate, &["liz"]).unwrap();
    assert_eq!(traded(&mut world), (200 * USDC, 8_333_333_333));
}

#[test]
fn rejects_leaving_prices_out() {
    let mut world = two_held();
    let liquidate = liquidate_of(&mut world, "SOL", u64::MAX, 0);
    for count in 0..4 {
        refused(&mut world, liquidate.clone().with_extras(count), &["liz"], "MissingPrice");
    }
}

#[test]
fn rejects_unusable_prices() {
    let mut world = two_held();
    let liquidate = liquidate_of(&mut world, "SOL", u64::MAX, 0);
    refuses_unusable_prices(&mut world, &liquidate, &["liz"], &[(0, "USDC"), (1, "SOL"), (3, "ETH")]);
}

#[test]
fn rejects_prices_of_each_other() {
    let mut world = two_held();
    let (sol, eth) = (world.price_account("SOL"), world.price_account("ETH"));
    let liquidate = liquidate_of(&mut world, "SOL", u64::MAX, 0);
    refused(&mut world, liquidate.with_extra(1, eth).with_extra(3, sol), &["liz"], "WrongFeed");
}

#[test]
fn rejects_other_collateral_than_the_next_held() {
    let mut world = two_held();
    let (sol, other) = (world.collateral_key("SOL").collateral, Neighbour::new(&mut world, &[]));
    let liquidate = liquidate_of(&mut world, "SOL", u64::MAX, 0);
    let foreign = liquidate.clone().with_extra(2, other.sol.collateral);
    refused(&mut world, foreign, &["liz"], "WrongCollateral");
    refused(&mut world, liquidate.with_extra(2, sol), &["liz"], "ConstraintDuplicateMutableAccount");
}

#[test]
fn rejects_more_than_the_wallet_holds() {
    let (mut world, liquidate) = about_to_liquidate(Setup::default());
    world.set_balance("liz", "USDC", 93_333_333);
    refused(&mut world, liquidate, &["liz"], "TokenInsufficientFunds");
}

#[test]
fn restores_the_target_health() {
    // Given 200 owed against 240, of which 80 % count: (1.1 * 200 - 192) / (1.1 - 0.8) = 93.333334
    let (mut world, liquidate) = about_to_liquidate(Setup::default());
    let preview = preview(&mut world, u64::MAX);
    // When Liz offers all she has
    let receipt = world.execute(liquidate, &["liz"]).unwrap();
    // Then she pays that for as much SOL at 24 USD
    assert_eq!(traded(&mut world), (93_333_334, 3_888_888_916));
    assert_eq!((preview.repay.get(), preview.seize.get()), traded(&mut world), "preview-is-execution");
    let (pool, obligation) = (world.pool(), world.obligation("bob").unwrap());
    let sol = world.collateral_key("SOL");
    assert_eq!((obligation.debt_shares, pool.debt_shares, pool.cash), (106_666_666, 106_666_666, 893_333_334));
    assert_eq!(obligation.units_of(&sol.collateral), 10 * SOL - 3_888_888_916);
    assert_eq!(world.collateral("SOL").deposited, 10 * SOL - 3_888_888_916);
    assert_eq!(world.balance_at(&sol.vault), 10 * SOL - 3_888_888_916);
    assert_eq!(world.balance_at(&world.key().vault), pool.cash + 50 * USDC);
    let event = Liquidated {
        pool: world.key().pool,
        obligation: world.obligation_address("bob"),
        collateral: sol.collateral,
        liquidator: world.actor("liz"),
        repaid: 93_333_334,
        insurance_cut: 0,
        seized: 3_888_888_916,
        bonus_bps: 0,
        debt_shares: 106_666_666,
        marked: 0,
        state: state(&pool),
    };
    assert_eq!(only(&receipt), Event::Liquidated(event));
    // And once more is refused: the target is above the threshold
    let again = world.liquidate_instruction("liz", "bob", "SOL", u64::MAX);
    refused(&mut world, again, &["liz"], "ObligationHealthy");
}

#[test]
fn takes_less_if_less_is_offered() {
    let (mut world, _) = about_to_liquidate(Setup::default());
    world.liquidate("liz", "bob", "SOL", 24 * USDC).unwrap();
    assert_eq!(traded(&mut world), (24 * USDC, SOL));
}

#[test]
fn counts_all_that_it_takes() {
    // Given a debt share worth 2.666.. and 533 owed against 300
    let mut world = costly_shares();
    // When Liz offers 10 base units, which pay for three debt shares
    world.liquidate("liz", "bob", "SOL", 10).unwrap();
    // Then whatever she paid is the pool's cash, to the unit
    let paid = traded(&mut world).0;
    assert_eq!((world.pool().cash, world.balance_at(&world.key().vault)), (paid, paid), "conservation");
}

#[test]
fn takes_all_of_a_debt_that_would_be_below_the_minimum() {
    // Given a minimum of 106.666667, of which 106.666666 would be left
    let mut setup = Setup::default();
    setup.parameters.liquidation.min_debt = 106_666_667;
    let (mut world, liquidate) = about_to_liquidate(setup);
    // When Liz liquidates 200, then nothing is left of the debt, and Bob keeps the rest
    world.execute(liquidate, &["liz"]).unwrap();
    assert_eq!(traded(&mut world), (200 * USDC, 8_333_333_333));
    assert_eq!((world.pool().debt_shares, world.pool().losses), (0, 0));
    world.withdraw_collateral("bob", "SOL", u64::MAX).unwrap();
    assert_eq!(world.balance("bob", "SOL"), STARTING_BALANCE - 8_333_333_333);
}

#[test]
fn pays_a_bonus_that_grows_as_health_falls() {
    // Given health 96 %: 4 % below, so 5 % + 4 %; (1.1 * 200 - 192) / (1.1 - 0.8 * 1.09) = 122.807018
    let (mut world, liquidate) = about_to_liquidate(with_bonus());
    let preview = preview(&mut world, u64::MAX);
    let receipt = world.execute(liquidate, &["liz"]).unwrap();
    // Then 122.807018 * 1.09 / 24 SOL are seized, and a fifth of the bonus is paid on top
    let cut = 2_210_527; // 122.807018 * 0.09 * 0.2, rounded up
    assert_eq!(traded(&mut world), (122_807_018 + cut, 5_577_485_400));
    let Event::Liquidated(event) = only(&receipt) else { panic!("another event") };
    assert_eq!((event.repaid, event.insurance_cut, event.seized), (122_807_018, cut, 5_577_485_400));
    assert_eq!(event.bonus_bps, 900);
    let reported = (event.repaid, event.insurance_cut, event.seized, event.bonus_bps);
    let said = (preview.repay.get(), preview.insurance_cut.get(), preview.seize.get(), u64::from(preview.bonus.get()));
    assert_eq!(reported, said, "preview-is-execution");
    // And the cut waits in the pool's vault, outside of its cash
    let pool = world.pool();
    assert_eq!((pool.cash, pool.insurance_due), (922_807_018, cut));
    assert_eq!(world.balance_at(&world.key().vault), 922_807_018 + cut + 50 * USDC);
    assert_eq!((world.fund().assets, nav(&world)), (50 * USDC, 1_000 * USDC));
}

#[test]
fn starts_the_bonus_at_its_minimum() {
    // Given health 99.99..%
    let (mut world, _) = about_to_liquidate(with_bonus());
    world.set_price("SOL", Quote { price: 24_999_999, confidence: 0, exponent: -6 }, 0);
    let receipt = world.liquidate("liz", "bob", "SOL", USDC).unwrap();
    let Event::Liquidated(event) = only(&receipt) else { panic!("another event") };
    assert_eq!(event.bonus_bps, 501); // 99.99 % after rounding down
}

#[test]
fn caps_the_bonus_by_what_the_collateral_can_pay() {
    // Given 220 against 200: 12 % below, which would be 15 %, but the collateral exceeds the debt by 10 % only. What it
    // brings, 220 / 1.05, is rounded down, so that 105 % of it are a digit less than 220, and exceed the debt by 9.99 %
    let (mut world, liquidate) = about_to_liquidate(with_bonus());
    world.set_dollars("SOL", 22);
    let receipt = world.execute(liquidate, &["liz"]).unwrap();
    let Event::Liquidated(event) = only(&receipt) else { panic!("another event") };
    assert_eq!((event.bonus_bps, world.pool().losses), (999, 0));
    // (1.1 * 200 - 176) / (1.1 - 0.88), as 0.8 * 1.0999 is rounded up to a basis point, are 200: all debt, for 219.98
    // of it, and nobody loses
    assert_eq!((event.repaid, event.seized, event.debt_shares), (200 * USDC, 9_999_090_909, 0));
}

#[test]
fn caps_the_bonus_by_what_other_collateral_covers_of_the_rest() {
    // Given the same 220 against 200, half of it ETH with a bonus of 25 %: 110 / 1.05 and 88 are 192.761.., of which
    // 105 % are 202.4
    let mut setup = two_collaterals();
    for (collateral, least) in setup.collaterals.iter_mut().zip([500, 2_500]) {
        (collateral.parameters.bonus_min_bps, collateral.parameters.bonus_max_bps) = (least, 2_500);
    }
    let mut world = lent(setup);
    world.deposit_collateral("bob", "ETH", ETH / 10).unwrap();
    world.withdraw_collateral("bob", "SOL", 2 * SOL).unwrap();
    set_cents(&mut world, "SOL", 1_375);
    world.set_dollars("ETH", 1_100);
    // When the SOL is taken, then at no more than the least bonus, since 1.2 % of the debt is less: 110 / 1.05 are paid
    let receipt = world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    let Event::Liquidated(event) = receipt.events[0] else { panic!("another event") };
    assert_eq!((event.bonus_bps, event.repaid), (500, 104_761_905));
}

#[test]
fn caps_the_bonus_at_its_maximum() {
    // Given a maximum of 7 %
    let mut setup = with_bonus();
    setup.collaterals[0].parameters.bonus_max_bps = 700;
    let (mut world, liquidate) = about_to_liquidate(setup);
    let receipt = world.execute(liquidate, &["liz"]).unwrap();
    let Event::Liquidated(event) = only(&receipt) else { panic!("another event") };
    assert_eq!(event.bonus_bps, 700);
}

#[test]
fn settles_the_cut_into_the_fund_with_the_next_loss() {
    // Given a cut of 2.210527 that waits since a partial liquidation
    let (mut world, liquidate) = about_to_liquidate(with_bonus());
    world.execute(liquidate, &["liz"]).unwrap();
    let left = 200 * USDC - 122_807_018;
    // When SOL becomes worthless and Bob's rest is recorded
    make_worthless(&mut world, "SOL");
    let receipt = world.record_bad_debt("bob").unwrap();
    // Then the fund pays with it: 52.210527 of 77.192982
    let Event::LossRecorded(event) = only(&receipt) else { panic!("another event") };
    assert_eq!((event.loss, event.from_insurance, event.to_lps), (left, 52_210_527, left - 52_210_527));
    assert_eq!((world.pool().insurance_due, world.fund().assets), (0, 0));
    assert_eq!(world.balance_at(&world.key().vault), world.pool().cash);
}

#[test]
fn records_the_bad_debt_that_it_leaves() {
    // Given 100 of collateral for 200 of debt
    let (mut world, liquidate) = about_to_liquidate(Setup::default());
    world.set_dollars("SOL", 10);
    let (pool, fund) = (world.pool(), world.fund());
    // When Liz liquidates
    let receipt = world.execute(liquidate, &["liz"]).unwrap();
    // Then she takes all for 100, and in the same step 50 of the loss come from insurance and 50 from LPs
    assert_eq!(traded(&mut world), (100 * USDC, 10 * SOL));
    let [Event::Liquidated(liquidated), Event::LossRecorded(loss)] = receipt.events.as_slice() else {
        panic!("expected a liquidation and a loss")
    };
    assert_eq!((liquidated.repaid, liquidated.seized, liquidated.debt_shares), (100 * USDC, 10 * SOL, 100 * USDC));
    let after = world.pool();
    assert_eq!(*loss, half_insured_loss(&mut world));
    assert_eq!((after.cash, after.debt_shares, after.losses), (950 * USDC, 0, 1));
    let obligation = world.obligation("bob").unwrap();
    assert_eq!((obligation.debt_shares, obligation.written_off, obligation.held().count()), (0, 100 * USDC, 0));
    assert_eq!(world.balance_at(&world.key().vault), 950 * USDC);
    assert_eq!(world.fund().assets, 0);
    // And the engine says the same
    let repaid = pool.totals().repay(pool.totals().debt_shares, Assets::new(100 * USDC)).unwrap();
    let (state, terms) = (LossState { totals: repaid.totals, ..pool.loss_state(&fund) }, pool.loss_terms());
    let preview = waterfall::record(&state, &terms, repaid.debt_shares, world.now()).unwrap();
    assert_eq!(after.loss_state(&world.fund()), preview.state, "preview-is-execution");
}

#[test]
fn settles_its_own_cut_before_the_draw() {
    // Given a minimum bonus of 5 %: 100 of collateral pay for 95.238096
    let (mut world, liquidate) = about_to_liquidate(with_bonus());
    world.set_dollars("SOL", 10);
    let receipt = world.execute(liquidate, &["liz"]).unwrap();
    // Then the cut of 0.952381 is in the fund before it pays
    let [Event::Liquidated(liquidated), Event::LossRecorded(loss)] = receipt.events.as_slice() else {
        panic!("expected a liquidation and a loss")
    };
    assert_eq!((liquidated.repaid, liquidated.insurance_cut), (95_238_096, 952_381));
    assert_eq!((liquidated.bonus_bps, liquidated.state.insurance_due), (500, 952_381));
    assert_eq!((loss.loss, loss.from_insurance, loss.to_lps), (104_761_904, 50_952_381, 53_809_523));
    assert_eq!((world.pool().insurance_due, world.fund().assets), (0, 0));
    assert_eq!(world.balance_at(&world.key().vault), world.pool().cash);
}

#[test]
fn leaves_a_debt_that_is_too_recent_to_be_recorded_later() {
    // Given a minimum age of 100 slots
    let mut setup = Setup::default();
    setup.parameters.loss.min_default_age_slots = 100;
    let (mut world, liquidate) = about_to_liquidate(setup);
    world.set_dollars("SOL", 10);
    // When Liz liquidates at once, then nothing is recorded
    world.execute(liquidate, &["liz"]).unwrap();
    assert_eq!((world.pool().losses, debt_of(&mut world, "bob")), (0, 100 * USDC));
    assert_eq!(nav(&world), 1_000 * USDC);
    let record = world.record_bad_debt_instruction("bob");
    refused(&mut world, record.clone(), &[], "DefaultTooRecent");
    // And when the age is reached, then it is
    world.advance(0, 100);
    world.execute(record, &[]).unwrap();
    assert_eq!((world.pool().losses, nav(&world)), (1, 950 * USDC));
}

#[test]
fn seizes_the_collateral_that_the_liquidator_chooses() {
    // Given 350 owed against 200 of SOL and 200 of ETH: (1.1 * 350 - 320) / 0.3 = 216.67 are wanted
    for (symbol, units, left) in [("ETH", ETH / 10, "SOL"), ("SOL", 10 * SOL, "ETH")] {
        let mut world = two_held();
        // When Liz chooses one
        world.liquidate("liz", "bob", symbol, u64::MAX).unwrap();
        // Then she gets all of it for 200, and the other still carries the rest
        assert_eq!(world.balance("liz", symbol), STARTING_BALANCE + units);
        assert_eq!(world.balance("liz", "USDC"), STARTING_BALANCE - 200 * USDC);
        assert_eq!((debt_of(&mut world, "bob"), world.pool().losses), (150 * USDC, 0));
        let held: Vec<_> = world.obligation("bob").unwrap().held().map(|slot| slot.collateral).collect();
        assert_eq!(held, [world.collateral_key(left).collateral]);
    }
}

#[test]
fn records_nothing_while_the_other_collateral_is_worth_more_than_dust() {
    // Given SOL at 1 USD: 10 and 200 against 350
    let mut world = two_held();
    world.set_dollars("SOL", 1);
    // When the SOL is taken, then nothing is recorded
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    assert_eq!((world.pool().losses, debt_of(&mut world, "bob")), (0, 340 * USDC));
    // And when the ETH is taken, then the rest is
    world.liquidate("liz", "bob", "ETH", u64::MAX).unwrap();
    assert_eq!((world.pool().losses, debt_of(&mut world, "bob")), (1, 0));
    assert_eq!(world.obligation("bob").unwrap().written_off, 140 * USDC);
}

#[test]
fn records_what_the_dust_of_the_other_collateral_does_not_cover() {
    // Given ETH at 10 USD, of which Bob has 1 USD worth
    let mut world = two_held();
    world.set_dollars("ETH", 10);
    // When the SOL is taken for 200
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    // Then of the 150 left, 149 are lost, and 1 is owed against the ETH
    assert_eq!((world.pool().losses, world.obligation("bob").unwrap().written_off), (1, 149 * USDC));
    let eth = world.collateral_key("ETH").collateral;
    assert_eq!((debt_of(&mut world, "bob"), world.obligation("bob").unwrap().units_of(&eth)), (USDC, ETH / 10));
    let take = world.withdraw_collateral_instruction("bob", "ETH", 1);
    refused(&mut world, take, &["bob"], "LoanToValueExceeded");
}

#[test]
fn gives_nothing_on_top_when_it_records() {
    // Given 100 of collateral for 200 of debt
    let (mut world, _) = about_to_liquidate(Setup::default());
    world.set_dollars("SOL", 10);
    // When Liz pays for all but 50 cents of it
    world.liquidate("liz", "bob", "SOL", 99_500_000).unwrap();
    // Then she gets what she paid for; 50 cents of debt stay against the rest, and 100 are lost
    assert_eq!(traded(&mut world), (99_500_000, 9_950_000_000));
    assert_eq!((world.obligation("bob").unwrap().written_off, debt_of(&mut world, "bob")), (100 * USDC, 500_000));
    assert_eq!(world.balance_at(&world.collateral_key("SOL").vault), 50_000_000);
}

#[test]
fn gives_one_who_offers_less_what_that_pays_for() {
    // Given 1,950 owed against 100 SOL at 10 USD, with a bonus of 5 % and 10 USD of dust: all of it costs 952.380953
    let scene = || {
        let mut setup = Setup::default();
        (setup.collaterals[0].parameters.bonus_min_bps, setup.collaterals[0].parameters.bonus_max_bps) = (500, 1_000);
        setup.parameters.loss.dust_value = 10_000_000;
        let mut world = World::new(setup);
        world.deposit("alice", 10_000 * USDC).unwrap();
        world.deposit_collateral("bob", "SOL", 100 * SOL).unwrap();
        world.borrow("bob", 1_950 * USDC).unwrap();
        world.set_dollars("SOL", 10);
        world
    };
    // When Liz offers 943, then she gets 943 * 1.05 / 10 = 99.015 SOL, and 0.985 are left, worth 9.85, which is dust
    let mut world = scene();
    world.liquidate("liz", "bob", "SOL", 943 * USDC).unwrap();
    assert_eq!(traded(&mut world), (943 * USDC, 99_015_000_000));
    // Then of the 1,007 left, 9.85 / 1.05 = 9.380952.. are covered and stay, and 997.619048 are lost
    assert_eq!((world.pool().lost, debt_of(&mut world, "bob")), (997_619_048, 9_380_952));
    // And the rest can be bought for its price: (1.1 * 9.380952 - 0.8 * 9.85) / (1.1 - 0.8 * 1.05) = 9.380951 (rounded
    // up) would restore the target, and buy 0.984999855. That leaves a unit, which what is left does not cover
    world.liquidate("mia", "bob", "SOL", u64::MAX).unwrap();
    assert_eq!((gained(&mut world, "mia", "SOL"), gained(&mut world, "mia", "USDC")), (984_999_855, -9_380_951));
    assert_eq!((world.pool().lost, world.pool().debt_shares), (997_619_049, 0));
    // So that as much is lost as where Liz takes all at once, but for two units of rounding
    let mut world = scene();
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    assert_eq!(traded(&mut world), (952_380_953, 100 * SOL));
    assert_eq!((world.pool().lost, world.pool().debt_shares), (997_619_047, 0));
}

#[test]
fn pays_for_whole_units_of_what_cannot_be_divided() {
    // Given 7,500 owed against 10 gems at 930 USD, with a bonus of 5 %
    let mut gem = CollateralSetup::new("GEM", 0, 1_000);
    (gem.parameters.bonus_min_bps, gem.parameters.bonus_max_bps) = (500, 500);
    let mut world = World::new(Setup { collaterals: vec![gem], ..Setup::default() });
    world.deposit("alice", 100_000 * USDC).unwrap();
    world.deposit_collateral("bob", "GEM", 10).unwrap();
    world.borrow("bob", 7_500 * USDC).unwrap();
    world.set_dollars("GEM", 930);
    // When Liz offers all she has: (1.1 * 7,500 - 0.8 * 9,300) / (1.1 - 0.8 * 1.05) = 3,115.384616 would restore the
    // target, for 3.5 gems
    let bought = world.balance("liz", "GEM");
    world.liquidate("liz", "bob", "GEM", u64::MAX).unwrap();
    // Then she gets three, worth 2,790, and pays 2,790 / 1.05, rounded up
    assert_eq!((world.balance("liz", "GEM") - bought, gained(&mut world, "liz", "USDC")), (3, -2_657_142_858));
    assert_eq!((debt_of(&mut world, "bob"), world.pool().losses), (7_500 * USDC - 2_657_142_858, 0));
}

#[test]
fn pays_no_more_than_the_units_received_are_worth() {
    // Given SOL of two decimals at 24 USD: a hundredth costs 24 cents
    let collaterals = vec![CollateralSetup::new("SOL", 2, 30)];
    let mut world = World::new(Setup { collaterals, ..Setup::default() });
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.deposit_collateral("bob", "SOL", 1_000).unwrap();
    world.borrow("bob", 200 * USDC).unwrap();
    world.set_dollars("SOL", 24);
    // When Liz offers 71 cents and 9,999 units, then she pays for two of three
    world.liquidate("liz", "bob", "SOL", 719_999).unwrap();
    assert_eq!(traded(&mut world), (480_000, 2));
    // And a unit more pays for three
    world.liquidate("mia", "bob", "SOL", 720_000).unwrap();
    assert_eq!((gained(&mut world, "mia", "USDC"), gained(&mut world, "mia", "SOL")), (-720_000, 3));
}

#[test]
fn exchanges_at_the_middle_of_both_prices() {
    // Given 200 owed against 10 SOL at 24 USD give or take 40 cents, and USDC at 1 USD give or take a cent. Health is
    // judged at the sides: 202 against 80 % of 236
    let (mut world, _) = about_to_liquidate(Setup::default());
    world.set_price("SOL", Quote { price: 2_400, confidence: 40, exponent: -2 }, 0);
    world.set_price("USDC", Quote { price: 100, confidence: 1, exponent: -2 }, 0);
    // When Liz offers 24, then she gets what that buys at 1 and 24 USD: a SOL, and not 24 * 1.01 / 23.6
    world.liquidate("liz", "bob", "SOL", 24 * USDC).unwrap();
    assert_eq!(traded(&mut world), (24 * USDC, SOL));
}

#[test]
fn exchanges_at_the_middle_of_two_feeds() {
    // Given feeds that say 23.8 and 24.2 for SOL, and 0.99 and 1.01 for USDC
    let mut setup = Setup::default();
    setup.liquidity.second_feed = Some(Network::Switchboard);
    setup.collaterals[0].token.second_feed = Some(Network::Switchboard);
    let mut world = lent(setup);
    for (symbol, first, second) in [("SOL", 2_380, 2_420), ("USDC", 101, 99)] {
        for (feed, price) in [(Feed::First, first), (Feed::Second, second)] {
            world.set_feed(symbol, feed, Quote { price, confidence: 0, exponent: -2 }, 0);
        }
    }
    world.liquidate("liz", "bob", "SOL", 24 * USDC).unwrap();
    assert_eq!(traded(&mut world), (24 * USDC, SOL));
}

#[test]
fn judges_health_at_the_sides_though_it_exchanges_at_the_middle() {
    // Given 200 owed against 250.50 at the middle, of which 80 % are 200.40: healthy, but not at a cent below it
    let (mut world, liquidate) = about_to_liquidate(Setup::default());
    world.set_price("SOL", Quote { price: 2_505, confidence: 0, exponent: -2 }, 0);
    refused(&mut world, liquidate.clone(), &["liz"], "ObligationHealthy");
    world.set_price("SOL", Quote { price: 2_505, confidence: 6, exponent: -2 }, 0);
    // When Liz pays what restores the target at 24.99: (1.1 * 200 - 0.8 * 249.90) / 0.3 = 66.933334 (rounded up)
    world.execute(liquidate.clone(), &["liz"]).unwrap();
    // Then she gets what that buys at 25.05: 2.671989381.. SOL
    assert_eq!(traded(&mut world), (66_933_334, 2_671_989_381));
    refused(&mut world, liquidate, &["liz"], "ObligationHealthy");
}

#[test]
fn marks_the_shortfall_at_the_sides() {
    // Given 10 SOL at 10 USD give or take 20 cents: Liz pays 50 for 5 SOL, and 150 are owed against 5 at 9.80
    let (mut world, _) = about_to_liquidate(Setup::default());
    world.set_price("SOL", Quote { price: 1_000, confidence: 20, exponent: -2 }, 0);
    world.liquidate("liz", "bob", "SOL", 50 * USDC).unwrap();
    assert_eq!(traded(&mut world), (50 * USDC, 5 * SOL));
    assert_eq!(world.obligation("bob").unwrap().marked, 101 * USDC);
}

#[test]
fn each_collateral_has_its_own_bonus() {
    // Given 350 owed against 200 of SOL with a bonus of 5 % and 200 of ETH with 25 %: 80 % of 400 are 320, and health
    // is 91.42 %, 858 basis points below. Both bring 200 / 1.05 and 160, and 105 % of these 350.476190 are 5.14 % more
    // than the debt: so far SOL's bonus grows. ETH's is 25 % at least
    let mut setup = two_collaterals();
    for (collateral, (least, most)) in setup.collaterals.iter_mut().zip([(500, 1_500), (2_500, 2_500)]) {
        (collateral.parameters.bonus_min_bps, collateral.parameters.bonus_max_bps) = (least, most);
    }
    for (symbol, bonus, paid) in [("SOL", 514, 190_222_561), ("ETH", 2_500, 160_000_000)] {
        let mut world = two_held_of(setup.clone());
        let receipt = world.liquidate("liz", "bob", symbol, u64::MAX).unwrap();
        // Then 200 of each pay for 200 / 1.0514 (rounded up) and 200 / 1.25 of debt
        let Event::Liquidated(event) = only(&receipt) else { panic!("another event") };
        assert_eq!((event.bonus_bps, event.repaid), (bonus, paid));
    }
}

#[test]
fn keeps_collateral_worth_more_than_dust() {
    let (mut world, _) = about_to_liquidate(Setup::default());
    world.set_dollars("SOL", 10);
    // When 1.000001 worth is left, then nothing is recorded
    world.liquidate("liz", "bob", "SOL", 98_999_999).unwrap();
    assert_eq!((world.pool().losses, debt_of(&mut world, "bob")), (0, 101_000_001));
    // And when exactly the dust value is, then all but that
    world.liquidate("liz", "bob", "SOL", 1).unwrap();
    assert_eq!((world.pool().lost, debt_of(&mut world, "bob")), (100 * USDC, USDC));
}

#[test]
fn counts_collateral_at_the_lower_and_debt_at_the_upper_price() {
    // Given 80 % of 25 USD, less certain by a cent: 199.92 against 200
    let (mut world, liquidate) = about_to_liquidate(Setup::default());
    world.set_price("SOL", Quote { price: 2_500, confidence: 1, exponent: -2 }, 0);
    world.liquidate("liz", "bob", "SOL", USDC).unwrap();
    // And the same the other way round
    world.set_dollars("SOL", 26);
    refused(&mut world, liquidate.clone(), &["liz"], "ObligationHealthy");
    world.set_price("USDC", Quote { price: 104_500, confidence: 1_000, exponent: -5 }, 0);
    world.execute(liquidate, &["liz"]).unwrap();
}

#[test]
fn is_open_to_anyone_and_to_the_borrower() {
    let (mut world, _) = about_to_liquidate(Setup::default());
    world.liquidate("mallory", "bob", "SOL", 24 * USDC).unwrap();
    assert_eq!(gained(&mut world, "mallory", "SOL"), i128::from(SOL));
    world.liquidate("bob", "bob", "SOL", 24 * USDC).unwrap();
    assert_eq!(world.balance("bob", "SOL"), STARTING_BALANCE - 9 * SOL);
}

#[test]
fn works_down_to_the_last_base_units() {
    // Given a debt of one base unit against collateral that just does not carry it
    let mut setup = Setup::default();
    setup.parameters.loss.dust_value = 0; // nothing is negligible
    let mut world = World::new(setup);
    world.deposit("alice", USDC).unwrap();
    world.deposit_collateral("bob", "SOL", 45).unwrap();
    world.borrow("bob", 1).unwrap();
    world.set_dollars("SOL", 24);
    // When Liz liquidates, then she pays it for what there is
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    assert_eq!((world.pool().debt_shares, world.pool().losses), (0, 0));
}

#[test]
fn works_at_the_largest_amounts() {
    // Given all that wallets hold: 2^60 base units, a trillion dollars
    let mut world = World::new(with_bonus());
    world.deposit("alice", STARTING_BALANCE).unwrap();
    world.set_balance("bob", "SOL", u64::MAX);
    world.set_price("SOL", Quote { price: 100, confidence: 0, exponent: 0 }, 0);
    world.deposit_collateral("bob", "SOL", u64::MAX).unwrap();
    world.borrow("bob", STARTING_BALANCE).unwrap();
    world.set_dollars("SOL", 1);
    // When it is liquidated, then it works, and the loss is recorded
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    assert_eq!((world.pool().losses, world.pool().debt_shares), (1, 0));
}

#[test]
fn counts_interest() {
    let start = || {
        let mut world = lent(with_interest());
        world.set_dollars("SOL", 24);
        world
    };
    counts_interest_first(start, |world| drop(world.liquidate("liz", "bob", "SOL", 50 * USDC).unwrap()));
}

#[test]
fn needs_interest_to_be_counted_to_see_that_a_debt_outgrew_its_collateral() {
    // Given an obligation that only a year of interest makes unhealthy
    let mut world = lent(with_interest());
    world.set_dollars("SOL", 26);
    let liquidate = world.liquidate_instruction("liz", "bob", "SOL", u64::MAX);
    refused(&mut world, liquidate.clone(), &["liz"], "ObligationHealthy");
    world.wait(YEAR);
    world.execute(liquidate, &["liz"]).unwrap();
}

#[test]
fn marks_what_the_rest_is_expected_to_leave_unpaid() {
    // Given 200 owed against 100, of which Liz takes half
    let (mut world, _) = about_to_liquidate(Setup::default());
    world.set_dollars("SOL", 10);
    let receipt = world.liquidate("liz", "bob", "SOL", 50 * USDC).unwrap();
    // Then 150 are owed against 50
    let Event::Liquidated(event) = only(&receipt) else { panic!("another event") };
    assert_eq!((event.marked, world.obligation("bob").unwrap().marked), (100 * USDC, 100 * USDC));
    assert_eq!(world.pool().marked, 100 * USDC, "no-hidden-debt");
}

#[test]
fn updates_the_mark() {
    // Given 100 are marked, and SOL fell to 6 USD
    let mut world = marked(Setup::default());
    world.set_dollars("SOL", 6);
    // When Liz takes half of it for 30, then 170 are owed against 30
    world.liquidate("liz", "bob", "SOL", 30 * USDC).unwrap();
    assert_eq!(world.pool().marked, 140 * USDC, "hold-ends");
}

#[test]
fn ends_the_mark_of_an_obligation_that_it_restores() {
    // Given 100 are marked, and SOL is back at 24 USD: unhealthy still, but it pays
    let mut world = marked(Setup::default());
    world.set_dollars("SOL", 24);
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    assert_eq!(world.pool().marked, 0, "hold-ends");
    assert_eq!(world.obligation("bob").unwrap().marked, 0, "hold-ends");
}

#[test]
fn ends_the_mark_of_what_it_records() {
    // Given 100 are marked
    let mut world = marked(Setup::default());
    let receipt = world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    // Then the loss is the same 100 as without a mark, and nothing is marked any more
    let [Event::Liquidated(liquidated), Event::LossRecorded(loss)] = receipt.events.as_slice() else {
        panic!("expected a liquidation and a loss")
    };
    assert_eq!(*loss, half_insured_loss(&mut world), "hold-ends");
    assert_eq!((liquidated.marked, loss.marked, world.pool().marked), (100 * USDC, 0, 0), "hold-ends");
    // And Alice leaves with her part of what is left: 95 for 100
    world.withdraw("alice", 100 * USDC).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_000 + 95), "hold-ends");
}

#[test]
fn leaves_a_debt_that_is_too_recent_to_be_recorded_marked() {
    // Given a minimum age of 100 slots
    let mut setup = Setup::default();
    setup.parameters.loss.min_default_age_slots = 100;
    let (mut world, liquidate) = about_to_liquidate(setup);
    world.set_dollars("SOL", 10);
    // When Liz takes all collateral at once, then nobody leaves before the 100 are recorded
    world.execute(liquidate, &["liz"]).unwrap();
    assert_eq!((world.pool().losses, world.pool().marked), (0, 100 * USDC), "no-hidden-debt");
    let leave = world.withdraw_instruction("alice", 100 * USDC);
    refused(&mut world, leave, &["alice"], "PoolOnHold");
}

#[test]
fn marks_nothing_in_the_transaction_that_opened_the_debt() {
    // Given two updates of the same feed, one of 30 USD and one of 10
    let mut world = lent(Setup::default());
    world.deposit_collateral("carol", "SOL", 10 * SOL).unwrap();
    let borrow = world.borrow_instruction("carol", 200 * USDC);
    let low = price_at(&mut world, "SOL", 10);
    let liquidate = world.liquidate_instruction("carol", "carol", "SOL", u64::MAX);
    // Carol held SOL only when the instruction was built: liquidity price, SOL price
    let liquidate = liquidate.with_extra(1, low);
    world.execute_all(&[borrow, liquidate], &["carol"]).unwrap();
    // Then neither a loss nor a mark came of it
    assert_eq!((world.pool().losses, world.pool().marked), (0, 0));
    assert_eq!(debt_of(&mut world, "carol"), 100 * USDC);
    // And from the next slot on it can be marked
    world.mark("carol").unwrap();
    assert_eq!(world.pool().marked, 100 * USDC, "no-hidden-debt");
}
