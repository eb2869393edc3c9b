//! The bot's token accounts: its inventory.

use std::collections::BTreeMap;

use backstop_client::{
    rpc::{Cluster, ReadError},
    token,
    verb::{TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
};
use solana_address::Address;
use solana_instruction::Instruction;

use crate::book::Received;

/// Why the wallet cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum WalletError {
    /// The node did not answer.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// An address is not a token mint.
    #[error("{0} is not a token mint on this cluster: check that rpc_url names the pool's cluster")]
    NoMint(Address),
}

/// A token account of the bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenAccount {
    /// The address.
    pub address: Address,
    /// The mint's token program.
    pub program: Address,
    /// The balance in base units. Nothing if the account does not exist.
    pub units: Option<u64>,
    slot: u64,
}

/// The bot's token accounts, by mint.
#[derive(Clone, Debug, Default)]
pub struct Wallet {
    owner: Address,
    accounts: BTreeMap<Address, TokenAccount>,
}

impl Wallet {
    /// Creates an empty wallet of an owner.
    pub fn new(owner: Address) -> Self {
        Self { owner, accounts: BTreeMap::new() }
    }

    /// Returns the owner.
    pub const fn owner(&self) -> Address {
        self.owner
    }

    /// Adds mints, with their token programs. Skips addresses that are not token mints.
    ///
    /// # Errors
    /// If the node does not answer, or an address is not a token mint.
    pub async fn learn(&mut self, cluster: &Cluster, mints: &[Address]) -> Result<(), WalletError> {
        let new: Vec<_> = mints.iter().filter(|mint| !self.accounts.contains_key(*mint)).copied().collect();
        let mut wrong = None;
        for (mint, account) in new.iter().zip(cluster.get_raw(&new).await?) {
            let program = account.map(|account| account.owner);
            match program.filter(|program| [TOKEN_PROGRAM, TOKEN_2022_PROGRAM].contains(program)) {
                Some(program) => {
                    let address = token::associated(&self.owner, mint, &program);
                    self.accounts.insert(*mint, TokenAccount { address, program, units: None, slot: 0 });
                }
                None => wrong = Some(WalletError::NoMint(*mint)),
            }
        }
        wrong.map_or(Ok(()), Err)
    }

    /// Merges another wallet, by slot. Returns the accounts that are new.
    pub fn merge(&mut self, other: Self) -> Vec<Address> {
        let mut new = Vec::new();
        for (mint, account) in other.accounts {
            match self.accounts.get_mut(&mint) {
                Some(known) if known.slot > account.slot => {}
                Some(known) => *known = account,
                None => {
                    new.push(account.address);
                    self.accounts.insert(mint, account);
                }
            }
        }
        new
    }

    /// Forgets all balances and slots, because the chain is another one.
    pub fn forget(&mut self) {
        for account in self.accounts.values_mut() {
            (account.units, account.slot) = (None, 0);
        }
    }

    /// Returns the account of a mint.
    pub fn account(&self, mint: &Address) -> Option<&TokenAccount> {
        self.accounts.get(mint)
    }

    /// Returns the account of a mint, if it exists.
    pub fn open(&self, mint: &Address) -> Option<&TokenAccount> {
        self.account(mint).filter(|account| account.units.is_some())
    }

    /// Returns whether it has an existing account for each of these mints.
    pub fn is_complete(&self, mints: &[Address]) -> bool {
        mints.iter().all(|mint| self.open(mint).is_some())
    }

    /// Returns the balance of a mint, in base units.
    pub fn units(&self, mint: &Address) -> u64 {
        self.account(mint).and_then(|account| account.units).unwrap_or(0)
    }

    /// Returns the addresses of the accounts.
    pub fn addresses(&self) -> Vec<Address> {
        self.accounts.values().map(|account| account.address).collect()
    }

    /// Applies an account, unless a later slot is known. Returns whether it is one of the wallet's.
    pub fn apply(&mut self, received: &Received) -> bool {
        let own = self.accounts.values_mut().find(|account| account.address == received.address);
        let Some(account) = own else { return false };
        if received.slot >= account.slot {
            let amount = token::amount(&received.data);
            (account.units, account.slot) = (amount.filter(|_| received.owner == account.program), received.slot);
        }
        true
    }

    /// Returns one instruction per missing account that creates it. It does nothing if the account exists by then.
    pub fn missing(&self) -> Vec<Instruction> {
        let missing = self.accounts.iter().filter(|(_, account)| account.units.is_none());
        let owner = self.owner;
        missing.map(|(mint, account)| token::create_associated(owner, owner, *mint, account.program)).collect()
    }
}

#[cfg(test)]
mod tests {
    use backstop_client::verb::SYSTEM_PROGRAM;

    use super::*;

    #[test]
    fn amount_is_read_and_an_older_slot_or_another_owner_changes_nothing() {
        let mint = Address::new_from_array([2; 32]);
        let address = Address::new_from_array([3; 32]);
        let account = TokenAccount { address, program: TOKEN_PROGRAM, units: None, slot: 0 };
        let mut wallet = Wallet { owner: Address::default(), accounts: BTreeMap::from([(mint, account)]) };
        let reported = |amount: u64, slot, owner| {
            let mut data = vec![0; 165];
            data[64..72].copy_from_slice(&amount.to_le_bytes());
            Received { address, owner, data, slot }
        };
        assert_eq!(wallet.missing().len(), 1);
        assert!(wallet.apply(&reported(7, 5, TOKEN_PROGRAM)));
        assert_eq!((wallet.units(&mint), wallet.missing().len()), (7, 0));
        assert!(wallet.apply(&reported(8, 4, TOKEN_PROGRAM)));
        assert_eq!(wallet.units(&mint), 7); // slot 4 is older than 5
        assert!(wallet.apply(&reported(9, 6, SYSTEM_PROGRAM)));
        assert_eq!((wallet.units(&mint), wallet.missing().len()), (0, 1)); // it was closed
        assert!(!wallet.apply(&Received { address: mint, ..reported(1, 9, TOKEN_PROGRAM) }));
    }

    #[test]
    fn what_was_opened_meanwhile_is_new_and_what_is_known_from_a_later_slot_stays() {
        let [one, other, third] = [2, 3, 4].map(|number| Address::new_from_array([number; 32]));
        let account =
            |mint: Address, units, slot| (mint, TokenAccount { address: mint, program: TOKEN_PROGRAM, units, slot });
        let wallet =
            |accounts: &[_]| Wallet { owner: Address::default(), accounts: accounts.iter().copied().collect() };
        let mut own = wallet(&[account(one, Some(7), 9), account(other, None, 3)]);
        assert!(!own.is_complete(&[one, other]) && own.is_complete(&[one]));
        let opened = wallet(&[account(one, Some(5), 8), account(other, Some(0), 8), account(third, Some(0), 8)]);
        assert_eq!(own.merge(opened), [third]);
        assert_eq!((own.units(&one), own.units(&other)), (7, 0));
        assert!(own.is_complete(&[one, other, third]));
    }
}
