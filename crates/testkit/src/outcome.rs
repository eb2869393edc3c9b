//! What a transaction did, or why it did not.

use std::fmt;

use backstop_client::{BackstopError, Event};
use solana_instruction_error::InstructionError;
use solana_transaction_error::TransactionError;

/// A transaction that succeeded.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// What it cost.
    pub compute_units: u64,
    /// What the program told.
    pub events: Vec<Event>,
}

/// A transaction that failed.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Why.
    pub refusal: Refusal,
    /// What it cost.
    pub compute_units: u64,
    /// The runtime's log.
    pub logs: Vec<String>,
}

/// Why a transaction failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// By the program, with one of its own errors.
    Backstop(BackstopError),
    /// By the account checks of the framework, by a token program, or by the runtime.
    Other(TransactionError),
}

impl Refusal {
    pub(crate) fn new(error: TransactionError) -> Self {
        if let TransactionError::InstructionError(_, InstructionError::Custom(code)) = error
            && let Some(own) = BackstopError::ALL.iter().find(|own| **own as u32 == code)
        {
            return Self::Backstop(*own);
        }
        Self::Other(error)
    }

    /// Its name: the program's own, or the runtime's with the number that the framework or a token program gave.
    pub fn name(&self) -> String {
        match self {
            Self::Backstop(error) => error.name().into(),
            Self::Other(TransactionError::InstructionError(_, InstructionError::Custom(code))) => custom_name(*code),
            Self::Other(TransactionError::InstructionError(_, error)) => format!("{error:?}"),
            Self::Other(error) => format!("{error:?}"),
        }
    }
}

/// Names of the numbered errors of Anchor, of SPL Token and of the system program that can reach a caller. Zero is the
/// system program's: an account that is to be created exists.
fn custom_name(code: u32) -> String {
    let name = match code {
        0 => "AccountAlreadyInUse",
        1 => "TokenInsufficientFunds",
        3 => "TokenMintMismatch",
        4 => "TokenOwnerMismatch",
        14 => "TokenOverflow",
        17 => "TokenAccountFrozen",
        18 => "TokenMintDecimalsMismatch",
        2000 => "ConstraintMut",
        2012 => "ConstraintAddress",
        2007 => "ConstraintExecutable",
        2040 => "ConstraintDuplicateMutableAccount",
        _ => return format!("Custom({code})"),
    };
    name.into()
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Backstop(error) => write!(f, "{}: {}", error.name(), error.message()),
            Self::Other(_) => f.write_str(&self.name()),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.refusal.fmt(f)
    }
}

impl std::error::Error for Failure {}

/// Checks that a transaction failed with the error of this name.
///
/// # Panics
/// If it succeeded, or failed otherwise; says with what, and shows the log.
#[track_caller]
pub fn assert_error(result: Result<Receipt, Failure>, name: &str) {
    match result {
        Ok(_) => panic!("expected {name}, but the transaction succeeded"),
        Err(failure) => {
            assert!(failure.refusal.name() == name, "expected {name}, got {failure}\n{}", failure.logs.join("\n"));
        }
    }
}
