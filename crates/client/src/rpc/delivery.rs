//! The delivery of one signed transaction.

use solana_commitment_config::{CommitmentConfig, CommitmentLevel};
use solana_instruction::Instruction;
use solana_rpc_client_api::config::RpcTransactionConfig;
use solana_signature::Signature;
use solana_transaction::versioned::VersionedTransaction;
use solana_transaction_status_client_types::{
    EncodedConfirmedTransactionWithStatusMeta, TransactionStatus, UiTransactionEncoding, UiTransactionStatusMeta,
};
use tokio::time::{Instant, sleep};

use super::{Landed, Refusal, SendError, Sender, retry_budget::RetryBudget};
use crate::logs::{self, Logged};

/// How often a node is asked for the logs of a transaction that has landed.
const DETAILS_TRIES: u32 = 10;

/// What a node knows about a transaction that can no longer land.
enum Last {
    Landed(TransactionStatus),
    Absent,
    /// It has landed but is not settled, or the node is behind or does not answer.
    Unsure,
}

impl Sender {
    /// Sends a signed transaction again and again until it has landed, or has expired without: then nothing is
    /// returned.
    pub(super) async fn deliver(
        &self,
        transaction: &VersionedTransaction,
        signature: Signature,
        last_valid_block_height: u64,
    ) -> Result<Option<TransactionStatus>, SendError> {
        let mut patience = RetryBudget::new(&self.policy);
        let mut height = 0;
        loop {
            self.broadcast(transaction).await;
            if let Some(status) = self.watch(&signature).await {
                return Ok(Some(status));
            }
            let now = self.cluster.rpc().get_epoch_info_with_commitment(CommitmentConfig::confirmed()).await;
            if let Ok(now) = &now
                && now.block_height > last_valid_block_height
            {
                match self.look_up(&signature, now.absolute_slot).await {
                    Last::Landed(status) => return Ok(Some(status)),
                    Last::Absent => return Ok(None),
                    Last::Unsure => {}
                }
            }
            match now {
                Ok(now) if now.block_height > height && now.block_height <= last_valid_block_height => {
                    height = now.block_height;
                    patience.renew();
                }
                _ if patience.is_over() => {
                    return Err(SendError::Undecided { signature, last_valid_block_height, url: self.cluster.url() });
                }
                _ => {}
            }
        }
    }

    /// Waits for a transaction to land, until it is time to send it again.
    async fn watch(&self, signature: &Signature) -> Option<TransactionStatus> {
        let start = Instant::now();
        while start.elapsed() < self.policy.rebroadcast_every {
            let statuses = self.cluster.rpc().get_signature_statuses(&[*signature]).await;
            let status = statuses.ok().and_then(|mut statuses| statuses.value.pop().flatten());
            if let Some(status) = status.filter(|status| status.satisfies_commitment(self.settled())) {
                return Some(status);
            }
            sleep(self.policy.poll_every).await;
        }
        None
    }

    /// Looks an expired transaction up in the history of a node that knows the slot by which it had expired.
    async fn look_up(&self, signature: &Signature, slot: u64) -> Last {
        let Ok(statuses) = self.cluster.rpc().get_signature_statuses_with_history(&[*signature]).await else {
            return Last::Unsure;
        };
        match statuses.value.first() {
            Some(Some(status)) if status.satisfies_commitment(self.settled()) => Last::Landed(status.clone()),
            Some(None) if statuses.context.slot >= slot => Last::Absent,
            _ => Last::Unsure,
        }
    }

    /// What became of a transaction that has landed.
    pub(super) async fn outcome(
        &self,
        signature: Signature,
        status: TransactionStatus,
        instructions: &[Instruction],
    ) -> Result<Landed, SendError> {
        let details = self.details(&signature).await;
        let logs: Option<Vec<String>> = details.as_ref().and_then(|details| details.log_messages.clone().into());
        if let Some(error) = status.err {
            let logs = logs.unwrap_or_default();
            let refusal = Refusal::new(error, instructions, &logs).into();
            return Err(SendError::Refused { refusal, logs, signature: Some(signature) });
        }
        let logged = logs.map_or(Logged { events: Vec::new(), truncated: true }, |logs| logs::read(&logs));
        let units = details.and_then(|details| details.compute_units_consumed.into());
        Ok(Landed { signature, slot: status.slot, units, logged })
    }

    /// Logs and units of a transaction that has landed, unless the node cannot tell.
    async fn details(&self, signature: &Signature) -> Option<UiTransactionStatusMeta> {
        let config = RpcTransactionConfig {
            encoding: Some(UiTransactionEncoding::Base64),
            commitment: Some(self.settled()),
            max_supported_transaction_version: Some(0),
        };
        for _ in 0..DETAILS_TRIES {
            let answer = self.cluster.rpc().get_transaction_with_config(signature, config).await;
            if let Ok(EncodedConfirmedTransactionWithStatusMeta { transaction, .. }) = answer {
                return transaction.meta;
            }
            sleep(self.policy.poll_every).await;
        }
        None
    }

    /// The commitment at which a transaction counts as landed.
    fn settled(&self) -> CommitmentConfig {
        match self.cluster.commitment().commitment {
            CommitmentLevel::Processed => CommitmentConfig::confirmed(),
            commitment => CommitmentConfig { commitment },
        }
    }
}
