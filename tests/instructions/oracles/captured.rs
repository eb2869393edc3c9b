//! Accounts as the chain held them. Expected values follow from `tests/fixtures/oracles/README.md`, whose decode is
//! independent.

use serde_json::Value;
use solana_account::Account;
use solana_address::{Address, address};

use super::fixtures::*;
use crate::fixtures::*;

/// A captured account: where it stood and what stood there.
fn captured(file: &str) -> (Address, Account) {
    let json: Value = serde_json::from_str(file).unwrap();
    let text = |field: &str| json[field].as_str().unwrap();
    let owner = text("owner").parse().unwrap();
    let account = Account { lamports: 1, data: base64(text("data")), owner, executable: false, rent_epoch: u64::MAX };
    (text("address").parse().unwrap(), account)
}

/// The bytes that padded base64 stands for.
fn base64(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digit = |letter| ALPHABET.iter().position(|own| *own == letter).expect("a letter of base64");
    let digits = text.bytes().filter(|letter| *letter != b'=').map(digit);
    let bits: Vec<usize> = digits.flat_map(|digit| (0..6).rev().map(move |bit| digit >> bit & 1)).collect();
    let byte = |bits: &[usize]| u8::try_from(bits.iter().fold(0, |byte, bit| byte << 1 | bit)).unwrap();
    bits.as_chunks::<8>().0.iter().map(|bits| byte(bits)).collect()
}

/// The feed id, from its hexadecimal digits.
fn hex(text: &str) -> [u8; 32] {
    core::array::from_fn(|index| u8::from_str_radix(&text[2 * index..2 * index + 2], 16).unwrap())
}

/// A captured account and what the README says of it.
pub(super) struct Capture {
    file: &'static str,
    address: Address,
    /// What a market is bound to: the feed id of Pyth. Switchboard's is the address.
    pyth_id: Option<&'static str>,
    /// When it was published, or the value signed.
    pub(super) time: i64,
    pub(super) decimals: u8,
}

impl Capture {
    pub(super) fn feed(&self) -> [u8; 32] {
        self.pyth_id.map_or(self.address.to_bytes(), hex)
    }

    pub(super) fn account(&self) -> Account {
        let (address, account) = captured(self.file);
        assert_eq!(address, self.address);
        account
    }

    /// A pool that is about to list its token, so many seconds after its time.
    pub(super) fn listing(&self, later: i64) -> Listing {
        Listing::new(self.address, self.account(), self.feed(), self.decimals, self.time + later)
    }
}

pub(super) const PYTH_SOL: Capture = Capture {
    file: include_str!("../../fixtures/oracles/pyth_sol_usd.json"),
    address: address!("7UVimffxr9ow1uXYxsr4LHAcV58mLzhmwaeKvJ1pjLiE"),
    pyth_id: Some("ef0d8b6fda2ceba41da15d4095d1da392a0d2f8ed0c6c7bc0f4cfac8c280b56d"),
    time: 1_735_984_087,
    decimals: 9,
};
pub(super) const PYTH_BONK: Capture = Capture {
    file: include_str!("../../fixtures/oracles/pyth_bonk_usd.json"),
    address: address!("DBE3N8uNjhKPRHfANdwGvCZghWXyLPdqdSbEW2XFwBiX"),
    pyth_id: Some("72b021217ca3fe68922a19aaf990109cb9d84e9ad004b4d2025ad6f529314419"),
    time: 1_753_267_241,
    decimals: 5,
};
/// Landed at 1,749,705,160, 14 slots after it was signed: 5.6 seconds, rounded up.
pub(super) const SWITCHBOARD_JUPSOL: Capture = Capture {
    file: include_str!("../../fixtures/oracles/switchboard_jupsol_usd.json"),
    address: address!("HX5WM3qzogAfRCjBUWwnniLByMfFrjm1b5yo4KoWGR27"),
    pyth_id: None,
    time: 1_749_705_160 - 6,
    decimals: 9,
};
const PYTH_SOL_COMPATIBLE: Capture = Capture {
    file: include_str!("../../fixtures/oracles/pyth_sol_usd_compatible.json"),
    address: address!("7AviUf9nL62mcxNbQGKm4nKDQnPjswo6c5MX4D57HmyE"),
    pyth_id: Some("ef0d8b6fda2ceba41da15d4095d1da392a0d2f8ed0c6c7bc0f4cfac8c280b56d"),
    time: 1_789_699_386,
    decimals: 9,
};
const SWITCHBOARD_DSOL: Capture = Capture {
    file: include_str!("../../fixtures/oracles/switchboard_dsol_usd.json"),
    address: address!("8an9aE6j4STjv1cNXaE7SJfqmfjgLUHpBKURjqcAQJbQ"),
    pyth_id: None,
    time: 1_731_530_827,
    decimals: 9,
};
const SWITCHBOARD_JTO: Capture = Capture {
    file: include_str!("../../fixtures/oracles/switchboard_jto_sol.json"),
    address: address!("5S7ErPSkFmyXuq2aE3rZ6ofwVyZpwzUt6w7m6kqekvMe"),
    pyth_id: None,
    time: 1_734_556_608,
    decimals: 9,
};
const SWITCHBOARD_SOL: Capture = Capture {
    file: include_str!("../../fixtures/oracles/switchboard_sol_usd.json"),
    address: address!("BSzfJs4d1tAkSDqkepnfzEVcx2WtDVnwwXa2giy9PLeP"),
    pyth_id: None,
    time: 1_723_244_190,
    decimals: 9,
};

