//! Typed numbers. No operator mixes types: a conversion takes a function that names its rounding.

use crate::error::{Error, Result};

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(u64);

        impl $name {
            /// Zero.
            pub const ZERO: Self = Self(0);

            /// This number of base units.
            pub const fn new(units: u64) -> Self {
                Self(units)
            }

            /// The number of base units.
            pub const fn get(self) -> u64 {
                self.0
            }

            /// Whether the amount is zero.
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }

            /// The sum. Fails with [`Error::MathOverflow`] if it does not fit.
            pub fn plus(self, other: Self) -> Result<Self> {
                self.0.checked_add(other.0).map(Self).ok_or(Error::MathOverflow)
            }

            /// The difference. Fails with [`Error::MathOverflow`] below zero. Callers that can be short check first.
            pub fn minus(self, other: Self) -> Result<Self> {
                self.0.checked_sub(other.0).map(Self).ok_or(Error::MathOverflow)
            }

            /// The difference, or zero where it would be negative.
            pub const fn saturating_sub(self, other: Self) -> Self {
                Self(self.0.saturating_sub(other.0))
            }
        }
    };
}

quantity!(
    /// Base units of the pool's liquidity token.
    Assets
);
quantity!(
    /// LP shares of a pool. They have the decimals of the liquidity token. The first ones are worth one base unit each.
    Shares
);
quantity!(
    /// Shares of a pool's performing debt. One is worth the borrow index in base units of the liquidity token.
    DebtShares
);
quantity!(
    /// Base units of a collateral token.
    Units
);

/// Basis points (ten-thousandths). Bounds are checked where parameters are validated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bps(u32);

impl Bps {
    /// One hundred percent.
    pub const ONE: Self = Self(10_000);
    /// Zero.
    pub const ZERO: Self = Self(0);

    /// This number of ten-thousandths.
    pub const fn new(bps: u32) -> Self {
        Self(bps)
    }

    /// The number of ten-thousandths.
    pub const fn get(self) -> u32 {
        self.0
    }

    /// `amount * bps / 10,000`, rounded down. At most `amount` where `bps` is at most 100 %.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if the result does not fit, which needs more than 100 %.
    ///
    /// ```
    /// # use backstop_engine::quantity::{Assets, Bps};
    /// assert_eq!(Bps::new(2_500).of_down(Assets::new(11)), Ok(Assets::new(2)));
    /// ```
    pub fn of_down(self, amount: Assets) -> Result<Assets> {
        let (bps, one) = (u64::from(self.0), u64::from(Self::ONE.0));
        if bps <= one && amount.get() >> 50 == 0 {
            // 50 bits times 14: the product fits 64 bits, which saves a wide product on chain.
            return amount.get().wrapping_mul(bps).checked_div(one).map(Assets::new).ok_or(Error::MathOverflow);
        }
        crate::fixed::mul_div_down(amount.get(), bps, one).map(Assets::new)
    }
}
