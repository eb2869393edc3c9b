//! No line of a hand-written file is wider than [`WIDTH`], unless it cannot be wrapped.

use crate::{
    repository::root,
    run::{self, Outcome, command},
};

/// The maximum width of a line, in characters.
const WIDTH: usize = 120;
/// A word longer than this cannot be wrapped.
const WORD: usize = 100;
/// A string literal longer than this need not be wrapped.
const STRING: usize = 90;
/// The number of lines that the error names.
const NAMED: usize = 10;
/// The extensions of the files that are checked.
const EXTENSIONS: [&str; 7] = ["rs", "md", "ts", "mjs", "py", "toml", "sh"];
/// Generated files and data, by the start of their path.
const EXEMPT: [&str; 4] =
    ["clients/ts/src/engine/module.ts", "clients/ts/src/generated/", "crates/client/src/generated/", "tests/fixtures/"];

/// Checks every hand-written file that git tracks.
pub(crate) fn check() -> Outcome {
    let patterns = EXTENSIONS.map(|extension| format!("*.{extension}"));
    let listed = run::output(command("git").args(["ls-files", "-z", "--"]).args(patterns))?;
    let mut wide = Vec::new();
    for path in listed.split('\0').filter(|path| !path.is_empty() && !EXEMPT.iter().any(|of| path.starts_with(of))) {
        // Git lists a deleted file until the deletion is staged.
        let Ok(text) = std::fs::read_to_string(root().join(path)) else { continue };
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        wide.extend(too_wide(&text, extension).map(|line| format!("{path}:{line}")));
    }
    if wide.is_empty() {
        return Ok(());
    }
    let named: Vec<&str> = wide.iter().take(NAMED).map(String::as_str).collect();
    Err(format!("{} lines are wider than {WIDTH} characters:\n{}", wide.len(), named.join("\n")))
}

/// The numbers of the lines that are too wide. Tables, images and fenced blocks of Markdown may be wide. Rust's doc
/// comments are Markdown.
fn too_wide(text: &str, extension: &str) -> impl Iterator<Item = usize> {
    let mut is_fenced = false;
    (1..).zip(text.lines()).filter_map(move |(number, line)| {
        let markdown = match extension {
            "md" => Some(line.trim_start()),
            "rs" => doc_comment(line),
            _ => None,
        };
        let is_fence = markdown.is_some_and(|markdown| markdown.starts_with("```"));
        is_fenced = markdown.is_some() && (is_fenced ^ is_fence);
        let may_be_wide = is_fence || is_fenced || markdown.is_some_and(|markdown| markdown.starts_with(['|', '!']));
        let is_too_wide = line.chars().count() > WIDTH && !may_be_wide && !is_unbreakable(line, extension);
        is_too_wide.then_some(number)
    })
}

/// The text of a line that is a doc comment.
fn doc_comment(line: &str) -> Option<&str> {
    let line = line.trim_start();
    line.strip_prefix("///").or_else(|| line.strip_prefix("//!")).map(str::trim_start)
}

/// Whether a line has a URL, a long word or a long string literal.
fn is_unbreakable(line: &str, extension: &str) -> bool {
    let has_long_word = line.split_whitespace().any(|word| word.chars().count() > WORD);
    line.contains("://") || has_long_word || longest_string(line, extension) > STRING
}

/// The length of the longest string literal that starts and ends on a line. Markdown and comments have none.
fn longest_string(line: &str, extension: &str) -> usize {
    let (comment, quotes): (&str, &[char]) = match extension {
        "rs" => ("//", &['"']),
        "ts" | "mjs" => ("//", &['"', '\'', '`']),
        "toml" | "sh" | "py" => ("#", &['"', '\'']),
        _ => return 0,
    };
    if line.trim_start().starts_with(comment) {
        return 0;
    }
    let (mut longest, mut open, mut is_escaped) = (0, None, false);
    for (place, character) in line.chars().enumerate() {
        let is_quote = !is_escaped && quotes.contains(&character);
        is_escaped = !is_escaped && character == '\\';
        match open {
            None if is_quote => open = Some((character, place)),
            Some((quote, start)) if is_quote && quote == character => {
                longest = longest.max(place.saturating_sub(start).saturating_sub(1));
                open = None;
            }
            _ => {}
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(text: &str, extension: &str) -> Vec<usize> {
        too_wide(text, extension).collect()
    }

    fn words() -> String {
        "word ".repeat(30)
    }

    #[test]
    fn width_counts_characters() {
        let [fits, not] = [WIDTH, WIDTH + 1].map(|width| "é ".repeat(width).chars().take(width).collect::<String>());
        for extension in EXTENSIONS {
            assert_eq!(wide(&format!("{fits}\n{not}\n"), extension), [2], "{extension}");
        }
    }

    #[test]
    fn tables_images_and_fenced_blocks_may_be_wide() {
        let words = words();
        assert!(wide(&format!("| {words} |\n![{words}](picture.svg)\n```\n{words}\n```\n"), "md").is_empty());
        assert_eq!(wide(&format!("```\n```\n{words}\n"), "md"), [3]);
        assert_eq!(wide(&format!("| {words} |\n```\n{words}\n```\n"), "py"), [1, 3]);
    }

    #[test]
    fn doc_comments_are_markdown() {
        let words = words();
        assert_eq!(wide(&format!("/// {words}\n//! | {words} |\n// | {words} |\n"), "rs"), [1, 3]);
        assert_eq!(wide(&format!("/// ```\n    /// {words}\n/// ```\nlet {words};\n"), "rs"), [4]);
        assert_eq!(wide(&format!("/// ```\nlet {words};\n"), "rs"), [2]);
    }

    #[test]
    fn urls_and_long_words_may_be_wide() {
        let words = words();
        assert!(wide(&format!("{words}https://example.org"), "md").is_empty());
        assert!(wide(&format!("{words}{}", "a".repeat(WORD + 1)), "ts").is_empty());
        assert_eq!(wide(&format!("{words}{}", "a".repeat(WORD)), "ts"), [1]);
    }

    #[test]
    fn long_strings_may_be_wide() {
        let [short, long] =
            [STRING, STRING + 1].map(|width| "a ".repeat(width).chars().take(width).collect::<String>());
        let call = " ".repeat(WIDTH);
        assert_eq!(wide(&format!("{call}(\"{short}\")\n{call}(\"{long}\")\n"), "rs"), [1]);
        assert!(wide(&format!("{call}(\"\\\"{long}\")"), "rs").is_empty());
        assert!(wide(&format!("{call}(`it's {long}`)"), "mjs").is_empty());
        assert_eq!(wide(&format!("{call}('{long}')"), "rs"), [1]);
        assert_eq!(wide(&format!("{call}(\"a\", {long}, \"b\")"), "py"), [1]);
        assert_eq!(wide(&format!("# {call}\"{long}\""), "toml"), [1]);
    }
}
