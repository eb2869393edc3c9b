//! Deployments to a local cluster.

#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used)] // a test ends there

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use backstop_cli::commands::deploy::{DeployError, Deployed, Deployment, Plan, ProgramFile, Progress, Step};
use backstop_client::{
    PROGRAM_ID,
    rpc::{Cluster, Policy, PriorityFee, ReadError, SendError, Sender},
};
use backstop_localnet::{FaultProxy, Localnet, Options, Pass, keypair};
use solana_address::Address;
use solana_commitment_config::CommitmentConfig;
use solana_keypair::Keypair;
use solana_loader_v3_interface::{instruction, state::UpgradeableLoaderState};
use solana_signer::Signer;
use solana_system_interface::instruction as system_instruction;

/// What one transaction writes.
const PIECE: usize = 860;

struct Silent;

impl Progress for Silent {
    fn written(&self, _: usize, _: usize) {}
}

/// A cluster, a program that was built for an address, and the keypairs that its deployment takes.
struct Stage {
    localnet: Localnet,
    dir: PathBuf,
    program_keypair: Keypair,
    authority: Keypair,
    buffer: Keypair,
}

impl Stage {
    fn new(name: &str) -> Self {
        let dir = std::env::temp_dir().join(format!("backstop-deploy-{name}-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let localnet = Localnet::start(Options { slot_time: Duration::from_millis(50), ..Options::default() }).unwrap();
        Self { localnet, dir, program_keypair: Keypair::new(), authority: Keypair::new(), buffer: Keypair::new() }
    }

    fn id(&self) -> Address {
        self.program_keypair.pubkey()
    }

    fn sender(&self) -> Sender {
        self.sender_at(&self.localnet.rpc_url(), keypair("authority"))
    }

    fn sender_at(&self, url: &str, payer: Keypair) -> Sender {
        let policy = Policy {
            priority_fee: PriorityFee::Fixed(1),
            poll_every: Duration::from_millis(20),
            rebroadcast_every: Duration::from_millis(100),
            ..Policy::default()
        };
        Sender::new(Cluster::new(url, CommitmentConfig::confirmed()), Arc::new(payer), policy)
    }

    /// The built program with this stage's address in place of its own, and some bytes behind it.
    fn program(&self, behind: &[u8]) -> ProgramFile {
        let mut bytes = ProgramFile::built_in().bytes().to_vec();
        let place = bytes.windows(32).position(|window| window == PROGRAM_ID.as_ref()).unwrap();
        bytes[place..place + 32].copy_from_slice(self.id().as_ref());
        bytes.extend_from_slice(behind);
        let path = self.dir.join(format!("{}.so", bytes.len()));
        fs::write(&path, bytes).unwrap();
        ProgramFile::read(&path).unwrap()
    }

    fn deployment<'a>(&'a self, sender: &'a Sender, program: &'a ProgramFile) -> Deployment<'a> {
        Deployment {
            sender,
            program,
            id: self.id(),
            program_keypair: Some(&self.program_keypair),
            authority: &self.authority,
            buffer: &self.buffer,
            max_len: None,
            allow_other_id: false,
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.dir).unwrap();
    }
}

async fn balance(sender: &Sender) -> u64 {
    sender.cluster().rpc().get_balance(&sender.payer().pubkey()).await.unwrap()
}

fn upgrades(plan: &Plan) -> Option<u32> {
    match plan.step {
        Step::Upgrade { extend_by } => Some(extend_by),
        Step::Deploy { .. } | Step::Nothing => None,
    }
}

