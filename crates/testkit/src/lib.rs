//! A world in one process: the built Backstop program in a real Solana runtime (LiteSVM), with real token accounts,
//! real oracle account bytes, named actors, and a clock that moves only on request.
//!
//! ```no_run
//! use backstop_testkit::{Setup, World};
//!
//! let mut world = World::new(Setup::default());
//! world.deposit("alice", 1_000_000_000)?;
//! world.deposit_collateral("bob", "SOL", 10_000_000_000)?;
//! world.borrow("bob", 200_000_000)?;
//! assert_eq!(world.pool().cash, 800_000_000);
//! # Ok::<(), backstop_testkit::Failure>(())
//! ```

pub mod accounts;
mod outcome;
mod setup;
mod switchboard;
mod token_2022;
mod verbs;
mod world;

pub use accounts::price_update;
pub use backstop_client::oracle::Network;
pub use outcome::{Failure, Receipt, Refusal, assert_error};
pub use setup::{AS_IN_CALM, CollateralSetup, Feed, Setup, TokenSetup};
pub use switchboard::switchboard_feed;
pub use token_2022::Extension;
pub use world::{BUILT_PROGRAM, STARTING_BALANCE, World};
