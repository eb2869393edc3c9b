//! Who is owed what of recorded losses, in constant time.
//!
//! A loss that shares bear gives each of them a claim; what is recovered later pays the claims pro rata to what is still
//! unrecovered, all losses alike, also to those who have left. One [`Ledger`] serves a pool's LPs, another the stakers of
//! its insurance fund. No holder is visited: a [`Holder`] settles when its shares change and when its owner claims.
//!
//! | symbol | here | meaning |
//! | --- | --- | --- |
//! | `A` | [`Ledger::loss_per_share`] | sum of loss per share, in a generation |
//! | `C` | [`Ledger::outstanding`] | claims still unrecovered, an integer |
//! | `T` | [`Ledger::claims`] | claims in constant shares: a loss `w` adds `w / P`, a recovery nothing |
//! | `E` | [`Ledger::claims_per_share`] | sum of claims in constant shares per share, in a generation |
//! | `P` | `C / T` | the part of claims that is unrecovered; never stored, so nothing can wear it out |
//! | `n` | [`Holder::nominal`] | a holder's losses less what it was paid |
//! | `u` | [`Holder::claims`] | a holder's claims in constant shares |
//!
//! A holder has `u * C / T` unrecovered and `n` less that payable: whole units, rounded down. Everything before that last
//! step is rounded in the holder's favour, by less than 2^-30 of a unit a loss or recovery, all holders together: what exact
//! fractions pay is paid to the unit, and all payables together, a whole number, stay within what was recovered.
//! `docs/math.md` has the proof. When `P` falls below a half, `T` and `E` are shifted right and holders follow when they
//! settle: no sequence of recoveries makes an index zero or overflow.

use crate::{
    fixed::{divide_wide, high_word, wide, words},
    quantity::{Assets, Shares},
};

/// How many generations of shares end in all. After the last, nobody deposits any more; leaving, claiming and recovering go on.
pub const GENERATIONS: u32 = 16;
/// The shift at a generation's end that voids its shares.
pub const VOID: u32 = 64;
/// One in [`Ledger::rate`]: 127 fractional bits.
const RATE_ONE: u128 = 1 << 127;

/// The claims of all holders together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// Sum of loss per share in this generation, 96 fractional bits, rounded up.
    pub loss_per_share: u128,
    /// Sum of claims in constant shares per share in this generation, 96 fractional bits, at this scale, rounded down.
    pub claims_per_share: u128,
    /// Claims in constant shares, 63 fractional bits, at this scale, rounded up.
    pub claims: u128,
    /// Claims still unrecovered. What would not fit has no claim.
    pub outstanding: Assets,
    /// Recovered and not yet paid out.
    pub payable: Assets,
    /// Constant shares that a unit of loss adds, 127 fractional bits: `claims / outstanding` as the last recovery left it,
    /// rounded down, in [1, 2).
    pub rate: u128,
    /// How often all claims were recovered.
    pub epoch: u32,
    /// By how many bits constant shares were shifted right in this epoch.
    pub scale: u32,
    /// How many generations of shares have ended.
    pub generation: u32,
}

/// Where a ledger stood at a moment: what a holder remembers from when it settled last, and what the ledger keeps of the end of a
/// generation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// [`Ledger::loss_per_share`] then.
    pub loss_per_share: u128,
    /// [`Ledger::claims_per_share`] then.
    pub claims_per_share: u128,
    /// [`Ledger::epoch`] then.
    pub epoch: u32,
    /// [`Ledger::scale`] then.
    pub scale: u32,
}

/// How a generation of shares ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct End {
    /// Where the ledger stood.
    pub mark: Mark,
    /// What its shares were divided by, as a power of two; [`VOID`] leaves none.
    pub shift: u32,
}

