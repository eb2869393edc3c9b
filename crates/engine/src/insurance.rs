//! The insurance fund: who owns it, how stakers enter and leave, what a loss draws.
//!
//! Stakers' shares divide what the fund holds; revenue that is due to it is settled into it before anything else
//! ([`Fund::settled`]). Gifts that find no shares found the fund: they count as shares that belong to nobody, one to one, so
//! that the next staker owns what it pays in and no gift can be taken out.

use crate::{
    claims::Ledger,
    error::{Error, Result},
    fixed::mul_div_down,
    pool::Totals,
    quantity::{Assets, Bps, Shares},
    stock::{Stock, one_more},
    time::seconds_between,
};

/// How much of a loss the insurance fund takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InsuranceLimits {
    /// The loss-sharing ratio: the part of what reserves leave that the fund pays.
    pub share: Bps,
    /// The most one loss draws, of the fund's assets before it.
    pub event_cap: Bps,
    /// The most that draws within the window add up to, of the fund's assets before them.
    pub window_cap: Bps,
    /// How long a draw counts against the window cap; it fades evenly.
    pub window_seconds: u64,
}

/// The insurance fund of a pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fund {
    /// What it holds.
    pub assets: Assets,
    /// Stakers' shares.
    pub shares: Shares,
    /// Shares that belong to nobody: gifts that founded the fund.
    pub founding: Shares,
    /// What draws took from the founding shares and was not recovered.
    pub founding_claims: Assets,
    /// All that was ever drawn, at most 2^64 - 1.
    pub drawn: Assets,
    /// What recent draws still count for at `window_at`.
    pub window_drawn: Assets,
    /// Unix time of the last draw.
    pub window_at: i64,
}

/// What a stake does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stake {
    /// The assets it takes: what was offered, less what would not pay for a whole share.
    pub assets: Assets,
    /// The shares it mints.
    pub shares: Shares,
    /// Zero, or the power of two that all earlier shares are divided by first: the present generation ends.
    pub shift: u32,
    /// The fund afterwards.
    pub fund: Fund,
}

/// What a draw does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Draw {
    pub(crate) drawn: Assets,
    /// The part of it that stakers bear.
    pub(crate) from_stakers: Assets,
    /// The stakers' shares that bear it.
    pub(crate) shares: Shares,
    /// Whether nothing is left: the shares are void.
    pub(crate) drained: bool,
    pub(crate) fund: Fund,
}

/// What leaving does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unstake {
    /// The assets it pays out.
    pub assets: Assets,
    /// The fund afterwards.
    pub fund: Fund,
}

impl InsuranceLimits {
    /// Checks bounds: each part at most 100 %, the window above zero seconds.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] otherwise.
    pub fn validate(&self) -> Result<()> {
        let parts = self.share <= Bps::ONE && self.event_cap <= Bps::ONE && self.window_cap <= Bps::ONE;
        if parts && self.window_seconds > 0 { Ok(()) } else { Err(Error::InvalidParameter) }
    }
}

impl Fund {
    /// What draws still count for at `now`: they fade evenly over the window. Rounded up, in favour of the fund.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] never for validated limits.
    ///
    /// ```
    /// # use backstop_engine::{quantity::Assets, insurance::Fund};
    /// let fund = Fund { window_drawn: Assets::new(50), ..Fund::default() };
    /// assert_eq!(fund.window_drawn_at(100, 25), Ok(Assets::new(38))); // three quarters of 50 is 37.5
    /// ```
    pub fn window_drawn_at(&self, window_seconds: u64, now: i64) -> Result<Assets> {
        let passed = seconds_between(self.window_at, now);
        if passed >= window_seconds || self.window_drawn.is_zero() {
            return Ok(Assets::ZERO);
        }
        let faded = mul_div_down(self.window_drawn.get(), passed, window_seconds)?;
        Ok(self.window_drawn.saturating_sub(Assets::new(faded)))
    }

