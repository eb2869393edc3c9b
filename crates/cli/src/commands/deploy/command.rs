//! `backstop deploy`: deploys, upgrades or verifies the program.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    commands::deploy::{DeployError, Deployed, Deployment, Plan, ProgramFile, Progress, Step},
    context::{Context, address, keypair},
    failure::Failure,
    view::{Cell, View},
};
use backstop_client::{
    PROGRAM_ID,
    rpc::{Policy, PriorityFee, Sender},
};
use backstop_text::amount;
use indicatif::{ProgressBar, ProgressStyle};
use solana_address::Address;
use solana_keypair::{Keypair, write_keypair_file};
use solana_signer::Signer;

/// The arguments of `backstop deploy`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Program file (.so) [default: the program built into this command].
    #[arg(value_name = "PATH")]
    program: Option<PathBuf>,
    /// Keypair file of the program's address. Required for the first deployment, not for upgrades.
    #[arg(long, value_name = "PATH")]
    program_keypair: Option<PathBuf>,
    /// Address of the program to upgrade or verify [default: the one this command was built for].
    #[arg(long, value_name = "ADDRESS", value_parser = address, conflicts_with = "program_keypair")]
    program_id: Option<Address>,
    /// Keypair file of the upgrade authority, for this and later upgrades [default: the payer].
    #[arg(long, value_name = "PATH")]
    upgrade_authority: Option<PathBuf>,
    /// Keypair file of the buffer, created if missing. Use the same file to resume an interrupted deployment
    /// [default: next to the program, as .buffer.json, removed at the end].
    #[arg(long, value_name = "PATH")]
    buffer: Option<PathBuf>,
    /// Bytes to reserve at the first deployment [default: the program's size]. An upgrade extends the room as needed.
    #[arg(long, value_name = "BYTES")]
    max_len: Option<usize>,
    /// Priority fee in micro-lamports per compute unit [default: the recent market fee, at most 100000].
    #[arg(long, value_name = "MICRO_LAMPORTS")]
    with_priority_fee: Option<u64>,
    /// Deploy at an address that the program was not built for. Backstop checks its address, so it will not work there.
    #[arg(long)]
    allow_other_id: bool,
    /// Only compare the deployed program with the file. Needs no keypair.
    #[arg(long)]
    verify_only: bool,
}

impl Arguments {
    /// Deploys, upgrades or verifies.
    pub async fn run(&self, context: &Context) -> Result<(), Failure> {
        let program = match &self.program {
            Some(path) => ProgramFile::read(path).map_err(Failure::unable)?,
            None => ProgramFile::built_in(),
        };
        let program_keypair = self.program_keypair.as_deref().map(keypair).transpose()?;
        let given = program_keypair.as_ref().map(Signer::pubkey).or(self.program_id);
        let id = given.unwrap_or(PROGRAM_ID);
        if self.verify_only {
            let deployed = Deployed::read(&context.cluster, &id).await.map_err(failed)?;
            let deployed = deployed.ok_or_else(|| failed(DeployError::NotDeployed { id, url: context.url.clone() }))?;
            deployed.verify(&id, &program).map_err(failed)?;
            return Ok(context.show(&report(&id, &program, &deployed))?);
        }

        let sender = self.sender(context)?;
        let payer = context.payer()?;
        let authority = self.upgrade_authority.as_deref().map(keypair).transpose()?;
        let place = self.buffer.clone().unwrap_or_else(|| self.place());
        let buffer = if place.exists() { keypair(&place)? } else { Keypair::new() };
        let deployment = Deployment {
            sender: &sender,
            program: &program,
            id,
            program_keypair: program_keypair.as_ref(),
            authority: authority.as_ref().unwrap_or(&payer),
            buffer: &buffer,
            max_len: self.max_len,
            allow_other_id: self.allow_other_id,
        };
        let plan = deployment.plan().await.map_err(failed)?;
        if plan.step != Step::Nothing {
            let network = context.cluster.network().await.map_err(|error| failed(error.into()))?;
            eprintln!("{}", described(&plan, &id, &buffer.pubkey(), &place));
            context.confirm(&format!("Deploy to {network} ({})?", context.url))?;
            keep(&buffer, &place)?;
        }
        let deployed = deployment.run(&plan, &Bar::new()).await.map_err(failed)?;
        if self.buffer.is_none() && place.exists() {
            fs::remove_file(&place).map_err(Failure::unable)?;
        }
        Ok(context.show(&report(&id, &program, &deployed))?)
    }

