//! The help text of the whole command, its commands grouped by who they are for.

use clap::Command;

use crate::verbs::{ROLES, Role};

/// Commands that are no instruction, by what they are for. What is in no group is in the last.
const OTHERS: [(&str, &[&str]); 3] =
    [("Look", &["show"]), ("Try it out", &["localnet", "demo", "run"]), ("Operate and install", &[])];

/// What an address may be, and what the exit codes mean.
pub const EXIT_CODES: &str = "Where an address is asked for, a keypair file does as well.\nExit codes: 0 done; 1 refused by the chain, or not confirmed; 2 wrong usage, or it cannot be done as things stand; 130 interrupted.";

/// Gives a command a help text with its subcommands in groups.
#[must_use]
pub fn grouped(command: Command) -> Command {
    let groups = groups(&command);
    let template = format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n{groups}\nGlobal options:\n{{options}}{{after-help}}"
    );
    taking_negative_numbers(command.help_template(template))
}

/// What looks like a negative number is read as a value, so that whoever reads it says what is wrong with it.
fn taking_negative_numbers(command: Command) -> Command {
    let taking = |one: clap::Arg| match one.get_action().takes_values() {
        true => one.allow_negative_numbers(true),
        false => one,
    };
    command.mut_args(taking).mut_subcommands(taking_negative_numbers)
}

/// The subcommands under their headings.
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

/// `LikeThis` as `like-this`: what a command is called whose variant is called so.
pub fn kebab_case(name: &str) -> String {
    crate::scenario::snake_case(name).replace('_', "-")
}
