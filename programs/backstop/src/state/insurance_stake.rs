use {
    super::{ClaimBook, ClaimHolder, ExitRequest},
    crate::constants::ACCOUNT_VERSION,
    anchor_lang::prelude::*,
    backstop_engine::quantity::Shares,
};

/// The shares and claims of one owner in one insurance fund. Seeds: `stake`, fund, owner.
#[account]
pub struct InsuranceStake {
    /// The insurance fund.
    pub fund: Address,
    /// Who may leave.
    pub owner: Address,
    /// Shares and claims.
    pub holder: ClaimHolder,
    /// The request to leave.
    pub request: ExitRequest,
    /// [`ACCOUNT_VERSION`].
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, for what comes later.
    pub spare: [u8; 62],
}

impl InsuranceStake {
    /// Fills a new account.
    pub fn open(&mut self, fund: Address, owner: Address, bump: u8) {
        (self.fund, self.owner, self.bump, self.version) = (fund, owner, bump, ACCOUNT_VERSION);
    }

    /// Brings shares, claims and request up to now: before shares are read or changed.
    #[inline(always)]
    pub fn settle(&mut self, book: &ClaimBook) {
        self.holder.settle(&mut self.request, book);
    }

    /// Takes shares away, and with them what was requested beyond those left.
    pub fn burn(&mut self, shares: Shares) -> Result<()> {
        self.holder.burn(shares)?;
        self.request.limit(self.holder.shares());
        Ok(())
    }
}
