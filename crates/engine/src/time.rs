//! Unix times: differences and sums.

/// The seconds from one time to a later one; zero if it is not later.
pub(crate) fn seconds_between(from: i64, to: i64) -> u64 {
    u64::try_from(to.saturating_sub(from)).unwrap_or(0)
}

/// The time this many seconds later, or the last representable one.
pub(crate) fn later(now: i64, seconds: u64) -> i64 {
    now.saturating_add_unsigned(seconds)
}