    /// The fund with the revenue that a pool set aside for it, and the pool without.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if it does not fit.
    pub fn settled(&self, totals: &Totals) -> Result<(Self, Totals)> {
        let fund = Self { assets: self.assets.plus(totals.insurance_due)?, ..*self };
        Ok((fund, Totals { insurance_due: Assets::ZERO, ..*totals }))
    }

    /// The same fund with what belongs to no share as founding shares, one to one.
    const fn founded(&self) -> Self {
        if self.shares.is_zero() && self.founding.is_zero() {
            Self { founding: Shares::new(self.assets.get()), ..*self }
        } else {
            *self
        }
    }

    fn stock(&self) -> Result<Stock> {
        Ok(Stock { assets: self.assets, shares: self.shares.plus(self.founding)? })
    }

    /// Takes up to `offered` for shares at full value: rounded like a deposit.
    ///
    /// # Errors
    /// [`Error::AmountTooSmall`] if that is no share; [`Error::MathOverflow`] if a total would not fit.
    ///
    /// ```
    /// # use backstop_engine::{insurance::Fund, quantity::{Assets, Shares}};
    /// let gift = Fund { assets: Assets::new(50), ..Fund::default() };
    /// let staked = gift.stake(Assets::new(30))?;
    /// assert_eq!((staked.shares, staked.fund.founding), (Shares::new(30), Shares::new(50)));
    /// assert_eq!(staked.fund.worth(staked.shares, Assets::ZERO), Ok(Assets::new(30)));
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn stake(&self, offered: Assets) -> Result<Stake> {
        let founded = self.founded();
        match founded.minting(offered, 0) {
            Err(Error::MathOverflow) => {
                let shift = founded.stock()?.consolidation()?;
                let (shares, founding) = (self.shares.divided(shift), self.founding.divided(shift));
                Self { shares, founding, ..founded }.founded().minting(offered, shift)
            }
            done => done,
        }
    }

    fn minting(&self, offered: Assets, shift: u32) -> Result<Stake> {
        let (shares, assets) = self.stock()?.mint(offered)?;
        let fund = Self { assets: self.assets.plus(assets)?, shares: self.shares.plus(shares)?, ..*self };
        one_more(fund.assets.get())?; // refuses what would not fit
        Ok(Stake { assets, shares, shift, fund })
    }

    /// What stakers' shares are worth, rounded down, without what is `held_back` for provisions.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if it does not fit, which needs more shares than there are.
    pub fn worth(&self, shares: Shares, held_back: Assets) -> Result<Assets> {
        let stock = self.founded().stock()?;
        Stock { assets: stock.assets.saturating_sub(held_back), ..stock }.worth(shares)
    }

    /// Burns stakers' shares for the lesser of what they were worth when their owner asked to leave and what they are worth
    /// now.
    ///
    /// # Errors
    /// [`Error::InsufficientShares`] beyond the stakers' shares; [`Error::AmountTooSmall`] if they are worth nothing.
    ///
    /// ```
    /// # use backstop_engine::{insurance::Fund, quantity::{Assets, Shares}};
    /// let fund = Fund { assets: Assets::new(80), shares: Shares::new(100), ..Fund::default() };
    /// let left = fund.unstake(Shares::new(50), Assets::new(50), Assets::ZERO)?;
    /// assert_eq!((left.assets, left.fund.assets), (Assets::new(40), Assets::new(40)));
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn unstake(&self, shares: Shares, worth_then: Assets, held_back: Assets) -> Result<Unstake> {
        if shares > self.shares {
            return Err(Error::InsufficientShares);
        }
        let assets = self.worth(shares, held_back)?.min(worth_then);
        if assets.is_zero() {
            return Err(Error::AmountTooSmall);
        }
        let fund = Self { assets: self.assets.minus(assets)?, shares: self.shares.minus(shares)?, ..*self };
        Ok(Unstake { assets, fund })
    }

