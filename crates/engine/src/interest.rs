//! Interest: utilisation, the two-slope rate curve, and compounding.

use crate::{
    error::{Error, Result},
    fixed::{Q64, high_word, mul_div_down, wide},
    quantity::{Assets, Bps},
};

/// One hundred percent, in billionths: the unit of utilisation and yearly rates.
pub const NANO: u64 = 1_000_000_000;
/// Seconds in a year of 365 days, for which rates are quoted.
pub const SECONDS_PER_YEAR: u64 = 31_536_000;
/// The highest yearly rate of any part of a curve: 1,000 %.
pub const MAX_RATE: Bps = Bps::new(100_000);
/// The odd factor of `NANO * SECONDS_PER_YEAR`, which is 2^16 times this.
const ODD_NANO_SECONDS_PER_YEAR: u64 = (NANO * SECONDS_PER_YEAR) >> 16;
/// The highest sum of a curve's three rates, in billionths a year.
const MAX_TOTAL_RATE: u64 = 30 * NANO;
/// Billionths in a basis point.
const NANO_PER_BPS: u64 = 100_000;
/// The most seconds that one accrual charges for: seventeen years.
const MAX_SECONDS: u64 = (1 << 29) - 1;

/// The two-slope interest curve of a pool, and how its interest is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateModel {
    /// Yearly rate at zero utilisation.
    pub base: Bps,
    /// What the yearly rate gains from zero utilisation to the kink.
    pub slope1: Bps,
    /// The utilisation at which the curve turns steeper. Above zero and below 100 %.
    pub kink: Bps,
    /// What the yearly rate gains from the kink to full utilisation.
    pub slope2: Bps,
    /// The share of all interest that goes to reserves.
    pub reserve_factor: Bps,
    /// The share of all interest that goes to the insurance fund.
    pub insurance_factor: Bps,
    /// The averaging horizon of utilisation and debt, in seconds. See [`Usage`](crate::usage::Usage).
    pub average_seconds: u32,
}

impl RateModel {
    /// Checks bounds: rates at most [`MAX_RATE`], the kink within (0, 100 %), both factors together at most 100 %.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] otherwise.
    pub fn validate(&self) -> Result<()> {
        let rates = self.base <= MAX_RATE && self.slope1 <= MAX_RATE && self.slope2 <= MAX_RATE;
        let kink = self.kink > Bps::ZERO && self.kink < Bps::ONE;
        let factors = self.reserve_factor.get().checked_add(self.insurance_factor.get());
        let shared = factors.is_some_and(|sum| sum <= Bps::ONE.get());
        if rates && kink && shared { Ok(()) } else { Err(Error::InvalidParameter) }
    }

    /// The yearly rate at a utilisation, both in billionths, rounded down.
    ///
    /// `base + slope1 * u / kink` up to the kink, `base + slope1 + slope2 * (u - kink) / (1 - kink)` above it. This is
    /// the curve of Aave's `DefaultReserveInterestRateStrategy`.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if the parameters were not validated or utilisation exceeds 100 %.
    ///
    /// ```
    /// # use backstop_engine::{interest::RateModel, quantity::Bps};
    /// let curve = RateModel {
    ///     base: Bps::new(100), slope1: Bps::new(400), kink: Bps::new(8_000), slope2: Bps::new(6_000),
    ///     reserve_factor: Bps::ZERO, insurance_factor: Bps::ZERO, average_seconds: 86_400,
    /// };
    /// assert_eq!(curve.rate_per_year(400_000_000), Ok(30_000_000)); // 1 % + 4 % / 2
    /// assert_eq!(curve.rate_per_year(900_000_000), Ok(350_000_000)); // 1 % + 4 % + 60 % / 2
    /// ```
    pub fn rate_per_year(&self, utilisation: u64) -> Result<u64> {
        let kink = nano(self.kink);
        let (start, slope, way, run) = match utilisation.checked_sub(kink) {
            None => (self.base, self.slope1, utilisation, kink),
            Some(above) => (
                Bps::new(self.base.get().checked_add(self.slope1.get()).ok_or(Error::MathOverflow)?),
                self.slope2,
                above,
                NANO.saturating_sub(kink),
            ),
        };
        if slope > MAX_RATE || utilisation > NANO {
            return Err(Error::MathOverflow);
        }
        // The slope is at most 10^10 and the way at most 10^9, so the product fits 64 bits.
        let gain = nano(slope).wrapping_mul(way).checked_div(run).ok_or(Error::MathOverflow)?;
        nano(start).checked_add(gain).ok_or(Error::MathOverflow)
    }
}

