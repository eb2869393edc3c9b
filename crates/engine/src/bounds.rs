//! What a parameter can be, where its own rules do not say: a timelock alone stands between a parameter and nonsense, and a mistake that is
//! executed hurts as much as malice. Each bound has its reason beside it.

use crate::error::{Error, Result};

/// From one value to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The least.
    pub least: u64,
    /// The most.
    pub most: u64,
}

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

/// Slots between a loan and its loss: at most a day of 400 ms each. What nobody may record for longer is a loss that everybody sees and leaves before.
pub const DEFAULT_AGE_SLOTS: Bound = Bound { least: 0, most: 216_000 };
/// How long losses and draws count: an hour, below which losses of one crash would count apart, to sixty days, beyond which what is long over still
/// keeps the fund from paying.
pub const WINDOW_SECONDS: Bound = Bound { least: HOUR, most: 60 * DAY };
/// How long stakers wait: a day, below which they leave before a loss that they see coming is recorded, to sixty days, beyond which nobody would know
/// what they will have.
pub const COOLDOWN_SECONDS: Bound = Bound { least: DAY, most: 60 * DAY };
/// A notice that is not zero: as long as a hold at least, below which it gives nobody time to record what is coming, to a day, since the money is the
/// LPs'.
pub const NOTICE_SECONDS: Bound = Bound { least: 600, most: DAY };
/// The oldest price: a second to a day. A price of yesterday is none.
pub const PRICE_AGE_SECONDS: Bound = Bound { least: 1, most: DAY };
/// The widest confidence interval, in basis points: a fifth. A price that may be a fifth off either way tells neither debt nor collateral.
pub const CONFIDENCE_BPS: Bound = Bound { least: 1, most: 2_000 };
/// How far two feeds may be apart, in basis points: a fifth, for the same reason.
pub const DIVERGENCE_BPS: Bound = Bound { least: 0, most: 2_000 };
/// The least gift that a fund is founded with, in base units. A stake is a whole number of shares. With a million shares that are nobody's no share is worth
/// more than a millionth of what the fund holds, however much revenue comes in before anyone stakes: so nobody makes stakes coarse for others.
pub const FOUNDING_GIFT: u64 = 1_000_000;
/// The least that executing a part of a request pays, in base units. Whoever leaves loses less than a unit to rounding each time, and anyone executes: so a
/// thousandth at most, however often.
pub const PARTIAL_EXIT: u64 = 1_000;

impl Bound {
    /// Whether a value is within.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] otherwise.
    ///
    /// ```
    /// # use backstop_engine::{bounds, Error};
    /// assert_eq!(bounds::COOLDOWN_SECONDS.check(86_400_u32), Ok(()));
    /// assert_eq!(bounds::COOLDOWN_SECONDS.check(86_399_u32), Err(Error::InvalidParameter));
    /// ```
    pub fn check(self, value: impl Into<u64>) -> Result<()> {
        let value = value.into();
        if self.least <= value && value <= self.most { Ok(()) } else { Err(Error::InvalidParameter) }
    }

    /// The same of a value that can also be zero: none.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] otherwise.
    pub fn check_or_none(self, value: impl Into<u64>) -> Result<()> {
        let value = value.into();
        if value == 0 { Ok(()) } else { self.check(value) }
    }
}
