//! `backstop deploy`: puts the program on a cluster, or verifies what is there.

use std::{
    fs,
    path::{Path, PathBuf},
};

use backstop_cli::{
    amount,
    context::{Context, address, keypair},
    deploy::{DeployError, Deployed, Deployment, Plan, ProgramFile, Progress, Step},
    failure::Failure,
    view::{Figure, View},
};
use backstop_client::{
    PROGRAM_ID,
    rpc::{Policy, PriorityFee, Sender},
};
use indicatif::{ProgressBar, ProgressStyle};
use solana_address::Address;
use solana_keypair::{Keypair, write_keypair_file};
use solana_signer::Signer;

/// What `backstop deploy` takes.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The program's .so file [default: the program that this command was built with].
    #[arg(value_name = "PATH")]
    program: Option<PathBuf>,
    /// The keypair file of the address where the program is to be. The first deployment needs it, an upgrade does not.
    #[arg(long, value_name = "PATH")]
    program_keypair: Option<PathBuf>,
    /// The address of the program, when it is upgraded or verified [default: the one that this command was built for].
    #[arg(long, value_name = "ADDRESS", value_parser = address, conflicts_with = "program_keypair")]
    program_id: Option<Address>,
    /// The keypair file of who may upgrade the program, now and later [default: the one that pays].
    #[arg(long, value_name = "PATH")]
    upgrade_authority: Option<PathBuf>,
    /// The keypair file of the buffer, made if it is not there. With the same file, an interrupted deployment goes on
    /// [default: <program>.buffer.json beside the program, removed at the end].
    #[arg(long, value_name = "PATH")]
    buffer: Option<PathBuf>,
    /// How many bytes the first deployment makes room for [default: as many as the program has]. An upgrade adds what it lacks.
    #[arg(long, value_name = "BYTES")]
    max_len: Option<usize>,
    /// A priority fee in micro-lamports per compute unit [default: what others pay, at most 100000].
    #[arg(long, value_name = "MICRO_LAMPORTS")]
    with_priority_fee: Option<u64>,
    /// Deploy a program at another address than it was built for. Backstop checks its address, so it will refuse to work there.
    #[arg(long)]
    allow_other_id: bool,
    /// Only compare what is on the cluster with the file. Needs no keypair.
    #[arg(long)]
    verify_only: bool,
}

impl Arguments {
    /// Deploys, or verifies.
    pub(crate) async fn run(&self, context: &Context) -> Result<(), Failure> {
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
            return Ok(context.show(&told(&id, &program, &deployed))?);
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
        Ok(context.show(&told(&id, &program, &deployed))?)
    }

    fn sender(&self, context: &Context) -> Result<Sender, Failure> {
        let mut policy = Policy::default();
        if let Some(price) = self.with_priority_fee {
            policy.priority_fee = PriorityFee::Fixed(price);
        }
        Ok(Sender::new(context.cluster.clone(), context.payer()?, policy))
    }

    /// Where the buffer's keypair is kept unless it is said.
    fn place(&self) -> PathBuf {
        let mut place = self.program.clone().unwrap_or_else(|| "backstop.so".into()).into_os_string();
        place.push(".buffer.json");
        place.into()
    }
}

/// Writes a keypair into a file, unless it is there.
fn keep(keypair: &Keypair, path: &Path) -> Result<(), Failure> {
    if path.exists() {
        return Ok(());
    }
    let written = write_keypair_file(keypair, path);
    let failed = |error| Failure::unable(format!("the keypair file {} cannot be written: {error}", path.display()));
    written.map(drop).map_err(failed)
}

/// A refusal of the chain, or that it cannot be done.
fn failed(error: DeployError) -> Failure {
    match error {
        DeployError::Send(_) | DeployError::Stalled { .. } | DeployError::Differs { .. } => Failure::refused(error),
        _ => Failure::unable(error),
    }
}

/// What is planned, in words.
fn described(plan: &Plan, id: &Address, buffer: &Address, place: &Path) -> String {
    let what = match plan.step {
        Step::Deploy { max_len } => format!("deploy {id} for the first time, with room for {max_len} bytes"),
        Step::Upgrade { extend_by: 0 } => format!("upgrade {id}"),
        Step::Upgrade { extend_by } => format!("upgrade {id}, with {extend_by} more bytes of room"),
        Step::Nothing => format!("{id} is this program already"),
    };
    let sol = |lamports| amount::tokens(lamports, 9);
    let (writes, needed, kept, balance) = (plan.writes, sol(plan.needed), sol(plan.kept), sol(plan.balance));
    let closed = if plan.closes_buffer {
        format!(
            "the buffer {buffer}, which was made for a program of another size, is closed first; its SOL comes back\n"
        )
    } else {
        String::new()
    };
    format!(
        "{what}\n\
         {closed}{writes} transactions write what is missing into the buffer {buffer}; its keypair is kept in {} until all is done\n\
         the payer needs {needed} SOL and priority fees, and has {balance}; {kept} SOL stay in the program's accounts",
        place.display()
    )
}

/// What is deployed.
fn told(id: &Address, program: &ProgramFile, deployed: &Deployed) -> View {
    let mut view = View::new("Program, verified");
    view.figure("program", "program", Figure::address(id));
    view.figure("program_data", "program data", Figure::address(&deployed.data_address));
    view.figure("sha256", "SHA-256", Figure::text(program.sha256()));
    view.figure("bytes", "bytes", Figure::text(program.bytes().len().to_string()));
    view.figure("room", "room for", Figure::text(deployed.bytes.len().to_string()));
    view.figure("slot", "deployed in slot", Figure::count(deployed.slot));
    let authority = deployed.authority.as_ref().map_or_else(|| Figure::none("nobody"), Figure::address);
    view.figure("upgrade_authority", "who may upgrade it", authority);
    view
}

/// A progress bar on the terminal; none where there is no terminal.
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
