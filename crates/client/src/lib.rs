//! The Rust client: addresses, accounts, instructions, events, errors, and previews.
//!
//! Accounts convert into the engine's types, so every preview is computed by the engine.
//!
//! ```
//! use backstop_client::{address, verb};
//! use solana_address::Address;
//!
//! let [creator, mint, owner] = core::array::from_fn(|_| Address::new_unique());
//! let market = address::market(&creator, 0);
//! let pool = verb::PoolKey::new(market, mint);
//! let instruction = verb::deposit(&pool, owner, Address::new_unique(), 1_000_000, 990_000);
//! assert_eq!(instruction.program_id, backstop_client::PROGRAM_ID);
//! ```

mod account;
pub mod address;
mod convert;
pub mod generated;
pub mod logs;
mod losses;
pub mod oracle;
pub mod preview;
#[cfg(feature = "rpc")]
pub mod rpc;
pub mod token;
pub mod verb;
mod wire;

pub use account::AccountData;
pub use generated::*;
pub use losses::LossPart;
