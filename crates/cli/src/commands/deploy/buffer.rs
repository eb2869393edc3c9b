//! The buffer account, which holds the bytecode until the loader deploys it.

use std::time::Instant;

use backstop_client::rpc::{ReadError, Sender};
use solana_address::Address;
use solana_commitment_config::CommitmentConfig;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_loader_v3_interface::instruction;
use solana_signer::Signer;
use tokio::{task::JoinSet, time::sleep};

use super::{DeployError, Progress, on_chain, plan::unreachable};

/// Bytes that one transaction writes: 1,232 less two signatures and five addresses.
const PIECE: usize = 860;
/// The number of transactions sent to the node at once.
const AT_ONCE: usize = 16;

/// A buffer, and the program to write to it.
pub(super) struct Buffer<'a> {
    pub(super) sender: &'a Sender,
    pub(super) keypair: &'a Keypair,
    pub(super) authority: &'a (dyn Signer + Sync),
    pub(super) program: &'a [u8],
}

/// The content of a buffer.
pub(super) struct Content {
    pub(super) bytes: Vec<u8>,
    pub(super) lamports: u64,
}

/// A chunk: its offset and its bytes.
type Piece<'a> = (u32, &'a [u8]);

impl Buffer<'_> {
    pub(super) fn address(&self) -> Address {
        self.keypair.pubkey()
    }

    /// Reads the buffer. `None` if it does not exist. It may have the size of another program.
    pub(super) async fn content(&self) -> Result<Option<Content>, DeployError> {
        let address = self.address();
        let Some(account) = self.sender.cluster().get_raw(&[address]).await?.pop().flatten() else { return Ok(None) };
        let unfit = |reason: String| DeployError::Buffer { buffer: address, reason };
        let (authority, content) =
            on_chain::buffer(&account).ok_or_else(|| unfit("it exists and is not a buffer".into()))?;
        match authority {
            Some(authority) if authority == self.authority.pubkey() => {}
            Some(other) => return Err(unfit(format!("only {other} may write to it"))),
            None => return Err(unfit("it has no authority, so it cannot be written".into())),
        }
        Ok(Some(Content { bytes: content.to_vec(), lamports: account.lamports }))
    }

    /// Closes the buffer. Its SOL goes to the payer.
    pub(super) async fn close(&self) -> Result<(), DeployError> {
        let (payer, authority) = (self.sender.payer().pubkey(), self.authority.pubkey());
        let close = instruction::close(&self.address(), &payer, &authority, false);
        self.sender.send(&[close], &[self.authority]).await?;
        Ok(())
    }

    /// Creates the buffer.
    pub(super) async fn create(&self, lamports: u64) -> Result<(), DeployError> {
        let (payer, authority) = (self.sender.payer().pubkey(), self.authority.pubkey());
        let made = instruction::create_buffer(&payer, &self.address(), &authority, lamports, self.program.len());
        let instructions =
            made.map_err(|error| DeployError::Buffer { buffer: self.address(), reason: error.to_string() })?;
        self.sender.send(&instructions, &[self.keypair]).await?;
        Ok(())
    }

    /// Writes the missing chunks.
    pub(super) async fn fill(&self, progress: &dyn Progress) -> Result<(), DeployError> {
        let mut left = self.missing(progress).await?;
        while let Some(piece) = left.first() {
            // An error of one write is an error of all, and the simulation explains it.
            let simulated = self.sender.simulate(&[self.write(piece)], &[self.authority]).await?;
            let before = left.len();
            let writes: Vec<[Instruction; 1]> = left.iter().map(|piece| [self.write(piece)]).collect();
            let writes: Vec<&[Instruction]> = writes.iter().map(<[Instruction; 1]>::as_slice).collect();
            let (signed, last_valid_block_height) =
                self.sender.sign_all(&simulated, &writes, &[self.authority]).await?;
            let signed: Vec<_> = left.iter().map(|(offset, _)| *offset).zip(signed).collect();
            while !left.is_empty() && self.height().await? <= last_valid_block_height {
                let is_left = |offset: u32| left.binary_search_by_key(&offset, |piece| piece.0).is_ok();
                let waiting: Vec<_> = signed.iter().filter(|(offset, _)| is_left(*offset)).collect();
                for some in waiting.chunks(AT_ONCE) {
                    let mut flying = JoinSet::new();
                    for (_, transaction) in some {
                        let (sender, transaction) = (self.sender.clone(), transaction.clone());
                        flying.spawn(async move { sender.broadcast(&transaction).await });
                    }
                    flying.join_all().await;
                }
                sleep(self.sender.policy().rebroadcast_every).await;
                left = self.missing(progress).await?;
            }
            if left.len() >= before {
                return Err(DeployError::Stalled { buffer: self.address(), missing: left.len() });
            }
        }
        Ok(())
    }

    /// The chunks that the buffer does not hold yet.
    async fn missing(&self, progress: &dyn Progress) -> Result<Vec<Piece<'_>>, DeployError> {
        let content =
            self.patiently(async || self.content().await).await?.map(|content| content.bytes).unwrap_or_default();
        let missing = missing(&content, self.program);
        let bytes = missing.iter().map(|(_, piece)| piece.len()).sum();
        progress.written(self.program.len().saturating_sub(bytes), self.program.len());
        Ok(missing)
    }

    async fn height(&self) -> Result<u64, DeployError> {
        self.patiently(async || {
            let cluster = self.sender.cluster();
            let height = cluster.rpc().get_block_height_with_commitment(CommitmentConfig::confirmed()).await;
            height.map_err(|source| unreachable(cluster, source))
        })
        .await
    }

    /// Repeats a read while the node does not answer, for the duration of an outage in the policy.
    async fn patiently<T>(&self, read: impl AsyncFn() -> Result<T, DeployError>) -> Result<T, DeployError> {
        let start = Instant::now();
        loop {
            match read().await {
                Err(DeployError::Read(ReadError::Unreachable { .. }))
                    if start.elapsed() < self.sender.policy().outage =>
                {
                    sleep(self.sender.policy().rebroadcast_every).await;
                }
                answer => return answer,
            }
        }
    }

    fn write(&self, (offset, bytes): &Piece) -> Instruction {
        instruction::write(&self.address(), &self.authority.pubkey(), *offset, bytes.to_vec())
    }
}

/// The chunks of a program that differ from the content at their offset.
pub(super) fn missing<'a>(content: &[u8], program: &'a [u8]) -> Vec<Piece<'a>> {
    let pieces = program.chunks(PIECE).zip((0_u32..).step_by(PIECE));
    pieces
        .filter(|(piece, offset)| {
            let start = usize::try_from(*offset).unwrap_or(usize::MAX);
            content.get(start..start.saturating_add(piece.len())) != Some(*piece)
        })
        .map(|(piece, offset)| (offset, piece))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_that_differ_are_missing_and_no_others() {
        // Two full chunks and one of a single byte.
        let program = vec![7; 2 * PIECE + 1];
        let offsets = |content: &[u8]| missing(content, &program).iter().map(|(offset, _)| *offset).collect::<Vec<_>>();
        assert_eq!(offsets(&program), [0_u32; 0]);
        assert_eq!(offsets(&vec![0; program.len()]), [0, 860, 1_720]);
        let mut content = program.clone();
        content[PIECE] = 0;
        assert_eq!(offsets(&content), [860]);
        content[2 * PIECE] = 0;
        assert_eq!(offsets(&content), [860, 1_720]);
        assert_eq!(offsets(&program[..2 * PIECE]), [1_720]);
        assert_eq!(missing(&content, &program).last().unwrap().1, [7]);
    }
}
