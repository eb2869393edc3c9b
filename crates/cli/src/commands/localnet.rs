//! `backstop localnet`: a cluster on this machine.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use backstop_cli::{
    context::{Context, Options as Global, Output, keypair as read_keypair},
    failure::Failure,
    migrate::Migration,
    verbs::Instruction,
};
use backstop_client::rpc::{Cluster, Policy, Sender};
use backstop_localnet::{
    Localnet, LocalnetError, Options, Price, PriceFile, Program, RPC_PORT, Speed, WEBSOCKET_PORT, keypair,
    parse_duration, remote, write_keypair,
};
use clap::{Parser, Subcommand};
use serde_json::{Value, json};
use solana_address::Address;
use solana_commitment_config::CommitmentConfig;
use solana_signer::Signer;
use tokio::signal;

use super::localnet_card::Card;

/// The prices that are built in.
const NOVEMBER_2022: &str = "november-2022";
/// The plan of its market.
const PLAN: &str = "localnet";
/// How much of its collateral's value the borrower of the story borrows, in percent.
const BORROWED_PERCENT: u64 = 60;
/// How often it is looked whether the cluster still runs.
const LOOK: Duration = Duration::from_millis(500);

/// What `backstop localnet` takes.
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    tell: Option<Tell>,
    #[command(flatten)]
    start: Start,
}

/// How a cluster starts.
#[derive(clap::Args)]
struct Start {
    /// Where the actors' keypair files and a Solana configuration file go.
    #[arg(long, value_name = "FOLDER", default_value = ".localnet")]
    dir: PathBuf,
    /// The RPC port; 0 is any free one.
    #[arg(long, value_name = "PORT", default_value_t = RPC_PORT)]
    rpc_port: u16,
    /// The WebSocket port; 0 is any free one.
    #[arg(long, value_name = "PORT", default_value_t = WEBSOCKET_PORT)]
    ws_port: u16,
    /// A price file (CSV: time,SOL,USDC), or november-2022, in which SOL fell from 36 to 12 USD. Prices stand still without.
    #[arg(long, value_name = "FILE")]
    prices: Option<String>,
    /// How quickly the chain's clock runs, and the price file with it: chain seconds a second, or a pair such as 1d/10s.
    #[arg(long, value_name = "SPEED", default_value = "1")]
    speed: Speed,
    /// Another built program than the one in this command.
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// Make no market: only the program, the tokens, the prices and the actors.
    #[arg(long)]
    empty: bool,
    /// Let alice and bob deposit, dave stake, and carol borrow 60 % of what her SOL is worth.
    #[arg(long, conflicts_with = "empty")]
    with_positions: bool,
}

/// What a running cluster is told.
#[derive(Subcommand)]
enum Tell {
    /// Sets a token's price on a running local cluster, until the next row of its price file begins.
    #[command(after_help = "Example:\n  backstop localnet price SOL 20")]
    Price {
        /// The token: SOL or USDC.
        symbol: String,
        /// What a whole token costs in USD.
        usd: Price,
        #[command(flatten)]
        place: Place,
    },
    /// Moves the clock of a running local cluster ahead; the prices follow.
    #[command(after_help = "Examples:\n  backstop localnet advance 2d\n  backstop localnet advance 90s")]
    Advance {
        /// How far: seconds, or a time such as 30m, 12h or 2d.
        #[arg(value_parser = parse_duration)]
        time: u64,
        #[command(flatten)]
        place: Place,
    },
    /// Gives somebody on a running local cluster ten million USDC, a hundred thousand SOL, and lamports to pay fees with.
    #[command(
        after_help = "Examples:\n  backstop localnet fund zoe\n  backstop deposit 1000 -C .localnet/config.yml -k .localnet/zoe.json"
    )]
    Fund {
        /// Whose: an address, or a name, whose keypair file is made in the folder if it is not there.
        who: String,
        #[command(flatten)]
        place: Place,
    },
    /// Begins or ends an outage of the oracles of a running local cluster: prices stay as they are and grow old.
    #[command(after_help = "Example:\n  backstop localnet outage on")]
    Outage {
        /// Whether there is one.
        state: Outage,
        #[command(flatten)]
        place: Place,
    },
}

