//! Deploys the program over RPC. The bytecode is uploaded in chunks to a buffer account, from which the upgradeable
//! loader deploys it.
//!
//! After any interruption, the same call resumes: it writes only the chunks that the buffer does not hold yet.

mod buffer;
mod command;
mod error;
mod execution;
mod on_chain;
mod plan;
mod program_file;

pub use command::Arguments;
pub use error::DeployError;
pub use execution::{Deployment, Progress};
pub use on_chain::Deployed;
pub use plan::{Plan, Step};
pub use program_file::ProgramFile;
