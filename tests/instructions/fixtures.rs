//! Where the tests start: pools with a few actors in them.

use backstop_client::{
    AccountData, CollateralParameters, Event, LossRecorded, Parameter, Pool, PoolParameters, PoolState, address,
    verb::{self, CollateralKey, MarketRoles, PoolKey, Target},
};
use backstop_engine::{
    price::Quote,
    quantity::{Assets, Shares},
};
use backstop_testkit::{CollateralSetup, Receipt, STARTING_BALANCE, Setup, World};
use solana_account::Account;
use solana_address::Address;

/// Base units of a USDC.
pub(crate) const USDC: u64 = 1_000_000;
/// Base units of a SOL.
pub(crate) const SOL: u64 = 1_000_000_000;
/// Base units of an ETH.
pub(crate) const ETH: u64 = 100_000_000;
/// Seconds in a year.
pub(crate) const YEAR: u64 = 31_536_000;

/// The default pool, with ETH at 2,000 USD as a second collateral.
pub(crate) fn two_collaterals() -> Setup {
    let mut setup = Setup::default();
    setup.collaterals.push(CollateralSetup::new("ETH", 8, 2_000));
    setup
}

/// The default pool, with so many collaterals at 1 USD in place of SOL: `C0`, `C1` and so on, of six decimals.
pub(crate) fn many_collaterals(count: u32) -> Setup {
    let collaterals = (0..count).map(|index| CollateralSetup::new(&format!("C{index}"), 6, 1)).collect();
    Setup { collaterals, ..Setup::default() }
}

/// USDC against SOL and ETH at 10 % a year, of which a fifth goes to reserves and a tenth to insurance.
pub(crate) fn with_interest() -> Setup {
    let mut setup = two_collaterals();
    let rates = &mut setup.parameters.rates;
    (rates.base_bps, rates.reserve_factor_bps, rates.insurance_factor_bps) = (1_000, 2_000, 1_000);
    setup
}

/// Alice has deposited 1,000, Ines has given 50 to the insurance fund, Bob owes 200 against 10 SOL at 30 USD.
pub(crate) fn lent(setup: Setup) -> World {
    let mut world = World::new(setup);
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.fund_insurance("ines", 50 * USDC).unwrap();
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world.borrow("bob", 200 * USDC).unwrap();
    world
}

/// The same after SOL fell to 10 USD and Liz took all of Bob's for 100: he owes 100 more against nothing, since a
/// minute.
pub(crate) fn defaulted(setup: Setup) -> World {
    defaulted_among(setup, &[])
}

/// The same with further LPs, who deposited so much each before SOL fell.
pub(crate) fn defaulted_among(mut setup: Setup, lps: &[(&str, u64)]) -> World {
    setup.parameters.loss.min_default_age_slots = 100;
    let mut world = lent(setup);
    for (name, assets) in lps {
        world.deposit(name, *assets).unwrap();
    }
    world.set_dollars("SOL", 10);
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    world.advance(0, 100);
    world
}

/// SOL fell to 10 USD: Bob owes 200 against 100.
pub(crate) fn underwater(setup: Setup) -> World {
    let mut world = lent(setup);
    world.set_dollars("SOL", 10);
    world
}

/// The same, marked: 100 are known to stay unpaid, and pool and fund are on hold.
pub(crate) fn marked(setup: Setup) -> World {
    let mut world = underwater(setup);
    world.mark("bob").unwrap();
    world
}

/// SOL falls so far that Bob's 10 bring so many base units less than the 200 that he owes, and that is marked.
pub(crate) fn mark_bob_with(world: &mut World, units: u64) {
    world.set_price("SOL", Quote { price: 200 * USDC - units, confidence: 0, exponent: -7 }, 0);
    world.mark("bob").unwrap();
    assert_eq!(world.pool().marked, units);
}

/// Bob's 100 were recorded: the fund bore 50, all of it a donation, and Alice 50 of her 1,000.
pub(crate) fn recorded(setup: Setup) -> World {
    let mut world = defaulted(setup);
    world.record_bad_debt("bob").unwrap();
    world
}

/// Alice has deposited 1,000, Sam has staked 60 and Sue 40, Bob owes 200 against 10 SOL at 30 USD.
pub(crate) fn staked(setup: Setup) -> World {
    let mut world = World::new(setup);
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.stake("sam", 60 * USDC).unwrap();
    world.stake("sue", 40 * USDC).unwrap();
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world.borrow("bob", 200 * USDC).unwrap();
    world
}