#[tokio::test]
async fn program_is_deployed_upgraded_and_verified() {
    let stage = Stage::new("whole");
    let sender = stage.sender();
    let first = stage.program(&[]);
    let len = first.bytes().len();

    let deployment = stage.deployment(&sender, &first);
    let plan = deployment.plan().await.unwrap();
    assert_eq!((plan.step, plan.creates_buffer), (Step::Deploy { max_len: len }, true));
    assert_eq!(plan.writes, len.div_ceil(PIECE));
    // SOL that somebody sends to the address does not hinder it.
    let payer = sender.payer().pubkey();
    sender.send(&[system_instruction::transfer(&payer, &stage.id(), 900_000)], &[]).await.unwrap();
    let before = balance(&sender).await;
    let deployed = deployment.run(&plan, &Silent).await.unwrap();
    assert!(deployed.is(&first));
    assert_eq!((deployed.authority, deployed.bytes.len()), (Some(stage.authority.pubkey()), len));
    // Every transaction has at most three signatures and a limit of 1.4 million units at a millionth of a lamport each.
    let spent = before + 900_000 - balance(&sender).await;
    assert!(spent > plan.kept && spent <= plan.needed + (plan.writes as u64 + 3) * 2, "{spent} {plan:?}");
    // The buffer is gone, its SOL went into the program's accounts.
    assert_eq!(sender.cluster().get_raw(&[stage.buffer.pubkey()]).await.unwrap(), [None]);

    // Again is nothing to do, with any keypairs.
    let nobody = Keypair::new();
    let again = Deployment { authority: &nobody, program_keypair: None, ..stage.deployment(&sender, &first) };
    let plan = again.plan().await.unwrap();
    assert_eq!((plan.step, plan.needed), (Step::Nothing, 0));
    assert_eq!(again.run(&plan, &Silent).await.unwrap(), deployed);

    // A longer one: 20,000 bytes are more than the least that the loader adds.
    let second = stage.program(&[1; 20_000]);
    let upgrade = Deployment { program_keypair: None, ..stage.deployment(&sender, &second) };
    let plan = upgrade.plan().await.unwrap();
    assert_eq!(upgrades(&plan), Some(20_000));
    let longer = upgrade.run(&plan, &Silent).await.unwrap();
    assert!(longer.is(&second) && !longer.is(&first) && longer.slot > deployed.slot);
    assert_eq!(longer.bytes.len(), len + 20_000);

    // Back to the first, which leaves zeros behind it.
    let plan = deployment.plan().await.unwrap();
    assert_eq!(upgrades(&plan), Some(0));
    let back = deployment.run(&plan, &Silent).await.unwrap();
    assert!(back.is(&first));
    assert_eq!(back.bytes.len(), len + 20_000);
    back.verify(&stage.id(), &first).unwrap();
    let error = back.verify(&stage.id(), &second).unwrap_err();
    assert!(matches!(&error, DeployError::Differs { expected, .. } if *expected == second.sha256()), "{error}");
    // One that is as long is named by the hash of its file.
    let error = back.verify(&stage.id(), &ProgramFile::built_in()).unwrap_err();
    assert!(matches!(&error, DeployError::Differs { found, .. } if *found == first.sha256()), "{error}");

    // A little longer than there is room for: the loader adds at least 10 KiB.
    let third = stage.program(&[1; 20_001]);
    let plan = stage.deployment(&sender, &third).plan().await.unwrap();
    assert_eq!(upgrades(&plan), Some(10_240));
}

#[tokio::test]
async fn interrupted_deployment_goes_on_with_what_is_missing() {
    let stage = Stage::new("interrupted");
    let program = stage.program(&[]);
    let proxy = FaultProxy::start(&stage.localnet.rpc_url().replace("http://", "")).await.unwrap();
    let url = format!("http://{}", proxy.address());

    // The node is gone as soon as the buffer is there.
    struct Cut<'a>(&'a FaultProxy);
    impl Progress for Cut<'_> {
        fn written(&self, _: usize, _: usize) {
            self.0.pass(Pass::None);
        }
    }
    let patient = stage.sender_at(&url, keypair("authority"));
    let policy = Policy { outage: Duration::from_millis(1), ..patient.policy().clone() };
    let sender = Sender::new(patient.cluster().clone(), Arc::new(keypair("authority")), policy);
    let deployment = stage.deployment(&sender, &program);
    let plan = deployment.plan().await.unwrap();
    let error = deployment.run(&plan, &Cut(&proxy)).await.unwrap_err();
    assert!(matches!(error, DeployError::Send(SendError::Unreachable { .. })), "{error}");
    assert!(error.to_string().contains("again"), "{error}");
    let error = deployment.plan().await.unwrap_err();
    assert!(matches!(error, DeployError::Read(ReadError::Unreachable { .. })), "{error}");

    // It comes back, and two pieces of the program have arrived, not the first ones.
    proxy.pass(Pass::All);
    let (buffer, authority) = (stage.buffer.pubkey(), stage.authority.pubkey());
    for piece in [1, 3] {
        let bytes = program.bytes()[piece * PIECE..][..PIECE].to_vec();
        let write = instruction::write(&buffer, &authority, u32::try_from(piece * PIECE).unwrap(), bytes);
        patient.send(&[write], &[&stage.authority]).await.unwrap();
    }
    let deployment = stage.deployment(&patient, &program);
    let plan = deployment.plan().await.unwrap();
    assert!(!plan.creates_buffer);
    assert_eq!(plan.writes, program.bytes().len().div_ceil(PIECE) - 2);
    let seen = Seen::default();
    assert!(deployment.run(&plan, &seen).await.unwrap().is(&program));
    let seen = seen.0.into_inner().unwrap();
    assert_eq!((seen.first(), seen.last()), (Some(&(2 * PIECE)), Some(&program.bytes().len())));
    assert!(seen.is_sorted(), "{seen:?}");
}

