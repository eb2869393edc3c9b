//! Newly opened accounts.

use backstop_client::{AccountData, InsuranceStake, LossClaim, LpPosition, Obligation};
use solana_address::Address;

/// An account with all fields zero. Every kind of account accepts zeros in all fields.
pub(crate) fn blank<T: AccountData>() -> T {
    let mut data = vec![0; T::SIZE];
    data.splice(..T::DISCRIMINATOR.len(), T::DISCRIMINATOR);
    match T::from_account_data(&data) {
        Some(account) => account,
        None => unreachable!("zeros are a {}", T::NAME),
    }
}

/// A newly opened LP position.
pub(crate) fn position(pool: Address, owner: Address) -> LpPosition {
    LpPosition { pool, owner, ..blank() }
}

/// A newly opened obligation.
pub(crate) fn obligation(pool: Address, owner: Address) -> Obligation {
    Obligation { pool, owner, ..blank() }
}

/// A newly opened claim account of a loss.
pub(crate) fn claim(holder: Address, loss: u32) -> LossClaim {
    LossClaim { holder, loss, ..blank() }
}

/// A newly opened stake.
pub(crate) fn stake(fund: Address, owner: Address) -> InsuranceStake {
    InsuranceStake { fund, owner, ..blank() }
}
