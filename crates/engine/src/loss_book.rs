//! What each recorded loss took from each side, and what was recovered of it.
//!
//! A recovery pays its own loss and no other, as if that loss had been smaller: LPs, stakers and protocol-owned shares
//! pro rata to what each bore, then reserves. Each side's part depends only on the total recovered so far. So it does
//! not matter whether a recovery comes at once or unit by unit.
//!
//! A claim is the part of a side's recovery that belongs to the shares held at the loss, less what was claimed already.
//! No other claim can change it. LPs' recovery waits as an amount. Stakers' recovery is fund shares from the moment it
//! arrives, and these bear later losses like any share. So repaying a loss does not shield stake from the next one.

use crate::{
    error::{Error, Result},
    fixed::{mul_div_down, wide},
    history::GenerationShares,
    pool::SHARE_PRICE_ONE,
    quantity::{Assets, Shares},
    waterfall::Loss,
};

/// A loss below one millionth of NAV has no record, so that nobody can flood the book.
pub const MINOR_PART: u64 = 1_000_000;

/// The most records that fit the largest account: 10 MiB at 136 bytes a record. Losses after that have no record
/// either.
pub const MOST_RECORDS: u32 = 77_100;

/// One recorded loss.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Unix time of the loss.
    pub at: i64,
    /// The generation of the LP shares that bore the loss.
    pub generation: u32,
    /// The generation of the stakers' shares that bore the loss.
    pub stake_generation: u32,
    /// The LP shares that bore the loss, before it rescaled them.
    pub shares: Shares,
    /// The stakers' shares that bore the loss, before it rescaled them.
    pub stake_shares: Shares,
    /// Borne by reserves, plus what was uncovered.
    pub reserves: Assets,
    /// Borne by the insurance fund's protocol-owned shares and waiting shares.
    pub protocol: Assets,
    /// Borne by stakers.
    pub stakers: Assets,
    /// Borne by LPs.
    pub lps: Assets,
    /// Share price before the loss, in trillionths.
    pub share_price_before: u64,
    /// Share price after the loss and before rescaling, in trillionths.
    pub share_price_after: u64,
    /// The total recovered so far.
    pub recovered: Assets,
    /// The stakers' shares minted by recoveries so far, claimed or not, as later losses left them.
    pub back: GenerationShares,
}

/// An amount split by side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// LPs' part.
    pub lps: Assets,
    /// Stakers' part.
    pub stakers: Assets,
    /// The protocol-owned shares' part.
    pub protocol: Assets,
    /// The reserves' part.
    pub reserves: Assets,
}

impl Record {
    /// The record of a loss at time `at`. The generations are those before the loss.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] cannot occur for a loss from [`record`](crate::waterfall::record).
    pub fn new(loss: &Loss, generation: u32, stake_generation: u32, at: i64) -> Result<Self> {
        Ok(Self {
            at,
            generation,
            stake_generation,
            shares: loss.shares,
            stake_shares: loss.stake_shares,
            reserves: loss.from_reserves.plus(loss.uncovered)?,
            protocol: loss.from_insurance.minus(loss.from_stakers)?,
            stakers: loss.from_stakers,
            lps: loss.to_lps,
            share_price_before: loss.share_price_before,
            share_price_after: loss.share_price_after,
            ..Self::default()
        })
    }

    /// The part of NAV that LPs lost, in trillionths: the relative fall of the share price.
    pub(crate) fn part_of_nav(&self) -> Result<u64> {
        let fell = self.share_price_before.saturating_sub(self.share_price_after);
        mul_div_down(fell, SHARE_PRICE_ONE, self.share_price_before.max(1))
    }

    /// What of the loss is not recovered yet.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] cannot occur for a record of a loss.
    pub fn unrecovered(&self) -> Result<Assets> {
        self.reserves.plus(self.protocol)?.plus(self.stakers)?.plus(self.lps)?.minus(self.recovered)
    }

    /// Each side's part of the total recovered so far.
    ///
    /// Up to the sum that LPs, stakers and protocol-owned shares bore together:
    ///
    /// - LPs get `floor(back * lps / (lps + stakers + protocol))`.
    /// - Stakers get `floor(rest * stakers / (stakers + protocol))` of the rest.
    /// - Protocol-owned shares get the remainder.
    ///
    /// What exceeds that sum goes to reserves. LPs and stakers are within a unit of their exact parts, and every side
    /// is whole once all is recovered. No side ever loses a unit that it had, which rounding each part on its own could
    /// cause.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] cannot occur for a record of a loss.
    ///
    /// ```
    /// # use backstop_engine::{loss_book::*, quantity::Assets};
    /// let [two, five, ten] = [2, 5, 10].map(Assets::new);
    /// let record = Record { lps: five, stakers: two, protocol: Assets::new(3), reserves: two, recovered: five, ..Record::default() };
    /// let half = record.parts()?; // half of 5 is 2.5; two fifths of the other 3 are 1.2
    /// assert_eq!((half.lps, half.stakers, half.protocol), (two, Assets::new(1), two));
    /// let all = Record { recovered: Assets::new(12), ..record }.parts()?;
    /// assert_eq!(all, Parts { lps: five, stakers: two, protocol: Assets::new(3), reserves: two });
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn parts(&self) -> Result<Parts> {
        let insurance = self.stakers.plus(self.protocol)?;
        let bore = self.lps.plus(insurance)?;
        let back = self.recovered.min(bore);
        let lps = part(back, self.lps, bore)?;
        let rest = back.minus(lps)?;
        let stakers = part(rest, self.stakers, insurance)?;
        Ok(Parts { lps, stakers, protocol: rest.minus(stakers)?, reserves: self.recovered.minus(back)? })
    }

