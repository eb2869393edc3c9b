//! Dates, durations, and the speed of a cluster's clock.

use std::{fmt, str::FromStr, time::Duration};

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

const DAY: u64 = 86_400;
/// The longest duration: a year. A cluster's clock cannot be moved back.
const LONGEST: u64 = 31_536_000;

/// The text tells no time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// No duration.
    #[error("\"{0}\" is not a duration: a whole number with s, m, h or d, such as 90s or 2d")]
    Duration(String),
    /// Too long a duration.
    #[error("\"{0}\" is longer than a year: a clock cannot be moved back, so take at most 365d at once")]
    TooLong(String),
    /// No speed.
    #[error(
        "\"{0}\" is not a speed: chain seconds for each second, such as 3600, or a pair of durations such as 1d/10s"
    )]
    Speed(String),
    /// No moment.
    #[error("\"{0}\" is not a time: seconds since 1970, 2022-11-09, or 2022-11-09T14:30:00Z")]
    Moment(String),
}

/// Reads a duration in seconds: `90`, `90s`, `15m`, `36h`, `2d`.
///
/// # Errors
/// If it is something else, or longer than a year.
///
/// ```
/// assert_eq!(backstop_localnet::parse_duration("2d"), Ok(172_800));
/// assert!(backstop_localnet::parse_duration("two days").is_err());
/// ```
pub fn parse_duration(text: &str) -> Result<u64, TimeError> {
    let error = || TimeError::Duration(text.into());
    let number = text.trim_end_matches(['s', 'm', 'h', 'd']);
    let unit = match text.get(number.len()..) {
        Some("" | "s") => 1,
        Some("m") => 60,
        Some("h") => 3_600,
        Some("d") => DAY,
        _ => return Err(error()),
    };
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(error());
    }
    let seconds = number.parse::<u64>().map_err(|_| error())?.saturating_mul(unit);
    if seconds > LONGEST { Err(TimeError::TooLong(text.into())) } else { Ok(seconds) }
}

/// How quickly a cluster's clock runs: so many seconds of it in so many of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speed {
    chain: u64,
    real: u64,
}

impl Speed {
    /// The clock stands still.
    pub const STILL: Self = Self { chain: 0, real: 1 };

    /// The milliseconds that pass on the cluster, and what is left over for the next time, in real microseconds as many
    /// times as chain seconds pass.
    pub(crate) fn passed(&self, elapsed: Duration, left_over: &mut u128) -> u64 {
        let total = elapsed.as_micros().saturating_mul(self.chain.into()).saturating_add(*left_over);
        let one = u128::from(self.real).saturating_mul(1_000);
        *left_over = total.checked_rem(one).unwrap_or(0);
        total.checked_div(one).and_then(|passed| passed.try_into().ok()).unwrap_or(u64::MAX)
    }
}

/// As quick as ours.
impl Default for Speed {
    fn default() -> Self {
        Self { chain: 1, real: 1 }
    }
}

/// In words: `runs 3600 times as quickly as ours`.
impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.chain, self.real) {
            (0, _) => f.write_str("stands still"),
            (chain, real) if chain == real => f.write_str("runs as ours"),
            (chain, real) if chain.checked_rem(real) == Some(0) => {
                write!(f, "runs {} times as quickly as ours", chain.checked_div(real).unwrap_or(0))
            }
            (chain, real) => write!(f, "runs {chain} s in {real} s"),
        }
    }
}

impl FromStr for Speed {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let error = |_| TimeError::Speed(text.into());
        match text.split_once('/') {
            Some((chain, real)) => {
                let speed =
                    Self { chain: parse_duration(chain).map_err(error)?, real: parse_duration(real).map_err(error)? };
                if speed.real == 0 { Err(TimeError::Speed(text.into())) } else { Ok(speed) }
            }
            None if text.ends_with(|last: char| last.is_ascii_digit()) => {
                Ok(Self { chain: parse_duration(text).map_err(error)?, real: 1 })
            }
            None => Err(TimeError::Speed(text.into())),
        }
    }
}

/// Reads a moment, in UTC: seconds since 1970, a date, or a date and a time.
pub(crate) fn parse_moment(text: &str) -> Result<i64, TimeError> {
    let error = || TimeError::Moment(text.into());
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().map_err(|_| error());
    }
    let moment = match text.parse::<Timestamp>() {
        Ok(moment) => moment,
        Err(_) => TimeZone::UTC.to_timestamp(text.parse::<DateTime>().map_err(|_| error())?).map_err(|_| error())?,
    };
    u32::try_from(moment.as_second()).map(i64::from).map_err(|_| error())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `date -u -d 2022-11-09 +%s` and so on.
    #[test]
    fn moments_are_those_of_the_calendar() {
        assert_eq!(parse_moment("1970-01-01"), Ok(0));
        assert_eq!(parse_moment("2022-11-09"), Ok(1_667_952_000));
        assert_eq!(parse_moment("2022-11-09T14:30:05Z"), Ok(1_668_004_205));
        assert_eq!(parse_moment("2024-02-29 00:00:01"), Ok(1_709_164_801));
        assert_eq!(parse_moment("1667952000"), Ok(1_667_952_000));
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        let wrong =
            ["", "2023-02-29", "2022-13-01", "2022-11-00", "2022-11-9", "1969-12-31", "-5", "2022-11-09T25:00:00Z"];
        for text in wrong.into_iter().chain(["now", "+5", "14:30"]) {
            assert!(parse_moment(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_duration_is_at_most_a_year() {
        assert_eq!(parse_duration("365d"), Ok(31_536_000));
        for text in ["366d", "31536001", "99999999d", "18446744073709551615d"] {
            assert_eq!(parse_duration(text), Err(TimeError::TooLong(text.into())));
        }
        assert_eq!(parse_duration("d"), Err(TimeError::Duration("d".into())));
    }

    #[test]
    fn a_speed_is_a_number_or_a_pair_of_durations() {
        assert_eq!("3600".parse(), Ok(Speed { chain: 3_600, real: 1 }));
        assert_eq!("1d/10s".parse(), Ok(Speed { chain: 86_400, real: 10 }));
        assert_eq!("0".parse(), Ok(Speed::STILL));
        let reported = |text: &str| text.parse::<Speed>().unwrap().to_string();
        assert_eq!(reported("1d/10s"), "runs 8640 times as quickly as ours");
        assert_eq!(
            [reported("0"), reported("1"), reported("1d/7s")],
            ["stands still", "runs as ours", "runs 86400 s in 7 s"]
        );
        for text in ["", "1d", "1d/0s", "fast", "-1", "1/2/3", "1.5"] {
            assert!(text.parse::<Speed>().is_err(), "{text}");
        }
    }

    #[test]
    fn nothing_is_lost_between_blocks() {
        // A third of the speed of ours: 400 ms are 133 1/3 ms, thrice that is 400 ms.
        let (speed, mut left_over) = (Speed { chain: 1, real: 3 }, 0);
        let mut block = || speed.passed(Duration::from_millis(400), &mut left_over);
        assert_eq!([block(), block(), block()], [133, 133, 134]);
    }
}
