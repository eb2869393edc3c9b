//! What every command needs: the cluster, whose keypair pays, and how to talk to whoever typed the command.

use std::{
    fmt,
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use backstop_client::rpc::{Cluster, Policy, Secrets, Sender};
use clap::{Args, ValueEnum, builder::PossibleValuesParser, builder::TypedValueParser};
use solana_address::Address;
use solana_cli_config::{Config, ConfigInput};
use solana_commitment_config::{CommitmentConfig, CommitmentLevel};
use solana_keypair::{Keypair, read_keypair_file};
use solana_signer::Signer;

use crate::{failure::Failure, view::View};

/// The options of every command, those of Solana's tools.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Global options")]
pub struct Options {
    /// The cluster: mainnet-beta, devnet, testnet, localhost (or the first letter), or the URL of an RPC node
    /// [default: that of the Solana configuration file].
    #[arg(short, long, global = true, env = "BACKSTOP_URL", value_name = "URL_OR_MONIKER", hide_env_values = true)]
    pub url: Option<String>,
    /// The keypair file that signs and pays [default: that of the Solana configuration file].
    #[arg(short, long, global = true, env = "BACKSTOP_KEYPAIR", value_name = "PATH", hide_env_values = true)]
    pub keypair: Option<PathBuf>,
    /// How settled what is read and sent must be [default: that of the Solana configuration file].
    #[arg(long, global = true, value_name = "LEVEL", value_parser = commitment())]
    pub commitment: Option<CommitmentLevel>,
    /// Print tables for people or JSON for programs.
    #[arg(long, global = true, value_name = "FORMAT", value_enum, default_value_t)]
    pub output: Output,
    /// The Solana configuration file [default: ~/.config/solana/cli/config.yml].
    #[arg(short = 'C', long, global = true, value_name = "PATH")]
    pub config: Option<PathBuf>,
    /// Answer every confirmation with yes.
    #[arg(short, long, global = true)]
    pub yes: bool,
}

/// How results are printed: as tables for people, or as one JSON object with amounts as strings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)] // their documentation would be repeated in every help text
pub enum Output {
    #[default]
    Table,
    Json,
}

/// Something that a command needs from its surroundings is not there.
#[derive(Debug, thiserror::Error)]
pub enum ContextError {
    /// The Solana configuration file is named but cannot be used.
    #[error(
        "the Solana configuration file {path} cannot be read: {reason}\nwrite one with `solana config set`, or leave out --config"
    )]
    Config {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
    /// The cluster is none. What was given may have a key in it, so it is not told.
    #[error(
        "the cluster cannot be used: give mainnet-beta, devnet, testnet, localhost, or a URL that begins with http:// or https://, with \
         --url, BACKSTOP_URL or in the Solana configuration file"
    )]
    Url,
    /// There is no usable keypair.
    #[error(
        "the keypair file {path} cannot be read: {reason}\nmake one with `backstop keygen --outfile {path}`, name another with --keypair, or, on a local cluster, take an actor's: --keypair .localnet/alice.json"
    )]
    Keypair {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
    /// A confirmation is needed and nobody can be asked.
    #[error("this needs a confirmation, and there is no terminal to ask on; look at the preview, then give --yes")]
    NobodyToAsk,
    /// The answer to a confirmation was not yes.
    #[error("not confirmed; nothing was sent")]
    NotConfirmed,
    /// The terminal cannot be read or written.
    #[error("the terminal cannot be used: {0}")]
    Terminal(#[from] io::Error),
}

impl From<ContextError> for Failure {
    fn from(error: ContextError) -> Self {
        match error {
            ContextError::NotConfirmed => Self::refused(error),
            _ => Self::unable(error),
        }
    }
}

/// The cluster, the payer and the terminal.
pub struct Context {
    /// The cluster that commands read and send to.
    pub cluster: Cluster,
    /// Its URL, as it may be shown.
    pub url: String,
    /// What must not be shown: a node's key.
    pub secrets: Secrets,
    /// How results are printed.
    pub output: Output,
    /// Whether every confirmation is answered with yes.
    pub yes: bool,
    keypair: PathBuf,
    payer: OnceLock<Arc<Keypair>>,
}

impl fmt::Debug for Context {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.debug_struct("Context").field("url", &self.url).field("keypair", &self.keypair).finish_non_exhaustive()
    }
}

