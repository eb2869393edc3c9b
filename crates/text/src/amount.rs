//! Formats base units as decimal strings.

use crate::Decimal;

/// Decimals of a share price in trillionths.
const SHARE_PRICE_DECIMALS: usize = 12;

/// Formats base units as whole tokens: `12.5`.
pub fn tokens(units: u64, decimals: u8) -> String {
    Decimal::of_units(units, decimals).to_string()
}

/// Formats the change of a balance, with a minus sign for a loss.
pub fn change(before: u64, after: u64, decimals: u8) -> String {
    match after.checked_sub(before) {
        Some(gain) => tokens(gain, decimals),
        None => format!("-{}", tokens(before.saturating_sub(after), decimals)),
    }
}

/// Formats a share price in trillionths, with all twelve decimal places: `0.950000000000`.
pub fn share_price(trillionths: u64) -> String {
    let digits = format!("{trillionths:0>13}");
    let (whole, fraction) = digits.split_at(digits.len().saturating_sub(SHARE_PRICE_DECIMALS));
    format!("{whole}.{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_is_negative() {
        assert_eq!(change(1_500_000, 400_000, 6), "-1.1");
        assert_eq!(change(5, 5, 6), "0");
    }

    #[test]
    fn a_share_price_keeps_its_zeros() {
        assert_eq!(share_price(950_000_000_000), "0.950000000000");
        assert_eq!(share_price(12_000_000_000_000), "12.000000000000");
        assert_eq!(share_price(0), "0.000000000000");
    }
}
