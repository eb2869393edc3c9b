//! The insurance fund: who owns it, how stakers enter and leave, what a loss draws.
//!
//! Stakers' shares divide what the fund holds; revenue that is due to it is settled into it before anything else
//! ([`Fund::settled`]). Gifts mint shares at the price of the moment that belong to the fund itself: they bear losses and earn like any,
//! raise nobody's stake, and can never be taken out. What the fund holds while nobody has shares counts as a gift; and so does the part of
//! revenue that what was drawn lately would have. What comes back of stakers' losses is shares at once, which wait to be claimed, and bear and
//! earn like any meanwhile.

use crate::{
    bounds,
    error::{Error, Result},
    exit::{Exit, Request},
    fixed::mul_div_down,
    history::rescalings,
    pool::Totals,
    quantity::{Assets, Bps, Shares},
    stock::{Stock, one_more},
    window::Window,
};

/// How much of a loss the insurance fund takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InsuranceLimits {
    /// The loss-sharing ratio: the part of what reserves leave that the fund pays.
    pub share: Bps,
    /// The most that the draws of a window add up to, of the fund's assets before them: so also the most that one loss draws, or that
    /// those of one obligation do.
    pub cap: Bps,
    /// How long a draw counts against the cap; it fades evenly.
    pub window_seconds: u64,
}

/// The insurance fund of a pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fund {
    /// What it holds.
    pub assets: Assets,
    /// What the pool owed it for want of cash when it was last settled: as much its own as what it holds, but it cannot be paid out yet.
    pub owed: Assets,
    /// Stakers' shares.
    pub shares: Shares,
    /// Shares that came back of stakers' losses and wait to be claimed.
    pub waiting_shares: Shares,
    /// Shares of the fund itself: gifts.
    pub gift_shares: Shares,
    /// How often losses rescaled both.
    pub generation: u32,
    /// All that was ever drawn, at most 2^64 - 1.
    pub drawn: Assets,
    /// The draws that still count against the cap.
    pub draws: Window,
}

/// What a stake or a gift does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stake {
    /// The assets it takes: what was offered, less what would not pay for a whole share.
    pub assets: Assets,
    /// The shares it mints: the staker's, or the fund's own for a gift.
    pub shares: Shares,
    /// The fund afterwards.
    pub fund: Fund,
}

/// What a draw does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Draw {
    pub(crate) drawn: Assets,
    /// The part of it that stakers bear; gifts, and what waits to be claimed, bear the rest.
    pub(crate) from_stakers: Assets,
    /// The stakers' shares that bear it.
    pub(crate) shares: Shares,
    /// How often it rescales all shares.
    pub(crate) rescalings: u32,
    pub(crate) fund: Fund,
}

impl InsuranceLimits {
    /// Checks bounds: share and cap at most 100 %, the window within [`bounds::WINDOW_SECONDS`].
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] otherwise.
    pub fn validate(&self) -> Result<()> {
        let parts = self.share <= Bps::ONE && self.cap <= Bps::ONE;
        if parts { bounds::WINDOW_SECONDS.check(self.window_seconds) } else { Err(Error::InvalidParameter) }
    }
}

