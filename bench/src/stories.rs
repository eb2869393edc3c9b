//! Short stories in which each instruction runs once under ordinary circumstances: interest to count, rates on, an hour
//! since the last step.

use backstop_client::{PROGRAM_ID, Parameter, PausableOperation, verb};
use backstop_testkit::{CollateralSetup, Failure, Network, Receipt, Setup, World};
use solana_address::Address;

use crate::ledger::Measured;

const USDC: u64 = 1_000_000;
const SOL: u64 = 1_000_000_000;
const SOL_THOUSANDTH: u64 = 1_000_000;

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
        loss_after_many,
        loss_without_insurance,
        liquidations,
        many_collaterals,
        expected_loss,
        recovery,
        histories,
        staking,
        notice,
        risk,
        governance,
    ] {
        story(&mut measured).map_err(|failure| format!("{failure}\n{}", failure.logs.join("\n")))?;
    }
    Ok(measured)
}

fn note(measured: &mut Measured, name: &str, step: Step) -> Result<(), Failure> {
    measured.insert(name.into(), step?.compute_units);
    Ok(())
}

/// A pool with rates, a bonus, reserves, insurance revenue and a loss breaker.
fn setup() -> Setup {
    let mut setup = Setup::default();
    let rates = &mut setup.parameters.rates;
    (rates.base_bps, rates.slope1_bps, rates.slope2_bps) = (100, 400, 6_000);
    (rates.reserve_factor_bps, rates.insurance_factor_bps) = (1_000, 500);
    let liquidation = &mut setup.parameters.liquidation;
    (liquidation.min_debt, liquidation.insurance_cut_bps) = (USDC, 1_000);
    setup.collaterals.iter_mut().for_each(give_bonus);
    setup.parameters.loss.insurance_share_bps = 5_000;
    // Counted at every loss, but not tripped by these.
    (setup.parameters.exit.breaker_limit_bps, setup.parameters.exit.breaker_min_losses) = (500, 100_000 * USDC);
    setup
}

fn give_bonus(collateral: &mut CollateralSetup) {
    (collateral.parameters.bonus_min_bps, collateral.parameters.bonus_max_bps) = (200, 1_000);
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
    let (roles, payer, key) = (world.roles(), world.payer(), *world.key());
    note(measured, "create_market", world.execute(verb::create_market(&roles, payer, 0), &["dao"]))?;
    let create_pool = world.create_pool_instruction(setup.parameters);
    note(measured, "create_pool", world.execute(create_pool, &["dao"]))?;
    for collateral in &setup.collaterals {
        note(measured, "add_collateral", world.add_collateral(collateral))?;
    }
    note(measured, "open_pool", world.open_pool(1_000_000))?;
    let (alice, bob) = (world.actor("alice"), world.actor("bob"));
    note(measured, "open_position", world.execute(verb::open_position(&key, alice, payer), &[]))?;
    note(measured, "open_obligation", world.execute(verb::open_obligation(&key, bob, payer), &[]))
}

fn lending(measured: &mut Measured) -> Result<(), Failure> {
    let mut world = with_debt()?;
    note(measured, "deposit", world.deposit("alice", 1_234 * USDC))?;
    world.wait(3_600);
    note(measured, "deposit_collateral, in debt", world.deposit_collateral("bob", "SOL", SOL))?;
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
    note(measured, "deposit_collateral", world.deposit_collateral("carol", "SOL", SOL))?;
    note(measured, "withdraw_collateral, no debt", world.withdraw_collateral("carol", "SOL", verb::ALL))
}

/// A borrower's collateral is all seized before the debt is old enough to be recorded: it stays, marked. Then it is old
/// enough, but its mark is not due.
fn strip(world: &mut World, borrower: &str) -> Result<(), Failure> {
    world.set_dollars("SOL", 30);
    world.deposit_collateral(borrower, "SOL", 150 * SOL)?;
    world.borrow(borrower, 2_000 * USDC)?;
    world.set_dollars("SOL", 6);
    world.liquidate("liz", borrower, "SOL", verb::ALL)?;
    world.wait(600);
    Ok(())
}

/// A stripped borrower, and a fund that protocol-owned shares founded and that has stakers.
fn stripped(setup: Setup, insurance: u64) -> Result<World, Failure> {
    let mut world = World::new(setup);
    world.deposit("alice", 10_000 * USDC)?;
    if insurance > 0 {
        world.fund_insurance("gus", insurance)?;
        world.stake("ines", insurance)?;
    }
    strip(&mut world, "bob")?;
    Ok(world)
}

