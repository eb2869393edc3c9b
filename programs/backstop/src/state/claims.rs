//! The claim ledger and its holders as accounts store them.

use {
    crate::{constants::ALL, errors::BackstopError},
    anchor_lang::prelude::*,
    backstop_engine::{
        Error as EngineError,
        claims::{End, GENERATIONS, Holder, Ledger, Mark, VOID},
        exit::Request,
        quantity::{Assets, Shares},
    },
    bytemuck::{Pod, Zeroable},
};

/// Who is owed what of recorded losses: see the engine's module `claims`.
#[derive(Clone, Copy, Pod, Zeroable, IdlType)]
#[repr(C)]
pub struct ClaimLedger {
    /// Sum of loss per share, 96 fractional bits.
    pub loss_per_share: PodU128,
    /// Sum of claims in constant shares per share, 96 fractional bits, at this scale.
    pub claims_per_share: PodU128,
    /// Claims in constant shares, 63 fractional bits, at this scale.
    pub claims: PodU128,
    /// Constant shares that a unit of loss adds, 127 fractional bits.
    pub rate: PodU128,
    /// Claims still unrecovered.
    pub outstanding: u64,
    /// Recovered and not yet paid out; lies in the vault.
    pub payable: u64,
    /// How often all claims were recovered.
    pub epoch: u32,
    /// By how many bits constant shares were shifted right in this epoch.
    pub scale: u32,
    /// How many generations of shares have ended.
    pub generation: u32,
    /// Zeros, for what comes later.
    pub spare: [u8; 4],
}

/// How a generation of shares ended.
#[derive(Clone, Copy, Pod, Zeroable, IdlType)]
#[repr(C)]
pub struct GenerationEnd {
    /// The ledger's sum of loss per share then.
    pub loss_per_share: PodU128,
    /// The ledger's claims in constant shares per share then.
    pub claims_per_share: PodU128,
    /// The ledger's epoch then.
    pub epoch: u32,
    /// The ledger's scale then.
    pub scale: u32,
    /// The power of two that the shares were divided by; 64 left none.
    pub shift: u32,
    /// Zeros, for what comes later.
    pub spare: [u8; 4],
}

/// A claim ledger with the ends of its past generations.
#[derive(Clone, Copy, Pod, Zeroable, IdlType)]
#[repr(C)]
pub struct ClaimBook {
    /// The ledger.
    pub ledger: ClaimLedger,
    /// How past generations ended, from the first on.
    pub ends: [GenerationEnd; GENERATIONS as usize],
}

/// The shares and claims of one holder.
#[derive(Clone, Copy, Pod, Zeroable, IdlType)]
#[repr(C)]
pub struct ClaimHolder {
    /// The ledger's sum of loss per share when the holder settled last.
    pub loss_per_share: PodU128,
    /// The ledger's claims in constant shares per share then.
    pub claims_per_share: PodU128,
    /// Losses up to then less what was paid out, 64 fractional bits.
    pub nominal: PodU128,
    /// Claims in constant shares, 63 fractional bits, at the scale then.
    pub claims: PodU128,
    /// Shares of the generation.
    pub shares: u64,
    /// The generation of the shares.
    pub generation: u32,
    /// The ledger's epoch when the holder settled last.
    pub epoch: u32,
    /// The ledger's scale then.
    pub scale: u32,
    /// Zeros, for what comes later.
    pub spare: [u8; 4],
}

/// A request to leave. No shares is no request.
#[derive(Clone, Copy, Pod, Zeroable, IdlType)]
#[repr(C)]
pub struct ExitRequest {
    /// The shares that would leave.
    pub shares: u64,
    /// What they were worth when asked.
    pub worth: u64,
    /// Unix time from which the request can be used.
    pub matures_at: i64,
    /// Unix time from which it cannot be used any more.
    pub lapses_at: i64,
}

impl ClaimBook {
    /// The ledger as the engine sees it.
    pub fn ledger(&self) -> Ledger {
        let ledger = &self.ledger;
        Ledger {
            loss_per_share: ledger.loss_per_share.get(),
            claims_per_share: ledger.claims_per_share.get(),
            claims: ledger.claims.get(),
            outstanding: Assets::new(ledger.outstanding),
            payable: Assets::new(ledger.payable),
            rate: ledger.rate.get(),
            epoch: ledger.epoch,
            scale: ledger.scale,
            generation: ledger.generation,
        }
    }

    /// Stores what the engine decided.
    pub fn apply(&mut self, ledger: &Ledger) {
        self.ledger = ClaimLedger {
            loss_per_share: ledger.loss_per_share.into(),
            claims_per_share: ledger.claims_per_share.into(),
            claims: ledger.claims.into(),
            outstanding: ledger.outstanding.get(),
            payable: ledger.payable.get(),
            rate: ledger.rate.into(),
            epoch: ledger.epoch,
            scale: ledger.scale,
            generation: ledger.generation,
            spare: [0; 4],
        };
    }

    /// Stores how the present generation ended, and the ledger of the next.
    #[inline(never)]
    fn end_generation(&mut self, shift: u32) -> Result<()> {
        let (end, next) = self.ledger().end_generation(shift);
        let ended = usize::try_from(self.ledger.generation).ok();
        let slot = ended.and_then(|ended| self.ends.get_mut(ended)).ok_or(BackstopError::Closed)?;
        *slot = GenerationEnd {
            loss_per_share: end.mark.loss_per_share.into(),
            claims_per_share: end.mark.claims_per_share.into(),
            epoch: end.mark.epoch,
            scale: end.mark.scale,
            shift: end.shift,
            spare: [0; 4],
        };
        self.apply(&next);
        Ok(())
    }

