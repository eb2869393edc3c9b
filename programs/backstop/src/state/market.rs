use {
    anchor_lang::{address_eq, prelude::*},
    backstop_engine::governance::Schedule,
};

/// A group of pools under one authority. Seeds: `market`, creator, id (little endian).
#[account]
pub struct Market {
    /// Who creates pools, lists collateral and changes parameters.
    pub authority: Address,
    /// Who may, besides the authority, tighten at once, pause, and cancel what is queued.
    pub guardian: Address,
    /// Who owns the token accounts that reserves are paid to.
    pub treasury: Address,
    /// Who was proposed as the next authority; zeros are nobody.
    pub pending_authority: Address,
    /// Who created it: its first authority. The address is derived from it.
    pub creator: Address,
    /// The number that the address is derived from, too.
    pub id: u64,
    /// Unix time from which the proposed authority can accept.
    pub acceptable_at: i64,
    /// Unix time from which it cannot any more.
    pub acceptance_lapses_at: i64,
    /// How long, in seconds, what loosens must wait.
    pub timelock_seconds: u32,
    /// [`ACCOUNT_VERSION`](crate::constants::ACCOUNT_VERSION).
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, for what comes later.
    pub spare: [u8; 42],
}

impl Market {
    /// Whether this is the guardian or the authority.
    pub fn is_guarded_by(&self, signer: &Address) -> bool {
        address_eq(signer, &self.guardian) || address_eq(signer, &self.authority)
    }

    /// When the proposed authority can accept.
    pub fn acceptance(&self) -> Schedule {
        Schedule { executable_at: self.acceptable_at, lapses_at: self.acceptance_lapses_at }
    }

    /// Proposes an authority; zeros are nobody.
    pub fn propose(&mut self, authority: Address, schedule: Schedule) {
        self.pending_authority = authority;
        (self.acceptable_at, self.acceptance_lapses_at) = (schedule.executable_at, schedule.lapses_at);
    }
}
