//! Every byte of every account, written down field by field and compared with what the program stored.

use backstop_testkit::{CollateralSetup, Setup, World};
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

/// A pool in which no two numbers are equal: 1,000 deposited, 200 lent against SOL and ETH, a year of interest, one loss of
/// 20, which reserves and the fund of 50 share.
fn lived_in() -> World {
    let mut setup = Setup::default();
    setup.collaterals.push(CollateralSetup::new("ETH", 8, 2_000));
    let (loss, liquidation) = (&mut setup.parameters.loss, &mut setup.parameters.liquidation);
    (loss.dust_value, loss.min_default_age_slots, loss.window_seconds) = (2_000_000, 3, 604_801);
    (loss.insurance_share_bps, loss.event_cap_bps, loss.window_cap_bps) = (5_000, 9_998, 9_997);
    (liquidation.full_below_value, liquidation.min_debt) = (3_000_000, 1_000);
    (liquidation.bonus_min_bps, liquidation.bonus_max_bps) = (500, 1_500);
    (liquidation.insurance_cut_bps, liquidation.target_health_bps) = (2_000, 11_001);
    let rates = &mut setup.parameters.rates;
    (rates.base_bps, rates.slope1_bps, rates.kink_bps, rates.slope2_bps) = (1_000, 1, 8_001, 6_001);
    (rates.reserve_factor_bps, rates.insurance_factor_bps) = (1_999, 999);
    (setup.parameters.oracle.max_age_seconds, setup.parameters.oracle.max_confidence_bps) = (61, 199);
    setup.collaterals[0].parameters.deposit_cap = 1 << 50;
    let mut world = World::new(setup);
    world.fund_insurance("ines", 50_000_000).unwrap();
    world.deposit("alice", 1_000_000_000).unwrap();
    world.deposit_collateral("bob", "SOL", 10_000_000_000).unwrap();
    world.deposit_collateral("bob", "ETH", 1_000_000).unwrap();
    world.borrow("bob", 180_000_000).unwrap();
    world.deposit_collateral("carol", "ETH", 1_500_000).unwrap();
    world.borrow("carol", 20_000_000).unwrap();
    world.wait(31_536_000);
    world.set_dollars("ETH", 100);
    world.advance(0, 3);
    world.record_bad_debt("liz", "carol").unwrap();
    world.set_dollars("ETH", 2_000);
    world.wait(31_536_000);
    world.accrue().unwrap();
    world
}

#[test]
fn market() {
    let mut world = lived_in();
    let (market, dao) = (world.key().market, world.actor("dao"));
    let bump = bump_of(&[b"market", &0_u64.to_le_bytes()]);
    let expected = Bytes::of("Market").at(8, dao).at(40, 0_u64.to_le_bytes()).at(48, [1]).at(49, [bump]).spare(50, 240);
    expected.assert_stored(&world, &market);
}

