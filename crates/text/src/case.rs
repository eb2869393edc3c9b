/// Converts `LikeThis` to `like_this`.
///
/// ```
/// assert_eq!(backstop_text::snake_case("MaxLtvBps"), "max_ltv_bps");
/// ```
#[must_use]
pub fn snake_case(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !words.is_empty() {
            words.push('_');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}

/// Converts `LikeThis` to `like-this`.
///
/// ```
/// assert_eq!(backstop_text::kebab_case("RecordBadDebt"), "record-bad-debt");
/// ```
#[must_use]
pub fn kebab_case(name: &str) -> String {
    snake_case(name).replace('_', "-")
}
