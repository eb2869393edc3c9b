//! Ctrl-C while a transaction is on its way.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Command, Stdio},
};

use crate::command_runner::CommandRunner;

#[test]
fn ctrl_c_says_what_was_sent_and_where_to_look() {
    let cli = CommandRunner::with_pool("interrupt");
    // A block becomes final 31 blocks later: until then the command waits.
    let mut running = cli
        .command("alice", &["deposit", "5", "--yes", "--commitment", "finalized"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut reported = BufReader::new(running.stderr.take().unwrap());
    let mut line = String::new();
    reported.read_line(&mut line).unwrap();
    let signature = line.trim_end().strip_prefix("Sent as ").unwrap_or_else(|| panic!("{line}")).to_owned();
    let signalled = Command::new("kill").args(["-INT", &running.id().to_string()]).status().unwrap();
    assert!(signalled.success());
    let mut rest = String::new();
    reported.read_to_string(&mut rest).unwrap();
    assert_eq!(running.wait().unwrap().code(), Some(130), "{rest}");
    assert!(rest.contains(&format!("was sent as {signature}")) && rest.contains("it may still land"), "{rest}");
    assert!(rest.contains("see `backstop show position"), "{rest}");
    cli.localnet.stop().unwrap();
}
