//! The command `backstop`.

mod commands;

use std::process::ExitCode;

use backstop_cli::{
    context::{Context, Options},
    failure::Failure,
    help::{self, EXIT_CODES},
    look::Look,
    verbs::Instruction,
};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

/// A lending pool on Solana whose bad debt lands fairly: look at it, use it, keep it, run it.
#[derive(Parser)]
#[command(name = "backstop", version, arg_required_else_help = true, subcommand_required = true, after_help = EXIT_CODES)]
struct Arguments {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Shows markets, pools, positions, obligations, stakes, losses and what waits, as tables or JSON.
    #[command(subcommand, arg_required_else_help = true)]
    Show(Look),
    #[command(flatten)]
    Instruction(Box<Instruction>),
    /// Plays a scenario file and tells what every step did and where all the money is.
    ///
    /// The exit code is 0 if every step ended as expected, 1 if one did not, 2 if the file cannot be played.
    Run(commands::run::Arguments),
    /// Plays November 2022: a pool of USDC lent against SOL, before, on and after the day that SOL fell by 42 %.
    Demo(commands::demo::Arguments),
    /// Puts the program on a cluster, or a new version of it, and verifies what is there.
    ///
    /// The bytecode is written piece by piece into a buffer account; after an interruption the same command goes on where it
    /// ended. Before anything is sent, it says what it takes and asks.
    Deploy(commands::deploy::Arguments),
    /// Starts a cluster on this machine with the program, tokens, prices, actors and a market; tells a running one its prices and time.
    #[cfg(feature = "localnet")]
    #[command(
        after_help = "Examples:\n  backstop localnet\n  backstop localnet --prices november-2022 --speed 1d/10s --with-positions\n  backstop localnet price SOL 20\n  backstop localnet advance 2d"
    )]
    Localnet(commands::localnet::Arguments),
    /// Makes a market with its pools, step by step, as a plan declares them; what is there already is left alone.
    #[command(
        after_help = "Examples:\n  backstop migrate --plan devnet --dry-run -u devnet\n  backstop migrate --plan devnet -u devnet -k authority.json"
    )]
    Migrate(commands::migrate::Arguments),
    /// Makes a keypair file to sign with, as `solana-keygen new --no-bip39-passphrase` does.
    #[command(
        after_help = "Examples:\n  backstop keygen                          # the keypair that commands sign with\n  backstop keygen --outfile program.json"
    )]
    Keygen(commands::keygen::Arguments),
    /// Prints a completion script for a shell.
    #[command(
        after_help = "Example:\n  backstop completions bash > ~/.local/share/bash-completion/completions/backstop"
    )]
    Completions(commands::completions::Arguments),
    /// Prints the manual page, or writes one per command into a directory.
    #[command(after_help = "Examples:\n  backstop man | man -l -\n  backstop man --dir ~/.local/share/man/man1")]
    Man(commands::man::Arguments),
}

/// The command line as a whole.
fn command() -> clap::Command {
    help::grouped(Arguments::command())
}

fn main() -> ExitCode {
    let matches = command().get_matches();
    let arguments = match Arguments::from_arg_matches(&matches) {
        Ok(arguments) => arguments,
        Err(error) => error.exit(),
    };
    let done = match arguments.command {
        Command::Run(scenario) => return commands::run::run(&scenario, arguments.options.output),
        Command::Demo(demo) => return commands::demo::run(&demo, arguments.options.output),
        Command::Completions(shell) => return commands::completions::run(&shell, command()),
        Command::Man(place) => return commands::man::run(&place, command()),
        #[cfg(feature = "localnet")]
        Command::Localnet(localnet) => in_runtime(commands::localnet::run(&localnet, &arguments.options)),
        Command::Migrate(migration) => {
            on_cluster(&arguments.options, async |context| commands::migrate::run(&migration, context).await)
        }
        Command::Keygen(keygen) => in_context(&arguments.options, |context| commands::keygen::run(&keygen, context)),
        Command::Show(look) => on_cluster(&arguments.options, async |context| look.run(context).await),
        Command::Deploy(deploy) => on_cluster(&arguments.options, async |context| deploy.run(context).await),
        Command::Instruction(instruction) => {
            on_cluster(&arguments.options, async |context| instruction.run(context).await)
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            failure.exit_code()
        }
    }
}

/// Does something that takes the options of the command and no cluster.
fn in_context(options: &Options, work: impl FnOnce(&Context) -> Result<(), Failure>) -> Result<(), Failure> {
    work(&Context::new(options)?)
}

/// Does something that takes a cluster.
fn on_cluster(options: &Options, work: impl AsyncFnOnce(&Context) -> Result<(), Failure>) -> Result<(), Failure> {
    let context = Context::new(options)?;
    in_runtime(work(&context)).map_err(|failure| failure.without(&context.secrets))
}

fn in_runtime(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::unable)?;
    runtime.block_on(work)
}