#[tokio::test]
async fn a_buffer_of_another_size_is_closed_and_its_sol_comes_back() {
    // Given a deployment that was interrupted when its buffer was there, and a program that was built again, longer
    let stage = Stage::new("rebuilt");
    let (sender, first, second) = (stage.sender(), stage.program(&[]), stage.program(&[1; 1_000]));
    let (payer, len) = (sender.payer().pubkey(), first.bytes().len());
    let size = UpgradeableLoaderState::size_of_buffer(len);
    let rent = sender.cluster().rpc().get_minimum_balance_for_rent_exemption(size).await.unwrap();
    let (buffer, authority) = (stage.buffer.pubkey(), stage.authority.pubkey());
    let made = instruction::create_buffer(&payer, &buffer, &authority, rent, len).unwrap();
    sender.send(&made, &[&stage.buffer]).await.unwrap();
    let before = balance(&sender).await;
    // When it is deployed with the same buffer, then what that held pays for it, and nothing is left in it
    let deployment = stage.deployment(&sender, &second);
    let plan = deployment.plan().await.unwrap();
    assert!(plan.closes_buffer && plan.creates_buffer);
    assert!(deployment.run(&plan, &Silent).await.unwrap().is(&second));
    assert_eq!(sender.cluster().get_raw(&[buffer]).await.unwrap(), [None]);
    let spent = before - balance(&sender).await;
    assert!(spent <= plan.needed + (plan.writes as u64 + 5) * 2 && spent < plan.kept, "{spent} {plan:?}");
}

#[derive(Default)]
struct Seen(Mutex<Vec<usize>>);

impl Progress for Seen {
    fn written(&self, bytes: usize, _: usize) {
        self.0.lock().unwrap().push(bytes);
    }
}

#[tokio::test]
async fn what_cannot_be_deployed_is_said_before_anything_is_sent() {
    let stage = Stage::new("refused");
    let (sender, program) = (stage.sender(), stage.program(&[]));
    let before = balance(&sender).await;

    let built_in = ProgramFile::built_in();
    let error = stage.deployment(&sender, &built_in).plan().await.unwrap_err();
    assert!(matches!(error, DeployError::OtherId { .. }), "{error}");
    let allowed = Deployment { allow_other_id: true, ..stage.deployment(&sender, &built_in) };
    assert!(matches!(allowed.plan().await.unwrap().step, Step::Deploy { .. }));

    let without = Deployment { program_keypair: None, ..stage.deployment(&sender, &program) };
    let error = without.plan().await.unwrap_err();
    assert!(matches!(error, DeployError::NeedsProgramKeypair { .. }), "{error}");

    let short = Deployment { max_len: Some(program.bytes().len() - 1), ..stage.deployment(&sender, &program) };
    let error = short.plan().await.unwrap_err();
    assert!(matches!(error, DeployError::TooLong { .. }), "{error}");

    let poor = stage.sender_at(&stage.localnet.rpc_url(), Keypair::new());
    let deployment = stage.deployment(&poor, &program);
    let error = deployment.run(&deployment.plan().await.unwrap(), &Silent).await.unwrap_err();
    assert!(matches!(error, DeployError::TooLittle { have: 0, .. }), "{error}");

    // An actor's account is no program, and no buffer.
    let alice = keypair("alice");
    let error = Deployed::read(sender.cluster(), &stage.id()).await.unwrap();
    assert!(error.is_none());
    let occupied = Deployment { buffer: &alice, ..stage.deployment(&sender, &program) };
    let error = occupied.plan().await.unwrap_err();
    assert!(matches!(error, DeployError::Buffer { .. }), "{error}");

    assert_eq!(balance(&sender).await, before);
}

#[tokio::test]
async fn only_the_upgrade_authority_upgrades() {
    let stage = Stage::new("authority");
    let (sender, first, second) = (stage.sender(), stage.program(&[]), stage.program(&[1]));
    let deployment = stage.deployment(&sender, &first);
    deployment.run(&deployment.plan().await.unwrap(), &Silent).await.unwrap();

    let other = Keypair::new();
    let upgrade = Deployment { authority: &other, ..stage.deployment(&sender, &second) };
    let error = upgrade.plan().await.unwrap_err();
    let owner = stage.authority.pubkey();
    assert!(
        matches!(error, DeployError::OtherAuthority { authority: Some(authority), .. } if authority == owner),
        "{error}"
    );
    assert!(error.to_string().contains("--upgrade-authority"), "{error}");

    // A buffer that somebody else may write to is not taken either.
    let payer = sender.payer().pubkey();
    let len = second.bytes().len();
    let size = UpgradeableLoaderState::size_of_buffer(len);
    let rent = sender.cluster().rpc().get_minimum_balance_for_rent_exemption(size).await.unwrap();
    let made = instruction::create_buffer(&payer, &stage.buffer.pubkey(), &other.pubkey(), rent, len).unwrap();
    sender.send(&made, &[&stage.buffer]).await.unwrap();
    let error = stage.deployment(&sender, &second).plan().await.unwrap_err();
    assert!(matches!(error, DeployError::Buffer { .. }), "{error}");
    assert!(error.to_string().contains(&other.pubkey().to_string()), "{error}");
}
