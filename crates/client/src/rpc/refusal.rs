//! Why the chain refuses a transaction.

use std::fmt;

use solana_address::Address;
use solana_instruction::Instruction;
use solana_instruction_error::InstructionError;
use solana_sdk_ids::system_program;
use solana_transaction_error::TransactionError;

use super::transaction::BUDGET_INSTRUCTIONS;
use crate::{BackstopError, PROGRAM_ID, verb};

/// Why the chain refuses a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// This program refuses an instruction.
    Backstop {
        /// Which of the instructions, from 0.
        instruction: usize,
        /// Why.
        error: BackstopError,
    },
    /// Another program refuses, or the runtime while it ran one.
    Program {
        /// Which of the instructions, from 0.
        instruction: usize,
        /// The program that failed, which may be one that the instruction's own program called.
        program: Address,
        /// Why.
        error: InstructionError,
    },
    /// An instruction needs more compute than was asked for. The state that it was sized for has changed: size it anew.
    Compute {
        /// Which of the instructions, from 0.
        instruction: usize,
    },
    /// The payer cannot pay the fee.
    Fee,
    /// The transaction cannot run at all: an account is missing or unfit, or the cluster is too busy.
    Transaction(TransactionError),
}

impl Refusal {
    /// What a transaction's error means. The logs tell which program failed, where one calls another.
    pub(super) fn new(error: TransactionError, instructions: &[Instruction], logs: &[String]) -> Self {
        match error {
            TransactionError::InstructionError(index, error) => {
                let instruction = usize::from(index).saturating_sub(BUDGET_INSTRUCTIONS);
                if is_out_of_compute(&error, logs) {
                    return Self::Compute { instruction };
                }
                let own = instructions.get(instruction).map(|instruction| instruction.program_id);
                let program = failed_program(logs).or(own).unwrap_or_default();
                let backstop = match error {
                    InstructionError::Custom(code) if program == PROGRAM_ID => BackstopError::from_code(code),
                    _ => None,
                };
                match backstop {
                    Some(error) => Self::Backstop { instruction, error },
                    None => Self::Program { instruction, program, error },
                }
            }
            // An account that pays and is not there has never held SOL.
            TransactionError::InsufficientFundsForFee | TransactionError::AccountNotFound => Self::Fee,
            error => Self::Transaction(error),
        }
    }

    /// Whether the same transaction would be refused again as things stand.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Backstop { .. } | Self::Program { .. } | Self::Fee => true,
            Self::Compute { .. } => false,
            Self::Transaction(error) => !matches!(
                error,
                TransactionError::AccountInUse
                    | TransactionError::BlockhashNotFound
                    | TransactionError::ClusterMaintenance
                    | TransactionError::CommitCancelled
                    | TransactionError::ProgramCacheHitMaxLimit
                    | TransactionError::ResanitizationNeeded
                    | TransactionError::WouldExceedAccountDataBlockLimit
                    | TransactionError::WouldExceedMaxAccountCostLimit
                    | TransactionError::WouldExceedMaxBlockCostLimit
                    | TransactionError::WouldExceedMaxVoteCostLimit
            ),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Backstop { error, .. } => write!(out, "{error} ({})", error.name()),
            Self::Program { instruction, program, error } => match advice(program, error) {
                Some(advice) => out.write_str(advice),
                None => write!(out, "the program {program} failed in instruction {instruction}: {error}"),
            },
            Self::Compute { .. } => out.write_str(
                "it needs more compute than was asked for: send it anew, raise the margin, or send fewer instructions at once",
            ),
            Self::Fee => out.write_str("the payer has too little SOL for the fee: send it some"),
            Self::Transaction(error) => write!(out, "{error}"),
        }
    }
}

/// The innermost program that failed: the first to say so, since its callers fail after it.
fn failed_program(logs: &[String]) -> Option<Address> {
    logs.iter().find_map(|line| {
        let (program, _) = line.strip_prefix("Program ")?.split_once(" failed: ")?;
        program.parse().ok()
    })
}

/// Whether a program stopped because its compute ran out, which the runtime says in one of two ways.
fn is_out_of_compute(error: &InstructionError, logs: &[String]) -> bool {
    let exhausted = |line: &String| {
        line.ends_with("exceeded CUs meter at BPF instruction") || line.contains("Computational budget exceeded")
    };
    match error {
        InstructionError::ComputationalBudgetExceeded => true,
        InstructionError::ProgramFailedToComplete => logs.iter().any(exhausted),
        _ => false,
    }
}

