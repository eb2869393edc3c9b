//! A cluster: reads the program's accounts, and sends transactions so that each lands at most once.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use backstop_client::{Pool, rpc::{Cluster, Policy, Sender}, verb};
//! use solana_commitment_config::CommitmentConfig;
//! use solana_keypair::Keypair;
//! use solana_signer::Signer;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let cluster = Cluster::new("http://127.0.0.1:8899", CommitmentConfig::confirmed());
//! for (address, pool) in cluster.all::<Pool>(None).await? {
//!     println!("{address} lends {}", pool.mint);
//! }
//!
//! let payer = Arc::new(Keypair::new());
//! let sender = Sender::new(cluster, payer.clone(), Policy::default());
//! let instruction = verb::accrue(&verb::PoolKey::new(backstop_client::address::market(&payer.pubkey(), 0), payer.pubkey()));
//! let landed = sender.send(&[instruction], &[]).await?;
//! println!("{} took {:?} units", landed.signature, landed.units);
//! # Ok(())
//! # }
//! ```

mod cluster;
mod delivery;
mod lookup_table;
mod network;
mod policy;
mod read_error;
mod refusal;
mod retry_budget;
mod secrets;
mod send_error;
mod sender;
mod snapshot;
mod transaction;

pub use cluster::{Clock, Cluster};
pub use network::Network;
pub use policy::{INTEREST_UNITS, Policy, PriorityFee};
pub use read_error::ReadError;
pub use refusal::Refusal;
pub use secrets::Secrets;
pub use send_error::SendError;
pub use sender::{Landed, Sender, Simulated};
pub use snapshot::FoundPrice;
