//! A guide as what its fenced blocks ask to be done.

/// A fenced block.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// The line of its fence, from 1.
    pub(crate) line: usize,
    pub(crate) does: Does,
}

/// What a block asks to be done.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Does {
    /// Run a script, which ends so.
    Run { script: String, exit: i32 },
    /// Find this in what the last script printed.
    Print(String),
    /// Write a file.
    Write { file: String, text: String },
    /// Find this in a file of the repository.
    Quote { file: String, text: String },
    /// Nothing: another stage does it.
    RunElsewhere { stage: String, why: String },
}

/// The blocks of a guide in their order, or the line of one that nobody understands and why.
pub(crate) fn blocks(text: &str) -> Result<Vec<Block>, String> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut lines = (1..).zip(text.lines());
    let (mut above, mut may_print) = ("", false);
    while let Some((line, fence)) = lines.next() {
        let Some(info) = fence.trim_start().strip_prefix("```") else {
            above = fence;
            continue;
        };
        let inside: Vec<&str> = lines.by_ref().map(|(_, text)| text).take_while(|text| text.trim() != "```").collect();
        let does =
            does(info, above, inside.join("\n") + "\n", may_print).map_err(|problem| format!("{line}: {problem}"))?;
        may_print = matches!(does, Does::Run { .. } | Does::Print(_));
        above = "";
        blocks.push(Block { line, does });
    }
    if blocks.is_empty() { Err("1: there is no block in it".into()) } else { Ok(blocks) }
}

fn does(info: &str, above: &str, text: String, may_print: bool) -> Result<Does, String> {
    let mut words = info.split_whitespace();
    let language = words.next().unwrap_or_default();
    let option = words.next().map(|word| word.split_once('=').unwrap_or((word, "")));
    if let Some(extra) = words.next() {
        return Err(format!("the fence says `{extra}` besides: it can say one thing"));
    }
    if let Some(comment) = above.trim().strip_prefix("<!--") {
        let (stage, why) =
            elsewhere(comment).ok_or("the comment above is not of the form <!-- stage `name`: why -->")?;
        return if language == "sh" {
            Ok(Does::RunElsewhere { stage, why })
        } else {
            Err("only `sh` can be run elsewhere".into())
        };
    }
    match (language, option) {
        ("sh", None) => Ok(Does::Run { script: text, exit: 0 }),
        ("sh", Some(("exit", code))) => {
            let exit = code.parse().map_err(|_| format!("`{code}` is no exit code"))?;
            Ok(Does::Run { script: text, exit })
        }
        ("text", None) if may_print => Ok(Does::Print(text)),
        ("text", None) => Err("`text` does not come after `sh`: what would have printed it?".into()),
        ("sh" | "text" | "", _) => Err(format!("`{info}` is no fence that is understood")),
        (_, Some(("file", file))) => Ok(Does::Write { file: file.into(), text }),
        (_, Some(("from", file))) => Ok(Does::Quote { file: file.into(), text }),
        _ => Err(format!("`{info}` says neither file=PATH nor from=PATH: nothing would check it")),
    }
}

fn elsewhere(comment: &str) -> Option<(String, String)> {
    let (stage, why) = comment.trim().strip_prefix("stage `")?.strip_suffix("-->")?.split_once("`: ")?;
    (!why.trim().is_empty()).then(|| (stage.into(), why.trim().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(text: &str) -> Does {
        let mut blocks = blocks(text).unwrap();
        assert_eq!(blocks.len(), 1);
        blocks.remove(0).does
    }

    #[test]
    fn fences_say_what_is_done() {
        assert_eq!(
            only("Do:\n\n```sh\necho one\ntrue\n```\n"),
            Does::Run { script: "echo one\ntrue\n".into(), exit: 0 }
        );
        assert_eq!(only("```sh exit=2\nfalse\n```"), Does::Run { script: "false\n".into(), exit: 2 });
        assert_eq!(
            only("```toml file=a/b.toml\nx = 1\n```"),
            Does::Write { file: "a/b.toml".into(), text: "x = 1\n".into() }
        );
        assert_eq!(
            only("```rust from=src/lib.rs\nx;\n```"),
            Does::Quote { file: "src/lib.rs".into(), text: "x;\n".into() }
        );
        let elsewhere = Does::RunElsewhere { stage: "bench".into(), why: "it takes long".into() };
        assert_eq!(only("<!-- stage `bench`: it takes long -->\n```sh\nx\n```"), elsewhere);
    }

    #[test]
    fn lines_are_counted_and_text_belongs_to_what_ran() {
        let blocks = blocks("# A\n```sh\ntrue\n```\nprints\n```text\none\n```\nand\n```text\ntwo\n```\n").unwrap();
        assert_eq!(blocks.iter().map(|block| block.line).collect::<Vec<_>>(), [2, 6, 10]);
        assert_eq!(blocks[2].does, Does::Print("two\n".into()));
    }

    #[test]
    fn what_nobody_understands_is_refused_with_its_line() {
        let wrong = [
            ("\n\n```\nx\n```", "3: "),
            ("```bash\nx\n```", "neither file=PATH nor from=PATH"),
            ("```rust\nx\n```", "neither file=PATH nor from=PATH"),
            ("```rust skip\nx\n```", "neither file=PATH nor from=PATH"),
            ("```sh skip\nx\n```", "no fence that is understood"),
            ("```sh exit=no\nx\n```", "`no` is no exit code"),
            ("```sh exit=1 quietly\nx\n```", "`quietly`"),
            ("```text\nx\n```", "what would have printed it"),
            ("<!-- skip -->\n```sh\nx\n```", "not of the form"),
            ("<!-- stage `bench`: -->\n```sh\nx\n```", "not of the form"),
            ("nothing", "there is no block"),
        ];
        for (text, problem) in wrong {
            let error = blocks(text).unwrap_err();
            assert!(error.contains(problem), "{text}: {error}");
        }
    }
}
