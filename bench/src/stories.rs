//! Short stories in which each instruction runs once under ordinary circumstances: interest to count, rates on, an hour since
//! the last step.

use backstop_client::verb;
use backstop_testkit::{CollateralSetup, Failure, Receipt, Setup, World};

use crate::ledger::Measured;

const USDC: u64 = 1_000_000;
const SOL: u64 = 1_000_000_000;

type Step = Result<Receipt, Failure>;

/// Runs all stories.
pub(crate) fn measure() -> Result<Measured, String> {
    let mut measured = Measured::new();
    measured.insert("program".into(), World::program_size());
    for story in [
        listing,
        lending,
        leaving,
        loss_with_insurance,
        loss_among_many,
        loss_without_insurance,
        liquidations,
        many_collaterals,
    ] {
        story(&mut measured).map_err(|failure| format!("{failure}\n{}", failure.logs.join("\n")))?;
    }
    Ok(measured)
}

fn note(measured: &mut Measured, name: &str, step: Step) -> Result<(), Failure> {
    measured.insert(name.into(), step?.compute_units);
    Ok(())
}

/// A pool with rates, a bonus, reserves and insurance revenue.
fn setup() -> Setup {
    let mut setup = Setup::default();
    let rates = &mut setup.parameters.rates;
    (rates.base_bps, rates.slope1_bps, rates.slope2_bps) = (100, 400, 6_000);
    (rates.reserve_factor_bps, rates.insurance_factor_bps) = (1_000, 500);
    let liquidation = &mut setup.parameters.liquidation;
    (liquidation.bonus_min_bps, liquidation.bonus_max_bps, liquidation.insurance_cut_bps) = (200, 1_000, 1_000);
    liquidation.min_debt = USDC;
    setup.parameters.loss.insurance_share_bps = 5_000;
    setup
}

/// A pool with an LP and a borrower in debt, and an hour passed.
fn with_debt() -> Result<World, Failure> {
    let mut world = World::new(setup());
    world.deposit("alice", 10_000 * USDC)?;
    world.deposit_collateral("bob", "SOL", 100 * SOL)?;
    world.borrow("bob", 1_000 * USDC)?;
    world.wait(3_600);
    Ok(world)
}

fn listing(measured: &mut Measured) -> Result<(), Failure> {
    let setup = setup();
    let mut world = World::empty(&setup);
    let (authority, payer, key) = (world.actor("dao"), world.payer(), *world.key());
    note(measured, "create_market", world.execute(verb::create_market(authority, payer, 0), &["dao"]))?;
    let create_pool = verb::create_pool(&key, authority, payer, setup.parameters);
    note(measured, "create_pool", world.execute(create_pool, &["dao"]))?;
    for collateral in &setup.collaterals {
        let symbol = &collateral.token.symbol;
        let add = verb::add_collateral(&key, &world.collateral_key(symbol), authority, payer, collateral.parameters);
        note(measured, "add_collateral", world.execute(add, &["dao"]))?;
    }
    let (alice, bob) = (world.actor("alice"), world.actor("bob"));
    note(measured, "open_position", world.execute(verb::open_position(&key, alice, payer), &[]))?;
    note(measured, "open_obligation", world.execute(verb::open_obligation(&key, bob, payer), &[]))
}

fn lending(measured: &mut Measured) -> Result<(), Failure> {
    let mut world = with_debt()?;
    note(measured, "deposit", world.deposit("alice", 1_234 * USDC))?;
    world.wait(3_600);
    note(measured, "deposit_collateral", world.deposit_collateral("bob", "SOL", SOL))?;
    note(measured, "borrow, one collateral", world.borrow("bob", 100 * USDC))?;
    world.wait(3_600);
    note(measured, "repay", world.repay("bob", "bob", 100 * USDC))?;
    world.wait(3_600);
    note(measured, "accrue", world.accrue())?;
    note(measured, "fund_insurance", world.fund_insurance("ines", 50 * USDC))
}

