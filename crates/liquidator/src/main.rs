//! `backstop-liquidator`: see the crate's documentation.

use std::{future::Future, path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use backstop_client::rpc::Cluster;
use backstop_liquidator::{
    config::Config,
    metrics::{self, Metrics},
    run::Bot,
};
use clap::{Parser, ValueEnum};
use solana_commitment_config::CommitmentConfig;
use solana_keypair::read_keypair_file;
use solana_signer::Signer;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tracing_subscriber::EnvFilter;

/// Watches Backstop pools: liquidates what pays, provisions and records what is lost, and keeps averages fresh.
#[derive(Parser)]
#[command(name = "backstop-liquidator", version)]
struct Arguments {
    /// The configuration; liquidator.example.toml explains every key
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Simulate everything and send nothing
    #[arg(long)]
    dry_run: bool,
    /// Read once, plan once, do it, and end
    #[arg(long)]
    once: bool,
    /// Say whether the configuration can be used, and end
    #[arg(long)]
    check_config: bool,
    /// How to log; RUST_LOG says how much
    #[arg(long, value_enum, default_value_t = Log::Text)]
    log: Log,
}

#[derive(Clone, Copy, ValueEnum)]
enum Log {
    /// For people
    Text,
    /// For machines: one JSON object a line
    Json,
}

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    start_log(arguments.log);
    let runtime = tokio::runtime::Runtime::new();
    match runtime.map_err(Failure::from).and_then(|runtime| runtime.block_on(run(&arguments))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn start_log(log: Log) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match log {
        Log::Text => builder.with_target(false).with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).init(),
        Log::Json => builder.json().flatten_event(true).with_target(false).init(),
    }
}

async fn run(arguments: &Arguments) -> Result<(), Failure> {
    let config = Config::read(&arguments.config)?;
    let wrong = |error| {
        format!("the keypair {} cannot be read: {error}; see keypair in the configuration", config.keypair.display())
    };
    let keypair = Arc::new(read_keypair_file(&config.keypair).map_err(wrong)?);
    if arguments.check_config {
        println!("the configuration can be used: {} pools, paid by {}", config.pools.len(), keypair.pubkey());
        return Ok(());
    }
    let stopped = stopped()?;
    let cluster = Cluster::new(&config.rpc_url, CommitmentConfig::confirmed());
    let metrics = Metrics::default();
    if let Some(address) = config.listen.filter(|_| !arguments.once) {
        let listener =
            TcpListener::bind(address).await.map_err(|error| format!("cannot listen at {address}: {error}"))?;
        let fresh = Duration::from_secs(config.timing.stall_seconds);
        tokio::spawn(metrics::serve(listener, metrics.clone(), fresh));
    }
    tokio::pin!(stopped);
    let starting = Bot::start(config, cluster, keypair, arguments.dry_run, metrics);
    let bot = tokio::select! {
        bot = starting => bot?,
        () = &mut stopped => return Ok(()),
    };
    if arguments.once {
        bot.once().await?;
    } else {
        bot.run(stopped).await;
    }
    Ok(())
}

/// Done when the process is asked to end.
fn stopped() -> std::io::Result<impl Future<Output = ()>> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