/// Whether oracles are out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Outage {
    /// Nobody publishes prices.
    On,
    /// Prices are published.
    Off,
}

/// Where a running cluster is.
#[derive(clap::Args)]
struct Place {
    /// Where its files are; --url and --config go before it.
    #[arg(long, value_name = "FOLDER", default_value = ".localnet")]
    dir: PathBuf,
}

/// Starts a cluster and waits for its end, or tells a running one something.
pub(crate) async fn run(arguments: &Arguments, options: &Global) -> Result<(), Failure> {
    match &arguments.tell {
        None => start(&arguments.start, options).await,
        Some(Tell::Price { symbol, usd, place }) => {
            let (context, symbol) = (context(options, &place.dir)?, symbol.to_uppercase());
            remote::set_price(&context.cluster, &symbol, usd).await.map_err(Failure::unable)?;
            let text = format!("{symbol} costs {usd} USD now.");
            told(&context, &text, &json!({ "token": symbol, "usd": usd.to_string() }))
        }
        Some(Tell::Advance { time, place }) => {
            let context = context(options, &place.dir)?;
            let now = remote::advance(&context.cluster, *time).await.map_err(Failure::unable)?;
            told(&context, &format!("The clock says {}.", super::localnet_card::date(now)), &json!({ "now": now }))
        }
        Some(Tell::Fund { who, place }) => {
            let (owner, keypair_file) = somebody(who, &place.dir)?;
            let context = context(options, &place.dir)?;
            remote::fund(&context.cluster, &owner).await.map_err(Failure::unable)?;
            let mut text = format!("{owner} has 10,000,000 USDC, 100,000 SOL and lamports for fees now.");
            if let Some(file) = &keypair_file {
                text += &format!(" The keypair is {}.", file.display());
            }
            told(&context, &text, &json!({ "address": owner.to_string(), "keypair": keypair_file }))
        }
        Some(Tell::Outage { state, place }) => {
            let (context, on) = (context(options, &place.dir)?, *state == Outage::On);
            remote::set_outage(&context.cluster, on).await.map_err(Failure::unable)?;
            let text = if on { "Nobody publishes prices now: they grow old." } else { "Prices are published again." };
            told(&context, text, &json!({ "outage": on }))
        }
    }
}

/// Says what was done, to a person or a program.
fn told(context: &Context, text: &str, json: &Value) -> Result<(), Failure> {
    match context.output {
        Output::Table => context.print(&format!("{text}\n"))?,
        Output::Json => context.print_json(json)?,
    }
    Ok(())
}

/// Whom an address or a name means, with the keypair file of a name.
fn somebody(who: &str, dir: &Path) -> Result<(Address, Option<PathBuf>), Failure> {
    if let Ok(address) = who.parse() {
        return Ok((address, None));
    }
    let is_plain = |character: char| character.is_ascii_alphanumeric() || character == '-' || character == '_';
    if who.is_empty() || !who.chars().all(is_plain) {
        return Err(Failure::unable(format!("\"{who}\" is neither an address nor a name of letters, digits, - and _")));
    }
    let path = dir.join(format!("{who}.json"));
    let path = if path.exists() { path } else { write_keypair(dir, who).map_err(Failure::unable)? };
    let owner = read_keypair(&path)?.pubkey();
    Ok((owner, Some(path)))
}

/// The cluster that was named, else the one of the folder.
fn context(options: &Global, dir: &Path) -> Result<Context, Failure> {
    let mut options = options.clone();
    if options.url.is_none() && options.config.is_none() {
        let config = dir.join("config.yml");
        if !config.exists() {
            return Err(Failure::unable(format!(
                "there is no {}, which `backstop localnet` writes: start a local cluster with that, or tell where one is with --dir or --url",
                config.display()
            )));
        }
        options.config = Some(config);
    }
    Ok(Context::new(&options)?)
}

