//! Sends transactions.

use std::{fmt, sync::Arc};

use solana_commitment_config::CommitmentConfig;
use solana_hash::Hash;
use solana_instruction::Instruction;
use solana_message::VersionedMessage;
use solana_rpc_client_api::{
    client_error::{Error as ClientError, ErrorKind},
    config::{RpcSendTransactionConfig, RpcSimulateTransactionConfig},
    request::RpcError,
};
use solana_signature::Signature;
use solana_signer::Signer;
use solana_transaction::versioned::VersionedTransaction;

use super::{
    Cluster, Policy, PriorityFee, Refusal, SendError,
    policy::{MOST_UNITS, percentile, unit_limit},
    retry_budget::RetryBudget,
    transaction::{Budget, message, needed, signed, unsigned},
};
use crate::{
    PROGRAM_ID,
    logs::{self, Logged},
};

/// Sends transactions that one account pays for. Clones share the connection.
///
/// Every transaction is simulated first: that sizes its compute, and a refusal costs nothing. It is then sent again and
/// again, the same to the bit, until it has landed or can no longer land; only in the latter case, and after it was
/// looked up once more, is it signed anew. So it never lands twice.
#[derive(Clone)]
pub struct Sender {
    pub(super) cluster: Cluster,
    pub(super) payer: Arc<dyn Signer + Send + Sync>,
    pub(super) policy: Policy,
}

/// What a simulation told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulated {
    /// Compute units that it used.
    pub units: u64,
    /// Compute units that are asked for when it is sent.
    pub unit_limit: u32,
    /// The priority fee, in micro-lamports a unit.
    pub unit_price: u64,
    /// The program's events.
    pub logged: Logged,
    /// What the programs logged.
    pub logs: Vec<String>,
}

/// A transaction that landed and did what it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landed {
    /// Its signature.
    pub signature: Signature,
    /// The slot in which it ran.
    pub slot: u64,
    /// Compute units that it used, if the node could tell.
    pub units: Option<u64>,
    /// The program's events. If they are `truncated`, because the chain cut the logs or the node could not tell them,
    /// read the accounts instead.
    pub logged: Logged,
}

impl fmt::Debug for Sender {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.debug_struct("Sender")
            .field("cluster", &self.cluster)
            .field("payer", &self.payer.pubkey())
            .finish_non_exhaustive()
    }
}

impl Sender {
    /// Sends to a cluster what a signer pays for.
    pub fn new(cluster: Cluster, payer: Arc<dyn Signer + Send + Sync>, policy: Policy) -> Self {
        Self { cluster, payer, policy }
    }

    /// Where it sends to.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// Who pays.
    pub fn payer(&self) -> &(dyn Signer + Send + Sync) {
        &*self.payer
    }

    /// How it sends.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Tries the instructions without sending them. Nobody signs anything, but all whose signatures are needed must be
    /// given.
    ///
    /// The fee in it is for the most compute there is, so a payer who can only just pay the actual one is refused.
    ///
    /// # Errors
    /// As [`Self::send`], with nothing sent and nothing paid.
    pub async fn simulate(
        &self,
        instructions: &[Instruction],
        signers: &[&(dyn Signer + Sync)],
    ) -> Result<Simulated, SendError> {
        let most = Budget { unit_limit: MOST_UNITS, unit_price: self.unit_price(instructions).await? };
        let message = self.message(most, instructions, Hash::default())?;
        needed(&message, &self.all(signers))?;
        let transaction = unsigned(message);
        let config = RpcSimulateTransactionConfig {
            replace_recent_blockhash: true,
            commitment: Some(self.cluster.commitment()),
            ..RpcSimulateTransactionConfig::default()
        };
        let request = || self.cluster.rpc().simulate_transaction_with_config(&transaction, config.clone());
        let answer = self.ask(request).await?.value;
        let logs = answer.logs.unwrap_or_default();
        if let Some(error) = answer.err {
            let refusal = Refusal::new(error.into(), instructions, &logs).into();
            return Err(SendError::Refused { refusal, logs, signature: None });
        }
        let units = answer.units_consumed.unwrap_or(MOST_UNITS.into());
        let own = instructions.iter().filter(|instruction| instruction.program_id == PROGRAM_ID).count();
        Ok(Simulated {
            units,
            unit_limit: unit_limit(units, self.policy.unit_margin_percent, own),
            unit_price: most.unit_price,
            logged: logs::read(&logs),
            logs,
        })
    }

