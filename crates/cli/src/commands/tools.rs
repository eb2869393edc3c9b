//! `backstop run`, `demo` and `localnet`: separate programs, like cargo's external subcommands. So the command that
//! signs links neither a runtime nor a cluster.

use std::{
    env,
    ffi::{OsStr, OsString},
    io,
    os::unix::process::CommandExt,
    path::PathBuf,
    process,
};

use crate::failure::Failure;

/// The options of a tool, which the tool parses itself.
#[derive(clap::Args)]
pub struct Arguments {
    /// Options of the tool; list them with `--help`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
    _arguments: Vec<OsString>,
}

/// A tool and its arguments.
pub struct Tool {
    name: &'static str,
    arguments: Vec<OsString>,
}

impl Tool {
    /// The names of all tools.
    const NAMES: [&str; 3] = ["run", "demo", "localnet"];

    /// Returns the tool that a command line starts, if any. The subcommand is the first word that is not an option.
    pub fn named(command: &clap::Command, line: impl IntoIterator<Item = OsString>) -> Option<Self> {
        let mut words = line.into_iter().skip(1);
        let mut arguments = Vec::new();
        while let Some(word) = words.next() {
            if let Some(name) = Self::NAMES.into_iter().find(|name| word == *name) {
                // The options come last: there they belong to whatever subcommand the program has.
                return Some(Self { name, arguments: words.chain(arguments).collect() });
            }
            let option = word.to_str().filter(|word| word.starts_with('-'))?;
            let value = takes_value(command, option).then(|| words.next()).flatten();
            arguments.push(word);
            arguments.extend(value);
        }
        None
    }

    /// Replaces this process with the tool: the one beside this command, else the one on the `PATH`.
    pub fn run(self) -> Failure {
        let program = format!("backstop-{}", self.name);
        let error = process::Command::new(beside(&program)).args(self.arguments).exec();
        Failure::unable(match error.kind() {
            io::ErrorKind::NotFound => format!(
                "`backstop {}` needs the program {program} next to backstop or on the PATH: build it with `cargo build \
                 --bin {program}`",
                self.name
            ),
            _ => format!("{program} cannot be started: {error}"),
        })
    }
}

/// Whether an option takes the next word as its value.
fn takes_value(command: &clap::Command, option: &str) -> bool {
    command.get_arguments().any(|argument| {
        let long = argument.get_long().is_some_and(|long| option.strip_prefix("--") == Some(long));
        let short =
            argument.get_short().is_some_and(|short| option.strip_prefix('-').is_some_and(|it| it.chars().eq([short])));
        (long || short) && argument.get_action().takes_values()
    })
}

fn beside(program: &str) -> PathBuf {
    let folder = env::current_exe().ok().and_then(|path| path.parent().map(|folder| folder.join(program)));
    folder.filter(|path| path.exists()).unwrap_or_else(|| PathBuf::from(OsStr::new(program)))
}