#[test]
fn pool() {
    let world = lived_in();
    let (key, pool) = (*world.key(), world.pool());
    let numbers = [pool.cash, pool.debt_shares, pool.shares, pool.reserves, pool.insurance_due, pool.losses];
    assert!(numbers.iter().all(|number| numbers.iter().filter(|other| *other == number).count() == 1));
    assert!(!numbers.contains(&0), "a zero would hide a wrong offset: {numbers:?}");
    let words = |values: &[u32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    let bump = bump_of(&[b"pool", key.market.as_ref(), key.mint.as_ref()]);
    let expected = Bytes::of("Pool")
        .at(8, key.market)
        .at(40, key.mint)
        .at(72, key.vault)
        .at(104, key.insurance_fund)
        .at(136, pool.borrow_index.to_le_bytes())
        .at(152, pool.cash.to_le_bytes())
        .at(160, 180_000_000_u64.to_le_bytes()) // debt shares
        .at(168, 1_000_000_000_u64.to_le_bytes()) // shares
        .at(176, pool.reserves.to_le_bytes())
        .at(184, pool.insurance_due.to_le_bytes())
        .at(192, world.now().to_le_bytes()) // accrued at
        .at(200, 1_u64.to_le_bytes()) // losses
        .at(208, 0_u64.to_le_bytes()) // uncovered
        // loss parameters
        .at(216, 2_000_000_u64.to_le_bytes())
        .at(224, 3_u64.to_le_bytes())
        .at(232, words(&[604_801, 5_000, 9_998, 9_997]))
        // liquidation parameters
        .at(248, 3_000_000_u64.to_le_bytes())
        .at(256, 1_000_u64.to_le_bytes())
        .at(264, words(&[500, 1_500, 2_000, 11_001]))
        // rates
        .at(280, words(&[1_000, 1, 8_001, 6_001, 1_999, 999]))
        // oracle
        .at(304, feed("USDC"))
        .at(336, words(&[61, 199]))
        .at(344, 0_u32.to_le_bytes()) // generation
        .at(348, [6]) // decimals
        .at(349, [1]) // version
        .at(350, [bump])
        .spare(351, 864);
    expected.assert_stored(&world, &key.pool);
}

#[test]
fn generation_of_a_pool() {
    let mut world = World::new(Setup::default());
    world.deposit("alice", 200_000_000).unwrap();
    world.deposit_collateral("bob", "SOL", 10_000_000_000).unwrap();
    world.borrow("bob", 200_000_000).unwrap();
    world.set_price("SOL", backstop_engine::price::Quote { price: 1, confidence: 0, exponent: -2 }, 0);
    world.record_bad_debt("liz", "bob").unwrap();
    world.open_position("carol").unwrap();
    assert_eq!(world.account(&world.key().pool).unwrap().data[344..348], 1_u32.to_le_bytes());
    let carol = world.actor("carol");
    let position = backstop_client::address::position(&world.key().pool, &carol);
    assert_eq!(world.account(&position).unwrap().data[80..84], 1_u32.to_le_bytes());
}

#[test]
fn collateral() {
    let world = lived_in();
    let key = world.collateral_key("SOL");
    let bump = bump_of(&[b"collateral", world.key().pool.as_ref(), key.mint.as_ref()]);
    let expected = Bytes::of("Collateral")
        .at(8, world.key().pool)
        .at(40, key.mint)
        .at(72, key.vault)
        .at(104, feed("SOL"))
        .at(136, 60_u32.to_le_bytes()) // oldest price
        .at(140, 200_u32.to_le_bytes()) // widest confidence
        .at(144, (1_u64 << 50).to_le_bytes()) // deposit cap
        .at(152, 7_500_u32.to_le_bytes()) // loan to value
        .at(156, 8_000_u32.to_le_bytes()) // liquidation threshold
        .at(160, 10_000_000_000_u64.to_le_bytes()) // deposited
        .at(168, [9]) // decimals
        .at(169, [1]) // version
        .at(170, [bump])
        .spare(171, 424);
    expected.assert_stored(&world, &key.collateral);
}

#[test]
fn insurance_fund() {
    let world = lived_in();
    let (key, fund) = (*world.key(), world.fund());
    let bump = bump_of(&[b"insurance", key.pool.as_ref()]);
    assert!(fund.assets != fund.drawn && fund.drawn != 0 && fund.window_at != 0);
    assert_eq!(world.balance_at(&key.insurance_vault), fund.assets);
    let expected = Bytes::of("InsuranceFund")
        .at(8, key.pool)
        .at(40, key.insurance_vault)
        .at(72, fund.assets.to_le_bytes())
        .at(80, fund.drawn.to_le_bytes())
        .at(88, fund.drawn.to_le_bytes()) // drawn in the window: there was one draw
        .at(96, (world.now() - 31_536_000).to_le_bytes()) // when
        .at(104, [1]) // version
        .at(105, [bump])
        .spare(106, 360);
    expected.assert_stored(&world, &key.insurance_fund);
}

#[test]
fn lp_position() {
    let mut world = lived_in();
    let (pool, alice) = (world.key().pool, world.actor("alice"));
    let bump = bump_of(&[b"lp", pool.as_ref(), alice.as_ref()]);
    let expected = Bytes::of("LpPosition")
        .at(8, pool)
        .at(40, alice)
        .at(72, 1_000_000_000_u64.to_le_bytes()) // shares
        .at(80, 0_u32.to_le_bytes()) // generation
        .at(84, [1]) // version
        .at(85, [bump])
        .spare(86, 216);
    expected.assert_stored(&world, &backstop_client::address::position(&pool, &alice));
}

#[test]
fn obligation() {
    let mut world = lived_in();
    let (pool, bob, address) = (world.key().pool, world.actor("bob"), world.obligation_address("bob"));
    let exposed = world.obligation("bob").unwrap().exposed_at_slot;
    assert!(exposed > 1_000);
    let bump = bump_of(&[b"obligation", pool.as_ref(), bob.as_ref()]);
    let expected = Bytes::of("Obligation")
        .at(8, pool)
        .at(40, bob)
        .at(72, 180_000_000_u64.to_le_bytes()) // debt shares
        .at(80, 0_u64.to_le_bytes()) // written off
        .at(88, exposed.to_le_bytes())
        .at(96, world.collateral_key("SOL").collateral)
        .at(128, 10_000_000_000_u64.to_le_bytes())
        .at(136, world.collateral_key("ETH").collateral)
        .at(168, 1_000_000_u64.to_le_bytes())
        .at(176, [0; 240]) // six free slots
        .at(416, [1]) // version
        .at(417, [bump])
        .spare(418, 584);
    expected.assert_stored(&world, &address);
    let (loss, carols) = (world.obligation("carol").unwrap().written_off, world.obligation_address("carol"));
    assert!(loss > 20_000_000);
    assert_eq!(world.account(&carols).unwrap().data[80..88], loss.to_le_bytes());
}

/// The canonical bump of these seeds.
fn bump_of(seeds: &[&[u8]]) -> u8 {
    Address::find_program_address(seeds, &backstop_client::PROGRAM_ID).1
}

/// The feed that the world bound to a token.
fn feed(symbol: &str) -> Address {
    Address::find_program_address(&[b"feed", symbol.as_bytes()], &backstop_client::PROGRAM_ID).0
}
