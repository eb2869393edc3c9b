//! Every byte of every account, written down field by field and compared with what the program stored.

use backstop_client::{
    AveragePrice, ClaimBook, CollateralParameters, Parameter, PausableOperation, RiskGauge, address,
    verb::{self, Hands, Target},
};
use backstop_engine::price::Quote;
use backstop_testkit::{CollateralSetup, Oracle, Setup, World};
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

/// A pool in which no two numbers are equal: 1,000 deposited, 200 lent against SOL and ETH, 30 staked on a gift of 20, two years of
/// interest, one loss of some 20 that reserves, the fund and LPs share, of which 14 are recovered, and a provision. BTC was listed
/// when the pool was not empty. Right after the loss it rose by three tenths, and USDC by a hundredth; then, after [`MOVED`] seconds,
/// everything was paused one after another, a second apart.
fn lived_in() -> World {
    let mut setup = Setup::default();
    setup.collaterals.push(CollateralSetup::new("ETH", 8, 2_000));
    let (loss, liquidation) = (&mut setup.parameters.loss, &mut setup.parameters.liquidation);
    (loss.dust_value, loss.min_default_age_slots, loss.window_seconds) = (2_000_000, 3, 604_801);
    (loss.insurance_share_bps, loss.event_cap_bps, loss.window_cap_bps) = (5_000, 9_998, 9_997);
    liquidation.min_debt = 1_000;
    (liquidation.insurance_cut_bps, liquidation.target_health_bps) = (2_000, 11_001);
    let exit = &mut setup.parameters.exit;
    (exit.breaker_min_losses, exit.breaker_limit_bps, exit.breaker_window_seconds) = (123, 1, 604_802);
    (exit.breaker_notice_seconds, exit.notice_seconds) = (86_398, 3_601);
    let insurance = &mut setup.parameters.insurance;
    (insurance.cooldown_seconds, insurance.claim_window_seconds) = (864_001, 172_802);
    let rates = &mut setup.parameters.rates;
    (rates.base_bps, rates.slope1_bps, rates.kink_bps, rates.slope2_bps) = (1_000, 1, 8_001, 6_001);
    (rates.reserve_factor_bps, rates.insurance_factor_bps) = (1_999, 999);
    setup.liquidity.second_feed = Some(Oracle::Pyth);
    let oracle = &mut setup.parameters.oracle;
    (oracle.max_age_seconds, oracle.second_max_age_seconds) = (61, 62);
    (oracle.max_confidence_bps, oracle.max_divergence_bps) = (199, 299);
    let risk = &mut setup.parameters.risk;
    (risk.average_seconds, risk.max_premium_bps, risk.loss_seconds) = (86_401, 9_996, 604_803);
    (risk.tighten_step_bps, risk.loosen_step_bps, risk.threshold_step_bps) = (501, 99, 98);
    (risk.hysteresis_bps, risk.target_coverage_bps) = (47, 9_001);
    (risk.calm_utilisation_bps, risk.stressed_utilisation_bps) = (9_002, 9_995);
    (risk.calm_loss_bps, risk.stressed_loss_bps) = (101, 9_003);
    (risk.stressed_insurance_factor_bps, risk.stressed_insurance_share_bps) = (2_999, 4_001);
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
    world.advance(0, 3);
    world.record_bad_debt("carol").unwrap();
    world.recover("carol", "carol", 14_000_000).unwrap();
    world.request_withdrawal("alice", 77_000_000).unwrap();
    world.request_unstake("sam", 7_000_000).unwrap();
    world.set_dollars("ETH", 2_000);
    world.deposit_collateral("dave", "BTC", 5_000_000).unwrap();
    world.set_dollars("BTC", 130_000);
    world.set_price("USDC", Quote { price: 101, confidence: 0, exponent: -2 }, 0);
    world.refresh_risk("BTC").unwrap();
    world.wait(MOVED);
    world.refresh_risk("BTC").unwrap();
    for (seconds, what) in (3_601..).zip(PausableOperation::ALL) {
        world.pause("guardian", *what, seconds).unwrap();
        world.wait(1);
    }
    world.tighten("guardian", Some("BTC"), Parameter::MaxLtvBps, verb::number(7_502)).unwrap();
    world.set_dollars("USDC", 1);
    world.wait(31_536_000 - MOVED - 4);
    world.set_dollars("SOL", 15);
    world.provision("bob").unwrap();
    world
}

