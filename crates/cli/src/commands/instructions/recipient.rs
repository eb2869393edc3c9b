//! Checks that a recipient can sign for what it receives.

use clap::Args;
use solana_address::Address;
use solana_sdk_ids::system_program;

use crate::{
    failure::Failure,
    loaded_pool::{LoadError, LoadedPool},
};

/// Whether the recipient may be an address that no keypair signs for.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct Recipient {
    /// Allow an owner that no keypair signs for, such as a multisig. Only its program can then use the account.
    #[arg(long)]
    allow_program_address: bool,
}

/// The address is not a wallet, so possibly no one can sign for it.
#[derive(Debug, thiserror::Error)]
#[error(
    "{address} is {what}: funds sent to it may be lost. Pass the address of a wallet. If a program signs for the \
     address, as for a \
     multisig, add --allow-program-address"
)]
struct NoWallet {
    address: Address,
    what: String,
}

impl Recipient {
    /// Requires that a keypair can sign for an address.
    pub(super) async fn require_signs(self, loaded: &LoadedPool<'_>, address: &Address) -> Result<(), Failure> {
        if self.allow_program_address {
            return Ok(());
        }
        let account = loaded.cluster().get_raw(&[*address]).await.map_err(LoadError::from)?.pop().flatten();
        match no_wallet(address, account.map(|account| account.owner)) {
            Some(what) => Err(Failure::unable(NoWallet { address: *address, what })),
            None => Ok(()),
        }
    }
}

/// Describes an address that is not a wallet. `program` owns its account.
fn no_wallet(address: &Address, program: Option<Address>) -> Option<String> {
    match program.filter(|program| *program != system_program::ID) {
        Some(backstop_client::PROGRAM_ID) => Some("an account of Backstop itself, not a wallet".into()),
        Some(program) => Some(format!("an account of the program {program}, not a wallet")),
        None if !address.is_on_curve() => Some("an address that no keypair can sign for".into()),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use backstop_client::{PROGRAM_ID, address, verb::TOKEN_PROGRAM};
    use solana_keypair::Keypair;
    use solana_signer::Signer;

    use super::*;

    #[test]
    fn a_wallet_is_an_address_with_a_keypair_that_no_program_owns() {
        let wallet = Keypair::new().pubkey();
        let market = address::market(&wallet, 0);
        assert_eq!(no_wallet(&wallet, None), None, "a new one");
        assert_eq!(no_wallet(&wallet, Some(system_program::ID)), None);
        let formatted = |address, program| no_wallet(address, program).unwrap();
        assert!(formatted(&wallet, Some(TOKEN_PROGRAM)).contains(&TOKEN_PROGRAM.to_string()), "a token account");
        assert!(formatted(&market, Some(PROGRAM_ID)).contains("of Backstop itself"));
        assert!(formatted(&market, None).contains("no keypair"));
        assert!(formatted(&market, Some(system_program::ID)).contains("no keypair"), "a multisig's vault");
    }
}