/// The shares and claims of one holder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// Shares of the generation.
    pub shares: Shares,
    /// The generation of the shares.
    pub generation: u32,
    /// Where the ledger stood when the holder settled last.
    pub seen: Mark,
    /// Losses up to then less what was paid out, 64 fractional bits, rounded up.
    pub nominal: u128,
    /// Claims in constant shares, 63 fractional bits, at the scale then, rounded down.
    pub claims: u128,
}

/// What a claim pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The assets it pays out.
    pub assets: Assets,
    /// The holder afterwards.
    pub holder: Holder,
    /// The ledger afterwards.
    pub ledger: Ledger,
}

impl Ledger {
    /// Nothing was lost yet.
    pub const fn empty() -> Self {
        Self {
            loss_per_share: 0,
            claims_per_share: 0,
            claims: 0,
            outstanding: Assets::ZERO,
            payable: Assets::ZERO,
            rate: RATE_ONE,
            epoch: 0,
            scale: 0,
            generation: 0,
        }
    }

    /// Gives `shares` claims for a loss that they bear together: `A += w/S`, `E += w/S/P`, `T += w/P`, `C += w`.
    ///
    /// Never refuses: a loss beyond what the ledger can count (2^64 units outstanding, 2^31 units a share) has no claim.
    ///
    /// ```
    /// # use backstop_engine::{claims::Ledger, quantity::{Assets, Shares}};
    /// let ledger = Ledger::empty().write_down(Assets::new(3), Shares::new(2));
    /// assert_eq!((ledger.outstanding, ledger.loss_per_share), (Assets::new(3), 3 << 95));
    /// ```
    pub fn write_down(&self, loss: Assets, shares: Shares) -> Self {
        if loss.is_zero() { *self } else { self.counting(loss, shares).unwrap_or(*self) }
    }

    fn counting(&self, loss: Assets, shares: Shares) -> Option<Self> {
        let per_share = per_share_up(loss.get(), shares.get())?;
        // Down for each holder and up for all together: in the favour of old holders and of new ones.
        let minted = times_rate_down(per_share, self.rate)?;
        let added = times_rate_up(loss.get(), self.rate)?;
        Some(Self {
            loss_per_share: self.loss_per_share.checked_add(per_share)?,
            claims_per_share: self.claims_per_share.checked_add(minted)?,
            claims: self.claims.checked_add(added)?,
            outstanding: self.outstanding.plus(loss).ok()?,
            ..*self
        })
    }

    /// The claims after their shares bore a loss: [`Ledger::write_down`], and, if it took all and `ended` their generation, how
    /// that ended.
    pub fn after_loss(&self, loss: Assets, shares: Shares, ended: bool) -> (Self, Option<End>) {
        let claims = self.write_down(loss, shares);
        if !ended {
            return (claims, None);
        }
        let (end, next) = claims.end_generation(VOID);
        (next, Some(end))
    }

    /// Pays up to `offered` towards the claims, all alike: `C -= r`. Returns what it took; the rest is for those who are next
    /// in line. If all is recovered, a new epoch begins and old claims are paid in full.
    ///
    /// ```
    /// # use backstop_engine::{claims::Ledger, quantity::{Assets, Shares}};
    /// let ledger = Ledger::empty().write_down(Assets::new(30), Shares::new(100));
    /// let (taken, ledger) = ledger.recover(Assets::new(10));
    /// assert_eq!((taken, ledger.outstanding, ledger.epoch), (Assets::new(10), Assets::new(20), 0));
    /// let (taken, ledger) = ledger.recover(Assets::new(50));
    /// assert_eq!((taken, ledger.outstanding, ledger.epoch), (Assets::new(20), Assets::ZERO, 1));
    /// ```
    pub fn recover(&self, offered: Assets) -> (Assets, Self) {
        let taken = offered.min(self.outstanding).min(Assets::new(u64::MAX).saturating_sub(self.payable));
        let payable = Assets::new(self.payable.get().saturating_add(taken.get()));
        let outstanding = self.outstanding.saturating_sub(taken);
        if outstanding.is_zero() {
            let epoch = self.epoch.wrapping_add(u32::from(!taken.is_zero()));
            let fresh = Self { claims_per_share: 0, claims: 0, rate: RATE_ONE, scale: 0, ..*self };
            return (taken, Self { outstanding, payable, epoch, ..fresh });
        }
        (taken, Self { outstanding, payable, ..*self }.rescaled())
    }

