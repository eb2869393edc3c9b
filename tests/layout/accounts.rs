//! Every byte of every account, written down field by field and compared with what the program stored.

use backstop_client::{
    AveragePrice, CollateralParameters, Parameter, PausableOperation, RiskRamp, address,
    verb::{self, MarketRoles, Target},
};
use backstop_engine::price::Quote;
use backstop_testkit::{CollateralSetup, Feed, Network, Setup, World};
use sha2::{Digest, Sha256};
use solana_address::Address;

/// The first eight bytes of the hash of a name.
pub(crate) fn discriminator(name: &str) -> [u8; 8] {
    Sha256::digest(name)[..8].try_into().unwrap()
}

/// An account's bytes, so far.
struct Bytes(Vec<u8>);

impl Bytes {
    fn of(account: &str) -> Self {
        Self(discriminator(&format!("account:{account}")).to_vec())
    }

    /// The next field, which begins at this offset.
    fn at(mut self, offset: usize, field: impl AsRef<[u8]>) -> Self {
        assert_eq!(self.0.len(), offset, "the field before ends elsewhere");
        self.0.extend(field.as_ref());
        self
    }

    /// Zeros from this offset to the end.
    fn spare(mut self, offset: usize, size: usize) -> Self {
        assert_eq!(self.0.len(), offset, "the field before ends elsewhere");
        self.0.resize(size, 0);
        self
    }

    #[track_caller]
    fn assert_stored(&self, world: &World, address: &Address) {
        let stored = world.account(address).expect("an account").data;
        assert_eq!(stored.len(), self.0.len(), "size");
        let different = stored.iter().zip(&self.0).position(|(stored, expected)| stored != expected);
        assert_eq!(different, None, "the offset of the first byte that differs");
    }
}

/// A pool in which no two numbers are equal: 1,000 deposited, 200 lent against SOL and ETH, 30 staked on a donation of
/// 20, two years of interest, one loss of some 20 that was marked for [`FIRST_HOLD`] seconds, that reserves, the fund
/// and LPs share and of which 14 are recovered. BTC was listed when the pool was not empty. Right after the loss it
/// rose by three tenths, and USDC by a hundredth; then, after [`MOVED`] seconds, everything was paused one after
/// another, a second apart. [`LATELY`] seconds ago Bob was marked; then not, for 25 seconds; then so little that only
/// the fund was on hold, since 12 seconds; then pool and fund, since 7. Now nobody can price USDC and BTC.
fn lived_in() -> World {
    let mut setup = Setup::default();
    setup.collaterals.push(CollateralSetup::new("ETH", 8, 2_000));
    let (loss, liquidation) = (&mut setup.parameters.loss, &mut setup.parameters.liquidation);
    (loss.dust_value, loss.min_default_age_slots, loss.hold_seconds) = (2_000_000, 3, 3_599);
    (loss.insurance_share_bps, loss.draw_cap_bps) = (5_000, 9_998);
    liquidation.min_debt = 1_000;
    (liquidation.insurance_cut_bps, liquidation.target_health_bps) = (2_000, 11_001);
    let exit = &mut setup.parameters.exit;
    (exit.breaker_min_losses, exit.breaker_limit_bps, exit.window_seconds) = (123, 1, 604_802);
    (exit.breaker_notice_seconds, exit.notice_seconds) = (86_398, 3_601);
    setup.parameters.insurance.cooldown_seconds = 864_001;
    let rates = &mut setup.parameters.rates;
    (rates.base_bps, rates.slope1_bps, rates.kink_bps, rates.slope2_bps) = (1_000, 1, 8_001, 6_001);
    (rates.reserve_factor_bps, rates.insurance_factor_bps) = (1_999, 999);
    setup.liquidity.second_feed = Some(Network::Pyth);
    let oracle = &mut setup.parameters.oracle;
    oracle.max_age_seconds = 61;
    (oracle.max_confidence_bps, oracle.max_divergence_bps) = (199, 299);
    let risk = &mut setup.parameters.risk;
    (risk.average_seconds, risk.max_premium_bps, risk.target_coverage_bps) = (86_401, 9_996, 9_001);
    (risk.stressed_insurance_factor_bps, risk.stressed_insurance_share_bps) = (2_999, 4_001);
    let caps = &mut setup.parameters.caps;
    (caps.pool_deposit_cap, caps.borrow_cap, caps.released_reserves) = (u64::MAX - 1, u64::MAX - 2, u64::MAX - 3);
    let mut world = World::new(setup);
    world.fund_insurance("ines", 20_000_000).unwrap();
    world.stake("sam", 30_000_000).unwrap();
    world.deposit("alice", 1_000_000_000).unwrap();
    let btc = bitcoin();
    world.add_token(&btc.token);
    world.add_collateral(&btc).unwrap();
    world.deposit_collateral("bob", "SOL", 10_000_000_000).unwrap();
    world.deposit_collateral("bob", "ETH", 1_000_000).unwrap();
    world.borrow("bob", 180_000_000).unwrap();
    world.deposit_collateral("carol", "ETH", 1_500_000).unwrap();
    world.borrow("carol", 20_000_000).unwrap();
    world.wait(31_536_000);
    world.set_price("ETH", WORTHLESS, 0);
    world.mark("carol").unwrap();
    world.wait(FIRST_HOLD);
    world.record_bad_debt("carol").unwrap();
    world.repay("carol", "carol", 14_000_000).unwrap();
    world.request_withdrawal("alice", 77_000_000).unwrap();
    world.request_unstake("sam", 7_000_000).unwrap();
    world.set_dollars("ETH", 2_000);
    world.deposit_collateral("dave", "BTC", 5_000_000).unwrap();
    world.set_dollars("BTC", 130_000);
    world.set_price("USDC", Quote { price: 101, confidence: 0, exponent: -2 }, 0);
    world.refresh_risk("BTC").unwrap();
    world.wait(MOVED);
    for (feed, age) in [(Feed::First, 1), (Feed::Second, 2)] {
        world.set_feed("BTC", feed, world.quote("BTC"), age);
    }
    world.refresh_risk("BTC").unwrap();
    for (seconds, what) in (3_601..).zip(PausableOperation::ALL) {
        world.pause("guardian", *what, seconds).unwrap();
        world.wait(1);
    }
    world.tighten("guardian", Some("BTC"), Parameter::MaxLtvBps, verb::number(7_502)).unwrap();
    world.set_price("USDC", Quote { price: 1_000, confidence: 0, exponent: -3 }, 0);
    for (feed, age) in [(Feed::First, 3), (Feed::Second, 4)] {
        world.set_feed("USDC", feed, world.quote("USDC"), age);
    }
    let later = 31_536_000 - MOVED - 4 - LATELY;
    for (seconds, missing) in [(later, 30_000_000), (60, 0), (20, 50_000), (5, 30_000_000)] {
        world.wait(seconds);
        miss(&mut world, "bob", missing);
        world.mark("bob").unwrap();
        assert_eq!(world.obligation("bob").unwrap().marked, missing);
    }
    world.wait(7);
    world.report_price("USDC").unwrap();
    world.report_price("BTC").unwrap();
    world
}

