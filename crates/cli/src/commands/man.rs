//! `backstop man`: manual pages.

use std::{fs, path::PathBuf, process::ExitCode};

use clap_mangen::Man;

/// The arguments of `backstop man`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Write one page per command to this directory, instead of printing the main page.
    #[arg(long, value_name = "PATH")]
    dir: Option<PathBuf>,
}

/// Prints or writes the pages.
pub fn run(arguments: &Arguments, command: clap::Command) -> ExitCode {
    let written = match &arguments.dir {
        Some(dir) => fs::create_dir_all(dir).and_then(|()| clap_mangen::generate_to(command, dir)),
        None => {
            let mut page = Vec::new();
            Man::new(command).render(&mut page).and_then(|()| super::print(&String::from_utf8_lossy(&page)))
        }
    };
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => super::refuse(&format!("the manual page cannot be written: {error}")),
    }
}
