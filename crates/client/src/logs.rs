//! Events out of a transaction's logs.

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::{Event, PROGRAM_ID};

/// What a transaction's logs told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Logged {
    /// The program's own events, in order. Log data of other programs is left out, whatever it looks like.
    pub events: Vec<Event>,
    /// Whether the runtime cut the logs: then events may be missing, and the accounts must be read instead.
    pub truncated: bool,
}

/// Reads the log lines of one transaction.
///
/// ```
/// let logged = backstop_client::logs::read(&["Program log: hello".into(), "Log truncated".into()]);
/// assert!(logged.truncated && logged.events.is_empty());
/// ```
pub fn read(lines: &[String]) -> Logged {
    let own = PROGRAM_ID.to_string();
    let (mut callers, mut logged) = (Vec::new(), Logged::default());
    for line in lines {
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["Program", "data:", data, ..] if callers.last() == Some(&own.as_str()) => {
                let event = BASE64_STANDARD.decode(data).ok().and_then(|bytes| Event::from_log_data(&bytes));
                logged.events.extend(event);
            }
            ["Program", program, "invoke", ..] => callers.push(program),
            ["Program", _, "success"] | ["Program", _, "failed:", ..] => {
                callers.pop();
            }
            ["Log", "truncated"] => logged.truncated = true,
            _ => {}
        }
    }
    logged
}