/// Sets a price of SOL at which 10, with a hundredth of an ETH at 2,000 USD, bring so much less than is owed.
fn miss(world: &mut World, who: &str, missing: u64) {
    let (totals, obligation) = (world.pool().totals_at(world.now()).unwrap(), world.obligation(who).unwrap());
    let price = totals.debt(obligation.debt()).unwrap().get() - missing - 20_000_000;
    world.set_price("SOL", Quote { price, confidence: 0, exponent: -7 }, 0);
}

/// The least price: what is held brings less than a base unit.
const WORTHLESS: Quote = Quote { price: 1, confidence: 0, exponent: -18 };

/// How long pool and fund were on hold before the loss.
const FIRST_HOLD: u64 = 777;

/// From the first refresh to the second.
const MOVED: u64 = 1_000;

/// From when Bob was marked first until now.
const LATELY: u64 = 60 + 20 + 5 + 7;

/// BTC, with two feeds and parameters no two of which are equal.
fn bitcoin() -> CollateralSetup {
    let mut btc = CollateralSetup::new("BTC", 8, 100_000);
    btc.token.second_feed = Some(Network::Pyth);
    let CollateralParameters { oracle, .. } = &mut btc.parameters;
    oracle.max_age_seconds = 59;
    (oracle.max_confidence_bps, oracle.max_divergence_bps) = (201, 301);
    let limits = &mut btc.parameters;
    (limits.deposit_cap, limits.bonus_min_bps, limits.bonus_max_bps) = (1 << 50, 506, 1_507);
    (limits.max_ltv_bps, limits.stressed_max_ltv_bps) = (7_503, 6_501);
    (limits.liquidation_threshold_bps, limits.stressed_threshold_bps) = (8_004, 7_005);
    limits.stressed_deviation_bps = 2_503;
    btc
}

/// The bytes of a hold that lasts, after earlier ones of which 60 seconds count.
fn hold(since: i64) -> Vec<u8> {
    let stopped = (FIRST_HOLD + 60).to_le_bytes();
    [&since.to_le_bytes()[..], &stopped, &60_u32.to_le_bytes(), &1_u32.to_le_bytes()].concat()
}

/// The bytes of the newest price of a token that was read of two feeds, and since when it is reported.
fn last_price(digits: u64, exponent: i32, times: [i64; 2], reported_at: i64) -> Vec<u8> {
    let [first, second] = times;
    let numbers = [first, second, reported_at].map(i64::to_le_bytes).concat();
    [&digits.to_le_bytes()[..], &numbers, &exponent.to_le_bytes(), &[0; 4]].concat()
}

/// When the loss and the recovery happened.
fn a_year_ago(world: &World) -> i64 {
    world.now() - 31_536_000
}

/// The bytes of shares that stand since a loss, of the first generation.
fn holder(shares: u64, since: u32) -> Vec<u8> {
    [&shares.to_le_bytes()[..], &0_u32.to_le_bytes(), &since.to_le_bytes()].concat()
}