fn leaving(measured: &mut Measured) -> Result<(), Failure> {
    let mut world = with_debt()?;
    note(measured, "withdraw", world.withdraw("alice", 1_000 * USDC))?;
    world.wait(3_600);
    note(measured, "withdraw_collateral, with debt", world.withdraw_collateral("bob", "SOL", SOL))?;
    world.deposit_collateral("carol", "SOL", 10 * SOL)?;
    note(measured, "withdraw_collateral, no debt", world.withdraw_collateral("carol", "SOL", verb::ALL))
}

/// A borrower whose collateral was all seized before the debt was old enough to be recorded.
fn stripped(setup: Setup, insurance: u64) -> Result<World, Failure> {
    let mut world = World::new(setup);
    world.deposit("alice", 10_000 * USDC)?;
    if insurance > 0 {
        world.fund_insurance("ines", insurance)?;
    }
    world.deposit_collateral("bob", "SOL", 100 * SOL)?;
    world.borrow("bob", 2_000 * USDC)?;
    world.set_dollars("SOL", 10);
    world.liquidate("liz", "bob", "SOL", verb::ALL)?;
    world.wait(3_600);
    Ok(world)
}

fn loss_with_insurance(measured: &mut Measured) -> Result<(), Failure> {
    let mut setup = setup();
    setup.parameters.loss.min_default_age_slots = 100;
    let mut world = stripped(setup, 1_000 * USDC)?;
    note(measured, "record_bad_debt, draw and writedown", world.record_bad_debt("kim", "bob"))
}

/// The same loss with ever more LPs: the cost must not know.
fn loss_among_many(measured: &mut Measured) -> Result<(), Failure> {
    for strangers in [0, 999, 99_999] {
        let mut setup = setup();
        setup.parameters.loss.min_default_age_slots = 100;
        let mut world = stripped(setup, 1_000 * USDC)?;
        world.spread_shares("alice", strangers, 1);
        let name = format!("record_bad_debt, LP positions: {:>6}", strangers.saturating_add(1));
        note(measured, &name, world.record_bad_debt("kim", "bob"))?;
    }
    Ok(())
}

fn loss_without_insurance(measured: &mut Measured) -> Result<(), Failure> {
    let mut setup = setup();
    setup.parameters.loss.min_default_age_slots = 100;
    (setup.parameters.rates.insurance_factor_bps, setup.parameters.liquidation.insurance_cut_bps) = (0, 0);
    let mut world = stripped(setup, 0)?;
    note(measured, "record_bad_debt, empty fund", world.record_bad_debt("kim", "bob"))
}

fn liquidations(measured: &mut Measured) -> Result<(), Failure> {
    let mut world = with_debt()?;
    world.fund_insurance("ines", 1_000 * USDC)?;
    world.set_dollars("SOL", 12);
    note(measured, "liquidate, in part", world.liquidate("liz", "bob", "SOL", verb::ALL))?;
    world.wait(3_600);
    world.set_dollars("SOL", 5);
    note(measured, "liquidate, recording", world.liquidate("liz", "bob", "SOL", verb::ALL))
}

fn many_collaterals(measured: &mut Measured) -> Result<(), Failure> {
    let mut setup = setup();
    setup.collaterals = ["SOL", "ETH", "BTC", "JUP"].map(|symbol| CollateralSetup::new(symbol, 9, 30)).to_vec();
    let mut world = World::new(setup);
    world.deposit("alice", 10_000 * USDC)?;
    for symbol in ["SOL", "ETH", "BTC", "JUP"] {
        world.deposit_collateral("bob", symbol, 25 * SOL)?;
    }
    world.borrow("bob", 1_000 * USDC)?;
    world.wait(3_600);
    note(measured, "borrow, four collaterals", world.borrow("bob", 100 * USDC))
}