    /// Shifts constant shares right until there are fewer than two for each unit unrecovered, and sets the rate.
    fn rescaled(self) -> Self {
        let least = u128::from(self.outstanding.get()).wrapping_shl(63); // cannot wrap: 64 bits and 63
        let spare = least.leading_zeros().saturating_sub(self.claims.leading_zeros());
        let shift = if self.claims.wrapping_shr(spare) < least { spare.saturating_sub(1) } else { spare };
        let claims = shift_up(self.claims, shift);
        let rate = quotient_down(claims, self.outstanding.get());
        Self {
            claims_per_share: shift_down(self.claims_per_share, shift),
            claims,
            rate: rate.max(RATE_ONE),
            scale: self.scale.saturating_add(shift),
            ..self
        }
    }

    /// Where the ledger stands.
    pub const fn mark(&self) -> Mark {
        Mark {
            loss_per_share: self.loss_per_share,
            claims_per_share: self.claims_per_share,
            epoch: self.epoch,
            scale: self.scale,
        }
    }

    /// Ends the present generation, its shares divided by 2^shift; the sums per share begin anew. The end belongs into the table, at
    /// the number that the generation had.
    pub const fn end_generation(&self, shift: u32) -> (End, Self) {
        let generation = self.generation.saturating_add(1);
        (End { mark: self.mark(), shift }, Self { loss_per_share: 0, claims_per_share: 0, generation, ..*self })
    }

    /// Whether the last generation has ended: nobody deposits any more.
    pub const fn is_closed(&self) -> bool {
        self.generation >= GENERATIONS
    }

    /// Whether another generation can end and leave one to go on with.
    pub const fn may_renew(&self) -> bool {
        self.generation.saturating_add(1) < GENERATIONS
    }
}

impl Holder {
    /// Whether nothing happened since it settled last.
    pub fn is_settled(&self, ledger: &Ledger) -> bool {
        self.seen.loss_per_share == ledger.loss_per_share
            && self.seen.scale == ledger.scale
            && self.seen.epoch == ledger.epoch
            && self.generation == ledger.generation
    }

    /// The holder as of now. Losses since it settled last become claims: `n += shares * (A - A0)`, `u += shares * (E - E0)`.
    /// Shares of a past generation settle up to its end, which `end_of` tells, and become what that end made of them; claims of a past epoch are
    /// recovered, so `u` starts anew. Call it before any change of shares.
    ///
    /// ```
    /// # use backstop_engine::{claims::*, quantity::{Assets, Shares}};
    /// let alice = Holder { shares: Shares::new(60), ..Holder::default() };
    /// let (_, ledger) = Ledger::empty().write_down(Assets::new(10), Shares::new(100)).recover(Assets::new(5));
    /// let alice = alice.settle(&ledger, |_| End::default());
    /// assert_eq!(alice.payable(&ledger), Assets::new(3)); // she bore 6, half of it is recovered
    /// ```
    #[must_use]
    pub fn settle(&self, ledger: &Ledger, end_of: impl Fn(u32) -> End) -> Self {
        let mut holder = *self;
        while holder.generation != ledger.generation {
            if holder.shares.is_zero() {
                let seen = Mark { loss_per_share: 0, claims_per_share: 0, ..holder.seen };
                holder = Self { generation: ledger.generation, seen, ..holder };
                break;
            }
            let end = end_of(holder.generation);
            let ended = holder.up_to(end.mark);
            let seen = Mark { loss_per_share: 0, claims_per_share: 0, ..end.mark };
            let generation = ended.generation.wrapping_add(1);
            holder = Self { shares: holder.shares.divided(end.shift), generation, seen, ..ended };
        }
        holder.up_to(ledger.mark())
    }

