//! Accounts as they are when they have just been opened.

use backstop_client::{AccountData, InsuranceStake, LossClaim, LpPosition, Obligation};
use solana_address::Address;

/// An account full of zeros. There is one of every kind: none of their fields refuses zeros.
pub(crate) fn blank<T: AccountData>() -> T {
    let mut data = vec![0; T::SIZE];
    data.splice(..T::DISCRIMINATOR.len(), T::DISCRIMINATOR);
    match T::from_account_data(&data) {
        Some(account) => account,
        None => unreachable!("zeros are a {}", T::NAME),
    }
}

/// An LP position that was just opened.
pub(crate) fn position(pool: Address, owner: Address) -> LpPosition {
    LpPosition { pool, owner, ..blank() }
}

/// An obligation that was just opened.
pub(crate) fn obligation(pool: Address, owner: Address) -> Obligation {
    Obligation { pool, owner, ..blank() }
}

/// An account of what was claimed of a loss, that was just opened.
pub(crate) fn claim(holder: Address, loss: u32) -> LossClaim {
    LossClaim { holder, loss, ..blank() }
}

/// A stake that was just opened.
pub(crate) fn stake(fund: Address, owner: Address) -> InsuranceStake {
    InsuranceStake { fund, owner, ..blank() }
}
