//! The liquidator, as a process of its own.

use std::{
    fmt::Write as _,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command},
};

use solana_address::Address;

/// A program of the workspace, which `cargo test --workspace` builds beside the tests.
pub(crate) fn program(name: &str) -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let program = tests.parent().and_then(Path::parent).unwrap().join(name);
    assert!(program.exists(), "{} is missing: build it with `cargo build --workspace`", program.display());
    program
}

/// Where the bot finds the cluster.
#[derive(Clone)]
pub(crate) struct Node {
    pub(crate) rpc: String,
    pub(crate) websocket: String,
}

/// A bot that runs until it is dropped, or killed.
pub(crate) struct Bot {
    process: Child,
    log: PathBuf,
}

impl Bot {
    /// Starts a bot for a pool, paid by the keypair file `<dir>/<owner>.json`, with these lookup tables.
    pub(crate) fn start(dir: &Path, owner: &str, node: &Node, pool: &Address, tables: &[Address]) -> Self {
        let number = fs::read_dir(dir).unwrap().count();
        let (config, log) = (dir.join(format!("bot-{number}.toml")), dir.join(format!("bot-{number}.log")));
        let mut text = String::new();
        writeln!(text, "rpc_url = \"{}\"\nwebsocket_url = \"{}\"", node.rpc, node.websocket).unwrap();
        writeln!(text, "keypair = \"{}\"", dir.join(format!("{owner}.json")).display()).unwrap();
        let tables: Vec<String> = tables.iter().map(ToString::to_string).collect();
        writeln!(text, "lookup_tables = {tables:?}").unwrap();
        text += "transaction_lamports = 15000\nsol_usd = \"100\"\n";
        text += "[timing]\nround_millis = 200\nstall_seconds = 3\nreconcile_seconds = 30\n";
        writeln!(text, "[[pools]]\naddress = \"{pool}\"").unwrap();
        text += "max_repay = \"1000000\"\nmax_collateral_usd = \"100000000\"\nprofit_floor_usd = \"0.01\"\n";
        text += "mark_change_usd = \"1\"\nrefresh_seconds = 21600\n";
        fs::write(&config, text).unwrap();
        let process = Command::new(program("backstop-liquidator"))
            .args(["--log", "json", "--config"])
            .arg(&config)
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        Self { process, log }
    }

    /// Ends it as a power cut does.
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// What it logged.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// Whether it still runs.
    pub(crate) fn is_running(&mut self) -> bool {
        self.process.try_wait().unwrap().is_none()
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
