use {
    super::{ExitRequest, HistoryRow, HoldsShares, ShareHolder},
    crate::constants::ACCOUNT_VERSION,
    anchor_lang::prelude::*,
    backstop_engine::history::FIRST_ROWS,
};

/// One owner's shares of an insurance fund, with their history. Seeds: `stake`, fund, owner.
#[account]
pub struct InsuranceStake {
    /// The insurance fund.
    pub fund: Address,
    /// The owner.
    pub owner: Address,
    /// The shares.
    pub holder: ShareHolder,
    /// The pending request to leave, and the payable amount.
    pub request: ExitRequest,
    /// The capacity of the history, in rows.
    pub room: u32,
    /// [`ACCOUNT_VERSION`].
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, reserved.
    pub spare: [u8; 50],
    /// The history, preceded by its length.
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
    /// Initialises a new account.
    pub fn open(&mut self, fund: Address, owner: Address, bump: u8) {
        (self.fund, self.owner, self.bump, self.version) = (fund, owner, bump, ACCOUNT_VERSION);
        self.room = FIRST_ROWS;
    }
}
