//! `backstop localnet` as it is typed.
// Helpers of tests may stop at the first surprise, as tests may.
#![allow(missing_docs, clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used)]

use std::{
    fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::Value;

/// A running `backstop localnet` in a folder of its own. Both are gone with the test.
struct Running {
    child: Child,
    folder: PathBuf,
    reported: Value,
}

impl Running {
    fn start(name: &str, options: &[&str]) -> Self {
        let folder = std::env::temp_dir().join(format!("backstop-localnet-command-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let mut command = backstop(&folder);
        command.args(["localnet", "--output", "json", "--rpc-port", "0", "--ws-port", "0"]).args(options);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let reported = serde_json::from_str(&line).unwrap();
        Self { child, folder, reported }
    }

    fn reported(&self, pointer: &str) -> String {
        let value = self.reported.pointer(pointer).unwrap_or_else(|| panic!("{} has no {pointer}", self.reported));
        value.as_str().map_or_else(|| value.to_string(), Into::into)
    }

    /// What a command prints that ends well.
    fn run(&self, line: &str) -> String {
        let output = backstop(&self.folder).args(line.split(' ')).output().unwrap();
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What a command that fails says, and its exit code.
    fn refused(&self, line: &str) -> (String, Option<i32>) {
        let output = backstop(&self.folder).args(line.split(' ')).output().unwrap();
        (String::from_utf8(output.stderr).unwrap(), output.status.code())
    }

    fn signal(&mut self, signal: &str) -> Option<i32> {
        assert!(Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The command in a folder, without the files and variables of whoever runs the test.
fn backstop(folder: &PathBuf) -> Command {
    // The whole workspace is built for its tests: the command is beside the program that it starts.
    let beside = Path::new(env!("CARGO_BIN_EXE_backstop-localnet")).with_file_name("backstop");
    assert!(beside.exists(), "build it first: cargo build --bin backstop");
    let mut command = Command::new(beside);
    command.current_dir(folder).env("HOME", folder).env_remove("BACKSTOP_URL").env_remove("BACKSTOP_KEYPAIR");
    command.env_remove("XDG_CONFIG_HOME");
    command
}

#[test]
fn it_starts_with_a_market_and_positions_and_does_as_it_is_told() {
    let mut running = Running::start("story", &["--prices", "november-2022", "--speed", "0", "--with-positions"]);
    let config = running.reported("/config");
    // 2022-11-01, where the series starts.
    assert_eq!(running.reported("/now"), "1667260800");
    let done = running.run(&format!("migrate --plan localnet -C {config} -k .localnet/authority.json"));
    assert!(done.contains("All steps are done") && !done.contains("to do") && !done.contains("differs"), "{done}");

    // Alice's million and bob's half; carol has borrowed 60 % of 10,000 SOL at 32.6428 USD: 195,856.8, whole dollars.
    let pool: Value = serde_json::from_str(&running.run(&format!("show pool --output json -C {config}"))).unwrap();
    let text = pool.to_string();
    assert!(text.contains("\"1500000\"") && text.contains("\"195856\""), "{text}");

    assert_eq!(running.run("localnet price sol 20"), "The price of SOL is now 20 USD.\n");
    assert_eq!(running.run("localnet advance 9h"), "The clock is now 2022-11-01T09:00:00Z.\n");
    // A newcomer, by name, whose loan waits out an outage.
    assert!(running.run("localnet fund zoe").contains("now has 10,000,000 USDC, 100,000 SOL"));
    let zoe = format!("-y -C {config} -k .localnet/zoe.json");
    assert!(running.run(&format!("deposit-collateral 10 SOL {zoe}")).contains("Done"));
    assert_eq!(running.run("localnet outage on"), "Oracle outage started: prices go stale.\n");
    running.run("localnet advance 2h");
    let (refused, code) = running.refused(&format!("borrow 100 {zoe}"));
    assert!(refused.contains("StalePrice") && code == Some(1), "{refused}");
    assert_eq!(running.run("localnet outage off --output json"), "{\n  \"outage\": false\n}\n");
    // Global options may stand before the subcommand, too.
    assert_eq!(running.run("--output json localnet outage off"), "{\n  \"outage\": false\n}\n");
    running.run("localnet advance 1s");
    assert!(running.run(&format!("borrow 100 {zoe}")).contains("Done"));
    let (refused, code) = running.refused("localnet fund ../zoe");
    assert!(refused.contains("neither an address nor a name") && code == Some(2), "{refused}");
    let (refused, code) = running.refused("localnet price BTC 20");
    assert!(refused.contains("no token \"BTC\"") && code == Some(2), "{refused}");
    let (refused, _) = running.refused("localnet price SOL free");
    assert!(refused.contains("\"free\" is not a price"), "{refused}");

    let rpc_port: u16 = running.reported("/rpc_url").rsplit_once(':').unwrap().1.parse().unwrap();
    let (refused, code) = running.refused(&format!("localnet --rpc-port {rpc_port} --ws-port 0 --dir other"));
    assert!(refused.contains(&format!("port {rpc_port} is taken")) && code == Some(2), "{refused}");
    assert_eq!(running.signal("-TERM"), Some(0));
    TcpListener::bind(("127.0.0.1", rpc_port)).unwrap();
    // Nothing but its own folder.
    let left: Vec<_> = fs::read_dir(&running.folder).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(left, [".localnet"]);
    let (refused, code) = running.refused("localnet advance 1h");
    assert!(refused.contains("did not answer") && code == Some(2), "{refused}");
}

#[test]
fn without_a_market_there_is_none_until_it_is_migrated_and_ctrl_c_ends_it() {
    let mut running = Running::start("empty", &["--empty"]);
    assert_eq!(running.reported("/made"), "{}");
    let here = format!("-u {} -k .localnet/authority.json", running.reported("/rpc_url"));
    let preview = running.run(&format!("migrate --plan localnet --dry-run {here}"));
    assert_eq!(preview.matches("to do").count(), 4, "{preview}");
    let (refused, code) = running.refused(&format!("migrate --plan localnet {here}"));
    assert!(refused.contains("--yes") && code == Some(2), "{refused}");
    let half = running.run(&format!("migrate --plan localnet --to 2 --yes {here}"));
    assert_eq!(half.matches(": done, ").count(), 2, "{half}");
    let rest: Value =
        serde_json::from_str(&running.run(&format!("migrate --plan localnet --yes --output json {here}"))).unwrap();
    assert_eq!(rest["sent"].as_array().unwrap().len(), 2);
    assert!(rest["steps"].as_array().unwrap().iter().all(|step| step["state"] == "done"), "{rest}");
    let (refused, code) = running.refused(&format!("migrate --plan mainnet {here}"));
    assert!(refused.contains("the plan is for mainnet") && code == Some(2), "{refused}");
    assert_eq!(running.signal("-INT"), Some(0));
}

#[test]
fn what_it_cannot_start_with_is_told() {
    let folder = std::env::temp_dir().join(format!("backstop-localnet-command-wrong-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("prices.csv"), "time,SOL\n2022-11-01,32\n2022-11-01,31\n").unwrap();
    let reported = |options: &[&str]| {
        let output = backstop(&folder).arg("localnet").args(options).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(reported(&["--prices", "prices.csv"]).contains("line 3 of the price file is not later"));
    assert!(reported(&["--prices", "missing.csv"]).contains("missing.csv cannot be read"));
    assert!(reported(&["--speed", "quick"]).contains("\"quick\" is not a speed"));
    let nowhere = reported(&["advance", "1h"]);
    assert!(nowhere.contains("there is no .localnet/config.yml") && nowhere.contains("--dir or --url"), "{nowhere}");
    fs::remove_dir_all(&folder).unwrap();
}

/// Nobody is there.
const KEYED: &str = "http://me:passw0rd@127.0.0.1:1/v2/pathkey-0123?api-key=querykey-4567";

#[test]
fn keys_in_the_url_of_a_node_are_in_no_message() {
    for words in [&["localnet", "price", "SOL", "20"][..], &["localnet", "advance", "1d"]] {
        // As it is, and without what makes it a URL.
        for url in [KEYED, KEYED.trim_start_matches("http://")] {
            let output = backstop(&std::env::temp_dir()).args(words).args(["--url", url]).output().unwrap();
            let reported = [output.stdout, output.stderr].concat();
            let reported = String::from_utf8_lossy(&reported);
            assert_eq!(output.status.code(), Some(2), "{words:?}: {reported}");
            for key in ["passw0rd", "pathkey-0123", "querykey-4567"] {
                assert!(!reported.contains(key), "{words:?}: {reported}");
            }
        }
    }
}