    fn up_to(self, now: Mark) -> Self {
        let (claims, seen) = if self.seen.epoch == now.epoch {
            let shift = now.scale.saturating_sub(self.seen.scale);
            (shift_down(self.claims, shift), shift_up(self.seen.claims_per_share, shift))
        } else {
            (0, 0)
        };
        if self.shares.is_zero() {
            return Self { claims, seen: now, ..self };
        }
        let lost = now.loss_per_share.saturating_sub(self.seen.loss_per_share);
        let minted = now.claims_per_share.saturating_sub(seen);
        Self {
            // 96 fractional bits to 64, and to 63.
            nominal: self.nominal.saturating_add(times(self.shares, lost, 32, true)),
            claims: claims.saturating_add(times(self.shares, minted, 33, false)),
            seen: now,
            ..self
        }
    }

    /// What a settled holder can claim: `n - u * C / T`, rounded down; never more than what was recovered and not paid out.
    pub fn payable(&self, ledger: &Ledger) -> Assets {
        let recovered = self.nominal.saturating_sub(self.unrecovered_bits(ledger));
        Assets::new(high_word(recovered)).min(ledger.payable)
    }

    /// What a settled holder has lost and not got back yet, `u * C / T`, rounded up.
    pub fn unrecovered(&self, ledger: &Ledger) -> Assets {
        let (whole, part) = words(self.unrecovered_bits(ledger));
        Assets::new(whole.saturating_add(u64::from(part != 0)))
    }

    /// `u * C / T` with 64 fractional bits, rounded down.
    fn unrecovered_bits(&self, ledger: &Ledger) -> u128 {
        if self.claims == 0 || ledger.outstanding.is_zero() {
            return 0;
        }
        let (high, low) = words(self.claims);
        let outstanding = ledger.outstanding.get();
        // (high * 2^64 + low) * outstanding as 128 bits over 64.
        let (carry, lowest) = words(wide(low, outstanding));
        let upper = wide(high, outstanding).wrapping_add(u128::from(carry)); // cannot wrap: (2^64 - 1)^2 + 2^64 - 1
        if upper >= ledger.claims {
            return u128::MAX; // more claims than there are: of a holder that was not settled
        }
        let (whole, rest) = divide_wide(upper, lowest, ledger.claims);
        let (part, _) = divide_wide(rest, 0, ledger.claims);
        u128::from(whole).wrapping_shl(64) | u128::from(part)
    }

    /// Pays a settled holder all it can claim.
    ///
    /// ```
    /// # use backstop_engine::{claims::*, quantity::{Assets, Shares}};
    /// let alice = Holder { shares: Shares::new(60), ..Holder::default() };
    /// let (_, ledger) = Ledger::empty().write_down(Assets::new(10), Shares::new(100)).recover(Assets::new(5));
    /// let paid = alice.settle(&ledger, |_| End::default()).claim(&ledger);
    /// assert_eq!((paid.assets, paid.ledger.payable), (Assets::new(3), Assets::new(2)));
    /// assert_eq!(paid.holder.payable(&paid.ledger), Assets::ZERO);
    /// ```
    pub fn claim(&self, ledger: &Ledger) -> Claim {
        let assets = self.payable(ledger);
        let nominal = self.nominal.saturating_sub(u128::from(assets.get()).wrapping_shl(64));
        let ledger = Ledger { payable: ledger.payable.saturating_sub(assets), ..*ledger };
        Claim { assets, holder: Self { nominal, ..*self }, ledger }
    }
}