/// The bytes of a history with room for eight rows that has one: so many shares of the first generation at the first
/// loss.
fn history(shares: u64) -> Vec<u8> {
    let mut bytes = [1_u32, 1, 1, 0].map(u32::to_le_bytes).concat(); // how many rows; from, to, generation
    bytes.extend(shares.to_le_bytes());
    bytes.resize(4 + 8 * 20, 0);
    bytes
}

/// The bytes of a price's average and variance.
fn average(average: &AveragePrice) -> Vec<u8> {
    assert!(average.price != 0 && average.variance != 0);
    [&average.price.to_le_bytes()[..], &average.variance.to_le_bytes(), &average.at.to_le_bytes()].concat()
}

/// The bytes of what is on its way from `calm` to `stressed`: the value has moved a part of a basis point, the heading
/// more, to the end at most.
fn gauge(gauge: &RiskRamp, calm: u32, stressed: u32, step: u32) -> Vec<u8> {
    let between = |bps: u64| u64::from(calm.min(stressed)) < bps && bps < u64::from(calm.max(stressed));
    let (whole, part) = (gauge.value >> 32, gauge.value << 32);
    let ahead = between(gauge.target_bps.into()) || gauge.target_bps == stressed;
    assert!(between(whole) && part != 0 && ahead && u64::from(gauge.target_bps) != whole, "{gauge:?}");
    [&gauge.value.to_le_bytes()[..], &gauge.target_bps.to_le_bytes(), &step.to_le_bytes()].concat()
}

/// The bytes of a request to leave: when it was made, and when it matures.
fn request(shares: u64, worth: u64, times: [i64; 2], payable: u64) -> Vec<u8> {
    let [asked_at, matures_at] = times.map(i64::to_le_bytes);
    [shares.to_le_bytes(), worth.to_le_bytes(), asked_at, matures_at, payable.to_le_bytes()].concat()
}

#[test]
fn market() {
    // Given a market of another id, with a timelock of two days, where the next authority was just proposed
    const ID: u64 = 0x0102_0304_0506_0708;
    let mut world = World::new(Setup::default());
    let [authority, guardian, treasury, next] = ["dao", "gus", "theo", "zoe"].map(|name| world.actor(name));
    let roles = MarketRoles { authority, guardian, treasury, timelock_seconds: 172_800 };
    let (market, payer) = (address::market(&authority, ID), world.payer());
    world.execute(verb::create_market(&roles, payer, ID), &["dao"]).unwrap();
    world.execute(verb::propose_authority(market, authority, next), &["dao"]).unwrap();
    let bump = bump_of(&[b"market", authority.as_ref(), &ID.to_le_bytes()]);
    let expected = Bytes::of("Market")
        .at(8, authority)
        .at(40, guardian)
        .at(72, treasury)
        .at(104, next)
        .at(136, authority) // who created it
        .at(168, [8, 7, 6, 5, 4, 3, 2, 1]) // id
        .at(176, (world.now() + 172_800).to_le_bytes()) // the proposal can be accepted
        .at(184, (world.now() + 172_800 + 1_209_600).to_le_bytes()) // until fourteen days later
        .at(192, 172_800_u32.to_le_bytes())
        .at(196, [1]) // version
        .at(197, [bump])
        .spare(198, 240);
    expected.assert_stored(&world, &market);
}

#[test]
fn parameter_change() {
    // Given the DAO, with a timelock of a day, asks for a higher cap of BTC: parameter 33
    const NONCE: u64 = 0x0908_0706_0504_0302;
    let mut world = lived_in();
    let (market, target) = (world.key().market, world.target(Some("BTC")));
    let value: [u8; 32] = core::array::from_fn(|at| if at < 8 { u8::try_from(at).unwrap() + 1 } else { 0 });
    world.queue_change("dao", target, NONCE, Parameter::DepositCap, value).unwrap();
    let bump = bump_of(&[b"change", market.as_ref(), &NONCE.to_le_bytes()]);
    let expected = Bytes::of("ParameterChange")
        .at(8, market)
        .at(40, world.collateral_key("BTC").collateral)
        .at(72, world.payer())
        .at(104, value)
        .at(136, [2, 3, 4, 5, 6, 7, 8, 9]) // nonce
        .at(144, (world.now() + 86_400).to_le_bytes()) // can be executed
        .at(152, (world.now() + 86_400 + 1_209_600).to_le_bytes()) // until fourteen days later
        .at(160, [FIRST_HOLD + 60 + 7, FIRST_HOLD + 60 + 12].map(u64::to_le_bytes).concat()) // holds of pool and fund
        .at(176, world.now().to_le_bytes()) // queued
        .at(184, 86_400_u32.to_le_bytes()) // timelock
        .at(188, [33]) // parameter
        .at(189, [1]) // version
        .at(190, [bump])
        .spare(191, 232);
    expected.assert_stored(&world, &address::change(&market, NONCE));
    // And one of the pool, and one of the market
    for (nonce, target, parameter, number, changed) in [
        (1, world.target(None), Parameter::DustValue, 0, world.key().pool),
        (2, Target::Market, Parameter::TimelockSeconds, 48, market),
    ] {
        world.queue_change("dao", target, nonce, parameter, verb::number(100_000)).unwrap();
        let data = world.account(&address::change(&market, nonce)).unwrap().data;
        assert_eq!((&data[40..72], data[188]), (changed.as_ref(), number));
    }
}