/// The first loss whose claim account is found at the first try: each further one costs, and says nothing of the
/// instruction.
fn first_try(holder: &Address) -> u32 {
    let tries =
        |loss: &u32| Address::find_program_address(&[b"claim", holder.as_ref(), &loss.to_le_bytes()], &PROGRAM_ID).1;
    (1..).find(|loss| tries(loss) == u8::MAX).unwrap_or(1)
}

/// The same with what is recovered later, by half, of a first loss: claims of all kinds.
fn half_recovered() -> Result<World, Failure> {
    let mut setup = setup();
    setup.parameters.loss.min_default_age_slots = 100;
    let mut world = stripped(setup, 1_000 * USDC)?;
    world.deposit_collateral("ben", "SOL", 150 * SOL)?; // at 6 USD each
    world.borrow("ben", 500 * USDC)?;
    world.record_bad_debt("bob")?;
    world.wait(3_600);
    world.repay("kim", "bob", 300 * USDC)?;
    world.wait(3_600);
    Ok(world)
}

fn loss_with_insurance(measured: &mut Measured) -> Result<(), Failure> {
    let mut setup = setup();
    setup.parameters.loss.min_default_age_slots = 100;
    let mut world = stripped(setup, 1_000 * USDC)?;
    note(measured, "record_bad_debt, draw and writedown", world.record_bad_debt("bob"))
}

/// The same loss with ever more LPs: the cost must not know.
fn loss_among_many(measured: &mut Measured) -> Result<(), Failure> {
    for strangers in [0, 999, 99_999] {
        let mut setup = setup();
        setup.parameters.loss.min_default_age_slots = 100;
        let mut world = stripped(setup, 1_000 * USDC)?;
        world.spread_shares("alice", strangers, 1);
        let name = format!("record_bad_debt, LP positions: {:>6}", strangers.saturating_add(1));
        note(measured, &name, world.record_bad_debt("bob"))?;
    }
    Ok(())
}

/// The same kind of loss after many losses, recoveries and generations: the cost must not know.
fn loss_after_many(measured: &mut Measured) -> Result<(), Failure> {
    let mut setup = setup();
    setup.parameters.loss.min_default_age_slots = 100;
    setup.parameters.loss.insurance_share_bps = 10_000;
    let mut world = stripped(setup, 1_000 * USDC)?;
    world.extend_history("alice", 24)?;
    world.extend_stake_history("ines", 24)?;
    let mut debtor = String::from("bob");
    for round in 0_u64..20 {
        world.record_bad_debt(&debtor)?;
        // Now and then almost all of it.
        world.repay("kim", &debtor, if round % 3 == 0 { 900 * USDC } else { 7 * USDC })?;
        world.deposit("alice", 1_000 * USDC)?;
        world.stake("ines", 900 * USDC)?;
        debtor = format!("debtor {round}");
        strip(&mut world, &debtor)?;
    }
    note(measured, "record_bad_debt, after 20 losses and recoveries", world.record_bad_debt(&debtor))
}

