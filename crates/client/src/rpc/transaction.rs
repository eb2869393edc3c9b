//! Builds and signs transactions.

use solana_address::Address;
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_hash::Hash;
use solana_instruction::Instruction;
use solana_message::{AddressLookupTableAccount, Message, VersionedMessage, v0};
use solana_signature::Signature;
use solana_signer::Signer;
use solana_transaction::versioned::VersionedTransaction;

use super::SendError;

/// How many instructions about compute stand before the caller's own.
pub(super) const BUDGET_INSTRUCTIONS: usize = 2;
/// The most bytes of a transaction.
const MOST_BYTES: usize = 1_232;
/// The most accounts of a transaction, however they are named.
const MOST_ACCOUNTS: usize = 64;

/// What a transaction asks for and pays.
#[derive(Clone, Copy)]
pub(super) struct Budget {
    pub(super) unit_limit: u32,
    pub(super) unit_price: u64,
}

/// The message of a transaction. Lookup tables are used where it does not fit without: a table that is gone stops
/// nothing else.
pub(super) fn message(
    payer: &Address,
    budget: Budget,
    instructions: &[Instruction],
    tables: &[AddressLookupTableAccount],
    blockhash: Hash,
) -> Result<VersionedMessage, SendError> {
    let mut all = vec![
        ComputeBudgetInstruction::set_compute_unit_limit(budget.unit_limit),
        ComputeBudgetInstruction::set_compute_unit_price(budget.unit_price),
    ];
    debug_assert_eq!(all.len(), BUDGET_INSTRUCTIONS);
    all.extend_from_slice(instructions);
    // The compiler of the second format also says what makes no transaction.
    let accounts = v0::Message::try_compile(payer, &all, &[], blockhash)?.account_keys.len();
    let plain = VersionedMessage::Legacy(Message::new_with_blockhash(&all, Some(payer), &blockhash));
    let message = match size(&plain) > MOST_BYTES && !tables.is_empty() {
        true => VersionedMessage::V0(v0::Message::try_compile(payer, &all, tables, blockhash)?),
        false => plain,
    };
    match size(&message) {
        bytes if bytes > MOST_BYTES => Err(SendError::TooLarge { bytes, most: MOST_BYTES }),
        _ if accounts > MOST_ACCOUNTS => Err(SendError::TooManyAccounts { accounts, most: MOST_ACCOUNTS }),
        _ => Ok(message),
    }
}

/// How many bytes a message takes with its signatures.
fn size(message: &VersionedMessage) -> usize {
    let signatures = usize::from(message.header().num_required_signatures).saturating_mul(size_of::<Signature>());
    message.serialize().len().saturating_add(signatures).saturating_add(1)
}

/// A transaction that nobody has signed, for simulation.
pub(super) fn unsigned(message: VersionedMessage) -> VersionedTransaction {
    let signatures = vec![Signature::default(); message.header().num_required_signatures.into()];
    VersionedTransaction { signatures, message }
}

/// Those of the signers whose signatures are needed.
pub(super) fn needed<'a>(
    message: &VersionedMessage,
    signers: &[&'a (dyn Signer + Sync)],
) -> Result<Vec<&'a (dyn Signer + Sync)>, SendError> {
    let addresses = message.static_account_keys().iter().take(message.header().num_required_signatures.into());
    addresses
        .map(|address| {
            let signer = signers.iter().find(|signer| signer.pubkey() == *address);
            signer.copied().ok_or(SendError::MissingSigner { address: *address })
        })
        .collect()
}

/// Signs with those of the signers whose signatures are needed.
pub(super) fn signed(
    message: VersionedMessage,
    signers: &[&(dyn Signer + Sync)],
) -> Result<VersionedTransaction, SendError> {
    let needed = needed(&message, signers)?;
    Ok(VersionedTransaction::try_new(message, &needed)?)
}
