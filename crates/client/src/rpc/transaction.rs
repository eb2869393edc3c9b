//! From instructions to a signed transaction.

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

/// What a transaction asks for and pays.
#[derive(Clone, Copy)]
pub(super) struct Budget {
    pub(super) unit_limit: u32,
    pub(super) unit_price: u64,
}

/// The message of a transaction.
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
    // The second format is the first with lookup tables: without one, its compiler also says what does not fit.
    let compiled = v0::Message::try_compile(payer, &all, tables, blockhash)?;
    let message = match compiled.address_table_lookups.is_empty() {
        true => VersionedMessage::Legacy(Message::new_with_blockhash(&all, Some(payer), &blockhash)),
        false => VersionedMessage::V0(compiled),
    };
    let signatures = usize::from(message.header().num_required_signatures).saturating_mul(size_of::<Signature>());
    let bytes = message.serialize().len().saturating_add(signatures).saturating_add(1);
    match bytes > MOST_BYTES {
        true => Err(SendError::TooLarge { bytes, most: MOST_BYTES }),
        false => Ok(message),
    }
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
