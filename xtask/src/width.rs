//! No line of code or text is wider than [`WIDTH`], except where it cannot be wrapped.

use crate::{
    repository::root,
    run::{self, Outcome, command},
};

/// The width of a line, in characters.
const WIDTH: usize = 120;
/// A word of so many characters is not wrapped.
const UNBREAKABLE: usize = 60;
/// Files that are made by a program, or that hold what one made.
const GENERATED: [&str; 4] = ["crates/client/src/generated/", "docs/parameters.md", "tests/fixtures/", "CHANGELOG.md"];
/// How many lines are named.
const NAMED: usize = 10;

/// Checks all Rust and Markdown that git knows.
pub(crate) fn check() -> Outcome {
    let listed = run::output(command("git").args(["ls-files", "-z", "--", "*.rs", "*.md"]))?;
    let mut wide = Vec::new();
    for path in listed.split('\0').filter(|path| !path.is_empty() && !GENERATED.iter().any(|of| path.starts_with(of))) {
        // A file can be gone from the folder before git knows.
        let Ok(text) = std::fs::read_to_string(root().join(path)) else { continue };
        wide.extend(too_wide(&text, path.ends_with(".md")).map(|line| format!("{path}:{line}")));
    }
    if wide.is_empty() {
        return Ok(());
    }
    let named: Vec<&str> = wide.iter().take(NAMED).map(String::as_str).collect();
    Err(format!("{} lines are wider than {WIDTH} characters:\n{}", wide.len(), named.join("\n")))
}

/// The numbers of the lines of text that are too wide. Tables and fenced blocks are free, and of Rust what is no
/// comment: that is rustfmt's.
fn too_wide(text: &str, is_markdown: bool) -> impl Iterator<Item = usize> {
    let mut fenced = false;
    (1..).zip(text.lines()).filter_map(move |(number, line)| {
        let words = if is_markdown { Some(line) } else { comment(line) };
        let fence = words.is_some_and(|words| words.trim_start().starts_with("```"));
        fenced = words.is_some() && (fenced ^ fence);
        let is_free = fence || fenced || words.is_none_or(|words| words.starts_with(['|', '!']));
        (!is_free && line.chars().count() > WIDTH && !is_unbreakable(line)).then_some(number)
    })
}

/// The words of a line that is a comment.
fn comment(line: &str) -> Option<&str> {
    let words = line.trim_start().strip_prefix("//")?;
    Some(words.trim_start_matches(['/', '!']).trim_start())
}

/// Whether a line has a word that is too long to be wrapped, such as a link.
fn is_unbreakable(line: &str) -> bool {
    line.split(' ').any(|word| word.chars().count() > UNBREAKABLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(text: &str, is_markdown: bool) -> Vec<usize> {
        too_wide(text, is_markdown).collect()
    }

    #[test]
    fn a_line_is_as_wide_as_its_characters() {
        let [fits, not] = [WIDTH, WIDTH + 1].map(|width| "é ".repeat(width).chars().take(width).collect::<String>());
        assert_eq!(wide(&format!("{fits}\n{not}\n"), true), [2]);
    }

    #[test]
    fn what_cannot_be_wrapped_may_be_wide() {
        let words = "word ".repeat(30);
        assert_eq!(wide(&words, true), [1]);
        assert!(wide(&format!("{words}[1](https://{})", "a".repeat(UNBREAKABLE)), true).is_empty());
        assert!(wide(&format!("| {words} |\n```\n{words}\n```\n"), true).is_empty());
    }

    #[test]
    fn of_rust_comments_are_checked_but_no_examples() {
        let words = "word ".repeat(30);
        assert_eq!(wide(&format!("let {words};\n    /// {words}\n//! | {words} |\n"), false), [2]);
        assert!(wide(&format!("/// ```\n/// {words}\n/// ```\nlet {words};"), false).is_empty());
    }
}
