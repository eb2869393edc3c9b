//! Why an action failed, and what follows for the next one.

use std::time::Duration;

use backstop_client::{
    BackstopError,
    rpc::{Refusal, SendError},
    verb,
};

/// Why an action was not done, as far as it matters for what to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// Someone was faster, or prices or debts have moved: there is nothing to do any more, or something else.
    Overtaken,
    /// A price cannot be used: the next update may bring a better one.
    PriceUnusable,
    /// The debt changed too recently: a later slot will do.
    TooRecent,
    /// It needed more compute than it was sized for: it is sized anew.
    Undersized,
    /// It does not fit into a transaction with the address lookup tables there are.
    TooLarge,
    /// The bot lacks SOL or tokens for it.
    Unaffordable,
    /// The node or the cluster failed; nothing was done.
    Unreachable,
    /// It was sent and may yet land: it must not be sent again before it can no longer.
    Undecided,
    /// Anything else: a person should look.
    Unexpected,
}

impl FailureKind {
    /// What an error means.
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
            // The last three say that the obligation holds other collaterals than the book knew of.
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

    /// Its name, as logs and metrics have it.
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

    /// For how long to leave its obligation alone.
    pub const fn pause(self) -> Duration {
        Duration::from_secs(match self {
            Self::Overtaken | Self::TooRecent | Self::PriceUnusable | Self::Undersized => 2,
            Self::Unreachable => 5,
            Self::Unaffordable | Self::Unexpected => 30,
            // Nobody waits any longer for what became of it: it lands or expires by itself.
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
