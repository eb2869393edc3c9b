// Generated from idl/backstop.json by `cargo xtask generate`. Do not edit.
//! The program's accounts, instructions, events and errors, generated from its IDL.

mod accounts;
mod errors;
mod events;
pub mod instruction;
mod types;

pub use accounts::account_name;
pub use errors::BackstopError;
pub use events::Event;
use solana_address::{Address, address};
pub use types::*;

/// The program's address.
pub const PROGRAM_ID: Address = address!("Backstop11111111111111111111111111111111111");
