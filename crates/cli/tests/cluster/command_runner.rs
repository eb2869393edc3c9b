//! A local cluster, and the command in the roles of its actors.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Command,
    sync::Mutex,
};

use backstop_localnet::{Localnet, Options, Program, Speed, keypair};
use serde_json::Value;
use solana_signer::Signer;

pub(crate) const DAY: u64 = 86_400;

/// A cluster whose clock stands still, so that no interest grows unless a test moves it.
pub(crate) struct CommandRunner {
    pub(crate) localnet: Localnet,
    dir: PathBuf,
    /// Every command that succeeded.
    used: Mutex<BTreeSet<String>>,
}

/// What a command left behind.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl CommandRunner {
    pub(crate) fn open(name: &str, program: Program) -> Self {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let options = Options { dir: Some(dir.clone()), program, speed: Speed::STILL, ..Options::default() };
        let localnet = Localnet::start(options).unwrap();
        Self { localnet, dir, used: Mutex::default() }
    }

    /// A cluster with a market, a pool of USDC and SOL as its collateral, all by command.
    pub(crate) fn with_pool(name: &str) -> Self {
        let cli = Self::open(name, Program::BuiltIn);
        let (guardian, treasury) = (address("guardian"), address("treasury"));
        cli.done("authority", &["create-market", "--guardian", &guardian, "--treasury", &treasury, "--timelock", "1d"]);
        cli.done("authority", &["create-pool", "USDC", "--parameters", &parameter_file("pool.toml")]);
        cli.done("authority", &["add-collateral", "SOL", "--parameters", &parameter_file("sol.toml")]);
        cli.done("authority", &["open-pool", "--donation", "1"]);
        cli
    }

    /// An actor's keypair file.
    pub(crate) fn keypair(&self, who: &str) -> String {
        self.dir.join(format!("{who}.json")).to_str().unwrap().into()
    }

    /// The command with an actor's keypair, without a confirmation.
    pub(crate) fn run(&self, who: &str, arguments: &[&str]) -> Done {
        let output = self.command(who, arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Done { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// The same, not started yet.
    pub(crate) fn command(&self, who: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
        command
            .args(arguments)
            .arg("--url")
            .arg(self.localnet.rpc_url())
            .arg("--keypair")
            .arg(self.keypair(who))
            .env("XDG_CONFIG_HOME", &self.dir)
            .env_remove("BACKSTOP_URL")
            .env_remove("BACKSTOP_KEYPAIR");
        command
    }

    /// The same, confirmed, and it must succeed; what it printed as JSON.
    pub(crate) fn done(&self, who: &str, arguments: &[&str]) -> Value {
        let all = [arguments, &["--yes", "--output", "json"]].concat();
        let done = self.run(who, &all);
        assert_eq!(done.code, 0, "{who} {arguments:?}: {}{}", done.stdout, done.stderr);
        self.used.lock().unwrap().insert(arguments[0].into());
        serde_json::from_str(&done.stdout).unwrap()
    }

    /// The same, and it must fail with this code; what it said.
    pub(crate) fn refused(&self, code: i32, who: &str, arguments: &[&str]) -> String {
        let done = self.run(who, &[arguments, &["--yes"]].concat());
        assert_eq!(done.code, code, "{who} {arguments:?}: {}{}", done.stdout, done.stderr);
        done.stderr
    }

    pub(crate) fn show(&self, what: &[&str]) -> Value {
        self.done("alice", &[&["show"], what].concat())
    }

    pub(crate) fn price(&self, symbol: &str, price: &str) {
        self.localnet.set_price(symbol, price.parse().unwrap()).unwrap();
    }

    pub(crate) fn wait(&self, seconds: u64) {
        self.localnet.advance(seconds).unwrap();
    }

    pub(crate) fn used(&self) -> BTreeSet<String> {
        self.used.lock().unwrap().clone()
    }
}

/// An actor's address.
pub(crate) fn address(who: &str) -> String {
    keypair(who).pubkey().to_string()
}

/// A file beside this one.
pub(crate) fn parameter_file(name: &str) -> String {
    format!("{}/tests/cluster/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// A figure's amount in whole tokens: `"12.5"`.
pub(crate) fn amount<'a>(view: &'a Value, path: &str) -> &'a str {
    let figure = view.pointer(path).unwrap_or_else(|| panic!("no {path} in {view:#}"));
    figure["amount"].as_str().unwrap_or_else(|| panic!("{path} is no amount: {figure}"))
}