impl Fund {
    /// The fund with the revenue that a pool set aside for it and with what the pool owes it, and the pool without the former.
    ///
    /// Of revenue `r`, with `d` that draws still count for, `r * d / (assets + d)` is a gift, rounded down, for shares at the price before it: what was
    /// drawn would have earned that. So nobody has a fund drawn, stakes in what is left, and takes what comes in. Where losses divided shares, revenue
    /// is a gift as well as far as the fund's own shares are worth less than [`bounds::FOUNDING_GIFT`].
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if it does not fit.
    ///
    /// ```
    /// # use backstop_engine::{bounds::FOUNDING_GIFT, insurance::Fund, pool::Totals, quantity::{Assets, Shares}};
    /// let drained = Fund { assets: Assets::new(1), shares: Shares::new(1), generation: 7, ..Fund::default() };
    /// let pool = Totals { insurance_due: Assets::new(FOUNDING_GIFT), ..Totals::empty(0) };
    /// let (fund, _) = drained.settled(&pool)?;
    /// assert_eq!((fund.gift_shares, fund.worth(Shares::new(1))), (Shares::new(FOUNDING_GIFT), Ok(Assets::new(1))));
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn settled(&self, totals: &Totals) -> Result<(Self, Totals)> {
        let assets = self.assets.plus(totals.insurance_due)?;
        let mut fund = Self { assets, owed: totals.insurance_owed, ..*self };
        let revenue = fund.all().saturating_sub(self.all());
        if !(revenue.is_zero() || self.generation == 0 && self.draws.counted.is_zero()) {
            fund.gift_shares = self.gift_shares.plus(self.gift_of(revenue, totals.accrued_at)?)?;
        }
        Ok((fund, Totals { insurance_due: Assets::ZERO, ..*totals }))
    }

    /// The shares that the gift in revenue makes.
    #[inline(never)]
    fn gift_of(&self, revenue: Assets, now: i64) -> Result<Shares> {
        let (stock, drawn) = (self.stock()?, self.draws.counted_at(now)?);
        if stock.shares.is_zero() {
            return Ok(Shares::ZERO); // all of it is a gift
        }
        let with_drawn = self.all().get().saturating_add(drawn.get()).max(1);
        let lost = Assets::new(mul_div_down(revenue.get(), drawn.get(), with_drawn)?);
        let missing = if self.generation == 0 {
            Assets::ZERO
        } else {
            Assets::new(bounds::FOUNDING_GIFT).saturating_sub(stock.worth(self.gift_shares)?)
        };
        // More than fits 64 bits is none: then shares are cheap enough for everyone.
        Ok(stock.mint(lost.max(missing).min(revenue)).map_or(Shares::ZERO, |(shares, _)| shares))
    }

    /// All that is its own: what it holds and what it is owed; at most 2^64 - 1, since nothing may stop a loss from being recorded.
    pub const fn all(&self) -> Assets {
        Assets::new(self.assets.get().saturating_add(self.owed.get()))
    }

    /// The same fund with what belongs to no share as a gift, one to one.
    const fn founded(&self) -> Self {
        if self.shares.is_zero() && self.waiting_shares.is_zero() && self.gift_shares.is_zero() {
            Self { gift_shares: Shares::new(self.all().get()), ..*self }
        } else {
            *self
        }
    }

    fn stock(&self) -> Result<Stock> {
        Ok(Stock { assets: self.all(), shares: self.all_shares()? })
    }

    /// All its shares: stakers', those that wait to be claimed, and its own.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] never for a fund that these functions produced.
    pub fn all_shares(&self) -> Result<Shares> {
        self.shares.plus(self.waiting_shares)?.plus(self.gift_shares)
    }

    /// Takes up to `offered` for shares at full value: rounded like a deposit.
    ///
    /// # Errors
    /// [`Error::AmountTooSmall`] if that is no share; [`Error::MathOverflow`] if a total would not fit.
    ///
    /// ```
    /// # use backstop_engine::{insurance::Fund, quantity::{Assets, Shares}};
    /// let fund = Fund { assets: Assets::new(200), shares: Shares::new(100), ..Fund::default() };
    /// let staked = fund.stake(Assets::new(30))?;
    /// assert_eq!((staked.shares, staked.assets), (Shares::new(15), Assets::new(30))); // a share costs 201 / 101
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn stake(&self, offered: Assets) -> Result<Stake> {
        let founded = self.founded();
        let minted = founded.minting(offered)?;
        Ok(Stake { fund: Self { shares: self.shares.plus(minted.shares)?, ..minted.fund }, ..minted })
    }

