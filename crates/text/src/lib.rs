//! Text for people: decimal strings and base units, tables with aligned columns, case conversion of names.
//!
//! ```
//! use backstop_text::{Decimal, amount, table::readable};
//!
//! assert_eq!(Decimal::parse("12.5")?.base_units(6), Ok(12_500_000));
//! assert_eq!(readable(&amount::tokens(1_234_500_000, 6)), "1,234.5");
//! # Ok::<(), String>(())
//! ```

pub mod amount;
mod case;
mod decimal;
pub mod table;

pub use case::{kebab_case, snake_case};
pub use decimal::Decimal;