/// `loss / shares` with 96 fractional bits, rounded up; nothing for no shares or where it does not fit.
fn per_share_up(loss: u64, shares: u64) -> Option<u128> {
    let whole = u128::from(loss).wrapping_shl(64).checked_div(u128::from(shares))?;
    // Remainders are below 2^64, so words that wrap give them exactly.
    let rest = low_word(whole).wrapping_mul(shares).wrapping_neg();
    let next = u128::from(rest).wrapping_shl(32);
    let more = next.checked_div(u128::from(shares))?;
    let left = low_word(next).wrapping_sub(low_word(more).wrapping_mul(shares));
    if high_word(whole).wrapping_shr(32) != 0 {
        return None; // would not fit with 96 fractional bits
    }
    whole.wrapping_shl(32).checked_add(more)?.checked_add(u128::from(left != 0))
}

/// `claims / units` with 64 more fractional bits, rounded down; as much as fits.
fn quotient_down(claims: u128, units: u64) -> u128 {
    let Some(whole) = claims.checked_div(u128::from(units)) else { return 0 };
    if high_word(whole) != 0 {
        return u128::MAX; // exactly two, by the rounding of a shift
    }
    // A remainder is below 2^64, so words that wrap give it exactly.
    let rest = low_word(claims).wrapping_sub(low_word(whole).wrapping_mul(units));
    let part = u128::from(rest).wrapping_shl(64).checked_div(u128::from(units)).unwrap_or(0);
    whole.wrapping_shl(64) | part
}

/// `value * rate / 2^127`, rounded down; nothing where it does not fit.
fn times_rate_down(value: u128, rate: u128) -> Option<u128> {
    let ((a1, a0), (b1, b0)) = (words(value), words(rate));
    // The lowest word only carries; none of these sums can wrap: (2^64 - 1)^2 + 2 * (2^64 - 1) = 2^128 - 1.
    let (carry, middle) = words(wide(a0, b1).wrapping_add(u128::from(high_word(wide(a0, b0)))));
    let (more, middle) = words(wide(a1, b0).wrapping_add(u128::from(middle)));
    let top = wide(a1, b1).wrapping_add(u128::from(carry)).wrapping_add(u128::from(more));
    let doubled = top.checked_mul(2)?;
    Some(doubled | u128::from(middle.wrapping_shr(63)))
}

/// `value * rate / 2^64`, rounded up, by a unit too much where the rate itself was rounded down.
fn times_rate_up(value: u64, rate: u128) -> Option<u128> {
    let (high, low) = words(rate);
    let (carry, below) = words(wide(value, low));
    let inexact = u128::from(rate != RATE_ONE).wrapping_add(u128::from(below != 0));
    wide(value, high).checked_add(u128::from(carry))?.checked_add(inexact)
}

/// `count * bits / 2^shift`, for a shift below 64.
fn times(count: Shares, bits: u128, shift: u32, up: bool) -> u128 {
    let (high, low) = words(bits);
    let (carry, lowest) = words(wide(count.get(), low));
    let upper = wide(count.get(), high).saturating_add(u128::from(carry));
    let (beyond, middle) = words(upper);
    let Some(top) = u128::from(beyond).wrapping_shl(64).checked_shl(64_u32.wrapping_sub(shift)) else {
        return u128::MAX;
    };
    if top.wrapping_shr(64_u32.wrapping_sub(shift)) != u128::from(beyond).wrapping_shl(64) {
        return u128::MAX;
    }
    let lower = u128::from(middle).wrapping_shl(64) | u128::from(lowest);
    let cut = lower.wrapping_shl(128_u32.wrapping_sub(shift)) != 0;
    (top | lower.wrapping_shr(shift)).saturating_add(u128::from(up && cut))
}

/// `value / 2^shift`, rounded down.
fn shift_down(value: u128, shift: u32) -> u128 {
    value.checked_shr(shift).unwrap_or(0)
}

/// `value / 2^shift`, rounded up.
fn shift_up(value: u128, shift: u32) -> u128 {
    let down = shift_down(value, shift);
    let exact = down.checked_shl(shift).unwrap_or(0) == value;
    down.saturating_add(u128::from(!exact))
}

/// The lower word.
const fn low_word(value: u128) -> u64 {
    words(value).1
}