    /// What the fund pays of a loss that reserves left: its share, within the event cap, the window cap and what it holds.
    /// Every part is rounded down. `window_drawn` is what draws still count for.
    pub(crate) fn covers(&self, loss: Assets, limits: &InsuranceLimits, window_drawn: Assets) -> Result<Assets> {
        // Saturating, in favour of the fund: nothing may stop a loss from being recorded.
        let event = limits.event_cap.of_down(self.assets)?;
        let before = Assets::new(self.assets.get().saturating_add(window_drawn.get()));
        let window = limits.window_cap.of_down(before)?.saturating_sub(window_drawn);
        Ok(limits.share.of_down(loss)?.min(event).min(window).min(self.assets))
    }

    /// Draws the share of a loss within the limits.
    pub(crate) fn draw(&self, loss: Assets, limits: &InsuranceLimits, now: i64) -> Result<Draw> {
        let none =
            Draw { drawn: Assets::ZERO, from_stakers: Assets::ZERO, shares: Shares::ZERO, drained: false, fund: *self };
        if self.assets.is_zero() || loss.is_zero() {
            return Ok(none);
        }
        let window_drawn = self.window_drawn_at(limits.window_seconds, now)?;
        let drawn = self.covers(loss, limits, window_drawn)?;
        if drawn.is_zero() {
            return Ok(none);
        }
        let founded = self.founded();
        let from_stakers = if founded.founding.is_zero() {
            drawn
        } else {
            let all = founded.shares.plus(founded.founding)?;
            Assets::new(mul_div_down(drawn.get(), founded.shares.get(), all.get())?)
        };
        let from_founding = drawn.minus(from_stakers)?;
        let assets = self.assets.minus(drawn)?;
        let drained = assets.is_zero();
        let fund = Self {
            assets,
            shares: if drained { Shares::ZERO } else { founded.shares },
            founding: if drained { Shares::ZERO } else { founded.founding },
            founding_claims: Assets::new(self.founding_claims.get().saturating_add(from_founding.get())),
            drawn: Assets::new(self.drawn.get().saturating_add(drawn.get())),
            window_drawn: Assets::new(window_drawn.get().saturating_add(drawn.get())),
            window_at: now,
        };
        Ok(Draw { drawn, from_stakers, shares: founded.shares, drained, fund })
    }

    /// Pays up to `offered` towards what draws took, stakers and founding shares alike. Returns what the stakers' ledger took
    /// and what came back as founding shares, minted at the fund's price so that nobody else's stake gains by it.
    pub(crate) fn recover(&self, offered: Assets, claims: &Ledger) -> Result<(Assets, Assets, Ledger, Self)> {
        let lost = self.founding_claims;
        let all = Assets::new(claims.outstanding.get().saturating_add(lost.get()));
        let paid = offered.min(all);
        if lost.is_zero() || paid.is_zero() {
            let (taken, ledger) = claims.recover(paid);
            return Ok((taken, Assets::ZERO, ledger, *self));
        }
        let refunded = Assets::new(mul_div_down(paid.get(), lost.get(), all.get())?);
        let (taken, ledger) = claims.recover(paid.minus(refunded)?);
        let founded = self.founded();
        let stock = founded.stock()?;
        let founding = match stock.mint(refunded) {
            Ok((shares, _)) => shares,
            Err(Error::AmountTooSmall) => Shares::ZERO,
            // Shares so cheap that those minted would not fit: nobody's stake may gain by that, so it is left for reserves.
            Err(_) => {
                let fund = Self { founding_claims: lost.minus(refunded)?, ..*self };
                return Ok((taken, Assets::ZERO, ledger, fund));
            }
        };
        let fund = Self {
            assets: self.assets.plus(refunded)?,
            founding: founded.founding.plus(founding)?,
            founding_claims: lost.minus(refunded)?,
            ..founded
        };
        Ok((taken, refunded, ledger, fund))
    }
}