/// The least price: what is held brings less than a base unit.
const WORTHLESS: Quote = Quote { price: 1, confidence: 0, exponent: -18 };

/// From the first refresh to the second.
const MOVED: u64 = 1_000;

/// BTC, with two feeds and parameters no two of which are equal.
fn bitcoin() -> CollateralSetup {
    let mut btc = CollateralSetup::new("BTC", 8, 100_000);
    btc.token.second_feed = Some(Oracle::Pyth);
    let CollateralParameters { oracle, .. } = &mut btc.parameters;
    (oracle.max_age_seconds, oracle.second_max_age_seconds) = (59, 58);
    (oracle.max_confidence_bps, oracle.max_divergence_bps) = (201, 301);
    let limits = &mut btc.parameters;
    (limits.deposit_cap, limits.bonus_min_bps, limits.bonus_max_bps) = (1 << 50, 506, 1_507);
    (limits.max_ltv_bps, limits.stressed_max_ltv_bps) = (7_503, 6_501);
    (limits.liquidation_threshold_bps, limits.stressed_threshold_bps) = (8_004, 7_005);
    (limits.calm_deviation_bps, limits.stressed_deviation_bps) = (502, 2_503);
    btc
}

/// When the loss and the recovery happened.
fn a_year_ago(world: &World) -> i64 {
    world.now() - 31_536_000
}

/// The bytes of a claim ledger and of the ends of its generations, all of which are still to come.
fn claim_book(book: &ClaimBook) -> Vec<u8> {
    let ledger = &book.ledger;
    let mut bytes = Vec::new();
    bytes.extend(ledger.loss_per_share.to_le_bytes());
    bytes.extend(ledger.claims_per_share.to_le_bytes());
    bytes.extend(ledger.claims.to_le_bytes());
    bytes.extend(ledger.rate.to_le_bytes());
    bytes.extend([ledger.outstanding, ledger.payable].map(u64::to_le_bytes).concat());
    bytes.extend([ledger.epoch, ledger.scale, ledger.generation, 0].map(u32::to_le_bytes).concat());
    assert_eq!(bytes.len(), 96);
    bytes.resize(96 + 16 * 48, 0);
    bytes
}

/// The bytes of the shares and claims of one who has not settled since it came.
fn unsettled(shares: u64) -> Vec<u8> {
    let mut bytes = vec![0; 64];
    bytes.extend(shares.to_le_bytes());
    bytes.resize(88, 0);
    bytes
}

/// The bytes of a price's average and variance.
fn average(average: &AveragePrice) -> Vec<u8> {
    assert!(average.price != 0 && average.variance != 0);
    [&average.price.to_le_bytes()[..], &average.variance.to_le_bytes(), &average.at.to_le_bytes()].concat()
}

/// The bytes of what is on its way from `calm` to `stressed`: the value has moved a part of a basis point, the heading more.
fn gauge(gauge: &RiskGauge, calm: u32, stressed: u32, step: u32) -> Vec<u8> {
    let between = |bps: u64| u64::from(calm.min(stressed)) < bps && bps < u64::from(calm.max(stressed));
    let (whole, part) = (gauge.value >> 32, gauge.value << 32);
    assert!(between(whole) && part != 0 && between(gauge.heading_bps.into()), "{gauge:?}");
    [&gauge.value.to_le_bytes()[..], &gauge.heading_bps.to_le_bytes(), &step.to_le_bytes()].concat()
}

