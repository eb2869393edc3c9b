//! What every command needs: the cluster, the payer's keypair and the terminal.

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

/// The global options. They match those of Solana's tools.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Global options")]
pub struct Options {
    /// Cluster: mainnet-beta, devnet, testnet, localhost (or the first letter), or the URL of an RPC node
    /// [default: from the Solana configuration file].
    #[arg(short, long, global = true, env = "BACKSTOP_URL", value_name = "URL_OR_MONIKER", hide_env_values = true)]
    pub url: Option<String>,
    /// Keypair file that signs and pays [default: from the Solana configuration file].
    #[arg(short, long, global = true, env = "BACKSTOP_KEYPAIR", value_name = "PATH", hide_env_values = true)]
    pub keypair: Option<PathBuf>,
    /// Commitment level for reads and transactions [default: from the Solana configuration file].
    #[arg(long, global = true, value_name = "LEVEL", value_parser = commitment())]
    pub commitment: Option<CommitmentLevel>,
    /// Output format: tables for people or JSON for programs.
    #[arg(long, global = true, value_name = "FORMAT", value_enum, default_value_t)]
    pub output: Output,
    /// Solana configuration file [default: ~/.config/solana/cli/config.yml].
    #[arg(short = 'C', long, global = true, value_name = "PATH")]
    pub config: Option<PathBuf>,
    /// Skip all confirmations.
    #[arg(short, long, global = true)]
    pub yes: bool,
}

/// The output format: tables for people, or one JSON object with amounts as strings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)] // their documentation would be repeated in every help text
pub enum Output {
    #[default]
    Table,
    Json,
}

/// Something in the environment that a command needs is missing or unusable.
#[derive(Debug, thiserror::Error)]
pub enum ContextError {
    /// The Solana configuration file cannot be read.
    #[error(
        "the Solana configuration file {path} cannot be read: {reason}\nwrite one with `solana config set`, or omit \
         --config"
    )]
    Config {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
    /// The value is not a cluster. It is not printed, because it may contain a key.
    #[error(
        "invalid cluster: set --url, BACKSTOP_URL or the Solana configuration file to mainnet-beta, devnet, testnet, \
         localhost, or a URL \
         that starts with http:// or https://"
    )]
    Url,
    /// The keypair file cannot be read.
    #[error(
        "the keypair file {path} cannot be read: {reason}\ngenerate it with `backstop keygen --outfile {path}`, or \
         pass another with --keypair; on a local cluster, use an actor's: --keypair .localnet/alice.json"
    )]
    Keypair {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
    /// A confirmation is needed, but there is no terminal to ask on.
    #[error("this needs a confirmation, but there is no terminal to ask on: review the preview, then pass --yes")]
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
    /// The cluster's URL, with secrets hidden.
    pub url: String,
    /// Secrets that must never be printed: a node's key.
    pub secrets: Secrets,
    /// The output format.
    pub output: Output,
    /// Whether confirmations are skipped.
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
    /// The context that the options and the Solana configuration file define.
    ///
    /// # Errors
    /// If the configuration file cannot be read, or the cluster is invalid. A missing file at the default path is not
    /// an error.
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

    /// The keypair that signs and pays. The file is read on first use.
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

    /// The path of the keypair that signs and pays. The file may not exist.
    pub fn keypair_path(&self) -> &Path {
        &self.keypair
    }

    /// A sender for transactions that the payer signs and pays for.
    ///
    /// # Errors
    /// As [`Self::payer`].
    pub fn sender(&self, policy: Policy) -> Result<Sender, ContextError> {
        let payer: Arc<dyn Signer + Send + Sync> = self.payer()?;
        Ok(Sender::new(self.cluster.clone(), payer, policy))
    }

    /// Prints the whole text. A closed pipe, as with `head`, is not an error.
    ///
    /// # Errors
    /// If standard output cannot be written.
    pub fn print(&self, text: &str) -> Result<(), ContextError> {
        match io::stdout().write_all(text.as_bytes()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Prints one JSON value.
    ///
    /// # Errors
    /// If standard output cannot be written.
    pub fn print_json(&self, value: &serde_json::Value) -> Result<(), ContextError> {
        self.print(&format!("{value:#}\n"))
    }

    /// Prints a view in the output format.
    ///
    /// # Errors
    /// If standard output cannot be written.
    pub fn show(&self, view: &View) -> Result<(), ContextError> {
        match self.output {
            Output::Table => self.print(view.render().trim_start_matches('\n')),
            Output::Json => self.print_json(&view.json()),
        }
    }

    /// Asks for confirmation on the terminal, unless confirmations are skipped.
    ///
    /// # Errors
    /// If the answer is not yes, or there is no terminal.
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

/// Reads a keypair file in the format of Solana's tools.
///
/// # Errors
/// If the file is missing or holds no keypair.
pub fn keypair(path: &Path) -> Result<Keypair, ContextError> {
    read_keypair_file(path)
        .map_err(|reason| ContextError::Keypair { path: path.display().to_string(), reason: reason.to_string() })
}

/// Parses an address, or takes it from a keypair file.
///
/// # Errors
/// If it is neither.
pub fn address(text: &str) -> Result<Address, String> {
    let of_file = || read_keypair_file(text).map(|keypair| keypair.pubkey());
    text.parse()
        .or_else(|_| of_file())
        .map_err(|_| "enter an address of 32 to 44 letters and digits, or a keypair file".into())
}

/// The named configuration file, else the one at the default path, else Solana's defaults.
fn config(named: Option<&Path>) -> Result<Config, ContextError> {
    let usual = solana_cli_config::CONFIG_FILE.as_deref().map(Path::new).filter(|path| path.exists());
    let Some(path) = named.or(usual) else { return Ok(Config::default()) };
    let path = path.display().to_string();
    Config::load(&path).map_err(|error| ContextError::Config { path, reason: error.to_string() })
}

fn commitment() -> impl TypedValueParser<Value = CommitmentLevel> {
    PossibleValuesParser::new(["processed", "confirmed", "finalized"]).try_map(|level| level.parse::<CommitmentLevel>())
}
