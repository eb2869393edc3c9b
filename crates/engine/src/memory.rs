//! What a pool remembers of a token's price: the newest one read, and since when the price is reported unusable.
//!
//! An unreadable price would shield everything else that its obligation holds. But anyone can present an old price
//! account. So a price counts as unusable only if it was reported ([`PriceMemory::reported`]) and no usable one was
//! read for `hold_seconds` since. From then on it counts in the borrower's favour: collateral at twice its worth, the
//! liquidity token at half.

use crate::{
    average::Average,
    error::{Error, Result},
    price::{PriceTimes, Quote, Reading, Value},
    time::later,
};

/// How many seconds older than the newest price read a price that settles a mark may be. Short enough that nobody picks
/// a better price. Long enough that nobody blocks settlement by reading a newer price in every slot.
pub const RECENT_SECONDS: i64 = 10;

/// The newest price read for a token. All zero before the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PriceMemory {
    /// The digits of the price.
    pub price: u64,
    /// The power of ten of the digits.
    pub exponent: i32,
    /// The newest time read of each feed.
    pub times: PriceTimes,
    /// Unix time at which the price was reported unusable. Zero without a report, or once a price was read since.
    pub reported_at: i64,
}

impl PriceMemory {
    /// Whether a price with these times is, for both feeds, at least as new as any read before.
    pub const fn is_newest(&self, times: PriceTimes) -> bool {
        times.first >= self.times.first && times.second >= self.times.second
    }

    /// Whether a price with these times is, for both feeds, at most [`RECENT_SECONDS`] older than any read before.
    pub const fn is_recent(&self, times: PriceTimes) -> bool {
        times.first.saturating_add(RECENT_SECONDS) >= self.times.first
            && times.second.saturating_add(RECENT_SECONDS) >= self.times.second
    }

    /// The memory after a usable price was read. Ends a report, and keeps the newest price.
    ///
    /// ```
    /// # use backstop_engine::{memory::PriceMemory, price::{PriceTimes, Quote, Reading}};
    /// let read = |price, at| Reading {
    ///     quote: Quote { price, confidence: 0, exponent: -8 }, times: PriceTimes { first: at, second: at },
    /// };
    /// let (newer, older) = (read(100, 20), read(200, 10));
    /// let memory = PriceMemory::default().reported(5).after(&newer);
    /// assert_eq!((memory.price, memory.reported_at), (100, 0));
    /// assert!(!memory.is_newest(older.times) && memory.after(&older) == memory);
    /// ```
    #[must_use]
    pub fn after(&self, reading: &Reading) -> Self {
        let (quote, times) = (reading.quote, reading.times);
        let newest =
            PriceTimes { first: times.first.max(self.times.first), second: times.second.max(self.times.second) };
        let (price, exponent) =
            if self.is_newest(times) { (quote.price, quote.exponent) } else { (self.price, self.exponent) };
        Self { price, exponent, times: newest, reported_at: 0 }
    }

    /// The memory after the price was reported unusable. An earlier report continues.
    #[must_use]
    pub const fn reported(&self, now: i64) -> Self {
        Self { reported_at: if self.reported_at == 0 { now } else { self.reported_at }, ..*self }
    }

    /// Whether the price counts as unusable: reported, and not read for `hold_seconds` since.
    pub fn is_unusable(&self, hold_seconds: u32, now: i64) -> bool {
        self.reported_at != 0 && now >= later(self.reported_at, hold_seconds.into())
    }

    /// The price of unusable collateral: twice the greater of its average and the newest price read.
    ///
    /// # Errors
    /// [`Error::InvalidPrice`] if neither is known, or if the result does not fit.
    ///
    /// ```
    /// # use backstop_engine::{average::Average, memory::PriceMemory, price::{PriceTimes, Quote, Reading, Value}};
    /// let average = Average::begun(Value::from_micro_usd(40_000_000), 0);
    /// let quote = Quote { price: 30, confidence: 1, exponent: 0 };
    /// let memory = PriceMemory::default().after(&Reading { quote, times: PriceTimes { first: 1, second: 1 } });
    /// assert_eq!(memory.favourable_collateral(&average)?.value()?, Value::from_micro_usd(80_000_000));
    /// assert_eq!(memory.favourable_debt(&average)?.value()?, Value::from_micro_usd(15_000_000));
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn favourable_collateral(&self, average: &Average) -> Result<Quote> {
        let most = self.worth()?.max(average.price);
        Quote::of_value(most.plus(most).map_err(|_| Error::InvalidPrice)?, Value::ZERO)?.known()
    }

    /// The price of an unusable liquidity token at settlement: half the lesser of its average and the newest price
    /// read, rounded down. If only one of them is known, half of that.
    ///
    /// # Errors
    /// As [`PriceMemory::favourable_collateral`].
    pub fn favourable_debt(&self, average: &Average) -> Result<Quote> {
        let least = match (self.worth()?, average.price) {
            (Value::ZERO, only) | (only, Value::ZERO) => only,
            (last, average) => last.min(average),
        };
        Quote::of_value(Value::new(least.get() >> 1), Value::ZERO)?.known()
    }

    /// The value of the newest price read, or zero before the first.
    fn worth(&self) -> Result<Value> {
        if self.price == 0 {
            return Ok(Value::ZERO);
        }
        Quote { price: self.price, confidence: 0, exponent: self.exponent }.value()
    }
}