    /// Takes up to `offered` for shares of the fund itself: rounded like a stake, so that it raises nobody's stake.
    ///
    /// # Errors
    /// As [`Fund::stake`].
    ///
    /// ```
    /// # use backstop_engine::{insurance::Fund, quantity::{Assets, Shares}};
    /// let given = Fund::default().give(Assets::new(50))?.fund;
    /// let staked = given.stake(Assets::new(30))?;
    /// assert_eq!((staked.shares, staked.fund.gift_shares), (Shares::new(30), Shares::new(50)));
    /// let again = staked.fund.give(Assets::new(80))?.fund;
    /// assert_eq!(again.worth(staked.shares), Ok(Assets::new(30)));
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn give(&self, offered: Assets) -> Result<Stake> {
        let founded = self.founded();
        let minted = founded.minting(offered)?;
        Ok(Stake { fund: Self { gift_shares: founded.gift_shares.plus(minted.shares)?, ..minted.fund }, ..minted })
    }

    /// Takes up to `offered` back for those who bore a loss: shares that wait to be claimed, rounded like a stake.
    ///
    /// # Errors
    /// As [`Fund::stake`].
    ///
    /// ```
    /// # use backstop_engine::{insurance::Fund, quantity::{Assets, Shares}};
    /// let fund = Fund { assets: Assets::new(50), shares: Shares::new(101), ..Fund::default() };
    /// let back = fund.restore(Assets::new(25))?; // a share costs 51 / 102
    /// assert_eq!((back.shares, back.fund.waiting_shares, back.fund.shares), (Shares::new(50), Shares::new(50), fund.shares));
    /// assert_eq!(back.fund.worth(Shares::new(50)), Ok(Assets::new(25)));
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn restore(&self, offered: Assets) -> Result<Stake> {
        let founded = self.founded();
        let minted = founded.minting(offered)?;
        let waiting_shares = founded.waiting_shares.plus(minted.shares)?;
        Ok(Stake { fund: Self { waiting_shares, ..minted.fund }, ..minted })
    }

    /// Hands shares that waited to a staker who claims them. The price stays.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] never for what a record says.
    pub fn claim(&self, shares: Shares) -> Result<Self> {
        Ok(Self { shares: self.shares.plus(shares)?, waiting_shares: self.waiting_shares.minus(shares)?, ..*self })
    }

