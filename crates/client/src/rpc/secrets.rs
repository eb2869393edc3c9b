//! Secrets in node URLs, which must not be shown or logged. Many providers put their key into the path or the query.

use std::sync::Arc;

/// What stands in their place.
const HIDDEN: &str = "***";
/// Shorter parts of a path or a query are names and versions.
const SHORTEST: usize = 8;

/// Texts that are not to be shown.
#[derive(Clone, Debug, Default)]
pub struct Secrets(Arc<Vec<String>>);

impl Secrets {
    /// The parts of URLs that may be keys: all after the host that is not short, and what stands before an `@`.
    pub fn of_urls<'a>(urls: impl IntoIterator<Item = &'a String>) -> Self {
        let mut secrets: Vec<String> = Vec::new();
        for url in urls {
            let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
            let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
            if let Some((user, _)) = host.rsplit_once('@') {
                secrets.push(format!("{user}@"));
                secrets.extend(user.split_once(':').map(|(_, word)| word.to_owned()).filter(|word| !word.is_empty()));
            }
            let parts = path.split(['/', '?', '&', '=', '#']).filter(|part| part.len() >= SHORTEST);
            secrets.extend(parts.map(str::to_owned));
        }
        // A longer one may hold a shorter one.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self(Arc::new(secrets))
    }

    /// The text without them.
    pub fn hidden_in(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret, HIDDEN))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(url: &str, text: &str) -> String {
        Secrets::of_urls([&url.to_owned()]).hidden_in(text)
    }

    #[test]
    fn keys_in_path_query_and_before_the_host_are_hidden_and_the_host_is_not() {
        assert_eq!(
            hidden(
                "https://node.example/?api-key=0123-4567-89ab",
                "error for url (https://node.example/?api-key=0123-4567-89ab)"
            ),
            "error for url (https://node.example/?api-key=***)"
        );
        assert_eq!(
            hidden("wss://node.example/v2/AbCdEfGh123", "wss://node.example/v2/AbCdEfGh123 fails"),
            "wss://node.example/v2/*** fails"
        );
        assert_eq!(hidden("https://me:w0rd@node.example", "https://me:w0rd@node.example"), "https://***node.example");
        assert_eq!(hidden("https://me:w0rd@node.example", "user me, password w0rd"), "user me, password ***");
        assert_eq!(
            hidden("http://127.0.0.1:8899", "http://127.0.0.1:8899 did not answer"),
            "http://127.0.0.1:8899 did not answer"
        );
    }
}