/// SOL falls so far that all of a borrower's debt is recorded as soon as it is old enough: his collateral brings less
/// than a base unit.
pub(crate) fn default_of(world: &mut World, borrower: &str) -> LossRecorded {
    make_worthless(world, "SOL");
    world.advance(0, u64::from(world.pool().parameters.loss.min_default_age_slots));
    let receipt = world.record_bad_debt(borrower).unwrap();
    let Event::LossRecorded(loss) = only(&receipt) else { panic!("another event") };
    assert_eq!(loss.loss, loss.from_reserves + loss.from_insurance + loss.to_lps + loss.uncovered, "waterfall-exact");
    loss
}

/// A borrower takes a loan against SOL at 30 USD and defaults on all of it at once.
pub(crate) fn lend_and_lose(world: &mut World, borrower: &str, assets: u64) -> LossRecorded {
    world.set_dollars("SOL", 30);
    world.deposit_collateral(borrower, "SOL", collateral_for(assets)).unwrap();
    world.borrow(borrower, assets).unwrap();
    default_of(world, borrower)
}

/// A twentieth of a SOL at 30 USD for each USDC, which carries 1.125, and a hundredth more, so that it counts even for
/// a base unit.
fn collateral_for(assets: u64) -> u64 {
    assets * 50 + SOL / 100
}

/// A breaker that trips on LP losses beyond a hundredth of NAV within a week.
pub(crate) fn with_breaker() -> Setup {
    let mut setup = two_collaterals();
    setup.parameters.exit.breaker_limit_bps = 100;
    setup
}

/// Alice lost 50 of 1,000 where 10 is the limit: 50 fade to 10 in four fifths of a week.
pub(crate) fn tripped() -> World {
    let world = recorded(with_breaker());
    assert_eq!(world.pool().breaker_until, world.now() + 483_840);
    world
}

/// A pool in which leaving takes an hour's notice at any time.
pub(crate) fn with_notice() -> Setup {
    let mut setup = Setup::default();
    setup.parameters.exit.notice_seconds = 3_600;
    setup
}

/// `conservation`: the vault holds the pool's cash, what the fund has and is due, and what waits to be claimed or
/// collected; not a unit more.
#[track_caller]
pub(crate) fn vault_holds_what_is_owed(world: &World) {
    let (pool, fund) = (world.pool(), world.fund());
    let waiting = pool.unclaimed + pool.payable;
    let owed = pool.cash + pool.insurance_due + fund.assets + waiting;
    assert_eq!(world.balance_at(&world.key().vault), owed, "conservation");
}

/// What an actor gained or lost of a token since it came.
pub(crate) fn gained(world: &mut World, name: &str, symbol: &str) -> i128 {
    i128::from(world.balance(name, symbol)) - i128::from(STARTING_BALANCE)
}

/// Executes an actor's matured request to withdraw, and collects.
pub(crate) fn leave_pool(world: &mut World, name: &str) {
    world.execute_withdrawal(name).unwrap();
    world.collect_withdrawal(name).unwrap();
}

/// Executes an actor's matured request to leave the fund, and collects.
pub(crate) fn leave_fund(world: &mut World, name: &str) {
    world.execute_unstake(name).unwrap();
    world.collect_unstake(name).unwrap();
}

/// The same of USDC, with what its stake is worth.
pub(crate) fn kept(world: &mut World, name: &str) -> i128 {
    let totals = world.pool().totals_at(world.now()).unwrap();
    let (fund, _) = world.fund().fund().settled(&totals).unwrap();
    let shares = world.stake_of(name).map_or(Shares::ZERO, |stake| stake.shares_in(&world.fund()));
    gained(world, name, "USDC") + i128::from(fund.worth(shares).unwrap().get())
}

/// USDC with a sign.
pub(crate) const fn usdc(whole: i128) -> i128 {
    whole * 1_000_000
}

/// A market that is all in the roles of one, with a timelock of a day.
pub(crate) const fn hands_of(who: Address) -> MarketRoles {
    MarketRoles { authority: who, guardian: who, treasury: who, timelock_seconds: 86_400 }
}

/// The default parameters of a pool, bound to the price of a token that the world has, with nothing that moves with
/// risk.
pub(crate) fn pool_parameters(world: &World, symbol: &str) -> PoolParameters {
    let mut parameters = Setup::default().parameters;
    let (rates, loss, risk) = (&parameters.rates, &parameters.loss, &mut parameters.risk);
    risk.stressed_insurance_factor_bps = rates.insurance_factor_bps;
    risk.stressed_insurance_share_bps = loss.insurance_share_bps;
    parameters.oracle.feed = feed_of(world, symbol);
    parameters
}