    /// Each side's part of a payment towards this loss, and the record afterwards.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if `paid` is more than what is unrecovered.
    pub fn recover(&self, paid: Assets) -> Result<(Parts, Self)> {
        if paid > self.unrecovered()? {
            return Err(Error::MathOverflow);
        }
        let after = Self { recovered: self.recovered.plus(paid)?, ..*self };
        let (had, has) = (self.parts()?, after.parts()?);
        let parts = Parts {
            lps: has.lps.minus(had.lps)?,
            stakers: has.stakers.minus(had.stakers)?,
            protocol: has.protocol.minus(had.protocol)?,
            reserves: has.reserves.minus(had.reserves)?,
        };
        Ok((parts, after))
    }

    /// What an LP can claim who held `held` of the shares that bore the loss, in their generation:
    /// `held * LPs' part / shares`, rounded down, less what was `claimed`.
    ///
    /// # Errors
    /// [`Error::NothingToClaim`] if that is zero.
    ///
    /// ```
    /// # use backstop_engine::{Error, loss_book::Record, quantity::{Assets, Shares}};
    /// let record = Record { lps: Assets::new(30), shares: Shares::new(100), recovered: Assets::new(10), ..Record::default() };
    /// assert_eq!(record.lp_claim(Shares::new(60), Assets::new(1)), Ok(Assets::new(5))); // 6 less 1
    /// assert_eq!(record.lp_claim(Shares::new(60), Assets::new(6)), Err(Error::NothingToClaim));
    /// ```
    pub fn lp_claim(&self, held: Shares, claimed: Assets) -> Result<Assets> {
        claim(self.parts()?.lps, held, self.shares, claimed)
    }

    /// The shares that a staker can claim who held `held` of the stakers' shares that bore the loss, in their
    /// generation.
    ///
    /// `held * shares back / shares then`, rounded down, less those `claimed`, which are rounded up if later losses
    /// rescaled them. All in the fund's `generation`.
    ///
    /// # Errors
    /// [`Error::NothingToClaim`] if that is zero.
    ///
    /// ```
    /// # use backstop_engine::{history::GenerationShares, loss_book::Record, quantity::Shares};
    /// let back = GenerationShares { shares: Shares::new(40 << 10), generation: 2 };
    /// let record = Record { stake_shares: Shares::new(100), back, ..Record::default() };
    /// let claimed = GenerationShares { shares: Shares::new((5 << 10) + 1), generation: 2 };
    /// assert_eq!(record.stake_claim(Shares::new(60), &claimed, 3), Ok(Shares::new(18))); // 24 less 6
    /// ```
    pub fn stake_claim(&self, held: Shares, claimed: &GenerationShares, generation: u32) -> Result<Shares> {
        let back = Assets::new(self.back.at(generation).get());
        let claimed = Assets::new(claimed.at_up(generation).get());
        claim(back, held, self.stake_shares, claimed).map(|due| Shares::new(due.get()))
    }

    /// The record with new waiting shares for stakers, in the fund's `generation`.
    pub(crate) fn with_back(&self, shares: Shares, generation: u32) -> Result<Self> {
        if shares.is_zero() {
            return Ok(*self);
        }
        Ok(Self { back: GenerationShares { shares: self.back.at(generation).plus(shares)?, generation }, ..*self })
    }
}

/// Whether a loss is too small for a record: below a [`MINOR_PART`]th of NAV before it. Its recoveries are donations to
/// the insurance fund.
///
/// ```
/// # use backstop_engine::{loss_book::is_minor, quantity::Assets};
/// let nav = Assets::new(2_000_001);
/// assert!(is_minor(Assets::new(2), nav) && !is_minor(Assets::new(3), nav));
/// ```
pub fn is_minor(loss: Assets, nav_before: Assets) -> bool {
    wide(loss.get(), MINOR_PART) < u128::from(nav_before.get())
}

/// `amount * side / all`, rounded down. Exactly `amount` if the side is all.
fn part(amount: Assets, side: Assets, all: Assets) -> Result<Assets> {
    if side == all {
        return Ok(amount);
    }
    mul_div_down(amount.get(), side.get(), all.get()).map(Assets::new)
}

fn claim(part: Assets, held: Shares, shares: Shares, claimed: Assets) -> Result<Assets> {
    // A side that bore nothing can have zero shares, which cannot divide.
    if held.is_zero() || part.is_zero() {
        return Err(Error::NothingToClaim);
    }
    let due = Assets::new(mul_div_down(part.get(), held.get(), shares.get())?).saturating_sub(claimed);
    if due.is_zero() { Err(Error::NothingToClaim) } else { Ok(due) }
}
