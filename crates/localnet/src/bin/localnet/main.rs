//! `backstop localnet`: a local cluster.

mod card;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use backstop_cli::{
    commands::instructions::Instruction,
    commands::migrate::Migration,
    context::{Context, Options as Global, Output, keypair as read_keypair},
    failure::Failure,
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

use card::Card;

/// The name of the built-in price file.
const NOVEMBER_2022: &str = "november-2022";
/// The plan of the cluster's market.
const PLAN: &str = "localnet";
/// The debt of the `--with-positions` borrower, in percent of its collateral's value.
const BORROWED_PERCENT: u64 = 60;
/// How often to check that the cluster still runs.
const LOOK: Duration = Duration::from_millis(500);

/// Start a local cluster with the program, tokens, prices, actors and a market, or control a running one.
#[derive(Parser)]
#[command(
    name = "backstop localnet",
    bin_name = "backstop localnet",
    version,
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  \
        backstop localnet\n  \
        backstop localnet --prices november-2022 --speed 1d/10s --with-positions\n  \
        backstop localnet price SOL 20\n  \
        backstop localnet advance 2d"
)]
struct Arguments {
    #[command(flatten)]
    options: Global,
    #[command(subcommand)]
    tell: Option<Tell>,
    #[command(flatten)]
    start: Start,
}

/// The options for starting a cluster.
#[derive(clap::Args)]
struct Start {
    /// Folder for the actors' keypair files and a Solana configuration file.
    #[arg(long, value_name = "FOLDER", default_value = ".localnet")]
    dir: PathBuf,
    /// RPC port; 0 picks a free one.
    #[arg(long, value_name = "PORT", default_value_t = RPC_PORT)]
    rpc_port: u16,
    /// WebSocket port; 0 picks a free one.
    #[arg(long, value_name = "PORT", default_value_t = WEBSOCKET_PORT)]
    ws_port: u16,
    /// Price file (CSV: time,SOL,USDC), or november-2022, in which SOL fell from 36 to 12 USD [default: constant
    /// prices].
    #[arg(long, value_name = "FILE")]
    prices: Option<String>,
    /// Speed of the chain's clock and the price file: chain seconds per second, or a ratio such as 1d/10s.
    #[arg(long, value_name = "SPEED", default_value = "1")]
    speed: Speed,
    /// Program file (.so) [default: the program built into this command].
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// Create no market: only the program, the tokens, the prices and the actors.
    #[arg(long)]
    empty: bool,
    /// Open positions: alice and bob deposit, dave stakes, and carol borrows 60 % of the value of her SOL.
    #[arg(long, conflicts_with = "empty")]
    with_positions: bool,
}

/// The commands that control a running cluster.
#[derive(Subcommand)]
enum Tell {
    /// Set a token's price on a running local cluster, until the next row of its price file.
    #[command(after_help = "Example:\n  backstop localnet price SOL 20")]
    Price {
        /// Token: SOL or USDC.
        symbol: String,
        /// Price of a whole token in USD.
        usd: Price,
        #[command(flatten)]
        place: Place,
    },
    /// Advance the clock of a running local cluster; prices follow.
    #[command(after_help = "Examples:\n  backstop localnet advance 2d\n  backstop localnet advance 90s")]
    Advance {
        /// Time to advance: seconds, or a time such as 30m, 12h or 2d.
        #[arg(value_parser = parse_duration)]
        time: u64,
        #[command(flatten)]
        place: Place,
    },
    /// Fund an address on a running local cluster with 10 million USDC, 100,000 SOL, and lamports for fees.
    #[command(after_help = "Examples:\n  \
            backstop localnet fund zoe\n  \
            backstop deposit 1000 -C .localnet/config.yml -k .localnet/zoe.json")]
    Fund {
        /// Address, or a name. A name's keypair file is created in the folder if missing.
        who: String,
        #[command(flatten)]
        place: Place,
    },
    /// Start or end an oracle outage on a running local cluster: prices are not updated and go stale.
    #[command(after_help = "Example:\n  backstop localnet outage on")]
    Outage {
        /// Turn the outage on or off.
        state: Outage,
        #[command(flatten)]
        place: Place,
    },
}

/// The state of the oracle outage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Outage {
    /// Prices are not published.
    On,
    /// Prices are published.
    Off,
}

/// The options that locate a running cluster.
#[derive(clap::Args)]
struct Place {
    /// Folder of the cluster's files; --url and --config take precedence.
    #[arg(long, value_name = "FOLDER", default_value = ".localnet")]
    dir: PathBuf,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::unable)
        .and_then(|runtime| runtime.block_on(run(&arguments, &arguments.options)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            failure.exit_code()
        }
    }
}

