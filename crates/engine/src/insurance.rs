//! The insurance fund: who owns it, how stakers enter and leave, and what a loss draws.
//!
//! Shares divide what the fund holds. Revenue due to the fund is settled into it before anything else
//! ([`Fund::settled`]).
//!
//! A donation mints protocol-owned shares at the current price. They belong to the fund itself, bear losses and earn
//! like any share, do not raise the worth of any stake, and can never be redeemed. What the fund holds while no shares
//! exist counts as a donation. So does the part of revenue that recently drawn assets would have earned.
//!
//! What is recovered of stakers' losses mints waiting shares at once. They wait to be claimed, and bear and earn like
//! any share meanwhile.

use crate::{
    bounds,
    error::{Error, Result},
    exit::{Exit, Request},
    fixed::mul_div_down,
    history::rescalings,
    pool::Totals,
    quantity::{Assets, Bps, Shares},
    share_vault::{ShareVault, one_more},
    window::Window,
};

/// How much of a loss the insurance fund takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InsuranceLimits {
    /// The loss-sharing ratio: the part of a loss beyond reserves that the fund pays.
    pub share: Bps,
    /// The most that the draws of a window add up to, relative to the fund's assets before them. So also the most that
    /// one loss, or all losses of one obligation, can draw.
    pub cap: Bps,
    /// How long a draw counts against the cap. It fades linearly.
    pub window_seconds: u64,
}

/// The insurance fund of a pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fund {
    /// The assets it holds.
    pub assets: Assets,
    /// What the pool owed it for lack of cash when it was last settled. It belongs to the fund like its assets, but
    /// cannot be paid out yet.
    pub owed: Assets,
    /// Stakers' shares.
    pub shares: Shares,
    /// Waiting shares: minted by recoveries of stakers' losses and not claimed yet.
    pub waiting_shares: Shares,
    /// Protocol-owned shares: they belong to the fund itself.
    pub protocol_shares: Shares,
    /// How often losses rescaled all its shares.
    pub generation: u32,
    /// The total ever drawn, at most 2^64 - 1.
    pub drawn: Assets,
    /// The draws that still count against the cap.
    pub draws: Window,
}

/// The outcome of a stake or a donation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stake {
    /// The assets taken: the offered amount, less what does not pay for a whole share.
    pub assets: Assets,
    /// The shares minted: for the staker, or protocol-owned for a donation.
    pub shares: Shares,
    /// The fund afterwards.
    pub fund: Fund,
}