    fn sender(&self, context: &Context) -> Result<Sender, Failure> {
        let mut policy = Policy::default();
        if let Some(price) = self.with_priority_fee {
            policy.priority_fee = PriorityFee::Fixed(price);
        }
        Ok(Sender::new(context.cluster.clone(), context.payer()?, policy))
    }

    /// The default path of the buffer's keypair.
    fn place(&self) -> PathBuf {
        let mut place = self.program.clone().unwrap_or_else(|| "backstop.so".into()).into_os_string();
        place.push(".buffer.json");
        place.into()
    }
}

/// Writes a keypair to a file unless the file exists.
fn keep(keypair: &Keypair, path: &Path) -> Result<(), Failure> {
    if path.exists() {
        return Ok(());
    }
    let written = write_keypair_file(keypair, path);
    let failed = |error| Failure::unable(format!("the keypair file {} cannot be written: {error}", path.display()));
    written.map(drop).map_err(failed)
}

/// The failure for an error, with its exit code.
fn failed(error: DeployError) -> Failure {
    match error {
        DeployError::Send(_) | DeployError::Stalled { .. } | DeployError::Differs { .. } => Failure::refused(error),
        _ => Failure::unable(error),
    }
}

/// Describes the plan.
fn described(plan: &Plan, id: &Address, buffer: &Address, place: &Path) -> String {
    let what = match plan.step {
        Step::Deploy { max_len } => format!("deploy {id} for the first time, with room for {max_len} bytes"),
        Step::Upgrade { extend_by: 0 } => format!("upgrade {id}"),
        Step::Upgrade { extend_by } => format!("upgrade {id}, with {extend_by} more bytes of room"),
        Step::Nothing => format!("{id} is already this program"),
    };
    let sol = |lamports| amount::tokens(lamports, 9);
    let (writes, needed, kept, balance) = (plan.writes, sol(plan.needed), sol(plan.kept), sol(plan.balance));
    let closed = if plan.closes_buffer {
        format!("the buffer {buffer}, made for a program of another size, is closed first, and its SOL refunded\n")
    } else {
        String::new()
    };
    format!(
        "{what}\n\
         {closed}{writes} transactions write the missing chunks to the buffer {buffer}; its keypair is kept in {} \
         until the end\n\
         the payer needs {needed} SOL plus priority fees, and has {balance} SOL; {kept} SOL stay in the program's \
         accounts",
        place.display()
    )
}

/// The view of the deployed program.
fn report(id: &Address, program: &ProgramFile, deployed: &Deployed) -> View {
    let mut view = View::new("Program verified");
    view.figure("program", "program", Cell::address(id));
    view.figure("program_data", "program data", Cell::address(&deployed.data_address));
    view.figure("sha256", "SHA-256", Cell::text(program.sha256()));
    view.figure("bytes", "bytes", Cell::text(program.bytes().len().to_string()));
    view.figure("room", "room in bytes", Cell::text(deployed.bytes.len().to_string()));
    view.figure("slot", "deployed in slot", Cell::count(deployed.slot));
    let authority = deployed.authority.as_ref().map_or_else(|| Cell::none("none"), Cell::address);
    view.figure("upgrade_authority", "upgrade authority", authority);
    view
}

/// A progress bar, shown only on a terminal.
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Self {
        let bar = ProgressBar::new(0);
        let style = ProgressStyle::with_template("writing {bar:40} {bytes}/{total_bytes} ({eta} left)");
        Self(style.map_or_else(|_| bar.clone(), |style| bar.clone().with_style(style)))
    }
}

impl Progress for Bar {
    fn written(&self, bytes: usize, of: usize) {
        let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        self.0.set_length(number(of));
        self.0.set_position(number(bytes));
        if bytes == of {
            self.0.finish();
        }
    }
}
