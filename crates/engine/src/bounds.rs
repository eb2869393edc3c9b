//! The range of each parameter that has no rule of its own.
//!
//! Apart from these bounds, only a timelock keeps a parameter from a nonsensical value, and an executed mistake hurts
//! as much as malice. Each bound states its reason.

use crate::error::{Error, Result};

/// A range of values, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The smallest value.
    pub least: u64,
    /// The largest value.
    pub most: u64,
}

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

/// Slots between a loan and the recording of its loss: at most a day of 400 ms slots. If recording had to wait longer,
/// everyone could see the loss and leave before it.
pub const DEFAULT_AGE_SLOTS: Bound = Bound { least: 0, most: 216_000 };
/// How long losses and draws count: an hour to sixty days. Below an hour, losses of one crash would count separately.
/// Above sixty days, draws long past would still keep the fund from paying.
pub const WINDOW_SECONDS: Bound = Bound { least: HOUR, most: 60 * DAY };
/// How long stakers wait before they leave: a day to sixty days. Below a day, stakers could leave before a loss that
/// they see coming is recorded. Above sixty days, stakers could not tell what they will receive.
pub const COOLDOWN_SECONDS: Bound = Bound { least: DAY, most: 60 * DAY };
/// A notice that is not zero: ten minutes, the shortest hold, to a day. A notice shorter than the hold leaves no time
/// to record an upcoming loss. A notice longer than a day keeps LPs from their own money for too long.
pub const NOTICE_SECONDS: Bound = Bound { least: 600, most: DAY };
/// The maximum age of a price: a second to a day. Yesterday's price is no price.
pub const PRICE_AGE_SECONDS: Bound = Bound { least: 1, most: DAY };
/// The widest confidence interval, in basis points: at most a fifth of the price. A price that may be a fifth off
/// either way measures neither debt nor collateral.
pub const CONFIDENCE_BPS: Bound = Bound { least: 1, most: 2_000 };
/// The largest divergence between two feeds, in basis points: at most a fifth, for the same reason.
pub const DIVERGENCE_BPS: Bound = Bound { least: 0, most: 2_000 };
/// The smallest donation that can found a fund, in base units.
///
/// A stake is a whole number of shares. With a million protocol-owned shares, a share is worth at most a millionth of
/// the fund, however much revenue arrives before anyone stakes. So nobody can make rounding to whole shares coarse for
/// others.
pub const MIN_INITIAL_DONATION: u64 = 1_000_000;
/// The smallest amount that a partial execution of a request pays, in base units.
///
/// Each execution costs the owner of the request less than one unit in rounding, and anyone can execute. So rounding
/// costs the owner at most a thousandth, however often the request is executed in parts.
pub const PARTIAL_EXIT: u64 = 1_000;

impl Bound {
    /// Checks that a value is within the range.
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

    /// Like [`Bound::check`], but zero (none) is valid too.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] otherwise.
    pub fn check_or_none(self, value: impl Into<u64>) -> Result<()> {
        let value = value.into();
        if value == 0 { Ok(()) } else { self.check(value) }
    }
}
