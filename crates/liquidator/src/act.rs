//! Executes planned actions: turns each into a transaction, and the chain's answer into an outcome.

use std::{sync::Arc, time::Duration};

use backstop_client::rpc::{Cluster, Landed, Refusal, SendError, Sender, Simulated};
use solana_address::Address;
use solana_instruction::Instruction;
use tokio::time::timeout;

use crate::book::Received;

mod failure_kind;
mod instruction;
mod settle;

pub use self::{failure_kind::FailureKind, instruction::instruction};

use settle::{Settled, settle};

/// The time limit for rereading touched accounts.
const REREAD: Duration = Duration::from_secs(10);

/// Executes actions.
#[derive(Clone, Debug)]
pub struct Executor {
    /// Sends and simulates transactions.
    pub sender: Sender,
    /// Whether to simulate only.
    pub dry_run: bool,
    /// How long to wait for the outcome of a sent transaction when the node stops answering.
    pub patience: Duration,
}

/// How an action ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It landed.
    Landed(Landed),
    /// The simulation succeeded, in a dry run.
    DryRun(Simulated),
    /// It failed.
    Failed(FailureKind, Arc<SendError>),
}

impl Outcome {
    /// Returns the name in logs and metrics.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Landed(_) => "landed",
            Self::DryRun(_) => "dry_run",
            Self::Failed(failure_kind, _) => failure_kind.name(),
        }
    }
}

impl Executor {
    /// Executes actions in one transaction if they fit. Returns their outcomes and the touched accounts.
    ///
    /// A refused action is dropped and the rest is tried again, so no action blocks the others. A batch that is too
    /// large is split. A sent transaction that may yet land is waited for. Then the touched accounts are reread, at or
    /// after the slot of the last transaction that landed.
    pub async fn act(
        &self,
        actions: Vec<(Address, Instruction)>,
        touched: &[Address],
    ) -> (Vec<(Address, Outcome)>, Vec<Received>) {
        let (mut outcomes, mut least) = (Vec::new(), 0);
        let mut batches = vec![actions];
        while let Some(mut batch) = batches.pop() {
            if batch.is_empty() {
                continue;
            }
            let error = match self.attempt(&batch).await {
                Ok(outcome) => {
                    if let Outcome::Landed(landed) = &outcome {
                        least = landed.slot.max(least);
                    }
                    outcomes.extend(batch.into_iter().map(|(target, _)| (target, outcome.clone())));
                    continue;
                }
                Err((failure_kind, error)) => (failure_kind, Arc::new(error)),
            };
            let (failure_kind, error) = error;
            let failed = Outcome::Failed(failure_kind, error.clone());
            match refused(&error).filter(|index| *index < batch.len()) {
                Some(index) => {
                    let (target, _) = batch.remove(index);
                    outcomes.push((target, failed));
                    batches.push(batch);
                }
                None if failure_kind == FailureKind::TooLarge && batch.len() > 1 => {
                    let rest = batch.split_off(batch.len().div_ceil(2));
                    batches.extend([rest, batch]);
                }
                None => outcomes.extend(batch.into_iter().map(|(target, _)| (target, failed.clone()))),
            }
        }
        (outcomes, read_again(self.sender.cluster(), touched, least).await)
    }

    async fn attempt(&self, batch: &[(Address, Instruction)]) -> Result<Outcome, (FailureKind, SendError)> {
        let instructions: Vec<_> = batch.iter().map(|(_, instruction)| instruction.clone()).collect();
        let done = if self.dry_run {
            self.sender.simulate(&instructions, &[]).await.map(Outcome::DryRun)
        } else {
            self.sender.send(&instructions, &[]).await.map(Outcome::Landed)
        };
        let error = match done {
            Ok(outcome) => return Ok(outcome),
            Err(error) => error,
        };
        let SendError::Undecided { signature, last_valid_block_height, .. } = &error else {
            return Err((FailureKind::new(&error), error));
        };
        tracing::warn!(%signature, "sent, but the node stopped answering: polling for the outcome");
        let settled = settle(self.sender.cluster(), signature, *last_valid_block_height);
        match timeout(self.patience, settled).await {
            Ok(Settled::Landed(landed)) => Ok(Outcome::Landed(landed)),
            Ok(Settled::Failed) => {
                tracing::warn!(%signature, "the transaction failed: another one came first");
                Err((FailureKind::Overtaken, error))
            }
            Ok(Settled::Expired) => {
                tracing::warn!(%signature, "the transaction expired without landing");
                Err((FailureKind::Unreachable, error))
            }
            Err(_) => Err((FailureKind::Undecided, error)),
        }
    }
}

/// Returns the index of the refused instruction.
fn refused(error: &SendError) -> Option<usize> {
    match error.refusal()? {
        Refusal::Backstop { instruction, .. }
        | Refusal::Program { instruction, .. }
        | Refusal::Compute { instruction } => Some(*instruction),
        _ => None,
    }
}

/// Reads accounts once the node has reached slot `least`. Returns nothing on timeout.
async fn read_again(cluster: &Cluster, addresses: &[Address], least: u64) -> Vec<Received> {
    let reading = async {
        loop {
            match read(cluster, addresses).await {
                Ok((slot, accounts)) if slot >= least => return accounts,
                _ => tokio::time::sleep(Duration::from_millis(250)).await,
            }
        }
    };
    timeout(REREAD, reading).await.unwrap_or_default()
}

/// The most accounts that a node returns per request.
pub(crate) const READ_AT_ONCE: usize = 100;

/// Reads at most [`READ_AT_ONCE`] accounts, and returns them with their slot. A missing account has no data, and the
/// system program as owner.
///
/// # Errors
/// If the node does not answer.
pub(crate) async fn read(
    cluster: &Cluster,
    addresses: &[Address],
) -> Result<(u64, Vec<Received>), solana_rpc_client_api::client_error::Error> {
    let answer = cluster.rpc().get_multiple_accounts_with_commitment(addresses, cluster.commitment()).await;
    let answer = answer.map_err(|error| cluster.without_keys(error))?;
    let slot = answer.context.slot;
    let received = addresses.iter().zip(answer.value).map(|(address, account)| {
        let (owner, data) = account.map(|account| (account.owner, account.data)).unwrap_or_default();
        Received { address: *address, owner, data, slot }
    });
    Ok((slot, received.collect()))
}