/// What the most frequent errors of the programs below mean, in words.
fn advice(program: &Address, error: &InstructionError) -> Option<&'static str> {
    let token = [verb::TOKEN_PROGRAM, verb::TOKEN_2022_PROGRAM].contains(program);
    match error {
        InstructionError::Custom(1) if *program == system_program::ID => {
            Some("an account that pays has too little SOL: send it some")
        }
        InstructionError::Custom(0) if *program == system_program::ID => {
            Some("the account that was to be created is there already: use it")
        }
        InstructionError::Custom(1) if token => {
            Some("the token account holds too few tokens: use a smaller amount, or add tokens to it")
        }
        InstructionError::Custom(4) if token => {
            Some("the token account belongs to somebody else than who signs: use the signer's own")
        }
        InstructionError::Custom(17) if token => {
            Some("the token account is frozen: whoever issues the token must thaw it first")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OTHER: Address = Address::new_from_array([7; 32]);

    fn instructions() -> Vec<Instruction> {
        [OTHER, PROGRAM_ID].map(|program_id| Instruction { program_id, accounts: Vec::new(), data: Vec::new() }).into()
    }

    /// An instruction's error, counted as the runtime does: after the two about compute.
    fn failed(index: u8, error: InstructionError) -> TransactionError {
        TransactionError::InstructionError(index.saturating_add(2), error)
    }

    #[test]
    fn own_code_is_the_typed_error_even_without_logs() {
        let error = BackstopError::InsufficientCash;
        let refusal = Refusal::new(failed(1, InstructionError::Custom(error as u32)), &instructions(), &[]);
        assert_eq!(refusal, Refusal::Backstop { instruction: 1, error });
        assert!(refusal.is_final());
        assert_eq!(refusal.to_string(), format!("{} (InsufficientCash)", error.message()));
    }

    #[test]
    fn own_code_from_another_program_is_that_programs() {
        let error = InstructionError::Custom(BackstopError::InsufficientCash as u32);
        let refusal = Refusal::new(failed(0, error.clone()), &instructions(), &[]);
        assert_eq!(refusal, Refusal::Program { instruction: 0, program: OTHER, error: error.clone() });

        // The same when this program called it: the innermost fails first.
        let logs = [OTHER, PROGRAM_ID].map(|program| format!("Program {program} failed: custom program error: 0x1773"));
        let refusal = Refusal::new(failed(1, error.clone()), &instructions(), &logs);
        assert_eq!(refusal, Refusal::Program { instruction: 1, program: OTHER, error });
    }

    #[test]
    fn other_programs_caller_shows_this_programs_error() {
        let error = BackstopError::InsufficientCash;
        let logs = [PROGRAM_ID, OTHER].map(|program| format!("Program {program} failed: custom program error: 0x1773"));
        let refusal = Refusal::new(failed(0, InstructionError::Custom(error as u32)), &instructions(), &logs);
        assert_eq!(refusal, Refusal::Backstop { instruction: 0, error });
    }

    #[test]
    fn unknown_code_of_this_program_is_told_as_it_is() {
        let error = InstructionError::Custom(3_012);
        let refusal = Refusal::new(failed(1, error.clone()), &instructions(), &[]);
        assert_eq!(refusal, Refusal::Program { instruction: 1, program: PROGRAM_ID, error });
        assert!(refusal.to_string().contains("instruction 1"), "{refusal}");
    }

    #[test]
    fn payer_without_sol_is_told_so() {
        for error in [TransactionError::AccountNotFound, TransactionError::InsufficientFundsForFee] {
            assert_eq!(Refusal::new(error, &instructions(), &[]), Refusal::Fee);
        }
    }

    #[test]
    fn too_few_tokens_and_too_little_sol_are_told_in_words() {
        let reported = |program, code| {
            Refusal::Program { instruction: 0, program, error: InstructionError::Custom(code) }.to_string()
        };
        assert!(reported(verb::TOKEN_PROGRAM, 1).contains("too few tokens"));
        assert!(reported(verb::TOKEN_2022_PROGRAM, 1).contains("too few tokens"));
        assert!(reported(system_program::ID, 1).contains("too little SOL"));
        assert!(reported(OTHER, 1).contains(&OTHER.to_string()));
    }

    #[test]
    fn exhausted_compute_is_told_by_name_and_is_not_final() {
        let compute = Refusal::Compute { instruction: 1 };
        let exceeded = failed(1, InstructionError::ComputationalBudgetExceeded);
        assert_eq!(Refusal::new(exceeded, &instructions(), &[]), compute);
        let line = format!("Program {PROGRAM_ID} failed: exceeded CUs meter at BPF instruction");
        let stopped = || failed(1, InstructionError::ProgramFailedToComplete);
        assert_eq!(Refusal::new(stopped(), &instructions(), &[line]), compute);
        assert_ne!(Refusal::new(stopped(), &instructions(), &[]), compute);
        assert!(!compute.is_final() && compute.to_string().contains("compute"));
    }

    #[test]
    fn busy_cluster_is_not_final_and_an_unfit_account_is() {
        let refusal = |error| Refusal::new(error, &instructions(), &[]);
        assert!(!refusal(TransactionError::AccountInUse).is_final());
        assert!(!refusal(TransactionError::WouldExceedMaxBlockCostLimit).is_final());
        assert!(refusal(TransactionError::ProgramAccountNotFound).is_final());
        assert!(refusal(TransactionError::InsufficientFundsForRent { account_index: 1 }).is_final());
    }
}