/// Borrowed over borrowed plus cash, in billionths, rounded down. Zero if nothing is borrowed.
///
/// # Errors
/// [`Error::MathOverflow`] if the sum does not fit.
///
/// ```
/// # use backstop_engine::{interest::utilisation, quantity::Assets};
/// assert_eq!(utilisation(Assets::new(20), Assets::new(80)), Ok(800_000_000));
/// ```
pub fn utilisation(cash: Assets, debt: Assets) -> Result<u64> {
    if debt.is_zero() {
        return Ok(0);
    }
    let total = cash.plus(debt)?.get();
    if total >> 54 != 0 {
        return mul_div_down(debt.get(), NANO, total);
    }
    // Three digits in base 1,000 save a wide division on chain: the rest is below the total of 54 bits, and 1,000 has
    // ten.
    let (mut digits, mut rest) = (0_u64, debt.get());
    for _ in 0..3 {
        let scaled = rest.wrapping_mul(1_000);
        let digit = scaled.checked_div(total).ok_or(Error::MathOverflow)?;
        rest = scaled.wrapping_sub(digit.wrapping_mul(total));
        digits = digits.wrapping_mul(1_000).wrapping_add(digit);
    }
    Ok(digits)
}

/// What one unit of debt grows by in `seconds` at a yearly rate in billionths, rounded down to 2^-64: `e^x - 1` with
/// `x = rate * seconds / year`. `x` is capped at `1 - 2^-64`.
///
/// The series is cut after the third term, `x + x^2/2 + x^3/6`, as in Morpho's `MathLib.wTaylorCompounded`. Every term
/// is rounded down. At 10 % a year and one accrual a day, the cut costs lenders less than 3 * 10^-16 a day.
///
/// One accrual charges for at most 100 % of rate times time, and for at most 2^29 - 1 seconds. In a pool that nobody
/// touches for longer, interest stops until the next accrual.
///
/// # Errors
/// [`Error::MathOverflow`] if the rate was not validated.
///
/// ```
/// # use backstop_engine::{fixed::Q64, interest::{growth, NANO, SECONDS_PER_YEAR}};
/// assert_eq!(growth(0, 1_000), Ok(Q64::ZERO));
/// let year = growth(NANO / 10, SECONDS_PER_YEAR)?; // 0.1 + 0.005 + 0.000166..
/// assert_eq!(year.times_down(1_000_000), Ok(105_166));
/// # Ok::<(), backstop_engine::Error>(())
/// ```
pub fn growth(rate: u64, seconds: u64) -> Result<Q64> {
    if rate > MAX_TOTAL_RATE {
        return Err(Error::MathOverflow);
    }
    // The rate is at most 3 * 10^10 and the time below 2^29, so the product is below 1.62 * 10^19 and fits 64 bits.
    let x = year_part(rate.wrapping_mul(seconds.min(MAX_SECONDS)));
    let square = high_word(wide(x, x));
    let cube = high_word(wide(square, x));
    let third = cube.checked_div(6).ok_or(Error::MathOverflow)?;
    Q64::from_bits(u128::from(x)).plus(Q64::from_bits(u128::from(square >> 1)))?.plus(Q64::from_bits(u128::from(third)))
}

/// `product`, in billionths times seconds, as a fraction of a full year at 100 %, times 2^64. Rounded down, at most
/// `2^64 - 1`.
///
/// Uses digits of 24 bits: without its factor 2^16 the divisor has only 39 bits, so each step fits 64 bits. This saves
/// a wide division on chain.
#[allow(clippy::integer_division)] // rounded down, as documented
const fn year_part(product: u64) -> u64 {
    let whole = product / ODD_NANO_SECONDS_PER_YEAR;
    if whole >> 16 != 0 {
        return u64::MAX;
    }
    let rest = (product % ODD_NANO_SECONDS_PER_YEAR) << 24;
    let (first, rest) = (rest / ODD_NANO_SECONDS_PER_YEAR, (rest % ODD_NANO_SECONDS_PER_YEAR) << 24);
    (whole << 48) | (first << 24) | (rest / ODD_NANO_SECONDS_PER_YEAR)
}

fn nano(rate: Bps) -> u64 {
    u64::from(rate.get()).wrapping_mul(NANO_PER_BPS) // cannot wrap: below 2^32 * 10^5
}
