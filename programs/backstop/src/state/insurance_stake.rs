use {
    super::{ExitRequest, HistoryRow, HoldsShares, InsuranceFund, Pool, ShareHistory, ShareHolder, Stake},
    crate::{
        constants::ACCOUNT_VERSION,
        errors::{BackstopError, OrRefuse},
    },
    anchor_lang::prelude::*,
    backstop_engine::{history::FIRST_ROWS, insurance::Stake as Minted, quantity::Assets},
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

/// Moves what is offered, as far as it pays for whole shares, into the fund, for at least `min_shares`; refused while the fund is on hold.
#[inline(never)]
pub fn join(
    pool: &mut Account<Pool>,
    fund: &mut Account<InsuranceFund>,
    stake: &mut Stake,
    offered: Assets,
    min_shares: u64,
) -> Result<Minted> {
    let (settled, totals) = pool.settled_and_open(fund, Clock::get()?.unix_timestamp)?;
    let staked = settled.stake(offered).or_refuse()?;
    require!(staked.shares.get() >= min_shares, BackstopError::SlippageExceeded);

    pool.apply(&totals)?;
    fund.apply(&staked.fund);
    pool.hold_fund(fund.assets)?;
    stake.mint(&fund.era(), staked.shares)?;
    Ok(staked)
}

impl InsuranceStake {
    /// Fills a new account.
    pub fn open(&mut self, fund: Address, owner: Address, bump: u8) {
        (self.fund, self.owner, self.bump, self.version) = (fund, owner, bump, ACCOUNT_VERSION);
        self.room = FIRST_ROWS;
    }
}