    /// Founds the fund of a pool that opens: a gift to a fund that nobody could put anything into, so one to one.
    ///
    /// # Errors
    /// [`Error::FoundingGiftTooSmall`] below [`bounds::FOUNDING_GIFT`]; [`Error::MathOverflow`] if it does not fit.
    ///
    /// ```
    /// # use backstop_engine::{bounds::FOUNDING_GIFT, insurance::Fund, quantity::{Assets, Shares}, Error};
    /// let founded = Fund::default().found(Assets::new(FOUNDING_GIFT))?.fund;
    /// assert_eq!((founded.assets, founded.gift_shares), (Assets::new(FOUNDING_GIFT), Shares::new(FOUNDING_GIFT)));
    /// assert_eq!(Fund::default().found(Assets::new(FOUNDING_GIFT - 1)), Err(Error::FoundingGiftTooSmall));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn found(&self, offered: Assets) -> Result<Stake> {
        if offered < Assets::new(bounds::FOUNDING_GIFT) { Err(Error::FoundingGiftTooSmall) } else { self.give(offered) }
    }

    /// The shares that an offer pays for, what they cost, and the fund with that, before the shares are anyone's.
    fn minting(&self, offered: Assets) -> Result<Stake> {
        let (shares, assets) = self.stock()?.mint(offered)?;
        let fund = Self { assets: self.assets.plus(assets)?, ..*self };
        one_more(fund.assets.plus(fund.owed)?.get())?; // refuses what would not fit
        Ok(Stake { assets, shares, fund })
    }

    /// What stakers' shares are worth, rounded down.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if it does not fit, which needs more shares than there are.
    pub fn worth(&self, shares: Shares) -> Result<Assets> {
        self.founded().stock()?.worth(shares)
    }

    /// Executes a matured request of a staker: burns its shares for the lesser of what they were worth when asked and what they are worth now, as far
    /// as the fund holds that itself, and sets that aside. What the pool owes the fund cannot be paid yet. What they earned since is left to the fund as a
    /// gift, shares rounded down: nobody comes in for it.
    ///
    /// # Errors
    /// [`Error::InsufficientCash`] if what it holds pays nothing.
    ///
    /// ```
    /// # use backstop_engine::{exit::Request, insurance::Fund, quantity::{Assets, Shares}};
    /// let fund = Fund { assets: Assets::new(80), shares: Shares::new(100), ..Fund::default() };
    /// let asked = Request::new(Shares::new(50), Assets::new(50), 0, 0_u32);
    /// let (exit, left) = fund.execute(&asked)?;
    /// assert_eq!((exit.assets, left.assets, left.shares), (Assets::new(40), Assets::new(40), Shares::new(50)));
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn execute(&self, request: &Request) -> Result<(Exit, Self)> {
        let stock = self.stock()?;
        let exit = request.exit(&stock, request.worth, self.assets)?;
        let unpaid = stock.worth(exit.shares)?.saturating_sub(exit.assets);
        let left =
            if unpaid.is_zero() { Shares::ZERO } else { exit.shares.saturating_sub(stock.shares_worth(exit.assets)?) };
        let fund = Self {
            assets: self.assets.minus(exit.assets)?,
            shares: self.shares.minus(exit.shares)?,
            gift_shares: self.gift_shares.plus(left)?,
            ..*self
        };
        Ok((exit, fund))
    }

    /// What the fund pays of a loss that reserves left: its share, within the cap, of which so much is drawn, and what it holds. Every part is
    /// rounded down.
    fn covers(&self, loss: Assets, limits: &InsuranceLimits, drawn: Assets) -> Result<Assets> {
        // Saturating, in favour of the fund: nothing may stop a loss from being recorded.
        let before = Assets::new(self.all().get().saturating_add(drawn.get()));
        let room = limits.cap.of_down(before)?.saturating_sub(drawn);
        Ok(limits.share.of_down(loss)?.min(room).min(self.all()))
    }

    /// Draws the share of a loss within the limits, what is owed to the fund first. What of the loss would then exceed the `nav` that LPs have
    /// is taken from what is owed, beyond the limits: whoever is owed by a pool that has lost all it lent has lost that, too.
    pub(crate) fn draw(&self, loss: Assets, nav: Assets, limits: &InsuranceLimits, now: i64) -> Result<Draw> {
        let none =
            Draw { drawn: Assets::ZERO, from_stakers: Assets::ZERO, shares: Shares::ZERO, rescalings: 0, fund: *self };
        if self.all().is_zero() || loss.is_zero() {
            return Ok(none);
        }
        let draws = self.draws.faded(now)?;
        let covered = self.covers(loss, limits, draws.counted)?;
        let beyond = loss.saturating_sub(covered).saturating_sub(nav).min(self.owed.saturating_sub(covered));
        let drawn = covered.plus(beyond)?;
        if drawn.is_zero() {
            return Ok(none);
        }
        let founded = self.founded();
        let all = founded.all_shares()?;
        let from_stakers = if founded.shares == all {
            drawn
        } else {
            Assets::new(mul_div_down(drawn.get(), founded.shares.get(), all.get())?)
        };
        let from_owed = drawn.min(self.owed);
        let (assets, owed) = (self.assets.minus(drawn.minus(from_owed)?)?, self.owed.minus(from_owed)?);
        let rescalings = rescalings(assets.plus(owed)?, all);
        let fund = Self {
            assets,
            owed,
            shares: founded.shares.rescaled(0, rescalings),
            waiting_shares: founded.waiting_shares.rescaled(0, rescalings),
            gift_shares: founded.gift_shares.rescaled(0, rescalings),
            generation: self.generation.saturating_add(rescalings),
            drawn: Assets::new(self.drawn.get().saturating_add(drawn.get())),
            draws: draws.plus(drawn, limits.window_seconds, now)?,
        };
        Ok(Draw { drawn, from_stakers, shares: founded.shares, rescalings, fund })
    }
}
