//! What each recorded loss took from whom, and what came back of it.
//!
//! A recovery pays its own loss and no other, as if that loss had been smaller: LPs, stakers and gifts pro rata to what each bore,
//! then reserves. Every side's part is a function of all that came back of the loss so far, so how it came, at once or unit by unit,
//! changes nothing. A claim is the part of a side's part that belonged to the shares held at the loss, less what was claimed of it: nobody
//! else's claim can change it. What LPs have back waits as an amount. What stakers have back is shares of the fund from the moment it comes,
//! which bear later losses like any; so a loss that is paid back takes no stake out of the next one's way.

use crate::{
    error::{Error, Result},
    fixed::{mul_div_down, wide},
    history::GenerationShares,
    pool::SHARE_PRICE_ONE,
    quantity::{Assets, Shares},
    waterfall::Loss,
};

/// A loss below this part of NAV has no record: one millionth. So nobody can flood the book.
pub const MINOR_PART: u64 = 1_000_000;

/// The losses that the largest account has room for, 10 MiB for records of 136 bytes: after that losses have no record either.
pub const MOST_RECORDS: u32 = 77_100;

/// One recorded loss.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Unix time.
    pub at: i64,
    /// The generation of the LP shares that bore it.
    pub generation: u32,
    /// The generation of the stakers' shares that bore it.
    pub stake_generation: u32,
    /// The LP shares that bore it, before the loss rescaled them.
    pub shares: Shares,
    /// The stakers' shares that bore it, before the loss rescaled them.
    pub stake_shares: Shares,
    /// Borne by reserves, and what nobody bore.
    pub reserves: Assets,
    /// Borne by the gifts in the insurance fund, and by the shares of it that waited to be claimed.
    pub gifts: Assets,
    /// Borne by stakers.
    pub stakers: Assets,
    /// Borne by LPs.
    pub lps: Assets,
    /// Share price before, in trillionths.
    pub share_price_before: u64,
    /// Share price after, before it rescaled shares, in trillionths.
    pub share_price_after: u64,
    /// What came back so far.
    pub recovered: Assets,
    /// The stakers' shares that came back so far, claimed or not, as later losses left them.
    pub back: GenerationShares,
}

/// An amount by who bore it, or gets it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// LPs' part.
    pub lps: Assets,
    /// Stakers' part.
    pub stakers: Assets,
    /// The gifts' part.
    pub gifts: Assets,
    /// The reserves' part.
    pub reserves: Assets,
}

impl Record {
    /// The record of a loss at `at`. The generations are those before it.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] never for a loss that was split.
    pub fn new(loss: &Loss, generation: u32, stake_generation: u32, at: i64) -> Result<Self> {
        Ok(Self {
            at,
            generation,
            stake_generation,
            shares: loss.shares,
            stake_shares: loss.stake_shares,
            reserves: loss.from_reserves.plus(loss.uncovered)?,
            gifts: loss.from_insurance.minus(loss.from_stakers)?,
            stakers: loss.from_stakers,
            lps: loss.to_lps,
            share_price_before: loss.share_price_before,
            share_price_after: loss.share_price_after,
            ..Self::default()
        })
    }

    /// What part of NAV before it LPs bore of it, in trillionths: what the share price fell by.
    pub(crate) fn part_of_nav(&self) -> Result<u64> {
        let fell = self.share_price_before.saturating_sub(self.share_price_after);
        mul_div_down(fell, SHARE_PRICE_ONE, self.share_price_before.max(1))
    }

    /// All of it that has not come back.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] never for a record of a loss.
    pub fn unrecovered(&self) -> Result<Assets> {
        self.reserves.plus(self.gifts)?.plus(self.stakers)?.plus(self.lps)?.minus(self.recovered)
    }