/// Starts a cluster and waits for its end, or controls a running one.
async fn run(arguments: &Arguments, options: &Global) -> Result<(), Failure> {
    match &arguments.tell {
        None => start(&arguments.start, options).await,
        Some(Tell::Price { symbol, usd, place }) => {
            let (context, symbol) = (context(options, &place.dir)?, symbol.to_uppercase());
            remote::set_price(&context.cluster, &symbol, usd).await.map_err(Failure::unable)?;
            let text = format!("The price of {symbol} is now {usd} USD.");
            report(&context, &text, &json!({ "token": symbol, "usd": usd.to_string() }))
        }
        Some(Tell::Advance { time, place }) => {
            let context = context(options, &place.dir)?;
            let now = remote::advance(&context.cluster, *time).await.map_err(Failure::unable)?;
            report(&context, &format!("The clock is now {}.", card::date(now)), &json!({ "now": now }))
        }
        Some(Tell::Fund { who, place }) => {
            let (owner, keypair_file) = somebody(who, &place.dir)?;
            let context = context(options, &place.dir)?;
            remote::fund(&context.cluster, &owner).await.map_err(Failure::unable)?;
            let mut text = format!("{owner} now has 10,000,000 USDC, 100,000 SOL, and lamports for fees.");
            if let Some(file) = &keypair_file {
                text += &format!(" Its keypair file is {}.", file.display());
            }
            report(&context, &text, &json!({ "address": owner.to_string(), "keypair": keypair_file }))
        }
        Some(Tell::Outage { state, place }) => {
            let (context, on) = (context(options, &place.dir)?, *state == Outage::On);
            remote::set_outage(&context.cluster, on).await.map_err(Failure::unable)?;
            let text = if on {
                "Oracle outage started: prices go stale."
            } else {
                "Oracle outage ended: prices are published again."
            };
            report(&context, text, &json!({ "outage": on }))
        }
    }
}

/// Reports what was done, as text or JSON.
fn report(context: &Context, text: &str, json: &Value) -> Result<(), Failure> {
    match context.output {
        Output::Table => context.print(&format!("{text}\n"))?,
        Output::Json => context.print_json(json)?,
    }
    Ok(())
}

/// Resolves an address or a name. A name comes with its keypair file.
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

/// The cluster of the options, else the one of the folder.
fn context(options: &Global, dir: &Path) -> Result<Context, Failure> {
    let mut options = options.clone();
    if options.url.is_none() && options.config.is_none() {
        let config = dir.join("config.yml");
        if !config.exists() {
            return Err(Failure::unable(format!(
                "there is no {}: start a local cluster with `backstop localnet`, or locate a running one with --dir or \
                 --url",
                config.display()
            )));
        }
        options.config = Some(config);
    }
    Ok(Context::new(&options)?)
}

async fn start(start: &Start, options: &Global) -> Result<(), Failure> {
    // From here on, both signals stop the cluster, whatever it is doing.
    let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate()).map_err(Failure::unable)?;
    let mut interrupt = signal::unix::signal(signal::unix::SignalKind::interrupt()).map_err(Failure::unable)?;
    if options.output == Output::Table {
        eprintln!("starting a local cluster ...");
    }
    // The clock stands still until everything is set up.
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

/// Prints the whole text. The reader may have closed the pipe.
fn print(text: &str) {
    let _ = io::stdout().write_all(text.as_bytes());
}

fn prices(name: &str) -> Result<PriceFile, LocalnetError> {
    if name == NOVEMBER_2022 { Ok(PriceFile::november_2022()?) } else { PriceFile::read(Path::new(name)) }
}

/// Creates the market, its pool and its collateral. Returns the executed steps.
async fn migrate(localnet: &Localnet) -> Result<Vec<backstop_cli::commands::migrate::Checked>, Failure> {
    let authority = keypair("authority");
    let cluster = Cluster::new(&localnet.rpc_url(), CommitmentConfig::confirmed());
    let migration = Migration::load(None, PLAN)?;
    let checked = migration.check(&cluster, authority.pubkey()).await?;
    let sender = Sender::new(cluster, Arc::new(authority), Policy::default());
    migration.apply(&sender, &checked, |_, _| Ok(())).await?;
    Ok(checked)
}

/// A command line without the program's name.
#[derive(Parser)]
#[command(no_binary_name = true)]
struct Line {
    #[command(subcommand)]
    instruction: Instruction,
}

/// Opens the positions of `--with-positions`, as commands that anyone could type.
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
