//! Plans a deployment and its cost.

use backstop_client::rpc::{Cluster, ReadError};
use solana_loader_v3_interface::{instruction::MINIMUM_EXTEND_PROGRAM_BYTES, state::UpgradeableLoaderState};
use solana_rpc_client_api::client_error::Error as ClientError;

use super::{DeployError, Deployed, Deployment, buffer};

/// The fee per signature, in lamports.
const SIGNATURE_FEE: u64 = 5_000;
/// The maximum number of signatures besides those of the writes: two for creating the buffer, two for closing another,
/// one for extending, three for deploying.
const OTHER_SIGNATURES: usize = 8;

/// The kind of a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The first deployment.
    Deploy {
        /// The room in bytes.
        max_len: usize,
    },
    /// An upgrade of the deployed program.
    Upgrade {
        /// Bytes to add to its room first.
        extend_by: u32,
    },
    /// Nothing to do: this program is already deployed.
    Nothing,
}

/// The steps and the cost of a deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The kind of the deployment.
    pub step: Step,
    /// Whether the buffer must be created first.
    pub creates_buffer: bool,
    /// Whether the buffer has another size, and must be closed first.
    pub closes_buffer: bool,
    /// The number of transactions that write to the buffer.
    pub writes: usize,
    /// Lamports of the buffer, which are refunded.
    pub buffer_rent: u64,
    /// Lamports that stay in the program's accounts.
    pub kept: u64,
    /// Lamports that the payer needs: those kept, the buffer's, and the base fees.
    pub needed: u64,
    /// The payer's lamports.
    pub balance: u64,
}

impl Deployment<'_> {
    /// Makes the plan. Sends nothing.
    ///
    /// # Errors
    /// If the deployment is not possible: see [`DeployError`].
    pub async fn plan(&self) -> Result<Plan, DeployError> {
        let cluster = self.sender.cluster();
        if !self.allow_other_id && !self.program.declares(&self.id) {
            return Err(DeployError::OtherId { id: self.id });
        }
        let deployed = Deployed::read(cluster, &self.id).await?;
        let step = self.step(deployed.as_ref())?;
        let found = match step {
            Step::Nothing => None,
            Step::Deploy { .. } | Step::Upgrade { .. } => self.as_buffer().content().await?,
        };
        let (content, other) = match found {
            None if step == Step::Nothing => (Some(self.program.bytes().to_vec()), None),
            None => (None, None),
            Some(found) if found.bytes.len() == self.program.bytes().len() => (Some(found.bytes), None),
            Some(found) => (None, Some(found.lamports)),
        };
        let writes = buffer::missing(content.as_deref().unwrap_or_default(), self.program.bytes()).len();
        let buffer_rent = rent(cluster, UpgradeableLoaderState::size_of_buffer(self.program.bytes().len())).await?;
        let kept = self.kept(step, deployed.as_ref()).await?;
        // At the first deployment, the buffer's lamports pay for the program's accounts. At an upgrade, they are
        // refunded.
        let lamports = match (step, &content) {
            (Step::Deploy { .. }, Some(_)) => kept.saturating_sub(buffer_rent),
            (Step::Upgrade { .. }, None) => kept.saturating_add(buffer_rent),
            _ => kept,
        };
        // The lamports of a closed buffer are refunded first.
        let lamports = lamports.saturating_sub(other.unwrap_or(0));
        let signatures = match step {
            Step::Nothing => 0,
            Step::Deploy { .. } | Step::Upgrade { .. } => writes.saturating_mul(2).saturating_add(OTHER_SIGNATURES),
        };
        let fees = SIGNATURE_FEE.saturating_mul(u64::try_from(signatures).unwrap_or(u64::MAX));
        let balance = cluster.rpc().get_balance(&self.sender.payer().pubkey()).await;
        Ok(Plan {
            step,
            creates_buffer: content.is_none(),
            closes_buffer: other.is_some(),
            writes,
            buffer_rent,
            kept,
            needed: lamports.saturating_add(fees),
            balance: balance.map_err(|source| unreachable(cluster, source))?,
        })
    }

    /// Chooses the step for the deployed program.
    fn step(&self, deployed: Option<&Deployed>) -> Result<Step, DeployError> {
        let (id, len) = (self.id, self.program.bytes().len());
        let Some(deployed) = deployed else {
            let max_len = self.max_len.unwrap_or(len);
            return match self.program_keypair {
                None => Err(DeployError::NeedsProgramKeypair { id }),
                Some(_) if max_len < len => Err(DeployError::TooLong { len, max_len }),
                Some(_) => Ok(Step::Deploy { max_len }),
            };
        };
        if deployed.is(self.program) {
            return Ok(Step::Nothing);
        }
        let given = self.authority.pubkey();
        if deployed.authority != Some(given) {
            return Err(DeployError::OtherAuthority { id, authority: deployed.authority, given });
        }
        let lacks = u32::try_from(len.saturating_sub(deployed.bytes.len())).unwrap_or(u32::MAX);
        Ok(Step::Upgrade { extend_by: if lacks == 0 { 0 } else { lacks.max(MINIMUM_EXTEND_PROGRAM_BYTES) } })
    }

    /// The lamports that stay in the program's accounts.
    async fn kept(&self, step: Step, deployed: Option<&Deployed>) -> Result<u64, DeployError> {
        let cluster = self.sender.cluster();
        match (step, deployed) {
            (Step::Deploy { max_len }, _) => {
                let program = rent(cluster, UpgradeableLoaderState::size_of_program()).await?;
                let data = rent(cluster, UpgradeableLoaderState::size_of_programdata(max_len)).await?;
                Ok(program.saturating_add(data))
            }
            (Step::Upgrade { extend_by: by @ 1.. }, Some(deployed)) => {
                let room = deployed.bytes.len().saturating_add(usize::try_from(by).unwrap_or(usize::MAX));
                let data = rent(cluster, UpgradeableLoaderState::size_of_programdata(room)).await?;
                Ok(data.saturating_sub(deployed.lamports))
            }
            _ => Ok(0),
        }
    }
}

/// The rent-exempt minimum of an account of this size, in lamports.
pub(super) async fn rent(cluster: &Cluster, bytes: usize) -> Result<u64, DeployError> {
    let rent = cluster.rpc().get_minimum_balance_for_rent_exemption(bytes).await;
    rent.map_err(|source| unreachable(cluster, source))
}

/// The error for a failed request.
pub(super) fn unreachable(cluster: &Cluster, source: ClientError) -> DeployError {
    ReadError::Unreachable { url: cluster.url(), source: source.into() }.into()
}