#[test]
fn pool() {
    let world = lived_in();
    let (key, pool) = (*world.key(), world.pool());
    let totals = [pool.cash, pool.debt_shares, pool.shares, pool.reserves, pool.insurance_due];
    let losses = [pool.losses, pool.lost, pool.marked, pool.breaker_losses, pool.breaker_part];
    let numbers = [&totals[..], &losses, &[pool.risk_losses, pool.unclaimed]].concat();
    assert!(numbers.iter().all(|number| numbers.iter().filter(|other| *other == number).count() == 1), "{numbers:?}");
    assert!(!numbers.contains(&0), "a zero would hide a wrong offset: {numbers:?}");
    assert!(pool.breaker_fades_at > pool.breaker_until && pool.breaker_until > pool.breaker_at);
    let words = |values: &[u32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    let (moved, marked_at) = (a_year_ago(&world) + 1_000, world.now() - 7);
    // The loss was a year and a hold after the opening.
    let opened_at = a_year_ago(&world) - 31_536_000 - i64::try_from(FIRST_HOLD).unwrap();
    let pause = |after: i64, seconds: i64| [moved + after, moved + after + seconds].map(i64::to_le_bytes).concat();
    let bump = bump_of(&[b"pool", key.market.as_ref(), key.mint.as_ref()]);
    let expected = Bytes::of("Pool")
        .at(8, key.market)
        .at(40, key.mint)
        .at(72, key.vault)
        .at(104, key.insurance_fund)
        .at(136, key.loss_book)
        .at(168, pool.borrow_index.to_le_bytes())
        .at(184, pool.cash.to_le_bytes())
        .at(192, 180_000_000_u64.to_le_bytes()) // debt shares
        .at(200, 1_000_000_000_u64.to_le_bytes()) // shares
        .at(208, pool.reserves.to_le_bytes())
        .at(216, pool.insurance_due.to_le_bytes())
        .at(224, pool.unclaimed.to_le_bytes())
        .at(232, marked_at.to_le_bytes()) // accrued at
        .at(240, 1_u64.to_le_bytes()) // losses
        .at(248, 0_u64.to_le_bytes()) // uncovered
        .at(256, pool.lost.to_le_bytes())
        .at(264, pool.marked.to_le_bytes())
        .at(272, pool.breaker_losses.to_le_bytes())
        .at(280, pool.breaker_part.to_le_bytes())
        .at(288, a_year_ago(&world).to_le_bytes()) // the last LP loss
        .at(296, pool.breaker_fades_at.to_le_bytes())
        .at(304, pool.breaker_until.to_le_bytes())
        // pauses of deposits, borrowing, collateral withdrawals, withdrawals
        .at(312, pause(0, 3_601))
        .at(328, pause(1, 3_602))
        .at(344, pause(2, 3_603))
        .at(360, pause(3, 3_604))
        .at(376, average(&AveragePrice { at: moved, ..pool.average }))
        .at(408, gauge(&pool.insurance_factor, 999, 2_999, 500))
        .at(424, gauge(&pool.insurance_share, 5_000, 4_001, 100))
        .at(440, pool.risk_losses.to_le_bytes())
        .at(448, pool.lost.to_le_bytes()) // as of the last refresh
        .at(456, moved.to_le_bytes()) // the last refresh
        // holds of the pool and of its fund
        .at(464, hold(marked_at))
        .at(488, hold(marked_at - 5))
        .at(512, last_price(1_000, -3, [marked_at - 3, marked_at - 4], world.now()))
        // loss parameters
        .at(552, 2_000_000_u64.to_le_bytes())
        .at(560, words(&[3, 3_599]))
        .at(568, words(&[5_000, 9_998]))
        // liquidation parameters
        .at(576, 1_000_u64.to_le_bytes())
        .at(584, words(&[2_000, 11_001]))
        // exit parameters
        .at(592, 123_u64.to_le_bytes())
        .at(600, words(&[1, 604_802, 86_398, 3_601]))
        // insurance parameters
        .at(616, 864_001_u64.to_le_bytes())
        // rates
        .at(624, words(&[1_000, 1, 8_001, 6_001, 1_999, 999]))
        // oracle
        .at(648, feed("USDC"))
        .at(680, feed("USDC, second"))
        .at(712, words(&[61, 199, 299]))
        // risk: averages, coverage, what is stressed
        .at(724, words(&[86_401, 9_996]))
        .at(732, words(&[9_001, 2_999, 4_001]))
        // caps of deposits and loans, reserves that can be collected
        .at(744, [1, 2, 3].map(|below| (u64::MAX - below).to_le_bytes()).concat())
        .at(768, 0_u64.to_le_bytes()) // owed to insurance: see `debt_to_insurance`
        .at(776, pool.average_utilisation.to_le_bytes())
        .at(784, pool.average_debt.to_le_bytes())
        .at(792, opened_at.to_le_bytes())
        .at(800, 0_u64.to_le_bytes()) // payable: see `payable_of_a_pool`
        .at(808, 0_u32.to_le_bytes()) // generation
        .at(812, 1_u32.to_le_bytes()) // the last loss that LPs bore
        .at(816, [6]) // decimals
        .at(817, [1]) // version
        .at(818, [bump])
        .spare(819, 864);
    expected.assert_stored(&world, &key.pool);
}

/// Losses of 100, counted half after the time that they count for, and of 60 since the last refresh.
#[test]
fn losses_of_a_pool() {
    let mut world = World::new(Setup::default());
    world.deposit("alice", 1_000_000_000).unwrap();
    for lost in [100_000_000, 60_000_000] {
        world.set_dollars("SOL", 30);
        world.deposit_collateral("bob", "SOL", 10_000_000_000).unwrap();
        world.borrow("bob", lost).unwrap();
        world.refresh_risk("SOL").unwrap();
        world.set_price("SOL", WORTHLESS, 0);
        world.record_bad_debt("bob").unwrap();
        if lost == 100_000_000 {
            world.set_dollars("SOL", 30);
            world.refresh_risk("SOL").unwrap();
            world.wait(604_800);
        }
    }
    let data = world.account(&world.key().pool).unwrap().data;
    assert_eq!(data[256..264], 160_000_000_u64.to_le_bytes());
    assert_eq!(data[440..448], 50_000_000_u64.to_le_bytes());
    assert_eq!(data[448..456], 100_000_000_u64.to_le_bytes());
}

/// Requests for 77 and 7 were executed, and neither was collected.
#[test]
fn payable_of_a_pool() {
    let mut setup = Setup::default();
    setup.parameters.exit.notice_seconds = 3_600;
    let mut world = World::new(setup);
    world.deposit("alice", 1_000_000_000).unwrap();
    world.stake("sam", 30_000_000).unwrap();
    world.request_withdrawal("alice", 77_000_000).unwrap();
    world.request_unstake("sam", 7_000_000).unwrap();
    world.wait(864_000);
    world.execute_withdrawal("alice").unwrap();
    world.execute_unstake("sam").unwrap();
    let (pool, fund) = (world.key().pool, world.key().insurance_fund);
    let (alice, sam) = (world.actor("alice"), world.actor("sam"));
    for (address, payable) in [
        (backstop_client::address::position(&pool, &alice), 77_000_000_u64),
        (backstop_client::address::stake(&fund, &sam), 7_000_000),
    ] {
        assert_eq!(world.account(&address).unwrap().data[88..128], request(0, 0, [0, 0], payable));
    }
    assert_eq!(world.account(&pool).unwrap().data[800..808], 84_000_000_u64.to_le_bytes());
}

/// After a wipe-out and a loss that left a unit of 200.000001: generations 7 and 9, as holders who come then have them.
#[test]
fn generations_of_a_pool() {
    let mut world = World::new(Setup::default());
    for (deposit, generation) in [(200_000_000, 7_u32), (200_000_001, 9)] {
        world.set_dollars("SOL", 30);
        world.deposit("alice", deposit).unwrap();
        world.deposit_collateral("bob", "SOL", 10_000_000_000).unwrap();
        world.borrow("bob", 200_000_000).unwrap();
        world.set_price("SOL", WORTHLESS, 0);
        world.record_bad_debt("bob").unwrap();
        let data = world.account(&world.key().pool).unwrap().data;
        assert_eq!(data[808..812], generation.to_le_bytes());
    }
    world.deposit("carol", 1_000_000).unwrap();
    let (pool, carol) = (world.pool(), world.actor("carol"));
    assert_eq!(world.account(&world.key().pool).unwrap().data[812..816], 2_u32.to_le_bytes());
    let position = world.account(&address::position(&world.key().pool, &carol)).unwrap().data;
    assert_eq!(position[72..80], (pool.shares - 190).to_le_bytes());
    assert_eq!(position[80..88], [9_u32, 2].map(u32::to_le_bytes).concat());
}

#[test]
fn collateral() {
    let world = lived_in();
    let (key, stored) = (world.collateral_key("BTC"), world.collateral("BTC"));
    let bump = bump_of(&[b"collateral", world.key().pool.as_ref(), key.mint.as_ref()]);
    let words = |values: &[u32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    let moved = a_year_ago(&world) + 1_000;
    let expected = Bytes::of("Collateral")
        .at(8, world.key().pool)
        .at(40, key.mint)
        .at(72, key.vault)
        .at(104, (1_u64 << 50).to_le_bytes()) // deposit cap
        .at(112, feed("BTC"))
        .at(144, feed("BTC, second"))
        .at(176, words(&[59, 201, 301])) // oldest price, widest confidence and divergence
        .at(188, words(&[7_502, 6_501])) // loan to value, in calm since it was tightened
        .at(196, words(&[8_004, 7_005])) // liquidation threshold
        .at(204, words(&[506, 1_507])) // bonus
        .at(212, words(&[2_503])) // deviation
        .at(216, 5_000_000_u64.to_le_bytes()) // deposited
        .at(224, average(&AveragePrice { at: moved, ..stored.average }))
        .at(256, gauge(&stored.max_ltv, 7_503, 6_501, 500))
        .at(272, gauge(&stored.threshold, 8_004, 7_005, 100))
        .at(288, last_price(130_000, 0, [moved - 1, moved - 2], world.now()))
        .at(328, (moved + 4).to_le_bytes()) // the last change of a limit
        .at(336, stored.opens_at.to_le_bytes())
        .at(344, [8]) // decimals
        .at(345, [1]) // version
        .at(346, [bump])
        .spare(347, 480);
    // It was listed five days before it opened, a year before the loss was marked.
    assert_eq!(stored.opens_at, a_year_ago(&world) - 777 - 31_536_000 + 432_000);
    expected.assert_stored(&world, &key.collateral);
}

#[test]
fn insurance_fund() {
    let world = lived_in();
    let (key, fund) = (*world.key(), world.fund());
    let bump = bump_of(&[b"insurance", key.pool.as_ref()]);
    // There was one draw, and of the 14 that came back all but LPs' part is the fund's again.
    let back = 14_000_000 - world.pool().unclaimed;
    let numbers = [fund.assets, fund.shares, fund.protocol_shares, fund.waiting_shares, fund.drawn, fund.drawn - back];
    assert!(numbers.iter().all(|number| numbers.iter().filter(|other| *other == number).count() == 1), "{numbers:?}");
    assert!(!numbers.contains(&0), "a zero would hide a wrong offset: {numbers:?}");
    let expected = Bytes::of("InsuranceFund")
        .at(8, key.pool)
        .at(40, fund.assets.to_le_bytes())
        .at(48, 30_000_000_u64.to_le_bytes()) // shares
        .at(56, fund.protocol_shares.to_le_bytes())
        .at(64, fund.waiting_shares.to_le_bytes())
        .at(72, fund.drawn.to_le_bytes())
        .at(80, (fund.drawn - back).to_le_bytes()) // drawn in the window
        .at(88, a_year_ago(&world).to_le_bytes()) // when
        .at(96, (a_year_ago(&world) + 604_802).to_le_bytes()) // when it has faded
        .at(104, 0_u64.to_le_bytes()) // owed by the pool: see `debt_to_insurance`
        .at(112, 0_u32.to_le_bytes()) // generation
        .at(116, 1_u32.to_le_bytes()) // the last loss that stakers bore
        .at(120, [1]) // version
        .at(121, [bump])
        .spare(122, 272);
    expected.assert_stored(&world, &key.insurance_fund);
}

/// A pool that has lent all it has owes its fund a tenth of the 21.033333 that 200 grow by in a year at 10 %, and Sam's
/// request settles that.
#[test]
fn debt_to_insurance() {
    let mut setup = Setup::default();
    (setup.parameters.rates.base_bps, setup.parameters.rates.insurance_factor_bps) = (1_000, 1_000);
    let mut world = World::new(setup);
    world.deposit("alice", 200_000_000).unwrap();
    world.stake("sam", 30_000_000).unwrap();
    world.deposit_collateral("bob", "SOL", 10_000_000_000).unwrap();
    world.borrow("bob", 200_000_000).unwrap();
    world.wait(31_536_000);
    world.request_unstake("sam", 7_000_000).unwrap();
    let (pool, fund) = (world.key().pool, world.key().insurance_fund);
    assert_eq!(world.account(&pool).unwrap().data[768..776], 2_103_333_u64.to_le_bytes());
    assert_eq!(world.account(&fund).unwrap().data[104..112], 2_103_333_u64.to_le_bytes());
}

#[test]
fn lp_position() {
    let mut world = lived_in();
    let (pool, alice) = (world.key().pool, world.actor("alice"));
    let asked = a_year_ago(&world) - 777; // on the pool's clock
    let bump = bump_of(&[b"lp", pool.as_ref(), alice.as_ref()]);
    let expected = Bytes::of("LpPosition")
        .at(8, pool)
        .at(40, alice)
        .at(72, holder(1_000_000_000, 0))
        .at(88, request(77_000_000, 0, [asked, asked + 86_398], 0))
        .at(128, 8_u32.to_le_bytes()) // room
        .at(132, [1]) // version
        .at(133, [bump])
        .at(134, [0; 50])
        .spare(184, 188 + 8 * 20);
    expected.assert_stored(&world, &backstop_client::address::position(&pool, &alice));
}

#[test]
fn insurance_stake() {
    let mut world = lived_in();
    let (fund, sam) = (world.key().insurance_fund, world.actor("sam"));
    let asked = a_year_ago(&world) - 777; // on the fund's clock
    let bump = bump_of(&[b"stake", fund.as_ref(), sam.as_ref()]);
    let worth = world.stake_of("sam").unwrap().request.worth;
    assert!(worth != 0);
    let expected = Bytes::of("InsuranceStake")
        .at(8, fund)
        .at(40, sam)
        .at(72, holder(30_000_000, 0))
        .at(88, request(7_000_000, worth, [asked, asked + 864_001], 0))
        .at(128, 8_u32.to_le_bytes()) // room
        .at(132, [1]) // version
        .at(133, [bump])
        .at(134, [0; 50])
        .spare(184, 188 + 8 * 20);
    expected.assert_stored(&world, &backstop_client::address::stake(&fund, &sam));
}

#[test]
fn history_rows() {
    // When Alice gives shares away and Sam stakes more, each has a row of what was held at the loss
    let mut world = lived_in();
    miss(&mut world, "bob", 0);
    world.mark("bob").unwrap(); // nothing is on hold
    world.transfer_shares("alice", "dave", 1_000_000).unwrap();
    world.stake("sam", 4_000_000).unwrap();
    let (position, stake) = (world.position_address("alice"), world.stake_address("sam"));
    let (alices, sams) = (world.account(&position).unwrap().data, world.account(&stake).unwrap().data);
    assert_eq!(alices[72..88], holder(999_000_000, 1));
    assert_eq!(alices[184..], history(1_000_000_000));
    assert_eq!(sams[72..88], holder(world.stake_of("sam").unwrap().holder.shares, 1));
    assert_eq!(sams[184..], history(30_000_000));
}

#[test]
fn new_position_and_stake() {
    // One who came before any loss
    let mut world = World::new(Setup::default());
    world.deposit("alice", 123).unwrap();
    world.stake("alice", 124).unwrap();
    let (pool, fund, alice) = (world.key().pool, world.key().insurance_fund, world.actor("alice"));
    for (address, shares) in [
        (backstop_client::address::position(&pool, &alice), 123),
        (backstop_client::address::stake(&fund, &alice), 124),
    ] {
        let data = world.account(&address).unwrap().data;
        assert_eq!(data[72..88], holder(shares, 0));
        assert_eq!(data[88..128], request(0, 0, [0, 0], 0));
        assert_eq!(data[184..], [0; 164]);
    }
}

#[test]
fn loss_book() {
    let mut world = lived_in();
    let (pool, book, when) = (world.key().pool, world.loss_book(), a_year_ago(&world));
    let bump = bump_of(&[b"losses", pool.as_ref()]);
    let carol = world.obligation_address("carol");
    let loss = book.records[0];
    let parts = [loss.reserves, loss.protocol, loss.stakers, loss.lps];
    assert!(parts.iter().all(|part| *part != 0));
    let (before, after) = (loss.share_price_before, loss.share_price_after);
    let numbers = [14_000_000, 1_000_000_000, 30_000_000, before, after];
    let expected = Bytes::of("LossBook")
        .at(8, pool)
        .at(40, 64_u32.to_le_bytes()) // room
        .at(44, [1]) // version
        .at(45, [bump])
        .at(46, [0; 62])
        .at(108, 1_u32.to_le_bytes()) // how many
        // the loss
        .at(112, carol)
        .at(144, when.to_le_bytes())
        .at(152, parts.map(u64::to_le_bytes).concat())
        .at(184, numbers.map(u64::to_le_bytes).concat()) // recovered, shares of LPs and stakers, share prices
        .at(224, [0_u32, 0].map(u32::to_le_bytes).concat()) // generations of these shares
        .at(232, world.fund().waiting_shares.to_le_bytes()) // shares that came back: nobody has claimed any
        .at(240, [0_u32, 0].map(u32::to_le_bytes).concat()) // their generation, and the next loss of the obligation
        .spare(248, 112 + 64 * 136);
    expected.assert_stored(&world, &world.key().loss_book);
}

#[test]
fn loss_links() {
    // Given two losses of Bob's and one of Ben's between, in generations 0, 7 and 14 of LP shares and 0 of stakers'
    let mut world = World::new(Setup::default());
    for (who, debtor) in [("alice", "bob"), ("ann", "ben"), ("arno", "bob")] {
        world.set_dollars("SOL", 30);
        world.deposit(who, 200_000_000).unwrap();
        world.deposit_collateral(debtor, "SOL", 10_000_000_000).unwrap();
        world.borrow(debtor, 200_000_000).unwrap();
        world.set_price("SOL", WORTHLESS, 0);
        world.record_bad_debt(debtor).unwrap();
    }
    let data = world.account(&world.key().loss_book).unwrap().data;
    let links = |number: usize| &data[112 + 136 * number - 24..][..24];
    // generations, the shares that came back in two words and their generation, the next
    assert_eq!(links(1), [0_u32, 0, 0, 0, 0, 3].map(u32::to_le_bytes).concat());
    assert_eq!(links(2), [7_u32, 0, 0, 0, 0, 0].map(u32::to_le_bytes).concat());
    assert_eq!(links(3), [14_u32, 0, 0, 0, 0, 0].map(u32::to_le_bytes).concat());
    let bobs = world.obligation_address("bob");
    assert_eq!(world.account(&bobs).unwrap().data[112..120], [1_u32, 3].map(u32::to_le_bytes).concat());
}

#[test]
fn loss_claim() {
    let mut world = lived_in();
    let (position, claimed) = (world.position_address("alice"), world.pool().unclaimed);
    world.claim_recovery("alice", 1).unwrap();
    let bump = bump_of(&[b"claim", position.as_ref(), &1_u32.to_le_bytes()]);
    let expected = Bytes::of("LossClaim")
        .at(8, position)
        .at(40, claimed.to_le_bytes())
        .at(48, 1_u32.to_le_bytes()) // loss
        .at(52, 0_u32.to_le_bytes()) // generation: see `shares_that_came_back`
        .at(56, [1]) // version
        .at(57, [bump])
        .spare(58, 80);
    expected.assert_stored(&world, &address::claim(&position, 1));
}

/// A loss of 200 took all 50 of the fund, so that its generation is 7, and of 40 that came back a fourth is stakers'.
/// Sam claims his three fifths.
#[test]
fn shares_that_came_back() {
    let mut world = World::new(Setup::default());
    world.deposit("alice", 1_000_000_000).unwrap();
    world.stake("sam", 30_000_000).unwrap();
    world.stake("sue", 20_000_000).unwrap();
    world.deposit_collateral("bob", "SOL", 10_000_000_000).unwrap();
    world.borrow("bob", 200_000_000).unwrap();
    world.set_price("SOL", WORTHLESS, 0);
    world.record_bad_debt("bob").unwrap();
    world.repay("bob", "bob", 40_000_000).unwrap();
    let data = world.account(&world.key().loss_book).unwrap().data;
    assert_eq!(data[112 + 120..][..8], 10_000_000_u64.to_le_bytes());
    assert_eq!(data[112 + 128..][..8], [7_u32, 0].map(u32::to_le_bytes).concat());
    world.claim_stake_recovery("sam", 1).unwrap();
    let data = world.account(&world.key().insurance_fund).unwrap().data;
    assert_eq!(data[48..56], 6_000_000_u64.to_le_bytes()); // Sam's
    assert_eq!(data[64..72], 4_000_000_u64.to_le_bytes()); // wait for Sue
    assert_eq!(data[112..120], [7_u32, 1].map(u32::to_le_bytes).concat());
    let stake = world.stake_address("sam");
    let bump = bump_of(&[b"claim", stake.as_ref(), &1_u32.to_le_bytes()]);
    let expected = Bytes::of("LossClaim")
        .at(8, stake)
        .at(40, 6_000_000_u64.to_le_bytes())
        .at(48, 1_u32.to_le_bytes()) // loss
        .at(52, 7_u32.to_le_bytes()) // generation
        .at(56, [1]) // version
        .at(57, [bump])
        .spare(58, 80);
    expected.assert_stored(&world, &address::claim(&stake, 1));
}

#[test]
fn obligation() {
    let mut world = lived_in();
    let (pool, bob, address) = (world.key().pool, world.actor("bob"), world.obligation_address("bob"));
    let stored = world.obligation("bob").unwrap();
    assert!(stored.last_risk_increase_slot > 1_000 && stored.marked != 0);
    let bump = bump_of(&[b"obligation", pool.as_ref(), bob.as_ref()]);
    let expected = Bytes::of("Obligation")
        .at(8, pool)
        .at(40, bob)
        .at(72, 180_000_000_u64.to_le_bytes()) // debt shares
        .at(80, stored.marked.to_le_bytes())
        .at(88, (world.now() - 7).to_le_bytes()) // marked when it last more than doubled
        .at(96, 0_u64.to_le_bytes()) // written off
        .at(104, 0_u64.to_le_bytes()) // recovered
        .at(112, [0; 8]) // the first and the last loss that are not recovered
        .at(120, stored.last_risk_increase_slot.to_le_bytes())
        .at(128, world.collateral_key("SOL").collateral)
        .at(160, 10_000_000_000_u64.to_le_bytes())
        .at(168, world.collateral_key("ETH").collateral)
        .at(200, 1_000_000_u64.to_le_bytes())
        .at(208, [0; 240]) // six free slots
        .at(448, [1]) // version
        .at(449, [bump])
        .spare(450, 592);
    expected.assert_stored(&world, &address);
    let (loss, carols) = (world.obligation("carol").unwrap().written_off, world.obligation_address("carol"));
    assert!(loss > 20_000_000);
    let data = world.account(&carols).unwrap().data;
    assert_eq!(data[96..104], loss.to_le_bytes());
    assert_eq!(data[104..112], 14_000_000_u64.to_le_bytes());
    assert_eq!(data[112..120], [1_u32, 1].map(u32::to_le_bytes).concat());
}

/// The canonical bump of these seeds.
fn bump_of(seeds: &[&[u8]]) -> u8 {
    Address::find_program_address(seeds, &backstop_client::PROGRAM_ID).1
}

/// The feed that the world bound to a token.
fn feed(symbol: &str) -> Address {
    Address::find_program_address(&[b"feed", symbol.as_bytes()], &backstop_client::PROGRAM_ID).0
}
