//! Every byte of every account, written down field by field and compared with what the program stored.

use backstop_client::ClaimBook;
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

/// A pool in which no two numbers are equal: 1,000 deposited, 200 lent against SOL and ETH, 30 staked on a gift of 20, two years of
/// interest, one loss of some 20 that reserves, the fund and LPs share, of which 14 are recovered, and a provision.
fn lived_in() -> World {
    let mut setup = Setup::default();
    setup.collaterals.push(CollateralSetup::new("ETH", 8, 2_000));
    let (loss, liquidation) = (&mut setup.parameters.loss, &mut setup.parameters.liquidation);
    (loss.dust_value, loss.min_default_age_slots, loss.window_seconds) = (2_000_000, 3, 604_801);
    (loss.insurance_share_bps, loss.event_cap_bps, loss.window_cap_bps) = (5_000, 9_998, 9_997);
    (liquidation.full_below_value, liquidation.min_debt) = (3_000_000, 1_000);
    (liquidation.bonus_min_bps, liquidation.bonus_max_bps) = (500, 1_500);
    (liquidation.insurance_cut_bps, liquidation.target_health_bps) = (2_000, 11_001);
    let exit = &mut setup.parameters.exit;
    (exit.breaker_min_losses, exit.breaker_limit_bps, exit.breaker_window_seconds) = (123, 1, 604_802);
    (exit.breaker_notice_seconds, exit.notice_seconds) = (86_398, 3_601);
    let insurance = &mut setup.parameters.insurance;
    (insurance.cooldown_seconds, insurance.claim_window_seconds) = (864_001, 172_802);
    let rates = &mut setup.parameters.rates;
    (rates.base_bps, rates.slope1_bps, rates.kink_bps, rates.slope2_bps) = (1_000, 1, 8_001, 6_001);
    (rates.reserve_factor_bps, rates.insurance_factor_bps) = (1_999, 999);
    (setup.parameters.oracle.max_age_seconds, setup.parameters.oracle.max_confidence_bps) = (61, 199);
    setup.collaterals[0].parameters.deposit_cap = 1 << 50;
    setup.collaterals[0].parameters.scrap_units = 1_234;
    let mut world = World::new(setup);
    world.fund_insurance("ines", 20_000_000).unwrap();
    world.stake("sam", 30_000_000).unwrap();
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
    world.recover("carol", "carol", 14_000_000).unwrap();
    world.request_withdrawal("alice", 77_000_000).unwrap();
    world.request_unstake("sam", 7_000_000).unwrap();
    world.set_dollars("ETH", 2_000);
    world.wait(31_536_000);
    world.set_dollars("SOL", 15);
    world.provision("bob").unwrap();
    world
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

/// The bytes of a request to leave.
fn request(shares: u64, worth: u64, matures_at: i64, lapses_at: i64) -> Vec<u8> {
    [shares.to_le_bytes(), worth.to_le_bytes(), matures_at.to_le_bytes(), lapses_at.to_le_bytes()].concat()
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
    let ledger = &pool.claims.ledger;
    let totals = [pool.cash, pool.debt_shares, pool.shares, pool.reserves, pool.insurance_due];
    let numbers = [&totals[..], &[pool.losses, pool.provisions, pool.breaker_losses, pool.breaker_nav_before]].concat();
    assert!(numbers.iter().all(|number| numbers.iter().filter(|other| *other == number).count() == 1), "{numbers:?}");
    assert!(!numbers.contains(&0), "a zero would hide a wrong offset: {numbers:?}");
    assert!(
        pool.breaker_fades_at > pool.breaker_until
            && pool.breaker_until > pool.breaker_at
            && ledger.payable != 0
            && ledger.epoch == 1
    );
    let words = |values: &[u32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
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
        .at(1_112, pool.provisions.to_le_bytes())
        .at(1_120, pool.breaker_losses.to_le_bytes())
        .at(1_128, pool.breaker_nav_before.to_le_bytes())
        .at(1_136, a_year_ago(&world).to_le_bytes()) // the last LP loss
        .at(1_144, pool.breaker_fades_at.to_le_bytes())
        .at(1_152, pool.breaker_until.to_le_bytes())
        // loss parameters
        .at(1_160, 2_000_000_u64.to_le_bytes())
        .at(1_168, 3_u64.to_le_bytes())
        .at(1_176, words(&[604_801, 5_000, 9_998, 9_997]))
        // liquidation parameters
        .at(1_192, 3_000_000_u64.to_le_bytes())
        .at(1_200, 1_000_u64.to_le_bytes())
        .at(1_208, words(&[500, 1_500, 2_000, 11_001]))
        // exit parameters
        .at(1_224, 123_u64.to_le_bytes())
        .at(1_232, words(&[1, 604_802, 86_398, 3_601]))
        // insurance parameters
        .at(1_248, words(&[864_001, 172_802]))
        // rates
        .at(1_256, words(&[1_000, 1, 8_001, 6_001, 1_999, 999]))
        // oracle
        .at(1_280, feed("USDC"))
        .at(1_312, words(&[61, 199]))
        .at(1_320, 1_u32.to_le_bytes()) // obligations with a provision
        .at(1_324, [6]) // decimals
        .at(1_325, [1]) // version
        .at(1_326, [bump])
        .spare(1_327, 1_568);
    expected.assert_stored(&world, &key.pool);
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
        world.set_price("SOL", backstop_engine::price::Quote { price: 1, confidence: 0, exponent: -2 }, 0);
        world.record_bad_debt("liz", "bob").unwrap();
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
        .at(152, 1_234_u64.to_le_bytes()) // scrap
        .at(160, 7_500_u32.to_le_bytes()) // loan to value
        .at(164, 8_000_u32.to_le_bytes()) // liquidation threshold
        .at(168, 10_000_000_000_u64.to_le_bytes()) // deposited
        .at(176, [9]) // decimals
        .at(177, [1]) // version
        .at(178, [bump])
        .spare(179, 432);
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