    /// Sends the instructions as one transaction, and waits until it has landed, settled as the cluster's commitment
    /// says but at least confirmed. The payer signs, and the signers whose signatures are needed.
    ///
    /// # Errors
    /// See [`SendError`]: it says whether anything was sent, and whether it makes sense to try again.
    pub async fn send(
        &self,
        instructions: &[Instruction],
        signers: &[&(dyn Signer + Sync)],
    ) -> Result<Landed, SendError> {
        let mut last = Signature::default();
        for _ in 0..self.policy.signatures {
            let simulated = self.simulate(instructions, signers).await?;
            let (signed, last_valid_block_height) = self.sign_all(&simulated, &[instructions], signers).await?;
            for transaction in &signed {
                last = transaction.signatures.first().copied().unwrap_or_default();
                if let Some(status) = self.deliver(transaction, last, last_valid_block_height).await? {
                    return self.outcome(last, status, instructions).await;
                }
            }
        }
        Err(SendError::Expired { times: self.policy.signatures, signature: last })
    }

    /// Signs transactions that the caller sends itself with [`Self::broadcast`], all with one fresh blockhash, and
    /// tells the block height after which they cannot land. For those that may land twice, or in any order.
    ///
    /// # Errors
    /// As [`Self::send`], with nothing sent.
    pub async fn sign_all(
        &self,
        simulated: &Simulated,
        transactions: &[&[Instruction]],
        signers: &[&(dyn Signer + Sync)],
    ) -> Result<(Vec<VersionedTransaction>, u64), SendError> {
        let confirmed = CommitmentConfig::confirmed();
        let request = || self.cluster.rpc().get_latest_blockhash_with_commitment(confirmed);
        let (blockhash, last_valid_block_height) = self.ask(request).await?;
        let budget = Budget { unit_limit: simulated.unit_limit, unit_price: simulated.unit_price };
        let signers = self.all(signers);
        let sign = |instructions: &&[Instruction]| signed(self.message(budget, instructions, blockhash)?, &signers);
        Ok((transactions.iter().map(sign).collect::<Result<_, _>>()?, last_valid_block_height))
    }

    /// Gives a signed transaction to the node, once. Whatever the node answers: only the chain tells whether it lands.
    pub async fn broadcast(&self, transaction: &VersionedTransaction) {
        let config = RpcSendTransactionConfig {
            skip_preflight: true,
            max_retries: Some(0),
            ..RpcSendTransactionConfig::default()
        };
        let _ = self.cluster.rpc().send_transaction_with_config(transaction, config).await;
    }

    fn message(
        &self,
        budget: Budget,
        instructions: &[Instruction],
        blockhash: Hash,
    ) -> Result<VersionedMessage, SendError> {
        message(&self.payer.pubkey(), budget, instructions, &self.policy.lookup_tables, blockhash)
    }

    /// The payer and the other signers.
    fn all<'a>(&'a self, signers: &[&'a (dyn Signer + Sync)]) -> Vec<&'a (dyn Signer + Sync)> {
        let payer: &(dyn Signer + Sync) = &self.payer;
        std::iter::once(payer).chain(signers.iter().copied()).collect()
    }

    /// The priority fee in micro-lamports a unit.
    async fn unit_price(&self, instructions: &[Instruction]) -> Result<u64, SendError> {
        match self.policy.priority_fee {
            PriorityFee::Fixed(price) => Ok(price),
            PriorityFee::Percentile { percentile: part, cap } => {
                let accounts = instructions.iter().flat_map(|instruction| &instruction.accounts);
                let mut written: Vec<_> =
                    accounts.filter(|account| account.is_writable).map(|account| account.pubkey).collect();
                written.sort_unstable();
                written.dedup();
                let fees = self.ask(|| self.cluster.rpc().get_recent_prioritization_fees(&written)).await?;
                let fees = fees.iter().map(|fee| fee.prioritization_fee).collect();
                Ok(percentile(fees, part).min(cap))
            }
        }
    }

    /// Repeats a request that nothing depends on until it is answered.
    pub(super) async fn ask<T, Answer>(&self, request: impl Fn() -> Answer) -> Result<T, SendError>
    where
        Answer: Future<Output = Result<T, ClientError>>,
    {
        let mut patience = RetryBudget::new(&self.policy);
        loop {
            let url = self.cluster.url();
            match request().await.map_err(|error| self.cluster.without_keys(error)) {
                Ok(answer) => return Ok(answer),
                Err(source) if is_rejection(&source) => {
                    return Err(SendError::Rejected { url, source: Box::new(source) });
                }
                Err(source) if patience.is_over() => {
                    return Err(SendError::Unreachable { url, source: Box::new(source) });
                }
                Err(_) => patience.wait().await,
            }
        }
    }
}

/// Whether a node said that it will not answer such a request, however often it is asked.
fn is_rejection(error: &ClientError) -> bool {
    // The codes by which JSON-RPC says that a request is malformed, or its method or parameters are not known.
    let malformed = |code: i64| matches!(code, -32_600 | -32_601 | -32_602 | -32_700);
    matches!(error.kind(), ErrorKind::RpcError(RpcError::RpcResponseError { code, .. }) if malformed(*code))
}