/// The outcome of a draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Draw {
    pub(crate) drawn: Assets,
    /// The part of `drawn` that stakers bear. Protocol-owned shares and waiting shares bear the rest.
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
    /// Settles the fund: adds the revenue that the pool set aside, and updates what the pool owes it. Returns the fund,
    /// and the pool without the revenue set aside.
    ///
    /// Of revenue `r`, where `d` of past draws still counts, `r * d / (assets + d)`, rounded down, is a donation: the
    /// drawn assets would have earned it. It mints protocol-owned shares at the price before the revenue. So nobody can
    /// have a fund drawn, stake in the remainder, and take the incoming revenue.
    ///
    /// After losses have rescaled shares, the donation is at least what the protocol-owned shares lack in worth of
    /// [`bounds::MIN_INITIAL_DONATION`], up to all of the revenue.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if it does not fit.
    ///
    /// ```
    /// # use backstop_engine::{bounds::MIN_INITIAL_DONATION, insurance::Fund, pool::Totals, quantity::{Assets, Shares}};
    /// let drained = Fund { assets: Assets::new(1), shares: Shares::new(1), generation: 7, ..Fund::default() };
    /// let pool = Totals { insurance_due: Assets::new(MIN_INITIAL_DONATION), ..Totals::empty(0) };
    /// let (fund, _) = drained.settled(&pool)?;
    /// assert_eq!((fund.protocol_shares, fund.worth(Shares::new(1))), (Shares::new(MIN_INITIAL_DONATION), Ok(Assets::new(1))));
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn settled(&self, totals: &Totals) -> Result<(Self, Totals)> {
        let assets = self.assets.plus(totals.insurance_due)?;
        let mut fund = Self { assets, owed: totals.insurance_owed, ..*self };
        let revenue = fund.all().saturating_sub(self.all());
        if !(revenue.is_zero() || self.generation == 0 && self.draws.counted.is_zero()) {
            fund.protocol_shares = self.protocol_shares.plus(self.donation_of(revenue, totals.accrued_at)?)?;
        }
        Ok((fund, Totals { insurance_due: Assets::ZERO, ..*totals }))
    }

    /// The protocol-owned shares minted for the donated part of revenue.
    #[inline(never)]
    fn donation_of(&self, revenue: Assets, now: i64) -> Result<Shares> {
        let (share_vault, drawn) = (self.share_vault()?, self.draws.counted_at(now)?);
        if share_vault.shares.is_zero() {
            return Ok(Shares::ZERO); // all of it is a donation
        }
        let with_drawn = self.all().get().saturating_add(drawn.get()).max(1);
        let lost = Assets::new(mul_div_down(revenue.get(), drawn.get(), with_drawn)?);
        let missing = if self.generation == 0 {
            Assets::ZERO
        } else {
            Assets::new(bounds::MIN_INITIAL_DONATION).saturating_sub(share_vault.worth(self.protocol_shares)?)
        };
        // If the shares do not fit 64 bits, none are minted: then shares are cheap enough for everyone.
        Ok(share_vault.mint(lost.max(missing).min(revenue)).map_or(Shares::ZERO, |(shares, _)| shares))
    }

    /// All that belongs to the fund: what it holds and what it is owed. At most 2^64 - 1, since nothing may stop a loss
    /// from being recorded.
    pub const fn all(&self) -> Assets {
        Assets::new(self.assets.get().saturating_add(self.owed.get()))
    }

    /// The fund with assets that belong to no share turned into a donation, one to one.
    const fn founded(&self) -> Self {
        if self.shares.is_zero() && self.waiting_shares.is_zero() && self.protocol_shares.is_zero() {
            Self { protocol_shares: Shares::new(self.all().get()), ..*self }
        } else {
            *self
        }
    }

    fn share_vault(&self) -> Result<ShareVault> {
        Ok(ShareVault { assets: self.all(), shares: self.all_shares()? })
    }

    /// All shares: stakers', waiting and protocol-owned.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] cannot occur for a fund that these functions produced.
    pub fn all_shares(&self) -> Result<Shares> {
        self.shares.plus(self.waiting_shares)?.plus(self.protocol_shares)
    }

    /// Stakes up to `offered` for shares at the current price. Rounds like a deposit.
    ///
    /// # Errors
    /// [`Error::AmountTooSmall`] if it mints no share. [`Error::MathOverflow`] if a total would not fit.
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

    /// Donates up to `offered`: mints protocol-owned shares. Rounds like a stake, so that it raises the worth of no
    /// stake.
    ///
    /// # Errors
    /// As [`Fund::stake`].
    ///
    /// ```
    /// # use backstop_engine::{insurance::Fund, quantity::{Assets, Shares}};
    /// let given = Fund::default().donate(Assets::new(50))?.fund;
    /// let staked = given.stake(Assets::new(30))?;
    /// assert_eq!((staked.shares, staked.fund.protocol_shares), (Shares::new(30), Shares::new(50)));
    /// let again = staked.fund.donate(Assets::new(80))?.fund;
    /// assert_eq!(again.worth(staked.shares), Ok(Assets::new(30)));
    /// # Ok::<(), backstop_engine::Error>(())
    /// ```
    pub fn donate(&self, offered: Assets) -> Result<Stake> {
        let founded = self.founded();
        let minted = founded.minting(offered)?;
        Ok(Stake {
            fund: Self { protocol_shares: founded.protocol_shares.plus(minted.shares)?, ..minted.fund },
            ..minted
        })
    }

    /// Mints waiting shares for the stakers who bore a loss, for up to `offered`. Rounds like a stake.
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

    /// Turns waiting shares into the shares of a staker who claims them. The price does not change.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] cannot occur for shares that a record shows as claimable.
    pub fn claim(&self, shares: Shares) -> Result<Self> {
        Ok(Self { shares: self.shares.plus(shares)?, waiting_shares: self.waiting_shares.minus(shares)?, ..*self })
    }

    /// Founds the fund when its pool opens: a donation to an empty fund, so one to one.
    ///
    /// # Errors
    /// [`Error::InitialDonationTooSmall`] below [`bounds::MIN_INITIAL_DONATION`]. [`Error::MathOverflow`] if a total
    /// would not fit.
    ///
    /// ```
    /// # use backstop_engine::{bounds::MIN_INITIAL_DONATION, insurance::Fund, quantity::{Assets, Shares}, Error};
    /// let founded = Fund::default().found(Assets::new(MIN_INITIAL_DONATION))?.fund;
    /// assert_eq!((founded.assets, founded.protocol_shares), (Assets::new(MIN_INITIAL_DONATION), Shares::new(MIN_INITIAL_DONATION)));
    /// assert_eq!(Fund::default().found(Assets::new(MIN_INITIAL_DONATION - 1)), Err(Error::InitialDonationTooSmall));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn found(&self, offered: Assets) -> Result<Stake> {
        if offered < Assets::new(bounds::MIN_INITIAL_DONATION) {
            Err(Error::InitialDonationTooSmall)
        } else {
            self.donate(offered)
        }
    }

    /// The shares that an offer pays for, their cost, and the fund with that cost, before the shares have an owner.
    fn minting(&self, offered: Assets) -> Result<Stake> {
        let (shares, assets) = self.share_vault()?.mint(offered)?;
        let fund = Self { assets: self.assets.plus(assets)?, ..*self };
        one_more(fund.assets.plus(fund.owed)?.get())?; // refuses what would not fit
        Ok(Stake { assets, shares, fund })
    }

    /// The worth of shares, rounded down.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if it does not fit, which needs more shares than exist.
    pub fn worth(&self, shares: Shares) -> Result<Assets> {
        self.founded().share_vault()?.worth(shares)
    }

    /// Executes a staker's matured request: burns its shares and sets their payment aside.
    ///
    /// Pays the lesser of their worth at the request and their worth now, up to the assets that the fund holds. What
    /// the pool owes the fund cannot be paid yet. What the shares earned since the request stays in the fund as a
    /// donation, its shares rounded down. So nobody stakes to catch it.
    ///
    /// # Errors
    /// [`Error::InsufficientCash`] if its assets would pay less than [`bounds::PARTIAL_EXIT`] of a larger payment.
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
        let share_vault = self.share_vault()?;
        let exit = request.exit(&share_vault, request.worth, self.assets)?;
        let unpaid = share_vault.worth(exit.shares)?.saturating_sub(exit.assets);
        let left = if unpaid.is_zero() {
            Shares::ZERO
        } else {
            exit.shares.saturating_sub(share_vault.shares_worth(exit.assets)?)
        };
        let fund = Self {
            assets: self.assets.minus(exit.assets)?,
            shares: self.shares.minus(exit.shares)?,
            protocol_shares: self.protocol_shares.plus(left)?,
            ..*self
        };
        Ok((exit, fund))
    }

    /// What the fund pays of a loss beyond reserves: its share, up to what the cap leaves after `drawn`, and up to what
    /// it has. Every part is rounded down.
    fn covers(&self, loss: Assets, limits: &InsuranceLimits, drawn: Assets) -> Result<Assets> {
        // Saturates in favour of the fund: nothing may stop a loss from being recorded.
        let before = Assets::new(self.all().get().saturating_add(drawn.get()));
        let room = limits.cap.of_down(before)?.saturating_sub(drawn);
        Ok(limits.share.of_down(loss)?.min(room).min(self.all()))
    }

    /// Draws the fund's share of a loss within the limits, first from what the pool owes it.
    ///
    /// What of the loss would then exceed the LPs' `nav` is taken from what the pool owes the fund, beyond the limits.
    /// A claim on a pool that lost everything it lent is lost too.
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
            protocol_shares: founded.protocol_shares.rescaled(0, rescalings),
            generation: self.generation.saturating_add(rescalings),
            drawn: Assets::new(self.drawn.get().saturating_add(drawn.get())),
            draws: draws.plus(drawn, limits.window_seconds, now)?,
        };
        Ok(Draw { drawn, from_stakers, shares: founded.shares, rescalings, fund })
    }
}
