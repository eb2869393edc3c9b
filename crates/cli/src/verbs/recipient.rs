//! Who is given what only a signature moves again.

use clap::Args;
use solana_address::Address;
use solana_sdk_ids::system_program;

use crate::{
    desk::{Desk, DeskError},
    failure::Failure,
};

/// Whether somebody may be given something whom no keypair signs for.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct Recipient {
    /// Allow an address that no keypair signs for, such as a multisig's: only its program can use what is there.
    #[arg(long)]
    allow_program_address: bool,
}

/// Nobody may be able to sign for an address.
#[derive(Debug, thiserror::Error)]
#[error(
    "{address} is {what}, and what is given to it may be lost: give the address of a wallet, or, if a program signs for it, as a \
     multisig's does, add --allow-program-address"
)]
struct NoWallet {
    address: Address,
    what: String,
}

impl Recipient {
    /// Requires that somebody can sign for an address.
    pub(super) async fn require_signs(self, desk: &Desk<'_>, address: &Address) -> Result<(), Failure> {
        if self.allow_program_address {
            return Ok(());
        }
        let account = desk.cluster().raw(&[*address]).await.map_err(DeskError::from)?.pop().flatten();
        match no_wallet(address, account.map(|account| account.owner)) {
            Some(what) => Err(Failure::unable(NoWallet { address: *address, what })),
            None => Ok(()),
        }
    }
}

/// What an address is whose account a program owns, if it is no wallet's.
fn no_wallet(address: &Address, program: Option<Address>) -> Option<String> {
    match program.filter(|program| *program != system_program::ID) {
        Some(backstop_client::PROGRAM_ID) => Some("an account of Backstop itself, no wallet".into()),
        Some(program) => Some(format!("an account of the program {program}, no wallet")),
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
        let told = |address, program| no_wallet(address, program).unwrap();
        assert!(told(&wallet, Some(TOKEN_PROGRAM)).contains(&TOKEN_PROGRAM.to_string()), "a token account");
        assert!(told(&market, Some(PROGRAM_ID)).contains("of Backstop itself"));
        assert!(told(&market, None).contains("no keypair"));
        assert!(told(&market, Some(system_program::ID)).contains("no keypair"), "a multisig's vault");
    }
}