/// The bytes of a request to leave.
fn request(shares: u64, worth: u64, matures_at: i64, lapses_at: i64) -> Vec<u8> {
    [shares.to_le_bytes(), worth.to_le_bytes(), matures_at.to_le_bytes(), lapses_at.to_le_bytes()].concat()
}

#[test]
fn market() {
    // Given a market of another id, with a timelock of two days, where the next authority was just proposed
    const ID: u64 = 0x0102_0304_0506_0708;
    let mut world = World::new(Setup::default());
    let [authority, guardian, treasury, next] = ["dao", "gus", "theo", "zoe"].map(|name| world.actor(name));
    let hands = Hands { authority, guardian, treasury, timelock_seconds: 172_800 };
    let (market, payer) = (address::market(ID), world.payer());
    world.execute(verb::create_market(&hands, payer, ID), &["dao"]).unwrap();
    world.execute(verb::propose_authority(market, authority, next), &["dao"]).unwrap();
    let bump = bump_of(&[b"market", &ID.to_le_bytes()]);
    let expected = Bytes::of("Market")
        .at(8, authority)
        .at(40, guardian)
        .at(72, treasury)
        .at(104, next)
        .at(136, [8, 7, 6, 5, 4, 3, 2, 1]) // id
        .at(144, (world.now() + 172_800).to_le_bytes()) // the proposal can be accepted
        .at(152, (world.now() + 172_800 + 1_209_600).to_le_bytes()) // until fourteen days later
        .at(160, 172_800_u32.to_le_bytes())
        .at(164, [1]) // version
        .at(165, [bump])
        .spare(166, 240);
    expected.assert_stored(&world, &market);
}

#[test]
fn parameter_change() {
    // Given the DAO, with a timelock of a day, asks for a higher cap of BTC: parameter 42
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
        .at(160, 86_400_u32.to_le_bytes()) // timelock
        .at(164, [42]) // parameter
        .at(165, [1]) // version
        .at(166, [bump])
        .spare(167, 232);
    expected.assert_stored(&world, &address::change(&market, NONCE));
    // And one of the pool, and one of the market
    for (nonce, target, parameter, number, changed) in [
        (1, world.target(None), Parameter::DustValue, 0, world.key().pool),
        (2, Target::Market, Parameter::TimelockSeconds, 59, market),
    ] {
        world.queue_change("dao", target, nonce, parameter, verb::number(100_000)).unwrap();
        let data = world.account(&address::change(&market, nonce)).unwrap().data;
        assert_eq!((&data[40..72], data[164]), (changed.as_ref(), number));
    }
}

