//! Classifies failed actions and sets the pause before a retry.

use std::time::Duration;

use backstop_client::{
    BackstopError,
    rpc::{Refusal, SendError},
    verb,
};

/// Why an action failed, by what to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// Someone was faster, or prices or debts moved. The action is no longer needed, or a different one is.
    Overtaken,
    /// A price is unusable. The next update may fix it.
    PriceUnusable,
    /// The debt changed too recently. Retry in a later slot.
    TooRecent,
    /// It needed more compute than its transaction requested. The retry sizes it again.
    Undersized,
    /// It does not fit a transaction with the configured address lookup tables.
    TooLarge,
    /// The bot lacks SOL or tokens.
    Unaffordable,
    /// The node or the cluster failed. Nothing was executed.
    Unreachable,
    /// It was sent and may yet land. Do not resend before it expires.
    Undecided,
    /// Anything else. Check the log.
    Unexpected,
}

impl FailureKind {
    /// Classifies an error.
    pub fn new(error: &SendError) -> Self {
        match error {
            SendError::Refused { refusal, .. } => Self::of_refusal(refusal),
            SendError::TooLarge { .. } | SendError::TooManyAccounts { .. } => Self::TooLarge,
            SendError::Unreachable { .. } | SendError::Expired { .. } | SendError::Rejected { .. } => Self::Unreachable,
            SendError::Undecided { .. } => Self::Undecided,
            _ => Self::Unexpected,
        }
    }

    fn of_refusal(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::Backstop { error, .. } => Self::of_program(*error),
            Refusal::Fee => Self::Unaffordable,
            Refusal::Compute { .. } => Self::Undersized,
            Refusal::Program { program, .. } if [verb::TOKEN_PROGRAM, verb::TOKEN_2022_PROGRAM].contains(program) => {
                Self::Unaffordable
            }
            refusal if !refusal.is_final() => Self::Unreachable,
            _ => Self::Unexpected,
        }
    }

    const fn of_program(error: BackstopError) -> Self {
        use BackstopError::{
            AmountTooSmall, CollateralRemains, DebtBelowMinimum, DebtCovered, DefaultTooRecent, ExitNotMature,
            ExitNotRequested, FundOnHold, HistoryFull, InsufficientCash, InsufficientCollateral, InvalidPrice,
            InvalidPriceAccount, MissingPrice, NoDebt, ObligationHealthy, Paused, PoolOnHold, PriceFromFuture,
            PriceUncertain, PricesDisagree, SlippageExceeded, StalePrice, TooFewSamples, WrongCollateral, WrongFeed,
        };
        match error {
            // The last three: the obligation holds other collaterals than the book knows.
            ExitNotMature
            | ExitNotRequested
            | FundOnHold
            | HistoryFull
            | InsufficientCash
            | Paused
            | PoolOnHold
            | ObligationHealthy
            | NoDebt
            | CollateralRemains
            | DebtCovered
            | SlippageExceeded
            | AmountTooSmall
            | DebtBelowMinimum
            | InsufficientCollateral
            | WrongCollateral
            | MissingPrice => Self::Overtaken,
            StalePrice | PriceFromFuture | InvalidPrice | InvalidPriceAccount | PriceUncertain | PricesDisagree
            | TooFewSamples | WrongFeed => Self::PriceUnusable,
            DefaultTooRecent => Self::TooRecent,
            _ => Self::Unexpected,
        }
    }

    /// Returns the name in logs and metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Overtaken => "overtaken",
            Self::PriceUnusable => "price_unusable",
            Self::TooRecent => "too_recent",
            Self::Undersized => "undersized",
            Self::TooLarge => "too_large",
            Self::Unaffordable => "unaffordable",
            Self::Unreachable => "unreachable",
            Self::Undecided => "undecided",
            Self::Unexpected => "unexpected",
        }
    }

    /// Returns how long to leave the target alone.
    pub const fn pause(self) -> Duration {
        Duration::from_secs(match self {
            Self::Overtaken | Self::TooRecent | Self::PriceUnusable | Self::Undersized => 2,
            Self::Unreachable => 5,
            Self::Unaffordable | Self::Unexpected => 30,
            // The bot no longer waits for the outcome: the transaction lands or expires.
            Self::Undecided => 120,
            Self::TooLarge => 600,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(error: BackstopError) -> SendError {
        SendError::Refused {
            refusal: Box::new(Refusal::Backstop { instruction: 0, error }),
            logs: Vec::new(),
            signature: None,
        }
    }

    #[test]
    fn refusals_say_what_to_do_next() {
        for (error, failure_kind) in [
            (BackstopError::ObligationHealthy, FailureKind::Overtaken),
            (BackstopError::SlippageExceeded, FailureKind::Overtaken),
            (BackstopError::DebtCovered, FailureKind::Overtaken),
            (BackstopError::ExitNotRequested, FailureKind::Overtaken),
            (BackstopError::InsufficientCash, FailureKind::Overtaken),
            (BackstopError::StalePrice, FailureKind::PriceUnusable),
            (BackstopError::DefaultTooRecent, FailureKind::TooRecent),
            (BackstopError::InvariantViolated, FailureKind::Unexpected),
        ] {
            assert_eq!(FailureKind::new(&refused(error)), failure_kind, "{}", error.name());
        }
    }

    #[test]
    fn what_may_yet_land_is_left_alone_for_longer_than_a_blockhash_lives() {
        let undecided = SendError::Undecided {
            signature: solana_signature::Signature::default(),
            last_valid_block_height: 1,
            url: String::new(),
        };
        assert_eq!(FailureKind::new(&undecided), FailureKind::Undecided);
        assert!(FailureKind::Undecided.pause() > Duration::from_millis(150 * 400));
    }
}