fn loss_without_insurance(measured: &mut Measured) -> Result<(), Failure> {
    let mut setup = setup();
    setup.parameters.loss.min_default_age_slots = 100;
    (setup.parameters.rates.insurance_factor_bps, setup.parameters.liquidation.insurance_cut_bps) = (0, 0);
    let mut world = stripped(setup, 0)?;
    note(measured, "record_bad_debt, empty fund", world.record_bad_debt("bob"))
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

const FOUR: [&str; 4] = ["SOL", "ETH", "BTC", "JUP"];
const DUST: [&str; 3] = ["ETH", "BTC", "JUP"];

/// Four collaterals, and a second feed of every token or none.
fn four_collaterals(second_feed: Option<Network>) -> Setup {
    let mut setup = setup();
    setup.liquidity.second_feed = second_feed;
    setup.collaterals = FOUR.map(|symbol| CollateralSetup::new(symbol, 9, 30)).to_vec();
    for collateral in &mut setup.collaterals {
        collateral.token.second_feed = second_feed;
        give_bonus(collateral);
    }
    setup
}

/// Somebody in debt against SOL at 30 USD, and six cents each of three more: dust, but not negligible. Then SOL falls.
fn with_dust(setup: Setup) -> Result<World, Failure> {
    let mut world = World::new(setup);
    world.deposit("alice", 10_000 * USDC)?;
    world.stake("ines", 100 * USDC)?;
    world.deposit_collateral("bob", "SOL", 100 * SOL)?;
    for dust in DUST {
        world.deposit_collateral("bob", dust, 2 * SOL_THOUSANDTH)?;
    }
    world.borrow("bob", 2_000 * USDC)?;
    world.wait(3_600);
    world.set_dollars("SOL", 10);
    Ok(world)
}

fn many_collaterals(measured: &mut Measured) -> Result<(), Failure> {
    for (feeds, second_feed) in [("", None), (", two feeds each", Some(Network::Switchboard))] {
        let mut world = World::new(four_collaterals(second_feed));
        world.deposit("alice", 10_000 * USDC)?;
        for symbol in FOUR {
            world.deposit_collateral("bob", symbol, 25 * SOL)?;
        }
        world.borrow("bob", 1_000 * USDC)?;
        world.wait(3_600);
        note(measured, &format!("borrow, four collaterals{feeds}"), world.borrow("bob", 100 * USDC))?;
        world.set_dollars("SOL", 10);
        world.wait(3_600);
        note(measured, &format!("refresh_risk{feeds}"), world.refresh_risk("SOL"))?;

        let mut world = with_dust(four_collaterals(second_feed))?;
        let name = format!("liquidate, recording, four collaterals{feeds}");
        note(measured, &name, world.liquidate("liz", "bob", "SOL", verb::ALL))?;

        let mut setup = four_collaterals(second_feed);
        setup.parameters.loss.min_default_age_slots = 10_000;
        let mut world = with_dust(setup)?;
        world.liquidate("liz", "bob", "SOL", verb::ALL)?;
        world.wait(3_600);
        let name = format!("record_bad_debt, dust of three collaterals{feeds}");
        note(measured, &name, world.record_bad_debt("bob"))?;
    }
    Ok(())
}

fn risk(measured: &mut Measured) -> Result<(), Failure> {
    let mut setup = setup();
    for collateral in &mut setup.collaterals {
        let parameters = &mut collateral.parameters;
        (parameters.stressed_max_ltv_bps, parameters.stressed_threshold_bps) = (5_000, 7_000);
    }
    let risk = &mut setup.parameters.risk;
    (risk.stressed_insurance_factor_bps, risk.stressed_insurance_share_bps) = (3_000, 2_500);
    (risk.target_coverage_bps, risk.max_premium_bps) = (1_000, 1_000);
    let mut world = World::new(setup);
    world.deposit("alice", 10_000 * USDC)?;
    world.deposit_collateral("bob", "SOL", 100 * SOL)?;
    world.borrow("bob", 1_000 * USDC)?;
    for dollars in [30, 25, 20, 16] {
        world.set_dollars("SOL", dollars);
        world.wait(3_600);
        note(measured, "refresh_risk, all moving", world.refresh_risk("SOL"))?;
    }
    world.deposit_collateral("bob", "SOL", 100 * SOL)?;
    world.wait(3_600);
    note(measured, "borrow, limits moving, price capped", world.borrow("bob", 100 * USDC))
}

fn governance(measured: &mut Measured) -> Result<(), Failure> {
    let mut world = with_debt()?;
    let (sol, pool) = (world.target(Some("SOL")), world.target(None));
    let ltv = verb::number(7_000);
    note(measured, "tighten", world.tighten("guardian", Some("SOL"), Parameter::MaxLtvBps, ltv))?;
    let higher = verb::number(7_600);
    note(measured, "queue_change", world.queue_change("dao", sol, 1, Parameter::MaxLtvBps, higher))?;
    world.queue_change("dao", pool, 2, Parameter::BaseBps, verb::number(200))?;
    note(measured, "cancel_change", world.cancel_change("guardian", 2))?;
    note(measured, "propose_authority", world.propose_authority("dao", "council"))?;
    note(measured, "cancel_authority", world.cancel_authority("guardian"))?;
    world.propose_authority("dao", "council")?;
    world.wait(86_400);
    note(measured, "execute_change", world.execute_change("dao", sol, 1))?;
    note(measured, "collect_reserves", world.collect_reserves("dao", verb::ALL))?;
    note(measured, "accept_authority", world.accept_authority("council"))?;
    note(measured, "pause", world.pause("guardian", PausableOperation::Withdraw, 3_600))?;
    note(measured, "unpause", world.unpause("council", PausableOperation::Withdraw))
}

fn expected_loss(measured: &mut Measured) -> Result<(), Failure> {
    let mut world = with_debt()?;
    world.stake("ines", 1_000 * USDC)?;
    world.wait(3_600);
    world.set_dollars("SOL", 5);
    note(measured, "mark, one collateral", world.mark("bob"))?;
    world.wait(3_600);
    note(measured, "repay, with a mark", world.repay("bob", "bob", 100 * USDC))?;
    note(measured, "report_price", world.report_price("SOL"))?;
    world.wait(3_600);
    note(measured, "record_bad_debt, settling", world.record_bad_debt("bob"))?;
    let mut world = World::new(four_collaterals(None));
    world.deposit("alice", 10_000 * USDC)?;
    for symbol in FOUR {
        world.deposit_collateral("bob", symbol, 25 * SOL)?;
    }
    world.borrow("bob", 2_000 * USDC)?;
    world.wait(3_600);
    for symbol in FOUR {
        world.set_dollars(symbol, 10);
    }
    note(measured, "mark, four collaterals", world.mark("bob"))
}

fn recovery(measured: &mut Measured) -> Result<(), Failure> {
    let mut world = half_recovered()?;
    world.open_position("bill")?;
    world.wait(3_600);
    note(measured, "repay, recovering", world.repay("kim", "bob", 50 * USDC))?;
    let (alices, payer, key) = (world.position_address("alice"), world.payer(), *world.key());
    note(measured, "open_claim", world.execute(verb::open_claim(alices, payer, first_try(&alices)), &[]))?;
    note(measured, "claim_recovery", world.claim_recovery("alice", 1))?;
    strip(&mut world, "bob")?;
    world.record_bad_debt("bob")?;
    world.wait(3_600);
    note(measured, "deposit, after a loss", world.deposit("alice", 1_234 * USDC))?;
    note(measured, "transfer_shares", world.transfer_shares("alice", "bill", USDC))?;
    world.wait(3_600);
    note(measured, "repay, recovering two losses", world.repay("kim", "bob", verb::ALL))?;
    note(measured, "claim_stake_recovery", world.claim_stake_recovery("ines", 1))?;
    note(measured, "extend_loss_book", world.execute(verb::extend_loss_book(&key, payer, verb::MORE_RECORDS), &[]))
}

/// An LP and a staker whose shares changed after each of eight losses and more: the cost is logarithmic in these.
fn histories(measured: &mut Measured) -> Result<(), Failure> {
    let mut setup = setup();
    setup.parameters.loss.min_default_age_slots = 100;
    let mut world = stripped(setup, 1_000 * USDC)?;
    world.extend_history("alice", 56)?;
    world.extend_stake_history("ines", 56)?;
    for round in 1_u32..=64 {
        world.record_bad_debt("bob")?;
        world.repay("kim", "bob", verb::ALL)?;
        world.deposit("alice", 1_000 * USDC)?;
        world.stake("ines", 900 * USDC)?;
        if round == 8 || round == 64 {
            world.wait(3_600);
            let rows = if round == 8 { "eight" } else { "sixty-four" };
            for (name, loss) in [("first", round.saturating_sub(7)), ("last", round)] {
                let name = format!("{name} of a history of {rows}");
                note(measured, &format!("claim_recovery, {name}"), world.claim_recovery("alice", loss))?;
                note(measured, &format!("claim_stake_recovery, {name}"), world.claim_stake_recovery("ines", loss))?;
            }
            note(measured, &format!("withdraw, history of {rows}"), world.withdraw("alice", USDC))?;
        }
        strip(&mut world, "bob")?;
    }
    note(measured, "trim_history", world.trim_history("alice", 32))?;
    note(measured, "extend_history", world.extend_history("alice", 1))
}

fn staking(measured: &mut Measured) -> Result<(), Failure> {
    let mut world = half_recovered()?;
    let (ida, payer, key) = (world.actor("ida"), world.payer(), *world.key());
    note(measured, "open_stake", world.execute(verb::open_stake(&key, ida, payer), &[]))?;
    note(measured, "stake", world.stake("ines", 123 * USDC))?;
    strip(&mut world, "bob")?;
    world.wait(3_600);
    note(measured, "request_unstake", world.request_unstake("ines", 100 * USDC))?;
    world.record_bad_debt("bob")?;
    world.wait(864_000);
    note(measured, "execute_unstake, after a loss", world.execute_unstake("ines"))?;
    world.request_unstake("ines", 100 * USDC)?;
    world.wait(864_000);
    note(measured, "execute_unstake", world.execute_unstake("ines"))?;
    note(measured, "collect", world.collect_unstake("ines"))
}

fn notice(measured: &mut Measured) -> Result<(), Failure> {
    let mut setup = setup();
    setup.parameters.exit.notice_seconds = 3_600;
    let mut world = World::new(setup);
    world.deposit("alice", 10_000 * USDC)?;
    world.deposit_collateral("bob", "SOL", 100 * SOL)?;
    world.borrow("bob", 1_000 * USDC)?;
    note(measured, "request_withdrawal", world.request_withdrawal("alice", 2_000 * USDC))?;
    world.wait(3_600);
    note(measured, "execute_withdrawal", world.execute_withdrawal("alice"))
}
