//! Outcomes of transactions.

use std::fmt;

use backstop_client::{BackstopError, Event};
use solana_instruction_error::InstructionError;
use solana_transaction_error::TransactionError;

/// The outcome of a successful transaction.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The compute units it used.
    pub compute_units: u64,
    /// The program's events.
    pub events: Vec<Event>,
}

/// The outcome of a failed transaction.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Why.
    pub refusal: Refusal,
    /// The compute units it used.
    pub compute_units: u64,
    /// The runtime's log.
    pub logs: Vec<String>,
}

/// Why a transaction failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The program returned one of its own errors.
    Backstop(BackstopError),
    /// The framework's account checks, a token program or the runtime failed.
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

    /// The error's name: the program's own, or a name for the code of the framework, a token program or the runtime.
    pub fn name(&self) -> String {
        match self {
            Self::Backstop(error) => error.name().into(),
            Self::Other(TransactionError::InstructionError(_, InstructionError::Custom(code))) => custom_name(*code),
            Self::Other(TransactionError::InstructionError(_, error)) => format!("{error:?}"),
            Self::Other(error) => format!("{error:?}"),
        }
    }
}

/// Names the custom error codes of Anchor, SPL Token and the system program that a caller can see. Zero is the system
/// program's: the account to create already exists.
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

/// Asserts that a transaction failed with the error of this name.
///
/// # Panics
/// If it succeeded, or failed with another error. Then shows that error and the log.
#[track_caller]
pub fn assert_error(result: Result<Receipt, Failure>, name: &str) {
    match result {
        Ok(_) => panic!("expected {name}, but the transaction succeeded"),
        Err(failure) => {
            assert!(failure.refusal.name() == name, "expected {name}, got {failure}\n{}", failure.logs.join("\n"));
        }
    }
}
