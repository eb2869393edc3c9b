//! What an account says: decoded field after field by the vendors' published layouts, as
//! `tests/fixtures/oracles/decode.py` does, and judged by the documented rules, without the program's code.

use solana_account::Account;
use solana_address::Address;

use super::fixtures::{ON_DEMAND, RECEIVER};

/// The default limits.
const MAX_AGE_SECONDS: i128 = 60;
const MAX_CONFIDENCE_BPS: u128 = 200;

/// A price: digits, half the width of the interval in the same digits, the power of ten of both.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    pub(super) price: u128,
    pub(super) confidence: u128,
    pub(super) exponent: i32,
}

/// What an account says to a market that is bound to this feed, or why it is refused.
pub(super) fn decode(address: &Address, account: &Account, feed: &[u8; 32], now: i64) -> Result<Said, &'static str> {
    let said = if account.owner == RECEIVER {
        pyth(&account.data, feed, now)?
    } else if ON_DEMAND.contains(&account.owner) {
        switchboard(address, &account.data, feed, now)?
    } else {
        return Err("InvalidPriceAccount");
    };
    if said.price == 0 || !(-18..=1).contains(&said.exponent) {
        return Err("InvalidPrice");
    }
    if said.confidence * 10_000 > said.price * MAX_CONFIDENCE_BPS { Err("PriceUncertain") } else { Ok(said) }
}

fn pyth(data: &[u8], feed: &[u8; 32], now: i64) -> Result<Said, &'static str> {
    const UPDATE: [u8; 8] = [34, 241, 35, 99, 157, 126, 244, 205];
    if data.len() < 133 {
        return Err("InvalidPriceAccount");
    }
    let mut fields = Fields(data);
    let (kind, _writer, [level]) = (fields.take(), fields.take::<32>(), fields.take());
    if kind != UPDATE || level != 1 {
        return Err("InvalidPriceAccount");
    }
    if fields.take() != *feed {
        return Err("WrongFeed");
    }
    let (price, confidence) = (i64::from_le_bytes(fields.take()), u64::from_le_bytes(fields.take()));
    let exponent = i32::from_le_bytes(fields.take());
    fresh(i64::from_le_bytes(fields.take()).into(), now)?;
    let price = u128::try_from(price).map_err(|_| "InvalidPrice")?;
    Ok(Said { price, confidence: confidence.into(), exponent })
}

fn switchboard(address: &Address, data: &[u8], feed: &[u8; 32], now: i64) -> Result<Said, &'static str> {
    const FEED: [u8; 8] = [196, 27, 108, 196, 10, 215, 219, 40];
    if data.len() < 3208 {
        return Err("InvalidPriceAccount");
    }
    let mut fields = Fields(data);
    let kind = fields.take();
    let submissions = [(); 32].map(|()| {
        let (_oracle, signed, landed) = (fields.take::<32>(), fields.number(), fields.number());
        fields.take::<16>();
        (signed, landed)
    });
    fields.take::<{ 3 * 32 + 3 * 8 + 4 + 32 + 1 }>(); // authority to name, padding
    let ([may_write], [_history], [minimum]) = (fields.take(), fields.take(), fields.take());
    fields.take::<{ 8 + 8 + 32 }>(); // last update, lookup table, reserved
    let (value, deviation) = (i128::from_le_bytes(fields.take()), i128::from_le_bytes(fields.take()));
    fields.take::<{ 4 * 16 }>(); // mean, range, minimum, maximum
    let ([samples], [index], _) = (fields.take(), fields.take(), fields.take::<6>());
    let slot = fields.number();
    fields.take::<{ 8 + 8 + 4 + 12 + 32 * 16 + 8 + 24 }>(); // slots, staleness, history
    let timestamps = [(); 32].map(|()| i64::from_le_bytes(fields.take()));

    if kind != FEED || may_write != 0 {
        return Err("InvalidPriceAccount");
    }
    if samples == 0 || samples < minimum {
        return Err("TooFewSamples");
    }
    let index = usize::from(index);
    let (signed, landed) = *submissions.get(index).filter(|(signed, _)| *signed == slot).ok_or("StalePrice")?;
    // A slot is two fifths of a second.
    let lag = landed.checked_sub(signed).map(|slots| (i128::from(slots) * 2 + 4) / 5).ok_or("StalePrice")?;
    if address.to_bytes() != *feed {
        return Err("WrongFeed");
    }
    fresh(i128::from(timestamps[index]) - lag, now)?;
    in_digits(
        u128::try_from(value).map_err(|_| "InvalidPrice")?,
        u128::try_from(deviation).map_err(|_| "InvalidPrice")?,
    )
}

/// Up to 2^60 digits of eighteen places; beyond, of nine places, with what is rounded off in the interval.
fn in_digits(value: u128, deviation: u128) -> Result<Said, &'static str> {
    const MOST: u128 = 1 << 60;
    const GIGA: u128 = 1_000_000_000;
    if value.max(deviation) <= MOST {
        return Ok(Said { price: value, confidence: deviation, exponent: -18 });
    }
    let said = Said {
        price: value / GIGA,
        confidence: deviation.div_ceil(GIGA) + u128::from(!value.is_multiple_of(GIGA)),
        exponent: -9,
    };
    if said.price.max(said.confidence) > MOST { Err("InvalidPrice") } else { Ok(said) }
}

fn fresh(time: i128, now: i64) -> Result<(), &'static str> {
    match i128::from(now) - time {
        age if age > MAX_AGE_SECONDS => Err("StalePrice"),
        age if age < -MAX_AGE_SECONDS => Err("PriceFromFuture"),
        _ => Ok(()),
    }
}

impl Said {
    /// What a whole token is worth, in 10^-18 USD.
    pub(super) fn value(&self) -> Result<u128, &'static str> {
        // 2^63 * 10^19 fits.
        Ok(self.price * 10_u128.pow(u32::try_from(self.exponent + 18).unwrap()))
    }

    /// What so many base units of a token are worth at the lower side of the price, in 10^-18 USD, rounded down.
    pub(super) fn lower_value(&self, units: u64, decimals: u8) -> Result<u128, &'static str> {
        let product = u128::from(units) * (self.price - self.confidence);
        match i64::from(self.exponent) + 18 - i64::from(decimals) {
            power @ 0..=19 => product.checked_mul(10_u128.pow(u32::try_from(power).unwrap())).ok_or("MathOverflow"),
            power @ -19..=-1 => Ok(product / 10_u128.pow(u32::try_from(-power).unwrap())),
            _ => Err("InvalidPrice"),
        }
    }
}

/// Reads one field after another.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let (field, rest) = self.0.split_first_chunk().expect("enough bytes");
        self.0 = rest;
        *field
    }

    fn number(&mut self) -> u64 {
        u64::from_le_bytes(self.take())
    }
}
