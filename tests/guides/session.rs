//! A shell in a checkout that is made of links, so that what a guide writes lands beside the repository and not in it.

use std::{
    fs::{self, File},
    io::Write,
    net::TcpListener,
    os::unix::{fs::symlink, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::pattern::is_in;

/// What guides run of this workspace.
const COMMANDS: [&str; 3] = ["backstop", "backstop-liquidator", "examples/own_bot"];
/// Where a reader's local cluster and bot listen.
const PORTS: [u16; 3] = [8899, 8900, 9464];

pub(crate) struct Session {
    dir: TempDir,
    shell: Child,
    input: Option<ChildStdin>,
    blocks: usize,
    /// How much was printed before the last block.
    before: usize,
    /// How long a block may take, and how long what runs in the background may take to print what is promised, or to
    /// end.
    patience: Duration,
}

impl Session {
    pub(crate) fn start(repository: &Path, patience: Duration) -> Self {
        for port in PORTS {
            if let Err(error) = TcpListener::bind(("127.0.0.1", port)) {
                panic!(
                    "port {port} is taken ({error}), and guides use it: end the local cluster or bot that runs already"
                );
            }
        }
        let dir = TempDir::new().unwrap();
        let commands = checkout(repository, dir.path());
        let path = format!("{}:{}", commands.display(), std::env::var("PATH").unwrap());
        let printed = File::create(dir.path().join("printed")).unwrap();
        let mut shell = Command::new("bash")
            .args(["--noprofile", "--norc"])
            .current_dir(dir.path().join("checkout"))
            .env("HOME", dir.path())
            .env("PATH", path)
            .env("NO_COLOR", "1")
            .env_remove("BACKSTOP_URL")
            .env_remove("BACKSTOP_KEYPAIR")
            .stdin(Stdio::piped())
            .stdout(printed.try_clone().unwrap())
            .stderr(printed)
            .process_group(0)
            .spawn()
            .unwrap();
        let input = shell.stdin.take();
        Self { dir, shell, input, blocks: 0, before: 0, patience }
    }

    /// Runs a script, which must end with this code.
    pub(crate) fn run(&mut self, script: &str, exit: i32) -> Result<(), String> {
        self.blocks += 1;
        self.before = self.printed().len();
        let (block, done) = (self.path(&format!("block-{}", self.blocks)), self.path(&format!("done-{}", self.blocks)));
        fs::write(&block, script).unwrap();
        // With `set -e` the shell ends at the first command that fails.
        let set = if exit == 0 { "set -e" } else { "set +e" };
        let line =
            format!("{set}; . {} </dev/null; echo $? >{1}.new; mv {1}.new {1}\n", block.display(), done.display());
        self.input
            .as_mut()
            .unwrap()
            .write_all(line.as_bytes())
            .map_err(|error| format!("the shell has ended: {error}"))?;
        let deadline = Instant::now() + self.patience;
        while !done.exists() {
            let ended = self.shell.try_wait().unwrap();
            if let Some(status) = ended.filter(|_| !done.exists()) {
                return Err(format!("a command failed ({status}). It printed:\n{}", self.last_printed()));
            }
            if Instant::now() > deadline {
                return Err(format!("it does not end. It printed:\n{}", self.last_printed()));
            }
            pause();
        }
        let code = fs::read_to_string(&done).unwrap();
        if code.trim() == exit.to_string() {
            return Ok(());
        }
        Err(format!("it ended with {}, not {exit}. It printed:\n{}", code.trim(), self.last_printed()))
    }

    /// Finds a promise in what was printed since the last script began; what runs in the background may take its time.
    pub(crate) fn expect(&self, promise: &str) -> Result<(), String> {
        let deadline = Instant::now() + self.patience;
        while !is_in(promise, &self.last_printed()) {
            if Instant::now() > deadline {
                return Err(format!("this was promised:\n{promise}\nand this printed:\n{}", self.last_printed()));
            }
            pause();
        }
        Ok(())
    }

    pub(crate) fn write(&self, file: &str, text: &str) -> Result<(), String> {
        let checkout = self.path("checkout");
        // What is in the repository is there as a link.
        if Path::new(file).components().next().is_some_and(|first| checkout.join(first).is_symlink()) {
            return Err("a guide must not write into the repository's own folders".into());
        }
        let file = checkout.join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).map_err(|error| error.to_string())
    }

    /// Ends the shell. What it started must have ended before.
    pub(crate) fn end(mut self) -> Result<(), String> {
        drop(self.input.take());
        let deadline = Instant::now() + self.patience;
        while self.shell.try_wait().unwrap().is_none() || self.is_running() {
            if Instant::now() > deadline {
                return Err(format!("something that the guide started still runs. It printed:\n{}", self.printed()));
            }
            pause();
        }
        Ok(())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn printed(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.path("printed")).unwrap()).into_owned()
    }

    fn last_printed(&self) -> String {
        self.printed().split_off(self.before)
    }

    /// Whether anything that the shell started runs.
    fn is_running(&self) -> bool {
        self.signal("-0")
    }

    fn signal(&self, signal: &str) -> bool {
        let group = format!("-{}", self.shell.id());
        Command::new("kill").args([signal, "--", &group]).stderr(Stdio::null()).status().unwrap().success()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.signal("-KILL");
        let _ = self.shell.wait();
        // What the shell started ends by itself, a little later.
        let deadline = Instant::now() + self.patience;
        while PORTS.iter().any(|port| TcpListener::bind(("127.0.0.1", *port)).is_err()) && Instant::now() < deadline {
            pause();
        }
    }
}

fn pause() {
    std::thread::sleep(Duration::from_millis(20));
}

/// Makes `<dir>/checkout` of links to what is in the repository, and returns the folder with the commands.
fn checkout(repository: &Path, dir: &Path) -> PathBuf {
    let built = std::env::current_exe().unwrap().ancestors().nth(2).unwrap().to_path_buf();
    for command in COMMANDS {
        let missing =
            "is missing: `cargo test --workspace` builds it beside the tests, as does `cargo build --workspace`";
        assert!(built.join(command).exists(), "{} {missing}", built.join(command).display());
    }
    let checkout = dir.join("checkout");
    fs::create_dir_all(checkout.join("target")).unwrap();
    symlink(&built, checkout.join("target/debug")).unwrap();
    for entry in fs::read_dir(repository).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        if name != "target" && !name.to_str().unwrap().starts_with('.') {
            symlink(entry.path(), checkout.join(name)).unwrap();
        }
    }
    modules(repository, &checkout);
    built
}

/// What `npm install ./clients/ts` would link, without asking a registry.
fn modules(repository: &Path, checkout: &Path) {
    let modules = checkout.join("node_modules/@backstop");
    fs::create_dir_all(&modules).unwrap();
    symlink(repository.join("clients/ts"), modules.join("client")).unwrap();
    symlink(repository.join("clients/ts/node_modules/@solana"), checkout.join("node_modules/@solana")).unwrap();
}
