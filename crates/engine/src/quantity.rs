//! Kinds of numbers. No operator crosses kinds: turning one into another takes a function that names its rounding.

use crate::error::{Error, Result};

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(u64);

        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0);

            /// This many base units.
            pub const fn new(units: u64) -> Self {
                Self(units)
            }

            /// The number of base units.
            pub const fn get(self) -> u64 {
                self.0
            }

            /// Whether there is nothing.
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }

            /// The sum, or [`Error::MathOverflow`].
            pub fn plus(self, other: Self) -> Result<Self> {
                self.0.checked_add(other.0).map(Self).ok_or(Error::MathOverflow)
            }

            /// The difference, or [`Error::MathOverflow`] below zero. Callers that can be short check first.
            pub fn minus(self, other: Self) -> Result<Self> {
                self.0.checked_sub(other.0).map(Self).ok_or(Error::MathOverflow)
            }

            /// The difference, or zero below it.
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
    /// LP shares of a pool. They have the decimals of the liquidity token; the first are worth one base unit each.
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

/// Basis points: ten-thousandths. Bounds are checked where parameters are validated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bps(u32);

impl Bps {
    /// One hundred percent.
    pub const ONE: Self = Self(10_000);
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// This many ten-thousandths.
    pub const fn new(bps: u32) -> Self {
        Self(bps)
    }

    /// The number of ten-thousandths.
    pub const fn get(self) -> u32 {
        self.0
    }

    /// `amount * bps / 10,000`, rounded down; at most `amount` where `bps` is at most one hundred percent.
    ///
    /// # Errors
    /// [`Error::MathOverflow`] if the product does not fit, which needs more than one hundred percent.
    ///
    /// ```
    /// # use backstop_engine::quantity::{Assets, Bps};
    /// assert_eq!(Bps::new(2_500).of_down(Assets::new(11)), Ok(Assets::new(2)));
    /// ```
    pub fn of_down(self, amount: Assets) -> Result<Assets> {
        let (bps, one) = (u64::from(self.0), u64::from(Self::ONE.0));
        if bps <= one && amount.get() >> 50 == 0 {
            // 50 bits and 14: the product fits a word, and the chain need not pay for a wide one.
            return amount.get().wrapping_mul(bps).checked_div(one).map(Assets::new).ok_or(Error::MathOverflow);
        }
        crate::fixed::mul_div_down(amount.get(), bps, one).map(Assets::new)
    }
}
