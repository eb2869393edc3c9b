//! Views of accounts. They are pure functions, so programs, tests and commands show the same.

mod collateral;
mod command;
mod fund;
mod governance;
mod losses;
mod market;
mod obligation;
mod pool;
mod position;
pub(crate) mod price;
mod stake;

pub use collateral::{collateral, collaterals};
pub use command::ShowCommand;
pub(crate) use command::{after, queued};
pub use fund::fund;
pub use governance::{Queued, change, changes};
pub use losses::losses;
pub use market::market;
pub use obligation::{Held, ObligationSummary, obligation, obligations};
pub use pool::{Unmarked, pool, pools};
pub use position::position;
pub use stake::stake;