impl Context {
    /// The surroundings that options and the Solana configuration file name.
    ///
    /// # Errors
    /// If the configuration file was named but cannot be read, or is there but is not one.
    pub fn new(options: &Options) -> Result<Self, ContextError> {
        let config = config(options.config.as_deref())?;
        let (_, url) = match options.url.as_deref() {
            Some("") => return Err(ContextError::Url),
            url => ConfigInput::compute_json_rpc_url_setting(url.unwrap_or_default(), &config.json_rpc_url),
        };
        if !(url.starts_with("http://") || url.starts_with("https://")) {
            return Err(ContextError::Url);
        }
        let commitment = match options.commitment {
            Some(commitment) => CommitmentConfig { commitment },
            None => ConfigInput::compute_commitment_config("", &config.commitment).1,
        };
        let secrets = Secrets::of_urls([&url]);
        Ok(Self {
            cluster: Cluster::new(&url, commitment),
            url: secrets.hidden_in(&url),
            secrets,
            output: options.output,
            yes: options.yes,
            keypair: options.keypair.clone().unwrap_or_else(|| config.keypair_path.into()),
            payer: OnceLock::new(),
        })
    }

    /// Whose keypair signs and pays. It is read when it is first asked for.
    ///
    /// # Errors
    /// If the file is missing or holds no keypair.
    pub fn payer(&self) -> Result<Arc<Keypair>, ContextError> {
        if let Some(payer) = self.payer.get() {
            return Ok(Arc::clone(payer));
        }
        let keypair = keypair(&self.keypair)?;
        Ok(Arc::clone(self.payer.get_or_init(|| Arc::new(keypair))))
    }

    /// Where the keypair that signs and pays is, or would be.
    pub fn keypair_path(&self) -> &Path {
        &self.keypair
    }

    /// Sends transactions that the payer signs and pays for, in this way.
    ///
    /// # Errors
    /// As [`Self::payer`].
    pub fn sender(&self, policy: Policy) -> Result<Sender, ContextError> {
        let payer: Arc<dyn Signer + Send + Sync> = self.payer()?;
        Ok(Sender::new(self.cluster.clone(), payer, policy))
    }

    /// Prints all of it. A reader who stops early, such as `head`, is no error.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn print(&self, text: &str) -> Result<(), ContextError> {
        match io::stdout().write_all(text.as_bytes()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Prints one JSON value.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn print_json(&self, value: &serde_json::Value) -> Result<(), ContextError> {
        self.print(&format!("{value:#}\n"))
    }

    /// Prints a view as it was asked for.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn show(&self, view: &View) -> Result<(), ContextError> {
        match self.output {
            Output::Table => self.print(view.render().trim_start_matches('\n')),
            Output::Json => self.print_json(&view.json()),
        }
    }

    /// Asks on the terminal, unless every answer is yes.
    ///
    /// # Errors
    /// If the answer is not yes, or nobody can be asked.
    pub fn confirm(&self, question: &str) -> Result<(), ContextError> {
        if self.yes {
            return Ok(());
        }
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return Err(ContextError::NobodyToAsk);
        }
        eprint!("{question} [y/N] ");
        io::stderr().flush()?;
        let mut answer = String::new();
        io::stdin().read_line(&mut answer)?;
        match answer.trim().to_lowercase().as_str() {
            "y" | "yes" => Ok(()),
            _ => Err(ContextError::NotConfirmed),
        }
    }
}

/// A keypair out of a file as Solana's tools write it.
///
/// # Errors
/// If the file is missing or holds no keypair.
pub fn keypair(path: &Path) -> Result<Keypair, ContextError> {
    read_keypair_file(path)
        .map_err(|reason| ContextError::Keypair { path: path.display().to_string(), reason: reason.to_string() })
}

/// An address as it is typed: itself, or a keypair file whose address is meant.
///
/// # Errors
/// If it is neither.
pub fn address(text: &str) -> Result<Address, String> {
    let of_file = || read_keypair_file(text).map(|keypair| keypair.pubkey());
    text.parse().or_else(|_| of_file()).map_err(|_| {
        "give an address, which has 32 to 44 letters and digits, or a keypair file whose address is meant".into()
    })
}

/// The file that was named, else the one at the usual place, else Solana's defaults.
fn config(named: Option<&Path>) -> Result<Config, ContextError> {
    let usual = solana_cli_config::CONFIG_FILE.as_deref().map(Path::new).filter(|path| path.exists());
    let Some(path) = named.or(usual) else { return Ok(Config::default()) };
    let path = path.display().to_string();
    Config::load(&path).map_err(|error| ContextError::Config { path, reason: error.to_string() })
}

fn commitment() -> impl TypedValueParser<Value = CommitmentLevel> {
    PossibleValuesParser::new(["processed", "confirmed", "finalized"]).try_map(|level| level.parse::<CommitmentLevel>())
}
