use {
    crate::constants::LOSS_RECORDS,
    anchor_lang::prelude::*,
    bytemuck::{Pod, Zeroable},
};

/// Kind of a record: a loss.
pub const LOSS: u8 = 1;
/// Kind of a record: a recovery.
pub const RECOVERY: u8 = 2;

/// One loss or recovery, in the numbers of its event.
#[derive(Clone, Copy, Pod, Zeroable, IdlType)]
#[repr(C)]
pub struct LossRecord {
    /// Whose debt.
    pub obligation: Address,
    /// Unix time.
    pub at: i64,
    /// Number of the loss in the pool; zero for a recovery.
    pub sequence: u64,
    /// The debt written off, or what was recovered.
    pub assets: u64,
    /// Borne by reserves, or what went to them.
    pub reserves: u64,
    /// Borne by the insurance fund, or what went to it and its stakers.
    pub insurance: u64,
    /// Borne by LPs, or what went to them.
    pub lps: u64,
    /// Borne by nobody.
    pub uncovered: u64,
    /// The LP shares that bore it; zero for a recovery.
    pub shares: u64,
    /// Share price before, in trillionths; zero for a recovery.
    pub share_price_before: u64,
    /// Share price after, in trillionths; zero for a recovery.
    pub share_price_after: u64,
    /// The generation of those shares, or the present one.
    pub generation: u32,
    /// 1 for a loss, 2 for a recovery.
    pub kind: u8,
    /// Zeros, for what comes later.
    pub spare: [u8; 3],
}

/// The last losses and recoveries of a pool, so that a page can show them without an indexer. Seeds: `losses`, pool.
#[account]
pub struct LossLedger {
    /// The pool.
    pub pool: Address,
    /// How many were recorded; the last stands at this number less one, modulo their number.
    pub count: u64,
    /// A ring.
    pub records: [LossRecord; LOSS_RECORDS],
    /// [`ACCOUNT_VERSION`](crate::constants::ACCOUNT_VERSION).
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, for what comes later.
    pub spare: [u8; 62],
}

impl LossLedger {
    /// Overwrites the oldest record.
    pub fn push(&mut self, record: LossRecord) {
        let index = usize::try_from(self.count).unwrap_or(0) & (LOSS_RECORDS.wrapping_sub(1));
        if let Some(slot) = self.records.get_mut(index) {
            *slot = record;
        }
        self.count = self.count.wrapping_add(1);
    }
}
