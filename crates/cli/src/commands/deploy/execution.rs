//! Executes the plan of a deployment.

use std::time::Instant;

use backstop_client::rpc::Sender;
use solana_address::Address;
use solana_keypair::Keypair;
use solana_loader_v3_interface::{instruction, state::UpgradeableLoaderState};
use solana_sdk_ids::bpf_loader_upgradeable;
use solana_signer::Signer;
use solana_system_interface::instruction as system_instruction;
use tokio::time::sleep;

use super::{DeployError, Deployed, Plan, ProgramFile, Step, buffer::Buffer, plan::rent};

/// Receives the progress of a deployment.
pub trait Progress {
    /// Called when `bytes` of `of` bytes are in the buffer.
    fn written(&self, bytes: usize, of: usize);
}

/// A program to deploy, and how.
pub struct Deployment<'a> {
    /// Sends the transactions and pays for them.
    pub sender: &'a Sender,
    /// The program.
    pub program: &'a ProgramFile,
    /// The program's address.
    pub id: Address,
    /// The keypair of that address, required for the first deployment.
    pub program_keypair: Option<&'a Keypair>,
    /// The upgrade authority.
    pub authority: &'a (dyn Signer + Sync),
    /// The keypair of the buffer. The same keypair resumes an interrupted deployment.
    pub buffer: &'a Keypair,
    /// Bytes to reserve at the first deployment. Defaults to the program's size.
    pub max_len: Option<usize>,
    /// Whether the program may be deployed at an address that it was not built for.
    pub allow_other_id: bool,
}

impl Deployment<'_> {
    /// Executes the plan and verifies the result.
    ///
    /// # Errors
    /// See [`DeployError`]. After any error, a new plan resumes where this one ended.
    pub async fn run(&self, plan: &Plan, progress: &dyn Progress) -> Result<Deployed, DeployError> {
        if plan.balance < plan.needed {
            let payer = self.sender.payer().pubkey();
            return Err(DeployError::TooLittle { payer, have: plan.balance, need: plan.needed });
        }
        match plan.step {
            Step::Nothing => {}
            Step::Deploy { max_len } => {
                self.write(plan, progress).await?;
                self.deploy(max_len).await?;
            }
            Step::Upgrade { extend_by } => {
                self.write(plan, progress).await?;
                self.upgrade(extend_by).await?;
            }
        }
        let cluster = self.sender.cluster();
        let deployed = Deployed::read(cluster, &self.id).await?;
        let deployed = deployed.ok_or_else(|| DeployError::NotDeployed { id: self.id, url: cluster.url() })?;
        deployed.verify(&self.id, self.program)?;
        Ok(deployed)
    }

    async fn write(&self, plan: &Plan, progress: &dyn Progress) -> Result<(), DeployError> {
        let buffer = self.as_buffer();
        if plan.closes_buffer {
            buffer.close().await?;
        }
        if plan.creates_buffer {
            buffer.create(plan.buffer_rent).await?;
        }
        buffer.fill(progress).await
    }

    async fn deploy(&self, max_len: usize) -> Result<(), DeployError> {
        let keypair = self.program_keypair.ok_or(DeployError::NeedsProgramKeypair { id: self.id })?;
        let (payer, authority, buffer) = (self.sender.payer().pubkey(), self.authority.pubkey(), self.buffer.pubkey());
        let cluster = self.sender.cluster();
        let rent = rent(cluster, UpgradeableLoaderState::size_of_program()).await?;
        let deploy =
            instruction::deploy_with_max_program_len(&payer, &self.id, &buffer, &authority, rent, max_len, true)
                .map_err(|error| DeployError::Buffer { buffer, reason: error.to_string() })?;
        // The first instruction creates the account, which fails if the address already has SOL. These three always
        // work.
        let has = cluster.get_raw(&[self.id]).await?.pop().flatten().map_or(0, |account| account.lamports);
        let size = UpgradeableLoaderState::size_of_program().try_into().unwrap_or(u64::MAX);
        let mut instructions = vec![
            system_instruction::transfer(&payer, &self.id, rent.saturating_sub(has)),
            system_instruction::allocate(&self.id, size),
            system_instruction::assign(&self.id, &bpf_loader_upgradeable::ID),
        ];
        instructions.extend(deploy.into_iter().skip(1));
        let deployed = self.sender.send(&instructions, &[keypair, self.authority]).await?;
        // A program is callable from the slot after its deployment.
        self.wait_beyond(deployed.slot).await
    }

    async fn upgrade(&self, extend_by: u32) -> Result<(), DeployError> {
        let (payer, authority, buffer) = (self.sender.payer().pubkey(), self.authority.pubkey(), self.buffer.pubkey());
        if extend_by > 0 {
            let extend = instruction::extend_program(&self.id, Some(&payer), extend_by);
            let extended = self.sender.send(&[extend], &[]).await?;
            // The loader changes a program at most once per slot.
            self.wait_beyond(extended.slot).await?;
        }
        let upgrade = instruction::upgrade(&self.id, &buffer, &authority, &payer, true);
        let upgraded = self.sender.send(&[upgrade], &[self.authority]).await?;
        // A program is callable from the slot after its deployment.
        self.wait_beyond(upgraded.slot).await
    }

    /// Waits until a slot has passed, at most for the duration of an outage in the policy.
    async fn wait_beyond(&self, slot: u64) -> Result<(), DeployError> {
        let (start, policy) = (Instant::now(), self.sender.policy());
        while self.sender.cluster().clock().await?.slot <= slot && start.elapsed() < policy.outage {
            sleep(policy.poll_every).await;
        }
        Ok(())
    }

    pub(super) fn as_buffer(&self) -> Buffer<'_> {
        Buffer { sender: self.sender, keypair: self.buffer, authority: self.authority, program: self.program.bytes() }
    }
}
