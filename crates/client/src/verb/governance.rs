//! Governance: parameter changes, pauses, the authority, reserves.

use solana_address::Address;
use solana_instruction::Instruction;

use super::{PoolKey, SYSTEM_PROGRAM};
use crate::{Parameter, PausableOperation, address, instruction};

/// What a change of a parameter changes, with the accounts that it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The market.
    Market,
    /// A pool.
    Pool(Address),
    /// A collateral of a pool.
    Collateral {
        /// The pool.
        pool: Address,
        /// The collateral.
        collateral: Address,
    },
}

impl Target {
    fn accounts(self) -> (Option<Address>, Option<Address>) {
        match self {
            Self::Market => (None, None),
            Self::Pool(pool) => (Some(pool), None),
            Self::Collateral { pool, collateral } => (Some(pool), Some(collateral)),
        }
    }
}

/// A number as the value of a parameter.
pub fn number(number: u64) -> [u8; 32] {
    let mut value = [0; 32];
    if let Some(low) = value.first_chunk_mut() {
        *low = number.to_le_bytes();
    }
    value
}

/// Changes a parameter of a pool, or of its `collateral`, at once.
pub fn tighten(
    key: &PoolKey,
    signer: Address,
    collateral: Option<Address>,
    parameter: Parameter,
    value: [u8; 32],
) -> Instruction {
    let accounts = instruction::Tighten { signer, market: key.market, pool: key.pool, collateral };
    instruction::tighten(accounts, parameter, value)
}

/// Queues a change of a parameter under a nonce.
pub fn queue_change(
    market: Address,
    authority: Address,
    payer: Address,
    target: Target,
    nonce: u64,
    parameter: Parameter,
    value: [u8; 32],
) -> Instruction {
    let (pool, collateral) = target.accounts();
    let accounts = instruction::QueueChange {
        authority,
        payer,
        market,
        pool,
        collateral,
        change: address::change(&market, nonce),
        system_program: SYSTEM_PROGRAM,
    };
    instruction::queue_change(accounts, nonce, parameter, value)
}

/// Makes the change that was queued under a nonce. The rent goes back to `payer`, who paid it.
pub fn execute_change(market: Address, authority: Address, payer: Address, target: Target, nonce: u64) -> Instruction {
    let (pool, collateral) = target.accounts();
    let change = address::change(&market, nonce);
    instruction::execute_change(instruction::ExecuteChange { authority, market, pool, collateral, change, payer })
}

/// Cancels the change that was queued under a nonce. The rent goes back to `payer`, who paid it.
pub fn cancel_change(market: Address, signer: Address, payer: Address, nonce: u64) -> Instruction {
    let change = address::change(&market, nonce);
    instruction::cancel_change(instruction::CancelChange { signer, market, change, payer })
}

/// Pauses something for `seconds`.
pub fn pause(key: &PoolKey, signer: Address, what: PausableOperation, seconds: u32) -> Instruction {
    instruction::pause(instruction::Pause { signer, market: key.market, pool: key.pool }, what, seconds)
}

/// Ends a pause.
pub fn unpause(key: &PoolKey, authority: Address, what: PausableOperation) -> Instruction {
    instruction::unpause(instruction::Unpause { authority, market: key.market, pool: key.pool }, what)
}

/// Proposes the market's next authority.
pub fn propose_authority(market: Address, authority: Address, proposed: Address) -> Instruction {
    instruction::propose_authority(instruction::ProposeAuthority { authority, market }, proposed)
}

/// Takes over as the market's authority.
pub fn accept_authority(market: Address, authority: Address) -> Instruction {
    instruction::accept_authority(instruction::AcceptAuthority { authority, market })
}

/// Cancels the proposal of an authority.
pub fn cancel_authority(market: Address, signer: Address) -> Instruction {
    instruction::cancel_authority(instruction::CancelAuthority { signer, market })
}

/// Pays reserves to a token account of the market's treasury.
pub fn collect_reserves(key: &PoolKey, authority: Address, destination: Address, assets: u64) -> Instruction {
    let accounts = instruction::CollectReserves {
        authority,
        market: key.market,
        pool: key.pool,
        vault: key.vault,
        destination,
        mint: key.mint,
        token_program: key.token_program,
    };
    instruction::collect_reserves(accounts, assets)
}
