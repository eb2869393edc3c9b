//! The largest amount that something still allows.

/// The largest amount up to `limit` that is allowed, where everything below an allowed amount is allowed too; zero if none is.
///
/// ```
/// # use backstop_cli::most::most;
/// assert_eq!(most(100, |amount| amount * amount <= 50), 7);
/// assert_eq!(most(5, |_| true), 5);
/// assert_eq!(most(5, |_| false), 0);
/// ```
pub fn most(limit: u64, allowed: impl Fn(u64) -> bool) -> u64 {
    if allowed(limit) {
        return limit;
    }
    // What is between is not known: `low` is zero or allowed, `high` is not.
    let (mut low, mut high) = (0, limit);
    while high.saturating_sub(low) > 1 {
        let middle = low.midpoint(high);
        if allowed(middle) { low = middle } else { high = middle }
    }
    low
}
