//! Putting the program on a cluster, over its RPC: the bytecode goes piece by piece into a buffer account, from which the
//! upgradeable loader takes it.
//!
//! Whatever happens in between, the same call goes on where the last one ended: what is missing is what the buffer does not
//! hold yet.

mod buffer;
mod error;
mod execution;
mod on_chain;
mod plan;
mod program_file;

pub use error::DeployError;
pub use execution::{Deployment, Progress};
pub use on_chain::Deployed;
pub use plan::{Plan, Step};
pub use program_file::ProgramFile;
