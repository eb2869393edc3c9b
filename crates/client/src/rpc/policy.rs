//! The sender's settings.

use std::time::Duration;

use solana_message::AddressLookupTableAccount;

/// How transactions are priced, repeated and given up. The default suits a person and a bot alike.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The priority fee.
    pub priority_fee: PriorityFee,
    /// How much more compute is asked for than the simulation used, in hundredths of it: state can change in between.
    /// Each instruction of the program gets [`INTEREST_UNITS`] on top.
    pub unit_margin_percent: u32,
    /// How often it is asked whether a transaction has landed; also the first pause after a failed request.
    pub poll_every: Duration,
    /// How often the same signed transaction is sent again; also the longest pause after failed requests.
    pub rebroadcast_every: Duration,
    /// How often a transaction is signed at most, each time with a fresh blockhash after the last one expired unused.
    pub signatures: u32,
    /// For how long a node may stay silent, its chain stand still, or its history not tell what became of an expired
    /// transaction, before the sender gives up.
    pub outage: Duration,
    /// Address lookup tables, as [`Cluster::lookup_tables`](super::Cluster::lookup_tables) reads them, for transactions
    /// that do not fit without. All others have Solana's first format, which all wallets and tools know.
    pub lookup_tables: Vec<AddressLookupTableAccount>,
}

impl Default for Policy {
    /// A priority fee of the 75th percentile, at most 100,000 micro-lamports a unit; a tenth more compute than
    /// measured; polls every half second, sends again every two, signs at most three times, endures an outage of a
    /// minute.
    fn default() -> Self {
        Self {
            priority_fee: PriorityFee::Percentile { percentile: 75, cap: 100_000 },
            unit_margin_percent: 10,
            poll_every: Duration::from_millis(500),
            rebroadcast_every: Duration::from_secs(2),
            signatures: 3,
            outage: Duration::from_secs(60),
            lookup_tables: Vec::new(),
        }
    }
}

/// What is paid for a compute unit on top of the fee per signature, in micro-lamports (millionths of a lamport).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriorityFee {
    /// Always the same.
    Fixed(u64),
    /// What others paid in the last 150 slots to write to the same accounts.
    Percentile {
        /// The part of these slots, in hundredths, whose fee is at most what is paid.
        percentile: u8,
        /// The most that is paid, in micro-lamports a unit.
        cap: u64,
    },
}

/// The smallest of the fees that the given part of them does not exceed.
pub(super) fn percentile(mut fees: Vec<u64>, percentile: u8) -> u64 {
    fees.sort_unstable();
    let rank = fees.len().saturating_mul(usize::from(percentile.min(100))).div_ceil(100).saturating_sub(1);
    fees.get(rank).copied().unwrap_or(0)
}

/// What counting interest costs an instruction at most, in compute units. A simulation within a second of the pool's
/// last instruction counts none, and the transaction does.
pub const INTEREST_UNITS: u64 = 2_000;

/// The compute that is asked for when a simulation used so much for so many instructions of the program.
pub(super) fn unit_limit(used: u64, margin_percent: u32, instructions: usize) -> u32 {
    let margin = used.saturating_mul(margin_percent.into()).div_ceil(100);
    let interest = INTEREST_UNITS.saturating_mul(instructions.try_into().unwrap_or(u64::MAX));
    let limit = used.saturating_add(margin).saturating_add(interest);
    u32::try_from(limit).unwrap_or(u32::MAX).min(MOST_UNITS)
}

/// The most compute that a transaction can ask for.
pub(super) const MOST_UNITS: u32 = 1_400_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentile_is_the_least_fee_that_covers_the_part() {
        // Of 10, 20, 30, 40: half is covered by 20, three quarters by 30, a hundredth more needs the next.
        let fees = vec![40, 10, 30, 20];
        assert_eq!(
            [0, 1, 25, 26, 50, 75, 76, 100].map(|part| percentile(fees.clone(), part)),
            [10, 10, 10, 20, 20, 30, 40, 40]
        );
    }

    #[test]
    fn percentile_above_a_hundred_is_the_greatest_and_of_nothing_is_zero() {
        assert_eq!(percentile(vec![5, 7], 255), 7);
        assert_eq!(percentile(vec![], 75), 0);
    }

    #[test]
    fn unit_limit_adds_the_margin_rounded_up_and_stops_at_the_most() {
        assert_eq!(unit_limit(1_001, 10, 0), 1_102); // 1,001 + 100.1
        assert_eq!(unit_limit(1_000, 0, 0), 1_000);
        assert_eq!(unit_limit(1_399_999, 10, 0), 1_400_000);
        assert_eq!(unit_limit(u64::MAX, u32::MAX, usize::MAX), 1_400_000);
    }

    #[test]
    fn unit_limit_has_room_for_interest_in_each_instruction() {
        // A deposit simulated within a second of another used 3,130 and needs 3,831 a second later.
        assert_eq!(unit_limit(3_130, 10, 1), 5_443);
        assert_eq!(unit_limit(3_130, 10, 3), 9_443);
    }
}
