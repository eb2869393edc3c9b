//! `backstop-liquidator`: see the crate's documentation.

use std::{future::Future, path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use backstop_client::rpc::{Cluster, Secrets};
use backstop_liquidator::{
    config::Config,
    metrics::{self, Metrics},
    run::Bot,
    secrets::HidingLog,
};
use clap::{Parser, ValueEnum};
use solana_commitment_config::CommitmentConfig;
use solana_keypair::{Keypair, read_keypair_file};
use solana_signer::Signer;
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
};
use tracing_subscriber::EnvFilter;

/// Bot for Backstop pools: liquidates for profit, marks and records losses, and refreshes averages.
#[derive(Parser)]
#[command(name = "backstop-liquidator", version)]
struct Arguments {
    /// The configuration file; liquidator.example.toml explains every key
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Simulate everything and send nothing
    #[arg(long)]
    dry_run: bool,
    /// Run one round and exit
    #[arg(long)]
    once: bool,
    /// Check the configuration and exit
    #[arg(long)]
    check_config: bool,
    /// Log format; RUST_LOG sets the level
    #[arg(long, value_enum, default_value_t = Log::Text)]
    log: Log,
}

#[derive(Clone, Copy, ValueEnum)]
enum Log {
    /// Human-readable text
    Text,
    /// One JSON object per line
    Json,
}

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Runtime::new();
    let config = Config::read(&arguments.config);
    let secrets = config.as_ref().map(|config| Secrets::of_urls([&config.rpc_url, &config.websocket_url]));
    let secrets = secrets.unwrap_or_default();
    start_log(arguments.log, secrets.clone());
    let ended = runtime.map_err(Failure::from).and_then(|runtime| runtime.block_on(run(&arguments, config?)));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", secrets.hidden_in(&error.to_string()));
            ExitCode::FAILURE
        }
    }
}

fn start_log(log: Log, secrets: Secrets) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(HidingLog(secrets));
    match log {
        Log::Text => builder.with_target(false).with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).init(),
        Log::Json => builder.json().flatten_event(true).with_target(false).init(),
    }
}

async fn run(arguments: &Arguments, config: Config) -> Result<(), Failure> {
    let wrong = |error| {
        format!("the keypair {} cannot be read: {error}; see keypair in the configuration", config.keypair.display())
    };
    let keypair = Arc::new(read_keypair_file(&config.keypair).map_err(wrong)?);
    if arguments.check_config {
        let pools = match config.pools.len() {
            1 => "1 pool".to_owned(),
            many => format!("{many} pools"),
        };
        println!("the configuration can be used: {pools}, paid by {}", keypair.pubkey());
        return Ok(());
    }
    let (mut stopped, mut stopped_again) = (signals()?, signals()?);
    let ending = async {
        for _ in 0..2 {
            stopped_again.asked().await;
        }
        tracing::warn!("second signal: exiting now; sent transactions still land or expire");
    };
    tokio::select! {
        ended = work(arguments, config, keypair, stopped.asked()) => ended,
        () = ending => Ok(()),
    }
}

/// Starts the bot and runs it until `stop` completes.
async fn work(
    arguments: &Arguments,
    config: Config,
    keypair: Arc<Keypair>,
    stop: impl Future<Output = ()>,
) -> Result<(), Failure> {
    let cluster = Cluster::new(&config.rpc_url, CommitmentConfig::confirmed());
    let metrics = Metrics::default();
    if let Some(address) = config.listen.filter(|_| !arguments.once) {
        let listener =
            TcpListener::bind(address).await.map_err(|error| format!("cannot listen at {address}: {error}"))?;
        let fresh = Duration::from_secs(config.timing.stall_seconds);
        tokio::spawn(metrics::serve(listener, metrics.clone(), fresh));
    }
    tokio::pin!(stop);
    let starting = Bot::start(config, cluster, keypair, arguments.dry_run, metrics);
    let bot = tokio::select! {
        bot = starting => bot?,
        () = &mut stop => return Ok(()),
    };
    if !arguments.once {
        return Ok(bot.run(stop).await?);
    }
    tokio::select! {
        () = bot.once() => {}
        () = &mut stop => tracing::warn!("stopped early: sent transactions still land or expire"),
    }
    Ok(())
}

/// The signals that stop the process.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// Waits for the next signal.
    async fn asked(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

fn signals() -> std::io::Result<Signals> {
    Ok(Signals { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
}