    /// Gives shares claims for a loss that they bear, and voids them if it took all.
    #[inline(never)]
    pub fn bear(&mut self, loss: Assets, shares: Shares, ended: bool) -> Result<()> {
        if loss.is_zero() && !ended {
            return Ok(());
        }
        // The steps of `Ledger::after_loss`, stored one by one: seventy units cheaper than storing its answer.
        self.apply(&self.ledger().write_down(loss, shares));
        if ended { self.end_generation(VOID) } else { Ok(()) }
    }

    /// Divides all shares by 2^shift: ends the present generation.
    pub fn consolidate(&mut self, shift: u32) -> Result<()> {
        require!(self.ledger().may_renew(), BackstopError::MathOverflow);
        self.end_generation(shift)
    }

    /// Refuses to let anyone enter after the last generation.
    pub fn require_open(&self) -> Result<()> {
        require!(!self.ledger().is_closed(), BackstopError::Closed);
        Ok(())
    }

    fn end_of(&self, generation: u32) -> End {
        let index = usize::try_from(generation).unwrap_or(usize::MAX);
        self.ends.get(index).map_or_else(End::default, |end| End {
            mark: Mark {
                loss_per_share: end.loss_per_share.get(),
                claims_per_share: end.claims_per_share.get(),
                epoch: end.epoch,
                scale: end.scale,
            },
            shift: end.shift,
        })
    }
}

impl ClaimHolder {
    fn holder(&self) -> Holder {
        Holder {
            shares: self.shares(),
            generation: self.generation,
            seen: Mark {
                loss_per_share: self.loss_per_share.get(),
                claims_per_share: self.claims_per_share.get(),
                epoch: self.epoch,
                scale: self.scale,
            },
            nominal: self.nominal.get(),
            claims: self.claims.get(),
        }
    }

    fn apply(&mut self, holder: &Holder) {
        *self = Self {
            loss_per_share: holder.seen.loss_per_share.into(),
            claims_per_share: holder.seen.claims_per_share.into(),
            nominal: holder.nominal.into(),
            claims: holder.claims.into(),
            shares: holder.shares.get(),
            generation: holder.generation,
            epoch: holder.seen.epoch,
            scale: holder.seen.scale,
            spare: [0; 4],
        };
    }

    /// The shares, if the holder is settled.
    pub fn shares(&self) -> Shares {
        Shares::new(self.shares)
    }

    /// Turns losses since it settled last into claims, and shares of past generations, also those of a request, into what is
    /// left of them. To be called before shares are read or changed.
    #[inline(always)]
    pub fn settle(&mut self, request: &mut ExitRequest, book: &ClaimBook) {
        if !self.holder().is_settled(&book.ledger()) {
            self.catch_up(request, book);
        }
    }

    #[inline(never)]
    fn catch_up(&mut self, request: &mut ExitRequest, book: &ClaimBook) {
        for generation in self.generation..book.ledger.generation {
            request.apply(&request.request().divided(book.end_of(generation).shift));
        }
        let settled = self.holder().settle(&book.ledger(), |generation| book.end_of(generation));
        self.apply(&settled);
    }

    /// The shares that a settled holder is asked for: all it holds for [`ALL`], never none and never more.
    pub fn asked(&self, shares: u64) -> Result<Shares> {
        let held = self.shares();
        let shares = if shares == ALL { held } else { Shares::new(shares) };
        require!(!shares.is_zero(), BackstopError::AmountTooSmall);
        require!(shares <= held, BackstopError::InsufficientShares);
        Ok(shares)
    }

    /// Adds shares to a settled holder.
    pub fn mint(&mut self, shares: Shares) -> Result<()> {
        self.shares = self.shares().plus(shares).map_err(BackstopError::from)?.get();
        Ok(())
    }

    /// Takes shares from a settled holder.
    pub fn burn(&mut self, shares: Shares) -> Result<()> {
        let left = self.shares().minus(shares);
        self.shares = left.map_err(|_| BackstopError::from(EngineError::InsufficientShares))?.get();
        Ok(())
    }

    /// Pays a settled holder all it can claim.
    pub fn claim(&mut self, book: &mut ClaimBook) -> Result<Assets> {
        let claim = self.holder().claim(&book.ledger());
        require!(!claim.assets.is_zero(), BackstopError::NothingToClaim);
        self.apply(&claim.holder);
        book.apply(&claim.ledger);
        Ok(claim.assets)
    }
}

impl ExitRequest {
    /// The request as the engine sees it.
    pub fn request(&self) -> Request {
        Request {
            shares: Shares::new(self.shares),
            worth: Assets::new(self.worth),
            matures_at: self.matures_at,
            lapses_at: self.lapses_at,
        }
    }

    /// Stores what the engine decided.
    pub fn apply(&mut self, request: &Request) {
        *self = Self {
            shares: request.shares.get(),
            worth: request.worth.get(),
            matures_at: request.matures_at,
            lapses_at: request.lapses_at,
        };
    }

    /// Lowers the request to the shares that are left.
    pub fn limit(&mut self, shares: Shares) {
        if self.shares > shares.get() {
            let request = self.request().at_most(shares);
            self.apply(&request);
        }
    }
}
