//! Whether what a guide promises is there.

/// Stands for anything.
const ANYTHING: &str = "...";

/// Whether a promise is somewhere in a text. Spaces and line breaks count alike, however many; `...` stands for
/// anything.
pub(crate) fn is_in(promise: &str, text: &str) -> bool {
    let text = even(text);
    let mut rest = text.as_str();
    promise.split(ANYTHING).map(even).all(|piece| match rest.split_once(piece.as_str()) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

fn even(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::is_in;

    #[test]
    fn spaces_and_lines_do_not_matter_and_words_do() {
        assert!(is_in("cash   1,000\n debt 5\n", "pool\n  cash 1,000\n  debt    5\n"));
        assert!(!is_in("cash 1,000 debt 6", "cash 1,000\ndebt 5"));
        assert!(!is_in("cash debt 5", "cash 1,000\ndebt 5"));
    }

    #[test]
    fn dots_stand_for_anything_in_order() {
        assert!(is_in("Done: ...\nshares 10...", "Done: 5xYz\n\nshares 10.000001"));
        assert!(is_in("...", ""));
        assert!(!is_in("one ... two", "two one"));
    }
}
