use {
    super::{ExitRequest, HistoryRow, HoldsShares, ShareHolder},
    crate::constants::ACCOUNT_VERSION,
    anchor_lang::prelude::*,
    backstop_engine::history::FIRST_ROWS,
};

/// The shares of one owner in one insurance fund, and what they were at past losses. Seeds: `stake`, fund, owner.
#[account]
pub struct InsuranceStake {
    /// The insurance fund.
    pub fund: Address,
    /// Who may leave.
    pub owner: Address,
    /// Its shares.
    pub holder: ShareHolder,
    /// The request to leave, and what is payable.
    pub request: ExitRequest,
    /// How many rows of history there is room for.
    pub room: u32,
    /// [`ACCOUNT_VERSION`].
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, for what comes later.
    pub spare: [u8; 50],
    /// The shares at past losses; their number stands before them.
    pub history: [HistoryRow; 0],
}

impl HoldsShares for InsuranceStake {
    fn holder(&self) -> &ShareHolder {
        &self.holder
    }

    fn parts(&mut self) -> (&mut ShareHolder, &mut ExitRequest, &mut u32) {
        (&mut self.holder, &mut self.request, &mut self.room)
    }
}

impl InsuranceStake {
    /// Fills a new account.
    pub fn open(&mut self, fund: Address, owner: Address, bump: u8) {
        (self.fund, self.owner, self.bump, self.version) = (fund, owner, bump, ACCOUNT_VERSION);
        self.room = FIRST_ROWS;
    }
}
