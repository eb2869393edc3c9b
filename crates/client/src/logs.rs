//! Reads events from a transaction's logs.

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
            // Whatever a program writes here, it neither starts nor ends one.
            ["Program", "log:" | "return:", ..] => {}
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

#[cfg(test)]
mod tests {
    use solana_address::Address;

    use super::*;
    use crate::AuthorityChanged;

    /// The first eight bytes of the SHA-256 of `event:AuthorityChanged`.
    const DISCRIMINATOR: [u8; 8] = [31, 19, 174, 152, 4, 82, 215, 226];

    /// The line of an event, and the event.
    fn event(byte: u8) -> (String, Event) {
        let address = Address::new_from_array([byte; 32]);
        let data = [&DISCRIMINATOR[..], &[byte; 96]].concat();
        let event = AuthorityChanged { market: address, before: address, authority: address };
        (format!("Program data: {}", BASE64_STANDARD.encode(data)), Event::AuthorityChanged(event))
    }

    fn logged(lines: &[&str]) -> Logged {
        read(&lines.iter().map(|line| line.replace("OWN", &PROGRAM_ID.to_string())).collect::<Vec<_>>())
    }

    #[test]
    fn events_are_told_in_order_around_calls_of_others() {
        let ((first, one), (second, two)) = (event(1), event(2));
        let logged = logged(&[
            "Program OWN invoke [1]",
            &first,
            "Program Token111 invoke [2]",
            "Program Token111 success",
            &second,
            "Program OWN success",
        ]);
        assert_eq!(logged, Logged { events: vec![one, two], truncated: false });
    }

    #[test]
    fn data_of_another_program_is_no_event_whatever_it_writes() {
        let (line, _) = event(1);
        let logged = logged(&[
            "Program Other11 invoke [1]",
            "Program log: OWN invoke [2]",
            "Program log: invoke [2]",
            &line,
            "Program OWN invoke [2]",
            "Program OWN failed: custom program error: 0x1770",
            &line,
            "Program Other11 success",
        ]);
        assert_eq!(logged, Logged::default());
    }

    #[test]
    fn words_of_a_called_program_do_not_hide_an_event() {
        let (line, event) = event(1);
        let logged = logged(&["Program OWN invoke [1]", "Program log: success", &line, "Program OWN success"]);
        assert_eq!(logged.events, [event]);
    }

    #[test]
    fn cut_logs_are_told_with_the_events_before() {
        let (line, event) = event(1);
        let logged = logged(&["Program OWN invoke [1]", &line, "Log truncated"]);
        assert_eq!(logged, Logged { events: vec![event], truncated: true });
    }

    #[test]
    fn data_that_is_no_event_is_left_out() {
        let logged =
            logged(&["Program OWN invoke [1]", "Program data: AAAA", "Program data: not base64", "Program data:"]);
        assert_eq!(logged, Logged::default());
    }
}
