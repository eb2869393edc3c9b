//! The top-level help text, with commands grouped by role.

use backstop_text::kebab_case;
use clap::Command;

use crate::commands::instructions::{ROLES, Role};

/// Groups of commands that are not instructions. The last group takes all remaining commands.
const OTHERS: [(&str, &[&str]); 3] =
    [("Inspect", &["show"]), ("Try it out", &["localnet", "demo", "run"]), ("Operate and install", &[])];

/// How addresses can be given, and what the exit codes mean.
pub const EXIT_CODES: &str = "Address arguments also accept a keypair file.\nExit codes: 0 done; 1 refused by the \
    chain or not confirmed; 2 usage error, or not possible in the current state; 130 interrupted.";

/// Adds a help text that lists the subcommands in groups.
#[must_use]
pub fn grouped(command: Command) -> Command {
    let groups = groups(&command);
    let template = format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n{groups}\nGlobal options:\n{{options}}{{after-help}}"
    );
    taking_negative_numbers(command.help_template(template))
}

/// Parses negative numbers as values, so that the value's own parser can explain the error.
fn taking_negative_numbers(command: Command) -> Command {
    let taking = |one: clap::Arg| match one.get_action().takes_values() {
        true => one.allow_negative_numbers(true),
        false => one,
    };
    command.mut_args(taking).mut_subcommands(taking_negative_numbers)
}

/// The subcommands, listed under their group headings.
fn groups(command: &Command) -> String {
    let width = command.get_subcommands().map(|one| one.get_name().len()).max().unwrap_or(0);
    let mut left: Vec<&Command> = command.get_subcommands().filter(|one| !one.is_hide_set()).collect();
    let mut text = String::new();
    for (heading, belongs) in headings() {
        let (here, others): (Vec<_>, Vec<_>) = left.into_iter().partition(|one| belongs(one.get_name()));
        left = others;
        if here.is_empty() {
            continue;
        }
        text += &format!("\n{heading}:\n");
        for one in here {
            let about = one.get_about().map(ToString::to_string).unwrap_or_default();
            text += &format!("  {:<width$}  {about}\n", one.get_name());
        }
    }
    text
}

type Belongs = Box<dyn Fn(&str) -> bool>;

fn headings() -> Vec<(&'static str, Belongs)> {
    let role = |role: Role| -> (&'static str, Belongs) {
        let names: Vec<String> =
            ROLES.iter().filter(|(_, of)| *of == role).map(|(variant, _)| kebab_case(variant)).collect();
        (role.heading(), Box::new(move |name: &str| names.iter().any(|one| one == name)))
    };
    let other = |(heading, names): (&'static str, &'static [&'static str])| -> (&'static str, Belongs) {
        (heading, Box::new(move |name: &str| names.is_empty() || names.contains(&name)))
    };
    let [look, play, operate] = OTHERS;
    let roles = [Role::Lp, Role::Borrower, Role::Staker, Role::Keeper, Role::Authority].map(role);
    std::iter::once(other(look)).chain(roles).chain([other(play), other(operate)]).collect()
}