/// The same of a collateral.
pub(crate) fn collateral_parameters(world: &World, symbol: &str) -> CollateralParameters {
    let mut parameters = Setup::default().collaterals[0].parameters;
    parameters.stressed_max_ltv_bps = parameters.max_ltv_bps;
    parameters.stressed_threshold_bps = parameters.liquidation_threshold_bps;
    parameters.oracle.feed = feed_of(world, symbol);
    parameters
}

/// The Pyth feed of a token.
pub(crate) fn feed_of(world: &World, symbol: &str) -> [u8; 32] {
    let published = world.account(&world.price_account(symbol)).expect("a published price");
    published.data[41..73].try_into().unwrap()
}

/// Another pool of the same mints, in a market of Mallory's where a change is queued, with a position, an obligation
/// and a stake of every actor named.
pub(crate) struct Neighbour {
    pub(crate) pool: PoolKey,
    pub(crate) sol: CollateralKey,
}

impl Neighbour {
    pub(crate) fn new(world: &mut World, actors: &[&str]) -> Self {
        let (payer, mallory) = (world.payer(), world.actor("mallory"));
        let pool = PoolKey::new(address::market(&mallory, 1), world.key().mint);
        let sol = CollateralKey::new(&pool.pool, world.collateral_key("SOL").mint);
        let (pool_parameters, parameters) = (pool_parameters(world, "USDC"), collateral_parameters(world, "SOL"));
        let prices = ["USDC", "SOL"].map(|symbol| world.price_accounts(symbol));
        let mut run = |instruction, signers: &[&str]| world.execute(instruction, signers).map(drop).unwrap();
        run(verb::create_market(&hands_of(mallory), payer, 1), &["mallory"]);
        run(verb::create_pool(&pool, mallory, payer, &prices[0], pool_parameters), &["mallory"]);
        run(verb::add_collateral(&pool, &sol, mallory, payer, &prices[1], parameters), &["mallory"]);
        let (market, parameter, value) = (pool.market, Parameter::TimelockSeconds, verb::number(90_000));
        let queue = verb::queue_change(market, mallory, payer, Target::Market, u64::MAX, parameter, value);
        run(queue, &["mallory"]);
        for name in actors {
            let owner = world.actor(name);
            world.execute(verb::open_position(&pool, owner, payer), &[]).unwrap();
            world.execute(verb::open_obligation(&pool, owner, payer), &[]).unwrap();
            world.execute(verb::open_stake(&pool, owner, payer), &[]).unwrap();
        }
        Self { pool, sol }
    }

    /// The change that is queued in its market.
    pub(crate) fn change(&self) -> Address {
        address::change(&self.pool.market, u64::MAX)
    }

    pub(crate) fn position(&self, owner: &Address) -> Address {
        address::position(&self.pool.pool, owner)
    }

    pub(crate) fn obligation(&self, owner: &Address) -> Address {
        address::obligation(&self.pool.pool, owner)
    }

    pub(crate) fn stake(&self, owner: &Address) -> Address {
        address::stake(&self.pool.insurance_fund, owner)
    }
}

/// The LP position of an actor.
pub(crate) fn position_of(world: &mut World, name: &str) -> Address {
    let owner = world.actor(name);
    address::position(&world.key().pool, &owner)
}

/// Where an actor's insurance stake is.
pub(crate) fn stake_address(world: &mut World, name: &str) -> Address {
    let owner = world.actor(name);
    address::stake(&world.key().insurance_fund, &owner)
}

/// The shares of an actor.
pub(crate) fn shares_of(world: &mut World, name: &str) -> u64 {
    world.position(name).map_or(0, |position| position.holder.shares)
}

/// The debt of an actor, rounded up, as an instruction now would count it.
pub(crate) fn debt_of(world: &mut World, name: &str) -> u64 {
    let (totals, obligation) = (world.pool().totals_at(world.now()).unwrap(), world.obligation(name).unwrap());
    totals.debt(obligation.debt()).unwrap().get()
}

/// NAV as it is stored.
pub(crate) fn nav(world: &World) -> u64 {
    world.pool().totals().nav().map(Assets::get).unwrap()
}