async fn start(start: &Start, options: &Global) -> Result<(), Failure> {
    // From here on both end the cluster, whatever it is doing.
    let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate()).map_err(Failure::unable)?;
    let mut interrupt = signal::unix::signal(signal::unix::SignalKind::interrupt()).map_err(Failure::unable)?;
    if options.output == Output::Table {
        eprintln!("starting a local cluster ...");
    }
    // Its clock stands still until everything is in place.
    let localnet = Localnet::start(Options {
        dir: Some(start.dir.clone()),
        rpc_port: start.rpc_port,
        websocket_port: start.ws_port,
        program: start.program.clone().map_or(Program::BuiltIn, Program::File),
        prices: start.prices.as_deref().map(prices).transpose().map_err(Failure::unable)?,
        speed: Speed::STILL,
        ..Options::default()
    })
    .map_err(Failure::unable)?;
    let running = async {
        let migration = if start.empty { None } else { Some(migrate(&localnet).await?) };
        if start.with_positions {
            play(&localnet, &start.dir).await?;
        }
        localnet.set_speed(start.speed).map_err(Failure::unable)?;
        let card = Card::new(&localnet, &start.dir, start.speed, migration.as_deref().unwrap_or_default())?;
        print(&match options.output {
            Output::Table => card.render(),
            Output::Json => format!("{}\n", card.json()),
        });
        while localnet.is_running() {
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    };
    let done = tokio::select! {
        done = running => done,
        _ = terminate.recv() => Ok(()),
        _ = interrupt.recv() => Ok(()),
    };
    localnet.stop().map_err(Failure::unable)?;
    done
}

/// Prints all of it. Whoever started the cluster may not read on.
fn print(text: &str) {
    let _ = super::print(text);
}

fn prices(name: &str) -> Result<PriceFile, LocalnetError> {
    if name == NOVEMBER_2022 { Ok(PriceFile::november_2022()?) } else { PriceFile::read(Path::new(name)) }
}

/// Makes the market, its pool and its collateral. Returns the steps with what they made.
async fn migrate(localnet: &Localnet) -> Result<Vec<backstop_cli::migrate::Checked>, Failure> {
    let authority = keypair("authority");
    let cluster = Cluster::new(&localnet.rpc_url(), CommitmentConfig::confirmed());
    let migration = Migration::load(None, PLAN)?;
    let checked = migration.check(&cluster, authority.pubkey()).await?;
    let sender = Sender::new(cluster, Arc::new(authority), Policy::default());
    migration.apply(&sender, &checked, |_, _| Ok(())).await?;
    Ok(checked)
}

/// A command line without its first word.
#[derive(Parser)]
#[command(no_binary_name = true)]
struct Line {
    #[command(subcommand)]
    instruction: Instruction,
}

/// How a story begins, as anyone could type it.
async fn play(localnet: &Localnet, dir: &Path) -> Result<(), Failure> {
    const COLLATERAL: u64 = 10_000;
    let price = localnet.price("SOL").map_err(Failure::unable)?;
    let borrowed = price.times(COLLATERAL.saturating_mul(BORROWED_PERCENT)).checked_div(100).unwrap_or(0);
    let story = [
        ("alice", "deposit 1000000".to_owned()),
        ("bob", "deposit 500000".to_owned()),
        ("dave", "stake 50000".to_owned()),
        ("carol", format!("deposit-collateral {COLLATERAL} SOL")),
        ("carol", format!("borrow {borrowed}")),
    ];
    for (who, line) in story {
        let options = Global {
            url: Some(localnet.rpc_url()),
            keypair: Some(dir.join(format!("{who}.json"))),
            config: Some(dir.join("config.yml")),
            ..Global::default()
        };
        let context = Context::new(&options)?;
        let line = Line::try_parse_from(line.split(' ')).map_err(Failure::unable)?;
        let plan = line.instruction.plan(&context, keypair(who).pubkey()).await?;
        context.sender(Policy::default())?.send(&plan.instructions, &[]).await?;
    }
    Ok(())
}
