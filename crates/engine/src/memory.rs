//! What a pool remembers of a token's price: the newest that was read, and since when somebody says that there is none.
//!
//! A price that cannot be read would shield all else that its obligation holds. But anyone can show an old account, so a price
//! counts as unusable only once somebody said so ([`PriceMemory::reported`]) and nobody read a usable one for `hold_seconds` since. From
//! then on it counts in the borrower's favour: collateral at twice, the liquidity token at half of what it was worth.

use crate::{
    average::Average,
    error::{Error, Result},
    price::{PriceTimes, Quote, Reading, Value},
    time::later,
};

/// How much older than the newest that was read a price may be that settles a mark, in seconds: so little that nobody picks a better one, and so
/// much that nobody keeps others from settling by showing a newer one in every slot.
pub const RECENT_SECONDS: i64 = 10;

/// The newest price of a token that was read. All zero before the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PriceMemory {
    /// Its digits.
    pub price: u64,
    /// The power of ten of these.
    pub exponent: i32,
    /// The newest time of each feed.
    pub times: PriceTimes,
    /// Unix time at which somebody reported it unusable; zero if nobody did, or it was read since.
    pub reported_at: i64,
}

impl PriceMemory {
    /// Whether a price of these times is at least as new as any that was read before, of both feeds.
    pub const fn is_newest(&self, times: PriceTimes) -> bool {
        times.first >= self.times.first && times.second >= self.times.second
    }

    /// Whether a price of these times is at most [`RECENT_SECONDS`] older than any that was read before, of both feeds.
    pub const fn is_recent(&self, times: PriceTimes) -> bool {
        times.first.saturating_add(RECENT_SECONDS) >= self.times.first
            && times.second.saturating_add(RECENT_SECONDS) >= self.times.second
    }

    /// After a usable price was read: a report ends, and the newest is kept.
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

    /// After somebody said that there is no usable price. An earlier report goes on.
    #[must_use]
    pub const fn reported(&self, now: i64) -> Self {
        Self { reported_at: if self.reported_at == 0 { now } else { self.reported_at }, ..*self }
    }

    /// Whether it counts as unusable: reported, and not read for `hold_seconds` since.
    pub fn is_unusable(&self, hold_seconds: u32, now: i64) -> bool {
        self.reported_at != 0 && now >= later(self.reported_at, hold_seconds.into())
    }

    /// What unusable collateral counts for: twice the greater of its average and the newest price that was read.
    ///
    /// # Errors
    /// [`Error::InvalidPrice`] if neither is known, or it does not fit.
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

    /// What an unusable liquidity token counts for at settlement: half the lesser of the two, rounded down.
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

    /// The newest price that was read, in value; nothing before the first.
    fn worth(&self) -> Result<Value> {
        if self.price == 0 {
            return Ok(Value::ZERO);
        }
        Quote { price: self.price, confidence: 0, exponent: self.exponent }.value()
    }
}