/// As if the pool had always been used as it is now: the averages of its utilisation and debt are what they would be.
pub(crate) fn always_so(world: &mut World) {
    let pool = world.pool();
    let debt = pool.totals().performing_debt().unwrap().get();
    let utilisation = u128::from(debt) * 1_000_000_000 / u128::from((debt + pool.cash).max(1));
    let pool = Pool { average_utilisation: u64::try_from(utilisation).unwrap() << 12, average_debt: debt, ..pool };
    let at = world.key().pool;
    let account = world.account(&at).unwrap();
    world.set_account(at, Account { data: pool.to_account_data(), ..account });
}

/// What every event tells of the pool.
pub(crate) fn state(pool: &Pool) -> PoolState {
    PoolState {
        borrow_index: pool.borrow_index,
        cash: pool.cash,
        debt_shares: pool.debt_shares,
        shares: pool.shares,
        reserves: pool.reserves,
        insurance_due: pool.insurance_due,
        insurance_owed: pool.insurance_owed,
    }
}

/// What is told of the first loss of 1,000 lent by LPs: Bob owes 100 that nothing covers, and insurance has 50.
pub(crate) fn half_insured_loss(world: &mut World) -> LossRecorded {
    LossRecorded {
        pool: world.key().pool,
        obligation: world.obligation_address("bob"),
        sequence: 1,
        number: 1,
        loss: 100 * USDC,
        from_reserves: 0,
        from_insurance: 50 * USDC,
        from_stakers: 0,
        to_lps: 50 * USDC,
        uncovered: 0,
        shares: 1_000 * USDC,
        share_price_before: 1_000_000_000_000,
        share_price_after: 950_000_000_000,
        generation: 0,
        insurance_assets: 0,
        marked: 0,
        breaker_until: 0,
        state: state(&world.pool()),
    }
}

/// The only event of a transaction.
#[track_caller]
pub(crate) fn only(receipt: &Receipt) -> Event {
    match receipt.events.as_slice() {
        [event] => *event,
        events => panic!("expected one event, got {events:?}"),
    }
}

/// `fresh-totals`: a year later, an instruction leaves the pool as it does when interest was counted just before it.
#[track_caller]
pub(crate) fn counts_interest_first(start: fn() -> World, act: fn(&mut World)) {
    counts_interest_of(YEAR, start, act);
}

/// The same after some seconds.
pub(crate) fn counts_interest_of(seconds: u64, start: fn() -> World, act: fn(&mut World)) {
    let after = |accruing: bool| {
        let mut world = start();
        world.wait(seconds);
        if accruing {
            world.accrue().unwrap();
        }
        act(&mut world);
        assert_eq!(world.pool().accrued_at, world.now(), "fresh-totals");
        world.pool()
    };
    assert_eq!(after(false), after(true), "fresh-totals");
}

/// Bob owes all of Alice's 200, and a year at 100 % has passed: after three terms, a debt share is worth 1 + 1 + 1/2 +
/// 1/6, and so is a share. SOL is still at 30 USD.
pub(crate) fn costly_shares() -> World {
    let mut setup = Setup::default();
    setup.parameters.rates.base_bps = 10_000;
    let mut world = World::new(setup);
    world.deposit("alice", 200 * USDC).unwrap();
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world.borrow("bob", 200 * USDC).unwrap();
    world.wait(YEAR);
    world.accrue().unwrap();
    assert_eq!((nav(&world), world.pool().cash), (533_333_333, 0));
    world
}

/// Alice's 200 were all lent to Bob, SOL is worth nothing any more, and the loss took all of NAV, which leaves nothing
/// of her shares.
pub(crate) fn wiped_out() -> World {
    let mut world = about_to_be_wiped_out();
    world.record_bad_debt("bob").unwrap();
    world
}

/// The same just before the loss is recorded. Bob holds 10 SOL that bring less than a base unit.
pub(crate) fn about_to_be_wiped_out() -> World {
    let mut world = World::new(two_collaterals());
    world.deposit("alice", 200 * USDC).unwrap();
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world.borrow("bob", 200 * USDC).unwrap();
    make_worthless(&mut world, "SOL");
    world
}

/// Sets the least price that there is: 10^-18 USD, at which all the SOL in the world bring nothing.
pub(crate) fn make_worthless(world: &mut World, symbol: &str) {
    world.set_price(symbol, Quote { price: 1, confidence: 0, exponent: -18 }, 0);
}

/// Sets a price in cents.
pub(crate) fn set_cents(world: &mut World, symbol: &str, cents: u64) {
    world.set_price(symbol, Quote { price: cents, confidence: 0, exponent: -2 }, 0);
}