#[test]
fn pool() {
    let world = lived_in();
    let (key, pool) = (*world.key(), world.pool());
    let ledger = &pool.claims.ledger;
    let totals = [pool.cash, pool.debt_shares, pool.shares, pool.reserves, pool.insurance_due];
    let losses = [pool.losses, pool.lost, pool.provisions, pool.breaker_losses, pool.breaker_nav_before];
    let numbers = [&totals[..], &losses, &[pool.risk_losses]].concat();
    assert!(numbers.iter().all(|number| numbers.iter().filter(|other| *other == number).count() == 1), "{numbers:?}");
    assert!(!numbers.contains(&0), "a zero would hide a wrong offset: {numbers:?}");
    assert!(
        pool.breaker_fades_at > pool.breaker_until
            && pool.breaker_until > pool.breaker_at
            && ledger.payable != 0
            && ledger.epoch == 1
    );
    let words = |values: &[u32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    let moved = a_year_ago(&world) + 1_000;
    let pause = |after: i64, seconds: i64| [moved + after, moved + after + seconds].map(i64::to_le_bytes).concat();
    let bump = bump_of(&[b"pool", key.market.as_ref(), key.mint.as_ref()]);
    let expected = Bytes::of("Pool")
        .at(8, key.market)
        .at(40, key.mint)
        .at(72, key.vault)
        .at(104, key.insurance_fund)
        .at(136, key.loss_ledger)
        .at(168, pool.borrow_index.to_le_bytes())
        .at(184, claim_book(&pool.claims))
        .at(1_048, pool.cash.to_le_bytes())
        .at(1_056, 180_000_000_u64.to_le_bytes()) // debt shares
        .at(1_064, 1_000_000_000_u64.to_le_bytes()) // shares
        .at(1_072, pool.reserves.to_le_bytes())
        .at(1_080, pool.insurance_due.to_le_bytes())
        .at(1_088, world.now().to_le_bytes()) // accrued at
        .at(1_096, 1_u64.to_le_bytes()) // losses
        .at(1_104, 0_u64.to_le_bytes()) // uncovered
        .at(1_112, pool.lost.to_le_bytes())
        .at(1_120, pool.provisions.to_le_bytes())
        .at(1_128, pool.breaker_losses.to_le_bytes())
        .at(1_136, pool.breaker_nav_before.to_le_bytes())
        .at(1_144, a_year_ago(&world).to_le_bytes()) // the last LP loss
        .at(1_152, pool.breaker_fades_at.to_le_bytes())
        .at(1_160, pool.breaker_until.to_le_bytes())
        // pauses of deposits, borrowing, collateral withdrawals, withdrawals
        .at(1_168, pause(0, 3_601))
        .at(1_184, pause(1, 3_602))
        .at(1_200, pause(2, 3_603))
        .at(1_216, pause(3, 3_604))
        .at(1_232, average(&AveragePrice { at: moved, ..pool.average }))
        .at(1_264, gauge(&pool.insurance_factor, 999, 2_999, 501))
        .at(1_280, gauge(&pool.insurance_share, 5_000, 4_001, 99))
        .at(1_296, pool.risk_losses.to_le_bytes())
        .at(1_304, pool.lost.to_le_bytes()) // as of the last refresh
        .at(1_312, moved.to_le_bytes()) // the last refresh
        // loss parameters
        .at(1_320, 2_000_000_u64.to_le_bytes())
        .at(1_328, 3_u64.to_le_bytes())
        .at(1_336, words(&[604_801, 5_000, 9_998, 9_997]))
        // liquidation parameters
        .at(1_352, 1_000_u64.to_le_bytes())
        .at(1_360, words(&[2_000, 11_001]))
        // exit parameters
        .at(1_368, 123_u64.to_le_bytes())
        .at(1_376, words(&[1, 604_802, 86_398, 3_601]))
        // insurance parameters
        .at(1_392, words(&[864_001, 172_802]))
        // rates
        .at(1_400, words(&[1_000, 1, 8_001, 6_001, 1_999, 999]))
        // risk: averages, steps, hysteresis, utilisation, coverage, losses, what is stressed
        .at(1_424, words(&[86_401, 9_996]))
        .at(1_432, words(&[501, 99, 98, 47]))
        .at(1_448, words(&[9_002, 9_995, 9_001]))
        .at(1_460, words(&[101, 9_003, 604_803]))
        .at(1_472, words(&[2_999, 4_001]))
        // oracle
        .at(1_480, feed("USDC"))
        .at(1_512, feed("USDC, second"))
        .at(1_544, words(&[61, 62, 199, 299]))
        .at(1_560, 1_u32.to_le_bytes()) // obligations with a provision
        .at(1_564, [6]) // decimals
        .at(1_565, [1]) // version
        .at(1_566, [bump])
        .spare(1_567, 1_640);
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
    assert_eq!(data[1_112..1_120], 160_000_000_u64.to_le_bytes());
    assert_eq!(data[1_296..1_304], 50_000_000_u64.to_le_bytes());
    assert_eq!(data[1_304..1_312], 100_000_000_u64.to_le_bytes());
}

/// After a wipe-out of 200 and a consolidation of 2^26: generation 2, and how both ended.
#[test]
fn generations_of_a_pool() {
    let mut world = World::new(Setup::default());
    for (deposit, lost) in [(200_000_000, 200_000_000), (200_000_001, 200_000_000)] {
        world.set_dollars("SOL", 30);
        world.deposit("alice", deposit).unwrap();
        world.deposit_collateral("bob", "SOL", 10_000_000_000).unwrap();
        world.borrow("bob", lost).unwrap();
        world.set_price("SOL", WORTHLESS, 0);
        world.record_bad_debt("bob").unwrap();
    }
    let ended = world.pool().claims;
    world.deposit("carol", 1_000_000_000_000).unwrap();
    let (data, pool) = (world.account(&world.key().pool).unwrap().data, world.pool());
    let ledger = pool.claims.ledger;
    let anew = backstop_client::ClaimLedger { generation: 2, loss_per_share: 0, claims_per_share: 0, ..ended.ledger };
    assert_eq!((ledger, ledger.generation), (anew, 2));
    assert_eq!(data[184 + 88..184 + 92], 2_u32.to_le_bytes());
    // The first voided its shares, a unit of loss each: 64. The second divided them.
    let end = |number: usize| &data[184 + 96 + 48 * number..][..48];
    assert_eq!(end(0)[..16], (1_u128 << 96).to_le_bytes());
    assert_eq!(end(0)[16..32], (1_u128 << 96).to_le_bytes());
    assert_eq!(end(0)[32..], [0_u32, 0, 64, 0].map(u32::to_le_bytes).concat());
    assert_eq!(end(1)[..16], ended.ledger.loss_per_share.to_le_bytes());
    assert_eq!(end(1)[16..32], ended.ledger.claims_per_share.to_le_bytes());
    assert_eq!(end(1)[32..], [0_u32, 0, 26, 0].map(u32::to_le_bytes).concat());
    assert_eq!(end(2), [0; 48]);
    // Alice settled in the second generation, Carol holds shares of the third.
    let carol = world.actor("carol");
    let position = world.account(&backstop_client::address::position(&world.key().pool, &carol)).unwrap().data;
    assert_eq!(position[72..88], ledger.loss_per_share.to_le_bytes());
    assert_eq!(position[88..104], ledger.claims_per_share.to_le_bytes());
    assert_eq!(position[104..136], [0; 32]); // no claims
    assert_eq!(position[144..148], 2_u32.to_le_bytes());
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
        .at(104, feed("BTC"))
        .at(136, feed("BTC, second"))
        .at(168, words(&[59, 58])) // oldest prices
        .at(176, words(&[201, 301])) // widest confidence and divergence
        .at(184, (1_u64 << 50).to_le_bytes()) // deposit cap
        .at(192, words(&[7_502, 6_501])) // loan to value, in calm since it was tightened
        .at(200, words(&[8_004, 7_005])) // liquidation threshold
        .at(208, words(&[506, 1_507])) // bonus
        .at(216, words(&[502, 2_503])) // deviation
        .at(224, 5_000_000_u64.to_le_bytes()) // deposited
        .at(232, average(&AveragePrice { at: moved, ..stored.average }))
        .at(264, gauge(&stored.max_ltv, 7_503, 6_501, 501))
        .at(280, gauge(&stored.threshold, 8_004, 7_005, 98))
        .at(296, (moved + 4).to_le_bytes()) // the last change of a limit
        .at(304, stored.opens_at.to_le_bytes())
        .at(312, [8]) // decimals
        .at(313, [1]) // version
        .at(314, [bump])
        .spare(315, 488);
    // It was listed a day before it opened, a year before the loss.
    assert_eq!(stored.opens_at, a_year_ago(&world) - 31_536_000 + 432_000);
    expected.assert_stored(&world, &key.collateral);
}

#[test]
fn insurance_fund() {
    let world = lived_in();
    let (key, fund) = (*world.key(), world.fund());
    let bump = bump_of(&[b"insurance", key.pool.as_ref()]);
    let ledger = fund.claims.ledger;
    let numbers = [fund.assets, fund.founding, fund.founding_claims, fund.drawn, ledger.outstanding, ledger.payable];
    assert!(numbers.iter().all(|number| numbers.iter().filter(|other| *other == number).count() == 1), "{numbers:?}");
    assert!(!numbers.contains(&0), "a zero would hide a wrong offset: {numbers:?}");
    let expected = Bytes::of("InsuranceFund")
        .at(8, key.pool)
        .at(40, fund.assets.to_le_bytes())
        .at(48, 30_000_000_u64.to_le_bytes()) // shares
        .at(56, fund.founding.to_le_bytes())
        .at(64, fund.founding_claims.to_le_bytes())
        .at(72, fund.drawn.to_le_bytes())
        .at(80, fund.drawn.to_le_bytes()) // drawn in the window: there was one draw
        .at(88, a_year_ago(&world).to_le_bytes()) // when
        .at(96, claim_book(&fund.claims))
        .at(960, [1]) // version
        .at(961, [bump])
        .spare(962, 1_128);
    expected.assert_stored(&world, &key.insurance_fund);
}

#[test]
fn lp_position() {
    let mut world = lived_in();
    let (pool, alice, asked) = (world.key().pool, world.actor("alice"), a_year_ago(&world));
    let bump = bump_of(&[b"lp", pool.as_ref(), alice.as_ref()]);
    let holder = world.position("alice").unwrap().holder;
    let (nominal, claims) = (holder.nominal, holder.claims);
    assert!(nominal != 0 && claims == 0, "all that she lost is recovered, and not yet claimed");
    let ledger = world.pool().claims.ledger;
    let expected = Bytes::of("LpPosition")
        .at(8, pool)
        .at(40, alice)
        .at(72, ledger.loss_per_share.to_le_bytes())
        .at(88, 0_u128.to_le_bytes()) // claims per share: of a new epoch
        .at(104, nominal.to_le_bytes())
        .at(120, 0_u128.to_le_bytes()) // claims
        .at(136, 1_000_000_000_u64.to_le_bytes()) // shares
        .at(144, [0_u32, 1, 0, 0].map(u32::to_le_bytes).concat()) // generation, epoch, scale
        .at(160, request(77_000_000, 0, asked + 86_398, asked + 86_398 + 172_800))
        .at(192, [1]) // version
        .at(193, [bump])
        .spare(194, 256);
    expected.assert_stored(&world, &backstop_client::address::position(&pool, &alice));
}

#[test]
fn insurance_stake() {
    let mut world = lived_in();
    let (fund, sam, asked) = (world.key().insurance_fund, world.actor("sam"), a_year_ago(&world));
    let bump = bump_of(&[b"stake", fund.as_ref(), sam.as_ref()]);
    let (stake, ledger) = (world.stake_of("sam").unwrap(), world.fund().claims.ledger);
    let (holder, worth) = (stake.holder, stake.request.worth);
    assert!(holder.nominal != 0 && holder.claims != 0 && worth != 0);
    let expected = Bytes::of("InsuranceStake")
        .at(8, fund)
        .at(40, sam)
        .at(72, ledger.loss_per_share.to_le_bytes())
        .at(88, ledger.claims_per_share.to_le_bytes())
        .at(104, holder.nominal.to_le_bytes())
        .at(120, holder.claims.to_le_bytes())
        .at(136, 30_000_000_u64.to_le_bytes()) // shares
        .at(144, [0, 0, ledger.scale, 0].map(u32::to_le_bytes).concat()) // generation, epoch, scale
        .at(160, request(7_000_000, worth, asked + 864_001, asked + 864_001 + 172_802))
        .at(192, [1]) // version
        .at(193, [bump])
        .spare(194, 256);
    expected.assert_stored(&world, &backstop_client::address::stake(&fund, &sam));
}

#[test]
fn new_position_and_stake() {
    // One who came before any loss and has not settled since
    let mut world = World::new(Setup::default());
    world.deposit("alice", 123).unwrap();
    world.stake("alice", 124).unwrap();
    let (pool, fund, alice) = (world.key().pool, world.key().insurance_fund, world.actor("alice"));
    for (address, shares) in [
        (backstop_client::address::position(&pool, &alice), 123),
        (backstop_client::address::stake(&fund, &alice), 124),
    ] {
        let data = world.account(&address).unwrap().data;
        assert_eq!(data[72..160], unsettled(shares));
        assert_eq!(data[160..192], request(0, 0, 0, 0));
    }
}

#[test]
fn loss_ledger() {
    let mut world = lived_in();
    let (pool, ledger, when) = (world.key().pool, world.loss_ledger(), a_year_ago(&world));
    let bump = bump_of(&[b"losses", pool.as_ref()]);
    let carol = world.obligation_address("carol");
    let [loss, recovery, ..] = ledger.records;
    assert!([loss.reserves, loss.insurance, loss.lps].iter().all(|part| *part != 0));
    assert_eq!((loss.sequence, loss.shares, loss.kind, recovery.kind), (1, 1_000_000_000, 1, 2));
    let numbers = |values: &[u64]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    let (before, after) = (loss.share_price_before, loss.share_price_after);
    let expected = Bytes::of("LossLedger")
        .at(8, pool)
        .at(40, 2_u64.to_le_bytes()) // how many
        // the loss
        .at(48, carol)
        .at(80, when.to_le_bytes())
        .at(88, numbers(&[1, loss.assets, loss.reserves, loss.insurance, loss.lps, 0, 1_000_000_000, before, after]))
        .at(160, 0_u32.to_le_bytes()) // generation
        .at(164, [1, 0, 0, 0]) // kind
        // the recovery
        .at(168, carol)
        .at(200, when.to_le_bytes())
        .at(208, numbers(&[0, 14_000_000, 0, recovery.insurance, loss.lps, 0, 0, 0, 0]))
        .at(280, 0_u32.to_le_bytes())
        .at(284, [2, 0, 0, 0])
        .at(288, [0; 62 * 120]) // the other records
        .at(7_728, [1]) // version
        .at(7_729, [bump])
        .spare(7_730, 7_792);
    expected.assert_stored(&world, &world.key().loss_ledger);
}

#[test]
fn obligation() {
    let mut world = lived_in();
    let (pool, bob, address) = (world.key().pool, world.actor("bob"), world.obligation_address("bob"));
    let stored = world.obligation("bob").unwrap();
    assert!(stored.exposed_at_slot > 1_000 && stored.provision != 0);
    let bump = bump_of(&[b"obligation", pool.as_ref(), bob.as_ref()]);
    let expected = Bytes::of("Obligation")
        .at(8, pool)
        .at(40, bob)
        .at(72, 180_000_000_u64.to_le_bytes()) // debt shares
        .at(80, stored.provision.to_le_bytes())
        .at(88, 0_u64.to_le_bytes()) // written off
        .at(96, 0_u64.to_le_bytes()) // recovered
        .at(104, stored.exposed_at_slot.to_le_bytes())
        .at(112, world.collateral_key("SOL").collateral)
        .at(144, 10_000_000_000_u64.to_le_bytes())
        .at(152, world.collateral_key("ETH").collateral)
        .at(184, 1_000_000_u64.to_le_bytes())
        .at(192, [0; 240]) // six free slots
        .at(432, [1]) // version
        .at(433, [bump])
        .spare(434, 584);
    expected.assert_stored(&world, &address);
    let (loss, carols) = (world.obligation("carol").unwrap().written_off, world.obligation_address("carol"));
    assert!(loss > 20_000_000);
    let data = world.account(&carols).unwrap().data;
    assert_eq!(data[88..96], loss.to_le_bytes());
    assert_eq!(data[96..104], 14_000_000_u64.to_le_bytes());
}

/// The canonical bump of these seeds.
fn bump_of(seeds: &[&[u8]]) -> u8 {
    Address::find_program_address(seeds, &backstop_client::PROGRAM_ID).1
}

/// The feed that the world bound to a token.
fn feed(symbol: &str) -> Address {
    Address::find_program_address(&[b"feed", symbol.as_bytes()], &backstop_client::PROGRAM_ID).0
}