    /// What each side has of all that came back so far. Up to what LPs, stakers and gifts bore together it is theirs, `floor(back * lps /
    /// (lps + stakers + gifts))` the LPs', `floor(rest * stakers / (stakers + gifts))` of the rest the stakers', the remainder the gifts'. What exceeds
    /// it is the reserves'. So LPs and stakers are within a unit of their exact part, all have all of it when all came back, and no side
    /// ever loses a unit that it had, as it would if each were rounded for itself.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] never for a record of a loss.
    ///
    /// ```
    /// # use backstop_engine::{loss_book::*, quantity::Assets};
    /// let [two, five, ten] = [2, 5, 10].map(Assets::new);
    /// let record = Record { lps: five, stakers: two, gifts: Assets::new(3), reserves: two, recovered: five, ..Record::default() };
    /// let half = record.parts()?; // half of 5 is 2.5; two fifths of the other 3 are 1.2
    /// assert_eq!((half.lps, half.stakers, half.gifts), (two, Assets::new(1), two));
    /// let all = Record { recovered: Assets::new(12), ..record }.parts()?;
    /// assert_eq!(all, Parts { lps: five, stakers: two, gifts: Assets::new(3), reserves: two });
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn parts(&self) -> Result<Parts> {
        let insurance = self.stakers.plus(self.gifts)?;
        let bore = self.lps.plus(insurance)?;
        let back = self.recovered.min(bore);
        let lps = part(back, self.lps, bore)?;
        let rest = back.minus(lps)?;
        let stakers = part(rest, self.stakers, insurance)?;
        Ok(Parts { lps, stakers, gifts: rest.minus(stakers)?, reserves: self.recovered.minus(back)? })
    }

    /// What a payment towards this loss gives to each side, and the record afterwards.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] for more than is unrecovered.
    pub fn recover(&self, paid: Assets) -> Result<(Parts, Self)> {
        if paid > self.unrecovered()? {
            return Err(Error::MathOverflow);
        }
        let after = Self { recovered: self.recovered.plus(paid)?, ..*self };
        let (had, has) = (self.parts()?, after.parts()?);
        let parts = Parts {
            lps: has.lps.minus(had.lps)?,
            stakers: has.stakers.minus(had.stakers)?,
            gifts: has.gifts.minus(had.gifts)?,
            reserves: has.reserves.minus(had.reserves)?,
        };
        Ok((parts, after))
    }

    /// What one who held `held` of the LP shares that bore it, brought to their generation, can claim: `held * part of LPs / shares`, rounded
    /// down, less what it claimed.
    ///
    /// # Errors
    /// [`Error::NothingToClaim`] if that is nothing.
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

    /// The shares that one who held `held` of the stakers' shares that bore it, brought to their generation, can claim: `held * shares back / shares then`,
    /// rounded down, less those that it claimed, rounded up where losses divided them. All are of the fund's `generation`.
    ///
    /// # Errors
    /// [`Error::NothingToClaim`] if that is none.
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

    /// The record with shares that come back to stakers, of the fund's `generation`.
    pub(crate) fn with_back(&self, shares: Shares, generation: u32) -> Result<Self> {
        if shares.is_zero() {
            return Ok(*self);
        }
        Ok(Self { back: GenerationShares { shares: self.back.at(generation).plus(shares)?, generation }, ..*self })
    }
}

/// Whether a loss is too small for a record: below a [`MINOR_PART`]th of NAV before it. What comes back of it is a gift to the insurance
/// fund.
///
/// ```
/// # use backstop_engine::{loss_book::is_minor, quantity::Assets};
/// let nav = Assets::new(2_000_001);
/// assert!(is_minor(Assets::new(2), nav) && !is_minor(Assets::new(3), nav));
/// ```
pub fn is_minor(loss: Assets, nav_before: Assets) -> bool {
    wide(loss.get(), MINOR_PART) < u128::from(nav_before.get())
}

/// `amount * side / all`, rounded down; of all the amount itself.
fn part(amount: Assets, side: Assets, all: Assets) -> Result<Assets> {
    if side == all {
        return Ok(amount);
    }
    mul_div_down(amount.get(), side.get(), all.get()).map(Assets::new)
}

fn claim(part: Assets, held: Shares, shares: Shares, claimed: Assets) -> Result<Assets> {
    // A side that bore nothing has no shares at the loss.
    if held.is_zero() || part.is_zero() {
        return Err(Error::NothingToClaim);
    }
    let due = Assets::new(mul_div_down(part.get(), held.get(), shares.get())?).saturating_sub(claimed);
    if due.is_zero() { Err(Error::NothingToClaim) } else { Ok(due) }
}
