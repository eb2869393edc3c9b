//! The `backstop` command.

use std::{env, process::ExitCode};

use backstop_cli::{
    commands::{self, instructions::Instruction, show::ShowCommand, tools::Tool},
    context::{Context, Options},
    failure::Failure,
    help::{self, EXIT_CODES},
};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

/// Lend, borrow, insure, liquidate and govern with Backstop, a lending program on Solana.
#[derive(Parser)]
#[command(name = "backstop", version, arg_required_else_help = true, subcommand_required = true)]
#[command(after_help = EXIT_CODES)]
struct Arguments {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show markets, pools, positions, obligations, stakes, losses and queued changes, as tables or JSON.
    #[command(subcommand, arg_required_else_help = true)]
    Show(ShowCommand),
    #[command(flatten)]
    Instruction(Box<Instruction>),
    /// Play a scenario file and report every step, balance and loss.
    #[command(disable_help_flag = true)]
    Run(commands::tools::Arguments),
    /// Replay November 2022: a USDC pool lends against SOL through the day SOL fell by 42 %.
    #[command(disable_help_flag = true)]
    Demo(commands::tools::Arguments),
    /// Deploy, upgrade or verify the program on a cluster.
    ///
    /// The bytecode is uploaded in chunks to a buffer account. After an interruption, run the same command again to
    /// resume. Before sending anything, the command shows the cost and asks for confirmation.
    Deploy(commands::deploy::Arguments),
    /// Start a local cluster with the program, tokens, prices, actors and a market, or control a running one.
    #[command(disable_help_flag = true)]
    Localnet(commands::tools::Arguments),
    /// Create a market and its pools from a plan, step by step; existing accounts stay unchanged.
    #[command(after_help = "Examples:\n  \
            backstop migrate --plan devnet --dry-run -u devnet\n  \
            backstop migrate --plan devnet -u devnet -k authority.json")]
    Migrate(commands::migrate::Arguments),
    /// Generate a keypair file, like `solana-keygen new --no-bip39-passphrase`.
    #[command(after_help = "Examples:\n  \
        backstop keygen                          # the keypair that commands sign with\n  \
        backstop keygen --outfile program.json")]
    Keygen(commands::keygen::Arguments),
    /// Print a shell completion script.
    #[command(after_help = "Example:\n  \
            backstop completions bash > ~/.local/share/bash-completion/completions/backstop")]
    Completions(commands::completions::Arguments),
    /// Print the manual page, or write one page per command to a directory.
    #[command(after_help = "Examples:\n  backstop man | man -l -\n  backstop man --dir ~/.local/share/man/man1")]
    Man(commands::man::Arguments),
}

/// The complete command line.
fn command() -> clap::Command {
    help::grouped(Arguments::command())
}

fn main() -> ExitCode {
    if let Some(tool) = Tool::named(&command(), env::args_os()) {
        return failed(&tool.run());
    }
    let matches = command().get_matches();
    let arguments = match Arguments::from_arg_matches(&matches) {
        Ok(arguments) => arguments,
        Err(error) => error.exit(),
    };
    let done = match arguments.command {
        // Handled above by `Tool`.
        Command::Run(_) | Command::Demo(_) | Command::Localnet(_) => Ok(()),
        Command::Completions(shell) => return commands::completions::run(&shell, command()),
        Command::Man(place) => return commands::man::run(&place, command()),
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
        Err(failure) => failed(&failure),
    }
}

fn failed(failure: &Failure) -> ExitCode {
    eprintln!("error: {failure}");
    failure.exit_code()
}

/// Runs `work` with the global options, without a cluster.
fn in_context(options: &Options, work: impl FnOnce(&Context) -> Result<(), Failure>) -> Result<(), Failure> {
    work(&Context::new(options)?)
}

/// Runs `work` against a cluster.
fn on_cluster(options: &Options, work: impl AsyncFnOnce(&Context) -> Result<(), Failure>) -> Result<(), Failure> {
    let context = Context::new(options)?;
    in_runtime(work(&context)).map_err(|failure| failure.without(&context.secrets))
}

fn in_runtime(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::unable)?;
    runtime.block_on(work)
}