/// Lists its token a second after its time: the average begins with `average`. Then Bob, who holds so many units, can
/// borrow `limit` and no more; and once USDC costs 2 USD, `shortfall` of that is expected to stay unpaid.
fn counts(capture: &Capture, average: u128, units: u64, limit: u64, shortfall: u64) {
    let mut listing = capture.listing(1);
    listing.list().unwrap();
    let stored = listing.world.collateral("X").average;
    assert_eq!((stored.price, stored.variance, stored.at), (average, 0, capture.time + 1));

    listing.lend(units, limit - 1);
    assert_eq!(listing.borrow(2), Err("LoanToValueExceeded"));
    listing.borrow(1).unwrap();

    listing.world.set_dollars("USDC", 2);
    let mark = listing.world.mark_instruction("bob");
    listing.world.execute(listing.bound(mark), &[]).unwrap();
    assert_eq!(listing.world.obligation("bob").unwrap().marked, shortfall);
}

#[test]
fn sol_of_pyth() {
    // 21,568,137,069 at exponent -8: 10^10 each. Lower side: less 20,134,469 it is 215.480026, of ten 2,154.80026.
    // 75 % are 1,616.100195; at 2 USD, 2,154.80026 pay for 1,077.40013.
    counts(&PYTH_SOL, 215_681_370_690_000_000_000, 10 * SOL, 1_616_100_195, 538_700_065);
}

#[test]
fn bonk_of_pyth() {
    // 348,669 at exponent -10: 10^8 each. Lower side: less 357 it is 0.0000348312, of ten million 348.312.
    // 75 % are 261.234; at 2 USD, 348.312 pay for 174.156.
    counts(&PYTH_BONK, 34_866_900_000_000, 1_000_000_000_000, 261_234_000, 87_078_000);
}

#[test]
fn jupsol_of_switchboard() {
    // 177.351466043000984 to nine places. Interval: 0.004652830479302014, rounded up, and a digit for what was rounded
    // off. Lower side: 177.351466043 - 0.004652832 = 177.346813211, of ten 1,773.46813211. 75 % are 1,330.1010990825;
    // at 2 USD, 1,773.46813211 pay for 886.734066055, rounded down.
    let average = 177_351_466_043_000_000_000;
    counts(&SWITCHBOARD_JUPSOL, average, 10 * SOL, 1_330_101_099, 443_367_033);
}

#[test]
fn they_are_believed_for_a_minute_to_each_side() {
    for capture in [PYTH_SOL, PYTH_BONK, SWITCHBOARD_JUPSOL] {
        for (later, outcome) in [(-61, Err("PriceFromFuture")), (-60, Ok(())), (60, Ok(())), (61, Err("StalePrice"))] {
            assert_eq!(capture.listing(later).list(), outcome, "{} {later} seconds later", capture.address);
        }
    }
}

#[test]
fn rejects_update_of_the_second_receiver() {
    let capture = PYTH_SOL_COMPATIBLE;
    assert_eq!(capture.account().owner, SECOND_RECEIVER);
    for later in [0, 1] {
        assert_eq!(capture.listing(later).list(), Err("InvalidPriceAccount"));
    }
    // The same bytes of the first receiver would be a price: 10,259,321,149 at exponent -8.
    let mut listing = capture.listing(0);
    listing.world.set_account(capture.address, Account { owner: RECEIVER, ..capture.account() });
    listing.list().unwrap();
    assert_eq!(listing.world.collateral("X").average.price, 102_593_211_490_000_000_000);
}

#[test]
fn rejects_feeds_that_do_not_date_their_submissions() {
    // Given the time of their last update, and times around it
    for capture in [SWITCHBOARD_DSOL, SWITCHBOARD_JTO, SWITCHBOARD_SOL] {
        for later in [-86_400, -60, -1, 0, 1, 60, 86_400] {
            assert_eq!(capture.listing(later).list(), Err("StalePrice"), "{} {later} seconds later", capture.address);
        }
    }
}

#[test]
fn rejects_one_in_place_of_another() {
    // Given a market bound to BONK, to jupSOL, or to Pyth's SOL: what stands at the right address is another's
    for (bound, other) in [(PYTH_BONK, PYTH_SOL), (PYTH_SOL, PYTH_BONK), (SWITCHBOARD_JUPSOL, PYTH_SOL)] {
        let mut listing = bound.listing(0);
        listing.world.set_account(bound.address, other.account());
        assert_eq!(listing.list(), Err("WrongFeed"));
    }
    // And its own bytes elsewhere: a Switchboard feed is its address, while a Pyth update may stand anywhere
    for (capture, outcome) in [(SWITCHBOARD_JUPSOL, Err("WrongFeed")), (PYTH_SOL, Ok(()))] {
        let (mut listing, elsewhere) = (capture.listing(0), Address::new_from_array([9; 32]));
        listing.world.set_account(elsewhere, capture.account());
        let add = passing(listing.add, capture.address, elsewhere);
        assert_eq!(typed(listing.world.execute(add, &["dao"]).map(drop)), outcome);
    }
}
